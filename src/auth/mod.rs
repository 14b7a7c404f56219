//! Who asks, and what they may do.
//!
//! Until there are identities, whoever connects from this machine is the development principal; see
//! `extract`. A handler names its permission in its argument: [`Authorized`].

mod extract;
pub mod oidc;
mod permission;
mod principal;

pub use self::{
    extract::Authorized,
    permission::{MaidAdmin, MaidRead, MaidWrite, Permission},
    principal::{DEFAULT_TENANT, Principal, PrincipalKind, Scope},
};
