//! The route that imports.

use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    server::shop,
    support::server::{Start, answer},
};

#[test]
fn a_server_imports_and_runs_what_it_made() {
    let (folder, shop) = (TempDir::new().expect("a folder"), shop());
    let maid = Start::in_folder(folder.path()).start();
    let text = format!("curl '{}/products?page=1'\ncurl -F a=b {}/upload\n", shop.url(), shop.url());
    let options = json!({"users": 1, "run_time": "1s"});
    let wanted = json!({"format": "curl", "text": text, "options": options});
    let (status, made) = answer(maid.post("/import", &wanted));
    assert_eq!(status, 200, "{made}");
    assert_eq!(
        made["loadtest"]["scenarios"][0]["transactions"][0]["requests"][0]["query"],
        json!({"page": "1"})
    );
    assert_eq!((&made["requests"], &made["found"]), (&json!(1), &json!(2)));
    assert!(
        made["left_out"][0]["place"] == "line 2"
            && made["yaml"].as_str().is_some_and(|yaml| yaml.starts_with("version: 1")),
        "{made}"
    );
    let run = maid.run(&made["loadtest"]);
    let summary = maid.until_over(&run);
    assert!(summary["requests"].as_u64() > Some(0) && summary["failures"] == 0, "{summary}");
}

#[test]
fn what_cannot_be_imported_is_a_problem_with_its_place() {
    let folder = TempDir::new().expect("a folder");
    let maid = Start::in_folder(folder.path()).start();
    let ask = |body: Value| answer(maid.post("/import", &body));
    let (status, problem) = ask(json!({"format": "curl", "text": "curl 'https://a.test"}));
    assert_eq!(
        (status, &problem["code"], &problem["errors"][0]["path"]),
        (422, &json!("invalid_body"), &json!("text:1:6"))
    );
    let (status, problem) = ask(json!({"format": "jmeter", "text": ""}));
    assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!("format")), "{problem}");
    let (status, problem) =
        ask(json!({"format": "curl", "text": "curl http://a.test", "options": {"users": 0}}));
    assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!("options.users")), "{problem}");
    for options in [json!({"hosts": ["nowhere"]}), json!({})] {
        let text = "openapi: 3.0.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {responses: {}}}}";
        let (status, problem) = ask(json!({"format": "openapi", "text": text, "options": options}));
        assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!("options.hosts")), "{problem}");
        assert!(
            !problem["errors"][0]["message"].as_str().is_some_and(|it| it.starts_with("--host")),
            "{problem}"
        );
    }
    let (status, _) = ask(json!({"format": "curl", "text": "curl http://a.test", "extra": 1}));
    assert_eq!(status, 422);
}

/// Each may be megabytes, and is many times as much while it is taken apart.
#[test]
fn no_more_is_imported_at_once_than_the_server_takes() {
    let folder = TempDir::new().expect("a folder");
    let maid = Start::in_folder(folder.path()).with("MAID__RATE_LIMIT__ENABLED", "false").start();
    let text = format!("curl http://a.test -d '{}'", "x".repeat(4_000_000));
    let body = json!({"format": "curl", "text": text});
    let ask = || {
        let answer = maid.post("/import", &body).send().expect("an answer");
        let again = answer.headers().get("retry-after").is_some();
        (answer.status().as_u16(), again, answer.json::<Value>().expect("JSON")["code"].clone())
    };
    let answers: Vec<_> = thread::scope(|scope| {
        let asked: Vec<_> = (0..24).map(|_| scope.spawn(ask)).collect();
        asked.into_iter().map(|one| one.join().expect("it ends")).collect()
    });
    let (made, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.0 == 200);
    assert!(!made.is_empty() && !refused.is_empty(), "{answers:?}");
    for answer in refused {
        assert_eq!(*answer, (429, true, json!("full")));
    }
    assert_eq!(ask().0, 200, "there is room again");
}
