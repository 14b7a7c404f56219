//! `maid_runs` holds what was found in a run, beside its summary: it is shown with the run and searched, for
//! which nobody should have to unpack an outcome.

use sea_orm_migration::prelude::*;

use crate::columns::text_null;

/// The column.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = text_null(Runs::AnalysisJson);
        manager.alter_table(Table::alter().table(Runs::Table).add_column(&mut column).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(Runs::Table).drop_column(Runs::AnalysisJson).take()).await
    }
}

#[derive(Clone, Copy, DeriveIden)]
enum Runs {
    #[sea_orm(iden = "maid_runs")]
    Table,
    AnalysisJson,
}
