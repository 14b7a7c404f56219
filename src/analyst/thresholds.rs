//! Thresholds: by how much they were missed, and which were held with next to nothing to spare.

use super::{
    facts::Facts,
    finding::{Draft, short},
};
use crate::{
    engine::outcome::{Finding, Kind, Severity, ThresholdResult, Unit},
    loadtest::threshold::{Measure, Op, Threshold},
};

/// Share of its value by which a threshold that held is all but failed.
const NARROW: f64 = 0.05;
/// Thresholds that are looked at; a document takes no more.
const MOST_RULES: usize = 100;
/// Failed thresholds that are told at most, and those that held narrowly.
const MOST: (usize, usize) = (5, 3);

/// Thresholds that failed or all but failed. What the generator went through has a finding of its own.
pub(super) fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let all = facts.outcome.summary.verdict.thresholds.iter().take(MOST_RULES);
    let judged = all.filter_map(|result| Some((result, rule(facts, result)?, result.observed?)));
    let judged: Vec<_> =
        judged.filter(|(_, rule, _)| rule.measure != Measure::GeneratorLimited && rule.value > 0.0).collect();
    let failed = judged.iter().filter(|(result, ..)| !result.passed).take(MOST.0);
    let narrow = judged.iter().filter(|(result, rule, observed)| {
        result.passed && facts.enough() && margin(rule, *observed).is_some_and(|margin| margin < NARROW)
    });
    failed.chain(narrow.take(MOST.1)).map(|(result, rule, observed)| told(result, rule, *observed)).collect()
}

/// The rule as it was parsed; names in braces are those of the run.
fn rule(facts: &Facts<'_>, result: &ThresholdResult) -> Option<Threshold> {
    let requests: Vec<&str> =
        facts.outcome.summary.by_request.iter().map(|request| request.name.as_str()).collect();
    let scenarios: Vec<&str> =
        facts.outcome.by_scenario.iter().map(|scenario| scenario.name.as_str()).collect();
    Threshold::parse(&result.rule, &requests, &scenarios).ok()
}

/// What is left up to the value, as a share of it; `None` where a margin makes no sense.
fn margin(rule: &Threshold, observed: f64) -> Option<f64> {
    match rule.op {
        Op::Lt | Op::Le => Some((rule.value - observed) / rule.value),
        // A share of 1 cannot be beaten by much.
        Op::Gt | Op::Ge if !matches!(rule.measure, Measure::Checks) => {
            Some((observed - rule.value) / rule.value)
        }
        _ => None,
    }
}

fn told(result: &ThresholdResult, rule: &Threshold, observed: f64) -> Finding {
    let unit = match rule.measure {
        Measure::Latency { .. } => Unit::Ms,
        Measure::ErrorRate | Measure::Checks => Unit::Share,
        Measure::Failures | Measure::GeneratorLimited => Unit::Count,
        Measure::Rps => Unit::PerSecond,
    };
    let severity = if result.passed { Severity::Info } else { Severity::Warning };
    let mut draft = Draft::new(Kind::Threshold, severity, 1.0);
    let name = short(result.rule.split(['<', '>', '=', '!']).next().unwrap_or_default().trim());
    let limit = draft.figure(format!("limit of {name}"), rule.value, unit);
    let seen = draft.figure(format!("observed {name}"), observed, unit);
    let by = margin(rule, observed).map(|margin| draft.figure("margin", margin.abs(), Unit::Share));
    let (title, text) = match (result.passed, by) {
        (true, by) => (
            format!("The threshold on {name} held with little to spare"),
            format!(
                "{name} was {seen} where {limit} is the limit: {} to spare, less than runs vary by.",
                by.unwrap_or_default()
            ),
        ),
        (false, Some(by)) => (
            format!("The threshold on {name} failed"),
            format!("{name} was {seen} where {limit} is the limit: missed by {by}."),
        ),
        (false, None) => (
            format!("The threshold on {name} failed"),
            format!("{name} was {seen} where {limit} is the limit."),
        ),
    };
    let next = if result.passed {
        "Repeat the run some times, to see how often it holds."
    } else {
        "Lower the load until it holds: that is what the target can be promised for."
    };
    draft.next(next, None).told(title, text)
}
