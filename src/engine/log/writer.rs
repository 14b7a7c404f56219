//! The queue between users and disks, and the thread at its end.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, SyncSender},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    entry::{Entry, Finished, Took},
    files::{LogError, LogPaths},
    row::{LogKind, Names},
    sink::Sink,
};
use crate::engine::plan::Plan;

/// Lines that may wait for the disk.
const QUEUE_LINES: usize = 64 * 1024;

/// Memory that lines may wait in: 64 MB. Whole exchanges reach it long before [`QUEUE_LINES`].
const QUEUE_BYTES: usize = 64 * 1024 * 1024;

/// How often files are brought up to date, so that `tail -f` shows something.
const FLUSH: Duration = Duration::from_secs(1);

/// How soon the thread notices that the run is over.
const LOOK: Duration = Duration::from_millis(50);

/// How long a run waits at its end for lines that are not written yet.
const LAST_WAIT: Duration = Duration::from_secs(10);

/// The logs of a run, as users see them.
#[derive(Debug)]
pub struct Log {
    queue: SyncSender<Entry>,
    state: Arc<State>,
    wanted: Wanted,
    told: std::sync::Mutex<Receiver<Vec<String>>>,
}

/// What the two ends of the queue share.
#[derive(Debug, Default)]
struct State {
    /// Memory that waiting lines take.
    waiting: AtomicUsize,
    dropped: AtomicU64,
    over: AtomicBool,
}

/// What a line is made for.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent files")]
struct Wanted {
    requests: bool,
    failures: bool,
    exchanges: bool,
    transactions: bool,
    scenarios: bool,
}

impl Log {
    /// Opens the files and starts the thread; `None` when no log is asked for.
    pub fn start(paths: &LogPaths, plan: &Plan) -> Result<Option<Self>, StartError> {
        if paths.files.is_empty() {
            return Ok(None);
        }
        let sinks = paths.open()?;
        let (queue, lines) = mpsc::sync_channel(QUEUE_LINES);
        let (tell, told) = mpsc::sync_channel(1);
        let state = Arc::new(State::default());
        let writer = Writer { sinks, lines, names: Names::of(plan), state: Arc::clone(&state) };
        thread::Builder::new().name("maid-log".to_owned()).spawn(move || {
            // Nobody listens any more when the files took too long.
            let _ = tell.send(writer.write());
        })?;
        let wanted = Wanted {
            requests: paths.wants(LogKind::Request),
            failures: paths.wants(LogKind::Error) || paths.wants(LogKind::Debug),
            exchanges: paths.wants(LogKind::Debug),
            transactions: paths.wants(LogKind::Transaction),
            scenarios: paths.wants(LogKind::Scenario),
        };
        Ok(Some(Self { queue, state, wanted, told: told.into() }))
    }

    /// Notes a request that is finished, or that could not be sent.
    pub fn request(&self, finished: &Finished<'_>) {
        let failed = finished.failure.is_some();
        if self.wanted.requests || (failed && self.wanted.failures) {
            self.put(Entry::request(finished, self.wanted.exchanges));
        }
    }

    /// Notes a finished transaction.
    pub fn transaction(&self, took: Took) {
        if self.wanted.transactions {
            self.put(Entry::Transaction(Box::new(took)));
        }
    }

    /// Notes a finished pass through a scenario.
    pub fn scenario(&self, took: Took) {
        if self.wanted.scenarios {
            self.put(Entry::Scenario(Box::new(took)));
        }
    }

    /// Never waits: what finds no room is dropped and counted.
    fn put(&self, entry: Entry) {
        let weight = entry.weight();
        let waiting = self.state.waiting.fetch_add(weight, Ordering::Relaxed);
        let full = waiting + weight > QUEUE_BYTES;
        if full || self.queue.try_send(entry).is_err() {
            self.state.waiting.fetch_sub(weight, Ordering::Relaxed);
            self.state.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes what is waiting and ends; says what went wrong, one sentence each.
    pub fn finish(&self) -> Vec<String> {
        self.state.over.store(true, Ordering::Release);
        let told = self.told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut warnings = told.recv_timeout(LAST_WAIT).unwrap_or_else(|_| {
            vec![format!(
                "the log files are not complete: their disk did not take the last lines within {LAST_WAIT:?}"
            )]
        });
        let dropped = self.state.dropped.load(Ordering::Relaxed);
        if dropped > 0 {
            warnings.push(format!(
                "{dropped} entries are missing from the log files, which could not be written as fast as they \
                 came; figures and reports are complete. Log failures alone, or to a faster disk"
            ));
        }
        warnings
    }
}

/// Why logging did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file is refused.
    #[error(transparent)]
    File(#[from] LogError),
    /// The system gives no thread.
    #[error(transparent)]
    System(#[from] io::Error),
}

struct Writer {
    sinks: Vec<Sink>,
    lines: Receiver<Entry>,
    names: Names,
    state: Arc<State>,
}

impl Writer {
    /// Writes until the run is over and the queue is empty.
    fn write(mut self) -> Vec<String> {
        let mut flushed = Instant::now();
        loop {
            // Looked at before the queue: what was put in before the end is written.
            let over = self.state.over.load(Ordering::Acquire);
            match self.lines.recv_timeout(if over { Duration::ZERO } else { LOOK }) {
                Ok(entry) => self.entry(&entry),
                Err(RecvTimeoutError::Timeout) if !over => {}
                Err(_) => break,
            }
            if flushed.elapsed() >= FLUSH {
                self.sinks.iter_mut().for_each(Sink::flush);
                flushed = Instant::now();
            }
        }
        self.sinks.iter_mut().for_each(Sink::flush);
        self.sinks.iter().filter_map(Sink::told).collect()
    }

    fn entry(&mut self, entry: &Entry) {
        self.state.waiting.fetch_sub(entry.weight(), Ordering::Relaxed);
        for sink in &mut self.sinks {
            if let Some(line) = self.names.line(sink.kind(), entry) {
                sink.write(&line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_drops_and_counts() {
        let (queue, lines) = mpsc::sync_channel(2);
        let (_tell, told) = mpsc::sync_channel(1);
        let state = Arc::new(State::default());
        let wanted = Wanted {
            requests: false,
            failures: false,
            exchanges: false,
            transactions: true,
            scenarios: false,
        };
        let log = Log { queue, state: Arc::clone(&state), wanted, told: told.into() };
        let place = super::super::Place { at_us: 0, user: 0, transaction: 0 };
        let took = Took { place, pass: 0, took_us: 1, failed: false };
        for _ in 0..5 {
            log.transaction(took);
            log.scenario(took);
        }
        assert_eq!(state.dropped.load(Ordering::Relaxed), 3);
        assert_eq!(lines.try_iter().count(), 2);
        assert_eq!(state.waiting.load(Ordering::Relaxed), 2 * size_of::<Took>());
    }
}
