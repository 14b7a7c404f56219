//! The generated schema and its committed copy.

use std::path::PathBuf;

use maid::loadtest::{parse::read, schema::schema};

use super::{context, fixtures};

#[test]
fn the_committed_schema_is_fresh() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema/loadtest.json");
    let generated = serde_json::to_string_pretty(&schema()).expect("json") + "\n";
    if std::env::var_os("MAID_UPDATE_SCHEMAS").is_some() {
        std::fs::create_dir_all(file.parent().expect("a directory")).expect("schema/ can be made");
        std::fs::write(&file, &generated).expect("the schema can be written");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == generated,
        "schema/loadtest.json is stale: run `maid schema loadtest > schema/loadtest.json`, or this test with \
         MAID_UPDATE_SCHEMAS=1"
    );
}

#[test]
fn every_property_says_what_it_is() {
    fn walk(value: &serde_json::Value, path: &str, bare: &mut Vec<String>) {
        if let Some(properties) = value.get("properties").and_then(|value| value.as_object()) {
            for (name, property) in properties {
                if property.get("description").is_none() || property.get("title").is_none() {
                    bare.push(format!("{path}/{name}"));
                }
            }
        }
        for (key, value) in value.as_object().into_iter().flatten() {
            walk(value, &format!("{path}/{key}"), bare);
        }
    }
    let mut bare = Vec::new();
    walk(&schema(), "", &mut bare);
    assert!(bare.is_empty(), "without title or description: {bare:?}");
}

#[test]
fn the_schema_takes_what_validation_takes() {
    let schema = jsonschema::validator_for(&schema()).expect("a schema");
    for file in ["shop.yaml", "arrival.json"] {
        let document = read(&fixtures().join(file)).expect("well-formed");
        assert!(schema.is_valid(document.value()), "{file}");
        document.validate(&context()).expect(file);
    }
}
