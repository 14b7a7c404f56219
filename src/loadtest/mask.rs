//! A document for reports: secrets become `***`.
//!
//! What is written as `${env:NAME}` or as a template shows no secret and stays. Masked are literal
//! credentials under `auth`, the headers that carry them, every value whose name says that it is
//! secret, and credentials inside URLs.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

pub(crate) use super::secret::MASK;

/// Names of values that are secret.
static SECRET_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)pass(word|wd|phrase)?$|pwd|passw|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key|(^|[-_])auth(orization|entication)?($|[-_])|^(set-)?cookie$|session[-_]?id|signature|jwt|bearer",
    )
});
/// What is left of a value that shows nothing itself: `Bearer ${env:TOKEN}`.
static FILLED_IN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?i)(bearer|basic|token|digest)?\s*(\$\{env:\w+\}|\{\{[^{}]*\}\}|[\s:])+$"));
static IN_URL: LazyLock<Regex> = LazyLock::new(|| pattern(r"://[^/\s@?#{}$]+@"));
/// `name=value` and `"name": "value"` inside a text.
static IN_TEXT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)((?:[\w-]*(?:passw|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|credential)[\w-]*)(?:=|"\s*:\s*"))([^&\s"<>{}$]+)"#,
    )
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern that the tests compile")
}

/// The document with its secrets masked.
pub(super) fn masked(document: &Value) -> Value {
    let mut value = document.clone();
    walk(&mut value);
    value
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
                if SECRET_NAME.is_match(key) { hide_all(value) } else { by_name(value) }
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
    if let Cow::Owned(without) = self::text(text) {
        *text = without;
    }
}

/// A text without credentials in URLs, `name=value` and `"name": "value"`.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    let without = IN_URL.replace_all(text, format!("://{MASK}@"));
    match IN_TEXT.replace_all(&without, format!("${{1}}{MASK}")) {
        Cow::Borrowed(_) => without,
        Cow::Owned(owned) => Cow::Owned(owned),
    }
}

/// Whether a value of this name is secret.
pub(crate) fn is_secret(name: &str) -> bool {
    SECRET_NAME.is_match(name)
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
    }
}
