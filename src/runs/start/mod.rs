//! A run on its way from a wish to the engine or the queue, written down before it gets there.

mod again;
mod meant;
mod obstacles;
mod request;

use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;
use uuid::Uuid;

pub(super) use self::meant::Meant;
pub(super) use self::obstacles::{Obstacle, obstacles};
pub use self::request::StartRequest;
use super::{
    active::{self, Began, Context, Occupancy},
    error::RunError,
    launch::Wishes,
    record::NewRun,
    service::{Test, Wanted},
};
use crate::{
    audit::{Action, Event},
    auth::Principal,
    deeplinks,
    engine::plan::LoadPlan,
    loadtest::{secret::Secret, valid::ValidLoadTest},
    recipes::Prepared,
};

/// Starts a run, or queues it, with an entry in the audit log before it.
pub(super) async fn start(context: Context, principal: Principal, wanted: Wanted) -> Result<Began, RunError> {
    accepting(&context)?;
    let Wanted { id, test, queue, notes, env, trace } = wanted;
    let Found { document, env, own_secrets, recipe_id, deeplink } =
        find(&context, &principal, test, env).await?;
    if let Some(link) = &deeplink {
        context.deeplinks.take(&principal, link).await?;
    }
    let asked = Asked { id, document, recipe_id, queue, notes, env, own_secrets, trace };
    let began = begin_or_queue(&context, &principal, asked).await;
    if let (Err(_), Some(link)) = (&began, deeplink) {
        context.deeplinks.give_back(&principal, &link.id).await;
    }
    began
}

/// Refuses what is new while nothing new is accepted.
pub(super) fn accepting(context: &Context) -> Result<(), RunError> {
    match (context.slot.accepts(), context.slot.is_closing()) {
        (true, _) => Ok(()),
        (false, true) => Err(RunError::Ending),
        (false, false) => Err(RunError::Draining),
    }
}

/// The test that is meant, as text.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub document: String,
    pub env: BTreeMap<String, Secret>,
    /// Whether all of that is what its recipe has itself, and can be had again.
    own_secrets: bool,
    recipe_id: Option<String>,
    /// The link that leads to it. Whether that is a run that it counts is up to whoever asks.
    pub deeplink: Option<deeplinks::Line>,
}

/// Finds it. What it reads from the environment is `given`, and what its recipe says.
pub(super) async fn find(
    context: &Context,
    principal: &Principal,
    test: Test,
    given: BTreeMap<String, Secret>,
) -> Result<Found, RunError> {
    let mut found = match test {
        Test::Document(document) => Found { document, ..Found::default() },
        Test::Recipe(recipe) => {
            let recipe_id = Some(recipe.id.clone());
            let prepared = context.recipes.about_to_run(principal, recipe).await?;
            let Prepared { document, env, own_secrets } = prepared;
            Found { document, env, own_secrets, recipe_id, deeplink: None }
        }
        Test::Again(run) => again::find(context, principal, run, &given).await?,
        Test::Deeplink(wanted) => {
            let prepared = context.deeplinks.prepare(principal, &wanted).await?;
            Found {
                document: prepared.document,
                env: prepared.env,
                own_secrets: prepared.own_secrets,
                recipe_id: prepared.recipe_id,
                deeplink: Some(prepared.line),
            }
        }
    };
    found.own_secrets &= given.is_empty();
    for (name, value) in given {
        found.env.entry(name).or_insert(value);
    }
    Ok(found)
}

/// A run that is asked for, its test being known.
struct Asked {
    id: Uuid,
    document: String,
    recipe_id: Option<String>,
    queue: bool,
    notes: Option<String>,
    env: BTreeMap<String, Secret>,
    own_secrets: bool,
    trace: Option<[u8; 16]>,
}

async fn begin_or_queue(context: &Context, principal: &Principal, asked: Asked) -> Result<Began, RunError> {
    let Asked { id, document, recipe_id, queue, notes, env, own_secrets, trace } = asked;
    let given = !env.is_empty() && !own_secrets;
    let test = active::check(document.clone(), env, context.config()).await?;
    let event = Event::of(principal, Action::TestStart).on(id);
    if let Err(error) = allowed(principal, &test) {
        let detail = json!({"name": test.loadtest().name, "why": error.to_string()});
        context.audit.note(event.ended(error.outcome()).with(detail));
        return Err(error);
    }
    let row = NewRun { recipe_id, own_secrets, ..row(context, principal, id, &test, notes) };
    let started = |queued| {
        event.with(json!({"name": row.name, "target": row.config["target"]["hosts"], "queued": queued}))
    };
    let waits = queue && context.slot.status().queued > 0;
    let occupancy = match context.slot.occupy(id, &row.tenant_id, &row.name) {
        Ok(occupancy) if !waits => occupancy,
        Err(active::Refused::Active(_)) if queue => {
            return enqueue(context, started(true), row, document, given).await;
        }
        Ok(occupancy) => {
            drop(occupancy);
            return enqueue(context, started(true), row, document, given).await;
        }
        Err(active::Refused::Active(_)) if !sees_active(context, principal) => {
            return Err(RunError::Occupied);
        }
        Err(refused) => return Err(refused.into()),
    };
    recorded(context, started(false), begin(context, test, occupancy, row, trace)).await
}

