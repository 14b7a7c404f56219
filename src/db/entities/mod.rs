//! The tables as SeaORM sees them, one file a table. Their definition is in `migrations/`.

pub mod ai_usage;
pub mod api_key;
pub mod audit_entry;
pub mod audit_head;
pub mod auth_state;
pub mod config_change;
pub mod deeplink;
pub mod deeplink_event;
pub mod document;
pub mod idempotency_key;
pub mod preset;
pub mod prompt;
pub mod prompt_favourite;
pub mod prompt_use;
pub mod prompt_version;
pub mod recipe;
pub mod recipe_version;
pub mod refresh_token;
pub mod run;
pub mod run_log;
pub mod run_outcome;
pub mod session;
pub mod signing_key;
pub mod user;
pub mod word;
