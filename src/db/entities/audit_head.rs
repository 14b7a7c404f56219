//! `maid_audit_heads`: where the chain of entries begins and ends.

use sea_orm::entity::prelude::*;

/// One end of the chain.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_audit_heads")]
pub struct Model {
    /// Which end.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Number of the entry there.
    pub seq: i64,
    /// Its seal.
    #[sea_orm(column_type = "Blob")]
    pub seal: Vec<u8>,
    /// The seal of this row.
    #[sea_orm(column_type = "Blob")]
    pub mac: Vec<u8>,
}

/// Heads stand by themselves.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
