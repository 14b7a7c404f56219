//! How much load: the closed or the open model, by what the text says. What contradicts itself is asked.

use super::Draft;
use crate::{
    ai::generator::reader::{Fact, Reading, Span as Place, Unused},
    loadtest::{
        span::Span,
        types::{Arrival, Late, Load, Stage},
    },
};

/// Most users of a rate, for each request per second: enough for answers of ten seconds.
const USERS_FOR_RATE: f64 = 10.0;

/// Takes over the load.
pub(in crate::ai::generator) fn apply(draft: &mut Draft, reading: &Reading) {
    let load = &reading.load;
    let users = one(draft, "users", "How many users?", &load.users);
    let rate = one(draft, "rate", "How many requests per second?", &load.rate);
    let time = one(draft, "time", "How long is it to run?", &load.time);
    let passes = one(draft, "iterations", "How often does each user go through it?", &load.iterations);
    if let Some(limit) = one(draft, "limit", "How many requests per second at most?", &load.limit) {
        draft.loadtest.rate_limit = limit.value;
        draft.said("/rate_limit", &limit.span);
    }
    if !load.stages.is_empty() {
        let more =
            [users.as_ref().map(|fact| fact.span.clone()), time.as_ref().map(|fact| fact.span.clone())];
        staged(draft, reading, more);
    } else if let Some(rate) = rate {
        open(draft, &rate, users.as_ref(), time.as_ref());
        if let Some(passes) = passes {
            unused(draft, &passes.span, "passes of a user: a test by rate runs for a time");
        }
    } else {
        closed(draft, reading, users.as_ref(), time.as_ref(), passes.as_ref());
    }
}

/// The one value of several; where they differ, somebody has to say which, and the first stands meanwhile.
fn one<T: Clone>(draft: &mut Draft, about: &str, text: &str, facts: &[Fact<T>]) -> Option<Fact<T>> {
    if facts.len() > 1 {
        let candidates: Vec<Place> = facts.iter().map(|fact| fact.span.clone()).collect();
        let said: Vec<String> = candidates.iter().map(|span| format!("`{}`", span.text)).collect();
        let text = format!("{text} The text says {}; the first is taken until you say", said.join(" and "));
        draft.ask(about, text, candidates);
    }
    facts.first().cloned()
}

fn unused(draft: &mut Draft, span: &Place, reason: &str) {
    draft.unused.push(Unused { span: span.clone(), reason: reason.to_owned() });
}

fn staged(draft: &mut Draft, reading: &Reading, more: [Option<Place>; 2]) {
    let stages: Vec<Stage> = reading.load.stages.iter().map(|stage| stage.value.clone()).collect();
    let key = if reading.load.stages_of_rate {
        let most = stages.iter().map(|stage| stage.target).fold(0.0, f64::max);
        let first = stages.first().map_or(0.0, |stage| stage.target);
        let (rate, stages) = if stages.first().is_some_and(|stage| stage.duration == Span::from_secs(1)) {
            (first, stages[1..].to_vec())
        } else {
            (0.0, stages)
        };
        let arrival = Arrival { rate, max_users: pool(most), late: Late::default(), stages };
        draft.loadtest.load = Load { arrival: Some(arrival), ..Load::default() };
        "/load/arrival"
    } else {
        draft.loadtest.load = Load { stages: Some(stages), ..Load::default() };
        "/load/stages"
    };
    let spans: Vec<Place> = reading.load.stages.iter().map(|stage| stage.span.clone()).collect();
    if reading.load.stages_of_rate {
        if let Some(span) = spans.last() {
            draft.said(key, span);
        }
    } else {
        for (index, span) in spans.iter().enumerate() {
            draft.said(format!("{key}/{index}"), span);
        }
    }
    for span in more.into_iter().flatten() {
        unused(draft, &span, "the steps say already how many users there are, and how long");
    }
}

/// Users that are enough for a rate.
fn pool(rate: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 10,000")]
    let users = (rate * USERS_FOR_RATE).ceil().clamp(1.0, 10_000.0) as u32;
    users
}

fn open(draft: &mut Draft, rate: &Fact<f64>, users: Option<&Fact<u32>>, time: Option<&Fact<u64>>) {
    let max_users = users.map_or_else(|| pool(rate.value), |users| users.value);
    let arrival = Arrival { rate: rate.value, max_users, late: Late::default(), stages: Vec::new() };
    let run_time = time.map_or(Span::from_secs(super::RUN_TIME_S), |time| Span::from_millis(time.value));
    draft.loadtest.load = Load { arrival: Some(arrival), run_time: Some(run_time), ..Load::default() };
    draft.said("/load/arrival/rate", &rate.span);
    if let Some(users) = users {
        draft.said("/load/arrival/max_users", &users.span);
    } else {
        draft.comes("/load/arrival/max_users", super::Source::Default, None);
    }
    match time {
        Some(time) => draft.said("/load/run_time", &time.span),
        None => draft.comes("/load/run_time", super::Source::Default, None),
    }
}

fn closed(
    draft: &mut Draft,
    reading: &Reading,
    users: Option<&Fact<u32>>,
    time: Option<&Fact<u64>>,
    passes: Option<&Fact<u32>>,
) {
    let before = draft.loadtest.load.clone();
    let plain = before.users.is_some() && before.arrival.is_none() && before.stages.is_none();
    if users.is_none() && time.is_none() && passes.is_none() && reading.load.hatch.is_empty() {
        return;
    }
    let mut load = if plain { before } else { Load::default() };
    load.users = users.map(|users| users.value).or(load.users).or(Some(super::USERS));
    if let Some(passes) = passes {
        load.iterations = Some(passes.value);
        load.run_time = None;
        draft.said("/load/iterations", &passes.span);
        if let Some(time) = time {
            unused(draft, &time.span, "a time beside passes: a test runs for one of them");
        }
    } else if let Some(time) = time {
        load.run_time = Some(Span::from_millis(time.value));
        load.iterations = None;
        draft.said("/load/run_time", &time.span);
    } else if load.run_time.is_none() && load.iterations.is_none() {
        load.run_time = Some(Span::from_secs(super::RUN_TIME_S));
        draft.comes("/load/run_time", super::Source::Default, None);
    }
    if let Some(users) = users {
        draft.said("/load/users", &users.span);
        // What a recipe says about starting its own number of users says nothing about this one.
        if reading.load.hatch.is_empty() {
            load.hatch_rate = None;
        }
    }
    if let Some(hatch) = reading.load.hatch.first() {
        load.hatch_rate = Some(hatch.value);
        draft.said("/load/hatch_rate", &hatch.span);
    }
    draft.loadtest.load = load;
}
