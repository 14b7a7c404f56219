//! The load: one model, with what it needs and nothing else.

use super::findings::Findings;
use crate::loadtest::{
    place::Path,
    span::Span,
    types::{Arrival, Load, Measured, Stage},
};

pub(super) fn check(load: &Load, findings: &mut Findings) {
    let path = Path::root().key("load");
    let models = [
        ("users", load.users.is_some()),
        ("stages", load.stages.is_some()),
        ("arrival", load.arrival.is_some()),
    ];
    let given: Vec<&str> = models.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
    match *given {
        [] => findings.add(&path, "says no load: give exactly one of `users`, `stages` and `arrival`"),
        ["users"] => users(load, &path, findings),
        ["stages"] => stages(load, &path, findings),
        ["arrival"] => arrival(load, &path, findings),
        _ => {
            let names: Vec<String> = given.iter().map(|name| format!("`{name}`")).collect();
            let message = format!("{} are different models of load: keep one of them", names.join(" and "));
            findings.add(&path, message);
        }
    }
    if load.run_time == Some(Span::default()) {
        findings.add(&path.key("run_time"), "must be longer than 0s");
    }
}

fn users(load: &Load, path: &Path, findings: &mut Findings) {
    match (load.run_time, load.iterations) {
        (None, None) => findings.add(
            path,
            "`users` needs an end: add `run_time`, such as 30s, or `iterations`, the passes of each user",
        ),
        (Some(_), Some(_)) => {
            findings.add(path, "`run_time` and `iterations` both say when to end: keep one of them");
        }
        _ => {}
    }
}

fn stages(load: &Load, path: &Path, findings: &mut Findings) {
    refuse_length(load, path, findings);
    refuse_hatch_rate(load, path, "`stages` start users as fast as their durations say", findings);
    let path = path.key("stages");
    let list = load.stages.as_deref().unwrap_or_default();
    for (index, stage) in list.iter().enumerate() {
        let path = path.index(index);
        if stage.target.fract() != 0.0 {
            findings.add(&path.key("target"), "must be a whole number of users");
        } else if stage.target > 1_000_000.0 {
            findings.add(&path.key("target"), "must be at most 1000000 users");
        }
        if stage.duration.get().subsec_nanos() != 0 {
            findings.add(&path.key("duration"), "must be whole seconds, such as 10s");
        }
    }
    timeline(list, 0.0, load.measure, &path, findings);
}

fn arrival(load: &Load, path: &Path, findings: &mut Findings) {
    let Some(Arrival { rate, stages, .. }) = &load.arrival else {
        return;
    };
    refuse_hatch_rate(load, path, "`arrival` takes users as it needs them", findings);
    if load.iterations.is_some() {
        findings.add(
            &path.key("iterations"),
            "belongs to `users`: with `arrival`, say how long with `run_time` or `stages`",
        );
    }
    let path_of_stages = path.key("arrival").key("stages");
    match (load.run_time, stages.is_empty()) {
        (None, true) => {
            findings.add(path, "`arrival` needs an end: add `run_time`, such as 30s, or `arrival.stages`");
        }
        (Some(_), false) => findings.add(
            &path.key("run_time"),
            "the stages of `arrival` say how long to run: leave this or the stages out",
        ),
        (Some(_), true) if *rate <= 0.0 => {
            findings.add(&path.key("arrival").key("rate"), "must be more than 0");
        }
        (None, false) => timeline(stages, *rate, load.measure, &path_of_stages, findings),
        _ => {}
    }
}

/// What holds for stages of users and of a rate.
fn timeline(stages: &[Stage], from: f64, measure: Measured, path: &Path, findings: &mut Findings) {
    if stages.iter().all(|stage| stage.target <= 0.0) && from <= 0.0 {
        findings.add(path, "no stage has a target above 0: there would be no load");
    }
    if stages.iter().all(|stage| stage.duration == Span::default()) {
        findings.add(path, "the stages take no time: give one a duration above 0s");
    }
    let before = std::iter::once(from).chain(stages.iter().map(|stage| stage.target));
    #[expect(clippy::float_cmp, reason = "steady means that the same number is written twice")]
    let steady = stages.iter().zip(before).any(|(stage, before)| {
        stage.target == before && stage.target > 0.0 && stage.duration > Span::default()
    });
    if measure == Measured::Steady && !steady {
        findings.add(
            &Path::root().key("load").key("measure"),
            "no stage is steady: add one with the same target as the stage before it, or measure `all`",
        );
    }
}

fn refuse_length(load: &Load, path: &Path, findings: &mut Findings) {
    for (key, given) in [("run_time", load.run_time.is_some()), ("iterations", load.iterations.is_some())] {
        if given {
            findings.add(&path.key(key), "the stages say how long to run: leave this out");
        }
    }
}

fn refuse_hatch_rate(load: &Load, path: &Path, why: &str, findings: &mut Findings) {
    if load.hatch_rate.is_some() {
        findings.add(&path.key("hatch_rate"), format!("belongs to `users`: {why}; leave this out"));
    }
}
