//! The configuration's JSON schema, and where in it a key is described.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::{
    Config,
    key::{Change, KEYS},
};

/// The schema as it is checked in as `config.schema.json`. A key whose change takes a restart has
/// `x-restart: true`.
#[must_use]
pub fn schema_json() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    with_restarts(generator.into_root_schema_for::<Config>().to_value())
}

/// The schema without references, so that it can be walked key by key.
pub(super) fn inlined() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    with_restarts(settings.into_generator().into_root_schema_for::<Config>().to_value())
}

fn with_restarts(mut schema: Value) -> Value {
    for (key, change) in KEYS {
        let part = place(&schema, key).and_then(|pointer| schema.pointer_mut(&pointer));
        if let Some(part) = part.and_then(Value::as_object_mut).filter(|_| *change != Change::Live) {
            part.insert("x-restart".to_owned(), true.into());
        }
    }
    schema
}

/// Pointer to what describes `key`, through references.
fn place(schema: &Value, key: &str) -> Option<String> {
    key.split('.').try_fold(String::new(), |at, step| {
        let section = match schema.pointer(&at)?.get("$ref").and_then(Value::as_str) {
            Some(reference) => reference.trim_start_matches('#').to_owned(),
            None => at,
        };
        let inner = format!("{section}/properties/{step}");
        schema.pointer(&inner).map(|_| inner)
    })
}

/// The part of the schema that describes `path`.
pub(super) fn at<'a, S: AsRef<str>>(schema: &'a Value, path: &[S]) -> Option<&'a Value> {
    path.iter().try_fold(schema, |part, key| match key.as_ref().parse::<usize>() {
        Ok(_) if part.get("items").is_some() => part.get("items"),
        _ => part
            .get("properties")
            .and_then(|keys| keys.get(key.as_ref()))
            .or_else(|| part.get("additionalProperties").filter(|entry| entry.is_object())),
    })
}

/// Whether `part` describes texts under names of the user's choice.
pub(super) fn is_map(part: &Value) -> bool {
    part.get("additionalProperties").is_some_and(Value::is_object)
}

/// Keys that an object may have.
pub(super) fn keys(part: &Value) -> impl Iterator<Item = &str> {
    part.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str())
}

/// Words that a choice may be.
pub(super) fn choices(part: &Value) -> Vec<&str> {
    let described = part.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let plain = part.get("enum").and_then(Value::as_array).into_iter().flatten();
    described.filter_map(|choice| choice.get("const")).chain(plain).filter_map(Value::as_str).collect()
}
