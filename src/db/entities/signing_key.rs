//! `maid_signing_keys`: what access tokens are signed with.

use sea_orm::entity::prelude::*;

/// One pair of keys.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_signing_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kid: String,
    pub public_key: Vec<u8>,
    /// Encrypted with a key that is not in the database.
    pub sealed_seed: Vec<u8>,
    pub created_at: DateTimeUtc,
    pub retires_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

/// Found by ids alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
