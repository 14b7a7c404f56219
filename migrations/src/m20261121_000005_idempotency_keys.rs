//! `maid_idempotency_keys`: the answer that a repeated request gets again.

use sea_orm_migration::prelude::*;

use crate::columns::{index, tenant_id, text, text_null, time, uuid};

/// The table of keys.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(Keys::Table)
            .col(tenant_id(Keys::TenantId))
            .col(text(Keys::Principal))
            .col(text(Keys::Key))
            .col(text(Keys::RequestHash))
            .col(uuid(Keys::ResourceId))
            .col(text(Keys::State))
            .col(ColumnDef::new(Keys::Status).integer().null())
            .col(text_null(Keys::Location))
            .col(time(Keys::CreatedAt))
            .col(time(Keys::ExpiresAt))
            .col(text_null(Keys::Body))
            .primary_key(Index::create().col(Keys::TenantId).col(Keys::Principal).col(Keys::Key))
            .take();
        manager.create_table(table).await?;
        manager.create_index(index("maid_idempotency_keys_by_expiry", Keys::Table, [Keys::ExpiresAt])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Keys::Table).take()).await
    }
}

#[derive(Clone, Copy, DeriveIden)]
enum Keys {
    #[sea_orm(iden = "maid_idempotency_keys")]
    Table,
    TenantId,
    Principal,
    Key,
    RequestHash,
    ResourceId,
    State,
    Status,
    Location,
    CreatedAt,
    ExpiresAt,
    Body,
}
