//! Values for a recipe's parameters, by what earlier runs of it have shown.
//!
//! What a parameter means is told by where it goes: `load.users`, a rate, a threshold. Knows no web server
//! and no database.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    engine::probe::Probed,
    recipes::document::{Parameter, Recipe},
};

/// By how much more than what was seen a threshold lies.
const MARGIN: f64 = 1.5;
/// The same for what a probe has seen: requests that wait for nobody are answered faster than those under load.
const PROBE_MARGIN: f64 = 3.0;
/// Least limit that a probe suggests, ms: below, a threshold would judge this machine's scheduler.
const LEAST_MS: f64 = 20.0;

/// What an earlier run was and showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    /// Where it was sent.
    pub hosts: Vec<String>,
    /// Whether it passed.
    pub passed: bool,
    /// Users that were asked for.
    pub users_max: u32,
    /// Requests per second.
    pub rps: f64,
    /// 95th percentile, ms.
    pub p95_ms: f64,
    /// 99th percentile, ms.
    pub p99_ms: f64,
}

/// Where a suggestion comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Earlier runs of this recipe against this target.
    EarlierRuns,
    /// The request itself.
    Request,
    /// A probe of this target.
    Probe,
    /// The recipe: its default, else its example.
    Recipe,
}

/// A value for a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Suggestion {
    /// Name of the parameter.
    #[schema(example = "users")]
    pub parameter: String,
    /// The value.
    #[schema(value_type = Value, example = json!(40))]
    pub value: Value,
    /// Where it comes from.
    pub source: Source,
    /// Why this one.
    #[schema(example = "the largest of 3 runs that passed asked for 40 users")]
    pub because: String,
}

/// What a parameter means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Host,
    Users,
    /// Requests under way at once, of an open model.
    Busy,
    Rate,
    P95,
    P99,
}

/// A value for every parameter of `recipe` that is no secret, to be sent to `host`, of which a probe has `seen` this.
#[must_use]
pub fn suggest(
    recipe: &Recipe,
    host: Option<&str>,
    earlier: &[Earlier],
    seen: Option<&Probed>,
) -> Vec<Suggestion> {
    let roles = roles(&recipe.loadtest);
    let there = |run: &&Earlier| host.is_none_or(|host| run.hosts.iter().any(|known| same(known, host)));
    let earlier: Vec<&Earlier> = earlier.iter().filter(there).collect();
    let open = recipe.parameters.iter().filter(|one| !one.is_secret());
    let mut all: Vec<Suggestion> = open
        .map(|one| {
            let known = roles.get(one.name.as_str()).and_then(|role| of_role(*role, one, host, &earlier));
            known.unwrap_or_else(|| of_recipe(one))
        })
        .collect();
    let Some(seen) = seen else { return all };
    let rate = rate(recipe, &roles, &all);
    for (one, role) in recipe.parameters.iter().filter_map(|one| Some((one, *roles.get(one.name.as_str())?)))
    {
        // What a whole run has shown says more than a few requests.
        let known =
            all.iter_mut().find(|known| known.parameter == one.name && known.source == Source::Recipe);
        if let (Some(known), Some(made)) = (known, of_probe(role, one, seen, rate)) {
            *known = made;
        }
    }
    all
}

/// The rate that a recipe of the open model is run with, as it is suggested.
fn rate(recipe: &Recipe, roles: &BTreeMap<&str, Role>, all: &[Suggestion]) -> Option<f64> {
    let arrival = &recipe.loadtest["load"]["arrival"];
    arrival["rate"].as_f64().or_else(|| {
        let name = roles.iter().find(|(_, role)| **role == Role::Rate)?.0;
        all.iter().find(|one| one.parameter == *name)?.value.as_f64()
    })
}

/// What follows from a probe.
fn of_probe(role: Role, one: &Parameter, seen: &Probed, rate: Option<f64>) -> Option<Suggestion> {
    let (slowest, answered) = (seen.slowest_ms()?, seen.answered_ms.len());
    let (value, because) = match role {
        Role::P95 | Role::P99 => {
            let limit = (slowest * PROBE_MARGIN / 10.0).ceil() * 10.0;
            let limit = limit.max(LEAST_MS);
            let because = format!(
                "three times the slowest of {answered} requests of a probe, {slowest:.1} ms, and at least {LEAST_MS} ms: one \
                 after another they wait for nobody, and under load they will"
            );
            (json!(format!("{limit:.0}ms")), because)
        }
        Role::Busy => {
            let rate = rate.filter(|rate| *rate > 0.0)?;
            let under_way = (rate * slowest * PROBE_MARGIN / 1000.0).ceil().max(1.0);
            let because = format!(
                "{rate} requests/s of {slowest:.1} ms, the slowest of {answered} of a probe, are {:.1} under way at once \
                 (Little's law); three times that, for when it gets slower",
                rate * slowest / 1000.0
            );
            (whole(under_way), because)
        }
        // A few requests one after another do not say how many users there are, or how much it can take.
        Role::Host | Role::Users | Role::Rate => return None,
    };
    let parameter = one.name.clone();
    one.takes(&value).then_some(Suggestion { parameter, value, source: Source::Probe, because })
}

