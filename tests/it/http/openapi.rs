//! The OpenAPI document: fresh, whole, and true about who is let in.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use actix_web::{
    http::Method,
    test::{TestRequest, call_service, init_service},
};
use maid::{
    app::{mount, openapi},
    http::{BodyLimits, Code, Surface},
};
use serde_json::Value;

/// Routes that answer whoever asks. A new one belongs here only if it shows nothing of anybody.
const PUBLIC: [&str; 21] = [
    "/",
    "/api/docs",
    "/api/docs/{file}",
    "/api/maid/auth/login",
    "/api/maid/auth/oidc",
    "/api/maid/auth/oidc/{provider}/callback",
    "/api/maid/auth/oidc/{provider}/login",
    "/api/maid/auth/refresh",
    "/api/maid/auth/register",
    "/api/maid/prompts/shared/{token}",
    "/api/openapi.json",
    "/healthz",
    "/maid/run",
    "/maid/run/{file}",
    "/metrics",
    "/plugins/maid",
    "/plugins/maid/",
    "/plugins/maid/assets/{file}",
    "/plugins/maid/{page}",
    "/plugins/maid/{page}/{thing}",
    "/readyz",
];

/// Routes that begin, prolong and end sessions: to do that twice is not to do a thing twice.
const OF_SESSIONS: &str = "/api/maid/auth/";

fn document() -> Value {
    openapi::as_json(&openapi::openapi())
}

/// Every operation with its method and path.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .expect("operations")
                .iter()
                .map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
        })
        .collect()
}

/// What a reference leads to, and anything else itself.
fn resolved<'a>(document: &'a Value, part: &'a Value) -> &'a Value {
    match part.get("$ref").and_then(Value::as_str) {
        Some(to) => {
            document.pointer(to.trim_start_matches('#')).unwrap_or_else(|| panic!("{to} leads nowhere"))
        }
        None => part,
    }
}

#[test]
fn the_committed_document_is_fresh() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema/openapi.json");
    let generated = format!("{:#}\n", document());
    if std::env::var_os("MAID_UPDATE_SCHEMAS").is_some() {
        std::fs::write(&file, &generated).expect("the document can be written");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == generated,
        "schema/openapi.json is stale: run `maid openapi > schema/openapi.json`, or this test with \
         MAID_UPDATE_SCHEMAS=1"
    );
}

#[test]
fn the_command_line_prints_it() {
    let folder = crate::cli::folder();
    let (code, stdout, _) = crate::cli::told(&folder, &["openapi"]);
    assert_eq!(code, 0);
    assert!(serde_json::from_str::<Value>(&stdout).expect("JSON") == document());
}

#[test]
fn every_operation_says_what_it_is() {
    let document = document();
    let tags: Vec<&str> =
        document["tags"].as_array().expect("tags").iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut ids = BTreeMap::new();
    for (method, path, operation) in operations(&document) {
        let place = format!("{method} {path}");
        assert!(operation["summary"].is_string(), "{place} has no summary: its handler needs a doc comment");
        assert!(
            operation["tags"]
                .as_array()
                .is_some_and(|own| own.iter().all(|tag| tags.contains(&tag.as_str().unwrap()))),
            "{place}"
        );
        let default = resolved(&document, &operation["responses"]["default"]);
        assert!(default["content"]["application/problem+json"].is_object(), "{place} says nothing of errors");
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{place} has no id"));
        if let Some(other) = ids.insert(id.to_owned(), place.clone()) {
            panic!("{place} and {other} have the id {id}: give one of them another `operation_id`");
        }
    }
    assert!(ids.len() >= 3);
}

/// Looking something over changes nothing.
const LOOKS: [&str; 14] = [
    "/validate",
    "/dry-run",
    "/preview",
    "/suggest",
    "/import",
    "/export",
    "/completions",
    "/embeddings",
    "/inference/image",
    "/inference/text",
    "/inference/speech",
    "/v1/analysis",
    "/v1/recipes",
    "/recipe-generator/generate",
];

#[test]
fn every_operation_that_changes_something_takes_a_key() {
    let document = document();
    let mut taking = 0;
    for (method, path, operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let takes = parameters.clone().any(|parameter| parameter["name"] == "Idempotency-Key");
        let looks = LOOKS.iter().any(|look| path.ends_with(look));
        let changes = method != "GET" && !looks && !path.starts_with(OF_SESSIONS);
        assert_eq!(takes, changes, "{method} {path}");
        taking += usize::from(takes);
    }
    assert!(taking >= 10);
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(document: &Value, part: &Value, count: &mut usize) {
        if let Some(Value::String(_)) = part.get("$ref") {
            resolved(document, part);
            *count += 1;
        }
        match part {
            Value::Object(map) => map.values().for_each(|part| walk(document, part, count)),
            Value::Array(list) => list.iter().for_each(|part| walk(document, part, count)),
            _ => {}
        }
    }
    let document = document();
    let mut count = 0;
    walk(&document, &document, &mut count);
    assert!(count > 3);
}

