//! The log of one run: told on the bus at once, stored once a second.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    bus::{Bus, Event, LogEvent, LogLevel},
    runs::{log::LogLine, store::Store},
};

/// Lines that wait to be stored at most. A database that is away this long costs the oldest of them.
const WAITING: usize = 1_000;

/// The log of one run; a clone is the same log.
#[derive(Clone, Debug)]
pub struct Journal {
    bus: Bus,
    run_id: Uuid,
    tenant_id: String,
    /// Most lines that are kept of the run.
    most: u64,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    lines: u64,
    waiting: VecDeque<LogLine>,
}

impl Journal {
    /// An empty log, of which at most `most` lines are kept.
    pub fn new(bus: Bus, (tenant_id, run_id): (String, Uuid), most: u32) -> Self {
        Self { bus, run_id, tenant_id, most: most.into(), state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a line down.
    pub fn line(&self, level: LogLevel, message: impl Into<String>) {
        let message = message.into();
        let mut state = self.state();
        if state.lines >= self.most {
            return;
        }
        state.lines += 1;
        let (level, message) = if state.lines == self.most {
            (LogLevel::Warn, "further lines are not kept: history.max_logs is reached".to_owned())
        } else {
            (level, message)
        };
        let run_id = self.run_id;
        match level {
            LogLevel::Debug => tracing::debug!(%run_id, "run {run_id}: {message}"),
            LogLevel::Info => tracing::info!(%run_id, "run {run_id}: {message}"),
            LogLevel::Warn => tracing::warn!(%run_id, "run {run_id}: {message}"),
            LogLevel::Error => tracing::error!(%run_id, "run {run_id}: {message}"),
        }
        if state.waiting.len() == WAITING {
            state.waiting.pop_front();
        }
        let line = LogLine { seq: state.lines, at: Timestamp::now(), level, message: message.clone() };
        state.waiting.push_back(line);
        // Under the lock, so that the lines go out in the order of their numbers.
        self.bus.publish_for(&self.tenant_id, Some(run_id), Event::Log(LogEvent { level, message }));
    }

    /// What is not stored yet.
    pub fn waiting(&self) -> Vec<LogLine> {
        self.state().waiting.iter().cloned().collect()
    }

    /// Stores what waits. What cannot be stored goes on waiting.
    pub async fn flush(&self, store: &Store) {
        let waiting = self.waiting();
        let Some(last) = waiting.last().map(|line| line.seq) else { return };
        // Storing a line twice stores it once, so an unsure answer costs nothing.
        if store.append_logs(self.run_id, &waiting).await.is_ok() {
            self.state().waiting.retain(|line| line.seq > last);
        }
    }
}
