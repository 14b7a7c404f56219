//! What `POST /export` takes and answers.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{Exported, File};
use crate::{convert::LeftOut, http::schema::LoadTestInput};

/// What to export, and to what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"loadtest": "version: 1\nname: Shop\n", "format": "k6"}))]
pub struct ExportRequest {
    /// The LoadTest as an object, or as YAML or JSON text: problems of a text have lines.
    #[schema(value_type = LoadTestInput)]
    pub loadtest: Box<RawValue>,
    /// k6, locust, goose, curl, postman, yaml or json.
    #[schema(example = "k6", pattern = "^(k6|locust|goose|curl|postman|yaml|json)$")]
    pub format: String,
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
