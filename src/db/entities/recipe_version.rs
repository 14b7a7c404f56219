//! `maid_recipe_versions`: recipes as they were.

use sea_orm::entity::prelude::*;

/// One version of a recipe.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_recipe_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub recipe_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub tenant_id: String,
    pub author: String,
    pub created_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub text: Option<String>,
}

/// Found by ids alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
