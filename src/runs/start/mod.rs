//! A run on its way from a wish to the engine or the queue, written down before it gets there.

use serde_json::json;
use uuid::Uuid;

use super::{
    active::{self, Began, Context, Occupancy},
    error::RunError,
    launch::Wishes,
    record::NewRun,
    service::Wanted,
};
use crate::{
    audit::{Action, Event},
    auth::Principal,
    loadtest::valid::ValidLoadTest,
};

/// Starts a run, or queues it, with an entry in the audit log before it.
pub(super) async fn start(context: Context, principal: Principal, wanted: Wanted) -> Result<Began, RunError> {
    let Wanted { id, document, queue, notes, env, trace } = wanted;
    if !context.slot.accepts() {
        return Err(if context.slot.is_closing() { RunError::Ending } else { RunError::Draining });
    }
    let given = !env.is_empty();
    let test = active::check(document.clone(), env, context.config()).await?;
    let event = Event::of(&principal, Action::TestStart).on(id);
    let row = row(&context, principal, id, &test, notes);
    let started = |queued| {
        event.with(json!({"name": row.name, "target": row.config["target"]["hosts"], "queued": queued}))
    };
    let waits = queue && context.slot.status().queued > 0;
    let occupancy = match context.slot.occupy(id, &row.tenant_id, &row.name) {
        Ok(occupancy) if !waits => occupancy,
        Err(active::Refused::Active(_)) if queue => {
            return enqueue(&context, started(true), row, document, given).await;
        }
        Ok(occupancy) => {
            drop(occupancy);
            return enqueue(&context, started(true), row, document, given).await;
        }
        Err(refused) => return Err(refused.into()),
    };
    recorded(&context, started(false), begin(&context, test, occupancy, row, trace)).await
}

/// Does `work` once `event` is written down; where it does not work, that is noted as well.
pub(super) async fn recorded<T>(
    context: &Context,
    event: Event,
    work: impl Future<Output = Result<T, RunError>>,
) -> Result<T, RunError> {
    context.audit.record(event.clone()).await?;
    let done = work.await;
    if let Err(error) = &done {
        context.audit.note(Event { at: active::now(), ..event.ended(error.outcome()) });
    }
    done
}

async fn begin(
    context: &Context,
    test: ValidLoadTest,
    occupancy: Occupancy,
    row: NewRun,
    trace: Option<[u8; 16]>,
) -> Result<Began, RunError> {
    let id = row.id;
    context.store.insert(&row).await?;
    let wishes = Wishes { notes: row.notes.clone(), own: context.own(), trace, ..Wishes::default() };
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
    recorded(context, event, async { Ok(context.store.insert(&row).await?) }).await?;
    active::recount(context).await;
    Ok(Began::Queued)
}

fn row(
    context: &Context,
    principal: Principal,
    id: Uuid,
    test: &ValidLoadTest,
    notes: Option<String>,
) -> NewRun {
    NewRun {
        id,
        tenant_id: principal.tenant_id,
        owner: principal.id,
        api_key_id: None,
        recipe_id: None,
        name: test.loadtest().name.clone(),
        notes,
        instance_id: context.instance,
        queued_document: None,
        config: test.frozen(),
        at: active::now(),
    }
}
