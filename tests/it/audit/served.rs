//! The log as it is met over HTTP and on the command line.

use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::{
    server::{Home, on_each_database, shop},
    support::server::{Maid, answer, loadtest},
};

fn listed(maid: &Maid, query: &str) -> Vec<Value> {
    let (status, body) = answer(maid.get(&format!("/audit?limit=200{query}")));
    assert_eq!(status, 200, "{body}");
    body["items"].as_array().expect("a list").clone()
}

fn told(home: &Home, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_maid"));
    command.args(arguments).current_dir(home.folder.path()).env("MAID__DATABASE__URL", home.database.url());
    command.stdin(Stdio::null()).output().expect("it starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Waits until the log says `action`: what is noted is written down a moment later.
fn noted(maid: &Maid, action: &str) -> Value {
    crate::support::server::wait_for(action, || listed(maid, &format!("&action={action}")).into_iter().next())
}

#[test]
fn what_is_done_is_in_the_log() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let id = maid.run(&loadtest(&shop.url(), 1, "10m"));
        let started = listed(&maid, "&action=test.start").remove(0);
        assert_eq!((&started["target"], &started["outcome"]), (&json!(id), &json!("done")));
        assert_eq!((&started["actor"], &started["actor_kind"]), (&json!("dev"), &json!("development")));
        assert_eq!(started["detail"]["name"], "A test");
        maid.until_busy(&id);
        assert_eq!(answer(maid.post("/stop", &json!({}))).0, 202);
        assert_eq!(noted(&maid, "test.stop")["target"], json!(id));
        maid.until_over(&id);
        assert_eq!(answer(maid.http.delete(format!("{}/api/maid/runs/{id}", maid.url))).0, 204);
        assert_eq!(listed(&maid, &format!("&target={id}")).len(), 3);
        assert_eq!(answer(maid.http.delete(format!("{}/api/maid/runs/{id}", maid.url))).0, 404);
        assert_eq!(listed(&maid, "&action=test.delete").len(), 1, "what is not there is not deleted");

        let mut forbidden = loadtest(&"http://192.0.2.1", 1, "1s");
        let (status, body) = answer(maid.post("/run", &json!({"loadtest": forbidden})));
        assert_eq!((status, &body["code"]), (403, &json!("target_refused")), "{body}");
        crate::support::server::wait_for("the refusal", || {
            (!listed(&maid, "&action=test.start&outcome=denied").is_empty()).then_some(())
        });
        forbidden["load"] = json!("nonsense");
        assert_eq!(answer(maid.post("/run", &json!({"loadtest": forbidden}))).0, 422);
        assert_eq!(listed(&maid, "&action=test.start").len(), 3, "what cannot be started is no start");

        let put = |body: Value| answer(maid.http.put(format!("{}/api/maid/config", maid.url)).json(&body)).0;
        assert_eq!(put(json!({"load": {"max_users": 7}})), 200);
        assert_eq!(put(json!({"load": {"max_users": 8}})), 200);
        let changes = listed(&maid, "&action=config.change");
        assert_eq!(
            changes[0]["detail"],
            json!({"before": {"load.max_users": 7}, "after": {"load.max_users": 8}})
        );
        let drained = answer(maid.http.post(format!("{}/api/plugins/maid/drain", maid.url))).0;
        assert_eq!(drained, 200);
        assert_eq!(noted(&maid, "engine.switch")["detail"], json!({"to": "drain"}));

        let (status, verdict) = answer(maid.get("/audit/verify"));
        assert_eq!(
            (status, &verdict["sound"], &verdict["fault"]),
            (200, &json!(true), &json!(null)),
            "{verdict}"
        );
        assert_eq!(verdict["entries"], listed(&maid, "").len());
    });
}

