//! What `POST /export` takes and answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use utoipa::ToSchema;

use super::{ExportError, Exported, File};
use crate::{convert::LeftOut, http::schema::LoadTestInput, recipes, runs::document_of};

/// What to export, and to what: exactly one of `loadtest` and `recipe_id`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"loadtest": "version: 1\nname: Shop\n", "format": "k6"}))]
pub struct ExportRequest {
    /// The LoadTest as an object, or as YAML or JSON text: problems of a text have lines.
    #[serde(default)]
    #[schema(value_type = Option<LoadTestInput>)]
    pub loadtest: Option<Box<RawValue>>,
    /// A recipe of the library.
    #[serde(default)]
    #[schema(example = "checkout")]
    pub recipe_id: Option<String>,
    /// Values of the recipe's parameters. Secrets are no part of the export: it reads them from its environment.
    #[serde(default)]
    pub parameters: Option<BTreeMap<String, Value>>,
    /// k6, locust, goose, curl, postman, yaml or json.
    #[schema(example = "k6", pattern = "^(k6|locust|goose|curl|postman|yaml|json)$")]
    pub format: String,
}

/// What is exported.
#[derive(Debug)]
pub(super) enum Source {
    /// A LoadTest, as text.
    Document(String),
    /// A recipe, with values.
    Recipe(recipes::Wanted),
}

impl ExportRequest {
    /// What is to be exported, and the name of the form.
    ///
    /// # Errors
    /// Not exactly one of the two is given, or values without a recipe.
    pub(super) fn into_source(self) -> Result<(Source, String), ExportError> {
        let asked = |path, message| ExportError::Request { path, message };
        if self.parameters.is_some() && self.recipe_id.is_none() {
            let message = "are those of a recipe: give `recipe_id` too, or leave them out";
            return Err(asked("parameters", message));
        }
        let parameters = self.parameters.unwrap_or_default().into_iter().collect();
        let source = match (self.loadtest, self.recipe_id) {
            (Some(loadtest), None) => Source::Document(document_of(&loadtest)),
            (None, Some(id)) => Source::Recipe(recipes::Wanted { id, parameters }),
            (None, None) => return Err(asked("loadtest", "is missing: give `loadtest` or `recipe_id`")),
            (Some(_), Some(_)) => {
                return Err(asked("loadtest", "give exactly one of `loadtest` and `recipe_id`"));
            }
        };
        Ok((source, self.format))
    }
}

/// What was exported.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "files": [{"name": "shop.js", "media_type": "text/javascript", "text": "import http from 'k6/http';\n"}],
    "left_out": [{"place": "load.measure", "message": "k6 judges the whole run, ramps included"}]
}))]
pub struct ExportAnswer {
    /// Files, the one to run first; the others belong beside it.
    pub files: Vec<ExportedFile>,
    /// What could not be carried over, item by item.
    pub left_out: Vec<LeftOut>,
}

/// A file of an export.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ExportedFile {
    /// Name, without a folder.
    #[schema(example = "shop.js")]
    pub name: String,
    /// Media type.
    #[schema(example = "text/javascript")]
    pub media_type: String,
    /// Contents.
    pub text: String,
}

impl From<Exported> for ExportAnswer {
    fn from(exported: Exported) -> Self {
        let file =
            |File { name, media_type, text }| ExportedFile { name, media_type: media_type.to_owned(), text };
        Self { files: exported.files.into_iter().map(file).collect(), left_out: exported.left_out }
    }
}
