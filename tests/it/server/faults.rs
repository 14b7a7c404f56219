//! A database that fails while the server goes on.

use std::{path::Path, process::Command};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use serde_json::json;

use super::{Maid, Start, answer, loadtest, on_each_database, shop, wait_for};

/// A second writer on a server's SQLite file, which holds its lock.
struct Lock {
    runtime: tokio::runtime::Runtime,
    writer: DatabaseConnection,
}

impl Lock {
    fn take(folder: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let file = folder.join("data/maid.db");
        let mut options = sea_orm::ConnectOptions::new(format!("sqlite://{}", file.display()));
        options.max_connections(1);
        let writer = runtime.block_on(async {
            let writer = Database::connect(options).await.expect("the file is there");
            writer.execute_unprepared("BEGIN IMMEDIATE").await.expect("the lock is free");
            writer
        });
        Self { runtime, writer }
    }

    fn release(self) {
        let released = self.writer.execute_unprepared("ROLLBACK");
        self.runtime.block_on(released).expect("it holds the lock");
    }
}

#[test]
fn a_locked_database_refuses_starts_and_takes_results_when_it_is_free() {
    let folder = tempfile::tempdir().expect("a folder");
    let (shop, maid) =
        (shop(), Start::in_folder(folder.path()).with("MAID__DATABASE__BUSY_TIMEOUT", "200ms").start());
    let id = maid.run(&loadtest(&shop.url(), 2, "2s"));
    maid.until_busy(&id);
    let lock = Lock::take(folder.path());
    // The run goes on, and its end is not forgotten.
    wait_for("the run is over while the database is locked", || {
        let (status, body) = answer(maid.get("/status"));
        assert_eq!(status, 200);
        (body["phase"] == "completed").then_some(())
    });
    let (status, refused) = answer(maid.post("/run", &json!({"loadtest": loadtest(&shop.url(), 1, "1s")})));
    assert_eq!((status, &refused["code"]), (503, &json!("storage_unavailable")), "{refused}");
    lock.release();
    let run = maid.until_over(&id);
    assert_eq!((&run["status"], &run["requests"]), (&json!("completed"), &json!(shop.requests().total)));
    let next = maid.run(&loadtest(&shop.url(), 1, "1s"));
    assert_eq!(maid.until_over(&next)["status"], "completed");
}

/// Whoever stops a run means it, with a key or without one, whatever the database does.
#[test]
fn a_run_is_stopped_while_the_database_is_locked() {
    for route in ["/stop", "/kill"] {
        let folder = tempfile::tempdir().expect("a folder");
        let (shop, maid) = (shop(), Start::in_folder(folder.path()).start());
        let id = maid.run(&loadtest(&shop.url(), 1, "10m"));
        maid.until_busy(&id);
        let lock = Lock::take(folder.path());
        let (status, stopped) = answer(maid.post(route, &json!({})).header("idempotency-key", "once"));
        assert_eq!(&stopped["run_id"], &json!(id), "{route}: {status} {stopped}");
        assert!(status < 300, "{route}: {stopped}");
        wait_for("it sends nothing any more", || {
            let phase = answer(maid.get("/status")).1["phase"].clone();
            ["shutdown", "stopped"].contains(&phase.as_str().expect("a phase")).then_some(())
        });
        lock.release();
        assert_eq!(maid.until_over(&id)["status"], "stopped", "{route}");
    }
}

/// Files of the process cannot grow beyond `bytes`, which is what a full disk does to a database.
fn limit_files(maid: &Maid, bytes: &str) {
    let pid = maid.pid().to_string();
    let done = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={bytes}:unlimited")]).status();
    assert!(done.expect("prlimit is there").success());
}

#[test]
fn a_full_disk_in_mid_run_loses_nothing_once_there_is_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let (shop, maid) = (shop(), Start::in_folder(folder.path()).ignoring_file_limits().start());
    let before = maid.run(&loadtest(&shop.url(), 1, "1s"));
    maid.until_over(&before);
    let id = maid.run(&loadtest(&shop.url(), 2, "3s"));
    maid.until_busy(&id);
    limit_files(&maid, "1");
    wait_for("the run is over with the disk full", || {
        let (status, body) = answer(maid.get("/status"));
        assert_eq!(status, 200, "the server still answers");
        (body["phase"] == "shutdown" || body["phase"] == "completed").then_some(())
    });
    let (status, _) = answer(maid.post("/run", &json!({"loadtest": loadtest(&shop.url(), 1, "1s")})));
    assert!([409, 503].contains(&status), "{status}");
    limit_files(&maid, "unlimited");
    let run = maid.until_over(&id);
    assert_eq!(
        (&run["status"], &run["requests"]),
        (
            &json!("completed"),
            &json!(shop.requests().total - maid.detail(&before)["requests"].as_u64().expect("a number"))
        )
    );
    assert_eq!(maid.detail(&before)["status"], "completed");
}

