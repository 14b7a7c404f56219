//! Compares what was made with what was meant.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::case::{Case, Want};
use crate::{
    ai::generator::{Generated, draft::Source},
    loadtest::{
        mask::is_secret,
        span::Span,
        threshold::Threshold,
        types::{HttpVersion, Request},
    },
};

/// What is compared, in order.
pub const FIELDS: [&str; 9] =
    ["hosts", "methods", "paths", "users", "rates", "durations", "thresholds", "weights", "whole"];

/// How a prompt came out.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Its id.
    pub id: String,
    /// For each of [`FIELDS`], whether it is right; `None` where there is nothing to be right about.
    pub right: [Option<bool>; FIELDS.len()],
    /// Hosts and numbers that nobody has said.
    pub invented: Vec<String>,
    /// What is wrong, in words.
    pub wrong: Vec<String>,
}

/// Compares.
#[must_use]
pub fn score(case: &Case, made: &Generated) -> Verdict {
    let want = &case.want;
    let mut wrong = Vec::new();
    let mut same = |what: &str, right: bool, found: String| {
        if !right {
            wrong.push(format!("{what}: {found}"));
        }
        right
    };
    let found = hosts(made);
    let hosts = same("hosts", want.hosts == found, format!("{found:?}"));
    let (methods, paths) = requests(want, made);
    same("methods", methods, format!("{:?} {:?}", labels(made), made.recipe));
    same("paths", paths, format!("{:?} {:?}", labels(made), made.recipe));
    let users = same("users", users(want, made), format!("{:?}", made.loadtest.load));
    let rates = same("rates", rates(want, made), format!("{:?}", made.loadtest.load));
    let durations = same("durations", durations(want, made), format!("{:?}", made.loadtest.load));
    let thresholds = same("thresholds", thresholds(want, made), format!("{:?}", made.loadtest.thresholds));
    let weights = same("weights", weights(want, made), format!("{:?}", transactions(made)));
    let rest = same("rest", rest(want, made), "headers, bodies, credentials or settings".to_owned());
    let asked: BTreeSet<&str> = made.questions.iter().map(|question| question.about.as_str()).collect();
    let asks = want.asks.iter().all(|one| asked.contains(one.as_str()))
        && asked.iter().all(|one| {
            want.asks.iter().any(|known| known == one) || !want.asks.is_empty() && *one == "requests"
        });
    same("asks", asks, format!("{asked:?}"));
    let whole =
        hosts && methods && paths && users && rates && durations && thresholds && weights && rest && asks;
    let there = |is: bool, right: bool| is.then_some(right);
    let named = !want.requests.is_empty() || want.recipe.is_some();
    Verdict {
        id: case.id.clone(),
        right: [
            Some(hosts),
            there(named, methods),
            there(named, paths),
            Some(users),
            Some(rates),
            Some(durations),
            Some(thresholds),
            there(!want.weights.is_empty() || !weights, weights),
            Some(whole),
        ],
        invented: invented(case, made),
        wrong,
    }
}

fn from_text(made: &Generated, path: &str) -> bool {
    let said =
        |one: &&crate::ai::generator::draft::Provenance| matches!(one.source, Source::Text | Source::Model);
    made.provenance
        .iter()
        .filter(said)
        .any(|one| one.path == path || one.path.starts_with(&format!("{path}/")))
}

fn all(made: &Generated) -> impl Iterator<Item = &Request> {
    made.loadtest.scenarios.iter().flat_map(|one| &one.transactions).flat_map(|one| &one.requests)
}

fn labels(made: &Generated) -> Vec<String> {
    all(made).map(|request| format!("{} {}", request.method(), parted(&request.path).1)).collect()
}

/// Host and path of a request that goes to another host than the others, which its path says then.
fn parted(path: &str) -> (Option<&str>, &str) {
    let host = path.find("://").map(|at| path[at + 3..].find('/').map_or(path.len(), |slash| at + 3 + slash));
    host.map_or((None, path), |end| (Some(&path[..end]), &path[end..]))
}

/// All hosts that are sent to.
fn hosts(made: &Generated) -> Vec<String> {
    let mut out = made.loadtest.target.hosts.clone();
    for host in all(made).filter_map(|request| parted(&request.path).0) {
        if !out.iter().any(|known| known == host) {
            out.push(host.to_owned());
        }
    }
    out
}

fn requests(want: &Want, made: &Generated) -> (bool, bool) {
    if let Some(recipe) = &want.recipe {
        let right = made.recipe.as_ref() == Some(recipe);
        return (right, right);
    }
    if want.requests.is_empty() {
        return (true, true);
    }
    let set = |part: fn(&str) -> &str, list: &[String]| -> BTreeSet<String> {
        list.iter().map(|one| part(one).to_owned()).collect()
    };
    let found = labels(made);
    let paths: fn(&str) -> &str = |one| one.split_once(' ').map_or(one, |(_, path)| path);
    let whole: fn(&str) -> &str = |one| one;
    let same_paths = set(paths, &found) == set(paths, &want.requests);
    (set(whole, &found) == set(whole, &want.requests), same_paths)
}