fn same(a: &str, b: &str) -> bool {
    a.trim_end_matches('/').eq_ignore_ascii_case(b.trim_end_matches('/'))
}

fn of_recipe(one: &Parameter) -> Suggestion {
    let (value, because) = match (&one.default, &one.example) {
        (Some(default), _) => (default.clone(), "the recipe's default".to_owned()),
        (None, example) => {
            (example.clone().unwrap_or_default(), "an example: put your own in its place".to_owned())
        }
    };
    Suggestion { parameter: one.name.clone(), value, source: Source::Recipe, because }
}

fn of_role(role: Role, one: &Parameter, host: Option<&str>, earlier: &[&Earlier]) -> Option<Suggestion> {
    let made = |value: Value, source, because| {
        // What its bounds do not take is no suggestion.
        one.takes(&value).then(|| Suggestion { parameter: one.name.clone(), value, source, because })
    };
    if role == Role::Host {
        return match host {
            Some(host) => made(json!(host), Source::Request, "the target that was asked for".to_owned()),
            None => {
                let last = earlier.first()?.hosts.first()?;
                made(json!(last), Source::EarlierRuns, "the target of the last run".to_owned())
            }
        };
    }
    let passed: Vec<&&Earlier> = earlier.iter().filter(|run| run.passed).collect();
    let (first, count) = (passed.first()?, passed.len());
    match role {
        Role::Host | Role::Busy => None,
        Role::Users => {
            let most = passed.iter().map(|run| run.users_max).max()?;
            let because = format!("the largest of {} asked for {most} users", runs(count));
            made(json!(most), Source::EarlierRuns, because)
        }
        Role::Rate => {
            let most = passed.iter().map(|run| run.rps).fold(first.rps, f64::max).floor();
            let because = format!("the fastest of {} had {most} requests/s", runs(count));
            made(whole(most), Source::EarlierRuns, because)
        }
        Role::P95 => latency("p95", passed.iter().map(|run| run.p95_ms).collect(), made),
        Role::P99 => latency("p99", passed.iter().map(|run| run.p99_ms).collect(), made),
    }
}

fn latency(
    name: &str,
    mut seen: Vec<f64>,
    made: impl FnOnce(Value, Source, String) -> Option<Suggestion>,
) -> Option<Suggestion> {
    seen.sort_by(f64::total_cmp);
    let median = *seen.get(seen.len() / 2)?;
    // In steps of 10 ms: more would pretend to know more.
    let limit = (median * MARGIN / 10.0).ceil().max(1.0) * 10.0;
    let because = format!("half as much again as the median {name} of {}, {median:.0} ms", runs(seen.len()));
    made(json!(format!("{limit:.0}ms")), Source::EarlierRuns, because)
}

fn runs(count: usize) -> String {
    if count == 1 { "the one run that passed".to_owned() } else { format!("{count} runs that passed") }
}

/// A number without a fraction as a whole one.
fn whole(number: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate is not negative")]
    let number = number as u64;
    json!(number)
}

/// What the parameters mean that stand in places with a meaning.
fn roles(loadtest: &Value) -> BTreeMap<&str, Role> {
    let mut roles = BTreeMap::new();
    if let Some(host) = loadtest["target"]["hosts"].get(0).and_then(Value::as_str).and_then(place) {
        roles.insert(host, Role::Host);
    }
    let load = &loadtest["load"];
    for (value, role) in [
        (&load["users"], Role::Users),
        (&load["arrival"]["rate"], Role::Rate),
        (&load["arrival"]["max_users"], Role::Busy),
        (&loadtest["rate_limit"], Role::Rate),
    ] {
        if let Some(name) = value.as_str().and_then(place) {
            roles.insert(name, role);
        }
    }
    for rule in loadtest["thresholds"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let role = match rule.split_whitespace().next() {
            Some("p95") => Role::P95,
            Some("p99") => Role::P99,
            _ => continue,
        };
        if let Some(name) = rule.split_once('<').and_then(|(_, limit)| place(limit.trim())) {
            roles.insert(name, role);
        }
    }
    roles
}

/// The parameter that a text is the place of.
fn place(text: &str) -> Option<&str> {
    text.strip_prefix("${param:")?.strip_suffix('}')
}
