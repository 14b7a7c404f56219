//! The tables as SeaORM sees them, one file a table. Their definition is in `migrations/`.

pub mod audit_entry;
pub mod audit_head;
pub mod config_change;
pub mod idempotency_key;
pub mod run;
pub mod run_log;
pub mod run_outcome;
