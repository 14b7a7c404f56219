//! `maid_ai_usage`: what principals asked of models, by day and model.

use sea_orm::entity::prelude::*;

/// What one principal asked of one model on one day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_ai_usage")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: String,
    /// Days since 1970.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub principal: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub model: String,
    pub requests: i64,
    pub prompt_tokens: i64,
    pub answer_tokens: i64,
    pub busy_ms: i64,
    /// In millionths of a US dollar.
    pub cost_millionths: i64,
}

/// Found by principals alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
