//! What waits for its turn. It waits in the database, so that a restart loses nothing.

use std::{collections::BTreeMap, fmt::Display, sync::Arc, time::Duration};

use tokio::time;
use uuid::Uuid;

use super::{Context, begin, follow};
use crate::{
    auth::Scope,
    bus::LogLevel,
    db::StoreError,
    loadtest::{secret::Secret, valid::ValidLoadTest},
    recipes::RecipeError,
    runs::{
        error::RunError,
        launch::Wishes,
        record::{NewRun, QueuedRun},
    },
};

/// How long to wait before a database that does not answer is asked again.
const AGAIN: Duration = Duration::from_secs(2);

/// Starts what waits, one after the other, for ever.
pub async fn work(context: Context) {
    loop {
        let changed = context.slot.changed();
        tokio::pin!(changed);
        // Asked to be told before looking, so that nothing happens in between.
        changed.as_mut().enable();
        match next(&context).await {
            Ok(Some(run)) => start(run, &context).await,
            Ok(None) => changed.await,
            Err(error) => {
                tracing::debug!(%error, "the queue cannot be looked at: {error}");
                time::sleep(AGAIN).await;
            }
        }
    }
}

/// The run whose turn it is.
async fn next(context: &Context) -> Result<Option<QueuedRun>, StoreError> {
    let waiting = context.store.queue_len(context.instance).await?;
    context.slot.show_queued(u32::try_from(waiting).unwrap_or(u32::MAX));
    if waiting == 0 || !context.slot.accepts() || context.slot.active().is_some() {
        return Ok(None);
    }
    Ok(context.store.queued(context.instance, 1).await?.pop())
}

/// Starts a run that waited. One that cannot be started any more has failed, and says why.
async fn start(run: QueuedRun, context: &Context) {
    let (row, document) = taken_over(run, context.instance);
    let Ok(occupancy) = context.slot.occupy(row.id, &row.tenant_id, &row.name) else { return };
    let (error, occupancy) = match take(&row, document, context).await {
        Ok(Some(test)) => {
            let wishes = Wishes {
                notes: row.notes.clone(),
                own: context.own(),
                allowance: Arc::clone(&row.allowance),
                ..Wishes::default()
            };
            match begin::begin(test, occupancy, row.clone(), wishes, context.clone()).await {
                Ok(()) => return,
                Err(refused) => refused,
            }
        }
        // Somebody took it out of the queue, or the database does not answer: look again later.
        Ok(None) => return,
        Err(error) => (error, occupancy),
    };
    let journal = context.journal(&row);
    journal.line(LogLevel::Error, format!("the run cannot start: {error}"));
    let told = follow::broken(&row, &error.to_string(), &journal, context).await;
    follow::conclude(occupancy, &row, told, context);
}

/// Takes a run out of the queue: from here on it is `running`, and is never started twice.
async fn take(row: &NewRun, document: String, context: &Context) -> Result<Option<ValidLoadTest>, RunError> {
    let checked = match context.auth.may_still(&row.tenant_id, &row.owner, row.api_key_id, Scope::Write).await
    {
        Ok(true) => match secrets(row, context).await {
            Ok(env) => begin::check(document, env, context.config()).await,
            Err(RecipeError::Store(error)) => return later(row, &error).await,
            Err(error) => Err(error.into()),
        },
        Ok(false) => Err(RunError::NotAnyMore),
        // Nobody knows whether it may start, and the database that does not answer takes no result either.
        Err(error) => return later(row, &error).await,
    };
    let config = checked.as_ref().ok().map(ValidLoadTest::frozen);
    match context.store.begin(row.id, config.as_ref(), begin::now()).await {
        Ok(true) => checked.map(Some),
        Ok(false) => Ok(None),
        Err(error) => later(row, &error).await,
    }
}

/// It stays in the queue, and is looked at again in a moment.
async fn later(row: &NewRun, error: &impl Display) -> Result<Option<ValidLoadTest>, RunError> {
    tracing::warn!(run_id = %row.id, %error, "run {}: its turn has come, and {error}", row.id);
    time::sleep(AGAIN).await;
    Ok(None)
}

/// Those of its recipe, where it was given no others: these are kept nowhere.
async fn secrets(row: &NewRun, context: &Context) -> Result<BTreeMap<String, Secret>, RecipeError> {
    match &row.recipe_id {
        Some(recipe) if row.own_secrets => context.recipes.own_secrets(&row.tenant_id, recipe, row.at).await,
        _ => Ok(BTreeMap::new()),
    }
}

/// The row and the document of a run that waited.
fn taken_over(run: QueuedRun, instance_id: Uuid) -> (NewRun, String) {
    let row = NewRun {
        id: run.id,
        tenant_id: run.tenant_id,
        owner: run.owner,
        api_key_id: run.api_key_id,
        recipe_id: run.recipe_id,
        name: run.name,
        notes: run.notes,
        instance_id,
        queued_document: None,
        own_secrets: run.own_secrets,
        config: serde_json::Value::Null,
        allowance: run.allowance,
        at: run.created_at,
    };
    (row, run.document)
}

/// How many runs wait, told to whoever asks for the status.
pub async fn recount(context: &Context) {
    if let Ok(waiting) = context.store.queue_len(context.instance).await {
        context.slot.show_queued(u32::try_from(waiting).unwrap_or(u32::MAX));
    }
    context.slot.queue_changed();
    context.tell_status();
}
