//! What is stored of a single run: read, deleted, or made the one to compare with.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{Deletion, Marking, Packed, RunRow, RunStatus, StoredRun, clean};
use crate::{
    db::{
        Db, StoreError, Trouble,
        entities::{
            run::{self, Column, Entity, Listed},
            run_outcome,
        },
        time,
    },
    engine::outcome::{Outcome, Summary},
    runs::{
        history::folded,
        store::{Store, of, over},
    },
};

/// How often a baseline is set anew when somebody else was faster: which takes that the row they wait
/// for was deleted meanwhile.
const TRIES: usize = 3;

impl Store {
    /// A run of `tenant` with what is stored beside its row.
    ///
    /// # Errors
    /// When the database cannot be used, or what it has cannot be read.
    pub async fn get(&self, tenant: &str, id: Uuid) -> Result<Option<StoredRun>, StoreError> {
        let select = Entity::find().filter(of(tenant, id));
        let row = self.db.answer(async { select.one(self.db.connection()).await }).await?;
        row.map(stored).transpose()
    }

    /// All that a run of `tenant` left behind; of a run that goes on, as of the last checkpoint.
    /// How it ended is taken from its row, which knows of a server that ended in mid-run.
    ///
    /// # Errors
    /// When the database cannot be used, or what it has cannot be read.
    pub async fn outcome(&self, tenant: &str, id: Uuid) -> Result<Option<Outcome>, StoreError> {
        let row = Entity::find().filter(of(tenant, id)).into_partial_model();
        let body = run_outcome::Entity::find_by_id(id);
        let work = async {
            let Some(row) = row.one(self.db.connection()).await? else { return Ok(None) };
            Ok(body.one(self.db.connection()).await?.map(|body| (row, body)))
        };
        let Some((row, body)) = self.db.answer(work).await? else { return Ok(None) };
        let row: run::Listed = row;
        let row = RunRow::try_from(row)?;
        let packed = Packed { format: body.format, encoding: body.encoding, body: body.body };
        let mut outcome = packed.unpack(id).await?;
        if row.ended_because.is_some() {
            outcome.ended_because.clone_from(&row.ended_because);
        }
        if correct(&mut outcome.summary, &row)
            && let Some(end) = row.end_time
        {
            outcome.ended_at = end.to_string();
        }
        Ok(Some(outcome))
    }

    /// Deletes a run of `tenant` that is over, with all that belongs to it.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn delete(&self, tenant: &str, id: Uuid) -> Result<Deletion, StoreError> {
        let delete = Entity::delete_many().filter(of(tenant, id)).filter(over());
        let work = async {
            if delete.exec(self.db.connection()).await?.rows_affected > 0 {
                return Ok(Deletion::Deleted);
            }
            let there = Entity::find().filter(of(tenant, id)).count(self.db.connection()).await? > 0;
            Ok(if there { Deletion::Active } else { Deletion::NotFound })
        };
        self.db.answer(work).await
    }

    /// Makes a run of `tenant` the one that later runs of its test are compared with, in place of
    /// the one before; or makes it one like all others.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn set_baseline(&self, tenant: &str, id: Uuid, baseline: bool) -> Result<Marking, StoreError> {
        let mut tries = TRIES;
        loop {
            tries -= 1;
            match self.db.answer(mark(&self.db, tenant, id, baseline)).await {
                // Somebody else made another run the baseline at the same moment: the last one counts.
                Err(StoreError::Other(error)) if tries > 0 && Trouble::of(&error) == Trouble::Taken => {}
                answer => return answer,
            }
        }
    }

    /// The run that those of the test `name` are compared with.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn baseline(&self, tenant: &str, name: &str) -> Result<Option<Uuid>, StoreError> {
        let select = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::TenantId.eq(tenant))
            .filter(Column::Name.eq(clean(name)))
            .filter(Column::Baseline.eq(true));
        self.db.answer(async { select.into_tuple().one(self.db.connection()).await }).await
    }
}

