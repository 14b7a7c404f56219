//! `maid_audit`: who did what.

use sea_orm::entity::prelude::*;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_audit")]
pub struct Model {
    /// Number of the entry, from 1 without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: DateTimeUtc,
    pub tenant_id: String,
    pub actor: String,
    pub actor_kind: String,
    pub action: String,
    pub outcome: String,
    pub target: Option<String>,
    pub address: Option<String>,
    /// The seal of the entry and of all before it.
    #[sea_orm(column_type = "Blob")]
    pub mac: Vec<u8>,
    #[sea_orm(column_type = "Text", nullable)]
    pub detail_json: Option<String>,
}

/// Entries stand by themselves.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
