//! Two runs side by side: what is called a change, and what is called noise.

use console::measure_text_width;
use maid::{
    engine::outcome::{Outcome, Status},
    reports::compare::{MeasureName, compare},
};

use crate::reports::outcomes::{Requests, by_second, nothing, outcome, shop, times};

fn run(name: &str, times_us: Vec<u64>, failures: u64) -> Outcome {
    outcome(&[Requests { name: name.into(), times_us, failures }], 10)
}

/// The level of every test is 1 %; the bound leaves room for the chance of 200 draws.
#[test]
fn two_samples_of_one_distribution_are_noise() {
    const PAIRS: u64 = 200;
    let (mut by_measure, mut shifts) = ([0_u32; 6], 0);
    for pair in 0..PAIRS {
        let size = [60, 300, 1500][pair as usize % 3];
        let mut random = fastrand::Rng::with_seed(pair);
        let mut failures = || (0..size).filter(|_| random.f64() < 0.03).count() as u64;
        let a = run("a", times(2 * pair, size, 20_000.0), failures());
        let b = run("a", times(2 * pair + 1, size, 20_000.0), failures());
        let total = compare(&a, &b, None).expect("comparable").total;
        for (flagged, measure) in by_measure.iter_mut().zip(&total.measures) {
            *flagged += u32::from(measure.is_real());
        }
        shifts += u32::from(total.shift.expect("both have requests").beyond_noise);
    }
    // With a true rate of 1 %, more than 7 of 200 happen once in a thousand times.
    assert!(by_measure.iter().all(|flagged| *flagged <= 7) && shifts <= 7, "{by_measure:?} {shifts}");
    assert!(by_measure[..3].iter().sum::<u32>() <= 2, "percentiles are stricter: {by_measure:?}");
}

/// A run of 30 seconds of 400 requests whose seconds shift as a whole, each keeping `memory` of the
/// shift of the one before.
fn moving(seed: u64, typical_us: f64, shifts_by: f64, memory: f64) -> Outcome {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut shift = 0.0;
    let seconds: Vec<Vec<u64>> = (0..30)
        .map(|second| {
            let fresh = (0..12).map(|_| random.f64()).sum::<f64>() - 6.0;
            shift = memory * shift + (1.0_f64 - memory * memory).sqrt() * shifts_by * fresh;
            times(1000 * seed + second, 400, typical_us * shift.exp())
        })
        .collect();
    let mut run = run("a", seconds.concat(), 0);
    run.series = by_second(&seconds);
    run
}

/// Taken for independent, such runs differ beyond noise more often than not.
#[test]
fn seconds_that_shift_as_a_whole_are_noise() {
    const PAIRS: u64 = 40;
    for (shifts_by, memory) in [(0.05, 0.0), (0.2, 0.0), (0.1, 0.5)] {
        let (mut by_measure, mut shifts, mut regressions) = ([0_u32; 6], 0, 0);
        for pair in 0..PAIRS {
            let a = moving(2 * pair + 1, 20_000.0, shifts_by, memory);
            let b = moving(2 * pair + 2, 20_000.0, shifts_by, memory);
            let comparison = compare(&a, &b, Some(0.05)).expect("comparable");
            for (flagged, measure) in by_measure.iter_mut().zip(&comparison.total.measures) {
                *flagged += u32::from(measure.is_real());
            }
            shifts += u32::from(comparison.total.shift.expect("both have requests").beyond_noise);
            regressions += u32::from(!comparison.regressions.is_empty());
        }
        let case = format!("{shifts_by} {memory}: {by_measure:?} {shifts} {regressions}");
        // Seven batches see only a part of what long memory does. What holds for 40 pairs: at most
        // one in ten is flagged by its average or shift, which never count as regressions, and one
        // in twenty by any of its percentiles, which do.
        assert!(by_measure.iter().all(|flagged| *flagged <= 4) && shifts <= 4, "{case}");
        assert!(by_measure[..3].iter().sum::<u32>() <= 2 && regressions <= 2, "{case}");
    }
}

#[test]
fn a_shift_of_ten_percent_is_found_among_seconds_that_move_a_little() {
    for seed in 1..20 {
        let (a, b) = (moving(seed, 20_000.0, 0.02, 0.0), moving(seed + 50, 22_000.0, 0.02, 0.0));
        let comparison = compare(&a, &b, Some(0.05)).expect("comparable");
        assert!(comparison.total.measures[0].is_real(), "{:?}", comparison.total.measures[0]);
        assert!(!comparison.regressions.is_empty());
    }
}

