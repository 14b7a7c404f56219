//! The recipes that are part of the binary. They are read and checked once, at the start, and passed to
//! whoever needs them; nobody can change them.

mod texts;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::document::{Checked, Recipe};
use crate::loadtest::nearest::nearest;

/// A recipe of the binary.
#[derive(Clone, Debug)]
pub struct BuiltIn {
    /// Id, which is the name of its file.
    pub id: &'static str,
    /// The recipe.
    pub checked: Checked,
    /// How it is written.
    pub text: &'static str,
}

/// All recipes of the binary, by id.
#[derive(Clone, Debug)]
pub struct Library(BTreeMap<&'static str, BuiltIn>);

impl Library {
    /// Reads the recipes of the binary: a few milliseconds of work, so make it once.
    #[must_use]
    pub fn built_in() -> Self {
        let read = |&(id, text): &(&'static str, &'static str)| {
            let checked = Recipe::parse(text, &format!("recipe:{id}"));
            let checked = checked.expect("a test reads every recipe of the binary");
            (id, BuiltIn { id, checked, text })
        };
        Self(texts::TEXTS.iter().map(read).collect())
    }

    /// The recipe with an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&BuiltIn> {
        self.0.get(id)
    }

    /// All of them, in the order of their ids.
    pub fn all(&self) -> impl ExactSizeIterator<Item = &BuiltIn> {
        self.0.values()
    }

    /// The id that was probably meant by one that there is not.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Option<&'static str> {
        nearest(id, self.0.keys().copied())
    }
}
