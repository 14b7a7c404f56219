//! A map that forgets what was used longest ago.

use std::{collections::HashMap, hash::Hash, mem};

/// At most `room` entries. They are kept in two halves: when the younger one is full it becomes the
/// older one, and what was in that one and not used since is forgotten. So nothing is ever searched,
/// and what is used stays.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    half: usize,
}

impl<K: Hash + Eq + Copy, V: Default> Recent<K, V> {
    pub(crate) fn new(room: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), half: (room / 2).max(1) }
    }

    /// The entry of `key`, without using it.
    pub(crate) fn peek(&self, key: K) -> Option<&V> {
        self.young.get(&key).or_else(|| self.old.get(&key))
    }

    /// The entry of `key`, used now, where there is one.
    pub(crate) fn known(&mut self, key: K) -> Option<&mut V> {
        self.peek(key).is_some().then(|| self.entry(key))
    }

    /// The entry of `key`, used now, and made where there is none.
    pub(crate) fn entry(&mut self, key: K) -> &mut V {
        if !self.young.contains_key(&key) && self.young.len() >= self.half {
            let kept = self.old.remove(&key);
            self.old = mem::take(&mut self.young);
            return self.young.entry(key).or_insert_with(|| kept.unwrap_or_default());
        }
        let older = &mut self.old;
        self.young.entry(key).or_insert_with(|| older.remove(&key).unwrap_or_default())
    }

    pub(crate) fn remove(&mut self, key: K) {
        self.young.remove(&key);
        self.old.remove(&key);
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_is_bounded() {
        let mut recent: Recent<u32, u32> = Recent::new(100);
        *recent.entry(7) = 1;
        for at in 1000..2000 {
            *recent.entry(at) = at;
            assert!(recent.len() <= 100);
            if at % 10 == 0 {
                assert_eq!(recent.known(7), Some(&mut 1));
            }
        }
        assert_eq!(recent.peek(1000), None, "it was used longest ago");
        assert_eq!(recent.peek(1999), Some(&1999));
        assert_eq!(recent.known(1), None, "asking makes no entry");
        recent.remove(7);
        assert_eq!(recent.peek(7), None);
    }
}
