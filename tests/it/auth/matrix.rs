//! Every route, tried by everybody: the table beside this file says who is let in. A route that is not in
//! it fails the test; `MAID_UPDATE_ACCESS=1` writes it anew, to be looked at before it is committed.

use std::{fmt::Write, path::PathBuf};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use maid::app::openapi;
use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::{PASSWORD, admin, answer, asking, command, key, token, user};
use crate::{
    server::{Home, loadtest, on_each_database, shop},
    support::server::{Maid, wait_for},
    ui,
};

/// Where the table is.
fn table() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/auth/access.md")
}

/// Somebody who tries.
struct Somebody {
    name: &'static str,
    /// What is sent as `Authorization: Bearer`.
    bearer: Option<String>,
    /// Whether it is a user, who can be signed in anew.
    user: Option<&'static str>,
}

#[test]
fn everybody_gets_what_the_table_says() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let everybody = everybody(home, &maid, &admin);
        let things = Things::make(&maid, &admin, &shop.url());
        let mut text = String::from(HEAD);
        let names: Vec<_> = everybody.iter().map(|somebody| somebody.name).collect();
        writeln!(text, "| route | {} |", names.join(" | ")).expect("it is memory");
        writeln!(text, "|---|{}", "---|".repeat(names.len())).expect("it is memory");
        for (method, path) in operations() {
            let cells: Vec<_> = everybody
                .iter()
                .map(|somebody| things.attempt(&maid, &admin, somebody, &method, &path))
                .collect();
            writeln!(text, "| `{method} {path}` | {} |", cells.join(" | ")).expect("it is memory");
        }
        if std::env::var_os("MAID_UPDATE_ACCESS").is_some() {
            std::fs::write(table(), &text).expect("it is written");
        }
        let committed = std::fs::read_to_string(table()).unwrap_or_default();
        let differs = text.lines().zip(committed.lines()).find(|(now, then)| now != then);
        assert!(
            text == committed,
            "not what tests/it/auth/access.md says (MAID_UPDATE_ACCESS=1 writes it anew): {differs:?}"
        );
    });
}

const HEAD: &str = "\
# Who is let in

Every route of the OpenAPI document, tried by everybody with an empty body (`cargo test --test it -- \
auth::matrix`). `in`: let in, whatever the route then said of the body; `401`: not known; `403`: known, and may not; `404`: \
there is no such thing for them. The things that paths name belong to the tenant `default`; `stranger` is the admin of \
another one.

";

/// Methods and paths of all routes, without those that go on for ever or end what others need.
fn operations() -> Vec<(String, String)> {
    let document = openapi::as_json(&openapi::openapi());
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().expect("operations").iter().filter(|(_, of)| of.is_object());
        methods.map(move |(method, _)| (method.to_uppercase(), path.clone()))
    });
    operations.collect()
}

fn everybody(home: &Home, maid: &Maid, admin: &str) -> Vec<Somebody> {
    let of = |name, bearer: String| Somebody { name, bearer: Some(bearer), user: None };
    let user =
        |name: &'static str| Somebody { name, bearer: Some(user(maid, admin, name, name)), user: Some(name) };
    let of_admin = |name: &str, scope: &str| key(maid, admin, &json!({"name": name, "scopes": [scope]})).1;
    let create = ["user", "create", "sam", "--role", "admin", "--tenant", "acme", "--password-stdin"];
    assert_eq!(command(home, &create, PASSWORD).0, 0);
    let revoked = {
        let token = token(maid, "admin", PASSWORD);
        let logout = maid.http.post(format!("{}/api/maid/auth/logout", maid.url)).bearer_auth(&token);
        assert_eq!(logout.send().expect("an answer").status(), 204);
        token
    };
    let mut everybody = vec![Somebody { name: "anonymous", bearer: None, user: None }];
    everybody.extend(["viewer", "operator", "editor"].map(user));
    everybody.push(Somebody { name: "admin", bearer: Some(admin.to_owned()), user: Some("admin") });
    everybody.push(of("key read", of_admin("r", "maid.read")));
    everybody.push(of("key write", of_admin("w", "maid.write")));
    everybody.push(of("key admin", of_admin("a", "maid.admin")));
    everybody.push(Somebody {
        name: "stranger",
        bearer: Some(token(maid, "acme/sam", PASSWORD)),
        user: Some("acme/sam"),
    });
    everybody.push(of("revoked", revoked));
    everybody.push(of("tampered", changed(admin, |_, claims| claims["sub"] = json!(uuid::Uuid::nil()))));
    everybody.push(of("alg none", changed(admin, |head, _| head["alg"] = json!("none"))));
    everybody.push(of("audience", changed(admin, |_, claims| claims["aud"] = json!("another"))));
    everybody.push(of("expired", changed(admin, |_, claims| claims["exp"] = json!(1))));
    everybody
}

