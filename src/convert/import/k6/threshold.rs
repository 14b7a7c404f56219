//! Thresholds of k6 as rules of a LoadTest.

use std::sync::LazyLock;

use regex::Regex;

use super::super::script::{Machine, Value, tree::At};
use crate::loadtest::threshold::Threshold;

/// `p(95)<500`.
static RULE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(avg|min|max|med|count|rate|value|p\(\s*([0-9.]{1,8})\s*\))\s*(<=|>=|===|==|!=|<|>)\s*([0-9.]{1,20})\s*$")
        .expect("a fixed pattern that the tests compile")
});

/// Gives the test the thresholds of the options.
pub(super) fn give(machine: &mut Machine<'_>, options: &Value) {
    let Some(Value::Object(metrics)) = options.get("thresholds").cloned() else { return };
    let no_names = |_: &str| None;
    for (metric, rules) in metrics.as_ref() {
        rules_of(machine, metric, rules, &no_names);
    }
}

/// Takes over the rules of a metric. `known` knows values of tags that stand for names.
pub(in crate::convert::import) fn rules_of(
    machine: &mut Machine<'_>,
    metric: &str,
    rules: &Value,
    known: &dyn Fn(&str) -> Option<String>,
) {
    let rules = match rules {
        Value::List(list) => list.as_ref().clone(),
        one => vec![one.clone()],
    };
    for rule in rules {
        let text = match &rule {
            Value::Object(map) => map.get("threshold").cloned().unwrap_or(Value::Nothing),
            other => other.clone(),
        };
        let Some(text) = text.as_str().map(str::to_owned) else {
            machine.list(At::default(), format!("a threshold of `{metric}` is known only when it runs"));
            continue;
        };
        match said(machine, metric, &text, known) {
            Ok(made) => {
                if !machine.draft.thresholds.contains(&made) {
                    machine.draft.thresholds.push(made);
                }
                if rule.get("abortOnFail").and_then(Value::truth) == Some(true) {
                    machine.draft.abort = true;
                }
            }
            Err(why) => {
                machine
                    .draft
                    .leave_out("options.thresholds", format!("`{metric}: {text}` is left out: {why}"));
            }
        }
    }
}

/// A rule in MAID's words.
fn said(
    machine: &Machine<'_>,
    metric: &str,
    text: &str,
    known: &dyn Fn(&str) -> Option<String>,
) -> Result<String, String> {
    let found = RULE.captures(text).ok_or("only comparisons of one figure are known")?;
    let (figure, op) = (&found[1], found[3].replace("===", "=="));
    let value: f64 = found[4].parse().map_err(|_| "its value is no number")?;
    let (name, tags) =
        metric.split_once('{').map_or((metric, ""), |(name, rest)| (name, rest.trim_end_matches('}')));
    let measure = measure(name, figure, found.get(2).map_or("", |of| of.as_str()))?;
    let filter = filter(tags, known)?;
    let value = match measure.as_str() {
        "error_rate" | "checks" => format!("{}%", value * 100.0),
        "failures" | "rps" => value.to_string(),
        _ => format!("{value}ms"),
    };
    let made = format!("{measure}{filter} {op} {value}");
    let scenarios = &machine.draft.scenarios;
    let requests: Vec<String> = scenarios
        .iter()
        .flat_map(|scenario| [&scenario.on_start, &scenario.transactions, &scenario.on_stop])
        .flatten()
        .flat_map(|transaction| &transaction.requests)
        .map(|request| request.label().into_owned())
        .collect();
    let requests: Vec<&str> = requests.iter().map(String::as_str).collect();
    let scenarios: Vec<&str> = scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    match Threshold::parse(&made, &requests, &scenarios) {
        Ok(_) => Ok(made),
        Err(error) => Err(error.to_string()),
    }
}

fn measure(metric: &str, figure: &str, percentile: &str) -> Result<String, String> {
    Ok(match (metric.trim(), figure) {
        ("http_req_duration", "med") => "p50".to_owned(),
        ("http_req_duration", "avg" | "min" | "max") => figure.to_owned(),
        ("http_req_duration", _) if !percentile.is_empty() => format!("p{percentile}"),
        ("http_req_failed" | "request_failed", "rate") => "error_rate".to_owned(),
        ("http_req_failed" | "request_failures", "count") => "failures".to_owned(),
        ("http_reqs", "rate") => "rps".to_owned(),
        ("checks", "rate") => "checks".to_owned(),
        (metric, figure) => {
            return Err(format!(
                "no figure of a test is the {figure} of `{metric}`; there are those of response time, of failures, of \
                 checks and of requests per second"
            ));
        }
    })
}

fn filter(tags: &str, known: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let tags: Vec<&str> = tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).collect();
    let [tag] = tags.as_slice() else {
        return if tags.is_empty() {
            Ok(String::new())
        } else {
            Err("rules are narrowed by one tag alone".to_owned())
        };
    };
    let (key, value) = tag.split_once(':').unwrap_or((tag, ""));
    match key.trim() {
        // Answers that were not as expected count as failures, and their time counts all the same.
        "expected_response" if value.trim() == "true" => Ok(String::new()),
        "name" => Ok(format!("{{{}}}", value.trim())),
        "scenario" => {
            Ok(format!("{{scenario {}}}", known(value.trim()).unwrap_or_else(|| value.trim().to_owned())))
        }
        "status" => Ok(format!("{{{}}}", value.trim())),
        "request" => known(value.trim())
            .map(|name| format!("{{{name}}}"))
            .ok_or_else(|| "no request has this id".to_owned()),
        other => {
            Err(format!("requests have no tag `{other}`: a rule is narrowed by name, scenario or status"))
        }
    }
}
