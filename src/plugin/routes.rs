//! `/api/plugins/maid`: what MAID is, and its engine's switch.

use actix_web::{HttpResponse, get, http::StatusCode, post, web::Data};
use serde_json::json;
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::dto::{MenuEntry, Plugin, PluginStatus};
use crate::{
    audit::{Action, Event},
    auth::{Authorized, MaidRead, Principal, ServerAdmin},
    bus::Capabilities,
    http::{
        NoBody, Problem,
        idempotency::{IdempotencyKey, Once, StoredAnswer},
    },
    runs::Runs,
};

/// The routes of this module.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(scope("/api/plugins/maid").service(describe).service(start).service(drain).service(restart));
}

/// What MAID is
///
/// Name, version, status, what can be called by name, and where its pages are.
#[utoipa::path(tag = "plugin", responses((status = 200, body = Plugin)))]
#[get("")]
async fn describe(
    _principal: Authorized<MaidRead>,
    runs: Data<Runs>,
    capabilities: Data<Capabilities>,
) -> HttpResponse {
    HttpResponse::Ok().json(described(&runs, &capabilities))
}

/// Accept runs again
#[utoipa::path(tag = "plugin", params(IdempotencyKey), responses((status = 200, body = Plugin)))]
#[post("/start")]
async fn start(
    principal: Authorized<ServerAdmin>,
    runs: Data<Runs>,
    capabilities: Data<Capabilities>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let turn = |runs: Runs, _| async move { runs.accept() };
    switch(principal.into_principal(), &runs, capabilities, (once, "start"), turn).await
}

/// Accept nothing new
///
/// What runs goes on to its end; what waits in the queue goes on waiting.
#[utoipa::path(tag = "plugin", params(IdempotencyKey), responses((status = 200, body = Plugin)))]
#[post("/drain")]
async fn drain(
    principal: Authorized<ServerAdmin>,
    runs: Data<Runs>,
    capabilities: Data<Capabilities>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let turn = |runs: Runs, _| async move { runs.drain() };
    switch(principal.into_principal(), &runs, capabilities, (once, "drain"), turn).await
}

/// Restart the engine
///
/// Ends the active run in good order, stores it, and accepts runs again. Answers when that is done.
#[utoipa::path(tag = "plugin", params(IdempotencyKey), responses((status = 200, body = Plugin)))]
#[post("/restart")]
async fn restart(
    principal: Authorized<ServerAdmin>,
    runs: Data<Runs>,
    capabilities: Data<Capabilities>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let turn = |runs: Runs, principal: Principal| async move { runs.restart(&principal).await };
    switch(principal.into_principal(), &runs, capabilities, (once, "restart"), turn).await
}

/// Turns the engine's switch once, and answers what MAID is then. It turns whatever becomes of the
/// database, so that it was turned is noted and not waited for.
async fn switch<T, F>(
    principal: Principal,
    runs: &Runs,
    capabilities: Data<Capabilities>,
    (once, to): (Once, &'static str),
    turn: T,
) -> Result<HttpResponse, Problem>
where
    T: FnOnce(Runs, Principal) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let (runs, capabilities) = (runs.clone(), capabilities.into_inner());
    once.answer(principal, move |principal, _| async move {
        let event = Event::of(&principal, Action::EngineSwitch).with(json!({"to": to}));
        runs.context().audit.note(event);
        turn(runs.clone(), principal).await;
        StoredAnswer::json(StatusCode::OK, &described(&runs, &capabilities))
    })
    .await
}

fn described(runs: &Runs, capabilities: &Capabilities) -> Plugin {
    let state = runs.context().slot.status();
    let active = runs.context().slot.active().is_some();
    Plugin {
        name: "maid",
        title: "MAID",
        description: "Load tests: describe a load, run it, watch it, judge it, compare it",
        version: env!("CARGO_PKG_VERSION"),
        status: match (state.accepting, active) {
            (true, false) => PluginStatus::Ready,
            (true, true) => PluginStatus::Running,
            (false, true) => PluginStatus::Draining,
            (false, false) => PluginStatus::Drained,
        },
        phase: state.phase,
        capabilities: capabilities.list().collect(),
        menu: MenuEntry { label: "Load tests", path: "/plugins/maid", icon: "gauge" },
    }
}