/// A token with its head and claims changed; only whoever has the key could sign it.
fn changed(token: &str, change: impl FnOnce(&mut Value, &mut Value)) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let read = |part: &str| -> Value {
        serde_json::from_slice(&BASE64.decode(part).expect("base 64")).expect("JSON")
    };
    let (mut head, mut claims) = (read(parts[0]), read(parts[1]));
    change(&mut head, &mut claims);
    let write = |part: &Value| BASE64.encode(part.to_string());
    let signature = if head["alg"] == "none" { "" } else { parts[2] };
    format!("{}.{}.{signature}", write(&head), write(&claims))
}

/// What paths name.
struct Things {
    run: String,
    recipe: String,
    prompt: String,
    deeplink: String,
    user: String,
    shop: String,
}

impl Things {
    fn make(maid: &Maid, admin: &str, shop: &str) -> Self {
        let (_, me) = answer(maid.get("/auth/me").bearer_auth(admin));
        let this = Self {
            run: String::new(),
            recipe: recipe(maid, admin),
            prompt: prompt(maid, admin),
            deeplink: deeplink(maid, admin),
            user: me["id"].as_str().expect("an id").to_owned(),
            shop: shop.to_owned(),
        };
        Self { run: this.run(maid, admin), ..this }
    }

    /// A run that is over.
    fn run(&self, maid: &Maid, admin: &str) -> String {
        let mut test = loadtest(&self.shop, 1, "10m");
        test["load"] = json!({"users": 1, "iterations": 1});
        let run = wait_for("the place is free", || {
            let (status, run) = answer(maid.post("/run", &json!({"loadtest": test})).bearer_auth(admin));
            (status == 202).then_some(run)
        });
        let id = run["run_id"].as_str().expect("an id").to_owned();
        wait_for("the run is over", || {
            let (_, run) = answer(maid.get(&format!("/runs/{id}")).bearer_auth(admin));
            (run["status"] == "completed").then_some(())
        });
        id
    }

