//! What is kept of links and presets, as plain values.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::link::Content;

/// What a link or a preset leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeeplinkKind)]
pub enum ContentKind {
    /// A LoadTest.
    Loadtest,
    /// A recipe with values.
    Recipe,
    /// A preset.
    Preset,
}

impl ContentKind {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loadtest => "loadtest",
            Self::Recipe => "recipe",
            Self::Preset => "preset",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Loadtest, Self::Recipe, Self::Preset].into_iter().find(|kind| kind.name() == name)
    }
}

impl From<&Content> for ContentKind {
    fn from(content: &Content) -> Self {
        match content {
            Content::Loadtest(_) => Self::Loadtest,
            Content::Recipe { .. } => Self::Recipe,
            Content::Preset(_) => Self::Preset,
        }
    }
}

/// Whether a link can be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeeplinkState)]
pub enum State {
    /// It can.
    Open,
    /// Its time is over.
    Expired,
    /// Somebody has made it invalid.
    Revoked,
    /// As many runs have started from it as may.
    Used,
}

/// A link without what it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Id.
    pub id: String,
    /// Who has made it.
    pub owner: String,
    /// What people call it.
    pub title: String,
    /// What it leads to.
    pub kind: ContentKind,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its time is over.
    pub expires_at: Timestamp,
    /// When it was made invalid.
    pub revoked_at: Option<Timestamp>,
    /// How many runs may start from it.
    pub max_uses: Option<u64>,
    /// How many have.
    pub uses: u64,
}

impl Line {
    /// Whether it can be followed at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> State {
        if self.revoked_at.is_some() {
            State::Revoked
        } else if self.expires_at <= now {
            State::Expired
        } else if self.uses_left() == Some(0) {
            State::Used
        } else {
            State::Open
        }
    }

    /// How many runs may still start from it, where they are counted.
    #[must_use]
    pub fn uses_left(&self) -> Option<u64> {
        self.max_uses.map(|most| most.saturating_sub(self.uses))
    }
}

/// A link.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkRow {
    /// What lists show of it.
    pub line: Line,
    /// The tenant that it belongs to.
    pub tenant_id: String,
    /// The API key that it was made with.
    pub api_key_id: Option<Uuid>,
    /// What it leads to.
    pub content: Content,
}

/// A preset without what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresetLine {
    /// Name.
    pub name: String,
    /// Who has made it.
    pub owner: String,
    /// What it leads to.
    pub kind: ContentKind,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// What it is for.
    pub description: String,
}

/// A preset.
#[derive(Clone, Debug, PartialEq)]
pub struct PresetRow {
    /// What lists show of it.
    pub line: PresetLine,
    /// What it leads to: never another preset.
    pub content: Content,
}
