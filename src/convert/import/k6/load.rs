//! How much load the options of k6 ask for.

use super::super::script::{Machine, Value, tree::DEFAULT, whole};
use crate::loadtest::{
    span::Span,
    types::{Arrival, Late, Load, Stage},
};

/// Most users that a LoadTest has.
const MOST_USERS: u32 = 1_000_000;
/// Largest weight of a scenario.
const MOST_WEIGHT: u32 = 10_000;
/// Longest duration, in seconds.
const LONGEST: f64 = 30.0 * 24.0 * 3600.0;

/// Options that only say how a run is reported, or that are k6's own business.
const SILENT: [&str; 16] = [
    "summaryTrendStats",
    "summaryTimeUnit",
    "ext",
    "cloud",
    "setupTimeout",
    "teardownTimeout",
    "systemTags",
    "noUsageReport",
    "noCookiesReset",
    "thresholds",
    "scenarios",
    "vus",
    "duration",
    "iterations",
    "stages",
    "vusMax",
];

/// A scenario of k6.
#[derive(Clone, Debug)]
pub(in crate::convert::import) struct Part {
    pub(in crate::convert::import) name: String,
    /// The function that it runs.
    pub(in crate::convert::import) exec: String,
    pub(in crate::convert::import) weight: u32,
    /// Requests of a pass.
    pub(in crate::convert::import) requests: f64,
    pub(in crate::convert::import) model: Model,
}

/// What an executor does.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::convert::import) enum Model {
    Users(u32, Span),
    Passes(u32, u32),
    Ramp(Vec<(Span, f64)>),
    /// Passes a second: at the start, then in steps; most users.
    Rate(f64, Vec<(Span, f64)>, u32),
    /// Nothing is said.
    Open,
}

/// The scenarios that options name; without any, the one of `export default`.
pub(in crate::convert::import) fn plan(machine: &mut Machine<'_>, options: &Value) -> Vec<Part> {
    settings(machine, options);
    let Some(Value::Object(scenarios)) = options.get("scenarios").cloned() else {
        let model = short_form(machine, options);
        let weight = peak(&model);
        return vec![Part {
            name: DEFAULT.to_owned(),
            exec: DEFAULT.to_owned(),
            weight,
            requests: 1.0,
            model,
        }];
    };
    let mut plan = Vec::new();
    for (name, written) in scenarios.as_ref() {
        let text = |key: &str| written.get(key).and_then(Value::as_str).map(str::to_owned);
        let executor = text("executor").unwrap_or_default();
        let model = executed(machine, name, &executor, written);
        for key in ["startTime", "env", "tags"] {
            if written.get(key).is_some_and(|value| !matches!(value, Value::Nothing)) {
                let why = match key {
                    "startTime" => "all scenarios start together",
                    "env" => "give its variables with `maid run -e`",
                    _ => "requests have a name alone",
                };
                machine.draft.leave_out(format!("options.scenarios.{name}.{key}"), why);
            }
        }
        let exec = text("exec").unwrap_or_else(|| DEFAULT.to_owned());
        plan.push(Part { name: name.clone(), exec, weight: peak(&model), requests: 1.0, model });
    }
    plan
}

/// Settings of the options that have nothing to do with the load.
fn settings(machine: &mut Machine<'_>, options: &Value) {
    let Value::Object(map) = options else {
        if !matches!(options, Value::Nothing) {
            machine.draft.leave_out("options", "they are known only when the script runs");
        }
        return;
    };
    for (key, value) in map.as_ref() {
        match (key.as_str(), value) {
            (key, _) if SILENT.contains(&key) => {}
            ("insecureSkipTLSVerify", value) => machine.draft.insecure = value.truth() == Some(true),
            ("maxRedirects", value) => {
                machine.draft.redirects =
                    value.as_f64().and_then(whole).and_then(|most| u8::try_from(most.min(20)).ok());
            }
            ("rps", value) => {
                machine.draft.rate_limit =
                    value.as_f64().filter(|rate| (0.0..1e9).contains(rate)).unwrap_or(0.0)
            }
            ("userAgent", value) => match value.as_str() {
                Some(agent) if http::HeaderValue::from_str(agent).is_ok() => {
                    let agent = super::super::draft::literal(agent);
                    machine.draft.headers.insert("User-Agent".to_owned(), agent);
                }
                _ => machine.draft.leave_out("options.userAgent", "it cannot be sent"),
            },
            (key, _) => {
                machine.draft.leave_out(format!("options.{key}"), "no LoadTest has this setting");
            }
        }
    }
}

