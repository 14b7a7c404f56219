//! How many documents are converted at once.
//!
//! Each may be megabytes, and is many times as much while it is taken apart: what is asked for at once has to wait
//! for its turn, and whoever would have to wait for too many others is told to come again.

use std::{sync::Arc, thread, time::Duration};

use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use crate::http::{Code, Problem};

/// Most that are converted at once.
const MOST_AT_ONCE: usize = 4;
/// Most that wait for their turn.
const MOST_WAITING: usize = 8;
/// How long somebody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(5);
/// After how many seconds whoever was refused may come again.
const AGAIN_S: u32 = 2;

/// The turns of a server; a clone is the same.
#[derive(Clone, Debug)]
pub struct Conversions(Arc<Turns>);

#[derive(Debug)]
struct Turns {
    running: Semaphore,
    waiting: Semaphore,
    patience: Duration,
}

/// Why nothing was converted.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// Too many are before it.
    #[error("as many documents as this server converts at once are being converted: try again in a moment")]
    Busy,
    /// A defect.
    #[error("{0}")]
    Defect(String),
}

impl Default for Conversions {
    /// Half of the cores: the other half is for those who convert nothing.
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self::of(cores.div_ceil(2).min(MOST_AT_ONCE), MOST_WAITING, PATIENCE)
    }
}

impl Conversions {
    fn of(running: usize, waiting: usize, patience: Duration) -> Self {
        let (running, waiting) = (Semaphore::new(running), Semaphore::new(waiting));
        Self(Arc::new(Turns { running, waiting, patience }))
    }

    /// Does `work` on a thread where it keeps nobody waiting, once it is its turn.
    ///
    /// # Errors
    /// When too many are before it.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, TurnError> {
        let turns = Arc::clone(&self.0);
        let place = turns.waiting.try_acquire().map_err(|_| TurnError::Busy)?;
        let turn = timeout(turns.patience, turns.running.acquire()).await.map_err(|_| TurnError::Busy)?;
        turn.map_err(|closed| TurnError::Defect(closed.to_string()))?.forget();
        drop(place);
        let held = Arc::clone(&self.0);
        // The turn ends with the work, not with whoever waits for it: memory is bounded by what runs.
        let worked = spawn_blocking(move || {
            let _turn = GivenBack(&held.running);
            work()
        });
        worked.await.map_err(|panicked| TurnError::Defect(panicked.to_string()))
    }
}

/// Gives a turn back, also when its work panics.
struct GivenBack<'a>(&'a Semaphore);

impl Drop for GivenBack<'_> {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

impl From<TurnError> for Problem {
    fn from(error: TurnError) -> Self {
        match error {
            TurnError::Busy => {
                Self { retry_after_s: Some(AGAIN_S), ..Self::new(Code::Full, error.to_string()) }
            }
            TurnError::Defect(_) => Self::internal(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn no_more_are_converted_at_once_than_there_are_turns() {
        let turns = Conversions::of(1, 1, Duration::from_secs(60));
        let (began, first_runs) = mpsc::sync_channel(1);
        let (end, ended) = mpsc::sync_channel::<()>(1);
        let first = tokio::spawn({
            let turns = turns.clone();
            async move {
                turns
                    .run(move || {
                        began.send(()).expect("somebody waits for it");
                        ended.recv().ok();
                        1
                    })
                    .await
            }
        });
        tokio::task::spawn_blocking(move || first_runs.recv()).await.expect("a thread").expect("it runs");
        let mut second = Box::pin(turns.run(|| 2));
        assert!(futures_util::poll!(second.as_mut()).is_pending(), "it waits for its turn");
        let busy = turns.run(|| 3).await.expect_err("one waits already");
        let problem = Problem::from(busy);
        assert_eq!((problem.code, problem.retry_after_s), (Code::Full, Some(AGAIN_S)));
        end.send(()).expect("it waits for this");
        assert_eq!(first.await.expect("a task").ok(), Some(1));
        assert_eq!(second.await.ok(), Some(2));
    }

    #[tokio::test]
    async fn whoever_waits_too_long_is_refused_and_a_panic_gives_its_turn_back() {
        let turns = Conversions::of(1, 1, Duration::ZERO);
        let held = turns.0.running.acquire().await.expect("a turn");
        assert!(matches!(turns.run(|| 1).await, Err(TurnError::Busy)));
        drop(held);
        let broken = turns.run(|| panic!("a defect")).await;
        assert!(matches!(broken, Err(TurnError::Defect(_))));
        assert_eq!(turns.run(|| 1).await.ok(), Some(1));
    }
}
