//! What can be done with runs by name: the same service and the same checks as the routes.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use super::{
    dto::{HistoryItem, HistoryParams, Started, StopRequest, Stopped},
    service::Runs,
    start::StartRequest,
};
use crate::{
    auth::{Principal, Scope},
    bus::{Capabilities, Capability},
    http::{Problem, read_value},
};

const RUN: Capability = Capability {
    name: "maid.run",
    summary: "Start a run, or queue it; takes and answers what POST /api/maid/run does",
    scope: Scope::Write,
};
const STOP: Capability = Capability {
    name: "maid.stop",
    summary: "Stop the active run or a queued one; takes and answers what POST /api/maid/stop does",
    scope: Scope::Write,
};
const STATUS: Capability = Capability {
    name: "maid.status",
    summary: "What runs now; answers what GET /api/maid/status does",
    scope: Scope::Read,
};
const HISTORY: Capability = Capability {
    name: "maid.history",
    summary: "A page of the history; takes the parameters of GET /api/maid/history as an object",
    scope: Scope::Read,
};

/// Makes the capabilities of runs known.
pub fn register(capabilities: &mut Capabilities, runs: &Runs) {
    let own = runs.clone();
    capabilities.register(RUN, move |principal, body| run(own.clone(), principal, body));
    let own = runs.clone();
    capabilities.register(STOP, move |principal, body| stop(own.clone(), principal, body));
    let own = runs.clone();
    capabilities.register(STATUS, move |principal, body| status(own.clone(), principal, body));
    let own = runs.clone();
    capabilities.register(HISTORY, move |principal, body| history(own.clone(), principal, body));
}

async fn run(runs: Runs, principal: Principal, body: Value) -> Result<Value, Problem> {
    let wanted: StartRequest = taken(body)?;
    let id = Uuid::now_v7();
    let began = runs.start(&principal, wanted.into_wanted(id, None)?).await?;
    answered(&Started { run_id: id, status: began.into() })
}

async fn stop(runs: Runs, principal: Principal, body: Value) -> Result<Value, Problem> {
    let StopRequest { run_id, kill } = taken(body)?;
    answered(&Stopped { run_id: runs.stop(&principal, run_id, kill).await? })
}

async fn status(runs: Runs, principal: Principal, body: Value) -> Result<Value, Problem> {
    let Nothing {} = taken(body)?;
    answered(&runs.status(&principal))
}

async fn history(runs: Runs, principal: Principal, body: Value) -> Result<Value, Problem> {
    let listing = taken::<HistoryParams>(body)?.listing()?;
    let found = runs.history(&principal, listing.query()).await?;
    answered(&listing.page(found).map(HistoryItem::from))
}

/// A body that says nothing.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Reads a body; none is an empty one.
fn taken<T: DeserializeOwned>(body: Value) -> Result<T, Problem> {
    let body = if body.is_null() { Value::Object(serde_json::Map::new()) } else { body };
    read_value(body)
}

fn answered(answer: &impl Serialize) -> Result<Value, Problem> {
    serde_json::to_value(answer).map_err(|error| Problem::internal(&error))
}