/// `vus`, `duration`, `iterations` and `stages` beside each other.
fn short_form(machine: &mut Machine<'_>, options: &Value) -> Model {
    let vus = number(options, "vus").unwrap_or(1);
    if let Some(stages @ Value::List(_)) = options.get("stages") {
        return ramp(machine, stages, number(options, "vus").unwrap_or(0), "options.stages");
    }
    if let Some(iterations) = number(options, "iterations") {
        if options.get("duration").is_some() {
            machine.draft.leave_out("options.duration", "the passes say when it ends");
        }
        return shared(machine, vus, iterations, "options.iterations");
    }
    match options.get("duration").and_then(duration) {
        Some(length) => Model::Users(vus, length),
        None => Model::Open,
    }
}

fn executed(machine: &mut Machine<'_>, name: &str, executor: &str, written: &Value) -> Model {
    let place = format!("options.scenarios.{name}");
    let vus = number(written, "vus").unwrap_or(1);
    let iterations = number(written, "iterations").unwrap_or(1);
    if matches!(executor, "shared-iterations" | "per-vu-iterations")
        && written.get("maxDuration").and_then(duration).is_some_and(|most| most.get().as_secs() < 24 * 3600)
    {
        machine.draft.leave_out(format!("{place}.maxDuration"), "passes are counted however long they take");
    }
    match executor {
        "constant-vus" => match written.get("duration").and_then(duration) {
            Some(length) => Model::Users(vus, length),
            None => Model::Open,
        },
        "per-vu-iterations" => Model::Passes(vus, iterations),
        "shared-iterations" => shared(machine, vus, iterations, &place),
        "ramping-vus" => {
            let start = number(written, "startVUs").unwrap_or(1);
            let stages = written.get("stages").cloned().unwrap_or(Value::Nothing);
            ramp(machine, &stages, if start > 1 { start } else { 0 }, &place)
        }
        "constant-arrival-rate" | "ramping-arrival-rate" => arriving(machine, &place, executor, written),
        other => {
            let message = format!("the executor `{other}` is not known: users are taken instead");
            machine.draft.leave_out(place, message);
            Model::Open
        }
    }
}

/// Passes that users share: each user has as many here.
fn shared(machine: &mut Machine<'_>, vus: u32, iterations: u32, place: &str) -> Model {
    let each = iterations.div_ceil(vus.max(1)).max(1);
    if vus > 1 {
        let message = format!("{vus} users share {iterations} passes in k6: each has {each} of its own");
        machine.draft.make(place, message);
    }
    Model::Passes(vus, each)
}

fn ramp(machine: &mut Machine<'_>, stages: &Value, start: u32, place: &str) -> Model {
    let mut steps = Vec::new();
    if start > 0 {
        steps.push((Span::default(), f64::from(start)));
    }
    for stage in stages.items() {
        match (stage.get("duration").and_then(duration), stage.get("target").and_then(Value::as_f64)) {
            (Some(length), Some(target)) if (0.0..=f64::from(MOST_USERS)).contains(&target) => {
                // Whole seconds, as users are started by them.
                let length = Span::from_secs(length.get().as_millis().div_ceil(1000).try_into().unwrap_or(1));
                steps.push((length, target.round()));
            }
            _ => machine.draft.leave_out(place, "a stage is known only when the script runs"),
        }
    }
    let takes_time = steps.iter().any(|(length, _)| *length > Span::default());
    let has_users = steps.iter().any(|(_, target)| *target > 0.0);
    if takes_time && has_users { Model::Ramp(steps) } else { Model::Open }
}

