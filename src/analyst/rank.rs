//! Causes before what follows from them.

use super::facts::Facts;
use crate::engine::outcome::{Finding, Kind, Severity, Unit};

/// Names findings, lets each one that follows from another say so, and puts causes first: by how much they
/// matter, then by how much else their kind explains.
pub(super) fn ranked(mut findings: Vec<Finding>, facts: &Facts<'_>) -> Vec<Finding> {
    let limited = facts.outcome.summary.generator.limited;
    findings.sort_by(|a, b| order(a).cmp(&order(b)).then(b.confidence.total_cmp(&a.confidence)));
    let mut counts = std::collections::BTreeMap::<Kind, u32>::new();
    for finding in &mut findings {
        let count = counts.entry(finding.kind).or_default();
        *count += 1;
        finding.id = format!("{}-{count}", name(finding.kind));
        if limited && finding.kind != Kind::GeneratorSaturated {
            finding.weak = true;
            finding.confidence = (finding.confidence * 50.0).round() / 100.0;
        }
    }
    // Whatever explains another comes before it by kind, also where the other matters more.
    let mut by_kind: Vec<usize> = (0..findings.len()).collect();
    by_kind.sort_by_key(|place| findings[*place].kind);
    for effect in 0..findings.len() {
        let cause = by_kind.iter().copied().find(|cause| {
            *cause != effect
                && findings[*cause].follows_from.is_none()
                && explains(&findings[*cause], &findings[effect], facts)
        });
        findings[effect].follows_from = cause.map(|cause| findings[cause].id.clone());
    }
    settle(&mut findings);
    findings.sort_by_key(|finding| finding.follows_from.is_some());
    findings
}

/// Points from what follows from something that itself follows from a cause to that cause.
fn settle(findings: &mut [Finding]) {
    for place in 0..findings.len() {
        let mut steps = findings.len();
        while let Some(cause) = findings[place].follows_from.clone() {
            let above = findings
                .iter()
                .find(|finding| finding.id == cause)
                .and_then(|cause| cause.follows_from.clone());
            match above {
                Some(above) if steps > 0 => findings[place].follows_from = Some(above),
                _ => break,
            }
            steps -= 1;
        }
    }
}

/// The generator first, else by how much it matters, then by kind.
fn order(finding: &Finding) -> (bool, std::cmp::Reverse<Severity>, Kind) {
    (finding.kind != Kind::GeneratorSaturated, std::cmp::Reverse(finding.severity), finding.kind)
}

/// What a kind is called in an id.
pub(super) const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::GeneratorSaturated => "generator",
        Kind::BadHost => "host",
        Kind::Knee => "knee",
        Kind::Errors => "errors",
        Kind::Stalls => "stalls",
        Kind::Shift => "shift",
        Kind::Drift => "drift",
        Kind::SlowRequest => "slow",
        Kind::Regression => "regression",
        Kind::WarmUp => "warm-up",
        Kind::Bimodal => "bimodal",
        Kind::Threshold => "threshold",
    }
}

/// Whether `effect` is what `cause` brings about. Kinds are in the order in which they explain each other, so
/// that nothing goes round in a circle.
fn explains(cause: &Finding, effect: &Finding, facts: &Facts<'_>) -> bool {
    use Kind::{
        BadHost, Bimodal, Drift, Errors, GeneratorSaturated, Knee, Regression, Shift, SlowRequest, Stalls,
        Threshold, WarmUp,
    };
    if cause.kind >= effect.kind && !(cause.kind == Bimodal && effect.kind == SlowRequest) {
        return false;
    }
    let same_request = cause.request.is_none() || effect.request.is_none() || cause.request == effect.request;
    let not_before = |slack: f64| match (cause.from_s, effect.from_s) {
        (Some(cause), Some(effect)) => effect >= cause - slack,
        // Without a time of its own it covers the whole run.
        (_, None) => false,
        (None, Some(_)) => true,
    };
    let near = 3.0 * facts.step;
    match (cause.kind, effect.kind) {
        (GeneratorSaturated, Errors | BadHost) => of_the_machine(effect, facts),
        // The target's failures are its own, and so is what they miss.
        (GeneratorSaturated, Threshold) => !about_errors(effect) || machine_failed(facts),
        (GeneratorSaturated, _) => true,
        (BadHost, Errors) => effect.host.is_some() && effect.host == cause.host,
        (BadHost, SlowRequest | Bimodal | Threshold | Regression) => true,
        (Knee, Errors) => not_before(2.0 * near),
        (Knee, Shift | Drift | SlowRequest | Regression | Bimodal | Threshold) => true,
        (Errors, Stalls | Shift) => {
            cause.from_s.is_some()
                && (cause.from_s.unwrap_or(0.0) - effect.from_s.unwrap_or(-1e9)).abs() <= near
        }
        (Errors, Bimodal) => same_request,
        (Errors, SlowRequest | Regression) => same_request && many_fail(facts),
        (Errors, Threshold) => same_request && (about_errors(effect) || many_fail(facts)),
        (Stalls | Shift | Drift, SlowRequest | Regression | Bimodal) => same_request,
        (Stalls, Shift | Drift) => true,
        (SlowRequest, Regression | Bimodal) => same_request,
        (WarmUp, Bimodal) => true,
        (Stalls | Shift | Drift | SlowRequest | Regression | WarmUp, Threshold) => {
            same_request && !about_errors(effect)
        }
        _ => false,
    }
}

/// Whether failures are those of the machine that sends.
fn of_the_machine(errors: &Finding, facts: &Facts<'_>) -> bool {
    errors.kind == Kind::Errors && machine_failed(facts)
}

/// Whether most failures are of the machine that sends.
fn machine_failed(facts: &Facts<'_>) -> bool {
    facts.outcome.summary.errors.first().is_some_and(|group| group.kind == "exhausted")
}

/// Whether so many requests fail that response times tell of failures.
fn many_fail(facts: &Facts<'_>) -> bool {
    facts.outcome.summary.error_rate >= 0.05
}

/// Whether a threshold is on failures.
fn about_errors(threshold: &Finding) -> bool {
    // Response times and rates have units of their own.
    threshold.evidence.first().is_some_and(|limit| matches!(limit.unit, Unit::Share | Unit::Count))
}
