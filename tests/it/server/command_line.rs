//! The command line beside a server: runs on it, its history, its database.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Output, Stdio},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::{Value, json};

use super::{Home, answer, loadtest, on_each_database, on_one_database, shop, wait_for};
use crate::support::{
    byte_server::{Act, ByteServer},
    people::{admin, asking, key},
};

impl Home {
    /// The command line in the server's folder, with the server's settings.
    fn maid(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_maid"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("MAID__DATABASE__URL", self.database.url())
            .stdin(Stdio::null());
        command
    }

    fn told(&self, arguments: &[&str]) -> Output {
        self.maid(arguments).output().expect("it starts")
    }

    /// A document in the server's folder.
    fn document(&self, test: &Value) -> String {
        std::fs::write(self.folder.path().join("test.json"), test.to_string()).expect("a file");
        "test.json".to_owned()
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_run_on_a_server_is_shown_and_judged_here() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let mut test = loadtest(&shop.url(), 2, "1s");
        test["thresholds"] = json!(["p95 < 1us"]);
        let document = home.document(&test);
        let output = home.told(&[
            "run",
            &document,
            "--server",
            &maid.url,
            "--summary",
            "json",
            "--notes",
            "from afar",
        ]);
        assert_eq!(output.status.code(), Some(99), "{}", stderr(&output));
        let summary: Value = serde_json::from_str(&stdout(&output)).expect("JSON and nothing else");
        assert_eq!(summary["requests"], shop.requests().total);
        let run = maid.detail(summary["run_id"].as_str().expect("an id"));
        assert_eq!((&run["requests"], &run["notes"]), (&summary["requests"], &json!("from afar")));
        // What the server refuses has the exit codes of a run without one.
        test["target"]["hosts"] = json!(["http://192.0.2.1"]);
        let refused = home.told(&["run", &home.document(&test), "--server", &maid.url]);
        assert_eq!(refused.status.code(), Some(106), "{}", stderr(&refused));
        test["laod"] = json!({});
        let wrong = home.told(&["run", &home.document(&test), "--server", &maid.url]);
        assert_eq!(wrong.status.code(), Some(104), "{}", stderr(&wrong));
        assert!(stderr(&wrong).contains("laod"), "{}", stderr(&wrong));
        let nobody = home.told(&["run", &document, "--server", "http://127.0.0.1:1"]);
        assert_eq!(nobody.status.code(), Some(1));
        assert!(stderr(&nobody).contains("maid serve"), "{}", stderr(&nobody));
    });
}

#[test]
fn an_interrupt_stops_the_run_on_the_server() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let document = home.document(&loadtest(&shop.url(), 2, "10m"));
        let child = home
            .maid(&["run", &document, "--server", &maid.url, "--summary", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let id = wait_for("the run sends", || {
            let (_, status) = answer(maid.get("/status"));
            (status["requests"].as_u64() > Some(0)).then(|| status["run_id"].as_str().map(str::to_owned))?
        });
        kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT).expect("it is ours");
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(105), "{}", stderr(&output));
        let summary: Value = serde_json::from_str(&stdout(&output)).expect("JSON and nothing else");
        assert_eq!((&summary["run_id"], &summary["status"]), (&json!(id), &json!("stopped")));
        assert_eq!(maid.detail(&id)["status"], "stopped");
    });
}

/// A test of two requests, the second of which fails, with a secret that it reads from the environment.
fn half_right(target: &str) -> Value {
    let mut test = loadtest(&target, 300, "10m");
    test["scenarios"][0]["transactions"][0]["requests"] = json!([
        {"path": "/products", "headers": {"X-Token": "${env:TOKEN}"},
            "extract": [{"name": "id", "from": "json", "path": "$.items[0].id"}]},
        {"path": "/products/{{ id }}?was=${env:TOKEN}", "check": [{"status": 418}]}
    ]);
    test
}

/// A dry run as JSON, but for what is another each time.
fn lasting(output: &Output) -> Value {
    let mut walked: Value = serde_json::from_str(&stdout(output)).expect("JSON and nothing else");
    assert!(walked["duration_s"].take().is_number(), "{walked}");
    for step in walked["steps"].as_array_mut().expect("steps") {
        let answer = step["answer"].as_object_mut().expect("an answer");
        assert!(answer.remove("response_ms").is_some_and(|took| took.is_number()));
        assert!(answer.remove("headers").is_some_and(|headers| headers.is_array()));
    }
    walked
}

