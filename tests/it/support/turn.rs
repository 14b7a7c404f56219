//! One run is active at a time in a process, and these tests are one process.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Waits until no other test runs anything; held for as long as a test does.
pub fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}
