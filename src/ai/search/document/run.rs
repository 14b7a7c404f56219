//! What is searched of a run: its test, its target, how it ended, and its key figures as words.

use serde_json::{Value, json};
use url::Url;

use super::{Document, Kind, LONGEST_TITLE, Of, cut, text};
use crate::{
    engine::outcome::{Finding, Summary},
    number,
    runs::record::{RunStatus, StoredRun},
};

/// Most requests of a test that are named.
const MOST_REQUESTS: usize = 60;
/// Most kinds of errors that are named.
const MOST_ERRORS: usize = 5;
/// Most findings of a run that are searched.
const MOST_FINDINGS: usize = 8;
/// Longest text of one line, in characters.
const LONGEST_LINE: usize = 1000;

/// A run of `tenant` that is over.
#[must_use]
pub fn of_run(tenant: &str, run: &StoredRun) -> Document {
    let row = &run.row;
    let mut lines = vec![ending(run)];
    lines.extend(run.metrics.as_ref().map(figures));
    let hosts = hosts(&run.config);
    lines.push(hosts.join(" "));
    lines.extend(requests(&run.config));
    lines.extend(row.recipe_id.as_ref().map(|id| format!("recipe {id}")));
    lines.extend(run.config["description"].as_str().map(str::to_owned));
    lines.extend(run.notes.clone());
    lines.extend(row.ended_because.clone());
    lines.extend(run.metrics.iter().flat_map(failures));
    let began = row.start_time.unwrap_or(row.created_at);
    lines.push(began.strftime("%Y-%m-%d %A %B").to_string());
    let lines: Vec<String> = lines.iter().map(|line| cut(line, LONGEST_LINE)).collect();
    Document {
        tenant: tenant.to_owned(),
        kind: Kind::Run,
        id: row.id.to_string(),
        of: Of::Run(row.id),
        place: hosts.first().and_then(|host| origin(host)),
        at: Some(began),
        source_at: Some(row.updated_at),
        title: cut(&row.name, LONGEST_TITLE),
        body: text(&lines),
    }
}

/// What the analysis of a run of `tenant` has found, what matters most first.
#[must_use]
pub fn of_findings(tenant: &str, run: &StoredRun) -> Vec<Document> {
    let findings = run.analysis.iter().flat_map(|analysis| &analysis.findings);
    findings.take(MOST_FINDINGS).map(|finding| of_finding(tenant, run, finding)).collect()
}

fn of_finding(tenant: &str, run: &StoredRun, finding: &Finding) -> Document {
    let word = |value: Value| value.as_str().unwrap_or_default().replace('_', " ");
    let began = run.row.start_time.unwrap_or(run.row.created_at);
    let mut lines = vec![finding.explanation.clone()];
    lines.extend(finding.request.clone());
    lines.extend(finding.host.clone());
    lines.push(format!("{} {}", word(json!(finding.kind)), word(json!(finding.severity))));
    lines.push(finding.next_test.text.clone());
    lines.push(run.row.name.clone());
    lines.push(began.strftime("%Y-%m-%d %A %B").to_string());
    let lines: Vec<String> = lines.iter().map(|line| cut(line, LONGEST_LINE)).collect();
    Document {
        tenant: tenant.to_owned(),
        kind: Kind::Finding,
        id: format!("{}/{}", run.row.id, finding.id),
        of: Of::Run(run.row.id),
        // The target is that of its run, which is looked for by it.
        place: None,
        at: Some(began),
        source_at: Some(run.row.updated_at),
        title: cut(&finding.title, LONGEST_TITLE),
        body: text(&lines),
    }
}

fn ending(run: &StoredRun) -> String {
    let verdict = match (run.row.status, run.row.passed) {
        (RunStatus::Completed, Some(true)) => "passed",
        (RunStatus::Completed, Some(false)) => "thresholds failed",
        _ => "",
    };
    let baseline = if run.row.baseline { "baseline" } else { "" };
    [run.row.status.as_str(), verdict, baseline].join(" ").trim().to_owned()
}

