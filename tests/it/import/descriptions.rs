//! Descriptions of real APIs: what is made of them is what they ask for.

use std::path::PathBuf;

use jsonschema::Validator;
use maid::{
    convert::import::{Format, Imported, Options},
    loadtest::types::{LoadTest, Request},
};
use serde_json::{Value, json};

use super::{fixture, imported};

fn requests(loadtest: &LoadTest) -> impl Iterator<Item = &Request> {
    loadtest.scenarios.iter().flat_map(|scenario| &scenario.transactions).flat_map(|of| &of.requests)
}

/// A validator of what a description says about a part of itself.
fn validator(root: &Value, schema: &Value) -> Validator {
    let mut whole = json!({"allOf": [schema], "components": root["components"]});
    nullable(&mut whole);
    jsonschema::validator_for(&whole).expect("a schema")
}

/// What `OpenAPI` 3.0 says otherwise than JSON Schema does.
fn nullable(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(nullable),
        Value::Object(map) => {
            for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
                match map.get(exclusive) {
                    Some(Value::Bool(true)) => {
                        let bound = map.remove(bound).unwrap_or_default();
                        map.insert(exclusive.to_owned(), bound);
                    }
                    Some(Value::Bool(false)) => drop(map.remove(exclusive)),
                    _ => {}
                }
            }
            map.values_mut().for_each(nullable);
            if map.get("nullable") == Some(&Value::Bool(true)) {
                let inner = Value::Object(std::mem::take(map));
                map.insert("anyOf".to_owned(), json!([{"type": "null"}, inner]));
            }
        }
        _ => {}
    }
}

/// Every JSON body that was made is one that the description takes; how many there are.
fn bodies_are_right(root: &Value, made: &Imported) -> usize {
    let mut count = 0;
    for request in requests(&made.loadtest) {
        let Some(body) = request.body.as_ref().and_then(|body| body.json.as_ref()) else { continue };
        let (method, path) =
            request.name.as_deref().and_then(|name| name.split_once(' ')).expect("method and path");
        let operation = &root["paths"][path][method.to_ascii_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{method} {path}");
        let wrong: Vec<String> = validator(root, schema)
            .iter_errors(body)
            .map(|wrong| format!("{}: {wrong}", wrong.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{method} {path}: {body} {wrong:?}");
        count += 1;
    }
    count
}

#[test]
fn bodies_of_the_library_are_right() {
    let text = String::from_utf8(fixture("library.yaml")).expect("a text");
    let root =
        maid::loadtest::parse::parse(&text.replace("200:", "\"200\":").replace("204:", "\"204\":"), "a.yaml");
    let root = root.expect("a document").value().clone();
    let made = imported(Format::OpenApi, &text, &Options::default()).expect("a test");
    assert_eq!(bodies_are_right(&root, &made), 1);
}

#[test]
fn the_description_of_maid_itself_is_imported_whole() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema/openapi.json");
    let text = std::fs::read_to_string(file).expect("a file");
    let root: Value = serde_json::from_str(&text).expect("JSON");
    let options =
        Options { hosts: vec!["http://127.0.0.1:43121".to_owned()], all: true, ..Options::default() };
    let made = imported(Format::OpenApi, &text, &options).expect("a test");
    let operations: usize = root["paths"]
        .as_object()
        .expect("paths")
        .values()
        .map(|item| item.as_object().map_or(0, |item| item.values().filter(|of| of.is_object()).count()))
        .sum();
    assert_eq!(
        (made.found, made.requests - made.loadtest.scenarios[0].on_start.len()),
        (operations, operations),
        "{:?}",
        made.left_out
    );
    assert!(bodies_are_right(&root, &made) > 10);
    // Runs are looked up by the ids that the history lists.
    let shown =
        requests(&made.loadtest).find(|request| request.name.as_deref() == Some("GET /api/maid/keys/{id}"));
    assert!(shown.is_some_and(|request| request.path.contains("{{ ")), "{shown:?}");
}
