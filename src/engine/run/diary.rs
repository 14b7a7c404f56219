//! What is worth a line while a run goes on, for a live log.
//!
//! Every kind of event has a bound of its own, and the channel takes them all together, so that
//! nothing is lost even where nobody reads before the end. Telling never waits.

use std::{
    cell::Cell,
    time::{Duration, SystemTime},
};

use tokio::sync::mpsc::{self, error::TrySendError};

use crate::{
    engine::{
        live::{Level, Phase, RunEvent},
        outcome::{Outcome, Status},
        plan::{Hatch, Plan},
    },
    loadtest::mask::Mask,
};

/// Events that wait for their reader.
pub(super) const EVENTS: usize = 256;
/// Phases that are told; a schedule may have more stages than anybody reads.
const PHASES: u32 = 64;
/// Thresholds and warnings that are told one by one at the end.
const AT_END: usize = 16;
/// Hosts that are named.
const HOSTS: usize = 5;

/// Tells what happens.
#[derive(Debug)]
pub(super) struct Diary {
    reader: mpsc::Sender<RunEvent>,
    mask: Mask,
    lost: Cell<u64>,
    phases: u32,
    limited: bool,
}

impl Diary {
    pub fn new(reader: mpsc::Sender<RunEvent>, mask: Mask) -> Self {
        Self { reader, mask, lost: Cell::new(0), phases: 0, limited: false }
    }

    /// Tells one event, in words that hold no secret: what is put into a sentence is masked before,
    /// because a mask goes on to the next space.
    pub fn tell(&self, level: Level, message: String) {
        let (at, lost) = (SystemTime::now(), self.lost.get());
        let event = RunEvent { at, level, message, lost };
        match self.reader.try_send(event) {
            Ok(()) => self.lost.set(0),
            Err(TrySendError::Full(_)) => self.lost.set(lost + 1),
            Err(TrySendError::Closed(_)) => {}
        }
    }

    /// The run begins.
    pub fn begins(&self, name: &str, hosts: &[String], plan: &Plan) {
        let (load, hosts) = (load(plan), self.mask.text(&listed(hosts)));
        self.tell(Level::Info, format!("test `{name}` started: {load}, against {hosts}"));
    }

    /// All users run.
    pub fn all_run(&self, users: u32) {
        self.tell(Level::Info, format!("all {users} users run"));
    }

    /// A phase begins.
    pub fn phase(&mut self, phase: Phase, users: u32) {
        let what = match phase {
            Phase::Increase => "load is growing",
            Phase::Maintain => "load is steady",
            Phase::Decrease => "load is shrinking",
            // Its reason is told, which says more.
            Phase::Idle | Phase::Shutdown => return,
        };
        self.phases += 1;
        if self.phases <= PHASES {
            self.tell(Level::Info, format!("{what}: {users} users"));
        }
    }

    /// The run begins to end, for a reason that is there unless its time is simply over.
    pub fn ending(&self, status: Status, because: Option<&str>) {
        let because = because.map(|because| self.mask.text(because));
        match (status, because) {
            (Status::Failed, Some(because)) => {
                self.tell(Level::Error, format!("the run ends itself: {because}"))
            }
            (_, Some(because)) => self.tell(Level::Warn, format!("stopping: {because}")),
            (_, None) => {
                self.tell(Level::Info, "the run's time is over; requests under way may finish".to_owned())
            }
        }
    }

    /// Requests under way are dropped, after they had been given `grace`.
    pub fn cut(&self, grace: Duration) {
        self.tell(Level::Warn, format!("requests still under way after {grace:?} are dropped"));
    }

    /// Whether the generator is the bottleneck, taken over the run so far; told where that changes.
    pub fn limited(&mut self, because: &[String]) {
        let is = !because.is_empty();
        match (std::mem::replace(&mut self.limited, is), is) {
            (false, true) => {
                let because = because.join("; ");
                self.tell(Level::Warn, format!("MAID, not the target, is the bottleneck: {because}"));
            }
            (true, false) => self.tell(
                Level::Info,
                "MAID is not the bottleneck any more, taken over the run so far".to_owned(),
            ),
            _ => {}
        }
    }