fn arriving(machine: &mut Machine<'_>, place: &str, executor: &str, written: &Value) -> Model {
    let unit =
        written.get("timeUnit").map_or(Some(Span::from_secs(1)), duration).unwrap_or(Span::from_secs(1));
    let unit = unit.get().as_secs_f64().max(0.001);
    let rate = |key: &str| written.get(key).and_then(Value::as_f64).map(|rate| rate / unit);
    let most = number(written, "maxVUs").or(number(written, "preAllocatedVUs")).unwrap_or(1).max(1);
    let constant = executor == "constant-arrival-rate";
    let start = rate(if constant { "rate" } else { "startRate" }).unwrap_or(0.0);
    let mut steps = Vec::new();
    if constant {
        steps.extend(written.get("duration").and_then(duration).map(|length| (length, start)));
    }
    for stage in written.get("stages").map(Value::items).unwrap_or_default() {
        let length = stage.get("duration").and_then(duration);
        let target = stage.get("target").and_then(Value::as_f64).map(|target| target / unit);
        match (length, target) {
            (Some(length), Some(target)) => steps.push((length, target)),
            _ => machine.draft.leave_out(place, "a stage is known only when the script runs"),
        }
    }
    let takes_time = steps.iter().any(|(length, _)| *length > Span::default());
    let has_rate = start > 0.0 || steps.iter().any(|(_, rate)| *rate > 0.0);
    let fits = steps.iter().all(|(_, rate)| (0.0..1e6).contains(rate)) && (0.0..1e6).contains(&start);
    if takes_time && has_rate && fits { Model::Rate(start, steps, most) } else { Model::Open }
}

/// Most users at once.
fn peak(model: &Model) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 10^6, and whole")]
    match model {
        Model::Users(users, _) | Model::Passes(users, _) | Model::Rate(_, _, users) => *users,
        Model::Ramp(steps) => steps.iter().map(|(_, target)| *target as u32).max().unwrap_or(1),
        Model::Open => 1,
    }
}

/// Gives the test the load of its scenarios.
pub(in crate::convert::import) fn give(machine: &mut Machine<'_>, plan: &[Part], own: bool) {
    let Some(largest) = plan.iter().max_by_key(|part| part.weight) else { return };
    let alike = plan.iter().all(|part| lengths(&part.model) == lengths(&largest.model));
    if !alike {
        let others: Vec<&str> = plan
            .iter()
            .filter(|part| lengths(&part.model) != lengths(&largest.model))
            .map(|part| part.name.as_str())
            .collect();
        let message = format!(
            "a LoadTest has one load for all scenarios: it is that of `{}`, and {} have their share of its users",
            largest.name,
            others.join(", ")
        );
        machine.draft.leave_out("options.scenarios", message);
    }
    let parts: Vec<&Part> = if alike { plan.iter().collect() } else { vec![largest] };
    let users =
        parts.iter().fold(0_u32, |sum, part| sum.saturating_add(peak(&part.model))).clamp(1, MOST_USERS);
    machine.draft.load = match &largest.model {
        Model::Open => None,
        Model::Users(_, length) => {
            Some(Load { users: Some(users), run_time: Some(*length), ..Load::default() })
        }
        Model::Passes(_, each) => {
            Some(Load { users: Some(users), iterations: Some((*each).max(1)), ..Load::default() })
        }
        Model::Ramp(steps) => {
            let stage = |(index, (length, _)): (usize, &(Span, f64))| {
                let target = parts.iter().map(|part| target(&part.model, index)).sum::<f64>();
                Stage { duration: *length, target: target.min(f64::from(MOST_USERS)) }
            };
            let stages = steps.iter().enumerate().map(stage).collect();
            Some(Load { stages: Some(stages), ..Load::default() })
        }
        Model::Rate(..) => Some(open_model(machine, &parts, users, own)),
    };
    weigh(machine, own);
}

