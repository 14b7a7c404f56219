//! Which trace a user's requests belong to.

use super::{Shared, State};
use crate::{
    engine::{
        plan::{RequestPlan, Traced},
        transport::TraceLines,
    },
    loadtest::types::TraceContext,
};

impl State {
    /// Gives the next request its span, and its trace where each has its own. Redirects that it is led
    /// through belong to the same span.
    pub(super) fn begin_trace(&mut self, shared: &Shared) {
        let Some(lines) = self.trace.as_deref_mut() else { return };
        lines.span(self.random.u64(1..));
        if shared.plan.trace_context == TraceContext::Request {
            lines.trace(self.random.u128(1..));
        }
    }
}

/// Lines of the trace context that a request does not name itself.
pub(super) fn lines<'a>(lines: Option<&'a TraceLines>, plan: &RequestPlan) -> &'a [u8] {
    match (lines, plan.traced) {
        (None, _) | (Some(_), Traced::Not) => &[],
        (Some(lines), traced) => lines.lines(traced == Traced::Whole),
    }
}
