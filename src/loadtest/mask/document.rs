//! A document for reports: secrets become `***`.
//!
//! What is written as `${env:NAME}` or as a template shows no secret and stays. Masked are literal
//! credentials under `auth`, the headers that carry them, every value whose name says that it is
//! secret, and credentials inside URLs.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

use super::named::{IN_URL, is_secret, pattern};
use crate::loadtest::{place::Path, secret::MASK};

/// What is left of a value that shows nothing itself: `Bearer ${env:TOKEN}`.
static FILLED_IN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?i)(bearer|basic|token|digest)?\s*(\$\{env:\w+\}|\{\{[^{}]*\}\}|[\s:])+$"));
/// `name=value` and `"name": "value"` inside a text.
static IN_TEXT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)((?:[\w-]*(?:passw|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|credential)[\w-]*)(?:=|"\s*:\s*"))([^&\s"<>{}$]+)"#,
    )
});

/// The document with its secrets masked.
pub(in crate::loadtest) fn masked(document: &Value) -> Value {
    let mut value = document.clone();
    walk(&mut value);
    value
}

/// The places of the secrets in a document: what would be masked, but for names of users.
#[must_use]
pub fn secrets(document: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    differences(document, &masked(document), &Path::root(), &mut found);
    found.retain(|path| !path.as_str().ends_with("auth.basic.username"));
    found
}

fn differences(before: &Value, after: &Value, path: &Path, found: &mut Vec<Path>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for ((key, before), after) in before.iter().zip(after.values()) {
                differences(before, after, &path.key(key), found);
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                differences(before, after, &path.index(index), found);
            }
        }
        _ if before != after => found.push(path.clone()),
        _ => {}
    }
}

fn walk(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match key.as_str() {
                    "auth" => hide_all(value),
                    "variables" | "headers" | "query" | "json" | "form" => by_name(value),
                    // The keys of the document's own that look secret hold no secret.
                    _ => walk(value),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(walk),
        Value::String(text) => hide_inside(text),
        _ => {}
    }
}

/// Masks what users have named.
fn by_name(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if is_secret(key) { hide_all(value) } else { by_name(value) }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(by_name),
        Value::String(text) => hide_inside(text),
        _ => {}
    }
}

fn hide_all(value: &mut Value) {
    match value {
        Value::Object(map) => map.values_mut().for_each(hide_all),
        Value::Array(list) => list.iter_mut().for_each(hide_all),
        Value::String(text) if text.is_empty() || FILLED_IN.is_match(text) => {}
        Value::Null | Value::Bool(_) => {}
        other => *other = Value::from(MASK),
    }
}

fn hide_inside(text: &mut String) {
    let without = IN_URL.replace_all(text, format!("://{MASK}@"));
    let without = match IN_TEXT.replace_all(&without, format!("${{1}}{MASK}")) {
        Cow::Borrowed(_) => without,
        Cow::Owned(owned) => Cow::Owned(owned),
    };
    if let Cow::Owned(without) = without {
        *text = without;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn hides_literals_and_keeps_references() {
        let document = json!({
            "variables": { "token": "${env:SHOP_TOKEN}", "api_key": "k-1", "qty": 3, "pin_secret": 99 },
            "target": { "hosts": ["http://u:p@h"], "headers": { "Cookie": "sid=1", "Authorization": "Bearer ${env:T}" } },
            "scenarios": [{ "transactions": [{ "requests": [{
                "path": "/x?api_key=abc&page=1",
                "headers": { "X-Api-Key": "abc", "Accept": "text/html" },
                "auth": { "basic": { "username": "ada", "password": "{{ password }}" } },
                "body": { "json": { "user": "ada", "password": "abc", "nested": [{ "accessToken": "abc" }] } },
                "extract": [{ "name": "token", "from": "json", "path": "$.token" }]
            }, { "path": "/y", "body": { "text": "{\"password\": \"abc\"}" }, "auth": { "bearer": "abc" } }] }] }]
        });
        insta::assert_yaml_snapshot!(masked(&document));
        assert!(!masked(&document).to_string().contains("abc"));
        let places = secrets(&document);
        insta::assert_snapshot!(places.iter().map(Path::as_str).collect::<Vec<_>>().join("\n"));
    }
}
