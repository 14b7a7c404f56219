//! Signing in with an OpenID provider: the authorization code flow with PKCE.
//!
//! `service` begins a sign-in and finishes it; `flow` is what is kept between the two, in a sealed cookie of
//! the browser; `provider` is the other side: discovery, keys, tokens, claims. Who the person is in MAID, and
//! their session, is up to whoever implements [`SignIn`].

mod dto;
mod error;
mod flow;
mod provider;
mod routes;
mod service;

pub use self::{
    dto::{ListedProvider, Returned, SignInProviders},
    error::{OidcError, SetupError},
    routes::{OidcSite, SignIn, Visit, routes},
    service::{Begun, Oidc, PATIENCE, SignedIn},
};
