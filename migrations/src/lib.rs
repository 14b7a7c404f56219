//! The database of MAID, step by step, for SQLite and Postgres from one definition.
//!
//! A migration that has been released is never changed; the next one goes on from it. Each runs in
//! a transaction on both databases, so that an interrupted one leaves nothing behind. What holds for
//! their columns:
//!
//! - Ids are UUIDv7, which sort by time of creation on both databases.
//! - JSON is kept as text: it comes back with its keys in the order in which they went in.
//! - Long columns come last, so that reading a row of a list does not walk through them.

mod columns;
mod m20261121_000001_runs;
mod m20261121_000002_run_outcomes;
mod m20261121_000003_run_logs;
mod m20261121_000004_config_changes;
mod m20261121_000005_idempotency_keys;
mod m20261121_000006_idempotency_more;
mod m20261121_000007_identity;
mod m20261121_000008_audit;
mod m20261121_000009_recipes;
mod m20261121_000010_prompts;
mod m20261121_000011_deeplinks;
mod m20261121_000012_run_analysis;
mod m20261121_000013_documents;
mod m20261121_000014_ai_usage;
mod m20261122_000015_ai_cost;
mod m20261123_000016_recipe_texts;
mod m20261123_000017_run_thresholds;

use sea_orm_migration::async_trait;
pub use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager};

/// All steps in their order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_runs::Migration),
            Box::new(m20261121_000002_run_outcomes::Migration),
            Box::new(m20261121_000003_run_logs::Migration),
            Box::new(m20261121_000004_config_changes::Migration),
            Box::new(m20261121_000005_idempotency_keys::Migration),
            Box::new(m20261121_000006_idempotency_more::Migration),
            Box::new(m20261121_000007_identity::Migration),
            Box::new(m20261121_000008_audit::Migration),
            Box::new(m20261121_000009_recipes::Migration),
            Box::new(m20261121_000010_prompts::Migration),
            Box::new(m20261121_000011_deeplinks::Migration),
            Box::new(m20261121_000012_run_analysis::Migration),
            Box::new(m20261121_000013_documents::Migration),
            Box::new(m20261121_000014_ai_usage::Migration),
            Box::new(m20261122_000015_ai_cost::Migration),
            Box::new(m20261123_000016_recipe_texts::Migration),
            Box::new(m20261123_000017_run_thresholds::Migration),
        ]
    }
}
