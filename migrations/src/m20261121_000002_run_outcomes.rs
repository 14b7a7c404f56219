//! `maid_run_outcomes`: all that a run left behind, packed, in a table of its own so that lists of
//! runs never read it.

use sea_orm_migration::prelude::*;

use crate::columns::{text, time};

/// The table of outcomes.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(Outcomes::Table)
            .col(ColumnDef::new(Outcomes::RunId).uuid().not_null().primary_key())
            .col(ColumnDef::new(Outcomes::Format).integer().not_null())
            .col(text(Outcomes::Encoding))
            .col(time(Outcomes::At))
            .col(ColumnDef::new(Outcomes::Body).blob().not_null())
            .foreign_key(
                ForeignKey::create()
                    .name("maid_run_outcomes_of_run")
                    .from(Outcomes::Table, Outcomes::RunId)
                    .to("maid_runs", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Outcomes::Table).take()).await
    }
}

#[derive(Clone, Copy, DeriveIden)]
enum Outcomes {
    #[sea_orm(iden = "maid_run_outcomes")]
    Table,
    RunId,
    Format,
    Encoding,
    At,
    Body,
}
