//! Outcomes that no engine has made: whatever a report says, it is answered.

use maid::{analyst::analyse, engine::outcome::Outcome};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::reports::outcomes::shop;

/// Numbers that somebody may write into a report.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(-1.0), Just(1e308), Just(f64::MIN_POSITIVE), 0.0..1e6_f64]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_series_is_answered(
        rows in prop::collection::vec((0_u32..5000, any::<u32>(), any::<u64>(), any::<u64>(), number(), number()), 0..120),
        cut in 0_usize..120,
        step in 0_u32..3,
    ) {
        let mut outcome = shop();
        let s = &mut outcome.series;
        s.step_s = step;
        s.at_s = rows.iter().map(|row| row.0).collect();
        s.users = rows.iter().map(|row| row.1).collect();
        s.requests = rows.iter().map(|row| row.2).collect();
        s.failures = rows.iter().map(|row| row.3).collect();
        s.p50_ms = rows.iter().map(|row| row.4).collect();
        s.p95_ms = rows.iter().map(|row| row.5).collect();
        s.p99_ms = rows.iter().take(cut).map(|row| row.5).collect();
        let analysis = analyse(&outcome, &[shop()]);
        for figure in analysis.findings.iter().flat_map(|finding| &finding.evidence) {
            prop_assert!(figure.value.is_finite() && !figure.text.is_empty(), "{figure:?}");
        }
        prop_assert_eq!(analyse(&outcome, &[shop()]), analysis, "the same at every call");
    }
}

/// Every number of a report turned into something else, one after the other.
#[test]
fn no_single_number_breaks_it() {
    let report = serde_json::to_value(shop()).expect("json");
    let mut places = Vec::new();
    numbers(&report, &mut String::new(), &mut places);
    assert!(places.len() > 300, "{}", places.len());
    for place in places.iter().step_by(7) {
        for odd in [json!(0), json!(u32::MAX), json!(1e300)] {
            let mut changed = report.clone();
            *changed.pointer_mut(place).expect("it is there") = odd;
            // What is no outcome any more is refused where it is read.
            if let Ok(outcome) = serde_json::from_value::<Outcome>(changed) {
                let found = analyse(&outcome, &[]);
                assert!(!found.summary.is_empty());
            }
        }
    }
}

fn numbers(value: &Value, at: &mut String, places: &mut Vec<String>) {
    let mut below = |key: String, value: &Value| {
        let length = at.len();
        at.push('/');
        at.push_str(&key.replace('~', "~0").replace('/', "~1"));
        numbers(value, at, places);
        at.truncate(length);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| below(key.clone(), value)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(place, value)| below(place.to_string(), value))
        }
        Value::Number(_) => places.push(at.clone()),
        _ => {}
    }
}