async fn mark(db: &Db, tenant: &str, id: Uuid, baseline: bool) -> Result<Marking, DbErr> {
    let transaction = db.begin_write().await?;
    let Some(row): Option<Listed> =
        Entity::find().filter(of(tenant, id)).into_partial_model().one(&transaction).await?
    else {
        return Ok(Marking::NotFound);
    };
    if RunStatus::from_name(&row.status).is_none_or(|status| !status.is_over()) {
        return Ok(Marking::Active);
    }
    let set = |baseline| {
        Entity::update_many().set(run::ActiveModel { baseline: Set(baseline), ..Default::default() })
    };
    if baseline {
        // Those who choose a baseline of one test take turns: they wait for the same row.
        Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::TenantId.eq(tenant))
            .filter(Column::NameFolded.eq(folded(&row.name)))
            .order_by_asc(Column::Id)
            .limit(1)
            .lock_exclusive()
            .into_tuple::<Uuid>()
            .one(&transaction)
            .await?;
        set(false)
            .filter(Column::TenantId.eq(tenant))
            .filter(Column::Name.eq(row.name))
            .filter(Column::Baseline.eq(true))
            .exec(&transaction)
            .await?;
    }
    set(baseline).filter(of(tenant, id)).exec(&transaction).await?;
    transaction.commit().await?;
    Ok(Marking::Marked)
}

fn stored(model: run::Model) -> Result<StoredRun, StoreError> {
    let damaged = |what: &str| StoreError::damaged(format!("the {what} of run {}", model.id));
    let config = serde_json::from_str(&model.config_json).map_err(|_| damaged("LoadTest"))?;
    let metrics = model.metrics_json.as_deref().map(serde_json::from_str).transpose();
    let mut metrics: Option<Summary> = metrics.map_err(|_| damaged("summary"))?;
    // What an older or a later version has written is found anew.
    let analysis = model.analysis_json.as_deref().and_then(|found| serde_json::from_str(found).ok());
    let (instance_id, notes) = (model.instance_id, model.notes.clone());
    let own_secrets = model.own_secrets.unwrap_or_default();
    let row = RunRow::try_from(Listed::from(model))?;
    if let Some(summary) = &mut metrics {
        correct(summary, &row);
    }
    Ok(StoredRun { row, instance_id, notes, own_secrets, config, metrics, analysis })
}

/// Makes `summary` say how the run ended by its row. True when it said something else: a checkpoint
/// of a run that never came to its own end.
fn correct(summary: &mut Summary, row: &RunRow) -> bool {
    let Some(status) = row.status.of_outcome() else { return false };
    if summary.status == status && summary.passed() == row.passed {
        return false;
    }
    summary.status = status;
    summary.verdict.passed = row.passed.unwrap_or_default();
    true
}

impl TryFrom<Listed> for RunRow {
    type Error = StoreError;

    fn try_from(row: Listed) -> Result<Self, StoreError> {
        let status = RunStatus::from_name(&row.status)
            .ok_or_else(|| StoreError::damaged(format!("the status of run {}", row.id)))?;
        Ok(Self {
            id: row.id,
            owner: row.owner,
            api_key_id: row.api_key_id,
            recipe_id: row.recipe_id,
            name: row.name,
            status,
            passed: row.passed,
            thresholds: row.thresholds.and_then(|many| u32::try_from(many).ok()),
            start_time: row.start_time.map(time::from_db),
            end_time: row.end_time.map(time::from_db),
            duration_s: row.duration_seconds,
            users_max: row.users_max.and_then(|users| u32::try_from(users).ok()),
            requests: u64::try_from(row.total_requests).unwrap_or_default(),
            failures: u64::try_from(row.failed_requests).unwrap_or_default(),
            avg_ms: row.avg_response_time_ms,
            p95_ms: row.p95_response_time_ms,
            p99_ms: row.p99_response_time_ms,
            rps: row.throughput_rps,
            baseline: row.baseline,
            created_at: time::from_db(row.created_at),
            updated_at: time::from_db(row.updated_at),
            ended_because: row.ended_because,
        })
    }
}

impl From<run::Model> for Listed {
    fn from(row: run::Model) -> Self {
        Self {
            id: row.id,
            owner: row.owner,
            api_key_id: row.api_key_id,
            recipe_id: row.recipe_id,
            name: row.name,
            status: row.status,
            passed: row.passed,
            start_time: row.start_time,
            end_time: row.end_time,
            duration_seconds: row.duration_seconds,
            users_max: row.users_max,
            total_requests: row.total_requests,
            failed_requests: row.failed_requests,
            avg_response_time_ms: row.avg_response_time_ms,
            p95_response_time_ms: row.p95_response_time_ms,
            p99_response_time_ms: row.p99_response_time_ms,
            throughput_rps: row.throughput_rps,
            baseline: row.baseline,
            created_at: row.created_at,
            updated_at: row.updated_at,
            ended_because: row.ended_because,
            thresholds: row.thresholds,
        }
    }
}
