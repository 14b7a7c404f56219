//! The versions that a change is meant for.

use std::{convert::Infallible, str::FromStr};

use super::NamedHeader;

/// The tags of an `If-Match`. A weak one (`W/"..."`) matches nothing, as the standard wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfMatch(pub Vec<String>);

impl IfMatch {
    /// Whether a change is meant for what has the tag `tag` now.
    #[must_use]
    pub fn takes(&self, tag: &str) -> bool {
        self.0.iter().any(|wanted| wanted == tag || wanted == "*")
    }
}

impl FromStr for IfMatch {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.split(',').map(|tag| tag.trim().to_owned()).collect()))
    }
}

impl NamedHeader for IfMatch {
    const NAME: &'static str = "if-match";
}
