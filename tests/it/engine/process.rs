//! The engine inside a process that does other things as well: it takes turns, and leaves nothing behind.

use std::{
    fs,
    net::SocketAddr,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use actix_web::{App, HttpResponse, HttpServer, dev::ServerHandle, rt::System, web};
use maid::engine::{self, EngineError, LogKind, LogPaths, Settings, outcome::Status};

use super::{settings, start, turn, valid};
use crate::support::byte_server::{Act, ByteServer};

const ENDLESS: &str = r#"
version: 1
name: endless
target: { hosts: ["HOST"] }
load: { users: 4, run_time: 10m }
rate_limit: 200
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { path: / } ] } ] } ]
"#;

const SHORT: &str = r#"
version: 1
name: short
target: { hosts: ["HOST"] }
load: { run_time: 1s, arrival: { rate: 50, max_users: 4 } }
scenarios: [ { name: s, transactions: [ { name: t, requests: [ { path: / } ] } ] } ]
"#;

/// Threads of the engine, which are all that are named so.
fn threads() -> Vec<String> {
    let tasks = fs::read_dir("/proc/self/task").expect("a list of threads");
    let names = tasks.flatten().filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
    let mut ours: Vec<_> = names
        .map(|name| name.trim().to_owned())
        .filter(|name| name.starts_with("maid-") && name != "maid-lookup")
        .collect();
    ours.sort();
    ours
}

/// Waits until no thread of the engine is left. Other tests that use parts of it come and go.
fn gone(after: &str) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !threads().is_empty() {
        assert!(Instant::now() < deadline, "after {after}: {:?}", threads());
        thread::sleep(Duration::from_millis(5));
    }
}

/// A web server of the kind that MAID itself is, on a thread of its own.
struct Server {
    addr: SocketAddr,
    handle: ServerHandle,
    thread: thread::JoinHandle<()>,
}

impl Server {
    fn start() -> Self {
        let (tell, told) = mpsc::sync_channel(1);
        let serve = move || {
            System::new().block_on(async move {
                let app = || App::new().route("/", web::get().to(async || HttpResponse::Ok().body("ok")));
                let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0));
                let server = server.expect("a port");
                let addr = server.addrs()[0];
                let server = server.run();
                tell.send((addr, server.handle())).expect("the test waits");
                server.await.expect("it serves");
            });
        };
        let thread = thread::Builder::new().name("test-actix".to_owned()).spawn(serve).expect("a thread");
        let (addr, handle) = told.recv().expect("it starts");
        Self { addr, handle, thread }
    }

    fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    fn stop(self) {
        System::new().block_on(self.handle.stop(false));
        self.thread.join().expect("it ends");
    }
}

#[test]
fn runs_follow_one_another_beside_a_web_server_and_leave_no_thread() {
    let _turn = turn();
    gone("other tests");
    let server = Server::start();
    for round in 0..2 {
        let run = start(SHORT, &server.url()).expect("a run");
        assert!(threads().contains(&"maid-run".to_owned()), "{:?}", threads());
        let outcome = run.wait().expect("an outcome");
        assert_eq!((outcome.summary.status, outcome.summary.requests), (Status::Completed, 50), "{round}");
        assert_eq!(outcome.summary.failures, 0);
        gone("a run that was completed");

        for kill in [false, true] {
            let run = start(ENDLESS, &server.url()).expect("a run");
            let mut snapshots = run.snapshots();
            let deadline = Instant::now() + Duration::from_secs(20);
            while snapshots.borrow_and_update().requests == 0 {
                assert!(Instant::now() < deadline, "no requests");
                thread::yield_now();
            }
            if kill {
                run.handle().kill()
            } else {
                run.handle().stop("enough")
            }
            assert_eq!(run.wait().expect("an outcome").summary.status, Status::Stopped);
            gone("a run that was stopped or killed");
        }

        let refused = start(ENDLESS, "http://192.0.2.1").map(drop).expect_err("a target that is not allowed");
        assert!(matches!(refused, EngineError::Policy(_)), "{refused}");
        gone("a refused target");

        let files = vec![(LogKind::Request, "/no/such/folder/r.jsonl".into())];
        let logs = LogPaths { files, protected: Vec::new() };
        let settings = Settings { logs, ..settings() };
        let refused = engine::start(valid(ENDLESS, &server.url()), settings).map(drop).expect_err("no file");
        assert!(matches!(refused, EngineError::Log(_)), "{refused}");
        gone("a refused log file");
    }
    server.stop();
}

#[test]
fn a_second_run_is_refused_until_the_first_has_its_outcome() {
    let _turn = turn();
    let server = ByteServer::start(vec![vec![Act::Request, Act::Stall]]);
    let run = start(ENDLESS, &server.url()).expect("a run");
    for _ in 0..3 {
        let refused = start(ENDLESS, &server.url()).map(drop).expect_err("one is active");
        assert!(matches!(refused, EngineError::Busy), "{refused}");
        assert!(refused.to_string().contains("another run is active"), "{refused}");
    }
    run.handle().kill();
    run.wait().expect("the first run has noticed nothing");
    let next = start(ENDLESS, &server.url()).expect("its place is free");
    next.handle().kill();
    next.wait().expect("an outcome");
    // A run that is refused gives its place back as well.
    for _ in 0..2 {
        let refused = start(ENDLESS, "http://192.0.2.1").map(drop).expect_err("not allowed");
        assert!(matches!(refused, EngineError::Policy(_)), "{refused}");
    }
}
