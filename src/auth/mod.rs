//! Who asks, and what they may do.
//!
//! `authenticate` finds out who sent a request by what it shows (`shown`): an access token
//! (`signing`), an API key or a cookie (`opaque`). `users`, `sessions` and `keys` are what is kept of them;
//! `service` is all of it behind one name. A handler names its permission in its argument: [`Authorized`].

pub mod allowance;
mod authenticate;
mod clock;
mod context;
mod error;
mod extract;
pub mod keys;
mod known;
pub mod oidc;
pub mod opaque;
mod password;
mod permission;
mod principal;
mod role;
mod sealed;
pub mod secret;
mod service;
pub mod sessions;
mod shown;
mod signing;
pub mod users;
mod vouched;

use utoipa_actix_web::service_config::ServiceConfig;

pub use self::{
    authenticate::authenticate,
    error::AuthError,
    extract::Authorized,
    permission::{
        Anybody, MaidAdmin, MaidRead, MaidRecipes, MaidWrite, Permission, Person, ServerAdmin, SettingsAdmin,
        UserAdmin,
    },
    principal::{Credential, DEFAULT_TENANT, Principal, PrincipalKind, Scope},
    role::Role,
    service::Auth,
    signing::SigningError,
    vouched::Vouched,
};

/// Registers the routes of signing in; users and keys have theirs.
pub fn routes(config: &mut ServiceConfig<'_>) {
    sessions::routes(config);
    oidc::routes(config);
}
