//! `maid_documents`: what is searched.

use sea_orm::{DerivePartialModel, entity::prelude::*};

/// One thing that can be found.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_documents")]
pub struct Model {
    /// Larger for whatever was written later.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Empty for what every tenant finds.
    pub tenant_id: String,
    pub kind: String,
    pub ref_id: String,
    pub run_id: Option<Uuid>,
    pub recipe_id: Option<Uuid>,
    pub prompt_id: Option<Uuid>,
    pub place: Option<String>,
    pub at: Option<DateTimeUtc>,
    pub source_at: Option<DateTimeUtc>,
    pub updated_at: DateTimeUtc,
    pub hash: Vec<u8>,
    pub model: Option<String>,
    pub title: String,
    pub vector: Option<Vec<u8>>,
    #[sea_orm(column_type = "Text")]
    pub body: String,
}

/// What a hit shows of it.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Shown {
    pub id: i64,
    pub kind: String,
    pub ref_id: String,
    pub at: Option<DateTimeUtc>,
    pub title: String,
    pub body: String,
}

/// Its vector.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Placed {
    pub id: i64,
    pub kind: String,
    pub vector: Option<Vec<u8>>,
}

/// Found by ids alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
