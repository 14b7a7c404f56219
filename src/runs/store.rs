//! The runs, as they are stored: a row from the moment a run is asked for, an outcome from the
//! first checkpoint on.
//!
//! What a run goes through is written by its id, by the server that runs it. What people ask for
//! also names the tenant, and never finds what belongs to another one.

use std::sync::Arc;

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, UpdateMany,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

pub use crate::db::StoreError;
use crate::{
    auth::allowance::Allowance,
    db::{
        Db,
        entities::{
            api_key,
            run::{self, Column, Entity},
            run_outcome,
        },
        time,
    },
    engine::outcome::Outcome,
    runs::{
        history::folded,
        record::{NewRun, Packed, QueuedRun, RunStatus, clean},
    },
};

/// Why a run ended whose server is gone.
const SERVER_ENDED: &str = "the server ended while the run went on; what was recorded until then is here";
/// Why a run ended that waited for a server that is gone.
const NEVER_STARTED: &str = "the server ended before the run was started";

/// The runs, as they are stored. A clone is the same store.
#[derive(Clone, Debug)]
pub struct Store {
    pub(in crate::runs) db: Db,
}

impl Store {
    /// The runs in `db`.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// Stores a run that is asked for, as queued when it has a document, as running when not. Does
    /// nothing when the id is there. False when the API key that asks for it may have no more at once:
    /// those who ask with one key take turns, on every server of the database.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn insert(&self, new: &NewRun) -> Result<bool, StoreError> {
        let inserted = async {
            let Some((most, key)) = new.allowance.concurrent_tests.zip(new.api_key_id) else {
                return insert(self.db.connection(), new).await.map(|_| true);
            };
            let transaction = self.db.begin_write().await?;
            api_key::Entity::find_by_id(key).lock_exclusive().one(&transaction).await?;
            if unfinished_of_key(&transaction, &new.tenant_id, key).await? >= u64::from(most) {
                return Ok(false);
            }
            insert(&transaction, new).await?;
            transaction.commit().await?;
            Ok(true)
        };
        self.db.answer(inserted).await
    }

    /// Takes a run out of the queue, to be run by `config` where that is known anew. False when it is
    /// no longer there.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn begin(
        &self,
        id: Uuid,
        config: Option<&serde_json::Value>,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let begun = run::ActiveModel {
            status: Set(RunStatus::Running.to_string()),
            document: Set(None),
            config_json: config.map_or(NotSet, |config| Set(config.to_string())),
            start_time: Set(Some(time::to_db(at))),
            updated_at: Set(time::to_db(at)),
            ..Default::default()
        };
        self.update(Entity::update_many().set(begun).filter(one(id)).filter(is(RunStatus::Queued))).await
    }

    /// Stores what a run has measured so far. False when it is not running, or not there.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn checkpoint(&self, id: Uuid, outcome: &Outcome) -> Result<bool, StoreError> {
        let (packed, metrics) = Packed::new(outcome).await?;
        let measured = measured(outcome, metrics);
        let update = Entity::update_many().set(measured).filter(one(id)).filter(is(RunStatus::Running));
        self.store(id, update, packed).await
    }

    /// Stores what a run left behind. Whatever was stored of it before, this is what counts, and
    /// storing it twice changes nothing. False when there is no such run (any more).
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn finish(&self, id: Uuid, outcome: &Outcome) -> Result<bool, StoreError> {
        let (packed, metrics) = Packed::new(outcome).await?;
        let update = Entity::update_many().set(finished(outcome, metrics)).filter(one(id));
        self.store(id, update, packed).await
    }

    /// Stores a run that is over and was not known before. False, and nothing is done, when its id
    /// is there.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn import(&self, new: &NewRun, outcome: &Outcome) -> Result<bool, StoreError> {
        let (packed, metrics) = Packed::new(outcome).await?;
        let new = NewRun { queued_document: None, ..new.clone() };
        let work = async {
            let transaction = self.db.begin_write().await?;
            let imported = insert(&transaction, &new).await? > 0;
            if imported {
                let update = Entity::update_many().set(finished(outcome, metrics)).filter(one(new.id));
                update.exec(&transaction).await?;
                put(&transaction, new.id, packed).await?;
            }
            transaction.commit().await?;
            Ok(imported)
        };
        self.db.answer(work).await
    }

    /// Marks a run as failed that broke, or could not be started. False when it was over before.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn fail(&self, id: Uuid, because: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.update(end(RunStatus::Failed, because, Some(at)).filter(one(id)).filter(over().not())).await
    }

    /// Deletes a run that was never started. False when it is over, or not there.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn remove(&self, id: Uuid) -> Result<bool, StoreError> {
        let delete = Entity::delete_many().filter(one(id)).filter(over().not());
        let work = async { Ok(delete.exec(self.db.connection()).await?.rows_affected > 0) };
        self.db.answer(work).await
    }

    /// Marks a run as stopped that waits for its turn. False when it does not wait (any more).
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn cancel_queued(&self, tenant: &str, id: Uuid, at: Timestamp) -> Result<bool, StoreError> {
        let ended = end(RunStatus::Stopped, "it was taken out of the queue", Some(at));
        self.update(ended.filter(of(tenant, id)).filter(is(RunStatus::Queued))).await
    }

    /// The first `most` of the runs that wait for `instance`, the one that came first first.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn queued(&self, instance: Uuid, most: u64) -> Result<Vec<QueuedRun>, StoreError> {
        let select = Entity::find()
            .filter(is(RunStatus::Queued))
            .filter(Column::InstanceId.eq(instance))
            .order_by_asc(Column::Id)
            .limit(most);
        let rows = self.db.answer(async { select.all(self.db.connection()).await }).await?;
        rows.into_iter().map(waiting).collect()
    }

    /// Ids of the runs of `tenant` that wait for `instance`, the one that came first first.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn queued_ids(&self, tenant: &str, instance: Uuid) -> Result<Vec<Uuid>, StoreError> {
        let select = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::TenantId.eq(tenant))
            .filter(is(RunStatus::Queued))
            .filter(Column::InstanceId.eq(instance))
            .order_by_asc(Column::Id)
            .into_tuple();
        self.db.answer(async { select.all(self.db.connection()).await }).await
    }

    /// How many runs wait for `instance`.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn queue_len(&self, instance: Uuid) -> Result<u64, StoreError> {
        let select = Entity::find().filter(is(RunStatus::Queued)).filter(Column::InstanceId.eq(instance));
        self.db.answer(async { select.count(self.db.connection()).await }).await
    }

    /// Says that `instance` lives, and with it its runs: see [`Store::recover_stale`].
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn heartbeat(&self, instance: Uuid, at: Timestamp) -> Result<(), StoreError> {
        let update = Entity::update_many()
            .col_expr(Column::UpdatedAt, Expr::value(time::to_db(at)))
            .filter(over().not())
            .filter(Column::InstanceId.eq(instance));
        self.update(update).await.map(drop)
    }

    /// Marks the runs as failed that were going on when this server, `instance`, ended without
    /// having been asked to. What was recorded of them stays. Returns their ids.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn recover(&self, instance: Uuid, at: Timestamp) -> Result<Vec<Uuid>, StoreError> {
        let abandoned = is(RunStatus::Running).add(Column::InstanceId.eq(instance));
        self.abandon(abandoned, SERVER_ENDED, at).await
    }

    /// Marks the runs of this server, `instance`, as failed that began before `started_before` and
    /// are not among `known`. Returns their ids.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn recover_unfollowed(
        &self,
        instance: Uuid,
        known: &[Uuid],
        started_before: Timestamp,
        at: Timestamp,
    ) -> Result<Vec<Uuid>, StoreError> {
        let unfollowed = is(RunStatus::Running)
            .add(Column::InstanceId.eq(instance))
            .add(Column::StartTime.lt(time::to_db(started_before)))
            .add(Column::Id.is_not_in(known.iter().copied()));
        self.abandon(unfollowed, SERVER_ENDED, at).await
    }

    /// Marks the runs as failed of servers other than `instance` of which nothing was heard: those
    /// that go on since `running_since`, those that wait since `queued_since`. A server that comes
    /// back goes on with what waits. Returns their ids.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn recover_stale(
        &self,
        instance: Uuid,
        running_since: Timestamp,
        queued_since: Timestamp,
        at: Timestamp,
    ) -> Result<Vec<Uuid>, StoreError> {
        let stale = |status, since| {
            is(status).add(Column::InstanceId.ne(instance)).add(Column::UpdatedAt.lt(time::to_db(since)))
        };
        let mut ids = self.abandon(stale(RunStatus::Running, running_since), SERVER_ENDED, at).await?;
        ids.extend(self.abandon(stale(RunStatus::Queued, queued_since), NEVER_STARTED, at).await?);
        Ok(ids)
    }

    async fn abandon(&self, which: Condition, because: &str, at: Timestamp) -> Result<Vec<Uuid>, StoreError> {
        let work = async {
            let transaction = self.db.begin_write().await?;
            let ids: Vec<Uuid> = Entity::find()
                .select_only()
                .column(Column::Id)
                .filter(which.clone())
                .order_by_asc(Column::Id)
                .into_tuple()
                .all(&transaction)
                .await?;
            // It ended when it was last heard of.
            end(RunStatus::Failed, because, None)
                .col_expr(Column::UpdatedAt, Expr::value(time::to_db(at)))
                .col_expr(Column::EndTime, Expr::col(Column::UpdatedAt))
                .filter(which)
                .exec(&transaction)
                .await?;
            transaction.commit().await?;
            Ok(ids)
        };
        self.db.answer(work).await
    }

    /// Writes `update`, and says whether there was a row for it.
    async fn update(&self, update: UpdateMany<Entity>) -> Result<bool, StoreError> {
        let work = async { Ok(update.exec(self.db.connection()).await?.rows_affected > 0) };
        self.db.answer(work).await
    }

    /// Writes `update` and the outcome that goes with it, both or neither.
    async fn store(&self, id: Uuid, update: UpdateMany<Entity>, packed: Packed) -> Result<bool, StoreError> {
        let work = async {
            let transaction = self.db.begin_write().await?;
            let there = update.exec(&transaction).await?.rows_affected > 0;
            if there {
                put(&transaction, id, packed).await?;
            }
            transaction.commit().await?;
            Ok(there)
        };
        self.db.answer(work).await
    }
}

