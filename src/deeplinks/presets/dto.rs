//! Presets on the wire.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use utoipa::ToSchema;

use crate::{
    deeplinks::{
        dto::What,
        link::Content,
        record::{ContentKind, PresetLine, PresetRow},
    },
    http::schema::LoadTestInput,
};

/// What a preset is to say: exactly one of `loadtest` and `recipe_id`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"recipe_id": "smoke", "parameters": {"host": "http://127.0.0.1:43180"}}))]
pub struct PresetBody {
    /// What it is for.
    #[schema(max_length = 1000)]
    pub description: String,
    /// A LoadTest, as an object, or as YAML or JSON text. It holds no secrets.
    #[schema(value_type = Option<LoadTestInput>)]
    pub loadtest: Option<Box<RawValue>>,
    /// A recipe of the library.
    pub recipe_id: Option<String>,
    /// Values of some of the recipe's parameters, none of them a secret.
    pub parameters: Option<BTreeMap<String, Value>>,
}

impl PresetBody {
    /// What it is to lead to.
    pub fn what(&mut self) -> What {
        What {
            loadtest: self.loadtest.take(),
            recipe_id: self.recipe_id.take(),
            parameters: self.parameters.take(),
            preset: None,
        }
    }
}

/// A preset that is to be made: exactly one of `loadtest` and `recipe_id`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "nightly", "recipe_id": "smoke", "parameters": {"host": "http://127.0.0.1:43180"}
}))]
pub struct NewPreset {
    /// Name: small letters, digits and `-`.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,63}$", example = "nightly")]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub description: String,
    /// A LoadTest, as an object, or as YAML or JSON text. It holds no secrets.
    #[serde(default)]
    #[schema(value_type = Option<LoadTestInput>)]
    pub loadtest: Option<Box<RawValue>>,
    /// A recipe of the library.
    #[serde(default)]
    pub recipe_id: Option<String>,
    /// Values of some of the recipe's parameters, none of them a secret.
    #[serde(default)]
    pub parameters: Option<BTreeMap<String, Value>>,
}

impl NewPreset {
    /// Its name, and what it is to say.
    pub fn parts(self) -> (String, PresetBody) {
        let Self { name, description, loadtest, recipe_id, parameters } = self;
        (name, PresetBody { description, loadtest, recipe_id, parameters })
    }
}

/// A preset, as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresetItem {
    /// Name.
    #[schema(example = "nightly")]
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it leads to.
    pub kind: ContentKind,
    /// Id of the user who has made it.
    pub owner: String,
    /// Counts its changes.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was made, RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A preset.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresetView {
    /// As lists show it.
    #[serde(flatten)]
    pub item: PresetItem,
    /// What it leads to: an object with one of `loadtest` and `recipe`.
    #[schema(value_type = Object)]
    pub content: Content,
}

/// A preset that was made or changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresetStored {
    /// Name.
    #[schema(example = "nightly")]
    pub name: String,
    /// Counts its changes.
    #[schema(example = 1)]
    pub version: i64,
}

impl From<PresetLine> for PresetItem {
    fn from(line: PresetLine) -> Self {
        let PresetLine { name, owner, kind, version, created_at, updated_at, description } = line;
        Self { name, description, kind, owner, version, created_at, updated_at }
    }
}

impl From<PresetRow> for PresetView {
    fn from(row: PresetRow) -> Self {
        Self { item: row.line.into(), content: row.content }
    }
}
