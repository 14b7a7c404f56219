//! `maid_deeplink_events`: how often links were opened and used, by day and visitor.

use sea_orm::entity::prelude::*;

/// What one visitor did with one link on one day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_deeplink_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub deeplink_id: String,
    /// Days since 1970.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// Keyed hash of the day and the address.
    #[sea_orm(primary_key, auto_increment = false)]
    pub visitor: Vec<u8>,
    pub tenant_id: String,
    pub times: i64,
    pub last_at: DateTimeUtc,
}

/// Found by ids alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
