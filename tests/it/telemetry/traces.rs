//! Traces: a request's span arrives at a collector under the caller's trace.

use std::{
    net::TcpListener,
    thread,
    time::{Duration, Instant},
};

use super::collector::{PARENT, Sent, TRACE, bytes_of, collector, holds};
use actix_web::{App, HttpResponse, get, test, web};
use maid::{config::Telemetry, http::trace::RequestSpan, telemetry};

#[get("/runs/{id}")]
async fn route(id: web::Path<String>) -> HttpResponse {
    tracing::warn!(%id, "asked");
    HttpResponse::Ok().finish()
}

fn configured(endpoint: &str) -> Telemetry {
    serde_json::from_value(serde_json::json!({
        "log": "off",
        "otlp": {"endpoint": endpoint, "timeout": "2s", "service_name": "maid-under-test",
            "headers": {"x-tenant": "100%25 ours"}}
    }))
    .expect("it is right")
}

async fn one_request(traceparent: Option<&str>) {
    let app = test::init_service(App::new().wrap(RequestSpan::middleware()).service(route)).await;
    let mut request = test::TestRequest::get().uri("/runs/7?token=hunter2");
    if let Some(traceparent) = traceparent {
        request = request.insert_header(("traceparent", traceparent));
    }
    assert!(test::call_service(&app, request.to_request()).await.status().is_success());
}

#[actix_web::test]
async fn a_request_arrives_at_the_collector_in_the_callers_trace() {
    let (url, heard) = collector();
    let (subscriber, tracing) = telemetry::subscriber(&configured(&url), std::io::sink);
    let guard = tracing::subscriber::set_default(subscriber);
    one_request(Some(&format!("00-{TRACE}-{PARENT}-01"))).await;
    drop(guard);
    thread::spawn(move || tracing.finish()).join().expect("what is left is sent");
    let Sent { head, body } = heard.recv_timeout(Duration::from_secs(10)).expect("a batch");
    assert!(head.starts_with("post /v1/traces http/1.1"), "{head}");
    assert!(head.contains("content-type: application/x-protobuf"), "{head}");
    assert!(head.contains("x-tenant: 100%25 ours"), "{head}");
    assert!(holds(&body, &bytes_of(TRACE)), "the caller's trace id");
    assert!(holds(&body, &bytes_of(PARENT)), "the caller's span as the parent");
    assert!(holds(&body, b"GET /runs/{id}"), "the name is the route's pattern");
    assert!(holds(&body, b"maid-under-test"), "the name of the service");
    assert!(!holds(&body, b"hunter2"), "what follows the `?` may be a secret");
}

#[actix_web::test]
async fn a_trace_that_the_caller_does_not_sample_is_not_sent() {
    let (url, heard) = collector();
    let (subscriber, tracing) = telemetry::subscriber(&configured(&url), std::io::sink);
    let guard = tracing::subscriber::set_default(subscriber);
    one_request(Some(&format!("00-{TRACE}-{PARENT}-00"))).await;
    one_request(None).await;
    drop(guard);
    thread::spawn(move || tracing.finish()).join().expect("what is left is sent");
    let Sent { body, .. } = heard.recv_timeout(Duration::from_secs(10)).expect("the other request");
    assert!(!holds(&body, &bytes_of(TRACE)));
    assert!(holds(&body, b"GET /runs/{id}"));
}

/// Lines of a log, for a test to read.
#[derive(Clone, Default)]
struct Lines(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("nobody panicked").clone()).expect("text")
    }
}

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[actix_web::test]
async fn a_collector_that_is_gone_holds_up_nobody() {
    let gone = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address");
    let (subscriber, tracing) = telemetry::subscriber(&configured(&format!("http://{gone}")), std::io::sink);
    let guard = tracing::subscriber::set_default(subscriber);
    let begun = Instant::now();
    for _ in 0..100 {
        one_request(None).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "requests wait for no collector");
    drop(guard);
    let finishing = Instant::now();
    thread::spawn(move || tracing.finish()).join().expect("it ends");
    assert!(finishing.elapsed() < Duration::from_secs(10), "nor does the end");
}

#[actix_web::test]
async fn a_line_of_the_log_names_its_request_and_levels_change_while_it_runs() {
    let lines = Lines::default();
    let written = lines.clone();
    let json = serde_json::json!({"log": "error", "log_format": "json"});
    let config: Telemetry = serde_json::from_value(json).expect("it is right");
    let (subscriber, tracing) = telemetry::subscriber(&config, move || written.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    one_request(None).await;
    assert_eq!(lines.text(), "", "a warning is no error");
    tracing.set_log("warn");
    one_request(Some(&format!("00-{TRACE}-{PARENT}-01"))).await;
    let text = lines.text();
    let line: serde_json::Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
    assert_eq!(line["fields"]["message"], "asked");
    assert_eq!(line["span"]["trace_id"], TRACE);
    let id = line["span"]["request_id"].as_str().expect("an id");
    assert_eq!(uuid::Uuid::parse_str(id).expect("a UUID").get_version_num(), 7);
    assert!(!text.contains("hunter2"), "{text}");
}
