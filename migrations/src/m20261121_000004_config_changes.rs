//! `maid_config_changes`: who changed which setting, and when.

use sea_orm_migration::prelude::*;

use crate::columns::{index, tenant_id, text, time};

/// The table of changes.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(Changes::Table)
            .col(ColumnDef::new(Changes::Id).uuid().not_null().primary_key())
            .col(tenant_id(Changes::TenantId))
            .col(text(Changes::Actor))
            .col(text(Changes::ActorKind))
            .col(time(Changes::At))
            .col(text(Changes::AppliedJson))
            .col(text(Changes::RestartJson))
            .col(text(Changes::BeforeJson))
            .col(text(Changes::AfterJson))
            .take();
        manager.create_table(table).await?;
        manager
            .create_index(index(
                "maid_config_changes_by_id",
                Changes::Table,
                [Changes::TenantId, Changes::Id],
            ))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Changes::Table).take()).await
    }
}

#[derive(Clone, Copy, DeriveIden)]
enum Changes {
    #[sea_orm(iden = "maid_config_changes")]
    Table,
    Id,
    TenantId,
    Actor,
    ActorKind,
    At,
    AppliedJson,
    RestartJson,
    BeforeJson,
    AfterJson,
}
