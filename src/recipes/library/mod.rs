//! The recipes that are part of the binary.

use super::document::Checked;

/// A recipe that is part of the binary.
#[derive(Clone, Debug)]
pub struct BuiltIn {
    /// Id: the name of its file.
    pub id: &'static str,
    /// What it says.
    pub checked: Checked,
}

/// The recipes that are part of the binary.
#[derive(Clone, Debug, Default)]
pub struct Library(Vec<BuiltIn>);

impl Library {
    /// All of them.
    #[must_use]
    pub fn built_in() -> Self {
        Self::default()
    }

    /// The one of this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&BuiltIn> {
        self.0.iter().find(|recipe| recipe.id == id)
    }

    /// All of them, by id.
    #[must_use]
    pub fn all(&self) -> &[BuiltIn] {
        &self.0
    }
}