#[test]
fn a_dry_run_on_a_server_is_told_as_one_here() {
    on_one_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let document = home.document(&half_right(&shop.url()));
        let asked = ["run", &document, "--dry-run", "-e", "TOKEN=hunter2-hunter2"];
        let there = ["--server", &maid.url];
        let json = ["--summary", "json"];
        let (here, afar) =
            (home.told(&[&asked[..], &json].concat()), home.told(&[&asked[..], &json, &there].concat()));
        assert_eq!((here.status.code(), afar.status.code()), (Some(1), Some(1)), "{}", stderr(&afar));
        assert_eq!(lasting(&here), lasting(&afar));
        let text = home.told(&[&asked[..], &there].concat());
        for words in ["took id = 1", "fails status 418, found 200", "FAILED 2 requests, 1 failed"] {
            assert!(stdout(&text).contains(words), "{words}: {}", stdout(&text));
        }
        assert!(stderr(&text).contains(&maid.url), "{}", stderr(&text));
        for output in [&here, &afar, &text] {
            let told = stdout(output) + &stderr(output);
            assert!(!told.contains("hunter2"), "{told}");
        }
        let none = ["run", &shop.url(), "--dry-run", "--summary", "none"];
        let passed = home.told(&[&none[..], &there].concat());
        assert_eq!((passed.status.code(), stdout(&passed).as_str()), (Some(0), ""), "{}", stderr(&passed));
        let (_, history) = answer(maid.get("/history"));
        assert_eq!(history["items"], json!([]));
        let (_, audit) = answer(maid.get("/audit?action=test.dry_run"));
        assert_eq!(audit["items"].as_array().map(Vec::len), Some(3), "{audit}");
    });
}

#[test]
fn a_dry_run_that_a_server_refuses_ends_as_one_here() {
    on_one_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let (_, writing) = key(&maid, &admin, &json!({"name": "w", "scopes": ["maid.read", "maid.write"]}));
        let (_, reading) = key(&maid, &admin, &json!({"name": "r", "scopes": ["maid.read"]}));
        let closed = ByteServer::start(vec![vec![Act::Request, Act::Reset]]);
        let told = |key: &str, test: &Value, more: &[&str]| {
            let document = home.document(test);
            let asked = ["run", &document, "--dry-run", "--server", &maid.url];
            home.maid(&[&asked[..], more].concat()).env("MAID_API_KEY", key).output().expect("it starts")
        };
        let open = loadtest(&closed.url(), 1, "1s");
        let down = told(&writing, &open, &[]);
        assert_eq!(down.status.code(), Some(1), "{}", stderr(&down));
        assert!(stdout(&down).contains("✗ GET") && stdout(&down).contains("1 failed"), "{}", stdout(&down));
        let sent = closed.requests().len();
        let mut wrong = open.clone();
        wrong["laod"] = json!({});
        let elsewhere = loadtest(&"http://192.0.2.1", 1, "1s");
        for (key, test, more, code, words) in [
            (&*writing, &elsewhere, &[][..], 106, "target.hosts[0]"),
            (&writing, &wrong, &[], 104, "laod"),
            ("maid_wrong", &open, &[], 1, "MAID_API_KEY"),
            ("", &open, &[], 1, "MAID_API_KEY"),
            (&reading, &open, &[], 1, "maid.write"),
            (&writing, &open, &["--queue"], 104, "--queue"),
            (&writing, &open, &["--notes", "x"], 104, "--notes"),
            (&writing, &open, &["-o", "report.html"], 104, "--out"),
        ] {
            let output = told(key, test, more);
            assert_eq!(output.status.code(), Some(code), "{words}: {}", stderr(&output));
            assert!(stderr(&output).contains(words), "{words}: {}", stderr(&output));
            assert_eq!(stdout(&output), "", "{words}");
        }
        assert_eq!(closed.requests().len(), sent, "nothing was sent");
    });
}

#[test]
fn an_interrupt_ends_a_dry_run_on_the_server() {
    on_one_database(|home| {
        let (target, maid) = (ByteServer::start(vec![vec![Act::Request, Act::Stall]]), home.start().start());
        let document = home.document(&loadtest(&target.url(), 1, "1s"));
        let child = home
            .maid(&["run", &document, "--dry-run", "--server", &maid.url, "--summary", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        wait_for("it sends", || (target.requests().len() == 1).then_some(()));
        kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT).expect("it is ours");
        let output = child.wait_with_output().expect("it ends");
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(105), ""), "{}", stderr(&output));
        wait_for("its connection is closed", || (target.open() == 0).then_some(()));
    });
}

