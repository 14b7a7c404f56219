//! What answers tell browsers: over all routes, and their errors.

use std::net::Ipv4Addr;

use reqwest::{Method, blocking::Response, header::HeaderMap};
use serde_json::Value;
use tempfile::TempDir;

use super::secure::Place;
use crate::support::server::{Maid, Start, loadtest};
use maid::demo::Shop;

const NOBODY: &str = "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a";
const PAGE: &str = "https://shop.example.com";

/// Every answer there is without a body in the request: most of them are errors.
fn answers(maid: &Maid) -> Vec<(String, Response)> {
    let document: Value = maid
        .http
        .get(format!("{}/api/openapi.json", maid.url))
        .send()
        .and_then(Response::json)
        .expect("JSON");
    let mut answers = Vec::new();
    let mut ask = |method: &str, path: &str| {
        let path = path.replace("{id}", NOBODY).replace("{format}", "html").replace("{file}", "start.js");
        let asked = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).expect("a method");
        let answer = maid.http.request(asked, format!("{}{path}", maid.url)).send().expect("an answer");
        answers.push((format!("{method} {path}"), answer));
    };
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, _) in item.as_object().expect("operations") {
            ask(method, path);
        }
        ask("options", path);
        ask("patch", path);
        ask("get", &format!("{path}?unknown=1"));
    }
    ask("get", "/nowhere");
    ask("get", "/api/docs/swagger-ui.css");
    answers
}

fn told<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[test]
fn every_answer_keeps_browsers_in_bounds() {
    let folder = TempDir::new().expect("a folder");
    let maid = Start::in_folder(folder.path()).start();
    let answers = answers(&maid);
    assert!(answers.iter().filter(|(_, answer)| answer.status().is_client_error()).count() > 40);
    assert!(answers.iter().filter(|(_, answer)| answer.status().is_success()).count() > 10);
    for (place, answer) in answers {
        let headers = answer.headers();
        assert_eq!(told(headers, "x-content-type-options"), "nosniff", "{place}");
        assert_eq!(told(headers, "referrer-policy"), "no-referrer", "{place}");
        assert_eq!(told(headers, "x-frame-options"), "DENY", "{place}");
        assert_eq!(told(headers, "cross-origin-opener-policy"), "same-origin", "{place}");
        assert_eq!(told(headers, "cross-origin-resource-policy"), "same-origin", "{place}");
        assert!(told(headers, "permissions-policy").contains("camera=()"), "{place}");
        let policy = told(headers, "content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{place}"
        );
        assert!(!policy.contains("unsafe"), "{place}: {policy}");
        assert!(headers.contains_key("cache-control"), "{place}");
        let opened = headers.keys().find(|name| name.as_str().starts_with("access-control"));
        assert_eq!(opened, None, "{place}: no other origin is let in");
        assert!(!headers.contains_key("strict-transport-security"), "{place}: this is plain HTTP");
    }
}

#[test]
fn a_report_states_what_it_brings_and_nothing_else_is_let_in() {
    let folder = TempDir::new().expect("a folder");
    let maid = Start::in_folder(folder.path()).start();
    let shop = Shop::start((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
    let run = maid.run(&loadtest(&shop.url(), 1, "300ms"));
    maid.until_over(&run);
    let report = maid.get(&format!("/runs/{run}/report.html")).send().expect("a report");
    let policy = told(report.headers(), "content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(policy.ends_with("frame-ancestors 'none'; sandbox allow-scripts"), "{policy}");
    assert!(policy.contains("script-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    let page = report.text().expect("a page");
    assert!(!page.contains(" style=\""), "an attribute would not be let in");
    assert!(page.contains(" data-s=\"0\"") && page.contains("[data-s=\"0\"]"));
}

#[test]
fn coming_back_by_https_is_asked_for_over_tls_alone() {
    let (place, _) = Place::with_certificate();
    let ask = |maid: &Maid| {
        let path = format!("https://localhost:{}/nowhere", maid.port());
        let answer = place.client().get(path).header("x-forwarded-proto", "http").send().expect("an answer");
        answer
            .headers()
            .get("strict-transport-security")
            .map(|value| value.to_str().expect("text").to_owned())
    };
    assert_eq!(ask(&place.start().start()).as_deref(), Some("max-age=2592000"));
    assert_eq!(
        ask(&place.start().with("MAID__SERVER__TLS__HSTS", "1h").start()).as_deref(),
        Some("max-age=3600")
    );
    assert_eq!(ask(&place.start().with("MAID__SERVER__TLS__HSTS", "0s").start()), None);
    let folder = TempDir::new().expect("a folder");
    let plain = Start::in_folder(folder.path()).start();
    let forwarded = plain.http.get(format!("{}/healthz", plain.url)).header("x-forwarded-proto", "https");
    let answer = forwarded.send().expect("an answer");
    assert!(!answer.headers().contains_key("strict-transport-security"), "a header is no proof");
}

/// A preflight of a page of `origin` about `path`.
fn preflight(maid: &Maid, origin: &str, path: &str) -> Response {
    maid.http
        .request(Method::OPTIONS, format!("{}{path}", maid.url))
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization")
        .send()
        .expect("an answer")
}

#[test]
fn no_page_of_another_origin_is_let_in_unless_it_is_listed() {
    let folder = TempDir::new().expect("a folder");
    let closed = Start::in_folder(folder.path()).start();
    let refused = preflight(&closed, PAGE, "/api/maid/run");
    assert_eq!(refused.status(), 403);
    assert!(!refused.headers().keys().any(|name| name.as_str().starts_with("access-control")));
    assert_eq!(refused.json::<Value>().expect("a problem")["code"], "foreign_origin");
    closed.terminate();

    let open = Start::in_folder(folder.path()).with("MAID__SERVER__CORS_ORIGINS", PAGE).start();
    let allowed = preflight(&open, PAGE, "/api/maid/run");
    assert_eq!(allowed.status(), 204);
    assert_eq!(told(allowed.headers(), "access-control-allow-origin"), PAGE);
    assert_eq!(told(allowed.headers(), "access-control-allow-methods"), "OPTIONS, POST");
    assert!(told(allowed.headers(), "access-control-allow-headers").contains("authorization"));
    assert!(!allowed.headers().contains_key("access-control-allow-credentials"));
    assert_eq!(preflight(&open, PAGE, "/nowhere").status(), 404);
    for other in ["https://shop.example.com.evil.example", "http://shop.example.com", "null"] {
        let refused = preflight(&open, other, "/api/maid/run");
        assert_eq!(refused.status(), 403, "{other}");
        assert!(!refused.headers().contains_key("access-control-allow-origin"), "{other}");
    }
    let ask = |origin: &str| open.http.get(format!("{}/healthz", open.url)).header("origin", origin).send();
    let read = ask(PAGE).expect("an answer");
    assert_eq!(told(read.headers(), "access-control-allow-origin"), PAGE);
    assert!(told(read.headers(), "access-control-expose-headers").contains("etag"));
    let other = ask("https://evil.example").expect("an answer");
    assert!(!other.headers().contains_key("access-control-allow-origin"));
    let varies = other.headers().get_all("vary").iter().any(|value| value == "origin");
    assert!(varies, "caches are told that answers differ");
}

#[test]
fn a_list_that_opens_to_everybody_is_refused() {
    let folder = TempDir::new().expect("a folder");
    let start = Start::in_folder(folder.path()).with("MAID__SERVER__CORS_ORIGINS", "*");
    let said = start.attempt().map(drop).expect_err("it is refused");
    assert!(said.contains("server.cors_origins: `*` is not an origin"), "{said}");
}
