//! Takes every sample of a run and keeps what reports need, in memory that does not grow with the
//! number of requests.
//!
//! A worker thread appends its samples to a log of its own (a lock that only the collector ever
//! wants as well, now and then). The [`Collector`] empties the logs into one set of
//! histograms. So the hot path is one short append, histograms exist once however many threads
//! there are, and nothing is ever estimated: every sample is counted in exactly one place.

mod errors;
mod sample;
mod series;
mod totals;

use std::{
    cell::Cell,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

pub use self::{
    errors::{Counted, ErrorLog, Incident, Url},
    sample::{NO_HOST, NO_STATUS, Sample, TransactionSample},
    series::{NameWindow, SeriesLog},
    totals::{
        HostTotals, MAX_PHASES, PARTS, PhaseTotals, RequestTotals, Totals, TransactionTotals, histogram,
        merge, ms, quantile_ms,
    },
};

/// Samples that one log holds before its own thread empties it.
const LOG_CAPACITY: usize = 32 * 1024;

thread_local! {
    /// Which log this thread appends to; worker threads are numbered when they start.
    static LOG_INDEX: Cell<usize> = const { Cell::new(0) };
}

/// Gives the calling worker thread its log.
pub fn number_worker(index: usize) {
    LOG_INDEX.set(index);
}

/// What one worker thread has recorded since the collector last came by.
#[derive(Debug, Default)]
struct Log {
    samples: Vec<Sample>,
    transactions: Vec<TransactionSample>,
    checks: Vec<[u64; 2]>,
    errors: ErrorLog,
    unreachable: u64,
    interrupted: u64,
    late: u64,
    lags_us: Vec<u32>,
}

/// The recording side, shared by all users.
#[derive(Debug)]
pub struct Recorder {
    logs: Box<[Padded]>,
    collector: Mutex<Collector>,
}

/// One thread's log and the one it is exchanged for, off the cache lines of other threads.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Padded {
    live: Mutex<Log>,
    spare: Mutex<Log>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// A recorder for `workers` threads and a plan with the given numbers of names.
    #[must_use]
    pub fn new(workers: usize, requests: usize, transactions: usize, checks: usize) -> Self {
        let log = || Log { checks: vec![[0; 2]; checks], ..Log::default() };
        Self {
            logs: (0..workers.max(1))
                .map(|_| Padded { live: Mutex::new(log()), spare: Mutex::new(log()) })
                .collect(),
            collector: Mutex::new(Collector::new(requests, transactions, checks)),
        }
    }

    /// The same recorder, which tells so many hosts apart.
    #[must_use]
    pub fn telling_hosts_apart(mut self, hosts: usize) -> Self {
        self.collector.get_mut().unwrap_or_else(PoisonError::into_inner).totals.tell_hosts_apart(hosts);
        self
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        let index = LOG_INDEX.get() % self.logs.len();
        lock(&self.logs[index].live)
    }

    /// Records one finished request. This is the hot path.
    pub fn record(&self, sample: Sample) {
        let mut log = self.log();
        log.samples.push(sample);
        if log.samples.len() >= LOG_CAPACITY {
            self.empty(log);
        }
    }

    /// Records one finished request that failed, with what is known of it.
    pub fn record_failure(&self, sample: Sample, incident: Incident<'_>) {
        let mut log = self.log();
        log.unreachable += u64::from(incident.kind.is_unreachable());
        log.errors.add(incident);
        drop(log);
        self.record(sample);
    }

    /// Records a request that failed before it could be sent.
    pub fn record_unsent(&self, incident: Incident<'_>) {
        self.log().errors.add(incident);
    }

    /// Records one finished pass of a transaction.
    pub fn record_transaction(&self, sample: TransactionSample) {
        let mut log = self.log();
        log.transactions.push(sample);
        if log.transactions.len() >= LOG_CAPACITY {
            self.empty(log);
        }
    }

    /// Records whether a check held.
    pub fn record_check(&self, check: usize, held: bool) {
        self.log().checks[check][usize::from(held)] += 1;
    }

    /// Records a request that had been sent and was given up because the run is ending.
    pub fn record_interrupted(&self) {
        self.log().interrupted += 1;
    }

    /// Records how late a user that was ready came to send.
    pub fn record_lag(&self, lag_us: u32) {
        let mut log = self.log();
        log.lags_us.push(lag_us);
        if log.lags_us.len() >= LOG_CAPACITY {
            self.empty(log);
        }
    }

    /// Records a slot that was sent late because no user was free.
    pub fn record_late(&self) {
        self.log().late += 1;
    }

    /// Does the collector's work when it is behind, so that nothing grows or is lost. The log is
    /// given back first: the collector takes the two locks in the other order.
    fn empty(&self, mut log: MutexGuard<'_, Log>) {
        let fresh = Log { checks: vec![[0; 2]; log.checks.len()], ..Log::default() };
        let mut full = mem::replace(&mut *log, fresh);
        drop(log);
        lock(&self.collector).absorb(&mut full);
    }

    /// Empties all logs into the totals, and gives access to them.
    pub fn collect(&self) -> MutexGuard<'_, Collector> {
        let mut collector = lock(&self.collector);
        for log in &self.logs {
            let mut spare = lock(&log.spare);
            mem::swap(&mut *lock(&log.live), &mut *spare);
            collector.absorb(&mut spare);
        }
        collector
    }
}

/// Everything that has been recorded so far.
#[derive(Clone, Debug)]
pub struct Collector {
    /// Per request, transaction and check.
    pub totals: Totals,
    /// Failures grouped by kind and message.
    pub errors: ErrorLog,
    /// Requests that found no connection.
    pub unreachable: u64,
    /// Requests that had been sent and were given up because the run is ending.
    pub interrupted: u64,
    /// Slots that were sent late because no user was free.
    pub late: u64,
    /// How late users that were ready came to send, in microseconds.
    pub lag: hdrhistogram::Histogram<u64>,
}

impl Collector {
    fn new(requests: usize, transactions: usize, checks: usize) -> Self {
        Self {
            totals: Totals::new(requests, transactions, checks),
            errors: ErrorLog::default(),
            unreachable: 0,
            interrupted: 0,
            late: 0,
            lag: totals::histogram(3),
        }
    }

    fn absorb(&mut self, log: &mut Log) {
        for sample in log.samples.drain(..) {
            self.totals.add(&sample);
        }
        for sample in log.transactions.drain(..) {
            self.totals.add_transaction(sample);
        }
        for (total, part) in self.totals.checks.iter_mut().zip(&mut log.checks) {
            total[0] += mem::take(&mut part[0]);
            total[1] += mem::take(&mut part[1]);
        }
        for lag in log.lags_us.drain(..) {
            totals::add(&mut self.lag, lag.into(), 1);
        }
        self.errors.merge(mem::take(&mut log.errors));
        self.unreachable += mem::take(&mut log.unreachable);
        self.interrupted += mem::take(&mut log.interrupted);
        self.late += mem::take(&mut log.late);
    }
}
