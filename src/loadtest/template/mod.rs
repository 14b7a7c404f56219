//! Templates: text with `{{ }}`, filled in for each request.
//!
//! A template is parsed once and its names are resolved to numbers once. What is the same for
//! every request (text, variables, `${env:NAME}`) is folded together and escaped while compiling,
//! so that rendering only copies, and a template without a moving part is plain text
//! ([`Template::as_static`]).
//!
//! Inside the braces stands a name (`token`, `user.name`, `people["First name"]`), a string, a
//! number, or one of the functions `uuid()`, `now()`, `now("unix")`, `now("unix_ms")`,
//! `random_int(1, 6)` and `random_choice("a", "b")`. A literal `{{` is written `{{ "{{" }}`.

mod body;
mod compile;
mod error;
mod escape;
mod expr;
mod function;
mod names;
mod parts;
mod pieces;

use std::{fmt, sync::Arc, time::SystemTime};

pub(crate) use compile::{each_fixed_problem, each_problem, env_names, expand_env};
pub use error::TemplateError;
pub use escape::Escape;
pub use names::Names;
pub(crate) use names::{Columns, Globals};
use parts::Part;
pub use pieces::{Call, Piece, pieces};

/// A value that a template can be filled with: taken from an answer, or a row of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The value as text; for anything but a string, its JSON.
    pub text: Box<str>,
    /// Whether it is a number, boolean, null, list or object, which JSON writes without quotes.
    pub bare_json: bool,
}

impl Item {
    /// The item of a JSON value.
    #[must_use]
    pub fn from_json(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::String(text) => Self { text: text.as_str().into(), bare_json: false },
            other => Self { text: other.to_string().into(), bare_json: true },
        }
    }

    /// The item of a text.
    #[must_use]
    pub fn from_text(text: impl Into<Box<str>>) -> Self {
        Self { text: text.into(), bare_json: false }
    }

    /// A view of it.
    #[must_use]
    pub fn view(&self) -> ItemRef<'_> {
        ItemRef { text: &self.text, bare_json: self.bare_json }
    }
}

/// A view of an [`Item`], wherever its text is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemRef<'a> {
    /// The value as text; for anything but a string, its JSON.
    pub text: &'a str,
    /// Whether JSON writes it without quotes.
    pub bare_json: bool,
}

/// What a template is filled in from: one user's state.
pub trait Scope {
    /// The value extracted into a slot, if there is one yet.
    fn extracted(&self, slot: usize) -> Option<&Item>;
    /// A cell of the user's present row; `None` when the feeder has run dry.
    fn cell(&mut self, feeder: usize, column: usize) -> Option<ItemRef<'_>>;
    /// 64 random bits.
    fn random(&mut self) -> u64;
    /// The time.
    fn now(&mut self) -> SystemTime;
}

/// The name that had no value when a template was filled in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` has no value yet: no earlier answer to this user gave one")]
pub struct Missing(pub Arc<str>);

/// A compiled template. Cloning is cheap.
#[derive(Clone)]
pub struct Template {
    parts: Arc<[Part]>,
}

/// Says how many parts there are: fixed text may hold a value of the environment.
impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template").field("parts", &self.parts.len()).finish_non_exhaustive()
    }
}

impl Template {
    /// The text, when it is the same for every request.
    #[must_use]
    pub fn as_static(&self) -> Option<&str> {
        match &*self.parts {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether what it gives begins with `text`, whatever it is filled in with.
    #[must_use]
    pub fn begins_with(&self, text: &str) -> bool {
        matches!(self.parts.first(), Some(Part::Text(first)) if first.starts_with(text))
    }

    /// The feeders that the template takes cells from.
    pub fn feeders(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().filter_map(|part| match part {
            Part::Cell { feeder, .. } => Some(*feeder),
            _ => None,
        })
    }

    /// Appends the filled-in text to `out`. What was appended before a missing name stays there.
    pub fn render(&self, scope: &mut impl Scope, out: &mut String) -> Result<(), Missing> {
        self.parts.iter().try_for_each(|part| part.render(scope, out))
    }
}

#[cfg(test)]
mod tests;
