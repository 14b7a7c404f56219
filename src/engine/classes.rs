//! Response times counted in classes: how they were spread over a step of the series, in a few numbers.
//!
//! A class is a half octave wide, so that counts of two steps add up exactly to those of both.

use hdrhistogram::Histogram;

/// The end of the first class, in microseconds.
const FIRST_US: f64 = 100.0;
/// Classes to an octave.
const PER_OCTAVE: f64 = 2.0;
/// How many there are: the last but one ends beyond seven minutes, and the last takes what is longer.
pub const CLASSES: usize = 46;

/// The class of a response time.
#[must_use]
pub fn class_of(us: u64) -> usize {
    let octaves = (us.max(1) as f64 / FIRST_US).log2();
    // Rounded away from the edge, where the logarithm of the edge itself may fall on either side.
    let class = (octaves * PER_OCTAVE - 1e-9).ceil().max(0.0);
    (class as usize).min(CLASSES - 1)
}

/// The end of a class, in milliseconds; it begins where the one before ends.
#[must_use]
pub fn end_ms(class: usize) -> f64 {
    FIRST_US / 1000.0 * (class as f64 / PER_OCTAVE).exp2()
}

/// Counts by class, as the series keeps them: the first class with any, and the counts from it on.
#[must_use]
pub fn counted(latency: &Histogram<u64>) -> Vec<u32> {
    let mut counts = [0_u64; CLASSES];
    for bucket in latency.iter_recorded() {
        counts[class_of(bucket.value_iterated_to())] += bucket.count_at_value();
    }
    packed(&counts)
}

/// The counts of two steps together.
#[must_use]
pub fn joined(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (mut all, b) = (unpacked(a), unpacked(b));
    all.iter_mut().zip(b).for_each(|(sum, more)| *sum += more);
    packed(&all)
}

/// All counts, of what the series keeps.
#[must_use]
pub fn unpacked(kept: &[u32]) -> [u64; CLASSES] {
    let mut counts = [0; CLASSES];
    if let Some((first, rest)) = kept.split_first() {
        let from = counts.iter_mut().skip(*first as usize);
        from.zip(rest).for_each(|(count, kept)| *count = u64::from(*kept));
    }
    counts
}

fn packed(counts: &[u64; CLASSES]) -> Vec<u32> {
    let Some(first) = counts.iter().position(|count| *count > 0) else { return Vec::new() };
    let last = counts.iter().rposition(|count| *count > 0).unwrap_or(first);
    let kept = counts[first..=last].iter().map(|count| u32::try_from(*count).unwrap_or(u32::MAX));
    std::iter::once(first as u32).chain(kept).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::histogram::empty;

    #[test]
    fn classes_end_where_they_say() {
        for (us, class) in
            [(0, 0), (100, 0), (101, 1), (141, 1), (142, 2), (200, 2), (201, 3), (u64::MAX, 45)]
        {
            assert_eq!(class_of(us), class, "{us}");
        }
        assert!((end_ms(2) - 0.2).abs() < 1e-12 && end_ms(CLASSES - 2) > 400_000.0);
    }

    proptest! {
        #[test]
        fn what_is_kept_adds_up(a in prop::collection::vec(1_u64..4_000_000, 0..50), b in prop::collection::vec(1_u64..4_000_000, 0..50)) {
            let of = |times: &[u64]| {
                let mut histogram = empty();
                times.iter().for_each(|time| histogram.saturating_record(*time));
                counted(&histogram)
            };
            let both = [a.clone(), b.clone()].concat();
            prop_assert_eq!(joined(&of(&a), &of(&b)), of(&both));
            prop_assert_eq!(unpacked(&of(&a)).iter().sum::<u64>(), a.len() as u64);
        }

        #[test]
        fn nothing_that_is_stored_is_too_odd(kept in prop::collection::vec(any::<u32>(), 0..100)) {
            let sum: u64 = unpacked(&kept).iter().sum();
            prop_assert!(sum <= kept.iter().skip(1).map(|count| u64::from(*count)).sum());
        }
    }
}
