//! A user at work: renders, paces, sends, judges and records one request after another.

mod cadence;
mod evaluate;
mod pass;
mod render;
mod shared;
mod trace;

use std::{
    ops::Range,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

pub(super) use self::shared::{Shared, Stamp};
use self::{
    cadence::Cadence,
    pass::Pass,
    render::{Rendered, Unready},
};
use super::{
    log::{Finished, Place, Took},
    pace::{Alarm, Seat, Slot},
    plan::{Moment, RequestPlan},
    recorder::{Incident, NO_HOST, NO_STATUS, Sample, TransactionSample, Url},
    run::Event,
    signal::{Stage, UserSignal},
    transport::{
        Answer, Call, Exchange, Failure, FailureKind, HttpCall, HttpTransport, Origin, TraceLines, Transport,
    },
};
use crate::loadtest::template::Item;

/// One user.
#[derive(Debug)]
pub(super) struct UserSession {
    shared: Arc<Shared>,
    scenario: usize,
    state: State,
}

/// What changes while a user works; apart from what it shares, so that both can be borrowed.
#[derive(Debug)]
struct State {
    index: u32,
    /// The host it sends to, by its number in the plan.
    host: u8,
    transport: HttpTransport,
    signal: UserSignal,
    alarm: Alarm,
    seat: Arc<Seat>,
    /// Whether the user has had a slot of the open model.
    busy: bool,
    random: fastrand::Rng,
    /// Extracted values.
    slots: Box<[Option<Item>]>,
    /// Row of each feeder that the user has drawn.
    rows: Box<[Option<usize>]>,
    cadence: Box<[Cadence]>,
    pass: usize,
    /// How far the pass has come.
    progress: Pass,
    /// Transactions of a pass.
    steps: u32,
    /// The transaction under way, by its place in the plan.
    transaction: u32,
    /// Whether totals cover what it sends now.
    measured: bool,
    /// What its requests say of their trace; boxed, because few tests ask for it.
    trace: Option<Box<TraceLines>>,
    /// Where a redirect has led the user for good.
    moved_to: Option<Arc<Origin>>,
}

/// What came of a pass of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Upshot {
    /// Something was sent.
    Worked,
    /// Nothing could be sent: no connection, a forbidden target, a template without its value.
    Silent,
    /// The run is ending: there is nothing to do any more.
    Over,
}

/// How a request came out.
enum Done {
    /// It passed, from its beginning to its end, and sent so many bytes.
    Passed(Range<Instant>, u64),
    /// It failed, from its beginning to its end, and sent so many bytes.
    Failed(Range<Instant>, u64),
    /// It was not finished, because the run is ending.
    Ended,
}

impl UserSession {
    /// A user of a scenario, as Goose starts it.
    pub(super) fn new(shared: Arc<Shared>, scenario: usize) -> Self {
        let index = shared.users_started.fetch_add(1, Ordering::Relaxed);
        if index + 1 == shared.plan.load.users_max {
            let _ = shared.events.send(Event::AllStarted);
        }
        shared.users_by_scenario[scenario].fetch_add(1, Ordering::Relaxed);
        if shared.slots.is_none() {
            let running = (index + 1).saturating_sub(shared.users_ended.load(Ordering::Relaxed));
            shared.users_peak.fetch_max(running, Ordering::Relaxed);
        }
        let plan = &shared.plan.scenarios[scenario];
        let state = State {
            index,
            host: plan.host_of(index),
            transport: HttpTransport::new(Arc::clone(&shared.http), index as usize),
            signal: shared.stop.user(),
            alarm: Alarm::default(),
            seat: Arc::default(),
            busy: false,
            random: fastrand::Rng::new(),
            slots: std::iter::repeat_with(|| None).take(plan.slots).collect(),
            rows: vec![None; shared.plan.feeders.len()].into(),
            cadence: vec![Cadence::default(); plan.requests].into(),
            pass: 0,
            progress: Pass::default(),
            steps: plan.steps(),
            transaction: 0,
            measured: false,
            trace: shared.trace.clone().map(Box::new),
            moved_to: None,
        };
        Self { shared, scenario, state }
    }

