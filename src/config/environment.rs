//! The environment layer: `MAID__SECTION__KEY`, two underscores before each level.
//!
//! The schema says what a value is, not its looks: `MAID__LOAD__MAX_USERS=500` is a number because
//! the key wants one, and a text key keeps `500` as text. A list is a JSON array or is split at
//! commas; an empty value is an empty list.

use std::ffi::OsString;

use serde_json::{Map, Value};

use super::{check::unknown_key, error::Problem, layers::Layer, origin::Origin, schema};

const PREFIX: &str = "MAID__";

/// Reads the variables that begin with `MAID__`, sorted by name, each as a configuration with one
/// key in it; others are none of our business.
pub(super) fn read(
    variables: impl Iterator<Item = (OsString, OsString)>,
    schema: &Value,
) -> (Vec<Layer>, Vec<Problem>) {
    let mut ours: Vec<(String, OsString)> = variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, _)| name.starts_with(PREFIX))
        .collect();
    ours.sort();
    let (mut settings, mut problems) = (Vec::new(), Vec::new());
    for (name, value) in ours {
        let read = setting(&name, value, schema);
        let origin = Origin::Environment(name);
        match read {
            Ok(value) => settings.push(Layer { origin, value }),
            Err((path, message)) => problems.push(Problem { origin, path, message }),
        }
    }
    (settings, problems)
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
    Ok(nested(path.iter().map(String::as_str), value))
}

/// A configuration with the one key that `path` leads to.
pub(super) fn nested<'a>(path: impl DoubleEndedIterator<Item = &'a str>, value: Value) -> Value {
    path.rev().fold(value, |inner, key| Value::Object(Map::from_iter([(key.to_owned(), inner)])))
}

/// `text` as the type that the schema wants; what does not parse stays text for the check to refuse.
fn parsed(text: &str, part: &Value) -> Result<Value, String> {
    let trimmed = text.trim();
    match part.get("type").and_then(Value::as_str) {
        Some("object") if schema::is_map(part) => {
            if trimmed.starts_with('{') {
                serde_json::from_str(trimmed)
                    .map_err(|error| format!("is not a JSON object ({error}); write name=value,name=value"))
            } else {
                pairs(trimmed)
            }
        }
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

/// `name=value,name=value`, as other programs take their headers. No value is repeated: it may be secret.
fn pairs(text: &str) -> Result<Value, String> {
    let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).enumerate();
    let pair = |(at, entry): (usize, &str)| match entry.split_once('=') {
        Some((name, value)) => Ok((name.trim().to_owned(), Value::from(value.trim()))),
        None => Err(format!("has no `=` in entry {}; write name=value,name=value", at + 1)),
    };
    entries.map(pair).collect::<Result<Map<_, _>, _>>().map(Value::Object)
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
    fn maps_are_json_or_pairs() {
        let part = serde_json::json!({"type": "object", "additionalProperties": {"type": "string"}});
        let both = serde_json::json!({"a": "1=2", "b": ""});
        assert_eq!(parsed("a=1=2, b=", &part), Ok(both.clone()));
        assert_eq!(parsed(&both.to_string(), &part), Ok(both));
        let told = parsed("a=1,hunter2", &part).expect_err("no pair");
        assert!(told.contains("entry 2") && !told.contains("hunter2"), "{told}");
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
