//! `maid_runs` tells how many thresholds a run was held to: a list that says "passed" of a run without any
//! says too much. Unknown of runs that were stored before.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

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
        let mut column = ColumnDef::new(Runs::Thresholds).integer().null().take();
        manager.alter_table(alter().add_column(&mut column).take()).await?;
        // Postgres keeps long texts beside the row. SQLite keeps them in it, one after the other: what
        // comes behind them is reached through them, so they move behind what has come now.
        if manager.get_database_backend() == DbBackend::Sqlite {
            let config = ColumnDef::new(Runs::ConfigJson).text().not_null().default("{}").take();
            move_to_the_end(manager, Runs::ConfigJson, config).await?;
            for long in [Runs::AllowanceJson, Runs::MetricsJson, Runs::AnalysisJson] {
                move_to_the_end(manager, long, text_null(long)).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(alter().drop_column(Runs::Thresholds).take()).await
    }
}

/// SQLite has no order of columns but that in which they were added. The table itself stays: rows of
/// other tables would go with it.
async fn move_to_the_end(
    manager: &SchemaManager<'_>,
    name: Runs,
    mut column: ColumnDef,
) -> Result<(), DbErr> {
    manager.alter_table(alter().rename_column(name, Runs::Before).take()).await?;
    manager.alter_table(alter().add_column(&mut column).take()).await?;
    let copy = Query::update().table(Runs::Table).value(name, Expr::col(Runs::Before)).take();
    manager.execute(copy).await?;
    manager.alter_table(alter().drop_column(Runs::Before).take()).await
}

fn alter() -> TableAlterStatement {
    Table::alter().table(Runs::Table).take()
}

#[derive(Clone, Copy, DeriveIden)]
enum Runs {
    #[sea_orm(iden = "maid_runs")]
    Table,
    Thresholds,
    ConfigJson,
    AllowanceJson,
    MetricsJson,
    AnalysisJson,
    Before,
}
