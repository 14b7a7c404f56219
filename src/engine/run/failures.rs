//! Failures in words that watchers may be shown: masked once for each group, not at every look.

use std::{collections::HashMap, sync::Arc};

use crate::engine::{
    plan::Plan,
    recorder::{Counted, ErrorLog},
    transport::FailureKind,
};

/// Failures that watchers are shown.
const TOP: usize = 5;

/// Failures in words, group by group. There are as many groups as the [`ErrorLog`] keeps apart.
#[derive(Debug, Default)]
pub(super) struct Failures {
    words: HashMap<(FailureKind, Arc<str>), String>,
}

impl Failures {
    /// Notes groups that are new, and tells the first failure of each.
    pub fn renew(&mut self, errors: &ErrorLog, plan: &Plan) -> Vec<String> {
        if errors.groups() == self.words.len() {
            return Vec::new();
        }
        let (mut groups, _) = errors.by_count();
        groups.sort_by_key(|group| group.example.at_us);
        let mut fresh = Vec::new();
        for Counted { kind, message, example, .. } in groups {
            self.words.entry((kind, Arc::clone(message))).or_insert_with(|| {
                let words = plan.mask.text(&format!("{}: {message}", kind.name()));
                let name = plan.mask.text(&plan.requests[example.request as usize].name);
                fresh.push(format!("first failure of a kind, of `{name}`: {words}"));
                words
            });
        }
        fresh
    }

    /// The most frequent failures as `kind: message` without secrets, with their counts.
    pub fn top(&self, errors: &ErrorLog) -> Vec<(String, u64)> {
        let (groups, _) = errors.by_count();
        let words = |group: Counted<'_>| {
            let words = self.words.get(&(group.kind, Arc::clone(group.message)))?;
            Some((words.clone(), group.count))
        };
        groups.into_iter().take(TOP).filter_map(words).collect()
    }
}
