//! How much load, and what is judged, as constants of the file; and the shape that follows them.

use std::path::PathBuf;

use super::super::{literal::python, program::Program, sentence};
use crate::loadtest::{
    threshold::{Filter, Measure, Stat, Threshold},
    types::{Arrival, Late, Load, Measured, Stage},
};

/// The class that tells Locust how many users there are.
pub(super) const SHAPE: &str = r#"

class Shape(LoadTestShape):
    """How many users there are, second by second."""

    use_common_options = False

    def tick(self):
        if ITERATIONS and Person.ended >= MAX_USERS:
            return None
        if LENGTH and self.get_run_time() >= LENGTH:
            return None
        return (USERS(self.get_run_time()), HATCH_RATE)
"#;

/// Constants that the rest of the file reads.
pub(super) fn constants(program: &mut Program<'_>) -> String {
    let loadtest = program.loadtest().clone();
    let load = &loadtest.load;
    let mut constants = match (&load.arrival, &load.stages) {
        (Some(arrival), _) => arriving(program, load, arrival),
        (None, Some(stages)) => staged(stages),
        (None, None) => steady(load),
    };
    if load.measure == Measured::Steady {
        program.leave_out("load.measure", "Locust judges the whole run, ramps included");
    }
    constants.push(("ITERATIONS", load.iterations.map_or_else(none, |passes| passes.to_string())));
    constants.push(("SHUFFLE", super::shuffled(program).to_owned()));
    constants.push(("KEEP_COOKIES", boolean(loadtest.target.cookies)));
    let tls = &loadtest.target.tls;
    let file = |file: &PathBuf| python(&file.display().to_string());
    let trusted = tls.ca_file.as_ref().filter(|_| tls.verify);
    constants.push(("VERIFY", trusted.map_or_else(|| boolean(tls.verify), file)));
    let cert = tls.client_cert.as_ref().zip(tls.client_key.as_ref());
    let cert = cert.map(|(cert, key)| format!("({}, {})", file(cert), file(key)));
    constants.push(("CERT", cert.unwrap_or_else(none)));
    constants.push(("THRESHOLDS", thresholds(program)));
    constants.iter().map(|(name, value)| format!("{name} = {value}\n")).collect::<String>() + "\n"
}

fn none() -> String {
    "None".to_owned()
}

fn boolean(value: bool) -> String {
    if value { "True" } else { "False" }.to_owned()
}

/// Constants and their values.
type Constants = Vec<(&'static str, String)>;

fn arriving(program: &mut Program<'_>, load: &Load, arrival: &Arrival) -> Constants {
    let stages = if arrival.stages.is_empty() {
        vec![Stage { duration: load.run_time.unwrap_or_default(), target: arrival.rate }]
    } else {
        arrival.stages.clone()
    };
    program.leave_out(
        "load.arrival",
        "Locust has no open model: all users are there from the start and pace themselves, so that slow answers slow \
         the load down",
    );
    if arrival.late == Late::Drop {
        program.leave_out("load.arrival.late", "nothing is dropped: late users go on late");
    }
    vec![
        ("USERS", "lambda seconds: MAX_USERS".to_owned()),
        ("MAX_USERS", arrival.max_users.to_string()),
        ("HATCH_RATE", "MAX_USERS".to_owned()),
        ("LENGTH", length(&stages)),
        ("PACE", format!("lambda seconds: along({}, {})(seconds)", arrival.rate, list(&stages))),
    ]
}

fn staged(stages: &[Stage]) -> Constants {
    let most = stages.iter().map(|stage| stage.target).fold(0.0, f64::max);
    vec![
        ("USERS", format!("lambda seconds: round(along(0, {})(seconds))", list(stages))),
        ("MAX_USERS", most.to_string()),
        ("HATCH_RATE", "MAX_USERS".to_owned()),
        ("LENGTH", length(stages)),
        ("PACE", none()),
    ]
}

fn steady(load: &Load) -> Constants {
    let users = load.users.unwrap_or(1);
    let rate = load.hatch_rate.unwrap_or_else(|| f64::from(users));
    // Counted from when all users run.
    let ramp = f64::from(users) / rate;
    let length = load.run_time.map(|time| time.get().as_secs_f64() + if ramp > 1.0 { ramp } else { 0.0 });
    vec![
        ("USERS", "lambda seconds: MAX_USERS".to_owned()),
        ("MAX_USERS", users.to_string()),
        ("HATCH_RATE", rate.to_string()),
        ("LENGTH", length.map_or_else(none, |length| length.to_string())),
        ("PACE", none()),
    ]
}

fn list(stages: &[Stage]) -> String {
    let stage = |stage: &Stage| format!("({}, {})", stage.duration.get().as_secs_f64(), stage.target);
    format!("[{}]", stages.iter().map(stage).collect::<Vec<_>>().join(", "))
}

fn length(stages: &[Stage]) -> String {
    stages.iter().map(|stage| stage.duration.get().as_secs_f64()).sum::<f64>().to_string()
}

fn thresholds(program: &mut Program<'_>) -> String {
    let rules = program.valid.thresholds().to_vec();
    let mut out = String::new();
    if program.loadtest().abort_on_threshold {
        program.leave_out("abort_on_threshold", "thresholds are judged at the end");
    }
    for (index, rule) in rules.iter().enumerate() {
        match said(program, rule) {
            Ok(line) => out.push_str(&format!("    ({line}),\n")),
            Err(why) => program.leave_out(format!("thresholds[{index}]"), format!("`{rule}`: {why}")),
        }
    }
    if out.is_empty() { "[]".to_owned() } else { format!("[\n{out}]") }
}

fn said(program: &Program<'_>, rule: &Threshold) -> Result<String, &'static str> {
    let request = match &rule.filter {
        None => "None".to_owned(),
        Some(Filter::Request(name)) => {
            let call = program.calls().find(|call| call.label == *name).ok_or("no request has this name")?;
            format!("({}, {})", python(name), python(&call.method))
        }
        Some(Filter::Scenario(_)) => return Err("Locust keeps no figures of a scenario"),
        Some(_) => return Err("Locust keeps no figures of a status"),
    };
    let (measure, what) = match rule.measure {
        Measure::Latency { corrected: true, .. } => return Err("Locust measures from sending alone"),
        Measure::Latency { stat: Stat::Min, .. } => ("min", "None".to_owned()),
        Measure::Latency { stat: Stat::Avg, .. } => ("avg", "None".to_owned()),
        Measure::Latency { stat: Stat::Max, .. } => ("max", "None".to_owned()),
        Measure::Latency { stat: Stat::Percentile(of), .. } => {
            ("percentile", (f64::from(of) / 100_000.0).to_string())
        }
        Measure::ErrorRate => ("error_rate", "None".to_owned()),
        Measure::Failures => ("failures", "None".to_owned()),
        Measure::Rps => ("rps", "None".to_owned()),
        Measure::Checks => return Err("Locust does not count checks"),
        Measure::GeneratorLimited => return Err("Locust does not say whether it was the bottleneck"),
    };
    Ok(format!(
        "{}, {request}, \"{measure}\", {what}, \"{}\", {}",
        python(&rule.source),
        sentence::op(rule.op),
        rule.value
    ))
}
