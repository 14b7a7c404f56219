//! Thresholds: by how much they were missed, and which were held with next to nothing to spare.

use super::{
    facts::Facts,
    finding::{Draft, short},
};
use crate::{
    engine::outcome::{CheckStats, Finding, Kind, Severity, ThresholdResult, Unit},
    loadtest::threshold::{Filter, Measure, Op, Threshold},
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
    failed
        .chain(narrow.take(MOST.1))
        .map(|(result, rule, observed)| told(facts, result, rule, *observed))
        .collect()
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

fn told(facts: &Facts<'_>, result: &ThresholdResult, rule: &Threshold, observed: f64) -> Finding {
    let unit = match rule.measure {
        Measure::Latency { .. } => Unit::Ms,
        Measure::ErrorRate | Measure::Checks => Unit::Share,
        Measure::Failures | Measure::GeneratorLimited => Unit::Count,
        Measure::Rps => Unit::PerSecond,
    };
    let severity = if result.passed { Severity::Info } else { Severity::Warning };
    let mut draft = Draft::new(Kind::Threshold, severity, 1.0).request(request_of(rule));
    let name = short(result.rule.split(['<', '>', '=', '!']).next().unwrap_or_default().trim());
    let limit = draft.figure(format!("limit of {name}"), rule.value, unit);
    let seen = draft.figure(format!("observed {name}"), observed, unit);
    let by = margin(rule, observed).map(|margin| draft.figure("margin", margin.abs(), Unit::Share));
    let (title, mut text) = match (result.passed, by) {
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
    if result.passed {
        return draft.next("Repeat the run some times, to see how often it holds.", None).told(title, text);
    }
    let worst = (rule.measure == Measure::Checks).then(|| worst(&facts.outcome.checks, rule)).flatten();
    if let Some(check) = worst {
        let failed = draft.figure("times it failed", count(check.failed), Unit::Count);
        let made = draft.figure("times it was made", count(check.passed + check.failed), Unit::Count);
        let (name, request) = (short(&check.name), short(&check.request));
        text.push_str(&format!(" What failed most: {name} of {request}, {failed} of {made} times."));
        draft = draft.request(Some(check.request.clone()));
    }
    draft.next(advice(rule), None).told(title, text)
}

/// The request that it is about, where it is about one.
fn request_of(rule: &Threshold) -> Option<String> {
    match &rule.filter {
        Some(Filter::Request(name)) => Some(name.clone()),
        _ => None,
    }
}

/// What to run after a rule that failed.
const fn advice(rule: &Threshold) -> &'static str {
    match (rule.measure, rule.op) {
        (Measure::ErrorRate | Measure::Failures | Measure::Checks, _) => {
            "Send it once with a dry run: what fails there too is not a matter of load; else lower the load until it holds."
        }
        (Measure::Rps, Op::Gt | Op::Ge) => {
            "Run it with more users, or at a higher rate: if no more comes through, the target is the limit."
        }
        _ => "Lower the load until it holds: that is what the target can be promised for.",
    }
}

/// The check that failed most often, of those that the rule is about.
fn worst<'a>(checks: &'a [CheckStats], rule: &Threshold) -> Option<&'a CheckStats> {
    let meant = |check: &&CheckStats| match &rule.filter {
        None => true,
        Some(Filter::Request(name)) => check.request == *name,
        // Checks are not kept apart by it.
        Some(_) => false,
    };
    checks.iter().filter(meant).filter(|check| check.failed > 0).max_by_key(|check| check.failed)
}

#[expect(clippy::cast_precision_loss, reason = "a figure that is told needs no more than 52 bits")]
const fn count(times: u64) -> f64 {
    times as f64
}
