//! `maid_runs`: a row for each run, from the moment it is asked for.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::{count, index, measure, tenant_id, text, text_null, time, time_null, uuid};

/// The table of runs, and an index for each order in which it is listed.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

/// What a list may be sorted by, beside the id.
const SORTED: [(&str, Runs); 8] = [
    ("maid_runs_by_start_time", Runs::StartTime),
    ("maid_runs_by_name", Runs::NameFolded),
    ("maid_runs_by_duration", Runs::DurationSeconds),
    ("maid_runs_by_requests", Runs::TotalRequests),
    ("maid_runs_by_failures", Runs::FailedRequests),
    ("maid_runs_by_p95", Runs::P95ResponseTimeMs),
    ("maid_runs_by_rps", Runs::ThroughputRps),
    ("maid_runs_by_status", Runs::Status),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(table(manager.get_database_backend())).await?;
        for one in indexes() {
            manager.create_index(one).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Runs::Table).take()).await
    }
}

fn table(backend: DbBackend) -> TableCreateStatement {
    Table::create()
        .table(Runs::Table)
        .col(ColumnDef::new(Runs::Id).uuid().not_null().primary_key())
        .col(tenant_id(Runs::TenantId))
        .col(text(Runs::Owner))
        .col(ColumnDef::new(Runs::ApiKeyId).uuid().null())
        .col(text_null(Runs::RecipeId))
        .col(text(Runs::Name))
        .col(text(Runs::NameFolded).extra(by_bytes(backend)))
        .col(text(Runs::Status).extra(by_bytes(backend)))
        .col(ColumnDef::new(Runs::Passed).boolean().null())
        .col(uuid(Runs::InstanceId))
        .col(time_null(Runs::StartTime))
        .col(time_null(Runs::EndTime))
        .col(measure(Runs::DurationSeconds))
        .col(ColumnDef::new(Runs::UsersMax).integer().null())
        .col(count(Runs::TotalRequests))
        .col(count(Runs::FailedRequests))
        .col(measure(Runs::AvgResponseTimeMs))
        .col(measure(Runs::P95ResponseTimeMs))
        .col(measure(Runs::P99ResponseTimeMs))
        .col(measure(Runs::ThroughputRps))
        .col(ColumnDef::new(Runs::Baseline).boolean().not_null().default(false))
        .col(time(Runs::CreatedAt))
        .col(time(Runs::UpdatedAt))
        .col(text_null(Runs::EndedBecause))
        .col(text_null(Runs::Notes))
        .col(text_null(Runs::Document))
        .col(text(Runs::ConfigJson))
        .col(text_null(Runs::MetricsJson))
        .take()
}

/// Texts that lists are sorted by have the same order on both databases: that of their bytes.
fn by_bytes(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "COLLATE \"C\"",
        _ => "COLLATE BINARY",
    }
}

fn indexes() -> Vec<IndexCreateStatement> {
    let mut indexes = vec![
        index("maid_runs_by_id", Runs::Table, [Runs::TenantId, Runs::Id]),
        // For what a server looks up when it starts: its own runs that are not over.
        index("maid_runs_of_instance", Runs::Table, [Runs::Status, Runs::InstanceId, Runs::Id]),
        index("maid_runs_baseline", Runs::Table, [Runs::TenantId, Runs::Name])
            .unique()
            .and_where(Expr::col(Runs::Baseline).eq(true))
            .take(),
    ];
    indexes.extend(
        SORTED.into_iter().map(|(name, column)| index(name, Runs::Table, [Runs::TenantId, column, Runs::Id])),
    );
    indexes
}

#[derive(Clone, Copy, DeriveIden)]
enum Runs {
    #[sea_orm(iden = "maid_runs")]
    Table,
    Id,
    TenantId,
    Owner,
    ApiKeyId,
    RecipeId,
    Name,
    NameFolded,
    Status,
    Passed,
    InstanceId,
    StartTime,
    EndTime,
    DurationSeconds,
    UsersMax,
    TotalRequests,
    FailedRequests,
    AvgResponseTimeMs,
    #[sea_orm(iden = "p95_response_time_ms")]
    P95ResponseTimeMs,
    #[sea_orm(iden = "p99_response_time_ms")]
    P99ResponseTimeMs,
    ThroughputRps,
    Baseline,
    CreatedAt,
    UpdatedAt,
    EndedBecause,
    Notes,
    Document,
    ConfigJson,
    MetricsJson,
}