#[test]
fn runs_of_other_requests_or_of_another_test_are_not_judged_as_a_whole() {
    let before = run("a", times(1, 5000, 9000.0), 0);
    let other = compare(&before, &run("b", times(2, 5000, 90_000.0), 900), Some(0.1)).expect("comparable");
    assert!(other.regressions.is_empty(), "{:?}", other.regressions);
    let text = other.to_text(false, 80);
    assert!(text.contains("no request name in common") && text.contains("Nothing was judged"), "{text}");

    let mut renamed = run("a", times(2, 5000, 90_000.0), 0);
    renamed.name = "Another".into();
    let comparison = compare(&before, &renamed, Some(0.1)).expect("comparable");
    assert!(comparison.notes[0].contains("different tests, Shop checkout and Another"));
    assert!(!comparison.regressions.is_empty(), "a request of the same name is judged");
    assert!(comparison.regressions.iter().all(|r| r.request == "a"), "{:?}", comparison.regressions);
}

#[test]
fn a_shift_of_ten_percent_is_found() {
    for seed in 0..20 {
        let a = run("a", times(seed, 20_000, 20_000.0), 0);
        let b = run("a", times(seed + 1000, 20_000, 22_000.0), 0);
        let comparison = compare(&a, &b, Some(0.05)).expect("comparable");
        let p50 = &comparison.total.measures[0];
        assert!(p50.is_real() && p50.is_worse(), "{p50:?}");
        assert!((p50.change.expect("not from zero") - 0.1).abs() < 0.03, "{p50:?}");
        let shift = comparison.total.shift.expect("both have requests");
        assert!(shift.beyond_noise && shift.b_slower > 0.54, "{shift:?}");
        assert!(comparison.regressions.iter().any(|r| r.measure == MeasureName::P50 && r.request == "a"));
        assert!(comparison.regressions(0.2).is_empty());
        let back = compare(&b, &a, Some(0.0)).expect("comparable");
        assert!(back.regressions.is_empty(), "faster is no regression: {:?}", back.regressions);
    }
}

#[test]
fn a_large_change_of_few_requests_is_no_regression() {
    let comparison = compare(&run("a", vec![1000; 3], 0), &run("a", vec![9000; 3], 0), Some(0.1));
    let comparison = comparison.expect("comparable");
    assert!(comparison.regressions.is_empty(), "{:?}", comparison.regressions);
}

#[test]
fn errors_from_none_are_a_regression() {
    let before = run("a", times(1, 5000, 9000.0), 0);
    let after = run("a", times(1, 5000, 9000.0), 60);
    let comparison = compare(&before, &after, Some(0.5)).expect("comparable");
    assert_eq!(comparison.regressions.len(), 2, "in total and by name");
    assert!(comparison.regressions.iter().all(|r| r.measure == MeasureName::ErrorRate && r.change.is_none()));
    insta::assert_snapshot!(comparison.to_text(false, 90));
}

#[test]
fn names_of_one_run_are_listed_and_doubts_are_told() {
    let mut after = shop();
    after.summary.by_request.remove(0);
    after.summary.by_request[0].name = "PUT /cart".into();
    after.summary.users_max = 80;
    let comparison = compare(&shop(), &after, None).expect("comparable");
    assert_eq!(comparison.added, ["PUT /cart"]);
    assert_eq!(comparison.removed, ["GET /products", "POST /cart"]);
    let text = comparison.to_text(false, 80);
    assert!(text.contains("different numbers of users: 50 and 80"), "{text}");
    assert!(text.contains("Run A was limited by its own load generator"), "{text}");
}

#[test]
fn a_run_that_was_cut_short_is_told() {
    let mut after = shop();
    (after.summary.status, after.summary.duration_s) = (Status::Stopped, 2.5);
    let notes = compare(&shop(), &after, None).expect("comparable").notes.join("\n");
    assert!(notes.contains("Run B was stopped after 2.5 s"), "{notes}");
    assert!(notes.contains("measured for different times: ") && notes.contains(" and 2.5 s."), "{notes}");
    let alike = compare(&shop(), &shop(), None).expect("comparable").notes.join("\n");
    assert!(!alike.contains("stopped") && !alike.contains("different times"), "{alike}");
}

#[test]
fn a_comparison_is_plain_json_and_keeps_to_the_width() {
    let comparison = compare(&shop(), &shop(), Some(0.1)).expect("comparable");
    let json = serde_json::to_value(&comparison).expect("plain");
    assert_eq!(json["total"]["measures"][4]["name"], "error_rate");
    assert!(comparison.regressions.is_empty());
    for width in [40, 70, 120] {
        for line in comparison.to_text(true, width).lines() {
            assert!(measure_text_width(line) <= width, "{width}: {line}");
        }
    }
    insta::assert_snapshot!(comparison.to_text(false, 100));
}

#[test]
fn a_run_without_requests_compares_and_a_damaged_one_does_not() {
    let comparison = compare(&nothing(), &shop(), Some(0.1)).expect("comparable");
    assert!(comparison.regressions.is_empty());
    let text = comparison.to_text(false, 80);
    assert!(!text.contains("NaN") && text.contains("Run A finished no request."), "{text}");
    let mut damaged = shop();
    damaged.summary.by_request[1].histogram.latency.truncate(20);
    let message = compare(&shop(), &damaged, None).expect_err("damaged").to_string();
    assert!(message.starts_with("the histogram of POST /cart: "), "{message}");
}
