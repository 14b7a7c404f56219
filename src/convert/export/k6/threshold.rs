//! Thresholds as k6 judges them.

use super::super::{literal::javascript, program::Program, sentence};
use crate::loadtest::threshold::{Filter, Measure, Op, Stat, Threshold};

/// `thresholds` of the options.
pub(super) fn thresholds(program: &mut Program<'_>, keys: &[String]) -> String {
    let rules = program.valid.thresholds().to_vec();
    let scenes: Vec<String> = program.scenes.iter().map(|scene| scene.name.clone()).collect();
    let abort = program.loadtest().abort_on_threshold;
    let mut by_metric: Vec<(String, Vec<String>)> = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        match said(rule, &scenes, keys) {
            Ok((metric, expression)) => {
                let expression = if abort {
                    format!(
                        "{{ threshold: {}, abortOnFail: true, delayAbortEval: '1s' }}",
                        javascript(&expression)
                    )
                } else {
                    javascript(&expression)
                };
                match by_metric.iter_mut().find(|(known, _)| *known == metric) {
                    Some((_, all)) => all.push(expression),
                    None => by_metric.push((metric, vec![expression])),
                }
            }
            Err(why) => program.leave_out(format!("thresholds[{index}]"), format!("`{rule}`: {why}")),
        }
    }
    if by_metric.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = by_metric
        .iter()
        .map(|(metric, all)| format!("    {}: [{}],\n", javascript(metric), all.join(", ")))
        .collect();
    format!("  thresholds: {{\n{}  }},\n", lines.concat())
}

/// A rule as a metric and an expression, or why there is none.
fn said(rule: &Threshold, scenes: &[String], keys: &[String]) -> Result<(String, String), String> {
    let (metric, figure, value) = match rule.measure {
        Measure::Latency { corrected: true, .. } => {
            return Err("k6 measures from sending alone, not from when a request was due".to_owned());
        }
        Measure::Latency { stat, .. } => ("http_req_duration", figure(stat), rule.value),
        Measure::ErrorRate => ("request_failed", "rate".to_owned(), rule.value),
        Measure::Failures => ("request_failures", "count".to_owned(), rule.value),
        Measure::Rps => ("http_reqs", "rate".to_owned(), rule.value),
        Measure::Checks => ("checks", "rate".to_owned(), rule.value),
        Measure::GeneratorLimited => return Err("k6 does not say whether it was the bottleneck".to_owned()),
    };
    let op = match rule.op {
        Op::Eq => "==",
        other => sentence::op(other),
    };
    Ok((format!("{metric}{}", selector(rule.filter.as_ref(), scenes, keys)?), format!("{figure}{op}{value}")))
}

fn figure(stat: Stat) -> String {
    match stat {
        Stat::Min => "min".to_owned(),
        Stat::Avg => "avg".to_owned(),
        Stat::Max => "max".to_owned(),
        Stat::Percentile(thousandths) => format!("p({})", f64::from(thousandths) / 1000.0),
    }
}

/// Tags in braces. Names that k6 would take apart have an id of their own.
fn selector(filter: Option<&Filter>, scenes: &[String], keys: &[String]) -> Result<String, String> {
    Ok(match filter {
        None => String::new(),
        Some(Filter::Request(name)) if plain(name) => format!("{{name:{name}}}"),
        Some(Filter::Request(name)) => format!("{{request:{}}}", sentence::id(name)),
        Some(Filter::Scenario(name)) => {
            let at = scenes.iter().position(|scene| scene == name).unwrap_or(0);
            format!("{{scenario:{}}}", keys[at])
        }
        Some(Filter::Status(status)) => format!("{{status:{status}}}"),
        Some(Filter::StatusClass(class)) => {
            return Err(format!("k6 keeps every status by itself: name one instead of {class}xx"));
        }
    })
}

fn plain(name: &str) -> bool {
    !name.contains([',', ':', '{', '}', '"', '\'', '\\'])
        && name.trim() == name
        && !name.contains(char::is_control)
}
