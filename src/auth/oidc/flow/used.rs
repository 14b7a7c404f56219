//! The states of sign-ins that were finished, so that none is finished twice.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Most states that are remembered. Beyond it the oldest is forgotten rather than somebody refused: a provider
/// takes a code only once as well.
const MOST: usize = 10_000;

/// States that were used, each with the second after which nobody takes it anyway.
#[derive(Debug, Default)]
pub struct UsedStates(Mutex<HashMap<String, i64>>);

impl UsedStates {
    /// Whether `state`, which is good until `expires`, is used for the first time.
    pub fn is_first(&self, state: &str, expires: i64, now: i64) -> bool {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.contains_key(state) {
            return false;
        }
        if used.len() >= MOST {
            used.retain(|_, expires| *expires > now);
        }
        if used.len() >= MOST {
            let oldest = used.iter().min_by_key(|(_, expires)| **expires).map(|(state, _)| state.clone());
            oldest.and_then(|state| used.remove(&state));
        }
        used.insert(state.to_owned(), expires);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_used_once() {
        let used = UsedStates::default();
        assert!(used.is_first("a", 600, 0));
        assert!(!used.is_first("a", 600, 1));
        assert!(used.is_first("b", 600, 1));
    }

    #[test]
    fn the_memory_is_bounded_and_loses_the_oldest() {
        let used = UsedStates::default();
        let most = i64::try_from(MOST).expect("it is small");
        for at in 0..most {
            assert!(used.is_first(&at.to_string(), 1000 + at, 0));
        }
        assert!(used.is_first("new", 1_000_000, 0));
        assert!(used.is_first("0", 1_000_000, 0), "the oldest was forgotten");
        assert!(!used.is_first("new", 1_000_000, 0), "a young one was not");
        assert!(used.is_first("later", 2_000_000, 999_999), "what nobody takes any more makes room");
        assert_eq!(used.0.lock().expect("nobody panics with it").len(), 3);
    }
}
