//! JUnit XML: a test case per threshold and per request name, so that a CI server shows them.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{
    Format, ReportError, headline,
    number::{count, ms, percent, plural, rate},
};
use crate::{
    analyst,
    engine::outcome::{Outcome, RequestStats, Status, ThresholdResult},
};

/// The JUnit report.
pub fn render(outcome: &Outcome) -> Result<Vec<u8>, ReportError> {
    let mut report = Report::new(outcome.name.as_str());
    report.set_time(duration(outcome.summary.duration_s));
    report.add_test_suite(run(outcome));
    if !outcome.summary.verdict.thresholds.is_empty() {
        report.add_test_suite(thresholds(outcome));
    }
    if !outcome.summary.by_request.is_empty() {
        report.add_test_suite(requests(outcome));
    }
    let mut bytes = Vec::new();
    report
        .serialize(&mut bytes)
        .map_err(|error| ReportError::Render { format: Format::Xml, cause: error.to_string() })?;
    Ok(bytes)
}

/// The run itself: the one place where a run that ended itself, or that was stopped, shows.
fn run(outcome: &Outcome) -> TestSuite {
    let mut suite = TestSuite::new("run");
    suite.add_property(("run_id", outcome.summary.run_id.as_str()));
    suite.add_property(("started_at", outcome.started_at.as_str()));
    suite.add_property(("maid_version", outcome.maid_version.as_str()));
    suite.set_time(duration(outcome.summary.duration_s));
    let analysis = analyst::of(outcome);
    suite.add_property(("findings", analysis.findings.len().to_string().as_str()));
    if let Some(first) = analysis.findings.first() {
        suite.add_property(("top_finding", first.title.as_str()));
    }
    let sentence = headline::of(outcome).sentence;
    let status = match outcome.summary.status {
        Status::Completed => TestCaseStatus::success(),
        Status::Stopped => {
            let mut skipped = TestCaseStatus::skipped();
            skipped.set_message(sentence.as_str());
            skipped
        }
        Status::Failed => failure(&sentence, "run"),
    };
    let mut case = TestCase::new("the run reaches its end", status);
    case.set_classname("run").set_time(duration(outcome.summary.duration_s));
    case.set_system_out(analyst::plain(&analysis));
    if let Some(warning) = headline::limited(&outcome.summary.generator) {
        case.set_system_err(warning);
    }
    suite.add_test_case(case);
    suite
}

fn thresholds(outcome: &Outcome) -> TestSuite {
    let mut suite = TestSuite::new("thresholds");
    suite.add_test_cases(outcome.summary.verdict.thresholds.iter().map(threshold));
    suite
}

fn threshold(threshold: &ThresholdResult) -> TestCase {
    let status = if threshold.passed {
        TestCaseStatus::success()
    } else {
        let message = format!("{} does not hold: observed {}", threshold.rule, threshold.observed_text);
        failure(&message, "threshold")
    };
    let mut case = TestCase::new(threshold.rule.as_str(), status);
    case.set_classname("threshold");
    case.set_system_out(format!("observed {}", threshold.observed_text));
    case
}

fn requests(outcome: &Outcome) -> TestSuite {
    let mut suite = TestSuite::new("requests");
    suite.add_test_cases(outcome.summary.by_request.iter().map(request));
    suite
}

fn request(request: &RequestStats) -> TestCase {
    let status = if request.requests == 0 {
        let mut skipped = TestCaseStatus::skipped();
        skipped.set_message("not one was finished");
        skipped
    } else if request.failures == 0 {
        TestCaseStatus::success()
    } else {
        let of = plural(request.requests, "request", "requests");
        let message = format!("{} of {of} failed ({})", count(request.failures), percent(request.error_rate));
        failure(&message, "request")
    };
    let mut case = TestCase::new(request.name.as_str(), status);
    case.set_classname("request").set_time(duration(request.latency_ms.avg / 1000.0));
    if request.requests > 0 {
        let latency = &request.latency_ms;
        case.set_system_out(format!(
            "{} requests, {}/s, p50 {}, p95 {}, p99 {}, max {}",
            count(request.requests),
            rate(request.rps),
            ms(latency.p50),
            ms(latency.p95),
            ms(latency.p99),
            ms(latency.max)
        ));
    }
    case
}

fn failure(message: &str, kind: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(message).set_type(kind);
    status
}

/// A length of time; nothing where the figure is none.
fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}