/// Runs that are over.
pub(in crate::runs) fn over() -> Condition {
    Condition::all().add(Column::Status.is_in(RunStatus::OVER.map(RunStatus::as_str)))
}

fn is(status: RunStatus) -> Condition {
    Condition::all().add(Column::Status.eq(status.as_str()))
}

fn one(id: Uuid) -> Condition {
    Condition::all().add(Column::Id.eq(id))
}

/// The run of `tenant` with this id.
pub(in crate::runs) fn of(tenant: &str, id: Uuid) -> Condition {
    Condition::all().add(Column::TenantId.eq(tenant)).add(Column::Id.eq(id))
}

/// How many runs of `tenant` that the API key `key` has asked for run or wait.
async fn unfinished_of_key(on: &impl ConnectionTrait, tenant: &str, key: Uuid) -> Result<u64, DbErr> {
    let unfinished = Entity::find()
        .filter(Column::TenantId.eq(tenant))
        .filter(Column::ApiKeyId.eq(key))
        .filter(over().not());
    unfinished.count(on).await
}

async fn insert(on: &impl ConnectionTrait, new: &NewRun) -> Result<u64, DbErr> {
    let at = time::to_db(new.at);
    let queued = new.queued_document.is_some();
    let status = if queued { RunStatus::Queued } else { RunStatus::Running };
    let name = clean(&new.name);
    let row = run::ActiveModel {
        id: Set(new.id),
        tenant_id: Set(new.tenant_id.clone()),
        owner: Set(clean(&new.owner).into_owned()),
        api_key_id: Set(new.api_key_id),
        recipe_id: Set(new.recipe_id.as_deref().map(|id| clean(id).into_owned())),
        name_folded: Set(folded(&name)),
        name: Set(name.into_owned()),
        status: Set(status.to_string()),
        instance_id: Set(new.instance_id),
        start_time: Set((!queued).then_some(at)),
        total_requests: Set(0),
        failed_requests: Set(0),
        baseline: Set(false),
        created_at: Set(at),
        updated_at: Set(at),
        notes: Set(new.notes.as_deref().map(|notes| clean(notes).into_owned())),
        document: Set(new.queued_document.as_deref().map(|document| clean(document).into_owned())),
        own_secrets: Set(Some(new.own_secrets)),
        config_json: Set(new.config.to_string()),
        // Numbers and names: nothing here can fail to be written.
        allowance_json: Set((!new.allowance.is_unbounded())
            .then(|| serde_json::to_string(&*new.allowance).unwrap_or_default())),
        ..Default::default()
    };
    let there_already = OnConflict::column(Column::Id).do_nothing().to_owned();
    Entity::insert(row).on_conflict(there_already).exec_without_returning(on).await
}

