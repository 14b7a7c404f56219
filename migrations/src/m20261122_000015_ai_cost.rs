//! `maid_ai_usage` counts what answers of providers cost.

use sea_orm_migration::prelude::*;

use crate::columns::count;

/// The column.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What was asked before cost nothing: only the model inside MAID answered.
        let mut column = count(Usage::CostMillionths);
        column.default(0);
        manager.alter_table(Table::alter().table(Usage::Table).add_column(&mut column).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table(Usage::Table).drop_column(Usage::CostMillionths).take())
            .await
    }
}

#[derive(Clone, Copy, DeriveIden)]
enum Usage {
    #[sea_orm(iden = "maid_ai_usage")]
    Table,
    CostMillionths,
}