    /// One pass of a transaction.
    pub(super) async fn transaction(&mut self, place: usize, pass: usize) -> Upshot {
        let (shared, state) = (&*self.shared, &mut self.state);
        let scenario = &shared.plan.scenarios[self.scenario];
        let plan = &scenario.transactions[place];
        let last_words = if plan.moment == Moment::Stop { Stage::Cut } else { Stage::Draining };
        // A user of the open model that was never needed has nothing to tear down.
        let unused = shared.slots.is_some() && plan.moment == Moment::Stop && !state.busy;
        if state.signal.stage() >= last_words || unused {
            return Upshot::Over;
        }
        if plan.moment == Moment::Loop && pass != state.pass {
            state.begin_pass(pass, &scenario.bound);
        }
        state.transaction = plan.id;
        // The clock is read by the exchanges, from the first one's beginning to the last one's end; where the
        // first request counts, so does the transaction.
        let mut took: Option<(Range<Instant>, bool)> = None;
        let (mut failed, mut silent) = (false, true);
        for request in &plan.requests {
            let done = state.request(shared, plan.moment, request).await;
            failed = matches!(done, Done::Failed(..));
            let (Done::Passed(at, sent) | Done::Failed(at, sent)) = done else { return Upshot::Over };
            silent &= sent == 0;
            let (began, measured) =
                took.map_or((at.start, state.measured), |(all, measured)| (all.start, measured));
            took = Some((began..at.end, measured));
            if failed {
                break;
            }
        }
        let Some((Range { start: began, end }, measured)) = took else { return Upshot::Silent };
        let took_us = micros(end - began);
        let transaction = TransactionSample { transaction: plan.id, measured, failed, took_us };
        shared.recorder.record_transaction(transaction);
        if let Some(log) = &shared.log {
            log.transaction(Took { place: state.place(shared, began), pass, took_us, failed });
        }
        if plan.moment == Moment::Loop {
            state.step(shared, self.scenario, began..end, &transaction);
        }
        if silent { Upshot::Silent } else { Upshot::Worked }
    }
}

impl Drop for UserSession {
    fn drop(&mut self) {
        let now_us = self.shared.since_start_us(Instant::now());
        self.shared.last_ended_us.fetch_max(now_us, Ordering::Relaxed);
        self.shared.users_ended.fetch_add(1, Ordering::Relaxed);
    }
}

impl State {
    /// Where in the run something happens that began at `at`.
    fn place(&self, shared: &Shared, at: Instant) -> Place {
        Place { at_us: shared.since_start_us(at), user: self.index, transaction: self.transaction }
    }

    /// A new pass draws new rows, but for feeders that belong to the user.
    fn forget_rows(&mut self, bound: &[bool]) {
        for (row, bound) in self.rows.iter_mut().zip(bound) {
            if !bound {
                *row = None;
            }
        }
    }

    async fn request(&mut self, shared: &Shared, moment: Moment, plan: &RequestPlan) -> Done {
        if shared.witness.as_ref().is_some_and(|witness| !witness.lets_through()) {
            return Done::Ended;
        }
        let Some(intended) = self.pace(shared, moment).await else { return Done::Ended };
        let stamp = shared.stamp();
        self.measured = stamp.measured;
        let rendered = match self.render(shared, plan) {
            Ok(rendered) => rendered,
            Err(Unready::Dry(feeder)) => {
                let _ = shared.dry.set(feeder);
                return Done::Ended;
            }
            Err(Unready::Template(message)) => return self.unsendable(shared, (moment, plan), message),
        };
        self.begin_trace(shared);
        let call = HttpCall { lines: trace::lines(self.trace.as_deref(), plan), ..rendered.call(plan) };
        if let Some(witness) = &shared.witness {
            witness.goes_with(self.transport.cookies(&call));
        }
        let exchange = self.transport.exchange(&Call::Http(&call), &self.signal).await;
        let expected = self.cadence[plan.place].note(shared.since_start_us(exchange.started));
        let intended = intended.or_else(|| shared.slots.is_some().then_some(exchange.started));
        let lag_us = intended.map(|at| micros(exchange.started.saturating_duration_since(at)));
        let sample = Sample {
            request: plan.id,
            phase: stamp.phase,
            measured: stamp.measured,
            status: exchange.result.as_ref().map_or(NO_STATUS, |answer| answer.status),
            redirects: exchange.result.as_ref().map_or(0, |answer| answer.redirects),
            host: if rendered.to_own_host(plan) { self.host } else { NO_HOST },
            timings: exchange.timings,
            from_intended_us: lag_us.map(|lag| exchange.timings.total.saturating_add(lag)),
            cadence_us: if shared.slots.is_none() { expected } else { 0 },
            failed: false,
            bytes_out: u32::try_from(exchange.bytes_out).unwrap_or(u32::MAX),
            bytes_in: exchange.bytes_in,
        };
        if shared.plan.sticky_redirects
            && let Ok(Answer { moved_to: Some(origin), .. }) = &exchange.result
        {
            self.moved_to = Some(Arc::clone(origin));
        }
        let unsent = matches!(exchange.result, Err(Failure::Interrupted { sent: false }));
        if let (Some(slots), Moment::Start | Moment::Loop, false) = (&shared.slots, moment, unsent) {
            slots.note_sent();
        }
        self.judge(shared, (moment, plan), &rendered, exchange, sample)
    }

