//! `maid_deeplinks`: links that people have shared.

use sea_orm::{DerivePartialModel, entity::prelude::*};

/// One link.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_deeplinks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub tenant_id: String,
    pub owner: String,
    pub api_key_id: Option<Uuid>,
    pub title: String,
    pub kind: String,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
    /// How many runs may start from it; without it any number.
    pub max_uses: Option<i64>,
    pub uses: i64,
    #[sea_orm(column_type = "Text")]
    pub body: String,
}

/// What lists show of it.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Listed {
    pub id: String,
    pub owner: String,
    pub title: String,
    pub kind: String,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
    pub max_uses: Option<i64>,
    pub uses: i64,
}

/// Found by ids alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