/// Whether what is wanted is there because the text says so, and nothing where nothing is wanted.
fn agrees<T: PartialEq>(
    made: &Generated,
    asks: bool,
    path: &str,
    want: Option<&T>,
    found: Option<&T>,
) -> bool {
    match want {
        Some(_) => want == found && from_text(made, path),
        None => asks || !from_text(made, path),
    }
}

fn users(want: &Want, made: &Generated) -> bool {
    let load = &made.loadtest.load;
    let asks = want.asks.iter().any(|one| one == "users");
    let pool = load.arrival.as_ref().map(|arrival| arrival.max_users);
    let (path, found) =
        if load.arrival.is_some() { ("/load/arrival/max_users", pool) } else { ("/load/users", load.users) };
    let stages: Vec<f64> = load.stages.iter().flatten().map(|stage| stage.target).collect();
    let steps: Vec<f64> = want.stages.iter().filter_map(|one| one.split_once(':')?.1.parse().ok()).collect();
    let passes = agrees(made, false, "/load/iterations", want.iterations.as_ref(), load.iterations.as_ref());
    agrees(made, asks, path, want.users.as_ref(), found.as_ref())
        && (stages == steps || load.stages.is_some() && !from_text(made, "/load/stages") && steps.is_empty())
        && passes
}

fn rates(want: &Want, made: &Generated) -> bool {
    let load = &made.loadtest.load;
    let asks = want.asks.iter().any(|one| one == "rate");
    let rate = load.arrival.as_ref().map(|arrival| arrival.rate);
    agrees(made, asks, "/load/arrival/rate", want.rate.as_ref(), rate.as_ref())
        && agrees(made, false, "/rate_limit", want.limit.as_ref(), Some(&made.loadtest.rate_limit))
        && agrees(made, false, "/load/hatch_rate", want.hatch.as_ref(), load.hatch_rate.as_ref())
}

fn durations(want: &Want, made: &Generated) -> bool {
    let load = &made.loadtest.load;
    let asks = want.asks.iter().any(|one| one == "time");
    let steps: Vec<Span> = load.stages.iter().flatten().map(|stage| stage.duration).collect();
    let wanted: Vec<Span> =
        want.stages.iter().filter_map(|one| one.split_once(':')?.0.parse().ok()).collect();
    let scenario = made.loadtest.scenarios.first().and_then(|one| one.think_time);
    let think = match want.think {
        Some((min, max)) => scenario.is_some_and(|think| think.min == min && think.max == max),
        None => !from_text(made, "/scenarios/0/think_time"),
    };
    let timeout = match want.timeout {
        Some(timeout) => made.loadtest.target.timeout == timeout,
        None => !from_text(made, "/target/timeout"),
    };
    agrees(made, asks, "/load/run_time", want.time.as_ref(), load.run_time.as_ref())
        && (wanted == steps || wanted.is_empty() && !from_text(made, "/load/stages"))
        && think
        && timeout
}

