//! What is said, and of which LoadTests nothing is.

use serde_json::{Value, json};

use super::*;

/// A test that nothing is to be said of.
fn good() -> Value {
    json!({
        "version": 1, "name": "Good", "target": {"hosts": ["http://127.0.0.1:1"]},
        "load": {"users": 200, "hatch_rate": 20, "run_time": "2m"},
        "scenarios": [{"name": "s", "think_time": {"min": "1s", "max": "2s"}, "transactions": [
            {"name": "t", "requests": [{"path": "/products/{{ random_int(1, 9) }}", "check": [{"status": 200}]}]}]}],
        "thresholds": ["error_rate < 1%", "p95{GET /products/{{ random_int(1, 9) }}} < 500ms"]
    })
}

fn codes(test: &Value) -> Vec<(&'static str, String)> {
    let test: LoadTest = serde_json::from_value(test.clone()).expect("a LoadTest");
    advice(&test).into_iter().map(|one| (one.code, one.path)).collect()
}

#[test]
fn of_a_good_test_nothing_is_said() {
    assert_eq!(codes(&good()), []);
}

#[test]
fn each_weakness_is_told_with_its_place() {
    let requests: Vec<Value> =
        (0..101).map(|n| json!({"path": format!("/a{n}"), "check": [{"status": 200}]})).collect();
    for (change, code, path) in [
        (
            &(|t: &mut Value| drop(t["scenarios"][0]["think_time"].take())) as &dyn Fn(&mut Value),
            "no_think_time",
            "scenarios[0]",
        ),
        (&|t| t["rate_limit"] = json!(50), "open_model", "rate_limit"),
        (&|t| drop(t["load"]["hatch_rate"].take()), "thundering_herd", "load.hatch_rate"),
        (&|t| t["load"] = json!({"users": 1, "run_time": "5s"}), "short_run", "load.run_time"),
        (&|t| t["load"]["run_time"] = json!("30s"), "ramp_in_totals", "load.measure"),
        (&|t| t["thresholds"] = json!([]), "no_thresholds", "thresholds"),
        (&|t| t["thresholds"] = json!(["p95 < 1s"]), "no_error_threshold", "thresholds"),
        (&|t| t["target"]["tls"] = json!({"verify": false}), "unverified_tls", "target.tls.verify"),
        (
            &|t| t["scenarios"][0]["transactions"][0]["requests"][0]["check"] = json!([]),
            "no_checks",
            "scenarios",
        ),
        (
            &|t| t["scenarios"][0]["transactions"][0]["requests"][0]["path"] = json!("/products/1742?a=1"),
            "one_thing",
            "scenarios[0].transactions[0].requests[0].path",
        ),
        (&|t| t["scenarios"][0]["transactions"][0]["requests"] = json!(requests), "many_names", "scenarios"),
    ] {
        let mut test = good();
        change(&mut test);
        assert_eq!(codes(&test), [(code, path.to_owned())]);
    }
    let mut test = good();
    test["thresholds"] = json!(["avg < 1s"]);
    assert_eq!(codes(&test).len(), 2, "an average, and nothing about errors");
}

#[test]
fn the_open_model_needs_no_think_time() {
    let mut test = good();
    test["scenarios"][0].as_object_mut().expect("an object").remove("think_time");
    test["load"] = json!({"arrival": {"rate": 200, "max_users": 500}, "run_time": "1m"});
    assert_eq!(codes(&test), []);
}
