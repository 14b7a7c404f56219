//! Documents of others as values: JSON and YAML, bounded in depth and size.

mod yaml;

use serde_json::Value;

use super::error::ImportError;

/// Most values of a document, aliases expanded.
const MAX_NODES: usize = 3_000_000;
/// Deepest nesting of a document.
const MAX_DEPTH: usize = 120;

/// Reads JSON where the text looks like it, else YAML.
pub(super) fn value(text: &str, name: &str) -> Result<Value, ImportError> {
    if text.trim_start().starts_with(['{', '[']) { json(text, name) } else { yaml::value(text, name) }
}

/// Reads JSON.
pub(super) fn json<'a, T: serde::Deserialize<'a>>(text: &'a str, name: &str) -> Result<T, ImportError> {
    serde_json::from_str(text).map_err(|error| {
        let said = error.to_string();
        let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
        let message = if error.is_data() { what.to_owned() } else { format!("is not valid JSON: {what}") };
        ImportError::on_line(name, error.line(), error.column(), message)
    })
}
