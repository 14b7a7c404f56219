//! From the engine's snapshots to what watchers are told.

use std::sync::Arc;

use super::Context;
use crate::{
    bus::{
        Event, LiveGeneratorEvent, LiveRequest, LogLevel, MetricsEvent, PhaseBegin, RunPhase, Spread,
        TestCompleted, ThresholdNow, TopError, TopFinding,
    },
    engine::{
        self,
        live::{Level, LiveGenerator, Phase, Snapshot},
        outcome::{Outcome, Series, Severity, Status, ThresholdResult},
    },
};

/// Snapshots between two states that did not change phase: one state a second.
const STATUS_EVERY: u32 = 4;

/// What has been told so far.
#[derive(Debug, Default)]
pub struct Shown {
    phase: Phase,
    snapshots: u32,
    by_request: Option<Arc<[engine::live::LiveRequest]>>,
    thresholds: Arc<[ThresholdNow]>,
    /// Start of the newest step of the series.
    step: Option<u32>,
}

impl Shown {
    /// Tells watchers what is new.
    pub fn show(&mut self, snapshot: &Snapshot, context: &Context) {
        let changed = snapshot.phase != self.phase;
        if changed {
            self.phase = snapshot.phase;
        }
        if changed || self.snapshots.is_multiple_of(STATUS_EVERY) {
            context.tell_status();
        }
        self.snapshots = self.snapshots.wrapping_add(1);
        // The engine renews them once a second: the same allocation is no news.
        let requests = snapshot.by_request.as_ref();
        let news = requests.filter(|of| self.by_request.as_ref().is_none_or(|old| !Arc::ptr_eq(old, of)));
        let spread = self.spread(&snapshot.series);
        let event = MetricsEvent {
            phases: news.map(|_| phases(snapshot)),
            by_request: news.map(|of| by_request(of)),
            spread,
            ..metrics(snapshot)
        };
        self.by_request = requests.cloned();
        if let Some(run) = context.slot.active() {
            let event =
                MetricsEvent { thresholds: self.thresholds(context.slot.thresholds(run.run_id)), ..event };
            context.bus.publish_for(&run.tenant_id, Some(run.run_id), Event::Metrics(Arc::new(event)));
        }
    }
}

impl Shown {
    /// How response times were spread over the newest step, where that has not been told yet.
    fn spread(&mut self, series: &Series) -> Option<Spread> {
        let (at_s, classes) = (*series.at_s.last()?, Arc::clone(series.classes.last()?));
        let told = self.step.unwrap_or_default();
        let is_new = self.step.is_none() || told < at_s;
        self.step = Some(told.max(at_s));
        is_new.then_some(Spread { at_s, step_s: series.step_s, classes })
    }

    /// How the thresholds stand, where that has not been told yet.
    fn thresholds(&mut self, now: Arc<[ThresholdNow]>) -> Option<Arc<[ThresholdNow]>> {
        let is_new = !now.is_empty() && !Arc::ptr_eq(&self.thresholds, &now);
        self.thresholds = Arc::clone(&now);
        is_new.then_some(now)
    }
}

/// Measures as watchers get them.
#[must_use]
pub fn metrics(snapshot: &Snapshot) -> MetricsEvent {
    MetricsEvent {
        phase: snapshot.phase.into(),
        elapsed_s: snapshot.elapsed_s,
        progress: snapshot.progress,
        users: snapshot.users,
        users_planned: snapshot.users_planned,
        requests: snapshot.requests,
        failures: snapshot.failures,
        rps: snapshot.rps,
        failures_per_s: snapshot.failures_per_s,
        p50_ms: snapshot.p50_ms,
        p95_ms: snapshot.p95_ms,
        p99_ms: snapshot.p99_ms,
        generator_cpu_percent: snapshot.generator_cpu_percent,
        top_errors: snapshot
            .top_errors
            .iter()
            .map(|(message, count)| TopError { message: message.clone(), count: *count })
            .collect(),
        checks_passed: snapshot.checks.passed,
        checks_failed: snapshot.checks.failed,
        status_codes: Arc::clone(&snapshot.status_codes),
        generator: generator(&snapshot.generator),
        phases: None,
        thresholds: None,
        by_request: None,
        spread: None,
        series: None,
    }
}

