//! An example for every JSON body of the OpenAPI document: the one that a route or a type gives, else
//! one that is put together from those of its parts.

use serde_json::{Map, Value, json};

/// How many references are followed one after another: enough for every body, and an end for what
/// holds itself.
const DEEPEST: usize = 6;

/// An id where a type gives none.
const ID: &str = "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a";

/// A point in time where a type gives none.
const AT: &str = "2026-01-31T12:00:00.000Z";

/// Gives each JSON body of `document` that has no example one.
pub(super) fn complete(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut);
    for operation in items.flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
        for (part, value) in operation {
            match part.as_str() {
                "requestBody" => complete_body(value, &schemas),
                "responses" => {
                    let responses = value.as_object_mut().into_iter().flat_map(Map::values_mut);
                    responses.for_each(|response| complete_body(response, &schemas));
                }
                _ => {}
            }
        }
    }
}

fn complete_body(body: &mut Value, schemas: &Value) {
    let content = body.get_mut("content").and_then(Value::as_object_mut);
    for (_, media) in content.into_iter().flatten().filter(|(kind, _)| kind.ends_with("json")) {
        let given = ["example", "examples"].iter().any(|key| media.get(key).is_some());
        if let Some(schema) = media.get("schema").filter(|_| !given) {
            media["example"] = example(schema, schemas, DEEPEST);
        }
    }
}

/// An example of what `schema` describes.
fn example(schema: &Value, schemas: &Value, deep: usize) -> Value {
    let part = |schema: &Value| example(schema, schemas, deep);
    if let Some(name) = schema["$ref"].as_str().and_then(|to| to.rsplit('/').next()) {
        return deep.checked_sub(1).map_or(Value::Null, |deep| example(&schemas[name], schemas, deep));
    }
    let given = [
        &schema["example"],
        &schema["examples"][0],
        &schema["const"],
        &schema["enum"][0],
        &schema["default"],
    ];
    if let Some(given) = given.into_iter().find(|given| !given.is_null()) {
        return given.clone();
    }
    if let Some(all) = schema["allOf"].as_array() {
        let parts = all.iter().map(part).filter_map(|part| part.as_object().cloned());
        return parts.flatten().collect::<Map<_, _>>().into();
    }
    let choice = ["oneOf", "anyOf"].iter().find_map(|key| schema[key].as_array());
    if let Some(choice) = choice {
        return choice.iter().find(|one| one["type"] != "null").map_or(Value::Null, part);
    }
    of_type(schema, part)
}

/// An example of a plain type, whose parts `part` makes.
fn of_type(schema: &Value, part: impl Fn(&Value) -> Value) -> Value {
    let format = schema["format"].as_str().unwrap_or_default();
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect::<Vec<_>>(),
    };
    match types.iter().find(|one| **one != "null").copied() {
        Some("string") if format == "uuid" => json!(ID),
        Some("string") if format == "date-time" => json!(AT),
        // What may be left out and says nothing of itself is shown left out.
        Some("string" | "integer" | "number" | "boolean") if types.contains(&"null") => Value::Null,
        Some("string") => json!("text"),
        Some("integer") => json!(schema["minimum"].as_i64().unwrap_or(0)),
        Some("number") => json!(0.0),
        Some("boolean") => json!(true),
        Some("array") => match &schema["items"] {
            Value::Object(_) => json!([part(&schema["items"])]),
            _ => json!([]),
        },
        Some("object") => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            properties.map(|(name, schema)| (name.clone(), part(schema))).collect::<Map<_, _>>().into()
        }
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_put_together_from_its_parts() {
        let mut document = json!({
            "paths": {"/runs": {
                "get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}}},
                "post": {"requestBody": {"content": {"application/json": {"schema": {}, "example": 7}}}, "responses": {}},
            }},
            "components": {"schemas": {
                "Page": {"type": "object", "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Run"}},
                    "next_cursor": {"type": ["string", "null"]},
                }},
                "Run": {"allOf": [
                    {"type": "object", "properties": {
                        "run_id": {"type": "string", "format": "uuid"},
                        "name": {"type": "string", "example": "Shop"},
                        "status": {"$ref": "#/components/schemas/Status"},
                        "inner": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Run"}]},
                    }},
                    {"type": "object", "properties": {"users": {"type": "integer", "minimum": 1}}},
                ]},
                "Status": {"type": "string", "enum": ["queued", "running"]},
            }},
        });
        complete(&mut document);
        let example =
            &document["paths"]["/runs"]["get"]["responses"]["200"]["content"]["application/json"]["example"];
        let run = &example["items"][0];
        assert_eq!(example["next_cursor"], Value::Null);
        assert_eq!(
            (&run["run_id"], &run["name"], &run["status"], &run["users"]),
            (&json!(ID), &json!("Shop"), &json!("queued"), &json!(1))
        );
        assert_eq!(run["inner"]["name"], "Shop", "and what holds itself comes to an end");
        assert_eq!(
            document["paths"]["/runs"]["post"]["requestBody"]["content"]["application/json"]["example"],
            7
        );
    }
}
