//! Failures grouped by kind and message: a count and one example each, never a list of all.

use std::{collections::HashMap, sync::Arc};

use crate::engine::transport::FailureKind;

/// Groups that are kept apart; further ones are counted together.
const MAX_GROUPS: usize = 100;

/// Bytes of an example's body that are kept.
const EXAMPLE_BODY: usize = 512;

/// One failure as it happens.
#[derive(Clone, Copy, Debug)]
pub struct Incident<'a> {
    /// Place of the request's name in the plan.
    pub request: u32,
    /// Group.
    pub kind: FailureKind,
    /// What happened, without anything that differs from one request to the next.
    pub message: &'a Arc<str>,
    /// URL it was sent to, when that is known.
    pub url: Option<Url<'a>>,
    /// Status code, when there was an answer.
    pub status: Option<u16>,
    /// Body of the answer, when it was read.
    pub body: &'a [u8],
    /// Microseconds since the start of the run.
    pub at_us: u64,
}

/// Origin and target apart, so that a URL is put together for the first of a group only.
#[derive(Clone, Copy, Debug)]
pub struct Url<'a> {
    /// Scheme and authority.
    pub origin: &'a crate::engine::transport::Origin,
    /// Path and query.
    pub target: &'a str,
}

/// The first failure of a group.
#[derive(Clone, Debug)]
pub struct Example {
    /// Place of the request's name in the plan.
    pub request: u32,
    /// URL it was sent to.
    pub url: String,
    /// Status code, when there was an answer.
    pub status: Option<u16>,
    /// Beginning of the body.
    pub body: String,
    /// Microseconds since the start of the run.
    pub at_us: u64,
}

#[derive(Clone, Debug)]
struct Group {
    count: u64,
    example: Example,
}

/// What is known of one group.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// Kind.
    pub kind: FailureKind,
    /// What happened.
    pub message: &'a Arc<str>,
    /// How often.
    pub count: u64,
    /// The first one.
    pub example: &'a Example,
}

/// Failures by kind and message.
#[derive(Clone, Debug, Default)]
pub struct ErrorLog {
    groups: HashMap<(FailureKind, Arc<str>), Group>,
    others: u64,
}

impl ErrorLog {
    /// Counts one failure; only the first of a group costs more than a look-up.
    pub fn add(&mut self, incident: Incident<'_>) {
        let key = (incident.kind, Arc::clone(incident.message));
        if let Some(group) = self.groups.get_mut(&key) {
            group.count += 1;
        } else if self.groups.len() < MAX_GROUPS {
            self.groups.insert(key, Group { count: 1, example: Example::of(&incident) });
        } else {
            self.others += 1;
        }
    }

    /// Adds what another log has counted, keeping the earlier example.
    pub fn merge(&mut self, other: Self) {
        self.others += other.others;
        for (key, theirs) in other.groups {
            if let Some(ours) = self.groups.get_mut(&key) {
                ours.count += theirs.count;
                if theirs.example.at_us < ours.example.at_us {
                    ours.example = theirs.example;
                }
            } else if self.groups.len() < MAX_GROUPS {
                self.groups.insert(key, theirs);
            } else {
                self.others += theirs.count;
            }
        }
    }

    /// How many groups there are.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    /// Groups, most frequent first, and how many failures are in no group.
    #[must_use]
    pub fn by_count(&self) -> (Vec<Counted<'_>>, u64) {
        let mut groups: Vec<_> = self
            .groups
            .iter()
            .map(|((kind, message), group)| Counted {
                kind: *kind,
                message,
                count: group.count,
                example: &group.example,
            })
            .collect();
        groups.sort_by(|a, b| b.count.cmp(&a.count).then(a.message.cmp(b.message)));
        (groups, self.others)
    }
}

impl Example {
    fn of(incident: &Incident<'_>) -> Self {
        let body = &incident.body[..incident.body.len().min(EXAMPLE_BODY)];
        Self {
            request: incident.request,
            url: incident.url.map_or_else(String::new, |url| format!("{}{}", url.origin, url.target)),
            status: incident.status,
            body: String::from_utf8_lossy(body).into_owned(),
            at_us: incident.at_us,
        }
    }
}

impl ErrorLog {
    /// What the machine ran out of, one sentence each.
    #[must_use]
    pub fn exhausted(&self) -> Vec<String> {
        let groups = self.groups.iter().filter(|((kind, _), _)| *kind == FailureKind::Exhausted);
        groups.map(|((_, message), group)| format!("{} requests: {message}", group.count)).collect()
    }
}