/// Whether the active run is one that the principal may know of.
fn sees_active(context: &Context, principal: &Principal) -> bool {
    context.slot.active().is_none_or(|run| run.tenant_id == principal.tenant_id)
}

/// Whether the principal may ask for that much.
pub(super) fn allowed(principal: &Principal, test: &ValidLoadTest) -> Result<(), RunError> {
    let allowance = &principal.allowance;
    let beyond = |path, message: String| Err(RunError::Allowance { path, message });
    let users = LoadPlan::of(&test.loadtest().load).map_or(0, |plan| plan.users_max);
    if let Some(most) = allowance.max_users.filter(|most| users > *most) {
        return beyond("load", format!("{users} users are more than the {most} that this API key may start"));
    }
    let rate = test.loadtest().rate_limit;
    if let Some(most) = allowance.max_rps.filter(|most| rate <= 0.0 || rate > *most) {
        // Users and arrivals may send any number of requests; only this bounds them.
        return beyond(
            "rate_limit",
            format!("must be {most} or less: this API key may send no more per second"),
        );
    }
    Ok(())
}

/// Stores a run, if whoever asks for it may have one more.
async fn store(context: &Context, row: &NewRun) -> Result<(), RunError> {
    if context.store.insert(row).await? {
        return Ok(());
    }
    let most = row.allowance.concurrent_tests.unwrap_or_default();
    let message = format!("this API key may have {most} runs at once, waiting ones included");
    Err(RunError::Allowance { path: "queue", message })
}

/// Does `work` once `event` is written down; where it does not work, that is noted as well.
pub(super) async fn recorded<T>(
    context: &Context,
    event: Event,
    work: impl Future<Output = Result<T, RunError>>,
) -> Result<T, RunError> {
    context.audit.around(event, work, RunError::outcome).await
}

async fn begin(
    context: &Context,
    test: ValidLoadTest,
    occupancy: Occupancy,
    row: NewRun,
    trace: Option<[u8; 16]>,
) -> Result<Began, RunError> {
    let id = row.id;
    store(context, &row).await?;
    let wishes = Wishes {
        notes: row.notes.clone(),
        own: context.own(),
        trace,
        allowance: Arc::clone(&row.allowance),
        ..Wishes::default()
    };
    let Err((error, occupancy)) = active::begin(test, occupancy, row, wishes, context.clone()).await else {
        return Ok(Began::Running);
    };
    // Nothing was sent, so there is nothing to keep. What cannot be removed now is closed later.
    if let Err(error) = context.store.remove(id).await {
        tracing::warn!(run_id = %id, %error, "run {id} did not start and cannot be removed: {error}");
    }
    drop(occupancy);
    Err(error)
}

async fn enqueue(
    context: &Context,
    event: Event,
    row: NewRun,
    document: String,
    given: bool,
) -> Result<Began, RunError> {
    if given {
        return Err(RunError::Request {
            path: "env",
            message: "values are not stored, so a run that waits cannot have them: allow the names in \
                      load.env_allow instead, or start it when no run is active",
        });
    }
    let most = context.config().history.max_queued;
    if context.store.queue_len(context.instance).await? >= u64::from(most) {
        return Err(RunError::QueueFull(most));
    }
    let row = NewRun { queued_document: Some(document), ..row };
    recorded(context, event, store(context, &row)).await?;
    active::recount(context).await;
    Ok(Began::Queued)
}

fn row(
    context: &Context,
    principal: &Principal,
    id: Uuid,
    test: &ValidLoadTest,
    notes: Option<String>,
) -> NewRun {
    NewRun {
        id,
        tenant_id: principal.tenant_id.clone(),
        owner: principal.id.clone(),
        api_key_id: principal.key_id(),
        recipe_id: None,
        name: test.loadtest().name.clone(),
        notes,
        instance_id: context.instance,
        queued_document: None,
        own_secrets: false,
        config: test.frozen(),
        allowance: Arc::clone(&principal.allowance),
        at: active::now(),
    }
}
