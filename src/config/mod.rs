//! The configuration: one small file a section, four layers, everything checked before use.
//!
//! `config.json` < `config.runtime.json` < environment `MAID__SECTION__KEY` < flags. Each layer is
//! checked against the schema by itself, so that a problem names the file or variable it came
//! from, and all problems are told at once. There is no global configuration: it is passed.

mod ai;
mod audit;
mod auth;
mod check;
mod database;
mod environment;
mod error;
mod hidden;
mod history;
mod key;
mod layers;
mod limits;
mod load;
mod oidc;
mod origin;
mod persist;
mod rate_limit;
mod reports;
mod runtime;
mod schema;
mod server;
mod sources;
mod telemetry;
mod tls;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::{
    ai::Ai,
    audit::Audit,
    auth::{Auth, Passwords, Registration},
    database::Database,
    error::{ConfigError, Problem},
    hidden::Hidden,
    history::History,
    key::{Change, KEYS},
    layers::{Layered, at},
    load::{Breaker, Load, Targets},
    oidc::{OidcProvider, is_loopback},
    origin::Origin,
    persist::Replaced,
    rate_limit::RateLimit,
    reports::Reports,
    runtime::{refused_over_api, with_secrets_of, without_secrets},
    schema::schema_json,
    server::Server,
    sources::{FlagSetting, Flags, RUNTIME_FILE, STANDARD_FILE, Sources},
    telemetry::{LogFormat, Otlp, Telemetry},
    tls::Tls,
};

pub(crate) use self::oidc::plain_url;

/// MAID's configuration. Every key has a default, so an empty file is a valid one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "MAID configuration")]
pub struct Config {
    /// The schema of this file, for editors.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Where MAID listens and what a connection may ask of it.
    pub server: Server,
    /// Where everything is stored.
    pub database: Database,
    /// Who is let in, and how.
    pub auth: Auth,
    /// What a load test may do.
    pub load: Load,
    /// How much of the past is kept.
    pub history: History,
    /// How long it is kept who did what.
    pub audit: Audit,
    /// Where results are kept.
    pub reports: Reports,
    /// How much may be asked of MAID.
    pub rate_limit: RateLimit,
    /// Which models MAID has inside, and how much they may ask of the machine.
    pub ai: Ai,
    /// What MAID says about itself.
    pub telemetry: Telemetry,
}

impl Config {
    /// Reads all layers, checks each, and merges them.
    ///
    /// # Errors
    /// All problems of all layers at once, each with its layer and key.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        Layered::read(sources).map(Layered::into_config)
    }
}
