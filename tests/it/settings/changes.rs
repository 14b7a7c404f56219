//! The configuration told and changed.

use std::{fs, thread};

use serde_json::{Value, json};

use super::bench::Bench;

fn keys<'a>(of: &'a Value, name: &str) -> Vec<&'a str> {
    of.as_array().into_iter().flatten().filter_map(|entry| entry[name].as_str().or(entry.as_str())).collect()
}

fn paths(problem: &Value) -> Vec<&str> {
    keys(&problem["errors"], "path")
}

#[test]
fn the_configuration_is_told_with_where_it_comes_from() {
    let bench = Bench::start(
        r#"{"load": {"max_users": 5, "max_rps": 0}}"#,
        Some(r#"{"load": {"stop_grace": "1s", "workers": 2}}"#),
        &[("MAID__LOAD__WORKERS", "3"), ("MAID__TELEMETRY__OTLP__HEADERS", "authorization=hunter2")],
    );
    let answer = bench.get("/api/maid/config");
    assert_eq!(answer.status, 200);
    answer.stands();
    let told = answer.json();
    assert_eq!(told["config"]["load"]["workers"], 3);
    assert_eq!(told["config"]["server"]["port"], 43121, "defaults are told too");
    assert_eq!(told["config"]["database"]["url"], "", "a secret that is empty is no secret");
    assert_eq!(told["config"]["telemetry"]["otlp"]["headers"]["authorization"], "***");
    assert_eq!(told["runtime"], json!({"load": {"stop_grace": "1s", "workers": 2}}));
    assert_eq!(
        bench.plain(&told["origins"].to_string()),
        json!([
            {"key": "load.stop_grace", "from": "runtime", "name": "DIR/config.runtime.json"},
            {"key": "load.max_users", "from": "file", "name": "DIR/config.json"},
            {"key": "load.workers", "from": "environment", "name": "MAID__LOAD__WORKERS"},
            {"key": "telemetry.otlp.headers", "from": "environment", "name": "MAID__TELEMETRY__OTLP__HEADERS"},
        ])
        .to_string()
    );
    let overridden = json!([{"key": "load.workers", "by": "environment variable MAID__LOAD__WORKERS"}]);
    assert_eq!(told["overridden"], overridden);
    assert_eq!(told["restart_required"], json!([]));
    let schema = bench.get("/api/maid/config/schema").json();
    assert_eq!(schema, maid::config::schema_json());
}

#[test]
fn a_change_holds_at_once_or_waits_and_is_recorded() {
    let bench = Bench::start("{}", None, &[("MAID__LOAD__WORKERS", "3")]);
    let mut seen = bench.settings.changes();
    let answer = bench.put(
        &json!({"load": {"max_users": 7, "workers": 9}, "server": {"port": 7}, "telemetry": {"log": "info"}}),
        "",
    );
    assert_eq!(answer.status, 200, "{:?}", answer.json());
    let told = answer.json();
    assert_eq!(told["applied"], json!(["load.max_users", "telemetry.log"]));
    assert_eq!(told["restart_required"], json!(["server.port"]));
    assert_eq!(keys(&told["overridden"], "key"), ["load.workers"]);
    assert_eq!(told["config"]["server"]["port"], 7, "what is told is what a restart finds");
    let current = bench.settings.current();
    assert_eq!((current.load.max_users, current.load.workers, current.server.port), (7, 3, 43121));
    assert!(seen.has_changed().expect("it can still change"));
    assert_eq!(seen.borrow_and_update().telemetry.log, "info");
    assert_eq!(bench.in_file()["load"], json!({"max_users": 7, "workers": 9}));
    assert_eq!(bench.tag(), answer.header("etag").expect("a tag"));

    let answer = bench.put(&json!({"server": {"port": 43121}}), "");
    assert_eq!(answer.json()["applied"], json!(["load.max_users", "telemetry.log"]));
    assert_eq!(answer.json()["restart_required"], json!([]), "nothing waits once it is what it was");
    assert_eq!(bench.settings.current().load.max_users, 100_000, "what is left out falls back");

    let recorded = bench.get("/api/maid/config/changes").json();
    let [last, first] = recorded["items"].as_array().expect("a list").as_slice() else {
        panic!("{recorded}")
    };
    assert_eq!((&first["actor"], &first["actor_kind"]), (&json!("dev"), &json!("development")));
    assert_eq!(first["before"], json!({}));
    assert_eq!(
        first["after"],
        json!({"server.port": 7, "load.max_users": 7, "load.workers": 9, "telemetry.log": "info"})
    );
    assert_eq!(first["applied"], json!(["load.max_users", "telemetry.log"]));
    assert_eq!(first["restart_required"], json!(["server.port"]));
    assert_eq!(last["before"], first["after"]);
    assert_eq!(last["after"], json!({"server.port": 43121}));
}

#[test]
fn changes_are_paged() {
    let bench = Bench::start("{}", None, &[]);
    for users in 1..=5 {
        assert_eq!(bench.put(&json!({"load": {"max_users": users}}), "").status, 200);
    }
    assert_eq!(bench.put(&json!({"load": {"max_users": 5}}), "").status, 200, "the same again is no change");
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = bench.get(&format!("/api/maid/config/changes?limit=2{cursor}")).json();
        let items = page["items"].as_array().expect("a list");
        found.extend(items.iter().map(|item| item["after"]["load.max_users"].as_u64().expect("a number")));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(found, [5, 4, 3, 2, 1]);
    assert_eq!(bench.get("/api/maid/config/changes?cursor=made-up").problem(), "bad_cursor");
}

#[test]
fn all_that_is_wrong_is_told_at_once_and_nothing_is_changed() {
    let bench = Bench::start("{}", Some(r#"{"load": {"max_users": 3}}"#), &[]);
    let (before, tag) = (fs::read(bench.runtime_file()).expect("a file"), bench.tag());
    let wrong =
        json!({"lod": 1, "load": {"max_users": 0, "max_run_time": "x"}, "telemetry": {"log_format": 1}});
    let answer = bench.put(&wrong, "");
    assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid_config"));
    let told = answer.json();
    let mut wrong = paths(&told);
    wrong.sort_unstable();
    assert_eq!(wrong, ["load.max_run_time", "load.max_users", "lod", "telemetry.log_format"]);
    for (body, path) in [
        (json!({"database": {"url": "postgres://u:p@h/d"}}), "database.url"),
        (json!({"telemetry": {"otlp": {"headers": {"a": "b"}}}}), "telemetry.otlp.headers"),
        (json!({"load": {"targets": {"allow": ["***"]}}}), "load.targets.allow.0"),
        (json!({"load": {"max_run_time": "9999h"}}), "load.max_run_time"),
        (json!({"telemetry": {"log": "maid=loud"}}), "telemetry.log"),
        (json!({"telemetry": {"otlp": {"endpoint": "http://u:p@h/"}}}), "telemetry.otlp.endpoint"),
        (json!({"load": {"targets": {"allow": ["shop.test", "http://x y"]}}}), "load.targets.allow"),
    ] {
        let answer = bench.put(&body, "");
        assert_eq!(answer.problem(), "invalid_config", "{body}");
        assert_eq!(paths(&answer.json()), [path], "{body}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("u:p@"), "no value is repeated");
    }
    let twice = bench.put_text(r#"{"load": {"max_users": 3}, "load": {"max_users": 4}}"#, "");
    assert_eq!((twice.problem().as_str(), paths(&twice.json())), ("invalid_body", vec!["load"]));
    for body in [json!([]), json!(null), json!("text")] {
        assert_eq!(bench.put(&body, "").problem(), "invalid_body", "{body}");
    }
    assert_eq!(fs::read(bench.runtime_file()).expect("a file"), before);
    assert_eq!(bench.tag(), tag);
    assert_eq!(bench.get("/api/maid/config/changes").json()["items"], json!([]));
}

#[test]
fn what_another_one_changed_meanwhile_is_not_lost() {
    let bench = Bench::start("{}", None, &[]);
    let tag = bench.tag();
    let matching = |tag: &str| format!("if-match: {tag}\r\n");
    assert_eq!(bench.put(&json!({"load": {"max_users": 1}}), &matching(&tag)).status, 200);
    let late = bench.put(&json!({"load": {"max_users": 2}}), &matching(&tag));
    assert_eq!((late.status, late.problem().as_str()), (412, "changed"));
    assert_eq!(bench.put(&json!({}), &matching(&format!("W/{}", bench.tag()))).status, 412, "a weak tag");
    let both = format!("\"other\", {}", bench.tag());
    assert_eq!(bench.put(&json!({"load": {"max_users": 3}}), &matching(&both)).status, 200);
    assert_eq!(bench.put(&json!({"load": {"max_users": 4}}), &matching("*")).status, 200);

    fs::write(bench.runtime_file(), r#"{"load": {"max_users": 50}}"#).expect("it is edited by hand");
    let unseen = bench.put(&json!({}), &matching(&bench.tag()));
    assert_eq!(unseen.problem(), "changed");
    assert!(
        unseen.json()["detail"].as_str().expect("a text").contains("config.runtime.json itself was edited")
    );
    assert_eq!(bench.in_file()["load"]["max_users"], 50);
    assert_eq!(bench.put(&json!({}), "").status, 200, "whoever means it replaces it");
}

#[test]
fn of_two_changes_at_once_one_wins_and_the_other_learns_it() {
    let bench = Bench::start("{}", None, &[]);
    for round in 0..5 {
        let tag = bench.tag();
        let mut statuses = thread::scope(|scope| {
            let puts = [1, 2].map(|side| {
                let (bench, tag) = (&bench, &tag);
                scope.spawn(move || {
                    let users = 10 * (round + 1) + side;
                    bench.put(&json!({"load": {"max_users": users}}), &format!("if-match: {tag}\r\n")).status
                })
            });
            puts.map(|put| put.join().expect("it is answered"))
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        let users = bench.settings.current().load.max_users;
        assert_eq!(bench.in_file(), json!({"load": {"max_users": users}}), "file and process agree");
    }
    let recorded = bench.get("/api/maid/config/changes").json();
    assert_eq!(recorded["items"].as_array().map(Vec::len), Some(5), "each change that was made, once");
}

#[test]
fn secrets_in_the_runtime_file_survive_a_change_and_are_not_shown() {
    let secret =
        r#"{"telemetry": {"otlp": {"headers": {"authorization": "hunter2"}}}, "load": {"max_users": 3}}"#;
    let bench = Bench::start("{}", Some(secret), &[]);
    let told = bench.get("/api/maid/config");
    assert!(!String::from_utf8_lossy(&told.body).contains("hunter2"));
    let runtime = told.json()["runtime"].clone();
    let answer = bench.put(&runtime, &format!("if-match: {}\r\n", bench.tag()));
    assert_eq!(answer.status, 200, "what was read can be sent back: {}", answer.json());
    assert!(!String::from_utf8_lossy(&answer.body).contains("hunter2"));
    assert_eq!(bench.put(&json!({"load": {"max_users": 4}}), "").status, 200);
    assert_eq!(bench.in_file()["telemetry"]["otlp"]["headers"]["authorization"], "hunter2");
    let recorded = bench.get("/api/maid/config/changes");
    assert!(!String::from_utf8_lossy(&recorded.body).contains("hunter2"));
}
