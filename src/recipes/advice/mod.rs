//! What an experienced tester would say of a LoadTest that is right and could be better.
//!
//! None of it is a mistake. Each piece says where, why it matters, and what to write instead. Knows no
//! web server and no database.

mod load;
mod requests;
mod thresholds;

#[cfg(test)]
mod tests;

use serde::Serialize;
use utoipa::ToSchema;

use crate::loadtest::{place::Path, types::LoadTest};

/// One piece of advice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Advice {
    /// What it is about, for programs.
    #[schema(example = "no_think_time")]
    pub code: &'static str,
    /// Where, such as `scenarios[0]`.
    #[schema(example = "scenarios[0]")]
    pub path: String,
    /// Why it matters and what to do.
    pub message: String,
}

impl Advice {
    fn new(code: &'static str, path: &Path, message: impl Into<String>) -> Self {
        Self { code, path: path.as_str().to_owned(), message: message.into() }
    }
}

/// All that is to be said of `test`, in the order of the document.
#[must_use]
pub fn advice(test: &LoadTest) -> Vec<Advice> {
    let mut all = load::of(test);
    all.extend(requests::of(test));
    all.extend(thresholds::of(test));
    all
}