    /// Waits until the request may be sent; `None` when it may not any more. In the open model every
    /// request takes a slot, those that set a user up included; only tear-down comes after the
    /// schedule.
    async fn pace(&mut self, shared: &Shared, moment: Moment) -> Option<Option<Instant>> {
        if moment == Moment::Stop {
            return Some(None);
        }
        let intended = match &shared.slots {
            Some(slots) => {
                let slot = slots.take(&self.seat, &self.signal).await?;
                note_lag(shared, slot);
                self.be_busy(shared);
                Some(slot.intended)
            }
            None => None,
        };
        if let Some(limit) = shared.limit.as_ref().filter(|_| moment == Moment::Loop) {
            let at = limit.reserve();
            shared.timer.sleep_until(&self.alarm, at, &self.signal, Stage::Draining).await.then_some(())?;
        }
        Some(intended)
    }

    /// The first slot makes a user of the open model one that counts.
    fn be_busy(&mut self, shared: &Shared) {
        if !self.busy {
            self.busy = true;
            shared.users_peak.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Notes a request that could not even be written down. It was not sent, so it is no request;
    /// it ends its transaction and shows among the errors.
    fn unsendable(&self, shared: &Shared, (moment, plan): (Moment, &RequestPlan), message: Arc<str>) -> Done {
        let now = Instant::now();
        let origin = plan.to.places().first().map(|place| &place.origin);
        shared.recorder.record_unsent(Incident {
            request: plan.id,
            kind: FailureKind::Template,
            message: &message,
            url: origin.map(|origin| Url { origin, target: "" }),
            status: None,
            body: &[],
            at_us: shared.since_start_us(now),
        });
        if let (true, Some(origin)) = (shared.is_told(), plan.to.host()) {
            let failure = (FailureKind::Template, message);
            let place = self.place(shared, now);
            shared.tell((moment, plan), &Finished::unsent(place, plan, origin, &failure));
        }
        Done::Failed(now..now, 0)
    }

    fn judge(
        &mut self,
        shared: &Shared,
        (moment, plan): (Moment, &RequestPlan),
        rendered: &Rendered<'_>,
        exchange: Exchange,
        sample: Sample,
    ) -> Done {
        let refused = match &exchange.result {
            Ok(answer) => {
                let recorder = sample.measured.then_some(&shared.recorder);
                evaluate::evaluate(plan, answer, &exchange.timings, recorder, &mut self.slots)
            }
            Err(Failure::Failed { kind, message }) => Err((*kind, Arc::clone(message))),
            Err(Failure::Interrupted { sent }) => {
                if *sent {
                    shared.recorder.record_interrupted();
                }
                if let Some(witness) = &shared.witness {
                    let failure = (FailureKind::Timeout, "no answer before the end".into());
                    let finished = self.finished(shared, plan, rendered, &exchange, &sample);
                    witness.saw(plan, moment, &Finished { failure: Some(&failure), ..finished });
                }
                return Done::Ended;
            }
        };
        let at = exchange.started..exchange.started + Duration::from_micros(exchange.timings.total.into());
        if self.signal.stage() >= Stage::Draining {
            shared.last_finish_us.fetch_max(shared.since_start_us(at.end), Ordering::Relaxed);
        }
        if shared.is_told() {
            let finished = self.finished(shared, plan, rendered, &exchange, &sample);
            shared.tell((moment, plan), &Finished { failure: refused.as_ref().err(), ..finished });
        }
        let Err((kind, message)) = refused else {
            shared.recorder.record(sample);
            return Done::Passed(at, exchange.bytes_out);
        };
        let answer = exchange.result.as_ref().ok();
        let body = answer.map(|answer| answer.body.as_deref().unwrap_or(&answer.excerpt));
        shared.recorder.record_failure(
            Sample { failed: true, ..sample },
            Incident {
                request: plan.id,
                kind,
                message: &message,
                url: Some(Url { origin: rendered.origin(), target: rendered.target() }),
                status: answer.map(|answer| answer.status),
                body: body.unwrap_or_default(),
                at_us: shared.since_start_us(exchange.started),
            },
        );
        Done::Failed(at, exchange.bytes_out)
    }
}

impl State {
    /// A request that is over, for whoever writes it down.
    fn finished<'a>(
        &'a self,
        shared: &Shared,
        plan: &'a RequestPlan,
        rendered: &'a Rendered<'_>,
        exchange: &'a Exchange,
        sample: &'a Sample,
    ) -> Finished<'a> {
        Finished {
            place: self.place(shared, exchange.started),
            request: plan.id,
            call: HttpCall { lines: trace::lines(self.trace.as_deref(), plan), ..rendered.call(plan) },
            sample: Some(sample),
            answer: exchange.result.as_ref().ok(),
            failure: None,
        }
    }
}

/// A slot that no user was free for counts as late beyond this.
const LATE: Duration = Duration::from_millis(10);

/// Microseconds, at most those of an hour and more.
fn micros(span: Duration) -> u32 {
    u32::try_from(span.as_micros()).unwrap_or(u32::MAX)
}

/// Records how late a slot is taken: by a user that was ready, the generator's own lag.
fn note_lag(shared: &Shared, slot: Slot) {
    let lag = slot.intended.elapsed();
    if slot.waited {
        shared.recorder.record_lag(micros(lag));
    } else if lag > LATE {
        shared.recorder.record_late();
    }
}
