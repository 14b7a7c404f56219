//! Settings that a further sentence takes away: `no ramp now`, `ohne Denkpause`, `der Deckel kann weg`.

use super::peak;
use crate::{
    ai::generator::{
        draft::Draft,
        reader::{Fact, Reading},
    },
    loadtest::{span::Span, types::Load},
};

const THINK: &[&str] = &[
    "think",
    "thinking",
    "denkzeit",
    "denkpause",
    "denkzeiten",
    "pause",
    "pausen",
    "pauses",
    "wartezeit",
    "delay",
];
const RAMP: &[&str] = &[
    "ramp",
    "ramps",
    "ramp-up",
    "ramping",
    "rampe",
    "rampen",
    "anstieg",
    "steps",
    "stages",
    "stufen",
    "staircase",
    "treppe",
];
const LIMIT: &[&str] = &[
    "limit",
    "deckel",
    "deckelung",
    "begrenzung",
    "obergrenze",
    "ratenlimit",
    "drossel",
    "drosselung",
    "throttle",
    "ceiling",
    "rate-limit",
];
const RATE: &[&str] = &["rate", "anfragerate", "anfragenrate"];

/// Takes them away, where the sentence does not say them anew.
pub(super) fn drop(draft: &mut Draft, reading: &Reading) {
    let gone = |words: &[&str]| {
        let found = reading.turn.remove_words.iter().find(|word| words.contains(&word.value.as_str()));
        found.cloned()
    };
    if let Some(word) = gone(THINK).filter(|_| reading.think.is_none()) {
        for scenario in 0..draft.loadtest.scenarios.len() {
            if draft.loadtest.scenarios[scenario].think_time.take().is_some() {
                draft.said(format!("/scenarios/{scenario}/think_time"), &word.span);
            }
        }
    }
    if let Some(word) =
        gone(LIMIT).filter(|_| reading.load.limit.is_empty() && draft.loadtest.rate_limit > 0.0)
    {
        draft.loadtest.rate_limit = 0.0;
        draft.said("/rate_limit", &word.span);
    }
    let again = reading.load.users.last().is_some() && reading.load.stages.is_empty();
    if let Some(word) = gone(RAMP).filter(|_| again) {
        plain(draft, &word);
    }
    let paced = draft.loadtest.load.arrival.is_some() && reading.load.rate.is_empty();
    if let Some(word) = gone(RATE).filter(|_| again && paced) {
        let run_time = draft.loadtest.load.run_time;
        draft.loadtest.load = Load { run_time, ..Load::default() };
        draft.said("/load", &word.span);
    }
}

/// As many users as the ramp had, for as long as it was, from the first moment on.
fn plain(draft: &mut Draft, word: &Fact<String>) {
    let Some(stages) = draft.loadtest.load.stages.clone() else { return };
    let millis = stages.iter().map(|stage| stage.duration.get()).sum::<std::time::Duration>().as_millis();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to a million")]
    let users = peak(&draft.loadtest).round().clamp(1.0, 1e6) as u32;
    let run_time = Some(Span::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)));
    draft.loadtest.load = Load { users: Some(users), run_time, ..Load::default() };
    draft.said("/load", &word.span);
}
