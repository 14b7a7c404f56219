//! Advice about what counts as a pass.

use super::Advice;
use crate::loadtest::{place::Path, types::LoadTest};

/// What is to be said of the thresholds of `test`.
pub(super) fn of(test: &LoadTest) -> Vec<Advice> {
    let path = Path::root().key("thresholds");
    if test.thresholds.is_empty() {
        let message = "nothing says what counts as a pass, so that it passes whatever happens. Begin with \
                       `thresholds: [\"error_rate < 1%\", \"p95 < 500ms\"]`";
        return vec![Advice::new("no_thresholds", &path, message)];
    }
    let mut all = Vec::new();
    let measures: Vec<&str> = test.thresholds.iter().map(|text| measure(text)).collect();
    if measures.iter().all(|measure| *measure == "avg") {
        let message = "an average hides the users who wait longest: nine answers of 10 ms and one of 5 s average to half a \
                       second. Take `p95` or `p99`";
        all.push(Advice::new("average_only", &path, message));
    }
    if !measures.iter().any(|measure| matches!(*measure, "error_rate" | "failures" | "checks")) {
        let message =
            "no rule is about errors, and errors are often the fastest answers: add `error_rate < 1%`";
        all.push(Advice::new("no_error_threshold", &path, message));
    }
    all
}

/// The measure that a rule begins with.
fn measure(text: &str) -> &str {
    let text = text.trim_start();
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).next().unwrap_or_default()
}
