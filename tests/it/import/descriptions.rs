//! Descriptions of real APIs: what is made of them is what they ask for.

use std::{fs, path::PathBuf, process::Command};

use assert_cmd::cargo::CommandCargoExt;
use jsonschema::Validator;
use maid::{
    convert::{
        import::{Format, Imported, Options},
        yaml,
    },
    loadtest::types::{LoadTest, Request},
};
use serde_json::{Value, json};

use tempfile::TempDir;

use super::{fixture, imported, mock::Mock};

fn requests(loadtest: &LoadTest) -> impl Iterator<Item = &Request> {
    loadtest.scenarios.iter().flat_map(|scenario| &scenario.transactions).flat_map(|of| &of.requests)
}

/// What a value stands for.
pub fn resolved<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str().and_then(|reference| root.pointer(reference.trim_start_matches('#'))) {
        Some(target) => resolved(root, target),
        None => value,
    }
}

/// A validator of what a description says about a part of itself.
pub fn validator(root: &Value, schema: &Value) -> Validator {
    let mut whole = json!({"allOf": [schema], "components": root["components"]});
    nullable(&mut whole);
    // What only answers have is required of answers alone.
    read_only(&mut whole);
    jsonschema::validator_for(&whole).expect("a schema")
}

fn read_only(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(read_only),
        Value::Object(map) => {
            let properties = map.get("properties").and_then(Value::as_object);
            let only: Vec<String> = properties
                .into_iter()
                .flatten()
                .filter(|(_, property)| property["readOnly"] == true)
                .map(|(name, _)| name.clone())
                .collect();
            if let Some(required) = map.get_mut("required").and_then(Value::as_array_mut) {
                required.retain(|name| !only.iter().any(|only| name == only));
            }
            map.values_mut().for_each(read_only);
        }
        _ => {}
    }
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
    let known = text.replace("schemas/outside.yaml#/Thing", "#/components/schemas/Genre");
    let known = known.replace("200:", "\"200\":").replace("204:", "\"204\":");
    let root = maid::loadtest::parse::parse(&known, "a.yaml").expect("a document").value().clone();
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

/// Imports a description that a package ships, and runs the test against a mock made from it, as it is.
fn runs_as_it_is(file: &str, base: &str, at_least: usize) {
    let packages = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/descriptions/node_modules");
    let text = fs::read_to_string(packages.join(file))
        .expect("scripts/npm-ci tests/fixtures/descriptions installs it, as make test does");
    let root = match serde_json::from_str(&text) {
        Ok(root) => root,
        Err(_) => maid::loadtest::parse::parse(&quoted_keys(&text), "a.yaml").expect("YAML").value().clone(),
    };
    let mock = Mock::start(&root, base);
    let options = Options { hosts: vec![mock.url.clone()], ..Options::default() };
    let mut made = imported(Format::OpenApi, &text, &options).expect("a test");
    assert!(made.requests >= at_least, "{} {:?}", made.requests, made.left_out);
    // Only so that the test is over soon.
    made.loadtest.scenarios[0].think_time = None;
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("test.yaml"), yaml::write(&made.loadtest)).expect("it is written");
    let mut command = Command::cargo_bin("maid").expect("the program");
    command.args(["run", "test.yaml", "-u", "1", "-t", "6s", "--summary", "json", "-q"]).current_dir(&folder);
    for variable in &made.env {
        command.arg("-e").arg(format!("{}=secret", variable.name));
    }
    let done = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr);
    let summary: Value =
        serde_json::from_slice(&done.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
    assert_eq!(mock.refused(), Vec::<String>::new(), "{said}");
    assert_eq!(summary["failures"], 0, "{summary:#}");
    assert!(mock.seen() >= at_least * 9 / 10, "{} of {}", mock.seen(), made.requests);
}

/// Statuses as keys are numbers, which MAID's own documents do not have.
fn quoted_keys(text: &str) -> String {
    let key = regex::Regex::new(r"(?m)^(\s*)(\d{3}):").expect("a pattern");
    key.replace_all(text, "$1'$2':").into_owned()
}

#[test]
fn the_test_of_figma_runs_as_it_is() {
    runs_as_it_is("@figma/rest-api-spec/openapi/openapi.yaml", "", 20);
}

#[test]
fn the_test_of_readme_runs_as_it_is() {
    runs_as_it_is("@readme/oas-examples/3.1/json/readme.json", "/v2", 40);
}

#[test]
fn the_test_of_star_trek_runs_as_it_is() {
    runs_as_it_is("@readme/oas-examples/3.0/json/star-trek.json", "/api/v1/rest", 40);
}

#[test]
fn the_test_of_train_travel_runs_as_it_is() {
    runs_as_it_is("@readme/oas-examples/3.1/yaml/train-travel.yaml", "", 5);
}

#[test]
fn the_test_of_the_petstore_runs_as_it_is() {
    runs_as_it_is("@readme/oas-examples/3.0/json/petstore.json", "/v2", 10);
}