#[test]
fn every_default_is_of_its_type() {
    fn walk(part: &Value, place: &str, wrong: &mut Vec<String>, count: &mut usize) {
        if let (Some(default), true) =
            (part.get("default"), part.get("type").is_some_and(|of| !of.is_object()))
        {
            let own = serde_json::json!({"type": part["type"], "enum": part.get("enum"), "minimum": part.get("minimum")});
            let mut own = own.as_object().expect("an object").clone();
            own.retain(|_, value| !value.is_null());
            *count += 1;
            if !jsonschema::is_valid(&own.into(), default) {
                wrong.push(format!("{place}: {default}"));
            }
        }
        match part {
            Value::Object(map) => {
                map.iter().for_each(|(key, part)| walk(part, &format!("{place}/{key}"), wrong, count));
            }
            Value::Array(list) => list.iter().for_each(|part| walk(part, place, wrong, count)),
            _ => {}
        }
    }
    let (mut wrong, mut count) = (Vec::new(), 0);
    walk(&document(), "", &mut wrong, &mut count);
    assert!(wrong.is_empty() && count > 10, "{count} defaults, of them wrong: {wrong:#?}");
}

#[test]
fn every_json_body_has_an_example_that_is_right() {
    let document = document();
    let mut wrong = Vec::new();
    for (method, path, operation) in operations(&document) {
        let request = operation.get("requestBody").map(|body| ("request".to_owned(), body));
        let responses = operation["responses"].as_object().expect("responses");
        let responses = responses.iter().map(|(status, response)| (status.clone(), response));
        for (part, body) in request.into_iter().chain(responses) {
            let content = resolved(&document, body).get("content").and_then(Value::as_object);
            for (kind, media) in content.into_iter().flatten().filter(|(kind, _)| kind.ends_with("json")) {
                let place = format!("{method} {path}: {part} ({kind})");
                let example =
                    media.get("example").or_else(|| resolved(&document, &media["schema"]).get("example"));
                let Some(example) = example.filter(|example| !example.is_null()) else {
                    wrong.push(format!("{place}: none; `#[schema(example = ...)]` gives one"));
                    continue;
                };
                let mut schema = media["schema"].clone();
                schema["components"] = document["components"].clone();
                let validator =
                    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{place}: {error}"));
                wrong.extend(
                    validator
                        .iter_errors(example)
                        .map(|error| format!("{place}: {}: {error}", error.instance_path())),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "examples that are missing or wrong:\n{}", wrong.join("\n"));
}

#[test]
fn the_document_knows_every_code() {
    let document = document();
    let written: Vec<&str> = document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(written, Code::ALL.iter().map(|code| code.name()).collect::<Vec<_>>());
}

/// The document says which routes ask nobody who they are, and they are the ones that do not.
#[actix_web::test]
async fn only_the_public_routes_answer_a_stranger() {
    let document = document();
    let public: Vec<&str> = document["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .filter(|(_, item)| {
            item.as_object()
                .expect("operations")
                .values()
                .any(|operation| operation["security"] == serde_json::json!([]))
        })
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(public, PUBLIC);

    let surface = Arc::new(Surface::new(&document));
    let app =
        init_service(mount::app(mount::MODULES, &surface, BodyLimits::default(), &Arc::default(), |_| {}))
            .await;
    let parameter = regex::Regex::new(r"\{\w+\}").expect("a pattern");
    for (method, path, _) in operations(&document) {
        let place = format!("{method} {path}");
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let uri = path.replace("{file}", "swagger-ui.css").replace("{format}", "json");
        let uri = parameter.replace_all(&uri, "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a").into_owned();
        let stranger = TestRequest::with_uri(&uri)
            .method(method)
            .peer_addr("10.0.0.7:5000".parse().expect("an address"));
        let answer = call_service(&app, stranger.to_request()).await;
        let refused = answer.status() == 401;
        assert_eq!(
            refused,
            !public.contains(&path.as_str()),
            "{place} answers a stranger {}",
            answer.status()
        );
    }
}

/// The page for people has the same table as the code.
#[test]
fn the_table_of_errors_is_whole() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/api.md");
    let page = std::fs::read_to_string(page).expect("it is there");
    let table = page.split("| code | status | meaning |\n|---|---|---|\n").nth(1).expect("a table");
    let written: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).collect();
    let row = |code: &Code| format!("| `{}` | {} | {} |", code.name(), code.status().as_u16(), code.title());
    assert_eq!(
        written,
        Code::ALL.iter().map(row).collect::<Vec<_>>(),
        "docs/api.md against src/http/code.rs"
    );
}