fn figures(summary: &Summary) -> String {
    let latency = &summary.latency_ms;
    format!(
        "{} requests, {} failures ({}), {} requests per second, {} users, {}, median {}, p95 {}, p99 {}",
        summary.requests,
        summary.failures,
        number::percent(summary.error_rate),
        number::rate(summary.rps),
        summary.users_max,
        number::span(summary.duration_s),
        number::ms(latency.p50),
        number::ms(latency.p95),
        number::ms(latency.p99),
    )
}

/// What went wrong: thresholds that did not hold, and the most frequent errors.
fn failures(summary: &Summary) -> Vec<String> {
    let thresholds = summary.verdict.thresholds.iter().filter(|one| !one.passed);
    let thresholds = thresholds.map(|one| format!("failed: {} ({})", one.rule, one.observed_text));
    let errors = summary.errors.iter().take(MOST_ERRORS);
    let errors = errors.map(|group| format!("{} {} in {}", group.kind, group.message, group.request));
    let mut lines: Vec<String> = thresholds.take(MOST_ERRORS).chain(errors).collect();
    if summary.generator.limited {
        lines.push("the generator was the bottleneck".to_owned());
    }
    lines
}

/// The hosts that a LoadTest aims at.
pub fn hosts(loadtest: &Value) -> Vec<String> {
    let hosts = loadtest["target"]["hosts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let host = |host: &Value| host.as_str().or_else(|| host["url"].as_str()).map(str::to_owned);
    hosts.iter().filter_map(host).take(MOST_REQUESTS).collect()
}

/// A line for each request of a LoadTest: method, path and name, each once.
pub fn requests(loadtest: &Value) -> Vec<String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut lines: Vec<String> = Vec::new();
    for scenario in list(&loadtest["scenarios"]) {
        for transaction in list(&scenario["transactions"]) {
            for request in list(&transaction["requests"]) {
                let method = request["method"].as_str().unwrap_or("GET");
                let parts = [&request["path"], &request["name"], &transaction["name"], &scenario["name"]];
                let parts: Vec<&str> = parts.into_iter().filter_map(Value::as_str).collect();
                let line = format!("{method} {}", parts.join(" "));
                if lines.len() < MOST_REQUESTS && !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
    }
    lines
}

/// Scheme, host and port of a URL, as one and the same target is always written.
#[must_use]
pub fn origin(url: &str) -> Option<String> {
    let url = Url::parse(url).ok().filter(Url::has_host)?;
    let origin = url.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests_and_hosts_are_read_from_any_document() {
        let test = json!({"target": {"hosts": ["http://shop.example:80/", {"url": "https://b"}, 7]}, "scenarios": [
            {"name": "buy", "transactions": [{"name": "cart", "requests": [
                {"method": "POST", "path": "/cart", "name": "put"}, {"path": "/"}, {"path": "/"}, 5]}]}, "x"]});
        assert_eq!(hosts(&test), ["http://shop.example:80/", "https://b"]);
        assert_eq!(requests(&test), ["POST /cart put cart buy", "GET / cart buy", "GET cart buy"]);
        for nothing in [json!(null), json!([]), json!({"scenarios": {"a": 1}, "target": 7})] {
            assert!(hosts(&nothing).is_empty() && requests(&nothing).is_empty());
        }
    }

    #[test]
    fn an_origin_has_one_form() {
        assert_eq!(origin("HTTP://Shop.Example:80/a?b").as_deref(), Some("http://shop.example"));
        assert_eq!(origin("https://user:secret@shop:8443").as_deref(), Some("https://shop:8443"));
        for none in ["shop", "", "data:text/plain,x", "mailto:a@b"] {
            assert_eq!(origin(none), None, "{none}");
        }
    }
}
