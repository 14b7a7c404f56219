//! A setting that is never shown.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use crate::loadtest::secret::Secret;

/// A text of the configuration that is never shown; an empty one counts as none.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Hidden(#[schemars(with = "String", extend("writeOnly" = true))] Secret);

impl Hidden {
    /// A text, as the configuration gives it.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text))
    }

    /// The text itself, for the one place that needs it; None where none is given.
    #[must_use]
    pub fn expose(&self) -> Option<&str> {
        Some(self.0.expose()).filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Shown as `***`, and an empty one as what it is.
impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.expose() {
            Some(_) => self.0.serialize(serializer),
            None => serializer.serialize_str(""),
        }
    }
}
