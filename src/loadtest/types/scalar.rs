//! Texts that may be written without quotes: `page: 1` and `http_version: 2` mean what they say.

use std::borrow::Cow;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::{Number, Value};

use super::HttpVersion;

/// What the schema says about a text that may be a number or boolean too.
pub(super) struct Scalar;

impl JsonSchema for Scalar {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}

fn text(value: Value) -> Result<String, &'static str> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        _ => Err("must be text, a number or a boolean"),
    }
}

/// Reads a mapping whose values are texts, numbers or booleans.
pub(super) fn texts<'de, D: Deserializer<'de>>(d: D) -> Result<IndexMap<String, String>, D::Error> {
    let written = IndexMap::<String, Value>::deserialize(d)?;
    written.into_iter().map(|(key, value)| Ok((key, text(value).map_err(D::Error::custom)?))).collect()
}

/// Reads a mapping as [`texts`] does, where there is one.
pub(super) fn some_texts<'de, D: Deserializer<'de>>(
    d: D,
) -> Result<Option<IndexMap<String, String>>, D::Error> {
    #[derive(Deserialize)]
    struct Texts(#[serde(deserialize_with = "texts")] IndexMap<String, String>);
    Ok(Option::<Texts>::deserialize(d)?.map(|texts| texts.0))
}

const VERSIONS: [(&str, HttpVersion); 3] =
    [("auto", HttpVersion::Auto), ("1.1", HttpVersion::Http1), ("2", HttpVersion::Http2)];

impl<'de> Deserialize<'de> for HttpVersion {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let written = text(Value::deserialize(d)?).map_err(D::Error::custom)?;
        let found = VERSIONS.iter().find(|(name, _)| *name == written).map(|(_, version)| *version);
        found.ok_or_else(|| D::Error::custom("must be `auto`, `1.1` or `2`"))
    }
}

impl Serialize for HttpVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Auto => "auto",
            Self::Http1 => "1.1",
            Self::Http2 => "2",
        })
    }
}

/// Lets the choices of a schema that look like numbers be written as numbers.
pub(super) fn numbers_too(schema: &mut Schema) {
    let branches = schema.get_mut("oneOf").and_then(Value::as_array_mut);
    for branch in branches.into_iter().flatten().filter_map(Value::as_object_mut) {
        let name = branch.get("const").and_then(Value::as_str).map(str::to_owned);
        if let Some((name, number)) = name.and_then(|name| Some((name.clone(), name.parse::<Number>().ok()?)))
        {
            branch.shift_remove("const");
            branch.shift_remove("type");
            branch.shift_insert(
                0,
                "enum".to_owned(),
                Value::from(vec![Value::from(name), Value::from(number)]),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn versions_are_read_with_and_without_quotes() {
        for (written, version) in [
            (json!("auto"), HttpVersion::Auto),
            (json!(1.1), HttpVersion::Http1),
            (json!("2"), HttpVersion::Http2),
            (json!(2), HttpVersion::Http2),
        ] {
            assert_eq!(serde_json::from_value::<HttpVersion>(written).ok(), Some(version));
        }
        assert!(serde_json::from_value::<HttpVersion>(json!(3)).is_err());
        assert_eq!(serde_json::to_value(HttpVersion::Http1).ok(), Some(json!("1.1")));
    }
}
