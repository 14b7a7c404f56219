//! Forms that no tool runs here: the document itself, and the collection of Postman.

use std::{fs, process::Command};

use maid::loadtest::{parse, types::LoadTest};
use serde_json::Value;

use super::{exported, shop_document, tools};

#[test]
fn yaml_and_json_are_the_same_document() {
    let before = parse::read(&shop_document()).expect("it is read").read::<LoadTest>().expect("a LoadTest");
    for form in ["yaml", "json"] {
        let (_folder, path, said) = exported(&shop_document(), form);
        let after = parse::read(&path).expect("it is read").read::<LoadTest>().expect("a LoadTest");
        assert_eq!(after, before, "{form}");
        assert!(!said.contains("left out"), "{said}");
        let text = fs::read_to_string(&path).expect("text");
        assert!(text.contains("${env:SHOP_PASSWORD}") && !text.contains("round_robin"), "{text}");
    }
}

/// All requests of a collection, with the names of the folders that they are in.
fn items<'a>(item: &'a Value, folders: &str, out: &mut Vec<(String, &'a Value)>) {
    for item in item["item"].as_array().into_iter().flatten() {
        let name = item["name"].as_str().expect("every item has a name");
        let path = format!("{folders}/{name}");
        if item["request"].is_object() {
            out.push((path, item));
        } else {
            items(item, &path, out);
        }
    }
}

#[test]
fn a_collection_has_folders_requests_and_scripts_that_parse() {
    let (folder, path, said) = exported(&shop_document(), "postman");
    let collection: Value = serde_json::from_str(&fs::read_to_string(path).expect("text")).expect("JSON");
    assert_eq!(
        collection["info"]["schema"],
        "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    );
    assert_eq!(collection["variable"][0]["value"], "{{SHOP_URL}}");
    assert!(said.contains("SHOP_PASSWORD") && said.contains("weights are left out"), "{said}");
    let mut found = Vec::new();
    items(&collection, "", &mut found);
    assert_eq!(found.len(), 10);
    let login = found.iter().find(|(path, _)| path == "/buy/login/POST login").expect("it is there").1;
    assert_eq!(login["request"]["body"]["options"]["raw"]["language"], "json");
    assert_eq!(login["request"]["url"]["host"][0], "{{host}}");
    let cart = found.iter().find(|(path, _)| path == "/buy/cart/POST cart").expect("it is there").1;
    assert_eq!(cart["request"]["auth"]["bearer"][0]["value"], "{{token}}");
    let mut scripts = String::new();
    for (path, item) in &found {
        let request = &item["request"];
        assert!(request["method"].is_string() && request["header"].is_array(), "{path}");
        for event in item["event"].as_array().into_iter().flatten() {
            let lines: Vec<&str> =
                event["script"]["exec"].as_array().expect("lines").iter().filter_map(Value::as_str).collect();
            scripts.push_str(&format!("(() => {{\n{}\n}});\n", lines.join("\n")));
        }
    }
    let file = folder.path().join("scripts.js");
    fs::write(&file, scripts).expect("it is written");
    tools::passed(Command::new("node").arg("--check").arg(file));
}
