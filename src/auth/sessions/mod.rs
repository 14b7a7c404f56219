//! Sessions: begun by signing in, prolonged by refresh tokens or a browser's cookie, ended.
//!
//! A refresh token is good once. Whoever shows one that was used already may have stolen it, or may
//! have been stolen from; nobody can tell, so the whole session ends.

mod dto;
mod record;
mod routes;
mod service;
mod store;

pub use self::{
    dto::{LoggedIn, Login},
    record::{SessionKind, SessionRow},
    routes::routes,
    service::{Sessions, SignedIn, Tokens},
};
