//! A further sentence about a test that is there: it changes what it names, and nothing else.

mod again;
mod gone;
mod parts;
#[cfg(test)]
mod tests;

use super::{
    draft::{Draft, Known, Source, apply_rules, apply_settings, close},
    reader::{Fact, Reading},
};
use crate::loadtest::{
    span::Span,
    types::{Load, LoadTest},
};

/// The test after the sentence.
pub(super) fn change(previous: LoadTest, reading: &Reading, known: &[Known]) -> Draft {
    let mut draft = Draft::new(previous, Source::Previous, None);
    hosts(&mut draft, reading);
    parts::remove(&mut draft, reading);
    parts::add(&mut draft, reading, known);
    parts::weigh(&mut draft, reading);
    again::change(&mut draft, reading);
    apply_settings(&mut draft, reading);
    gone::drop(&mut draft, reading);
    load(&mut draft, reading);
    apply_rules(&mut draft, reading);
    close(&mut draft, reading);
    draft
}

fn hosts(draft: &mut Draft, reading: &Reading) {
    if reading.hosts.is_empty() {
        return;
    }
    // `please also B`: those that are there stay.
    let stay = if reading.turn.more_hosts { draft.loadtest.target.hosts.clone() } else { Vec::new() };
    let new: Vec<_> = reading.hosts.iter().filter(|host| !stay.contains(&host.value)).take(100).collect();
    for (index, host) in new.iter().enumerate() {
        draft.said(format!("/target/hosts/{}", stay.len() + index), &host.span);
    }
    draft.loadtest.target.hosts =
        stay.into_iter().chain(new.into_iter().map(|host| host.value.clone())).take(100).collect();
}

/// Changes the load, within the model that the test has, unless the sentence names another one.
fn load(draft: &mut Draft, reading: &Reading) {
    let asked = &reading.load;
    let known = draft.loadtest.load.run_time;
    let plain = draft.loadtest.load.stages.is_none();
    if reading.turn.appends && !plain && asked.rate.is_empty() && (1..4).contains(&asked.stages.len()) {
        append(draft, reading);
        return;
    }
    if !asked.stages.is_empty() || !asked.rate.is_empty() {
        super::draft::apply_load(draft, reading);
        // A test that runs at another rate runs as long as before.
        if asked.stages.is_empty() && asked.time.is_empty() && plain && known.is_some() {
            draft.loadtest.load.run_time = known;
            draft.comes("/load/run_time", Source::Previous, None);
        }
        return;
    }
    let limit = Reading {
        load: super::reader::Load { limit: asked.limit.clone(), ..Default::default() },
        ..Reading::default()
    };
    super::draft::apply_load(draft, &limit);
    let users = asked.users.last().cloned().or_else(|| {
        let (_, new) = reading.turn.replaced_users.as_ref()?.value;
        Some(Fact { value: new, span: reading.turn.replaced_users.as_ref()?.span.clone() })
    });
    let users = users.or_else(|| bare(reading).filter(|_| asked.time.is_empty()));
    if reading.turn.no_rate && users.is_some() {
        let run_time = draft.loadtest.load.run_time;
        draft.loadtest.load = Load { run_time, ..Load::default() };
    }
    if let Some(users) = users {
        set_users(draft, &users);
    } else if let Some(times) = &reading.turn.times_users {
        let now = peak(&draft.loadtest);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to a million")]
        let users = (now * times.value).round().clamp(1.0, 1e6) as u32;
        set_users(draft, &Fact { value: users, span: times.span.clone() });
    }
    let replaced =
        reading.turn.replaced_time.as_ref().map(|fact| Fact { value: fact.value.1, span: fact.span.clone() });
    let named = asked.time.iter().rfind(|time| !again::is_hold(draft, reading, time));
    if let Some(time) = replaced.or_else(|| named.cloned()) {
        set_time(draft, &time);
    }
    if let Some(passes) = asked.iterations.last() {
        draft.loadtest.load.iterations = Some(passes.value);
        draft.loadtest.load.run_time = None;
        draft.said("/load/iterations", &passes.span);
    }
    if let Some(hatch) = asked.hatch.last() {
        draft.loadtest.load.hatch_rate = Some(hatch.value);
        draft.said("/load/hatch_rate", &hatch.span);
    }
}

/// `and at the end down to 0 in 90 seconds`: steps that come behind those that are there.
fn append(draft: &mut Draft, reading: &Reading) {
    let Some(stages) = &mut draft.loadtest.load.stages else { return };
    let first = stages.len();
    // `hold it for 20 minutes, and at the end ...`: what is held is no step of its own.
    let hold = reading.turn.hold.as_ref().map(|hold| Span::from_millis(hold.value));
    let new: Vec<_> = reading.load.stages.iter().filter(|stage| Some(stage.value.duration) != hold).collect();
    stages.extend(new.iter().map(|stage| stage.value.clone()));
    for (index, stage) in new.into_iter().enumerate() {
        draft.said(format!("/load/stages/{}", first + index), &stage.span);
    }
}

/// `make it 500`: the only number of a sentence that says nothing else.
fn bare(reading: &Reading) -> Option<Fact<u32>> {
    let [one] = reading.unclear.as_slice() else { return None };
    let quiet = reading.thresholds.is_empty() && reading.think.is_none() && reading.timeout.is_none();
    let quiet = quiet && reading.turn.replaced_time.is_none() && reading.shares.is_empty();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be whole and within"
    )]
    let users =
        (quiet && one.value.fract() == 0.0 && (1.0..=1e6).contains(&one.value)).then_some(one.value as u32);
    users.map(|value| Fact { value, span: one.span.clone() })
}

/// Most users that there are at once.
fn peak(test: &LoadTest) -> f64 {
    let stages = test.load.stages.iter().flatten().map(|stage| stage.target).fold(0.0, f64::max);
    let pool = test.load.arrival.as_ref().map_or(0.0, |arrival| f64::from(arrival.max_users));
    test.load.users.map_or(stages.max(pool), f64::from)
}

fn set_users(draft: &mut Draft, users: &Fact<u32>) {
    let most = peak(&draft.loadtest);
    let load = &mut draft.loadtest.load;
    let mut paths = Vec::new();
    if let Some(arrival) = &mut load.arrival {
        arrival.max_users = users.value;
        paths.push("/load/arrival/max_users".to_owned());
    } else if let Some(stages) = &mut load.stages {
        for (index, stage) in stages.iter_mut().enumerate() {
            // The steps keep their shape: those that go all the way up go up to the new number.
            if (stage.target - most).abs() < f64::EPSILON {
                stage.target = f64::from(users.value);
                paths.push(format!("/load/stages/{index}/target"));
            }
        }
    } else {
        load.users = Some(users.value);
        paths.push("/load/users".to_owned());
    }
    for path in paths {
        draft.said(path, &users.span);
    }
}

fn set_time(draft: &mut Draft, time: &Fact<u64>) {
    let load = &mut draft.loadtest.load;
    if let Some(stages) = &load.stages {
        let candidates = vec![time.span.clone()];
        let count = stages.len();
        draft.ask(
            "time",
            format!(
                "The test has {count} steps, each with a time of its own: which of them is to take `{}`?",
                time.span.text
            ),
            candidates,
        );
        return;
    }
    load.run_time = Some(Span::from_millis(time.value));
    load.iterations = None;
    draft.said("/load/run_time", &time.span);
}
