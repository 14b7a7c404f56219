//! One list of two: by reciprocal rank.
//!
//! Scores of a full text and likenesses of meanings have no scale in common; ranks have. What stands at rank `r` of
//! a list gets `1 / (60 + r)` from it, and the sum decides (G. V. Cormack, C. L. A. Clarke and S. Büttcher,
//! *Reciprocal Rank Fusion Outperforms Condorcet and Individual Rank Learning Methods*, SIGIR 2009, where 60 is
//! found to serve well whatever is searched).

use std::{collections::HashMap, hash::Hash};

/// What keeps the very first ranks from deciding alone.
const K: f64 = 60.0;

/// Something in one of the lists at least.
#[derive(Clone, Debug, PartialEq)]
pub struct Fused<T> {
    /// What it is.
    pub what: T,
    /// Its rank in each list, from 1.
    pub ranks: Vec<Option<u32>>,
    /// What decides where it stands.
    pub score: f64,
}

/// One list of several, best first. Of equal ones the first of the first list comes first.
#[must_use]
pub fn fused<T: Clone + Eq + Hash>(lists: &[Vec<T>]) -> Vec<Fused<T>> {
    let mut places: HashMap<&T, usize> = HashMap::new();
    let mut all: Vec<Fused<T>> = Vec::new();
    for (list, of) in lists.iter().enumerate() {
        for (rank, what) in (1_u32..).zip(of) {
            let place = *places.entry(what).or_insert_with(|| {
                all.push(Fused { what: what.clone(), ranks: vec![None; lists.len()], score: 0.0 });
                all.len() - 1
            });
            let fused = &mut all[place];
            if fused.ranks[list].is_none() {
                fused.ranks[list] = Some(rank);
                fused.score += 1.0 / (K + f64::from(rank));
            }
        }
    }
    all.sort_by(|a, b| b.score.total_cmp(&a.score));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_lists_have_comes_before_what_one_has() {
        let fused = fused(&[vec!["a", "b", "c"], vec!["c", "d"]]);
        assert_eq!(fused.iter().map(|one| one.what).collect::<Vec<_>>(), ["c", "a", "b", "d"]);
        assert_eq!(fused[0].ranks, [Some(3), Some(1)]);
        assert!((fused[0].score - (1.0 / 63.0 + 1.0 / 61.0)).abs() < 1e-12);
        assert_eq!(fused[3].ranks, [None, Some(2)]);
    }

    #[test]
    fn one_list_stays_in_its_order_and_none_is_none() {
        let whats: Vec<_> = fused(&[vec![3, 1, 2, 1], vec![]]).into_iter().map(|one| one.what).collect();
        assert_eq!(whats, [3, 1, 2]);
        assert!(fused::<i64>(&[]).is_empty());
    }
}
