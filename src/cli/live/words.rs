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

/// Least columns of the bar; below, there is none.
const LEAST_BAR: usize = 8;

/// The first line, in at most `width` columns: what is done of the bar, what is left of it, and the
/// clock. Where there is no room for all, the bar shrinks, then the phase and the total go.
pub(super) fn head(snapshot: &Snapshot, width: usize) -> (String, String, String) {
    let clocks = [clock(snapshot), time(snapshot), elapsed(snapshot)];
    let fits = |clock: &&String| clock.len() + 1 + LEAST_BAR <= width;
    let clock = clocks.iter().find(fits).unwrap_or(&clocks[2]);
    let room = width.saturating_sub(clock.len() + 1).min(BAR);
    let columns = if room < LEAST_BAR { 0 } else { room };
    let (done, left) = bar(snapshot, columns);
    let space = if columns > 0 { " " } else { "" };
    (done, left, cut(&format!("{space}{clock}"), width.saturating_sub(columns)))
}

fn bar(snapshot: &Snapshot, columns: usize) -> (String, String) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to the columns")]
    let done = (snapshot.progress.unwrap_or(0.0).clamp(0.0, 1.0) * columns as f64) as usize;
    ("━".repeat(done), "─".repeat(columns - done))
}

/// Time and phase: `12 s of 40 s, users are steady`.
pub(super) fn clock(snapshot: &Snapshot) -> String {
    format!("{}, {}", time(snapshot), phase(snapshot.phase))
}

fn time(snapshot: &Snapshot) -> String {
    let total = snapshot.progress.filter(|progress| *progress > 0.01);
    match total.map(|progress| snapshot.elapsed_s / progress) {
        Some(total) => format!("{} of {}", elapsed(snapshot), span(total.round())),
        None => elapsed(snapshot),
    }
}

fn elapsed(snapshot: &Snapshot) -> String {
    span(snapshot.elapsed_s.round())
}

/// The lines below the bar, each in at most `width` columns.
pub(super) fn block(snapshot: &Snapshot, width: usize) -> String {
    let mut lines = vec![
        format!("  users     {} of {}", count(snapshot.users.into()), count(snapshot.users_planned.into())),
        format!("  requests  {}, {} per second", count(snapshot.requests), rate(snapshot.rps)),
        format!("  failures  {}", failures(snapshot)),
        format!("  latency   {}", latency(snapshot)),
    ];
    if let Some((error, times)) = snapshot.top_errors.first() {
        lines.push(format!("  top error {} x {}", count(*times), cut(error, ERROR)));
    }
    let lines: Vec<String> = lines.iter().map(|line| cut(line, width)).collect();
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
        insta::assert_snapshot!(format!("{}\n{}\n{}", clock(&snapshot()), block(&snapshot(), 100), line(&snapshot())), @r"
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
    fn no_line_is_wider_than_the_terminal() {
        for width in 1..120 {
            let (done, left, clock) = head(&snapshot(), width);
            let block = block(&snapshot(), width);
            for line in std::iter::once(format!("{done}{left}{clock}").as_str()).chain(block.lines()) {
                assert!(console::measure_text_width(line) <= width, "{width}: {line}");
            }
        }
        let head = |width| {
            let (done, left, clock) = head(&snapshot(), width);
            format!("{done}{left}{clock}")
        };
        assert_eq!(head(40), "━━──────── 8 s of 38 s, users are steady");
        assert_eq!(head(30), "━━━─────────────── 8 s of 38 s");
        assert_eq!(head(10), "8 s");
    }

    #[test]
    fn the_start_in_words() {
        insta::assert_snapshot!(line(&Snapshot::default()), @"0 s, starting: 0 users, 0 requests (0 per second), failures 0, no answer in the last second");
    }
}
