//! CSV (RFC 4180): a row per request name and a total row. The columns are a contract: new ones are
//! added at the end, none is renamed.

use super::{Format, ReportError};
use crate::engine::outcome::{Latency, Outcome, RequestStats, Summary};

const COLUMNS: [&str; 27] = [
    "type",
    "name",
    "method",
    "requests",
    "failures",
    "error_rate",
    "rps",
    "bytes_in",
    "bytes_out",
    "min_ms",
    "avg_ms",
    "p50_ms",
    "p90_ms",
    "p95_ms",
    "p99_ms",
    "p999_ms",
    "max_ms",
    "corrected_min_ms",
    "corrected_avg_ms",
    "corrected_p50_ms",
    "corrected_p90_ms",
    "corrected_p95_ms",
    "corrected_p99_ms",
    "corrected_p999_ms",
    "corrected_max_ms",
    "run_id",
    "started_at",
];

/// The CSV report.
pub fn render(outcome: &Outcome) -> Result<Vec<u8>, ReportError> {
    let refused = |cause: String| ReportError::Render { format: Format::Csv, cause };
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(|error| refused(error.to_string()))?;
    let run = [cell(&outcome.summary.run_id), cell(&outcome.started_at)];
    for request in &outcome.summary.by_request {
        writer.write_record(request_row(request, &run)).map_err(|error| refused(error.to_string()))?;
    }
    writer.write_record(total_row(&outcome.summary, &run)).map_err(|error| refused(error.to_string()))?;
    writer.into_inner().map_err(|error| refused(error.to_string()))
}

fn request_row(request: &RequestStats, run: &[String]) -> Vec<String> {
    let mut row = vec!["request".to_owned(), cell(&request.name), cell(&request.method)];
    row.extend([request.requests, request.failures].map(|count| count.to_string()));
    row.extend([decimal(request.error_rate, 6), decimal(request.rps, 3)]);
    row.extend([request.bytes_in, request.bytes_out].map(|count| count.to_string()));
    row.extend(latency(&request.latency_ms, request.requests));
    row.extend(latency(&request.corrected_latency_ms, request.requests));
    row.extend_from_slice(run);
    row
}

fn total_row(summary: &Summary, run: &[String]) -> Vec<String> {
    let mut row = vec!["total".to_owned(), "Total".to_owned(), String::new()];
    row.extend([summary.requests, summary.failures].map(|count| count.to_string()));
    row.extend([decimal(summary.error_rate, 6), decimal(summary.rps, 3)]);
    row.extend([summary.bytes_in, summary.bytes_out].map(|count| count.to_string()));
    row.extend(latency(&summary.latency_ms, summary.requests));
    row.extend(latency(&summary.corrected_latency_ms, summary.requests));
    row.extend_from_slice(run);
    row
}

/// Eight cells, empty when nothing was measured: an empty cell is no zero in an average.
fn latency(latency: &Latency, requests: u64) -> [String; 8] {
    let Latency { min, avg, p50, p90, p95, p99, p999, max } = *latency;
    [min, avg, p50, p90, p95, p99, p999, max]
        .map(|value| if requests == 0 { String::new() } else { decimal(value, 3) })
}

fn decimal(value: f64, digits: usize) -> String {
    if value.is_finite() { format!("{value:.digits$}") } else { String::new() }
}

/// Text that no spreadsheet takes for a formula: a leading sign of one gets an apostrophe before it.
fn cell(text: &str) -> String {
    let looks_like_formula = text.trim_start().starts_with(['=', '+', '-', '@']);
    if looks_like_formula || text.starts_with(['\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_text() {
        assert_eq!(cell("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(cell(" \t@SUM"), "' \t@SUM");
        assert_eq!(cell("\rx"), "'\rx");
        assert_eq!(cell("GET /a-b"), "GET /a-b");
    }
}
