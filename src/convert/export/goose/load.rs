//! How much load, as defaults of Goose, which its flags can change.

use super::super::{literal::rust, program::Program};
use crate::loadtest::types::{Late, Load, Measured};

/// Statements that set the defaults.
pub(super) fn defaults(program: &mut Program<'_>) -> String {
    let loadtest = program.loadtest().clone();
    let mut out = String::new();
    let mut set = |name: &str, value: &str| {
        out.push_str(&format!("    attack = *attack.set_default(GooseDefault::{name}, {value})?;\n"));
    };
    set("Host", "HOSTS[0].as_str()");
    let load = &loadtest.load;
    if let Some(arrival) = &load.arrival {
        set("Users", &arrival.max_users.to_string());
        set("IncreaseRate", &rust(&arrival.max_users.to_string()));
        let stages = arrival.stages.iter().map(|stage| stage.duration.get().as_secs_f64()).sum::<f64>();
        let length = load.run_time.map_or(stages, |time| time.get().as_secs_f64());
        set("RunTime", &format!("{:.0}", length.ceil()));
        let most = arrival.stages.iter().map(|stage| stage.target).fold(arrival.rate, f64::max);
        set("ThrottleRequests", &format!("{:.0}", most.ceil()));
    } else if let Some(stages) = &load.stages {
        let mut steps: Vec<String> = stages
            .iter()
            .map(|stage| format!("{},{}", stage.target, stage.duration.get().as_secs()))
            .collect();
        if stages.last().is_some_and(|stage| stage.target > 0.0) {
            steps.push("0,0".to_owned());
        }
        set("TestPlan", &rust(&steps.join(";")));
    } else {
        let users = load.users.unwrap_or(1);
        set("Users", &users.to_string());
        set("IncreaseRate", &rust(&load.hatch_rate.unwrap_or_else(|| f64::from(users)).to_string()));
        if let Some(time) = load.run_time {
            set("RunTime", &format!("{:.0}", time.get().as_secs_f64().ceil()));
        }
    }
    if let Some(iterations) = load.iterations {
        set("Iterations", &iterations.to_string());
    }
    if loadtest.rate_limit > 0.0 && load.arrival.is_none() {
        set("ThrottleRequests", &format!("{:.0}", loadtest.rate_limit.ceil()));
    }
    if !loadtest.target.tls.verify {
        set("AcceptInvalidCerts", "true");
    }
    notes(program, load, loadtest.rate_limit);
    out
}

fn notes(program: &mut Program<'_>, load: &Load, rate_limit: f64) {
    if let Some(arrival) = &load.arrival {
        program.leave_out(
            "load.arrival",
            "Goose has no open model: all users are there from the start, and a throttle holds them at the highest rate",
        );
        if arrival.late == Late::Drop {
            program.leave_out("load.arrival.late", "nothing is dropped: late users go on late");
        }
    }
    if load.measure == Measured::Steady {
        program.leave_out("load.measure", "Goose counts the whole run, ramps included");
    }
    if load.run_time.is_some_and(|time| time.get().subsec_nanos() != 0) {
        program.leave_out("load.run_time", "Goose takes whole seconds: it is rounded up");
    }
    if rate_limit.fract() != 0.0 {
        program.leave_out("rate_limit", "Goose takes whole requests a second: it is rounded up");
    }
}
