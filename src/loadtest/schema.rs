//! The JSON schema of the LoadTest document, for editors, forms and validation.

use serde_json::{Map, Value};

use super::types::LoadTest;

/// The schema, generated from the types. `schema/loadtest.json` is a copy of it that a test holds
/// fresh.
#[must_use]
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(LoadTest).to_value();
    polish(&mut schema);
    schema
}

/// Gives every property a title for forms, and every description one line.
fn polish(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            if let Some(Value::Object(properties)) = map.get_mut("properties") {
                for (name, property) in properties {
                    if let Value::Object(property) = property {
                        add_title(name, property);
                    }
                }
            }
            map.values_mut().for_each(polish);
        }
        Value::Array(list) => list.iter_mut().for_each(polish),
        _ => {}
    }
}

/// `run_time` is shown as `Run time`.
fn add_title(name: &str, property: &mut Map<String, Value>) {
    let words = name.replace('_', " ");
    let mut title = words[..1].to_uppercase();
    title.push_str(&words[1..]);
    for (word, written) in
        [("Tls", "TLS"), ("Http ", "HTTP "), ("Json", "JSON"), ("Graphql", "GraphQL"), ("Ca ", "CA ")]
    {
        title = title.replace(word, written);
    }
    property.entry("title").or_insert(Value::String(title));
}
