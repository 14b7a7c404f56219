//! What would keep a test that is right from being started, found before anybody starts it.

use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use super::allowed;
use crate::{
    auth::{Principal, allowance::Allowance},
    config::Load,
    engine::{EngineError, plan::LoadPlan, policy::Foreseen},
    loadtest::valid::ValidLoadTest,
    runs::{
        error::RunError,
        launch::{self, HostPlace, HostPlaces, Wishes},
    },
};

/// Most obstacles that are told.
const MOST: usize = 100;

/// Something that stands in the way of a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// Its place in the document.
    pub path: String,
    /// What it is, and the way out.
    pub message: String,
    /// Whether the start is refused; else it depends on where a name leads.
    pub certain: bool,
}

/// What keeps `principal` from starting `test`, each with its place. Nothing is sent for it, not even to a name server.
/// Not for an async worker.
///
/// # Errors
/// An entry of `load.targets.allow` is none.
pub fn obstacles(
    principal: &Principal,
    test: &ValidLoadTest,
    load: &Load,
    wishes: Wishes,
) -> Result<Vec<Obstacle>, RunError> {
    // What else bounds the principal is told as theirs, not as the configuration's.
    let targets = principal.allowance.targets.clone();
    let allowance = Arc::new(Allowance { targets, ..Allowance::default() });
    let settings = launch::settings(Uuid::nil(), test, load, Wishes { allowance, ..wishes })?;
    let hosts = HostPlaces::of(test);
    let rate_limit = Some(test.loadtest().rate_limit).filter(|rate| *rate > 0.0);
    let plan = LoadPlan::of(&test.loadtest().load);
    let exceeded = plan.iter().flat_map(|plan| settings.caps.exceeded(plan, rate_limit));
    let exceeded = exceeded.map(|error| RunError::refused(EngineError::Guard(error), &hosts));
    let beyond = allowed(principal, test).err().into_iter().chain(exceeded).map(|error| Obstacle {
        path: error.place().unwrap_or_default().to_owned(),
        message: error.to_string(),
        certain: true,
    });
    let written = test.frozen();
    let closed = hosts.iter().filter_map(|place| {
        settings.policy.foresee(&place.host, place.port).err().map(|error| closed(place, &error, &written))
    });
    Ok(beyond.chain(closed).take(MOST).collect())
}

/// A host that may not be sent load, in the words of the document: what a variable of the environment holds is not told.
fn closed(HostPlace { host, path, .. }: &HostPlace, why: &Foreseen, written: &Value) -> Obstacle {
    let (path, message) = (path.as_str().to_owned(), why.to_string());
    let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
    let written = written.pointer(&pointer).and_then(Value::as_str).unwrap_or_default();
    let is_written = written.to_ascii_lowercase().contains(&host.to_ascii_lowercase());
    Obstacle {
        path,
        message: if is_written { message } else { message.replace(host.as_str(), written) },
        certain: !matches!(why, Foreseen::ByAddressAlone { .. }),
    }
}
