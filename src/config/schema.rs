//! The configuration's JSON schema, and where in it a key is described.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Config;

/// The schema as it is checked in as `config.schema.json`.
#[must_use]
pub fn schema_json() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    generator.into_root_schema_for::<Config>().to_value()
}

/// The schema without references, so that it can be walked key by key.
pub(super) fn inlined() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<Config>().to_value()
}

/// The part of the schema that describes `path`.
pub(super) fn at<'a, S: AsRef<str>>(schema: &'a Value, path: &[S]) -> Option<&'a Value> {
    path.iter().try_fold(schema, |part, key| match key.as_ref().parse::<usize>() {
        Ok(_) => part.get("items"),
        Err(_) => part.get("properties")?.get(key.as_ref()),
    })
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
