//! The admin UI, as a browser is handed it.

use reqwest::{blocking::Response, header::HeaderMap};
use tempfile::TempDir;

use crate::support::server::{Maid, Start};

fn asked(maid: &Maid, path: &str) -> Response {
    maid.http.get(format!("{}{path}", maid.url)).send().expect("an answer")
}

fn told<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// What stands in `text` between `before` and `after`.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map_or("", |(part, _)| part)
}

/// The name of a file that the page loads.
pub fn file(maid: &Maid) -> String {
    let page = asked(maid, "/plugins/maid").text().expect("a text");
    let file = between(&page, "/plugins/maid/assets/", "\"");
    assert!(!file.is_empty(), "the UI is not built: run scripts/ui, as make test does: {page}");
    file.to_owned()
}

#[test]
fn every_page_has_the_nonce_of_its_answer_and_is_kept_nowhere() {
    let folder = TempDir::new().expect("a folder");
    let maid = Start::in_folder(folder.path()).start();
    let mut nonces = Vec::new();
    for path in
        ["", "/results", "/results/0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a", "/nowhere", "/results?name=a"]
    {
        let answer = asked(&maid, &format!("/plugins/maid{path}"));
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers().clone();
        let policy = told(&headers, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe-"), "{policy}");
        assert_eq!(told(&headers, "cache-control"), "no-store");
        let page = answer.text().expect("a text");
        let nonce = between(policy, "'nonce-", "'").to_owned();
        assert!(nonce.len() >= 24, "{policy}");
        assert_eq!(between(&page, "name=\"style-nonce\" content=\"", "\""), nonce, "{page}");
        nonces.push(nonce);
    }
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), 5, "each answer has one of its own");
}

#[test]
fn what_people_type_leads_there() {
    let folder = TempDir::new().expect("a folder");
    let maid = Start::in_folder(folder.path()).start();
    for path in ["/", "/plugins/maid/"] {
        let answer = asked(&maid, path);
        assert_eq!((answer.status().as_u16(), answer.url().path()), (200, "/plugins/maid"), "{path}");
    }
}

#[test]
fn files_are_asked_for_once_and_others_are_not_there() {
    let folder = TempDir::new().expect("a folder");
    let maid = Start::in_folder(folder.path()).start();
    let answer = asked(&maid, &format!("/plugins/maid/assets/{}", file(&maid)));
    assert_eq!(answer.status(), 200);
    assert_eq!(told(answer.headers(), "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(told(answer.headers(), "content-encoding"), "", "who did not ask for it");
    let whole = answer.bytes().expect("bytes");
    let name = file(&maid);
    let smaller = maid
        .http
        .get(format!("{}/plugins/maid/assets/{name}", maid.url))
        .header("accept-encoding", "gzip, br, zstd");
    let smaller = smaller.send().expect("an answer");
    assert_eq!(
        (told(smaller.headers(), "content-encoding"), told(smaller.headers(), "vary")),
        ("br", "accept-encoding")
    );
    assert!(smaller.bytes().expect("bytes").len() < whole.len(), "it is smaller");
    let hidden = format!("{name}.br");
    for path in [hidden.as_str(), "nowhere.js", "..%2findex.html", "%2e%2e%2findex.html", "..%5cindex.html"] {
        let answer = asked(&maid, &format!("/plugins/maid/assets/{path}"));
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(told(answer.headers(), "content-type"), "application/problem+json", "{path}");
    }
}

#[test]
fn its_files_are_handed_out_to_however_many_come_from_one_address() {
    let folder = TempDir::new().expect("a folder");
    let maid = Start::in_folder(folder.path())
        .with("MAID__AUTH__REQUIRED", "true")
        .with("MAID__RATE_LIMIT__ADDRESS_BURST", 5)
        .with("MAID__RATE_LIMIT__ADDRESS_PER_MINUTE", 5)
        .start();
    let file = file(&maid);
    for _ in 0..50 {
        assert_eq!(asked(&maid, &format!("/plugins/maid/assets/{file}")).status(), 200);
    }
    let statuses: Vec<_> = (0..10).map(|_| asked(&maid, "/api/maid/status").status().as_u16()).collect();
    assert!(
        statuses.contains(&401) && statuses.ends_with(&[429]),
        "what asks for more is limited: {statuses:?}"
    );
}
