//! What a conversion could not carry over.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing that a conversion could not carry over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct LeftOut {
    /// Where it is in what was converted: a path in a document, a line of a script.
    #[schema(example = "paths./orders.post.requestBody")]
    pub place: String,
    /// What it is, why it is not there, and what to do about it.
    #[schema(example = "multipart bodies are not sent yet: use `body.text`, or leave the request out")]
    pub message: String,
}

impl LeftOut {
    /// One thing at a place.
    #[must_use]
    pub fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.place, self.message)
        }
    }
}
