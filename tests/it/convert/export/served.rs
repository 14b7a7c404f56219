//! The route that exports.

use serde_json::{Value, json};

use crate::{
    server::on_each_database,
    support::{
        people::{admin, asking, user},
        server::{Maid, answer},
    },
};

/// A recipe with a secret, which reaches a header, a body and a password.
fn recipe() -> Value {
    json!({
        "title": "Search", "summary": "Somebody looks for something.", "category": "api",
        "parameters": [
            {"name": "host", "type": "string", "help": "Where it is.", "required": true, "example": "http://127.0.0.1:1"},
            {"name": "word", "type": "string", "help": "What for.", "default": "lamp"},
            {"name": "users", "type": "integer", "help": "How many.", "default": 2, "max": 50},
            {"name": "key", "type": "secret", "help": "What it wants to see.", "default": "default-secret-7"}
        ],
        "loadtest": {
            "version": 1, "name": "Search", "target": {"hosts": ["${param:host}"]},
            "load": {"users": "${param:users}", "run_time": "1s"},
            "scenarios": [{"name": "s", "transactions": [{"name": "t", "requests": [
                {"name": "search", "path": "/search", "query": {"q": "${param:word}"}, "headers": {"X-Key": "${param:key}"}},
                {"name": "login", "path": "/login", "body": {"json": {"name": "ann", "password": "${param:key}"}}},
                {"name": "me", "path": "/me", "auth": {"basic": {"username": "ann", "password": "${param:key}"}}}
            ]}]}]
        }
    })
}

fn loadtest() -> Value {
    json!({
        "version": 1, "name": "One", "target": {"hosts": ["http://127.0.0.1:9"]}, "load": {"users": 1, "run_time": "1s"},
        "scenarios": [{"name": "s", "transactions": [{"name": "t", "requests": [{"path": "/one"}]}]}]
    })
}

const FORMS: [&str; 7] = ["k6", "locust", "goose", "curl", "postman", "yaml", "json"];

#[test]
fn a_recipe_is_exported_as_every_form_without_its_secrets() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let reader = user(&maid, &admin, "reader", "viewer");
        let (status, made) = answer(maid.post("/recipes", &recipe()).bearer_auth(&admin));
        assert_eq!(status, 201, "{made}");
        let parameters = json!({"host": "http://shop.test:8080", "word": "desk lamp", "users": 7, "key": "given-secret-8"});
        for form in FORMS {
            let body = json!({"recipe_id": made["id"], "parameters": parameters, "format": form});
            let (status, exported) = answer(maid.post("/export", &body).bearer_auth(&reader));
            assert_eq!(status, 200, "{form}: {exported}");
            let whole = exported.to_string();
            assert!(whole.contains("shop.test:8080") && whole.contains("RECIPE_KEY"), "{form}: {whole}");
            assert!(whole.contains("desk"), "{form}: {whole}");
            assert!(!whole.contains("secret-7") && !whole.contains("secret-8"), "{form}: {whole}");
        }
        let built_in = json!({"recipe_id": "smoke", "parameters": {"host": "http://shop.test", "path": "/"}, "format": "k6"});
        assert_eq!(answer(maid.post("/export", &built_in).bearer_auth(&reader)).0, 200);
        assert_eq!(answer(maid.post("/export", &built_in)).0, 401);
    });
}

#[test]
fn what_cannot_be_exported_is_a_problem_with_its_place() {
    on_each_database(|home| {
        let maid = home.start().start();
        let (_, made) = answer(maid.post("/recipes", &recipe()));
        let id = &made["id"];
        let refused = |maid: &Maid, body: Value| {
            let (status, problem) = answer(maid.post("/export", &body));
            let path = problem["errors"][0]["path"].as_str().unwrap_or_default().to_owned();
            (status, problem["code"].as_str().unwrap_or_default().to_owned(), path)
        };
        let wanted = |status: u16, code: &str, path: &str| (status, code.to_owned(), path.to_owned());
        let host = json!({"host": "http://shop.test"});
        for (body, found) in [
            (json!({"loadtest": loadtest(), "format": "jmeter"}), wanted(422, "invalid_body", "format")),
            (
                json!({"recipe_id": id, "parameters": host, "format": "jmeter"}),
                wanted(422, "invalid_body", "format"),
            ),
            (json!({"format": "k6"}), wanted(422, "invalid_body", "loadtest")),
            (
                json!({"loadtest": loadtest(), "recipe_id": id, "format": "k6"}),
                wanted(422, "invalid_body", "loadtest"),
            ),
            (
                json!({"loadtest": loadtest(), "parameters": {}, "format": "k6"}),
                wanted(422, "invalid_body", "parameters"),
            ),
            (json!({"recipe_id": "smok", "format": "k6"}), wanted(404, "not_found", "")),
            (
                json!({"recipe_id": "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a", "format": "k6"}),
                wanted(404, "not_found", ""),
            ),
            (json!({"recipe_id": id, "format": "k6"}), wanted(422, "invalid_recipe", "parameters.host")),
            (
                json!({"recipe_id": id, "parameters": {"host": "http://shop.test", "users": 51}, "format": "k6"}),
                wanted(422, "invalid_recipe", "parameters.users"),
            ),
            (
                json!({"recipe_id": id, "parameters": {"host": "nowhere"}, "format": "k6"}),
                wanted(422, "invalid_loadtest", "target.hosts[0]"),
            ),
            (
                json!({"recipe_id": "db-query", "parameters": host, "format": "k6"}),
                wanted(501, "not_supported", ""),
            ),
        ] {
            assert_eq!(refused(&maid, body.clone()), found, "{body}");
        }
        let (status, exported) =
            answer(maid.post("/export", &json!({"loadtest": loadtest(), "format": "json"})));
        assert_eq!(status, 200, "{exported}");
        assert_eq!(exported["files"][0]["name"], "one.json");
    });
}
