//! `maid_runs`: a row for each run.

use sea_orm::entity::prelude::*;

/// One run.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: String,
    pub owner: String,
    pub api_key_id: Option<Uuid>,
    pub recipe_id: Option<String>,
    pub name: String,
    /// The name in lower case and cut to a length, which lists are sorted by and searched in.
    pub name_folded: String,
    pub status: String,
    pub passed: Option<bool>,
    /// The server that runs it.
    pub instance_id: Uuid,
    pub start_time: Option<DateTimeUtc>,
    pub end_time: Option<DateTimeUtc>,
    pub duration_seconds: Option<f64>,
    pub users_max: Option<i32>,
    pub total_requests: i64,
    pub failed_requests: i64,
    pub avg_response_time_ms: Option<f64>,
    #[sea_orm(column_name = "p95_response_time_ms")]
    pub p95_response_time_ms: Option<f64>,
    #[sea_orm(column_name = "p99_response_time_ms")]
    pub p99_response_time_ms: Option<f64>,
    pub throughput_rps: Option<f64>,
    pub baseline: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(column_type = "Text", nullable)]
    pub ended_because: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub notes: Option<String>,
    /// The document as it was handed in, while the run waits for its turn.
    #[sea_orm(column_type = "Text", nullable)]
    pub document: Option<String>,
    /// How many thresholds it is held to.
    pub thresholds: Option<i32>,
    /// Whether all secrets that it is given are those of its recipe.
    pub own_secrets: Option<bool>,
    /// The LoadTest as it runs, with secrets masked.
    #[sea_orm(column_type = "Text")]
    pub config_json: String,
    /// What the run is allowed, beside what the configuration allows all.
    #[sea_orm(column_type = "Text", nullable)]
    pub allowance_json: Option<String>,
    /// The summary without its histograms.
    #[sea_orm(column_type = "Text", nullable)]
    pub metrics_json: Option<String>,
    /// What was found in it.
    #[sea_orm(column_type = "Text", nullable)]
    pub analysis_json: Option<String>,
}

/// What belongs to a run is found by its id; nothing joins through relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a list shows of a run: the columns before the long ones.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Listed {
    pub id: Uuid,
    pub owner: String,
    pub api_key_id: Option<Uuid>,
    pub recipe_id: Option<String>,
    pub name: String,
    pub status: String,
    pub passed: Option<bool>,
    pub start_time: Option<DateTimeUtc>,
    pub end_time: Option<DateTimeUtc>,
    pub duration_seconds: Option<f64>,
    pub users_max: Option<i32>,
    pub total_requests: i64,
    pub failed_requests: i64,
    pub avg_response_time_ms: Option<f64>,
    pub p95_response_time_ms: Option<f64>,
    pub p99_response_time_ms: Option<f64>,
    pub throughput_rps: Option<f64>,
    pub baseline: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub ended_because: Option<String>,
    pub thresholds: Option<i32>,
}
