//! How much load, as executors of k6.

use super::super::program::{Moment, Program, users};
use crate::loadtest::{
    span::Span,
    types::{Arrival, Late, Load, Measured, Stage},
};

/// `scenarios` of the options.
pub(super) fn scenarios(program: &mut Program<'_>, keys: &[String]) -> String {
    let load = program.loadtest().load.clone();
    let mut out = String::from("  scenarios: {\n");
    for (index, key) in keys.iter().enumerate() {
        let Some(executor) = executor(program, &load, index) else {
            let place = format!("scenarios[{index}]");
            program.leave_out(place, "no user runs it: there are fewer users than the weights ask for");
            continue;
        };
        out.push_str(&format!("    {key}: {{\n      exec: 'run_{key}',\n{executor}    }},\n"));
    }
    out.push_str("  },\n");
    notes(program, &load);
    out
}

/// What a scene has to know of the load.
pub(super) fn of_scene(program: &Program<'_>, _index: usize) -> String {
    let load = &program.loadtest().load;
    let Some(iterations) = load.iterations else { return String::new() };
    let hatch = load.hatch_rate.filter(|rate| slow(load, *rate));
    let hatch = hatch.map(|rate| format!("    hatch: {},\n", 1.0 / rate)).unwrap_or_default();
    format!("    iterations: {iterations},\n{hatch}")
}

/// Whether users start over more than a second.
fn slow(load: &Load, rate: f64) -> bool {
    load.users.is_some_and(|users| rate < f64::from(users))
}

/// How many of `users` users run a scenario.
fn share(program: &Program<'_>, index: usize, of: u32) -> u32 {
    let weights: Vec<u32> = program.scenes.iter().map(|scene| scene.weight).collect();
    users(&weights, program.loadtest().scheduler, of)[index]
}

fn executor(program: &Program<'_>, load: &Load, index: usize) -> Option<String> {
    if let Some(arrival) = &load.arrival {
        return arriving(program, load, arrival, index);
    }
    if let Some(stages) = &load.stages {
        let most = stages.iter().map(count).max().unwrap_or(0);
        (share(program, index, most) > 0).then_some(())?;
        let stages = stages.iter().map(|stage| (stage.duration, share(program, index, count(stage))));
        return Some(format!("      executor: 'ramping-vus',\n      startVUs: 0,\n{}", ramp(stages)));
    }
    let vus = share(program, index, load.users?);
    (vus > 0).then_some(())?;
    if let Some(iterations) = load.iterations {
        return Some(format!(
            "      executor: 'per-vu-iterations',\n      vus: {vus},\n      iterations: {iterations},\n      maxDuration: '720h',\n"
        ));
    }
    let run_time = load.run_time.unwrap_or_default();
    let Some(rate) = load.hatch_rate.filter(|rate| slow(load, *rate)) else {
        return Some(format!(
            "      executor: 'constant-vus',\n      vus: {vus},\n      duration: '{run_time}',\n"
        ));
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 10^6 users at 0.001 a second"
    )]
    let up = Span::from_millis((f64::from(load.users?) / rate * 1000.0).round() as u64);
    let stages = [(up, vus), (run_time, vus)];
    Some(format!("      executor: 'ramping-vus',\n      startVUs: 0,\n{}", ramp(stages.into_iter())))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "validated as a whole number in range"
)]
const fn count(stage: &Stage) -> u32 {
    stage.target as u32
}

fn ramp<N: std::fmt::Display>(stages: impl Iterator<Item = (Span, N)>) -> String {
    let stages: Vec<String> = stages
        .map(|(length, target)| format!("        {{ duration: '{length}', target: {target} }},\n"))
        .collect();
    format!("      stages: [\n{}      ],\n", stages.concat())
}

/// k6 counts passes where MAID counts requests: a pass of a scenario has a fixed number of them. Rates
/// are whole numbers, so that they are told for a thousand seconds.
fn arriving(program: &Program<'_>, load: &Load, arrival: &Arrival, index: usize) -> Option<String> {
    let vus = share(program, index, arrival.max_users);
    (vus > 0).then_some(())?;
    #[expect(clippy::cast_precision_loss, reason = "a document has fewer requests than 2^52")]
    let requests = program.scenes[index].requests_of_pass().max(1) as f64;
    let part = f64::from(vus) / f64::from(arrival.max_users);
    let passes = |rate: f64| (rate * part / requests * 1000.0).round();
    let mut stages: Vec<(Span, f64)> =
        arrival.stages.iter().map(|stage| (stage.duration, passes(stage.target))).collect();
    if stages.is_empty() {
        stages.push((load.run_time.unwrap_or_default(), passes(arrival.rate)));
    }
    Some(format!(
        "      executor: 'ramping-arrival-rate',\n      startRate: {},\n      timeUnit: '1000s',\n      preAllocatedVUs: {vus},\n{}",
        passes(arrival.rate),
        ramp(stages.into_iter())
    ))
}

fn notes(program: &mut Program<'_>, load: &Load) {
    if let Some(arrival) = &load.arrival {
        program.leave_out(
            "load.arrival",
            "k6 starts passes at a rate where MAID sends requests at one: the rate is divided by the requests of a pass, \
             which come one after another",
        );
        if program.scenes.len() > 1 {
            program.leave_out(
                "load.arrival",
                "scenarios share the rate by weight; MAID lets whichever user is free go on",
            );
        }
        if arrival.late == Late::Queue {
            program.leave_out(
                "load.arrival.late",
                "k6 drops what comes while all its VUs are busy, and counts it",
            );
        }
    }
    if load.measure == Measured::Steady {
        program.leave_out("load.measure", "k6 judges the whole run, ramps included");
    }
    let stops = program.scenes.iter().position(|scene| scene.of_moment(Moment::Stop).next().is_some());
    if let (Some(index), None) = (stops, load.iterations) {
        program.leave_out(
            format!("scenarios[{index}].on_stop"),
            "k6 tells no VU that the run ends: it is not run; with `load.iterations` it is",
        );
    }
    let shared = program.rows.iter().any(|rows| rows.mode != crate::loadtest::types::FeedMode::Random);
    if shared && program.scenes.len() > 1 {
        program.leave_out(
            "data",
            "each scenario goes through the rows on its own, because k6 counts passes by scenario",
        );
    }
}
