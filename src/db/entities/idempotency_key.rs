//! `maid_idempotency_keys`: the answer that a repeated request gets again.

use sea_orm::entity::prelude::*;

/// One key of one principal.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maid_idempotency_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub principal: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// What the first request was, so that the key is not taken for another.
    pub request_hash: String,
    /// What the request makes, decided before it is made.
    pub resource_id: Uuid,
    /// `pending` or `done`.
    pub state: String,
    /// HTTP status of the answer.
    pub status: Option<i32>,
    pub location: Option<String>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    #[sea_orm(column_type = "Text", nullable)]
    pub body: Option<String>,
    /// The server that works on the request.
    pub instance_id: Option<Uuid>,
    /// The answer's entity tag.
    pub etag: Option<String>,
}

/// Keys stand by themselves.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
