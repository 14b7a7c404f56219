//! What the shop keeps in memory, within bounds.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A value that all threads of the shop share.
#[derive(Default)]
pub(super) struct Kept<T>(Mutex<T>);

impl<T> Kept<T> {
    pub(super) fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub(super) fn open(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A map in the order in which its entries came. When one more comes than it holds, the first one goes.
pub(super) struct Recent<K, V> {
    most: usize,
    next: u64,
    by_key: HashMap<K, (u64, V)>,
    in_order: BTreeMap<u64, K>,
}

impl<K: Clone + Eq + Hash, V> Recent<K, V> {
    pub(super) fn new(most: usize) -> Self {
        Self { most, next: 0, by_key: HashMap::new(), in_order: BTreeMap::new() }
    }

    /// Puts in an entry, and answers the one that had to go for it: the first one, or what was under
    /// the same key.
    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let mut gone = self.remove(&key);
        if self.by_key.len() >= self.most
            && let Some((_, first)) = self.in_order.pop_first()
        {
            gone = self.by_key.remove(&first).map(|(_, value)| value);
        }
        self.in_order.insert(self.next, key.clone());
        self.by_key.insert(key, (self.next, value));
        self.next += 1;
        gone
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.by_key.get(key).map(|(_, value)| value)
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.by_key.get_mut(key).map(|(_, value)| value)
    }

    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        let (order, value) = self.by_key.remove(key)?;
        self.in_order.remove(&order);
        Some(value)
    }

    pub(super) fn len(&self) -> usize {
        self.by_key.len()
    }

    /// The values, the first one first.
    pub(super) fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.in_order.values().filter_map(|key| self.get(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_one_goes() {
        let mut recent = Recent::new(2);
        assert_eq!(
            (recent.insert("a", 1), recent.insert("b", 2), recent.insert("a", 3)),
            (None, None, Some(1))
        );
        assert_eq!(recent.insert("c", 4), Some(2));
        assert_eq!(recent.values().collect::<Vec<_>>(), [&3, &4]);
        assert_eq!((recent.remove(&"a"), recent.get(&"a"), recent.len()), (Some(3), None, 1));
    }

    proptest! {
        #[test]
        fn it_never_holds_more(steps in prop::collection::vec((0_u8..20, any::<bool>()), 0..200)) {
            let mut recent = Recent::new(5);
            for (key, comes) in steps {
                if comes { recent.insert(key, ()); } else { recent.remove(&key); }
                prop_assert!(recent.len() <= 5 && recent.in_order.len() == recent.by_key.len());
            }
        }
    }
}
