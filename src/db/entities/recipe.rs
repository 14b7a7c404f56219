//! `maid_recipes`: recipes that people have written.

use sea_orm::{DerivePartialModel, entity::prelude::*};

/// One recipe as it is now.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_recipes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: String,
    pub owner: String,
    pub api_key_id: Option<Uuid>,
    pub title: String,
    pub category: String,
    pub cloned_from: Option<String>,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub requires: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub tags_json: String,
    #[sea_orm(column_type = "Text")]
    pub summary: String,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub text: Option<String>,
}

/// What lists show of it.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Listed {
    pub id: Uuid,
    pub owner: String,
    pub title: String,
    pub category: String,
    pub version: i64,
    pub updated_at: DateTimeUtc,
    pub requires: Option<String>,
    pub tags_json: String,
    pub summary: String,
}

/// Found by ids alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
