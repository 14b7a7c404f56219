//! Whoever is authenticated.

use std::{collections::BTreeSet, net::IpAddr, sync::Arc};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::allowance::Allowance;

/// The tenant that everything belongs to where there is only one.
pub const DEFAULT_TENANT: &str = "default";

/// What a principal may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub enum Scope {
    /// See runs, results and settings.
    #[serde(rename = "maid.read", alias = "read:loadtests")]
    Read,
    /// Start, stop and delete runs.
    #[serde(rename = "maid.write", alias = "write:loadtests")]
    Write,
    /// Write recipes.
    #[serde(rename = "maid.recipes")]
    Recipes,
    /// Install and switch extensions.
    #[serde(rename = "maid.extensions")]
    Extensions,
    /// Change settings, users and everything else.
    #[serde(rename = "maid.admin")]
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Read, Self::Write, Self::Recipes, Self::Extensions, Self::Admin];

    /// The scope of this name, or of the one that roles elsewhere have for it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "read:loadtests" => Some(Self::Read),
            "write:loadtests" => Some(Self::Write),
            name => Self::ALL.into_iter().find(|scope| scope.name() == name),
        }
    }

    /// The scope as it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "maid.read",
            Self::Write => "maid.write",
            Self::Recipes => "maid.recipes",
            Self::Extensions => "maid.extensions",
            Self::Admin => "maid.admin",
        }
    }
}

/// What kind of principal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    /// Whoever works on this machine, where nobody is asked who they are.
    Development,
    /// The command line, working on the database itself.
    Local,
    /// A user, who has signed in.
    User,
    /// An API key.
    ApiKey,
    /// Nobody who is known.
    Anonymous,
}

impl PrincipalKind {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Local => "local",
            Self::User => "user",
            Self::ApiKey => "api_key",
            Self::Anonymous => "anonymous",
        }
    }
}

/// What a principal has shown for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// Nothing: it is where it is.
    Place,
    /// A token or cookie of this session.
    Session(Uuid),
    /// This API key.
    Key(Uuid),
}

/// Whoever is authenticated, and what they may do.
#[derive(Clone, Debug, PartialEq)]
pub struct Principal {
    /// What owns the things that it makes: for an API key, the user whose it is.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What kind of principal it is.
    pub kind: PrincipalKind,
    /// The tenant that it belongs to, and sees.
    pub tenant_id: String,
    /// What it may do.
    pub scopes: BTreeSet<Scope>,
    /// What it has shown for itself.
    pub credential: Credential,
    /// How much it may ask for.
    pub allowance: Arc<Allowance>,
    /// The address that it asks from; none for what does not come over the network.
    pub address: Option<IpAddr>,
}

impl Principal {
    /// Whoever works on this machine: may do everything.
    #[must_use]
    pub fn development() -> Self {
        Self::of_this_machine("dev", "development", PrincipalKind::Development)
    }

    /// The command line of this machine: may do everything.
    #[must_use]
    pub fn local() -> Self {
        Self::of_this_machine("cli", "command line", PrincipalKind::Local)
    }

    fn of_this_machine(id: &str, name: &str, kind: PrincipalKind) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            kind,
            tenant_id: DEFAULT_TENANT.to_owned(),
            scopes: BTreeSet::from(Scope::ALL),
            credential: Credential::Place,
            allowance: Arc::default(),
            address: None,
        }
    }

    /// Whether it may do what `scope` allows. An admin may do everything.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) || self.scopes.contains(&Scope::Admin)
    }

    /// Whether it may change what `owner` has made.
    #[must_use]
    pub fn owns(&self, owner: &str) -> bool {
        self.id == owner || self.may(Scope::Admin)
    }

    /// Who acts, for records: the key itself, not its owner.
    #[must_use]
    pub fn actor(&self) -> String {
        match self.credential {
            Credential::Key(id) => id.to_string(),
            Credential::Session(_) | Credential::Place => self.id.clone(),
        }
    }

    /// The API key that it came with.
    #[must_use]
    pub fn key_id(&self) -> Option<Uuid> {
        match self.credential {
            Credential::Key(id) => Some(id),
            Credential::Session(_) | Credential::Place => None,
        }
    }
}
