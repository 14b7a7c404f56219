//! Whether an answer passes, and what the user takes from it.

use std::sync::Arc;

use crate::{
    engine::{
        answer::View,
        plan::RequestPlan,
        recorder::Recorder,
        transport::{Answer, FailureKind, Timings},
    },
    loadtest::template::Item,
};

/// From this status on an answer fails, unless a check says otherwise.
const FAILING: u16 = 400;

/// Evaluates every check, so that each is counted, then extracts. The first thing that is wrong is
/// what the request fails of. Without a recorder, checks are not counted.
pub(super) fn evaluate(
    plan: &RequestPlan,
    answer: &Answer,
    timings: &Timings,
    recorder: Option<&Recorder>,
    slots: &mut [Option<Item>],
) -> Result<(), (FailureKind, Arc<str>)> {
    let mut wrong = None;
    if !plan.status_checked && answer.status >= FAILING {
        wrong = Some((FailureKind::Status, format!("status {}", answer.status).into()));
    }
    if plan.checks.is_empty() && plan.extracts.is_empty() {
        return wrong.map_or(Ok(()), Err);
    }
    let view = View::new(answer, timings.total);
    for check in &plan.checks {
        let holds = check.subject.holds(&view);
        if let Some(recorder) = recorder {
            recorder.record_check(check.id, holds);
        }
        if !holds && wrong.is_none() {
            wrong = Some((check.subject.failure_kind(), Arc::clone(&check.failed)));
        }
    }
    for extract in &plan.extracts {
        let found = extract.source.find(&view).or_else(|| extract.default.clone());
        if found.is_none() && wrong.is_none() {
            wrong = Some((FailureKind::Extract, Arc::clone(&extract.failed)));
        }
        // A value that was not found does not leave an old one behind.
        slots[extract.slot] = found;
    }
    wrong.map_or(Ok(()), Err)
}
