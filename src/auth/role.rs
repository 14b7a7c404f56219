//! Roles: what users are, and what they may do by it.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::principal::Scope;

/// What a user is. Each may do what the one before may.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    JsonSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees runs, results and settings.
    Viewer,
    /// Starts and stops runs.
    Operator,
    /// Writes recipes.
    Editor,
    /// May do everything.
    Admin,
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Operator, Self::Editor, Self::Admin];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    /// The role of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// What it may do.
    #[must_use]
    pub fn scopes(self) -> BTreeSet<Scope> {
        let scopes: &[Scope] = match self {
            Self::Viewer => &[Scope::Read],
            Self::Operator => &[Scope::Read, Scope::Write],
            Self::Editor => &[Scope::Read, Scope::Write, Scope::Recipes],
            Self::Admin => &[Scope::Read, Scope::Write, Scope::Recipes, Scope::Extensions, Scope::Admin],
        };
        scopes.iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_may_do_what_the_one_before_may() {
        for pair in Role::ALL.windows(2) {
            assert!(pair[0].scopes().is_subset(&pair[1].scopes()), "{pair:?}");
            assert!(pair[0].scopes().len() < pair[1].scopes().len(), "{pair:?}");
        }
    }

    #[test]
    fn names_come_back() {
        assert!(Role::ALL.into_iter().all(|role| Role::from_name(role.name()) == Some(role)));
        assert_eq!(Role::from_name("root"), None);
    }
}
