//! Prompts as they are stored: what is in their rows, in words of this module.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::document::{Prompt, PromptCategory};

/// Who may read a prompt, besides its owner and the admins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PromptVisibility)]
pub enum Visibility {
    /// Nobody.
    Private,
    /// Everybody of the tenant.
    Tenant,
    /// Everybody of the tenant, and whoever has its link.
    Public,
}

impl Visibility {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Tenant => "tenant",
            Self::Public => "public",
        }
    }

    /// The visibility of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Private, Self::Tenant, Self::Public].into_iter().find(|one| one.name() == name)
    }
}

/// What a prompt was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The other prompt; a built-in one has a key for it.
    pub id: Uuid,
    /// Which version of it.
    pub version: u64,
}

/// What lists show of a prompt.
#[derive(Clone, Debug)]
pub struct ListedRow {
    /// Id.
    pub id: Uuid,
    /// Whose it is.
    pub owner: String,
    /// What people call it.
    pub title: String,
    /// What it does.
    pub description: String,
    /// What it is for.
    pub category: PromptCategory,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Who may read it.
    pub visibility: Visibility,
    /// What it was made from.
    pub fork: Option<Fork>,
    /// Number of its newest version, from 1.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A prompt as it is now.
#[derive(Clone, Debug)]
pub struct PromptRow {
    /// What lists show of it.
    pub listed: ListedRow,
    /// What is written.
    pub prompt: Prompt,
    /// Keyed hash of its link.
    pub link_hash: Option<Vec<u8>>,
}

/// What lists show of a version.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PromptVersion)]
pub struct VersionRow {
    /// Its number, from 1.
    pub version: u64,
    /// Who wrote it.
    pub author: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The earlier version that it brought back.
    pub restored_from: Option<u64>,
}

/// What is written when a prompt is changed.
#[derive(Clone, Debug)]
pub struct Change {
    /// Who changes it.
    pub author: String,
    /// When.
    pub at: Timestamp,
    /// The earlier version that it brings back.
    pub restored_from: Option<u64>,
    /// What is written.
    pub prompt: Prompt,
}

/// Whoever looks, as far as it decides what they see.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Their tenant.
    pub tenant: String,
    /// What owns what they make.
    pub id: String,
    /// Whether they see all of the tenant.
    pub admin: bool,
}
