//! What may end a call early: its deadline and the end of the run.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use tokio::{task::coop::has_budget_remaining, time::Sleep};

use super::{
    super::signal::{Stage, UserSignal},
    Failure, FailureKind,
};

/// A user's one timer. It is armed when a call first has to wait and then left alone: a later call
/// has a later deadline, so the timer may fire too early, which costs one wake-up per timeout
/// instead of one registration per request.
#[derive(Debug, Default)]
pub(super) struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    fn poll_passed(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        // A peer that floods uses up the task's budget at each turn, and a tokio timer never fires
        // without budget: only then is the clock itself asked.
        if !has_budget_remaining() && Instant::now() >= deadline {
            return Poll::Ready(());
        }
        let deadline = tokio::time::Instant::from_std(deadline);
        let sleep = self.0.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        if sleep.deadline() > deadline {
            sleep.as_mut().reset(deadline);
        }
        while sleep.as_mut().poll(cx).is_ready() {
            if sleep.deadline() >= deadline {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(deadline);
        }
        Poll::Pending
    }
}

/// Why a call ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Its time is over.
    Late,
    /// The run is being ended.
    Cut,
}

/// Watches over one call.
#[derive(Debug)]
pub(super) struct Watch<'a> {
    timer: &'a mut Timer,
    signal: &'a UserSignal,
    timeout: Duration,
    deadline: Instant,
}

impl<'a> Watch<'a> {
    pub(super) fn new(
        timer: &'a mut Timer,
        signal: &'a UserSignal,
        started: Instant,
        timeout: Duration,
    ) -> Self {
        // A timeout beyond what the clock can express is no timeout; a year is beyond every run.
        let year = Duration::from_secs(365 * 24 * 3600);
        Self { timer, signal, timeout, deadline: started + timeout.min(year) }
    }

    /// Whether the run is being ended already.
    pub(super) fn is_cut(&self) -> bool {
        self.signal.stage() >= Stage::Cut
    }

    /// When the call must be done.
    pub(super) const fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Ready when the call must end; else the task is woken when it must.
    pub(super) fn poll_ended(&mut self, cx: &mut Context<'_>) -> Poll<Ended> {
        self.poll_ended_by(self.deadline, cx)
    }

    fn poll_ended_by(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<Ended> {
        if self.signal.poll_reached(Stage::Cut, cx).is_ready() {
            return Poll::Ready(Ended::Cut);
        }
        self.timer.poll_passed(deadline, cx).map(|()| Ended::Late)
    }

    /// Does some work unless the call must end first.
    pub(super) async fn race<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Ended> {
        self.race_by(self.deadline, work).await
    }

    /// Does some work unless the call must end, or `deadline` comes, first.
    pub(super) async fn race_by<T>(
        &mut self,
        deadline: Instant,
        work: impl Future<Output = T>,
    ) -> Result<T, Ended> {
        let mut work = pin!(work);
        poll_fn(|cx| match work.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(Ok(done)),
            Poll::Pending => self.poll_ended_by(deadline, cx).map(Err),
        })
        .await
    }

    /// The failure that an early end is. `doing` completes "timed out after 5s ...".
    pub(super) fn failure(&self, ended: Ended, doing: &str, sent: bool) -> Failure {
        match ended {
            Ended::Cut => Failure::Interrupted { sent },
            Ended::Late => self.late(FailureKind::Timeout, doing),
        }
    }

    /// The failure that passing the deadline is, of a given kind.
    pub(super) fn late(&self, kind: FailureKind, doing: &str) -> Failure {
        Failure::new(kind, format!("timed out after {:?} {doing}", self.timeout))
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::coop::poll_proceed;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn poll(timer: &mut Timer, deadline: Instant, cx: &mut Context<'_>) -> bool {
        timer.poll_passed(deadline, cx).is_ready()
    }

    #[tokio::test]
    async fn a_deadline_is_seen_without_budget() {
        let mut timer = Timer::default();
        poll_fn(|cx| {
            while has_budget_remaining() {
                assert!(poll_proceed(cx).map(|coop| coop.made_progress()).is_ready());
            }
            assert!(!poll(&mut timer, Instant::now() + MINUTE, cx));
            assert!(poll(&mut timer, Instant::now(), cx));
            Poll::Ready(())
        })
        .await;
    }

    #[tokio::test]
    async fn one_timer_serves_deadlines_in_any_order() {
        let mut timer = Timer::default();
        let now = Instant::now();
        let soon = now + Duration::from_millis(20);
        poll_fn(|cx| {
            // Left armed by an earlier call, far beyond and before this one's deadline.
            assert!(!poll(&mut timer, now + MINUTE, cx));
            timer.poll_passed(soon, cx)
        })
        .await;
        assert!(Instant::now() >= soon);
        poll_fn(|cx| {
            assert!(!poll(&mut timer, now + MINUTE, cx), "it fired for an earlier call");
            Poll::Ready(())
        })
        .await;
    }
}
