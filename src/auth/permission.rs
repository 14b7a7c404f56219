//! Permissions as types, so that a handler's argument names what it needs.

use super::principal::{DEFAULT_TENANT, Principal, PrincipalKind, Scope};

/// What a handler needs of whoever calls it.
pub trait Permission: 'static {
    /// What it takes, in words that go on "this needs".
    const NEEDS: &'static str;

    /// Whether `principal` has it.
    #[must_use]
    fn granted(principal: &Principal) -> bool;
}

/// Be known, whatever one may do.
#[derive(Clone, Copy, Debug)]
pub enum Anybody {}

/// Be a person, not a key: for what a leaked key must not be able to do.
#[derive(Clone, Copy, Debug)]
pub enum Person {}

/// See runs, results and settings.
#[derive(Clone, Copy, Debug)]
pub enum MaidRead {}

/// Start, stop and delete runs.
#[derive(Clone, Copy, Debug)]
pub enum MaidWrite {}

/// Write recipes and prompts.
#[derive(Clone, Copy, Debug)]
pub enum MaidRecipes {}

/// Administer what belongs to the tenant.
#[derive(Clone, Copy, Debug)]
pub enum MaidAdmin {}

/// Drain and restart: what all tenants of a server share.
#[derive(Clone, Copy, Debug)]
pub enum ServerAdmin {}

/// Change settings: they say which files and variables a test may read, and who is asked who they are.
#[derive(Clone, Copy, Debug)]
pub enum SettingsAdmin {}

/// Make and change users: an admin, and a person.
#[derive(Clone, Copy, Debug)]
pub enum UserAdmin {}

impl Permission for Anybody {
    const NEEDS: &'static str = "somebody who is known";

    fn granted(_: &Principal) -> bool {
        true
    }
}

impl Permission for Person {
    const NEEDS: &'static str = "a user who has signed in; an API key will not do";

    fn granted(principal: &Principal) -> bool {
        principal.kind != PrincipalKind::ApiKey
    }
}

impl Permission for MaidRead {
    const NEEDS: &'static str = "the scope maid.read";

    fn granted(principal: &Principal) -> bool {
        principal.may(Scope::Read)
    }
}

impl Permission for MaidWrite {
    const NEEDS: &'static str = "the scope maid.write";

    fn granted(principal: &Principal) -> bool {
        principal.may(Scope::Write)
    }
}

impl Permission for MaidRecipes {
    const NEEDS: &'static str = "the scope maid.recipes";

    fn granted(principal: &Principal) -> bool {
        principal.may(Scope::Recipes)
    }
}

impl Permission for MaidAdmin {
    const NEEDS: &'static str = "the scope maid.admin";

    fn granted(principal: &Principal) -> bool {
        principal.may(Scope::Admin)
    }
}

impl Permission for ServerAdmin {
    const NEEDS: &'static str = "the scope maid.admin in the tenant `default`";

    fn granted(principal: &Principal) -> bool {
        principal.may(Scope::Admin) && principal.tenant_id == DEFAULT_TENANT
    }
}

impl Permission for SettingsAdmin {
    const NEEDS: &'static str = "an admin of the tenant `default` who has signed in; an API key will not do";

    fn granted(principal: &Principal) -> bool {
        Person::granted(principal) && ServerAdmin::granted(principal)
    }
}

impl Permission for UserAdmin {
    const NEEDS: &'static str = "an admin who has signed in; an API key will not do";

    fn granted(principal: &Principal) -> bool {
        Person::granted(principal) && MaidAdmin::granted(principal)
    }
}
