//! Advice about how much load there is, and in which model.

use std::time::Duration;

use super::Advice;
use crate::loadtest::{
    place::Path,
    types::{LoadTest, Measured},
};

/// Users from which on it matters how they behave together.
const MANY: u32 = 20;
/// Users that should not all begin in one second.
const HERD: u32 = 100;
/// Shorter runs are mostly warm-up.
const SHORT: Duration = Duration::from_secs(10);
/// Share of a run that ramps may take before they colour its totals.
const RAMPS: f64 = 0.2;

/// What is to be said of the load of `test`.
pub(super) fn of(test: &LoadTest) -> Vec<Advice> {
    let mut all = Vec::new();
    think_time(test, &mut all);
    model(test, &mut all);
    herd(test, &mut all);
    length(test, &mut all);
    ramps(test, &mut all);
    all
}

/// The most users of the closed model; none in the open one.
fn closed(test: &LoadTest) -> Option<u32> {
    let stages = test.load.stages.as_ref().map(|stages| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "validation bounds users"
        )]
        let most = stages.iter().map(|stage| stage.target).fold(0.0, f64::max) as u32;
        most
    });
    test.load.users.or(stages)
}

fn think_time(test: &LoadTest, all: &mut Vec<Advice>) {
    let Some(users) = closed(test).filter(|users| *users >= MANY) else { return };
    if test.rate_limit > 0.0 {
        return;
    }
    for (index, scenario) in test.scenarios.iter().enumerate() {
        if scenario.think_time.is_none() {
            let message = format!(
                "{users} users without a think time send as fast as answers come: that is thousands of people who \
                 never read a page. Give `think_time`, such as {{ min: 1s, max: 3s }}, or say what you want to \
                 measure by `load.arrival`"
            );
            all.push(Advice::new("no_think_time", &Path::root().key("scenarios").index(index), message));
        }
    }
}

/// A closed model that is throttled waits for slow answers, and hides what they cost.
fn model(test: &LoadTest, all: &mut Vec<Advice>) {
    if test.rate_limit > 0.0 && closed(test).is_some() {
        let message = format!(
            "users that are held to {} requests/s send less when the target gets slow, so that its worst moments are \
             measured least. `load: {{ arrival: {{ rate: {}, max_users: ... }} }}` keeps the rate whatever the target \
             does, and is the more honest one for a service that strangers call",
            test.rate_limit, test.rate_limit
        );
        all.push(Advice::new("open_model", &Path::root().key("rate_limit"), message));
    }
}

fn herd(test: &LoadTest, all: &mut Vec<Advice>) {
    let users = test.load.users.filter(|users| *users >= HERD && test.load.hatch_rate.is_none());
    if let Some(users) = users {
        let message = format!(
            "all {users} users begin within one second, which few services ever see. `hatch_rate: {}` spreads them \
             over ten",
            users.div_ceil(10)
        );
        all.push(Advice::new("thundering_herd", &Path::root().key("load").key("hatch_rate"), message));
    }
}

fn length(test: &LoadTest, all: &mut Vec<Advice>) {
    let time = test.load.run_time.map(|time| time.get()).filter(|time| *time < SHORT);
    if let Some(time) = time {
        let message = format!(
            "{} s are over before caches, pools and compilers of the target are warm, and a p99 of few requests is a \
             matter of luck: run it for a minute or more",
            time.as_secs_f64()
        );
        all.push(Advice::new("short_run", &Path::root().key("load").key("run_time"), message));
    }
}

/// Ramps that take much of the run are in its totals, where they make it look better than it is.
fn ramps(test: &LoadTest, all: &mut Vec<Advice>) {
    let load = &test.load;
    let (Some(users), Some(rate), Some(time)) = (load.users, load.hatch_rate, load.run_time) else { return };
    let ramp = f64::from(users) / rate;
    if load.measure == Measured::All && ramp > RAMPS * (ramp + time.get().as_secs_f64()) {
        let message = format!(
            "it takes {ramp:.0} s until all users run, and that time is in the totals and thresholds. `measure: steady` \
             leaves the ramp out of them"
        );
        all.push(Advice::new("ramp_in_totals", &Path::root().key("load").key("measure"), message));
    }
}