/// Measures as somebody gets them who asks once.
#[must_use]
pub fn all_metrics(snapshot: &Snapshot, thresholds: Arc<[ThresholdNow]>) -> MetricsEvent {
    MetricsEvent {
        phases: Some(phases(snapshot)),
        thresholds: Some(thresholds),
        by_request: snapshot.by_request.as_deref().map(by_request),
        series: Some(Arc::clone(&snapshot.series)),
        ..metrics(snapshot)
    }
}

/// How the thresholds stand at a checkpoint.
pub fn thresholds(checkpoint: &Outcome) -> Arc<[ThresholdNow]> {
    let now = |threshold: &ThresholdResult| ThresholdNow {
        rule: threshold.rule.clone(),
        holds: threshold.observed.map(|_| threshold.passed),
        observed: threshold.observed,
        observed_text: threshold.observed_text.clone(),
    };
    checkpoint.summary.verdict.thresholds.iter().map(now).collect()
}

fn generator(seen: &LiveGenerator) -> LiveGeneratorEvent {
    LiveGeneratorEvent {
        dispatch_lag_p99_ms: seen.dispatch_lag_p99_ms,
        late: seen.late,
        dropped: seen.dropped,
        limited: seen.limited,
        limited_because: seen.limited_because.clone(),
    }
}

fn phases(snapshot: &Snapshot) -> Arc<[PhaseBegin]> {
    let told =
        |begun: &engine::live::PhaseBegin| PhaseBegin { phase: begun.phase.into(), start_s: begun.start_s };
    snapshot.phases.iter().map(told).collect()
}

fn by_request(seen: &[engine::live::LiveRequest]) -> Vec<LiveRequest> {
    let told = |request: &engine::live::LiveRequest| LiveRequest {
        name: request.name.to_string(),
        method: request.method.to_string(),
        requests: request.requests,
        failures: request.failures,
        rps: request.rps,
        p50_ms: request.p50_ms,
        p95_ms: request.p95_ms,
        p99_ms: request.p99_ms,
    };
    seen.iter().map(told).collect()
}

/// How much a line of the engine matters.
pub const fn level(level: Level) -> LogLevel {
    match level {
        Level::Info => LogLevel::Info,
        Level::Warn => LogLevel::Warn,
        Level::Error => LogLevel::Error,
    }
}

/// The end of a run, as watchers are told.
#[must_use]
pub fn completed(outcome: &Outcome) -> TestCompleted {
    let (summary, found) = (&outcome.summary, outcome.analysis.as_ref());
    TestCompleted {
        status: summary.status.into(),
        passed: summary.passed(),
        name: outcome.name.clone(),
        requests: summary.requests,
        failures: summary.failures,
        duration_s: summary.duration_s,
        findings: found.map_or(0, |found| u32::try_from(found.findings.len()).unwrap_or(u32::MAX)),
        top_finding: found.and_then(|found| found.findings.first()).map(|first| TopFinding {
            id: first.id.clone(),
            critical: first.severity == Severity::Critical,
            title: first.title.clone(),
            request: first.request.clone(),
            host: first.host.clone(),
        }),
    }
}

impl From<Status> for RunPhase {
    fn from(status: Status) -> Self {
        match status {
            Status::Completed => Self::Completed,
            Status::Stopped => Self::Stopped,
            Status::Failed => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_told_once_and_what_is_joined_is_no_news() {
        let classes: Arc<[u32]> = vec![4, 1, 2].into();
        let series = |at_s: &[u32], step_s| Series {
            step_s,
            at_s: at_s.to_vec(),
            classes: vec![Arc::clone(&classes); at_s.len()],
            ..Series::default()
        };
        let mut shown = Shown::default();
        let mut told = |series: Series| shown.spread(&series).map(|spread| (spread.at_s, spread.step_s));
        assert_eq!(told(Series::default()), None);
        assert_eq!(told(series(&[0], 1)), Some((0, 1)));
        assert_eq!(told(series(&[0], 1)), None);
        assert_eq!(told(series(&[0, 1, 2, 3], 1)), Some((3, 1)));
        // Points were merged in pairs: the last one begins earlier, and has been told.
        assert_eq!(told(series(&[0, 2], 2)), None);
        assert_eq!(told(series(&[0, 2, 4], 2)), Some((4, 2)));
    }
}