#[test]
fn the_list_is_paged_and_filtered() {
    on_each_database(|home| {
        let maid = home.start().start();
        for users in 1..=5 {
            let change = maid.http.put(format!("{}/api/maid/config", maid.url));
            assert_eq!(answer(change.json(&json!({"load": {"max_users": users}}))).0, 200);
        }
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let (_, page) = answer(maid.get(&format!("/audit?limit=2&actor=dev{cursor}")));
            let items = page["items"].as_array().expect("a list");
            found.extend(items.iter().map(|entry| entry["detail"]["after"]["load.max_users"].clone()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(found, [5, 4, 3, 2, 1]);
        let at = listed(&maid, "")[2]["at"].as_str().expect("a time").to_owned();
        let (since, until) = (listed(&maid, &format!("&since={at}")), listed(&maid, &format!("&until={at}")));
        assert_eq!(since.len() + until.len(), 5);
        let time = |text: &str| text.parse::<jiff::Timestamp>().expect("a time");
        let from = |entry: &Value| time(entry["at"].as_str().expect("a time"));
        assert!(since.len() >= 3 && since.iter().all(|entry| from(entry) >= time(&at)), "{since:?}");
        for none in ["&actor=nobody", "&outcome=failed", "&target=x", "&action=logout"] {
            assert!(listed(&maid, none).is_empty(), "{none}");
        }
        for (wrong, code) in [
            ("?action=test.begin", "bad_query"),
            ("?since=yesterday", "bad_query"),
            ("?actr=x", "bad_query"),
            ("?cursor=made-up", "bad_cursor"),
        ] {
            let (status, problem) = answer(maid.get(&format!("/audit{wrong}")));
            assert_eq!((status, &problem["code"]), (400, &json!(code)), "{wrong}: {problem}");
        }
        let (_, first) = answer(maid.get("/audit?limit=2"));
        let cursor = first["next_cursor"].as_str().expect("there are more");
        let (_, problem) = answer(maid.get(&format!("/audit?limit=2&actor=dev&cursor={cursor}")));
        assert_eq!(problem["code"], "bad_cursor", "a cursor belongs to its filters");
    });
}

#[test]
fn an_export_comes_line_by_line() {
    on_each_database(|home| {
        let maid = home.start().start();
        let answer = maid.get("/audit/export").send().expect("an answer");
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "application/jsonl");
        let text = answer.text().expect("a body");
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[1]["action"], "audit.export");
        assert_eq!(lines[2], json!({"end": true, "entries": 1}));
    });
}

#[test]
fn the_command_line_lists_exports_and_checks() {
    on_each_database(|home| {
        let maid = home.start().start();
        let change = maid.http.put(format!("{}/api/maid/config", maid.url));
        assert_eq!(answer(change.json(&json!({"load": {"max_users": 7}}))).0, 200);
        let list = told(home, &["audit", "list", "--form", "json", "--action", "config.change"]);
        let items: Value = serde_json::from_str(&stdout(&list)).expect("JSON and nothing else");
        assert_eq!(items[0]["detail"]["after"], json!({"load.max_users": 7}));
        let table = stdout(&told(home, &["audit", "list"]));
        assert!(table.contains("config.change") && table.contains("dev"), "{table}");
        assert_eq!(told(home, &["audit", "list", "--action", "test.begin"]).status.code(), Some(104));

        let export = told(home, &["audit", "export", "-o", "log.jsonl"]);
        assert_eq!(export.status.code(), Some(0), "{}", String::from_utf8_lossy(&export.stderr));
        let text = std::fs::read_to_string(home.folder.path().join("log.jsonl")).expect("a file");
        assert_eq!(text.lines().count(), 4);
        let sound = told(home, &["audit", "verify"]);
        assert_eq!(sound.status.code(), Some(0), "{}", stdout(&sound));
        assert!(
            stdout(&sound).starts_with("sound    all of 2 entries are as they were written"),
            "{}",
            stdout(&sound)
        );

        // The server goes on, and what it writes is sound as well: both have the same key.
        assert_eq!(answer(maid.get("/audit/verify")).1["sound"], true);
        beside(home, "UPDATE maid_audit SET actor = 'eve' WHERE seq = 1");
        let broken = told(home, &["audit", "verify"]);
        assert_eq!(broken.status.code(), Some(1));
        assert!(stdout(&broken).contains("entry 1 was changed since it was written"), "{}", stdout(&broken));
        let verdict = stdout(&told(home, &["audit", "verify", "--form", "json"]));
        let verdict: Value = serde_json::from_str(&verdict).expect("JSON and nothing else");
        assert_eq!(verdict["fault"], json!({"kind": "changed", "seq": 1}));
        let (_, served) = answer(maid.get("/audit/verify"));
        assert_eq!(served["fault"], verdict["fault"]);
    });
}

/// Changes a row beside the server, as somebody with the database's password can.
fn beside(home: &Home, statement: &str) {
    crate::server::block_on(async {
        let db = home.database.open().await;
        super::tamper(&db, &[statement]).await;
        db.close().await.expect("it closes");
    });
}
