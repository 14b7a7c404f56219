//! What watches over MAID: health and metrics of a server, as a probe and as Prometheus see them.

use crate::settings::Bench;

#[test]
fn a_server_in_order_is_alive_and_ready() {
    let bench = Bench::start("{}", None, &[]);
    let alive = bench.get("/healthz");
    assert_eq!((alive.status, alive.json()), (200, serde_json::json!({"status": "ok"})));
    alive.stands();
    let ready = bench.get("/readyz");
    assert_eq!(ready.status, 200);
    let told = serde_json::json!({"status": "ready", "checks": [
        {"name": "database", "ok": true, "detail": "answers"},
        {"name": "migrations", "ok": true, "detail": "are applied"},
        {"name": "data_dir", "ok": true, "detail": "is writable"},
        {"name": "engine", "ok": true, "detail": "accepts runs"},
    ]});
    assert_eq!(ready.json(), told);
}

#[test]
fn metrics_count_by_the_pattern_of_a_route_and_never_by_what_was_asked() {
    let bench = Bench::start("{}", None, &[]);
    bench.get("/api/maid/config");
    bench.get("/api/maid/config");
    bench.get("/api/maid/config/changes?cursor=hunter2");
    for at in 0..50 {
        bench.get(&format!("/made/up/{at}"));
    }
    let scraped = bench.get("/metrics");
    assert_eq!(
        scraped.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    let text = String::from_utf8(scraped.body).expect("text");
    for line in [
        r#"maid_http_requests_total{method="GET",route="/api/maid/config",status="2xx"} 2"#,
        r#"maid_http_requests_total{method="GET",route="unmatched",status="4xx"} 50"#,
        "maid_http_requests_in_flight 1",
        "maid_runs_active 0.0",
        concat!("maid_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("made") && !text.contains("hunter2"), "{text}");
    assert!(text.ends_with("# EOF\n"));
}

#[test]
fn nobody_has_to_sign_in_to_watch() {
    let document = serde_json::to_value(maid::app::openapi::openapi()).expect("JSON");
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(document["paths"][path]["get"]["security"], serde_json::json!([]), "{path}");
    }
}
