//! Whole runs against real servers: what MAID counts is what the target has seen.

mod checkpoint;
mod closed;
mod dry_run;
mod faults;
mod live;
mod logs;
mod open;
mod process;
mod secrets;
mod stop;
mod trace;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use maid::{
    demo::Shop,
    engine::{
        self, BreakerRule, Caps, EngineError, LogPaths, Run, Settings, outcome::Outcome, policy::TargetPolicy,
    },
    loadtest::{
        parse::parse,
        valid::{Context, ValidLoadTest},
    },
};
use uuid::Uuid;

use crate::support::turn::turn;

/// A demo shop on a free port.
fn shop() -> Shop {
    Shop::start(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a shop")
}

/// A valid document with its host put in for `HOST`.
fn valid(text: &str, host: &str) -> ValidLoadTest {
    let document = parse(&text.replace("HOST", host), "test.yaml").expect("a document");
    let context = Context::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/engine"));
    document.validate(&context).unwrap_or_else(|problems| panic!("{problems}"))
}

/// What a run is told where nothing of it matters.
pub fn settings() -> Settings {
    Settings {
        run_id: Uuid::now_v7(),
        policy: Arc::new(TargetPolicy::new(&[], Vec::new(), Vec::new()).expect("a policy")),
        stop_grace: Duration::from_secs(2),
        breaker: BreakerRule { after: Duration::from_secs(10), share: 1.0 },
        caps: Caps::default(),
        scenarios: Vec::new(),
        workers: 0,
        logs: LogPaths::default(),
        notes: None,
        trace: None,
    }
}

fn start(text: &str, host: &str) -> Result<Run, EngineError> {
    engine::start(valid(text, host), settings())
}

/// Runs a document to its end.
pub fn run(text: &str, host: &str) -> Outcome {
    let _turn = turn();
    start(text, host).expect("a run").wait().expect("an outcome")
}

/// Requests of one name.
fn requests(outcome: &Outcome, name: &str) -> u64 {
    outcome
        .summary
        .by_request
        .iter()
        .find(|request| request.name == name)
        .map_or(0, |request| request.requests)
}
