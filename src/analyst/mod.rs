//! Says what a finished run shows: what was found, with the figures that show it, how sure that is, and
//! what to run next.
//!
//! It is pure: an [`Outcome`] and earlier ones of the same test go in, an [`Analysis`] comes out, the same
//! at every call. Each finding has a file of its own, `facts` is what they look at, `rank` puts causes
//! before what follows from them. `docs/analyst.md` says how each one is found and when it is silent. A model
//! may word what was found ([`Wording`]), and has no say in it.

mod bimodal;
mod drift;
mod errors;
mod facts;
mod finding;
mod generator;
mod hosts;
mod knee;
mod rank;
mod regression;
mod slow;
mod stalls;
pub(crate) mod statistics;
mod text;
mod thresholds;
mod warm_up;
mod wording;

use std::borrow::Cow;

use self::{facts::Facts, rank::ranked};
pub use self::{
    regression::comparable,
    text::{compact, lines, plain},
    wording::{Language, Told, Worded, Wording, Words, Writer, check, tell},
};
use crate::engine::outcome::{Analysis, Outcome, Severity};

/// Version of the rules. What an older version has found is found anew where it is asked for.
pub const VERSION: u32 = 1;

/// Earlier runs that a run is compared with at most.
pub const MOST_EARLIER: usize = 5;

/// Findings that are kept at most.
const MOST_FINDINGS: usize = 20;

/// What `outcome` shows, compared with `earlier` runs of the same test, the newest first.
#[must_use]
pub fn analyse(outcome: &Outcome, earlier: &[Outcome]) -> Analysis {
    let facts = Facts::of(outcome);
    let mut not_judged = facts.not_judged();
    let mut found = Vec::new();
    found.extend(generator::find(&facts));
    found.extend(errors::find(&facts));
    found.extend(thresholds::find(&facts));
    let mut compared_with = Vec::new();
    if facts.enough() {
        found.extend(hosts::find(&facts));
        found.extend(knee::find(&facts));
        found.extend(stalls::find(&facts));
        found.extend(drift::find(&facts));
        found.extend(slow::find(&facts));
        found.extend(warm_up::find(&facts));
        found.extend(bimodal::find(&facts));
        let compared = regression::find(&facts, earlier);
        found.extend(compared.finding);
        not_judged.extend(compared.not_judged);
        compared_with = compared.with;
    }
    let mut findings = ranked(found, &facts);
    findings.truncate(MOST_FINDINGS);
    let healthy = findings.iter().all(|finding| finding.severity == Severity::Info);
    Analysis {
        version: VERSION,
        healthy,
        summary: text::summary(&findings, &facts),
        findings,
        not_judged,
        compared_with,
    }
}

/// What was found in `outcome`: as it is stored with it, else found now, without earlier runs.
#[must_use]
pub fn of(outcome: &Outcome) -> Cow<'_, Analysis> {
    match &outcome.analysis {
        Some(analysis) if analysis.version >= VERSION => Cow::Borrowed(analysis),
        _ => Cow::Owned(analyse(outcome, &[])),
    }
}