#[test]
fn a_database_that_cannot_be_used_is_told_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    Start::in_folder(folder.path()).start().terminate();
    let read_only = format!("sqlite://{}?mode=ro", folder.path().join("data/maid.db").display());
    for (url, told) in [
        (read_only.as_str(), "can only be read"),
        ("postgres://maid:hunter2@127.0.0.1:1/maid", "127.0.0.1:1"),
        ("mysql://127.0.0.1/maid", "postgres://"),
        ("sqlite:///proc/nowhere/maid.db", "/proc/nowhere"),
    ] {
        let said = Start::in_folder(folder.path())
            .with("MAID__DATABASE__URL", url)
            .with("MAID__DATABASE__ACQUIRE_TIMEOUT", "1s")
            .attempt()
            .expect_err("it must not serve");
        assert!(
            said.contains(told) && !said.contains("hunter2") && !said.contains("panicked"),
            "{url}: {said}"
        );
    }
}

/// The database server goes away in mid-run and comes back: the run goes on, and its rows arrive.
#[test]
fn postgres_may_be_restarted_in_mid_run() {
    let Some(mut cluster) = super::Cluster::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (shop, maid) =
        (shop(), Start::in_folder(folder.path()).with("MAID__DATABASE__URL", cluster.url()).start());
    let id = maid.run(&loadtest(&shop.url(), 2, "6s"));
    maid.until_busy(&id);
    cluster.stop();
    let (status, refused) = answer(maid.get(&format!("/runs/{id}")));
    assert_eq!((status, &refused["code"]), (503, &json!("storage_unavailable")), "{refused}");
    assert_eq!(answer(maid.get("/status")).0, 200);
    let (ready, _) = answer(maid.http.get(format!("{}/readyz", maid.url)));
    assert_eq!(ready, 503);
    cluster.start_again();
    let run = wait_for("the run is stored", || {
        let (status, run) = answer(maid.get(&format!("/runs/{id}")));
        (status == 200 && run["status"] == "completed").then_some(run)
    });
    assert_eq!(run["requests"], shop.requests().total);
    maid.until_free(&id);
    let id = maid.run(&loadtest(&shop.url(), 2, "3s"));
    maid.until_busy(&id);
    cluster.stop();
    // It ends while the database is away, and so does the server: the next start stores it.
    wait_for("the run is over", || (answer(maid.get("/status")).1["phase"] == "completed").then_some(()));
    maid.kill();
    cluster.start_again();
    let maid = Start::in_folder(folder.path()).with("MAID__DATABASE__URL", cluster.url()).start();
    assert_eq!(maid.detail(&id)["status"], "completed");
}

#[test]
fn bad_bodies_and_ids_are_refused_as_problems() {
    on_each_database(|home| {
        let maid = home.start().start();
        let raw = |body: Vec<u8>| {
            answer(
                maid.http
                    .post(format!("{}/api/maid/run", maid.url))
                    .header("content-type", "application/json")
                    .body(body),
            )
        };
        for (body, status, code) in [
            (vec![b' '; 20 << 20], 413, "too_large"),
            (b"{\"loadtest\": \"\xff\xfe\"}".to_vec(), 400, "malformed_body"),
            (b"{".to_vec(), 400, "malformed_body"),
            (b"{\"loadtset\": {}}".to_vec(), 422, "invalid_body"),
            (b"{}".to_vec(), 422, "invalid_body"),
            (b"[]".to_vec(), 422, "invalid_body"),
        ] {
            let (found, problem) = raw(body);
            assert_eq!((found, &problem["code"]), (status, &json!(code)), "{problem}");
            assert_eq!(problem["status"], status);
        }
        // Where something is ended, a slip must not pass for a default.
        let run_id = json!({"run_id": "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a"}).to_string().into_bytes();
        for body in [b"{garbage".to_vec(), b"[]".to_vec(), run_id] {
            for path in ["maid/kill", "plugins/maid/drain", "plugins/maid/restart"] {
                let request = maid.http.post(format!("{}/api/{path}", maid.url)).body(body.clone());
                let (status, problem) = answer(request.header("content-type", "application/json"));
                assert_eq!((status, &problem["code"]), (422, &json!("invalid_body")), "{path}: {problem}");
            }
        }
        for (path, status, code) in [
            ("/runs/7", 400, "bad_id"),
            ("/runs/00000000-0000-7000-8000-000000000000", 404, "not_found"),
            ("/runs/00000000-0000-7000-8000-000000000000/report.json", 404, "not_found"),
            ("/nothing", 404, "no_route"),
            ("/run", 405, "method_not_allowed"),
        ] {
            let response = maid.get(path).send().expect("an answer");
            assert_eq!(response.headers()["content-type"], "application/problem+json", "{path}");
            let (found, problem) = crate::support::server::read(response);
            assert_eq!((found, &problem["code"]), (status, &json!(code)), "{path}: {problem}");
        }
    });
}
