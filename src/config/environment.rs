//! The environment layer: `MAID__SECTION__KEY`, two underscores before each level.
//!
//! The schema says what a value is, not its looks: `MAID__LOAD__MAX_USERS=500` is a number because
//! the key wants one, and a text key keeps `500` as text. A list is a JSON array or is split at
//! commas; an empty value is an empty list.

use std::ffi::OsString;

use serde_json::{Map, Value};

use super::{check::unknown_key, error::Problem, schema};

const PREFIX: &str = "MAID__";

/// One variable that names a configuration key.
pub(super) struct Setting {
    /// The variable.
    pub(super) origin: String,
    /// A configuration with this one key in it.
    pub(super) value: Value,
}

/// Reads the variables that begin with `MAID__`, sorted by name; others are none of our business.
pub(super) fn read(
    variables: impl Iterator<Item = (OsString, OsString)>,
    schema: &Value,
) -> (Vec<Setting>, Vec<Problem>) {
    let mut ours: Vec<(String, OsString)> = variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, _)| name.starts_with(PREFIX))
        .collect();
    ours.sort();
    let (mut settings, mut problems) = (Vec::new(), Vec::new());
    for (name, value) in ours {
        match setting(&name, value, schema) {
            Ok(value) => settings.push(Setting { origin: origin(&name), value }),
            Err((path, message)) => problems.push(Problem { origin: origin(&name), path, message }),
        }
    }
    (settings, problems)
}

fn origin(name: &str) -> String {
    format!("environment variable {name}")
}

/// Path and message of what is wrong with one variable.
type Refused = (String, String);

fn setting(name: &str, value: OsString, schema: &Value) -> Result<Value, Refused> {
    let path: Vec<String> = name[PREFIX.len()..].split("__").map(str::to_lowercase).collect();
    let dotted = path.join(".");
    let text = value.into_string().map_err(|_| (dotted.clone(), "is not valid UTF-8".to_owned()))?;
    let mut part = schema;
    for (depth, key) in path.iter().enumerate() {
        part = part
            .get("properties")
            .and_then(|properties| properties.get(key))
            .ok_or_else(|| (path[..=depth].join("."), unknown_key(part, key)))?;
    }
    let value = parsed(&text, part).map_err(|message| (dotted, message))?;
    Ok(path.iter().rev().fold(value, |inner, key| Value::Object(Map::from_iter([(key.clone(), inner)]))))
}

/// `text` as the type that the schema wants; what does not parse stays text for the check to refuse.
fn parsed(text: &str, part: &Value) -> Result<Value, String> {
    let trimmed = text.trim();
    match part.get("type").and_then(Value::as_str) {
        Some("object") => Err(format!(
            "is a section: set one of its keys, {}",
            schema::keys(part).collect::<Vec<_>>().join(", ")
        )),
        Some("array") if trimmed.starts_with('[') => serde_json::from_str(trimmed)
            .map_err(|error| format!("is not a JSON list ({error}); write [\"a\",\"b\"] or a,b")),
        Some("array") => Ok(split(trimmed)),
        Some("integer" | "number" | "boolean") => {
            Ok(serde_json::from_str(trimmed).unwrap_or_else(|_| Value::String(text.to_owned())))
        }
        _ => Ok(Value::String(text.to_owned())),
    }
}

fn split(text: &str) -> Value {
    text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(Value::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_variable_is_read_or_refused(name in "[A-Z_]{0,40}", value in any::<String>()) {
            let variables = [(OsString::from(format!("{PREFIX}{name}")), OsString::from(value))];
            let (settings, problems) = read(variables.into_iter(), &schema::inlined());
            prop_assert_eq!(settings.len() + problems.len(), 1);
        }
    }

    #[test]
    fn lists_are_json_or_commas() {
        assert_eq!(split(" a , b,"), serde_json::json!(["a", "b"]));
        assert_eq!(
            parsed(r#"["a,b"]"#, &serde_json::json!({"type": "array"})),
            Ok(serde_json::json!(["a,b"]))
        );
    }
}
