//! Values taken from an answer for later templates of the same user.

use std::sync::Arc;

use regex::Regex;
use serde_json_path::JsonPath;

use super::answer::View;
use crate::loadtest::template::Item;

/// Longest value that is kept for a user.
const LONGEST: usize = 64 * 1024;

/// An extraction, ready to be carried out.
#[derive(Debug)]
pub struct ExtractPlan {
    /// Name of the value.
    pub name: Arc<str>,
    /// Where the user keeps the value.
    pub slot: usize,
    /// Where the value comes from.
    pub source: Source,
    /// Value to use when nothing is found.
    pub default: Option<Item>,
    /// Where the value comes from, in words.
    pub place: Arc<str>,
    /// What a failure is counted under.
    pub failed: Arc<str>,
}

/// Where a value comes from.
#[derive(Debug)]
pub enum Source {
    /// The first match of a JSONPath.
    Json(JsonPath),
    /// The first group of a match, or all of it.
    Regex(Regex),
    /// A header.
    Header(String),
    /// A cookie that the answer sets.
    Cookie(String),
    /// The status code.
    Status,
}

impl Source {
    /// Whether the body is read.
    #[must_use]
    pub const fn reads_body(&self) -> bool {
        matches!(self, Self::Json(_) | Self::Regex(_))
    }

    /// Whether headers are read.
    #[must_use]
    pub const fn reads_headers(&self) -> bool {
        matches!(self, Self::Header(_) | Self::Cookie(_))
    }

    /// The value, when there is one of a size that can be kept.
    #[must_use]
    pub fn find(&self, view: &View<'_>) -> Option<Item> {
        let item = match self {
            Self::Json(path) => Item::from_json(path.query(view.json()?).first()?),
            Self::Regex(regex) => {
                let text = view.text();
                let found = regex.captures(&text)?;
                Item::from_text(found.get(1).or_else(|| found.get(0))?.as_str())
            }
            Self::Header(name) => Item::from_text(view.header(name)?),
            Self::Cookie(name) => Item::from_text(cookie(view, name)?),
            Self::Status => Item::from_json(&view.status().into()),
        };
        (item.text.len() <= LONGEST).then_some(item)
    }
}

fn cookie(view: &View<'_>, name: &str) -> Option<String> {
    let set = view.headers()?.get_all(http::header::SET_COOKIE);
    set.iter()
        .filter_map(|value| cookie::Cookie::parse(value.to_str().ok()?).ok())
        .find_map(|cookie| (cookie.name() == name).then(|| cookie.value().to_owned()))
}