/// What has to be the same for scenarios to share a load: the kind, and how long each step takes.
fn lengths(model: &Model) -> (u8, Vec<Span>) {
    let of = |steps: &[(Span, f64)]| steps.iter().map(|(length, _)| *length).collect();
    match model {
        Model::Users(_, length) => (0, vec![*length]),
        Model::Passes(_, each) => (1, vec![Span::from_millis((*each).into())]),
        Model::Ramp(steps) => (2, of(steps)),
        Model::Rate(_, steps, _) => (3, of(steps)),
        Model::Open => (4, Vec::new()),
    }
}

fn target(model: &Model, index: usize) -> f64 {
    match model {
        Model::Ramp(steps) | Model::Rate(_, steps, _) => steps.get(index).map_or(0.0, |(_, target)| *target),
        _ => 0.0,
    }
}

/// k6 starts passes at a rate, MAID sends requests at one.
fn open_model(machine: &mut Machine<'_>, parts: &[&Part], users: u32, own: bool) -> Load {
    let rate = |of: &dyn Fn(&Model) -> f64| {
        let total: f64 = parts.iter().map(|part| of(&part.model) * part.requests).sum();
        let fits = |rate: f64| {
            parts.iter().all(|part| {
                let share = f64::from(peak(&part.model)) / f64::from(users);
                let passes = (rate * share / part.requests * 1000.0).round();
                (passes - of(&part.model) * 1000.0).abs() < 0.5
            })
        };
        let rounded = [1.0, 10.0, 100.0, 1000.0].map(|by| (total * by).round() / by);
        rounded.into_iter().find(|rate| own && fits(*rate)).unwrap_or((total * 1e6).round() / 1e6)
    };
    let start = rate(&|model| if let Model::Rate(start, ..) = model { *start } else { 0.0 });
    let lengths = lengths(&parts[0].model).1;
    let stages: Vec<Stage> = lengths
        .into_iter()
        .enumerate()
        .map(|(index, duration)| Stage { duration, target: rate(&|model| target(model, index)) })
        .collect();
    let constant = stages.len() == 1 && stages[0].target.to_bits() == start.to_bits();
    if !own {
        let message = "k6 starts passes at a rate and MAID sends requests at one: the rate is that of the passes, \
                       times the requests of each";
        machine.draft.make("options.scenarios", message);
    }
    let late = if own { Late::default() } else { Late::Drop };
    let run_time = stages.first().filter(|_| constant).map(|stage| stage.duration);
    let stages = if constant { Vec::new() } else { stages };
    let arrival = Arrival { rate: start, max_users: users, late, stages };
    Load { run_time, arrival: Some(arrival), ..Load::default() }
}

/// Weights in the smallest numbers that mean the same.
fn weigh(machine: &mut Machine<'_>, own: bool) {
    const fn gcd(a: u32, b: u32) -> u32 {
        if b == 0 { a } else { gcd(b, a % b) }
    }
    let unit = machine.draft.scenarios.iter().fold(0, |unit, scenario| gcd(unit, scenario.weight)).max(1);
    let most = machine.draft.scenarios.iter().map(|scenario| scenario.weight).max().unwrap_or(1);
    let by = if own { 1 } else { unit }.max(most.div_ceil(MOST_WEIGHT));
    machine.draft.scenarios.iter_mut().for_each(|scenario| scenario.weight = (scenario.weight / by).max(1));
}

fn number(holder: &Value, key: &str) -> Option<u32> {
    let number = holder.get(key)?.as_f64().and_then(whole)?;
    u32::try_from(number).ok().map(|number| number.min(MOST_USERS))
}

/// `1m30s`, `1.5s`, or milliseconds.
pub(in crate::convert::import) fn duration(value: &Value) -> Option<Span> {
    if let Value::Number(number) = value {
        return number.as_f64().map(|millis| super::super::script::seconds(millis / 1000.0));
    }
    let text = value.as_str()?.trim();
    if let Ok(span) = text.parse() {
        return Some(span);
    }
    let (digits, size) =
        [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0), ("d", 86_400.0), ("", 0.001)]
            .iter()
            .find_map(|(unit, size)| text.strip_suffix(unit).map(|digits| (digits, size)))?;
    let seconds = digits.parse::<f64>().ok()? * size;
    (0.0..=LONGEST).contains(&seconds).then(|| super::super::script::seconds(seconds))
}
