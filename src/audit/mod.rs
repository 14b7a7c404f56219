//! The audit log: who did what, when and from where, so that nobody can change it unseen.
//!
//! An [`Event`] is what happened. Appended, it is an entry of a chain (`chain`) that is sealed with a
//! key which is not in the database (`key`). `writer` appends, many at once; `verify` finds the first
//! place where the chain was broken; `export` gives it to others. `docs/security.md` says what that
//! proves, and what it does not.

pub mod chain;
mod dto;
mod error;
pub mod event;
mod export;
mod key;
pub mod reading;
mod routes;
mod service;
mod store;
mod verify;
mod writer;

pub use self::{
    dto::AuditEntry,
    error::AuditError,
    event::{Action, Event, Outcome},
    export::Export,
    key::{AuditKey, key},
    routes::routes,
    service::Audit,
    verify::{Verdict, Witness},
};
