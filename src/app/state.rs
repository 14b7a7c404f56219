//! What the modules of a server share. Everything in it is made once, at the start.

use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig};

use crate::{
    ai::Inside,
    audit::Audit,
    auth::{Auth, oidc::OidcSite},
    bus::{Bus, Capabilities},
    config::Config,
    convert::Conversions,
    db::Db,
    deeplinks::Deeplinks,
    http::{address::TrustedProxies, idempotency::Idempotency},
    limits::Limits,
    live::Live,
    prompts::Prompts,
    recipes::Recipes,
    runs::Runs,
    settings::Settings,
    telemetry::{Health, Metrics},
};

/// What the modules of a server share; a clone is the same state.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The configuration that the server was started with; what it is now is in `settings`.
    pub config: Arc<Config>,
    /// The one pool of database connections.
    pub db: Db,
    /// The bus.
    pub bus: Bus,
    /// What can be called by name.
    pub capabilities: Arc<Capabilities>,
    /// Who is let in.
    pub auth: Auth,
    /// Signing in with OpenID providers.
    pub oidc: OidcSite,
    /// The audit log.
    pub audit: Audit,
    /// Runs.
    pub runs: Runs,
    /// Recipes.
    pub recipes: Recipes,
    /// How many documents are converted at once.
    pub conversions: Conversions,
    /// The prompt library.
    pub prompts: Prompts,
    /// Deeplinks and presets.
    pub deeplinks: Deeplinks,
    /// Models inside MAID, and what asks them.
    pub ai: Inside,
    /// Settings.
    pub settings: Settings,
    /// WebSockets.
    pub live: Live,
    /// Answers to requests that may be repeated.
    pub idempotency: Idempotency,
    /// What MAID measures of itself.
    pub metrics: Metrics,
    /// Whether it can take work.
    pub health: Health,
    /// How often somebody may ask.
    pub limits: Limits,
    /// Who is believed about the addresses of others.
    pub proxies: TrustedProxies,
}

impl AppState {
    /// Gives handlers what they ask for by type.
    pub fn provide(&self, config: &mut ServiceConfig) {
        config
            .app_data(Data::new(self.auth.clone()))
            .app_data(Data::new(self.oidc.clone()))
            .app_data(Data::new(self.audit.clone()))
            .app_data(Data::new(self.runs.clone()))
            .app_data(Data::new(self.recipes.clone()))
            .app_data(Data::new(self.ai.analyst.clone()))
            .app_data(Data::new(self.conversions.clone()))
            .app_data(Data::new(self.prompts.clone()))
            .app_data(Data::new(self.deeplinks.clone()))
            .app_data(Data::new(self.ai.models.clone()))
            .app_data(Data::new(self.ai.desk.clone()))
            .app_data(Data::new(self.ai.usage.clone()))
            .app_data(Data::new(self.ai.generator.clone()))
            .app_data(Data::new(self.ai.search.clone()))
            .app_data(Data::new(self.ai.pictures.clone()))
            .app_data(Data::new(self.settings.clone()))
            .app_data(Data::new(self.live.clone()))
            .app_data(Data::new(self.idempotency.clone()))
            .app_data(Data::new(self.metrics.clone()))
            .app_data(Data::new(self.health.clone()))
            .app_data(Data::new(self.limits.clone()))
            .app_data(Data::new(self.proxies.clone()))
            .app_data(Data::from(Arc::clone(&self.capabilities)));
    }
}