#[test]
fn runs_of_the_command_line_are_in_the_same_history() {
    on_each_database(|home| {
        let shop = shop();
        let mut test = loadtest(&shop.url(), 2, "1s");
        let ids: Vec<String> = [json!([]), json!(["error_rate < 100%"])]
            .map(|thresholds| {
                test["thresholds"] = thresholds;
                let document = home.document(&test);
                let output = home.told(&["run", &document, "--summary", "json"]);
                assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
                let summary: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
                summary["run_id"].as_str().expect("an id").to_owned()
            })
            .into();
        let listed = home.told(&["history", "--form", "json", "--name", "TEST"]);
        let listed: Value = serde_json::from_str(&stdout(&listed)).expect("a JSON list");
        let found: Vec<&str> =
            listed.as_array().expect("a list").iter().filter_map(|run| run["run_id"].as_str()).collect();
        assert_eq!(found, [&ids[1], &ids[0]]);
        assert_eq!((&listed[0]["thresholds"], &listed[1]["thresholds"]), (&json!(1), &json!(0)), "{listed}");
        // Where there was no threshold, nothing was passed.
        let table = stdout(&home.told(&["history"]));
        let ended = |id: &str| {
            let line = table.lines().find(|line| line.contains(id)).unwrap_or_else(|| panic!("{table}"));
            (line.contains("A test"), line.contains("passed"), line.contains("completed"))
        };
        assert_eq!((ended(&ids[0]), ended(&ids[1])), ((true, false, true), (true, true, false)), "{table}");
        let compared = home.told(&["compare", &ids[0], &ids[1], "--summary", "json"]);
        assert_eq!(compared.status.code(), Some(0), "{}", stderr(&compared));
        let maid = home.start().start();
        let (_, same) = answer(maid.get(&format!("/runs/compare?a={}&b={}", ids[0], ids[1])));
        assert_eq!(same, serde_json::from_str::<Value>(&stdout(&compared)).expect("JSON"));
        let report = home.told(&["report", &ids[0], "-o", "again.html"]);
        assert_eq!(report.status.code(), Some(0), "{}", stderr(&report));
        let none = home.told(&["history", "--name", "another"]);
        assert!(stderr(&none).contains("no run is like that"), "{}", stderr(&none));
        let unknown = home.told(&["compare", &ids[0], "00000000-0000-7000-8000-000000000000"]);
        assert_eq!(unknown.status.code(), Some(104), "{}", stderr(&unknown));
    });
}

#[test]
fn the_database_is_migrated_saved_and_restored() {
    let home =
        Home { folder: tempfile::tempdir().expect("a folder"), database: super::TestDatabase::sqlite() };
    let status = stdout(&home.told(&["migrate", "--status"]));
    assert!(status.lines().count() > 3 && status.lines().all(|line| line.starts_with("pending")), "{status}");
    let applied = stdout(&home.told(&["migrate"]));
    assert!(applied.lines().all(|line| line.starts_with("applied")), "{applied}");
    let (shop, maid) = (shop(), home.start().start());
    let id = maid.run(&loadtest(&shop.url(), 1, "1s"));
    maid.until_over(&id);
    let saved = home.told(&["backup", "saved.db"]);
    assert_eq!(saved.status.code(), Some(0), "{}", stderr(&saved));
    assert_eq!(home.told(&["backup", "saved.db"]).status.code(), Some(104), "it is there already");
    let (status, _) = answer(maid.http.delete(format!("{}/api/maid/runs/{id}", maid.url)));
    assert_eq!(status, 204);
    assert_ne!(home.told(&["restore", "saved.db"]).status.code(), Some(0), "the server runs");
    maid.terminate();
    let restored = home.told(&["restore", "saved.db"]);
    assert_eq!(restored.status.code(), Some(0), "{}", stderr(&restored));
    let maid = home.start().start();
    assert_eq!(maid.detail(&id)["status"], "completed");
    std::fs::write(home.folder.path().join("broken.db"), "no database").expect("a file");
    maid.terminate();
    let refused = home.told(&["restore", "broken.db"]);
    assert_ne!(refused.status.code(), Some(0), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("broken.db"), "{}", stderr(&refused));
    // Nothing of the database itself is ever written over.
    let database = home.database.file();
    let wal = home.told(&["backup", "--force", database.to_str().expect("UTF-8")]);
    assert_eq!(wal.status.code(), Some(104), "{}", stderr(&wal));
}

#[test]
fn the_demo_serves_until_it_is_told_to_end() {
    on_each_database(|home| {
        let mut child = home
            .maid(&["demo", "--port", "0", "--server-port", "0", "--no-color"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let mut said = Vec::new();
        for line in lines.by_ref().map_while(Result::ok) {
            let last = line.contains("/api/docs") && said.iter().any(|l: &String| l.contains("stay up"));
            said.push(line);
            if last {
                break;
            }
        }
        let url = said.iter().find_map(|line| line.split_once(" serves ")).expect("it says where").1;
        let http = reqwest::blocking::Client::builder().no_proxy().build().expect("a client");
        let password = said.iter().find_map(|line| line.split_once("admin, password "));
        let password = password.and_then(|(_, rest)| rest.split(' ').next()).expect("it is shown once");
        let login = http.post(format!("{url}/api/maid/auth/login"));
        let (_, session) = answer(login.json(&json!({"username": "admin", "password": password})));
        let token = session["access_token"].as_str().expect("a token");
        let (status, history) = answer(http.get(format!("{url}/api/maid/history")).bearer_auth(token));
        assert_eq!((status, &history["items"][0]["status"]), (200, &json!("completed")), "{said:?}");
        kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGTERM).expect("it is ours");
        let rest: Vec<String> = lines.map_while(Result::ok).collect();
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{rest:?}");
        assert!(rest.iter().any(|line| line.contains("it served")), "{rest:?}");
    });
}
