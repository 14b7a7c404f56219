//! Failures in words that watchers may be shown: masked once for each group, not at every look.

use std::{collections::HashMap, sync::Arc};

use crate::{
    engine::{recorder::ErrorLog, transport::FailureKind},
    loadtest::mask::Mask,
};

/// Failures that watchers are shown.
const TOP: usize = 5;

/// What has been told of failures, group by group. There are as many as the [`ErrorLog`] keeps apart.
#[derive(Debug, Default)]
pub(super) struct Failures {
    words: HashMap<(FailureKind, Arc<str>), String>,
}

impl Failures {
    /// The most frequent failures as `kind: message` without secrets, with their counts.
    pub fn top(&mut self, errors: &ErrorLog, mask: &Mask) -> Vec<(String, u64)> {
        let (groups, _) = errors.by_count();
        let top = groups.into_iter().take(TOP);
        top.map(|group| (self.words(group.kind, group.message, mask).to_owned(), group.count)).collect()
    }

    fn words(&mut self, kind: FailureKind, message: &Arc<str>, mask: &Mask) -> &str {
        self.words
            .entry((kind, Arc::clone(message)))
            .or_insert_with(|| mask.text(&format!("{}: {message}", kind.name())))
    }
}
