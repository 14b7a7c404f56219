//! `maid_prompts`: prompts that people have written.

use sea_orm::{DerivePartialModel, entity::prelude::*};

/// One prompt as it is now.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_prompts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: String,
    pub owner: String,
    pub title: String,
    pub category: String,
    pub visibility: String,
    pub forked_from: Option<Uuid>,
    pub forked_version: Option<i64>,
    pub version: i64,
    /// Keyed hash of its link.
    pub link_hash: Option<Vec<u8>>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub tags_json: String,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    #[sea_orm(column_type = "Text")]
    pub body: String,
}

/// What lists show of it.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Listed {
    pub id: Uuid,
    pub owner: String,
    pub title: String,
    pub category: String,
    pub visibility: String,
    pub forked_from: Option<Uuid>,
    pub forked_version: Option<i64>,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub tags_json: String,
    pub description: String,
}

/// Found by ids alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