async fn put(on: &impl ConnectionTrait, id: Uuid, packed: Packed) -> Result<(), DbErr> {
    use run_outcome::{ActiveModel, Column, Entity};
    let row = ActiveModel {
        run_id: Set(id),
        format: Set(packed.format),
        encoding: Set(packed.encoding),
        at: Set(time::to_db(Timestamp::now())),
        body: Set(packed.body),
    };
    let instead = OnConflict::column(Column::RunId)
        .update_columns([Column::Format, Column::Encoding, Column::At, Column::Body])
        .to_owned();
    Entity::insert(row).on_conflict(instead).exec_without_returning(on).await.map(drop)
}

/// What an outcome says in the columns of its run.
fn measured(outcome: &Outcome, metrics: String) -> run::ActiveModel {
    let summary = &outcome.summary;
    // Without a request there is no response time, and the zeros in a summary say so.
    let latency = |ms: f64| number(ms).filter(|_| summary.requests > 0);
    run::ActiveModel {
        duration_seconds: Set(number(summary.duration_s)),
        users_max: Set(Some(i32::try_from(summary.users_max).unwrap_or(i32::MAX))),
        thresholds: Set(Some(i32::try_from(summary.verdict.thresholds.len()).unwrap_or(i32::MAX))),
        total_requests: Set(i64::try_from(summary.requests).unwrap_or(i64::MAX)),
        failed_requests: Set(i64::try_from(summary.failures).unwrap_or(i64::MAX)),
        avg_response_time_ms: Set(latency(summary.latency_ms.avg)),
        p95_response_time_ms: Set(latency(summary.latency_ms.p95)),
        p99_response_time_ms: Set(latency(summary.latency_ms.p99)),
        throughput_rps: Set(number(summary.rps)),
        metrics_json: Set(Some(metrics)),
        updated_at: Set(time::to_db(Timestamp::now())),
        ..Default::default()
    }
}

