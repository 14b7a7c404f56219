//! The verdict in words, the same in every report.

use super::{number, number::plural};
use crate::engine::outcome::{Generator, Outcome, Status};

/// How a run came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Every threshold held.
    Good,
    /// A threshold failed, or the run failed.
    Bad,
    /// It was cut short, or there was nothing to judge.
    Neutral,
}

/// The verdict: a word, and a sentence that says why.
#[derive(Debug)]
pub struct Headline {
    pub tone: Tone,
    pub word: &'static str,
    pub sentence: String,
}

/// The verdict of `outcome` in words.
pub fn of(outcome: &Outcome) -> Headline {
    let verdict = &outcome.summary.verdict;
    let all = verdict.thresholds.len() as u64;
    let failed = verdict.thresholds.iter().filter(|threshold| !threshold.passed).count() as u64;
    let because = outcome.ended_because.as_deref().map(sentence);
    let judged = match (all, failed) {
        (0, _) if verdict.passed => "No thresholds were set, so nothing was judged.".to_owned(),
        (0, _) => "The run did not pass.".to_owned(),
        (1, 0) => "The threshold held.".to_owned(),
        (_, 0) => format!("All {} thresholds held.", number::count(all)),
        _ => format!("{} of {} failed.", number::count(failed), plural(all, "threshold", "thresholds")),
    };
    let (tone, word) = match outcome.summary.status {
        Status::Failed => (Tone::Bad, "Failed"),
        _ if !verdict.passed => (Tone::Bad, "Failed"),
        Status::Stopped => (Tone::Neutral, "Stopped early"),
        Status::Completed if all == 0 => (Tone::Neutral, "Completed"),
        Status::Completed => (Tone::Good, "Passed"),
    };
    let nothing = (outcome.summary.requests == 0).then(|| "Not one request was finished.".to_owned());
    let sentence = [because, Some(judged), nothing].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Headline { tone, word, sentence }
}

/// The warning that the generator, not the target, was the bottleneck.
pub fn limited(generator: &Generator) -> Option<String> {
    if !generator.limited {
        return None;
    }
    let why = generator.limited_because.iter().map(|reason| sentence(reason)).collect::<Vec<_>>().join(" ");
    let warning = "The load generator itself was the bottleneck, so these figures say more about it than \
                   about the target.";
    let advice = "Use a machine with more to give, or less load.";
    Some(if why.is_empty() { format!("{warning} {advice}") } else { format!("{warning} {why} {advice}") })
}

/// `text` as a sentence: a capital first, a full stop last.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let start = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.ends_with(['.', '!', '?']) || text.is_empty() { "" } else { "." };
    format!("{start}{}{stop}", chars.as_str())
}