    /// The run is over.
    pub fn over(&self, outcome: &Outcome) {
        let summary = &outcome.summary;
        if summary.interrupted > 0 {
            let interrupted = summary.interrupted;
            self.tell(Level::Warn, format!("{interrupted} requests were under way and count as interrupted"));
        }
        for warning in outcome.warnings.iter().take(AT_END) {
            self.tell(Level::Warn, self.mask.text(warning));
        }
        for threshold in summary.verdict.thresholds.iter().filter(|threshold| !threshold.passed).take(AT_END)
        {
            let (rule, observed) = (&threshold.rule, &threshold.observed_text);
            self.tell(Level::Warn, format!("threshold `{rule}` failed: {observed}"));
        }
        let status = match summary.status {
            Status::Completed => "completed",
            Status::Stopped => "stopped",
            Status::Failed => "failed",
        };
        let (level, verdict) = match summary.passed() {
            Some(true) => (Level::Info, "passed"),
            Some(false) => (Level::Error, "not passed"),
            None => (Level::Warn, "not judged"),
        };
        let (requests, duration, failed) = (summary.requests, summary.duration_s, summary.failures);
        let mut message =
            format!("{status} and {verdict}: {requests} requests in {duration:.1} s, {failed} failed");
        if requests > 0 {
            message.push_str(&format!(", p95 {:.2} ms", summary.latency_ms.p95));
        }
        self.tell(level, message);
    }
}

/// How much load a plan makes, in words.
fn load(plan: &Plan) -> String {
    let load = &plan.load;
    let users = load.users_max;
    let users = match (&load.arrival, &load.hatch) {
        (Some((schedule, _)), _) => {
            format!("up to {} requests a second by up to {users} users", schedule.peak())
        }
        (None, Hatch::Rate { per_second, .. }) => format!("{users} users, {per_second} more a second"),
        (None, Hatch::Stages(stages)) => format!("up to {users} users in {} stages", stages.len()),
    };
    let time = load.run_time.map_or_else(String::new, |time| format!(", for {time:?}"));
    let passes = load.iterations.map_or_else(String::new, |passes| format!(", {passes} passes each"));
    let limit =
        plan.rate_limit.map_or_else(String::new, |limit| format!(", at most {limit} requests a second"));
    format!("{users}{passes}{time}{limit}")
}

fn listed(hosts: &[String]) -> String {
    let named = hosts.iter().take(HOSTS).map(String::as_str).collect::<Vec<_>>().join(", ");
    match hosts.len().saturating_sub(HOSTS) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diary() -> (Diary, mpsc::Receiver<RunEvent>) {
        let (reader, events) = mpsc::channel(EVENTS);
        (Diary::new(reader, Mask::default()), events)
    }

    fn all(events: &mut mpsc::Receiver<RunEvent>) -> Vec<RunEvent> {
        std::iter::from_fn(|| events.try_recv().ok()).collect()
    }

    #[test]
    fn a_reader_that_is_late_learns_how_much_it_has_missed() {
        let (diary, mut events) = diary();
        for number in 0..EVENTS + 3 {
            diary.tell(Level::Info, number.to_string());
        }
        let early = all(&mut events);
        assert!(early.len() == EVENTS && early.iter().all(|event| event.lost == 0));
        diary.tell(Level::Info, "then".to_owned());
        diary.tell(Level::Info, "and then".to_owned());
        let late: Vec<_> = all(&mut events).into_iter().map(|event| (event.message, event.lost)).collect();
        assert_eq!(late, [("then".to_owned(), 3), ("and then".to_owned(), 0)]);
        drop(events);
        diary.tell(Level::Info, "to nobody".to_owned());
    }

    #[test]
    fn what_comes_again_and_again_is_told_so_often_and_no_more() {
        let (mut diary, mut events) = diary();
        for users in 0..1000 {
            diary.phase(if users % 2 == 0 { Phase::Increase } else { Phase::Decrease }, users);
        }
        assert_eq!(all(&mut events).len(), PHASES as usize);
        diary.limited(&[]);
        diary.limited(&["the machine is short of CPU".to_owned()]);
        diary.limited(&["and of files".to_owned()]);
        diary.limited(&[]);
        diary.limited(&[]);
        let limited: Vec<_> = all(&mut events).into_iter().map(|event| event.message).collect();
        let told = [
            "MAID, not the target, is the bottleneck: the machine is short of CPU",
            "MAID is not the bottleneck any more, taken over the run so far",
        ];
        assert_eq!(limited, told);
    }
}
