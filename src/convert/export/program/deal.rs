//! How weights are dealt out: which user runs which scenario, and in which order a pass goes through its
//! transactions. The same as MAID does it when it runs the test.

use std::collections::BTreeMap;

use crate::loadtest::types::Scheduler;

/// The largest number that divides all weights.
pub(super) fn unit(weights: impl Iterator<Item = u32>) -> u32 {
    weights.fold(0, gcd).max(1)
}

const fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// A pass through transactions, given as place, weight and sequence: a group for each place in the
/// sequence, those without one last.
pub(super) fn pass(transactions: &[(usize, u32, u32)], round_robin: bool) -> Vec<Vec<usize>> {
    let unit = unit(transactions.iter().map(|(_, weight, _)| *weight));
    let mut groups: BTreeMap<(bool, u32), Vec<(usize, u32)>> = BTreeMap::new();
    for (place, weight, sequence) in transactions {
        groups.entry((*sequence == 0, *sequence)).or_default().push((*place, weight / unit));
    }
    groups.into_values().map(|group| dealt(&group, round_robin)).collect()
}

/// One of each in turn until none is left, or all of the first, then all of the second.
fn dealt(cards: &[(usize, u32)], round_robin: bool) -> Vec<usize> {
    if !round_robin {
        return cards.iter().flat_map(|(card, count)| (0..*count).map(move |_| *card)).collect();
    }
    let most = cards.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let round = |round: u32| cards.iter().filter(move |(_, count)| *count > round).map(|(card, _)| *card);
    (0..most).flat_map(round).collect()
}

/// How many of `users` users run each scenario of these weights.
#[must_use]
pub fn users(weights: &[u32], scheduler: Scheduler, users: u32) -> Vec<u32> {
    let unit = unit(weights.iter().copied());
    let cards: Vec<_> = weights.iter().enumerate().map(|(at, weight)| (at, weight / unit)).collect();
    let order = dealt(&cards, scheduler == Scheduler::RoundRobin);
    let mut counts = vec![0; weights.len()];
    let length = u32::try_from(order.len()).unwrap_or(u32::MAX).max(1);
    for (at, (_, share)) in cards.iter().enumerate() {
        counts[at] = users / length * share;
    }
    order.iter().take((users % length) as usize).for_each(|scenario| counts[*scenario] += 1);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_dealt_one_of_each_in_turn() {
        assert_eq!(pass(&[(0, 30, 0), (1, 10, 0)], true), [vec![0, 1, 0, 0]]);
        assert_eq!(pass(&[(0, 30, 0), (1, 10, 0)], false), [vec![0, 0, 0, 1]]);
        assert_eq!(pass(&[(0, 1, 0), (1, 1, 2), (2, 2, 1)], true), [vec![2, 2], vec![1], vec![0]]);
    }

    #[test]
    fn users_are_dealt_by_weight() {
        assert_eq!(users(&[3, 1], Scheduler::RoundRobin, 4), [3, 1]);
        assert_eq!(users(&[3, 1], Scheduler::RoundRobin, 6), [4, 2]);
        assert_eq!(users(&[3, 1], Scheduler::Serial, 7), [6, 1]);
        assert_eq!(users(&[3, 1], Scheduler::RoundRobin, 1), [1, 0]);
    }
}
