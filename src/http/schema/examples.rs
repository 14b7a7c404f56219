//! Examples of the documents that are described here, each valid by its schema.

use serde_json::{Value, json};

/// A small LoadTest that runs.
pub(super) fn loadtest_example() -> Value {
    json!({
        "version": 1,
        "name": "Shop front page",
        "target": {"hosts": ["http://127.0.0.1:8080"]},
        "load": {"users": 10, "run_time": "30s"},
        "scenarios": [{
            "name": "browse",
            "transactions": [{"name": "front page", "requests": [{"method": "GET", "path": "/"}]}],
        }],
        "thresholds": ["p95 < 500ms", "error_rate < 1%"],
    })
}

/// A summary of a run, with its lists cut short.
pub(super) fn summary_example() -> Value {
    let latency = json!({
        "min": 0.4, "avg": 1.9, "p50": 1.6, "p90": 3.2, "p95": 4.1, "p99": 7.7, "p999": 12.5, "max": 31.0
    });
    json!({
        "run_id": "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a",
        "status": "completed",
        "verdict": {
            "passed": true,
            "thresholds": [
                {"rule": "p95 < 500ms", "passed": true, "observed": 4.1, "observed_text": "4.1 ms"},
            ],
        },
        "duration_s": 30.0,
        "users_max": 10,
        "requests": 158_204,
        "failures": 0,
        "interrupted": 0,
        "error_rate": 0.0,
        "rps": 5273.5,
        "bytes_in": 94_922_400,
        "bytes_out": 15_820_400,
        "latency_ms": latency,
        "corrected_latency_ms": latency,
        "by_request": [],
        "status_codes": {"200": 158_204},
        "errors": [],
        "generator": {
            "cpu_percent": 96.0, "cpu_us_per_request": 182.0, "rss_mb": 41.2, "open_fds": 34,
            "dispatch_lag_ms": {"p50": 0.02, "p99": 0.3, "max": 2.1},
            "late": 0, "dropped": 0, "limited": false, "limited_because": [], "cores": 4, "fd_limit": 1024,
        },
    })
}

/// All that is stored of a finished run, with its lists cut short.
pub(super) fn outcome_example() -> Value {
    let mut outcome = summary_example();
    let own = json!({
        "format": 1,
        "maid_version": env!("CARGO_PKG_VERSION"),
        "name": "Shop front page",
        "hosts": ["http://127.0.0.1:8080"],
        "started_at": "2026-01-31T12:00:00.000Z",
        "ended_at": "2026-01-31T12:00:31.000Z",
        "ended_because": null,
        "notes": null,
        "warnings": [],
        "measure": "all",
        "phases": [],
        "series": {
            "step_s": 1, "at_s": [], "requests": [], "failures": [], "users": [], "p50_ms": [], "p95_ms": [],
            "p99_ms": [],
            "classes": [],
        },
        "series_by_request": [],
        "by_host": [],
        "analysis": analysis_example(),
        "by_transaction": [],
        "by_scenario": [],
        "checks": [],
        "histogram": {"latency": "", "corrected": ""},
        "config": loadtest_example(),
    });
    if let (Some(outcome), Value::Object(own)) = (outcome.as_object_mut(), own) {
        outcome.extend(own);
    }
    outcome
}

/// A dry run of one request.
pub(super) fn dry_run_example() -> Value {
    let header = |name: &str, value: &str| json!({"name": name, "value": value});
    json!({
        "passed": false,
        "duration_s": 0.012,
        "requests": 1,
        "failures": 1,
        "ended_because": null,
        "steps": [{
            "scenario": "front", "transaction": "home", "part": "transactions",
            "request": "GET /products/1", "method": "GET", "url": "http://127.0.0.1:43180/products/1",
            "sent": {
                "headers": [header("accept", "application/json")],
                "body": "", "body_bytes": 0, "body_cut": false,
            },
            "answer": {
                "status": 200, "redirects": 0, "response_ms": 4.2,
                "headers": [header("content-type", "application/json")],
                "body": "{\"id\": 1, \"stock\": 0}", "body_bytes": 21, "body_cut": false,
            },
            "extracts": [{"name": "id", "from": "$.id", "value": "1", "is_default": false}],
            "checks": [{"check": "$.stock > 0", "passed": false, "found": "0"}],
            "failure": {"kind": "check", "message": "check failed: $.stock > 0"},
        }],
    })
}

/// What was found in a run with a slow search.
pub(super) fn analysis_example() -> Value {
    let ms = |name: &str, value: f64, text: &str| json!({"name": name, "value": value, "unit": "ms", "text": text});
    let finding = json!({
        "id": "slow-1", "kind": "slow_request", "severity": "warning", "confidence": 0.95,
        "title": "GET /search is slow: its time goes into waiting for the first byte of the answer",
        "explanation": "GET /search takes 402 ms at p50 and 431 ms at p95.",
        "request": "GET /search", "host": null, "from_s": null, "to_s": null,
        "evidence": [ms("p50", 402.3, "402 ms"), ms("p95", 431.1, "431 ms")],
        "follows_from": null, "weak": false,
        "next_test": {"text": "Run that request alone with few users."},
    });
    json!({
        "version": 1,
        "healthy": false,
        "summary": "GET /search is slow: its time goes into waiting for the first byte of the answer.",
        "findings": [finding],
        "not_judged": [],
        "compared_with": [],
    })
}

/// A comparison of two runs of which the later one is slower.
pub(super) fn comparison_example() -> Value {
    let run = |id: &str, at: &str| {
        json!({
            "run_id": id, "name": "Shop front page", "started_at": at, "requests": 158_204,
            "widening": {"p50": 1.1, "p95": 1.4, "p99": 1.9},
        })
    };
    let p95 = json!({"name": "p95", "a": 4.1, "b": 5.2, "delta": 1.1, "change": 0.268, "beyond_noise": true});
    let total = json!({
        "name": "", "requests": [158_204, 149_871], "measures": [p95],
        "shift": {"b_slower": 0.58, "z": 21.4, "p": 0.0, "beyond_noise": true},
    });
    json!({
        "a": run("0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a", "2026-01-31T12:00:00.000Z"),
        "b": run("0190dadc-da6d-7c4f-9d8e-2a3b4c5d6e7f", "2026-02-01T12:00:00.000Z"),
        "total": total,
        "by_request": [],
        "added": [],
        "removed": [],
        "notes": [],
        "max_regression": 0.1,
        "regressions": [{"request": "", "measure": "p95", "a": 4.1, "b": 5.2, "change": 0.268}],
    })
}

/// The same of a run that may not be over.
pub(super) fn measures_example() -> Value {
    let mut example = summary_example();
    if let Some(example) = example.as_object_mut() {
        for known in ["run_id", "status"] {
            example.shift_remove(known);
        }
    }
    example
}
