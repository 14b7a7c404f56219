//! `maid_run_outcomes`: all that a run left behind, packed.

use sea_orm::entity::prelude::*;

/// The outcome of one run.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_run_outcomes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: Uuid,
    /// Version of the outcome's form.
    pub format: i32,
    /// How `body` is packed.
    pub encoding: String,
    pub at: DateTimeUtc,
    #[sea_orm(column_type = "Blob")]
    pub body: Vec<u8>,
}

/// It is found by the run's id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
