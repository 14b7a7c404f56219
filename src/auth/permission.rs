//! Permissions as types, so that a handler's argument names what it needs.

use super::principal::{Principal, Scope};

/// What a handler needs of whoever calls it.
pub trait Permission: 'static {
    /// The scope that grants it.
    const SCOPE: Scope;

    /// Whether `principal` has it.
    #[must_use]
    fn granted(principal: &Principal) -> bool {
        principal.may(Self::SCOPE)
    }
}

/// See runs, results and settings.
#[derive(Clone, Copy, Debug)]
pub enum MaidRead {}

/// Start, stop and delete runs.
#[derive(Clone, Copy, Debug)]
pub enum MaidWrite {}

/// Change settings, drain and restart.
#[derive(Clone, Copy, Debug)]
pub enum MaidAdmin {}

impl Permission for MaidRead {
    const SCOPE: Scope = Scope::Read;
}

impl Permission for MaidWrite {
    const SCOPE: Scope = Scope::Write;
}

impl Permission for MaidAdmin {
    const SCOPE: Scope = Scope::Admin;
}
