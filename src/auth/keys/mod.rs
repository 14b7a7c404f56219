//! API keys: what programs come in with. Made by users, shown once, bounded, revoked at once.

mod dto;
mod record;
mod routes;
mod service;
mod store;

pub use self::{
    dto::{KeyView, NewKey},
    record::KeyRow,
    routes::routes,
    service::{Keys, MadeKey},
};