    /// What comes of it when somebody tries a route.
    fn attempt(&self, maid: &Maid, admin: &str, who: &Somebody, method: &str, path: &str) -> &'static str {
        // Whoever takes a thing away takes one that nobody else needs.
        let id = match (method, path) {
            ("DELETE", "/api/maid/runs/{id}") => self.run(maid, admin),
            (_, "/api/maid/keys/{id}") => key(maid, admin, &json!({"name": "k", "scopes": ["maid.read"]})).0,
            ("DELETE", "/api/maid/recipes/{id}") => recipe(maid, admin),
            (_, path) if path.contains("/recipes/") => self.recipe.clone(),
            ("DELETE", "/api/maid/prompts/{id}") => prompt(maid, admin),
            (_, path) if path.contains("/prompts/") => self.prompt.clone(),
            ("DELETE", "/api/maid/deeplinks/{id}") => deeplink(maid, admin),
            (_, path) if path.contains("/deeplinks/") => self.deeplink.clone(),
            (_, path) if path.contains("/users/") => self.user.clone(),
            _ => self.run.clone(),
        };
        if path == "/api/maid/presets/{name}" {
            preset(maid, admin);
        }
        let file = match path {
            "/maid/run/{file}" => "page.css".to_owned(),
            "/plugins/maid/assets/{file}" => ui::file(maid),
            _ => "swagger-ui.css".to_owned(),
        };
        let path = path.replace("{id}", &id).replace("{format}", "json").replace("{file}", &file);
        let path = path.replace("{page}", "results").replace("{thing}", &id);
        let path = path.replace("{name}", "nightly");
        let path = path.replace("{provider}", "none").replace("{version}", "1").replace("{token}", "none");
        let path = if path.ends_with("/diff") { format!("{path}?from=1") } else { path };
        let path = if path.ends_with("/search") { format!("{path}?q=a") } else { path };
        let path = if path.ends_with("/compare") { format!("{path}?a={id}&b={id}") } else { path };
        let bearer = match who.user {
            // Whoever leaves comes back as somebody else.
            Some(name) if path.ends_with("/logout") => Some(token(maid, name, PASSWORD)),
            _ => who.bearer.clone(),
        };
        let status = sent(&maid.http, method, &format!("{}{path}", maid.url), bearer.as_deref());
        match status {
            401 => "401",
            403 => "403",
            404 => "404",
            status if status >= 500 => panic!("{method} {path} as {}: {status}", who.name),
            _ => "in",
        }
    }
}

/// A recipe of the admin's.
fn recipe(maid: &Maid, admin: &str) -> String {
    let new = json!({"title": "A recipe", "summary": "Of the table.", "category": "api", "loadtest": {
        "version": 1, "name": "A test", "target": {"hosts": ["http://127.0.0.1:9"]}, "load": {"users": 1, "iterations": 1},
        "scenarios": [{"name": "s", "transactions": [{"name": "t", "requests": [{"path": "/"}]}]}]}});
    let (status, body) = answer(maid.post("/recipes", &new).bearer_auth(admin));
    assert_eq!(status, 201, "{body}");
    body["id"].as_str().expect("an id").to_owned()
}

/// A deeplink of the admin's.
fn deeplink(maid: &Maid, admin: &str) -> String {
    let (status, body) = answer(maid.post("/deeplinks", &json!({"recipe_id": "smoke"})).bearer_auth(admin));
    assert_eq!(status, 201, "{body}");
    body["id"].as_str().expect("an id").to_owned()
}

/// The preset `nightly`, unless it is there.
fn preset(maid: &Maid, admin: &str) {
    let new = json!({"name": "nightly", "recipe_id": "smoke"});
    let (status, body) = answer(maid.post("/presets", &new).bearer_auth(admin));
    assert!(matches!(status, 201 | 409), "{body}");
}

/// A prompt of the admin's that the tenant may read.
fn prompt(maid: &Maid, admin: &str) -> String {
    let new = json!({"title": "A prompt", "category": "describe", "text": "Describe a load test."});
    let (status, body) = answer(maid.post("/prompts", &new).bearer_auth(admin));
    assert_eq!(status, 201, "{body}");
    let id = body["id"].as_str().expect("an id").to_owned();
    let share = maid.post(&format!("/prompts/{id}/share"), &json!({"visibility": "tenant"}));
    assert_eq!(answer(share.bearer_auth(admin)).0, 200);
    id
}

fn sent(http: &Client, method: &str, url: &str, bearer: Option<&str>) -> u16 {
    let request: RequestBuilder = http.request(method.parse().expect("a method"), url);
    let request = match method {
        "POST" | "PUT" | "PATCH" => request.json(&json!({})),
        _ => request,
    };
    let request = match bearer {
        Some(bearer) => request.bearer_auth(bearer),
        None => request,
    };
    request.send().expect("an answer").status().as_u16()
}
