//! Documents of others as values: JSON and YAML, bounded in depth and size.

mod lean;
mod yaml;

use serde::de::DeserializeSeed;
use serde_json::Value;

use self::lean::Lean;
use super::error::ImportError;

/// Most values of a document, aliases expanded.
const MAX_NODES: usize = 1_500_000;
/// Deepest nesting of a document.
const MAX_DEPTH: usize = 120;

/// Reads a description without its prose: JSON where the text looks like it, else YAML.
pub(super) fn description(text: &str, name: &str) -> Result<Value, ImportError> {
    if !text.trim_start().starts_with(['{', '[']) {
        return yaml::value(text, name);
    }
    bounded(text, name)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Lean { data: false }.deserialize(&mut reader);
    value.and_then(|value| reader.end().map(|()| value)).map_err(|error| refused(name, &error))
}

/// Reads JSON as a value.
pub(super) fn value(text: &str, name: &str) -> Result<Value, ImportError> {
    bounded(text, name)?;
    json(text, name)
}

/// Reads JSON.
pub(super) fn json<'a, T: serde::Deserialize<'a>>(text: &'a str, name: &str) -> Result<T, ImportError> {
    serde_json::from_str(text).map_err(|error| refused(name, &error))
}

fn refused(name: &str, error: &serde_json::Error) -> ImportError {
    let said = error.to_string();
    let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
    let message = if error.is_data() { what.to_owned() } else { format!("is not valid JSON: {what}") };
    ImportError::on_line(name, error.line(), error.column(), message)
}

/// Refuses JSON of so many values that they would take far more memory than their text.
fn bounded(text: &str, name: &str) -> Result<(), ImportError> {
    let (mut nodes, mut quoted, mut escaped) = (1_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b'{' | b'[' if !quoted => nodes += 1,
            _ => {}
        }
    }
    if nodes > MAX_NODES {
        let message = format!("holds more than {MAX_NODES} values, the most that are imported: split it");
        return Err(ImportError::whole(name, message));
    }
    Ok(())
}
