//! `maid_prompt_versions`: prompts as they were.

use sea_orm::{DerivePartialModel, entity::prelude::*};

/// One version of a prompt.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_prompt_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub prompt_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub tenant_id: String,
    pub author: String,
    pub created_at: DateTimeUtc,
    pub restored_from: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub body: String,
}

/// What lists show of it.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Listed {
    pub version: i64,
    pub author: String,
    pub created_at: DateTimeUtc,
    pub restored_from: Option<i64>,
}

/// Found by ids alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