fn thresholds(want: &Want, made: &Generated) -> bool {
    let parsed = |text: &str| {
        let bare = text.to_owned();
        let names: Vec<String> = all(made).map(|request| request.label().into_owned()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let rule = Threshold::parse(&bare, &names, &[]).ok()?;
        // A rule of the only request is one of all.
        let filter = (names.len() > 1).then_some(rule.filter);
        Some(format!("{:?} {filter:?} {:?} {}", rule.measure, rule.op, rule.value))
    };
    let of_text = |index: &usize| from_text(made, &format!("/thresholds/{index}"));
    let rules = &made.loadtest.thresholds;
    let found: BTreeSet<_> = (0..rules.len()).filter(of_text).map(|index| parsed(&rules[index])).collect();
    let wanted: BTreeSet<_> = want.thresholds.iter().map(|rule| parsed(rule)).collect();
    found == wanted
}

/// Names of transactions, requests of each as they are sent, and weights.
fn transactions(made: &Generated) -> Vec<(String, Vec<String>, u32)> {
    let all = made.loadtest.scenarios.iter().flat_map(|one| &one.transactions);
    let sent = |one: &crate::loadtest::types::Transaction| {
        one.requests.iter().map(|request| format!("{} {}", request.method(), request.path)).collect()
    };
    all.map(|one| (one.name.clone(), sent(one), one.weight)).collect()
}

fn weights(want: &Want, made: &Generated) -> bool {
    let found = transactions(made);
    if want.weights.is_empty() {
        return !(0..found.len())
            .any(|at| from_text(made, &format!("/scenarios/0/transactions/{at}/weight")));
    }
    let of = |name: &String| {
        let named = |(known, sent, _): &&(String, Vec<String>, u32)| known == name || sent.contains(name);
        found.iter().find(named).map(|(.., weight)| f64::from(*weight))
    };
    let ratios: Option<Vec<f64>> = want.weights.iter().map(|(name, want)| Some(of(name)? / want)).collect();
    ratios.is_some_and(|ratios| ratios.iter().all(|ratio| (ratio - ratios[0]).abs() < 1e-9))
}

fn rest(want: &Want, made: &Generated) -> bool {
    let target = &made.loadtest.target;
    let http = match target.http_version {
        HttpVersion::Auto => None,
        HttpVersion::Http1 => Some("1.1"),
        HttpVersion::Http2 => Some("2"),
    };
    let redirects =
        want.redirects.map_or(!from_text(made, "/target/redirects"), |wanted| wanted == target.redirects);
    let bodies: Vec<&Value> = all(made).filter_map(|request| request.body.as_ref()?.json.as_ref()).collect();
    let json = made.recipe.is_some()
        || bodies.len() == want.json.len()
            && bodies.iter().zip(&want.json).all(|(found, wanted)| same_but_secrets(found, wanted));
    let forms: Vec<_> = all(made).filter_map(|request| request.body.as_ref()?.form.clone()).collect();
    let same_forms = made.recipe.is_some() && want.form.is_empty()
        || forms.len() == want.form.len()
            && forms
                .iter()
                .zip(&want.form)
                .all(|(found, wanted)| same_but_secrets(&json!(found), &json!(wanted)));
    // What is secret is read from the environment, and not copied.
    let sent = |name: &String, value: &String| {
        let found = |one: &Request| one.headers.get(name).cloned();
        all(made)
            .filter_map(found)
            .any(|known| known == *value || is_secret(name) && known.starts_with("${env:"))
    };
    let headers = want.headers.iter().all(|(name, value)| sent(name, value));
    let auth = all(made).filter_map(|one| one.auth.as_ref()).next().filter(|_| made.recipe.is_none());
    // A recipe may have credentials of its own: those of the text are asked for where there are any.
    let of_recipe = all(made).filter_map(|one| one.auth.as_ref()).find(|auth| {
        want.bearer.is_some() && auth.bearer == want.bearer
            || want.basic.is_some()
                && auth.basic.as_ref().map(|basic| (basic.username.clone(), basic.password.clone()))
                    == want.basic
    });
    let auth = auth.or(of_recipe);
    let bearer = auth.and_then(|auth| auth.bearer.clone());
    let basic = auth.and_then(|auth| auth.basic.clone()).map(|basic| (basic.username, basic.password));
    http == want.http.as_deref()
        && redirects
        && json
        && same_forms
        && headers
        && bearer == want.bearer
        && basic == want.basic
}

/// Whether a body is what was wanted. A secret is never copied from the text: a reference to the environment stands for it.
fn same_but_secrets(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            let same = |(name, value): (&String, &Value)| {
                let hidden = value.as_str().is_some_and(|text| text.starts_with("${env:")) && is_secret(name);
                wanted.get(name).is_some_and(|wanted| hidden || same_but_secrets(value, wanted))
            };
            found.len() == wanted.len() && found.iter().all(same)
        }
        (found, wanted) => found == wanted,
    }
}

/// Hosts that the text does not have, and numbers from nowhere.
fn invented(case: &Case, made: &Generated) -> Vec<String> {
    let low = case.said().to_lowercase();
    let mut out = Vec::new();
    for host in &made.loadtest.target.hosts {
        let name = host.split("://").nth(1).unwrap_or(host);
        // A port may be said in a word of its own, or in words altogether, which then somebody has labelled.
        let said = name.to_lowercase().split(':').all(|part| low.contains(part));
        if !said && !case.want.hosts.contains(host) {
            out.push(host.clone());
        }
    }
    let texts = || case.previous.iter().chain([&case.text]);
    for one in made.provenance.iter().filter(|one| one.source == Source::Text) {
        let there = one.span.as_ref().is_some_and(|span| {
            texts().any(|text| text.get(span.start..span.end).is_none_or(|text| text == span.text))
        });
        if !there {
            out.push(one.path.clone());
        }
    }
    let (want, load) = (&case.want, &made.loadtest.load);
    // `1.200` and `1,200` say 1200, and `1.5` does not say 15.
    let grouped = |number: &str, mark: &str| match number.len().checked_sub(3) {
        Some(at) if at > 0 => format!("{}{mark}{}", &number[..at], &number[at..]),
        _ => number.to_owned(),
    };
    let said = |number: f64| {
        let number = format!("{number}");
        low.contains(&number) || [".", ",", "'", "’"].iter().any(|mark| low.contains(&grouped(&number, mark)))
    };
    if let (None, Some(users), true) = (want.users, load.users, from_text(made, "/load/users"))
        && !said(f64::from(users))
    {
        out.push(format!("{users} users"));
    }
    out
}
