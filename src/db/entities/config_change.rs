//! `maid_config_changes`: who changed which setting, and when.

use sea_orm::entity::prelude::*;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_config_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: String,
    pub actor: String,
    pub actor_kind: String,
    pub at: DateTimeUtc,
    /// List of the keys that were applied at once, as JSON.
    #[sea_orm(column_type = "Text")]
    pub applied_json: String,
    /// List of the keys that need a restart, as JSON.
    #[sea_orm(column_type = "Text")]
    pub restart_json: String,
    #[sea_orm(column_type = "Text")]
    pub before_json: String,
    #[sea_orm(column_type = "Text")]
    pub after_json: String,
}

/// Changes stand by themselves.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
