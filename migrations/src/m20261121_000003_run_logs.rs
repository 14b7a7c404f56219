//! `maid_run_logs`: the lines of a run's log, numbered by the run.

use sea_orm_migration::prelude::*;

use crate::columns::{text, time, uuid};

/// The table of log lines.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(Logs::Table)
            .col(uuid(Logs::RunId))
            .col(ColumnDef::new(Logs::Seq).big_integer().not_null())
            .col(time(Logs::At))
            .col(text(Logs::Level))
            .col(text(Logs::Message))
            .primary_key(Index::create().col(Logs::RunId).col(Logs::Seq))
            .foreign_key(
                ForeignKey::create()
                    .name("maid_run_logs_of_run")
                    .from(Logs::Table, Logs::RunId)
                    .to("maid_runs", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Logs::Table).take()).await
    }
}

#[derive(Clone, Copy, DeriveIden)]
enum Logs {
    #[sea_orm(iden = "maid_run_logs")]
    Table,
    RunId,
    Seq,
    At,
    Level,
    Message,
}
