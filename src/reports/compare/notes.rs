//! What makes a comparison doubtful, in sentences.

use crate::{
    engine::outcome::{Outcome, Status},
    number::span,
    reports::text,
};

/// How many times longer one run may be than the other before it is told.
const LONGER: f64 = 1.5;

/// Why the totals of two runs are not of the same thing, when they are not.
pub fn total_is_incomparable(a: &Outcome, b: &Outcome) -> Option<String> {
    let [names_a, names_b] = [a, b].map(|run| &run.summary.by_request);
    if names_a.is_empty() || names_b.is_empty() {
        return None;
    }
    if !names_a.iter().any(|old| names_b.iter().any(|new| new.name == old.name)) {
        return Some("The runs have no request name in common, so nothing is judged.".to_owned());
    }
    (a.name != b.name).then(|| {
        let [before, after] = [a, b].map(|run| text::cut(&run.name, 60));
        format!(
            "The runs are of different tests, {before} and {after}: only requests of the same name are judged."
        )
    })
}

/// What makes a comparison doubtful.
pub fn notes(a: &Outcome, b: &Outcome) -> Vec<String> {
    let mut notes: Vec<String> = total_is_incomparable(a, b).into_iter().collect();
    for (run, outcome) in [("A", a), ("B", b)] {
        if outcome.summary.generator.limited {
            notes.push(format!(
                "Run {run} was limited by its own load generator: its figures say little about the target."
            ));
        }
        if outcome.summary.requests == 0 {
            notes.push(format!("Run {run} finished no request."));
        }
        notes.extend(cut_short(run, outcome));
    }
    notes.extend(lengths(a.summary.duration_s, b.summary.duration_s));
    if a.summary.users_max != b.summary.users_max {
        let (before, after) = (a.summary.users_max, b.summary.users_max);
        notes.push(format!("The runs had different numbers of users: {before} and {after}."));
    }
    if a.measure != b.measure {
        let (before, after) = (text::cut(&a.measure, 20), text::cut(&b.measure, 20));
        notes.push(format!("The totals cover different parts of the runs: {before} and {after}."));
    }
    for (side, run) in [("A", a), ("B", b)] {
        if let Some(text) = &run.notes {
            notes.push(format!("Notes of {side}: {text}"));
        }
    }
    if a.hosts != b.hosts {
        notes.push("The runs were aimed at different hosts.".to_owned());
    }
    notes
}

/// That a run did not come to the end that was meant.
fn cut_short(run: &str, outcome: &Outcome) -> Option<String> {
    let ended = match outcome.summary.status {
        Status::Completed => return None,
        Status::Stopped => "was stopped",
        Status::Failed => "failed",
    };
    let after = span(outcome.summary.duration_s);
    Some(format!("Run {run} {ended} after {after}: it may not have come to everything that the test does."))
}

fn lengths(a: f64, b: f64) -> Option<String> {
    (a.max(b) > a.min(b) * LONGER)
        .then(|| format!("The runs measured for different times: {} and {}.", span(a), span(b)))
}
