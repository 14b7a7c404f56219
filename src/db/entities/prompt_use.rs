//! `maid_prompt_uses`: when which prompt was used, by whom, and what became of it.

use sea_orm::entity::prelude::*;

/// One use.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_prompt_uses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: String,
    pub prompt_id: Uuid,
    pub version: i64,
    pub user_id: String,
    pub at: DateTimeUtc,
    /// Days since 1970.
    pub day: i64,
    pub run_id: Option<Uuid>,
}

/// Found by ids alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
