//! ^C and SIGTERM: the first asks for a graceful end, the second ends the process.

use std::{
    process,
    sync::{Arc, Mutex, PoisonError},
};

use super::exit::Exit;

type Action = Box<dyn FnOnce() + Send>;

/// What the first signal does.
enum State {
    /// Ends the process: nothing is going on that deserves better.
    Idle,
    /// Runs the action, once.
    Armed(Action),
    /// A signal has come.
    Interrupted,
}

/// The process's reaction to signals.
#[derive(Clone)]
pub struct Interrupt(Arc<Mutex<State>>);

impl Interrupt {
    /// Takes over ^C and SIGTERM. Goose resets its own stop at each start where somebody else has
    /// taken them over, so this must be done before a run is started.
    ///
    /// # Errors
    /// Signals cannot be taken over, or have been already.
    pub fn install() -> Result<Self, ctrlc::Error> {
        let interrupt = Self(Arc::new(Mutex::new(State::Idle)));
        let ours = interrupt.clone();
        ctrlc::set_handler(move || {
            if !ours.signalled() {
                end_at_once();
            }
        })?;
        Ok(interrupt)
    }

    /// From now on the first signal runs `action` instead of ending the process.
    pub(super) fn arm(&self, action: impl FnOnce() + Send + 'static) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(*state, State::Interrupted) {
            *state = State::Armed(Box::new(action));
        }
    }

    /// Whether a signal has come.
    pub(super) fn has_come(&self) -> bool {
        matches!(*self.0.lock().unwrap_or_else(PoisonError::into_inner), State::Interrupted)
    }

    /// Runs the armed action; false when there is none.
    fn signalled(&self) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Interrupted) {
            State::Armed(action) => {
                drop(state);
                action();
                true
            }
            State::Idle | State::Interrupted => false,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the second ^C is to end whatever hangs")]
fn end_at_once() {
    process::exit(Exit::Stopped.code().into());
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn the_action_runs_once() {
        let interrupt = Interrupt(Arc::new(Mutex::new(State::Idle)));
        let stops = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&stops);
        interrupt.arm(move || {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        assert!(!interrupt.has_come());
        assert!(interrupt.signalled());
        assert!(interrupt.has_come());
        assert!(!interrupt.signalled(), "the second signal ends the process");
        assert_eq!(stops.load(Ordering::Relaxed), 1);
    }
}
