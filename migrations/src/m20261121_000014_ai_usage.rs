//! What principals ask of models: `maid_ai_usage`.

use sea_orm_migration::prelude::*;

use crate::columns::{count, tenant_id, text};

/// The table of what was asked.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(usage()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Usage::Table).take()).await
    }
}

/// A row for each day, principal and model, so that a million questions do not make a million rows.
fn usage() -> TableCreateStatement {
    Table::create()
        .table(Usage::Table)
        .col(tenant_id(Usage::TenantId))
        // Days since 1970.
        .col(count(Usage::Day))
        .col(text(Usage::Principal))
        .col(text(Usage::Model))
        .col(count(Usage::Requests))
        .col(count(Usage::PromptTokens))
        .col(count(Usage::AnswerTokens))
        .col(count(Usage::BusyMs))
        .primary_key(
            Index::create().col(Usage::TenantId).col(Usage::Day).col(Usage::Principal).col(Usage::Model),
        )
        .take()
}

#[derive(Clone, Copy, DeriveIden)]
enum Usage {
    #[sea_orm(iden = "maid_ai_usage")]
    Table,
    TenantId,
    Day,
    Principal,
    Model,
    Requests,
    PromptTokens,
    AnswerTokens,
    BusyMs,
}
