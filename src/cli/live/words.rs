//! A snapshot in words.

use crate::{
    engine::live::{Phase, Snapshot},
    reports::{
        number::{count, ms, percent, rate, span},
        text::cut,
    },
};

/// Columns of the bar.
const BAR: usize = 32;
/// Most columns of an error that are shown.
const ERROR: usize = 70;

/// The part of the bar that is done, and the part that is left.
pub(super) fn bar(snapshot: &Snapshot) -> (String, String) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to BAR")]
    let done = (snapshot.progress.unwrap_or(0.0).clamp(0.0, 1.0) * BAR as f64) as usize;
    ("━".repeat(done), "─".repeat(BAR - done))
}

/// Time and phase: `12 s of 40 s, users are steady`.
pub(super) fn clock(snapshot: &Snapshot) -> String {
    let elapsed = snapshot.elapsed_s;
    let total = snapshot.progress.filter(|progress| *progress > 0.01).map(|progress| elapsed / progress);
    match total {
        Some(total) => {
            format!("{} of {}, {}", span(elapsed.round()), span(total.round()), phase(snapshot.phase))
        }
        None => format!("{}, {}", span(elapsed.round()), phase(snapshot.phase)),
    }
}

/// The lines below the bar.
pub(super) fn block(snapshot: &Snapshot) -> String {
    let mut lines = vec![
        format!("  users     {} of {}", count(snapshot.users.into()), count(snapshot.users_planned.into())),
        format!("  requests  {}, {} per second", count(snapshot.requests), rate(snapshot.rps)),
        format!("  failures  {}", failures(snapshot)),
        format!("  latency   {}", latency(snapshot)),
    ];
    if let Some((error, times)) = snapshot.top_errors.first() {
        lines.push(format!("  top error {} x {}", count(*times), cut(error, ERROR)));
    }
    lines.join("\n")
}

/// One line, for logs.
pub(super) fn line(snapshot: &Snapshot) -> String {
    format!(
        "{}: {} users, {} requests ({} per second), failures {}, {}",
        clock(snapshot),
        count(snapshot.users.into()),
        count(snapshot.requests),
        rate(snapshot.rps),
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

fn failures(snapshot: &Snapshot) -> String {
    match snapshot.failures {
        0 => "0".to_owned(),
        failures => {
            #[expect(clippy::cast_precision_loss, reason = "a share for people")]
            let share = failures as f64 / snapshot.requests.max(1) as f64;
            format!("{} ({})", count(failures), percent(share))
        }
    }
}

fn latency(snapshot: &Snapshot) -> String {
    if snapshot.p99_ms <= 0.0 {
        return "no answer in the last second".to_owned();
    }
    format!("p50 {}, p95 {}, p99 {}", ms(snapshot.p50_ms), ms(snapshot.p95_ms), ms(snapshot.p99_ms))
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
        8 s of 38 s, users are steady
          users     20 of 20
          requests  12,345, 1,502 per second
          failures  12 (0.10%)
          latency   p50 1.23 ms, p95 12.3 ms, p99 1.23 s
          top error 12 x status: 500 [31m
        8 s of 38 s, users are steady: 20 users, 12,345 requests (1,502 per second), failures 12 (0.10%), p50 1.23 ms, p95 12.3 ms, p99 1.23 s
        ");
    }

    #[test]
    fn the_start_in_words() {
        insta::assert_snapshot!(line(&Snapshot::default()), @"0 s, starting: 0 users, 0 requests (0 per second), failures 0, no answer in the last second");
    }
}