/// What the outcome of a run that is over says in its columns.
fn finished(outcome: &Outcome, metrics: String) -> run::ActiveModel {
    let at = |text: &str| text.parse().map_or(NotSet, |at| Set(Some(time::to_db(at))));
    run::ActiveModel {
        status: Set(RunStatus::from(outcome.summary.status).to_string()),
        passed: Set(outcome.summary.passed()),
        ended_because: Set(outcome.ended_because.as_deref().map(|because| clean(because).into_owned())),
        start_time: at(&outcome.started_at),
        end_time: at(&outcome.ended_at),
        document: Set(None),
        config_json: Set(outcome.config.to_string()),
        // Figures and sentences: nothing here can fail to be written.
        analysis_json: Set(outcome.analysis.as_ref().and_then(|found| serde_json::to_string(found).ok())),
        ..measured(outcome, metrics)
    }
}

/// The end of a run that leaves no outcome of its own; when it ended is left to the caller where it
/// is not known.
fn end(status: RunStatus, because: &str, at: Option<Timestamp>) -> UpdateMany<Entity> {
    let at = at.map(time::to_db);
    let ended = run::ActiveModel {
        status: Set(status.to_string()),
        passed: Set((status == RunStatus::Failed).then_some(false)),
        ended_because: Set(Some(clean(because).into_owned())),
        end_time: at.map_or(NotSet, |at| Set(Some(at))),
        document: Set(None),
        updated_at: at.map_or(NotSet, Set),
        ..Default::default()
    };
    Entity::update_many().set(ended)
}

/// Databases have no number for what is none.
fn number(number: f64) -> Option<f64> {
    Some(number).filter(|number| number.is_finite())
}

fn waiting(row: run::Model) -> Result<QueuedRun, StoreError> {
    let allowance = row.allowance_json.as_deref().map(serde_json::from_str).transpose();
    let allowance: Option<Allowance> =
        allowance.map_err(|_| StoreError::damaged(format!("what run {} is allowed", row.id)))?;
    Ok(QueuedRun {
        id: row.id,
        tenant_id: row.tenant_id,
        owner: row.owner,
        api_key_id: row.api_key_id,
        recipe_id: row.recipe_id,
        name: row.name,
        notes: row.notes,
        document: row.document.unwrap_or_default(),
        own_secrets: row.own_secrets.unwrap_or_default(),
        allowance: Arc::new(allowance.unwrap_or_default()),
        created_at: time::from_db(row.created_at),
    })
}
