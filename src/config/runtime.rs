//! The runtime layer as the API takes and shows it: without secrets.

use serde_json::{Map, Value};

use super::{
    error::Problem,
    key::{Change, KEYS},
    layers::at,
    origin::Origin,
};
use crate::loadtest::secret::MASK;

/// Largest runtime layer that is taken, in bytes, well below the largest file that is read.
const LARGEST: usize = 512 << 10;

/// What may not be set over the API though it would be a valid layer.
#[must_use]
pub fn refused_over_api(runtime: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut refuse = |path: &str, message: String| {
        problems.push(Problem { origin: Origin::Default, path: path.to_owned(), message });
    };
    for key in secrets().filter(|key| at(runtime, key).is_some()) {
        let variable = key.replace('.', "__").to_uppercase();
        refuse(
            key,
            format!("is a secret, which is not set here: set it in config.json or by MAID__{variable}"),
        );
    }
    for path in masks(runtime, String::new()) {
        let secret = secrets().any(|key| path == key || path.starts_with(&format!("{key}.")));
        if !secret {
            refuse(&path, format!("`{MASK}` stands for a value that is not shown; leave the key out"));
        }
    }
    if runtime.to_string().len() > LARGEST {
        refuse("", format!("is larger than {} KiB: this is not a configuration of MAID", LARGEST >> 10));
    }
    problems
}

/// `runtime` with the secrets that `in_file` holds: nobody can send them, so nobody can mean to drop
/// them.
#[must_use]
pub fn with_secrets_of(mut runtime: Value, in_file: Option<&Value>) -> Value {
    for key in secrets() {
        if let Some(secret) = in_file.and_then(|layer| at(layer, key)) {
            put(&mut runtime, key, secret.clone());
        }
    }
    runtime
}

/// `runtime` without its secrets.
#[must_use]
pub fn without_secrets(mut runtime: Value) -> Value {
    for key in secrets() {
        let (section, name) = key.rsplit_once('.').unwrap_or(("", key));
        let place = runtime.pointer_mut(&format!("/{}", section.replace('.', "/")));
        if let Some(keys) = place.and_then(Value::as_object_mut) {
            keys.shift_remove(name);
        }
    }
    runtime
}

fn secrets() -> impl Iterator<Item = &'static str> {
    KEYS.iter().filter(|(_, change)| *change == Change::Secret).map(|(key, _)| *key)
}

fn put(layer: &mut Value, key: &str, value: Value) {
    let mut place = layer;
    for step in key.split('.') {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[step];
    }
    *place = value;
}

/// Places of texts that are a mask.
fn masks(value: &Value, path: String) -> Vec<String> {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::String(text) if text == MASK => vec![path],
        Value::Array(entries) => {
            entries.iter().enumerate().flat_map(|(at, entry)| masks(entry, below(&at.to_string()))).collect()
        }
        Value::Object(keys) => keys.iter().flat_map(|(key, value)| masks(value, below(key))).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_and_masks_are_refused_each_once() {
        let told: Vec<String> = refused_over_api(&json!({
            "database": {"url": "***"},
            "telemetry": {"otlp": {"headers": {"authorization": "***"}, "service_name": "***"}},
            "load": {"targets": {"allow": ["a", "***"]}},
            "auth": {"oidc": [{"client_secret": "***"}]},
        }))
        .iter()
        .map(|problem| problem.path.clone())
        .collect();
        assert_eq!(
            told,
            [
                "auth.oidc",
                "database.url",
                "telemetry.otlp.headers",
                "telemetry.otlp.service_name",
                "load.targets.allow.1"
            ]
        );
        assert_eq!(refused_over_api(&json!({"load": {"max_users": 1}})), []);
        assert_eq!(refused_over_api(&json!({"server": {"data_dir": "x".repeat(1 << 20)}})).len(), 1);
    }

    #[test]
    fn secrets_stay_where_nobody_sees_them() {
        let in_file = json!({"telemetry": {"otlp": {"headers": {"a": "hunter2"}, "sample": 0.5}}, "database": {"url": "u"}});
        let shown = without_secrets(in_file.clone());
        assert_eq!(shown, json!({"telemetry": {"otlp": {"sample": 0.5}}, "database": {}}));
        assert_eq!(with_secrets_of(shown, Some(&in_file)), in_file);
        assert_eq!(
            with_secrets_of(json!({}), Some(&json!({"database": {"url": "u"}}))),
            json!({"database": {"url": "u"}})
        );
        assert_eq!(with_secrets_of(json!({}), None), json!({}));
    }
}
