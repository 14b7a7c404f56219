//! Models of load, as the tools understand what is written for them.

use serde_json::Value;

use super::{exported, tools, written};

/// A document with this load and two scenarios, three to one, of two requests a pass and of one.
fn document(load: &str, more: &str) -> String {
    format!(
        "version: 1\nname: Load\ntarget: {{ hosts: [\"http://127.0.0.1:9\"] }}\nload: {load}\n{more}\nscenarios:\n\
         - {{ name: two, weight: 3, transactions: [{{ name: t, requests: [{{ path: /a }}, {{ path: /b }}] }}] }}\n\
         - {{ name: one, transactions: [{{ name: t, requests: [{{ path: /c }}] }}] }}\n"
    )
}

/// The options that k6 reads from the export, and what was left out.
fn k6(load: &str, more: &str) -> (Value, String) {
    let (_beside, path) = written(&document(load, more));
    let (_folder, script, said) = exported(&path, "k6");
    let options = tools::passed(tools::k6(&["inspect"]).arg(&script));
    (serde_json::from_str(&options).expect("JSON"), said)
}

#[test]
fn users_and_stages_become_executors_of_k6() {
    let (options, said) = k6("{ users: 8, hatch_rate: 2, run_time: 30s }", "");
    assert_eq!(options["scenarios"]["two"]["stages"][0]["duration"], "4s");
    assert_eq!(options["scenarios"]["two"]["stages"][1]["target"], 6);
    assert_eq!(options["scenarios"]["one"]["stages"][1]["target"], 2);
    assert!(!said.contains("left out"), "{said}");
    let (options, _) = k6("{ users: 8, run_time: 30s }", "rate_limit: 50");
    assert_eq!(options["scenarios"]["two"]["executor"], "constant-vus");
    assert_eq!(options["scenarios"]["two"]["vus"], 6);
    assert_eq!(options["rps"], 50);
    let (options, said) =
        k6("{ stages: [{ duration: 10s, target: 4 }, { duration: 20s, target: 0 }], measure: all }", "");
    assert_eq!(options["scenarios"]["two"]["stages"][0]["target"], 3);
    assert!(!said.contains("left out"), "{said}");
    let (_, said) = k6("{ users: 1, run_time: 1s }", "");
    assert!(said.contains("scenarios[1]: no user runs it"), "{said}");
}

#[test]
fn a_rate_of_requests_becomes_one_of_passes() {
    let (options, said) = k6("{ arrival: { rate: 100, max_users: 40 }, run_time: 30s }", "");
    let two = &options["scenarios"]["two"];
    // 75 requests a second, two a pass, for a thousand seconds.
    assert_eq!((&two["startRate"], &two["preAllocatedVUs"]), (&Value::from(37_500), &Value::from(30)));
    assert_eq!(options["scenarios"]["one"]["startRate"], 25_000);
    assert!(said.contains("load.arrival: k6 starts passes"), "{said}");
    assert!(said.contains("load.arrival.late"), "{said}");
}

#[test]
fn thresholds_are_judged_or_told() {
    let rules = "thresholds: [\"p95 < 500ms\", \"corrected.p99 < 1s\", \"error_rate{GET /a} < 1%\", \"p99.9{two} <= 2s\", \
                 \"generator.limited == 0\", \"p50{404} < 1s\", \"p50{2xx} < 1s\"]";
    let (options, said) = k6("{ users: 4, run_time: 1s }", rules);
    let thresholds = options["thresholds"].as_object().expect("thresholds");
    assert_eq!(thresholds["http_req_duration"], Value::from(vec!["p(95)<500"]));
    assert_eq!(thresholds["request_failed{name:GET /a}"], Value::from(vec!["rate<0.01"]));
    assert_eq!(thresholds["http_req_duration{scenario:two}"], Value::from(vec!["p(99.9)<=2000"]));
    assert_eq!(thresholds["http_req_duration{status:404}"], Value::from(vec!["p(50)<1000"]));
    for left_out in ["thresholds[1]", "thresholds[4]", "thresholds[6]"] {
        assert!(said.contains(left_out), "{left_out}: {said}");
    }
}

#[test]
fn locust_is_told_how_many_users_there_are_when() {
    let load = "{ stages: [{ duration: 10s, target: 4 }, { duration: 20s, target: 4 }, { duration: 10s, target: 0 }] }";
    let (_beside, path) = written(&document(load, ""));
    let (_folder, file, _) = exported(&path, "locust");
    let ask = "import sys; sys.argv = ['x']; import importlib.util as u; s = u.spec_from_file_location('t', sys.stdin.read() or PATH); \
               m = u.module_from_spec(s); s.loader.exec_module(m); print([m.USERS(t) for t in (0, 5, 10, 29, 35)], m.LENGTH)";
    let ask = ask.replace("sys.stdin.read() or PATH", &format!("{:?}", file.display().to_string()));
    assert_eq!(tools::passed(tools::python().args(["-c", &ask])).trim(), "[0, 2, 4, 4, 2] 40");
}
