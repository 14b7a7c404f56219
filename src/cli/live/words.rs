//! A snapshot in words.

use indicatif::HumanCount;

use crate::engine::live::{Phase, Snapshot};

/// Columns of the bar.
const BAR: usize = 32;
/// Most characters of an error that are shown.
const ERROR: usize = 70;

/// The part of the bar that is done, and the part that is left.
pub(super) fn bar(snapshot: &Snapshot) -> (String, String) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to BAR")]
    let done = (snapshot.progress.unwrap_or(0.0).clamp(0.0, 1.0) * BAR as f64) as usize;
    ("━".repeat(done), "─".repeat(BAR - done))
}

/// Time and phase: `12s of 40s, maintain`.
pub(super) fn clock(snapshot: &Snapshot) -> String {
    let elapsed = snapshot.elapsed_s;
    let total = snapshot.progress.filter(|progress| *progress > 0.01).map(|progress| elapsed / progress);
    match total {
        Some(total) => format!("{} of {}, {}", span(elapsed), span(total), phase(snapshot.phase)),
        None => format!("{}, {}", span(elapsed), phase(snapshot.phase)),
    }
}

/// The lines below the bar.
pub(super) fn block(snapshot: &Snapshot) -> String {
    let mut lines = vec![
        format!("  users     {} of {}", count(snapshot.users), count(snapshot.users_planned)),
        format!("  requests  {}, {:.0} per second", HumanCount(snapshot.requests), snapshot.rps),
        format!("  failures  {}", failures(snapshot)),
        format!("  latency   {}", latency(snapshot)),
    ];
    if let Some((error, times)) = snapshot.top_errors.first() {
        lines.push(format!("  top error {} x {}", HumanCount(*times), shortened(error)));
    }
    lines.join("\n")
}

/// One line, for logs.
pub(super) fn line(snapshot: &Snapshot) -> String {
    format!(
        "{}: {} users, {} requests, {:.0} per second, {} failures, {}",
        clock(snapshot),
        count(snapshot.users),
        HumanCount(snapshot.requests),
        snapshot.rps,
        failures(snapshot),
        latency(snapshot)
    )
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Idle => "starting",
        Phase::Increase => "users increase",
        Phase::Maintain => "users are steady",
        Phase::Decrease => "users decrease",
        Phase::Shutdown => "ending",
    }
}

fn count(number: u32) -> HumanCount {
    HumanCount(number.into())
}

fn failures(snapshot: &Snapshot) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a share for people")]
    let share = 100.0 * snapshot.failures as f64 / snapshot.requests.max(1) as f64;
    match snapshot.failures {
        0 => "0".to_owned(),
        failures => format!("{} ({share:.2} %)", HumanCount(failures)),
    }
}

fn latency(snapshot: &Snapshot) -> String {
    if snapshot.p99_ms <= 0.0 {
        return "no answer in the last second".to_owned();
    }
    let [p50, p95, p99] = [snapshot.p50_ms, snapshot.p95_ms, snapshot.p99_ms].map(millis);
    format!("p50 {p50}, p95 {p95}, p99 {p99}")
}

fn millis(ms: f64) -> String {
    match ms {
        ms if ms < 10.0 => format!("{ms:.2} ms"),
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.2} s", ms / 1000.0),
    }
}

fn span(seconds: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let seconds = seconds.round() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s}s"),
        (0, m, s) => format!("{m}m{s:02}s"),
        (h, m, s) => format!("{h}h{m:02}m{s:02}s"),
    }
}

/// The beginning of `error` on one line, without control characters that a target may have sent.
fn shortened(error: &str) -> String {
    let mut text: String = error.chars().take(ERROR).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if error.chars().nth(ERROR).is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot() -> Snapshot {
        Snapshot {
            phase: Phase::Maintain,
            elapsed_s: 7.52,
            progress: Some(0.2),
            users: 20,
            users_planned: 20,
            requests: 12_345,
            failures: 12,
            rps: 1502.4,
            p50_ms: 1.234,
            p95_ms: 12.3,
            p99_ms: 1234.5,
            top_errors: vec![("status: 500\u{1b}[31m".to_owned(), 12)],
            ..Snapshot::default()
        }
    }

    #[test]
    fn a_running_test_in_words() {
        insta::assert_snapshot!(format!("{}\n{}\n{}", clock(&snapshot()), block(&snapshot()), line(&snapshot())), @r"
        8s of 38s, users are steady
          users     20 of 20
          requests  12,345, 1502 per second
          failures  12 (0.10 %)
          latency   p50 1.23 ms, p95 12 ms, p99 1.23 s
          top error 12 x status: 500 [31m
        8s of 38s, users are steady: 20 users, 12,345 requests, 1502 per second, 12 (0.10 %) failures, p50 1.23 ms, p95 12 ms, p99 1.23 s
        ");
    }

    #[test]
    fn the_start_in_words() {
        insta::assert_snapshot!(line(&Snapshot::default()), @"0s, starting: 0 users, 0 requests, 0 per second, 0 failures, no answer in the last second");
    }
}
