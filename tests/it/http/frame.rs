//! What is true of every answer.

use super::Site;

const ID: &str = "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a";

#[test]
fn a_right_request_is_answered() {
    let site = Site::start();
    let answer =
        site.post("/api/maid/run", "content-type: application/json\r\n", br#"{"name": "a", "users": 3}"#);
    assert_eq!(answer.status, 202);
    assert_eq!(answer.json(), serde_json::json!({"name": "a", "users": 3}));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.stands();
    let listed = site.ask("GET", "/api/maid/history?limit=7&name=x").json();
    assert_eq!((listed["users"].clone(), listed["name"].clone()), (7.into(), "x".into()));
    assert_eq!(site.ask("DELETE", &format!("/api/maid/runs/{ID}")).status, 204);
    assert_eq!(site.post("/api/maid/stop", "", b"").json(), serde_json::Value::Null);
}

#[test]
fn the_routes_of_runs_have_an_alias() {
    let site = Site::start();
    let answer = site.post("/api/goose/run", "content-type: application/json\r\n", br#"{"name": "a"}"#);
    assert_eq!(answer.status, 202);
    assert_eq!(site.ask("GET", "/api/goose/history?limit=9").json()["users"], 9);
    assert_eq!(site.ask("GET", &format!("/api/goose/runs/{ID}")).problem(), "no_route");
    let other = site.ask("DELETE", "/api/goose/history");
    assert_eq!(
        (other.problem().as_str(), other.header("allow")),
        ("method_not_allowed", Some("get, head, options"))
    );
}

#[test]
fn a_missing_route_and_a_wrong_method_are_problems() {
    let site = Site::start();
    for path in [
        "/",
        "/api",
        "/api/maid",
        "/api/maid/",
        "/api/maid/histor",
        "/api/maid/history/",
        "/apii/%ff",
        "/api/maid/runs",
    ] {
        let answer = site.ask("GET", path);
        assert_eq!((answer.status, answer.problem().as_str()), (404, "no_route"), "{path}");
        assert_eq!(site.ask("OPTIONS", path).problem(), "no_route", "{path}");
    }
    assert!(
        site.ask("GET", "/api/maid/histor").json()["detail"].as_str().unwrap().contains("/api/maid/history?")
    );
    for (method, path, allow) in [
        ("GET", "/api/maid/run", "options, post"),
        ("POST", "/api/maid/history", "get, head, options"),
        ("PATCH", &format!("/api/maid/runs/{ID}"), "delete, get, head, options"),
        ("BREW", "/api/openapi.json", "get, head, options"),
    ] {
        let answer = site.ask(method, path);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (405, "method_not_allowed"),
            "{method} {path}"
        );
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
    }
}

#[test]
fn head_is_get_without_its_body() {
    let site = Site::start();
    let (get, head) = (site.ask("GET", "/api/maid/history"), site.ask("HEAD", "/api/maid/history"));
    assert_eq!((get.status, head.status), (200, 200));
    assert_eq!(head.header("content-length"), get.header("content-length"));
    assert!(head.body.is_empty() && !get.body.is_empty());
    let refused = site.ask("HEAD", "/api/maid/run");
    assert_eq!((refused.status, refused.body.len()), (405, 0));
    assert_eq!(refused.header("allow"), Some("options, post"));
    assert_eq!(site.ask("HEAD", "/nowhere").status, 404);
}

#[test]
fn options_say_what_there_is() {
    let site = Site::start();
    let answer = site.ask("OPTIONS", "/api/maid/run");
    assert_eq!((answer.status, answer.header("allow")), (204, Some("options, post")));
    answer.stands();
    assert_eq!(answer.header("access-control-allow-origin"), None, "no other site is let in");
}

#[test]
fn a_request_has_an_id() {
    let site = Site::start();
    let ask = |id: &str| {
        let line = format!(
            "GET /api/maid/history HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{id}\r\n",
            site.address
        );
        site.send(line.as_bytes()).header("x-request-id").expect("an id").to_owned()
    };
    assert_eq!(ask("x-request-id: build-7\r\n"), "build-7");
    let made =
        [ask(""), ask(""), ask("x-request-id: two words\r\n"), ask("x-request-id: a\r\nx-request-id: b\r\n")];
    for (at, id) in made.iter().enumerate() {
        assert!(uuid::Uuid::parse_str(id).is_ok(), "{id}");
        assert!(!made[..at].contains(id), "{id} is given twice");
    }
}

#[test]
fn a_defect_says_nothing_but_an_id() {
    let site = Site::start();
    let answer = site.ask("GET", "/api/maid/defect");
    assert_eq!((answer.status, answer.problem().as_str()), (500, "internal"));
    assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
    assert!(answer.json()["instance"].as_str().is_some_and(|id| id.starts_with("urn:uuid:")));
}

#[test]
fn a_route_may_say_itself_what_is_wrong() {
    let site = Site::start();
    let answer = site.ask("GET", "/api/maid/unwell");
    assert_eq!((answer.status, answer.json()["name"].as_str()), (503, Some("disk")));
    answer.stands();
}

#[test]
fn answers_are_compressed_for_whoever_takes_it() {
    let site = Site::start();
    let ask = |accepted: &str| {
        let head = format!(
            "GET /api/openapi.json HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{accepted}\r\n",
            site.address
        );
        site.send(head.as_bytes())
    };
    let plain = ask("");
    assert_eq!(plain.header("content-encoding"), None);
    let packed = ask("accept-encoding: gzip\r\n");
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() * 2 < plain.body.len());
    let none = ask("accept-encoding: identity;q=0, br\r\n");
    assert_eq!((none.status, none.problem().as_str()), (406, "not_acceptable"));
}

#[test]
fn the_document_is_sent_again_only_when_it_changed() {
    let site = Site::start();
    let first = site.ask("GET", "/api/openapi.json");
    assert!(first.json()["paths"]["/api/goose/run"].is_object());
    let etag = first.header("etag").expect("an etag").to_uppercase().replace('X', "x");
    let ask = |etag: &str| {
        let head = format!(
            "GET /api/openapi.json HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nif-none-match: {etag}\r\n\r\n",
            site.address
        );
        site.send(head.as_bytes()).status
    };
    let etag = etag.replacen("W/\"", "", 1).to_lowercase();
    assert_eq!(ask(&format!("W/\"{}", etag)), 304);
    assert_eq!(ask("W/\"other\""), 200);
}

#[test]
fn the_page_of_the_document_loads_from_here_alone() {
    let site = Site::start();
    let page = site.ask("GET", "/api/docs");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("script-src 'self';"), "{policy}");
    let text = String::from_utf8(page.body.clone()).expect("text");
    assert!(!text.contains("://"), "it names another host");
    let files: Vec<&str> = text.split(['"']).filter(|part| part.starts_with("/api/docs/")).collect();
    assert_eq!(files.len(), 4, "{text}");
    for file in files {
        let answer = site.ask("GET", file);
        assert_eq!(answer.status, 200, "{file}");
        assert!(answer.header("cache-control").is_some_and(|value| value.starts_with("public")), "{file}");
    }
    assert_eq!(site.ask("GET", "/api/docs/index.html").problem(), "not_found");
    assert_eq!(site.ask("GET", "/api/docs/../openapi.json").problem(), "no_route");
}
