//! `maid_runs` tells how many thresholds a run was held to: a list that says "passed" of a run without any
//! says too much. And whether all secrets of a run are those of its recipe, so that it can be run again with
//! them. Neither is known of runs that were stored before.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::text_null;

/// The columns.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let thresholds = ColumnDef::new(Runs::Thresholds).integer().null().take();
        let own_secrets = ColumnDef::new(Runs::OwnSecrets).boolean().null().take();
        for mut column in [thresholds, own_secrets] {
            manager.alter_table(alter().add_column(&mut column).take()).await?;
        }
        // Postgres keeps long texts beside the row. SQLite keeps them in it, one after the other: what
        // comes behind them is reached through them, so they move behind what has come now.
        if manager.get_database_backend() == DbBackend::Sqlite {
            move_to_the_end(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(alter().drop_column(Runs::OwnSecrets).take()).await?;
        manager.alter_table(alter().drop_column(Runs::Thresholds).take()).await
    }
}

/// SQLite has no order of columns but that in which they were added. The table itself stays: rows of
/// other tables would go with it.
async fn move_to_the_end(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let config = ColumnDef::new(Runs::ConfigJson).text().not_null().default("{}").take();
    let moved = [
        (Runs::ConfigJson, Runs::Config, config),
        (Runs::AllowanceJson, Runs::Allowance, text_null(Runs::AllowanceJson)),
        (Runs::MetricsJson, Runs::Metrics, text_null(Runs::MetricsJson)),
        (Runs::AnalysisJson, Runs::Analysis, text_null(Runs::AnalysisJson)),
    ];
    // Each row is copied once for all of them.
    let mut copy = Query::update().table(Runs::Table).take();
    for (name, before, mut column) in moved.clone() {
        manager.alter_table(alter().rename_column(name, before).take()).await?;
        manager.alter_table(alter().add_column(&mut column).take()).await?;
        copy.value(name, Expr::col(before));
    }
    manager.execute(copy).await?;
    for (_, before, _) in moved {
        manager.alter_table(alter().drop_column(before).take()).await?;
    }
    Ok(())
}

fn alter() -> TableAlterStatement {
    Table::alter().table(Runs::Table).take()
}

#[derive(Clone, Copy, DeriveIden)]
enum Runs {
    #[sea_orm(iden = "maid_runs")]
    Table,
    Thresholds,
    OwnSecrets,
    ConfigJson,
    AllowanceJson,
    MetricsJson,
    AnalysisJson,
    // What they are called on the way.
    Config,
    Allowance,
    Metrics,
    Analysis,
}
