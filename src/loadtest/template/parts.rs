//! The parts of a compiled template, and how each is rendered.

use std::sync::Arc;

use super::{Escape, ItemRef, Missing, Scope, function::Function};

/// One part. Text is escaped already.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(Box<str>),
    Slot { slot: usize, escape: Escape, name: Arc<str> },
    Cell { feeder: usize, column: usize, escape: Escape, name: Arc<str> },
    Function { function: Function, escape: Escape },
}

impl Part {
    pub(super) fn render(&self, scope: &mut impl Scope, out: &mut String) -> Result<(), Missing> {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Slot { slot, escape, name } => match scope.extracted(*slot) {
                Some(item) => emit(item.view(), *escape, out),
                None => return Err(Missing(Arc::clone(name))),
            },
            Self::Cell { feeder, column, escape, name } => match scope.cell(*feeder, *column) {
                Some(item) => emit(item, *escape, out),
                None => return Err(Missing(Arc::clone(name))),
            },
            Self::Function { function, escape } => function.render(*escape, scope, out),
        }
        Ok(())
    }
}

pub(super) fn emit(item: ItemRef<'_>, escape: Escape, out: &mut String) {
    if item.bare_json { escape.bare(item.text, out) } else { escape.text(item.text, out) }
}
