//! Links that are made: what they look like, what they lead to, and what may not stand in one.

use maid::demo::Shop;
use serde_json::{Value, json};

use super::{made, open, runs, short, text};
use crate::{
    server::on_each_database,
    support::{
        people::{admin, asking, command, token, until_audited, user},
        server::{Maid, answer},
    },
};

fn refused(maid: &Maid, token: &str, new: &Value) -> (u16, Value) {
    let (status, body) = answer(maid.post("/deeplinks", new).bearer_auth(token));
    assert!(status >= 400, "{body}");
    (status, body)
}

/// Paths of the fields that are wrong.
fn places(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("errors: {problem}"));
    errors.iter().map(|error| error["path"].as_str().expect("a path")).collect()
}

#[test]
fn a_link_shows_all_that_would_run_and_starts_nothing() {
    let shop = Shop::start(([127, 0, 0, 1], 0).into()).expect("the shop starts");
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let (olga, vera) = (user(&maid, &admin, "olga", "operator"), user(&maid, &admin, "vera", "viewer"));
        let test = short(&shop.url());
        let link = made(&maid, &olga, &json!({"loadtest": test, "title": "Front page", "max_uses": 3}));
        let (url, id) = (text(&link, "url"), text(&link, "id"));
        assert!(url.starts_with(&format!("{}/maid/run?config=", maid.url)), "{url}");
        assert!(url.contains("&expires=") && url.contains(&format!("&link={id}&sig=")), "{url}");
        assert_eq!(text(&link, "short_url"), format!("{}/maid/run?link={id}", maid.url));
        let short_maid = text(&link, "maid_url").strip_prefix("maid://").expect("it begins with it");
        assert!(text(&link, "short_url").ends_with(short_maid));

        for (who, may_run) in [(&olga, true), (&vera, false), (&admin, true)] {
            for way in [url, text(&link, "short_url"), id] {
                let (status, seen) = open(&maid, who, way);
                assert_eq!(status, 200, "{seen}");
                assert_eq!(seen["loadtest"], test);
                assert_eq!(
                    (&seen["title"], &seen["kind"], &seen["may_run"], &seen["uses_left"]),
                    (&json!("Front page"), &json!("loadtest"), &json!(may_run), &json!(3))
                );
                assert_eq!(seen["summary"]["targets"], json!([shop.url()]));
                assert_eq!((&seen["summary"]["users"], &seen["owner_name"]), (&json!(1), &json!("olga")));
                assert!(text(&seen, "yaml").contains("iterations: 1"));
                assert_eq!(seen["missing"], json!([]));
            }
        }
        assert_eq!(answer(maid.get(&format!("/deeplinks/open?link={id}"))).0, 401, "nobody looks unseen");
        assert_eq!(runs(&maid, &admin), 0, "looking starts nothing");

        let (_, list) = answer(maid.get("/deeplinks").bearer_auth(&vera));
        assert_eq!((&list["items"][0]["id"], &list["items"][0]["state"]), (&json!(id), &json!("open")));
        let (_, shown) = answer(maid.get(&format!("/deeplinks/{id}")).bearer_auth(&vera));
        assert_eq!(shown["content"], json!({"loadtest": test}));
        let by_vera = json!({"loadtest": test});
        assert_eq!(refused(&maid, &vera, &by_vera).0, 403, "who may start nothing makes no links");
        let entries = until_audited(&maid, &admin, "deeplink.create", 1);
        assert_eq!(entries[0]["target"], json!(id));
    });
}

#[test]
fn a_recipe_is_filled_in_by_the_link_and_by_whoever_follows_it() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let (status, stored) = answer(maid.post("/recipes", &recipe()).bearer_auth(&admin));
        assert_eq!(status, 201, "{stored}");
        let id = text(&stored, "id");
        let new = json!({"recipe_id": id, "parameters": {"host": "http://127.0.0.1:43180"}});
        let link = made(&maid, &admin, &new);
        assert_eq!(link["title"], "Sign in");
        assert!(text(&link, "url").contains(&format!("?recipe={id}&parameters=")), "{link}");
        let (status, seen) = open(&maid, &admin, text(&link, "url"));
        assert_eq!(status, 200, "{seen}");
        assert_eq!((&seen["recipe_id"], &seen["kind"]), (&json!(id), &json!("recipe")));
        assert_eq!(seen["parameters"], json!({"host": "http://127.0.0.1:43180"}));
        assert_eq!(seen["open_parameters"], json!(["users", "password"]));
        assert_eq!(seen["missing"], json!(["password"]));
        assert_eq!(seen["summary"]["targets"], json!(["http://127.0.0.1:43180"]));
        assert_eq!(seen["env"], json!([]), "a secret of the recipe is no variable of its own");
        assert!(text(&seen, "yaml").contains("${env:"), "{seen}");

        for (name, value) in [("password", "hunter2"), ("host", "http://ada:hunter2@127.0.0.1")] {
            let mut new = new.clone();
            new["parameters"][name] = json!(value);
            let (status, problem) = refused(&maid, &admin, &new);
            assert_eq!((status, &problem["code"]), (422, &json!("invalid_body")), "{problem}");
            assert_eq!(places(&problem), [format!("parameters.{name}")]);
            assert!(!problem.to_string().contains("hunter2"));
        }
        let unknown = json!({"recipe_id": id, "parameters": {"hosts": "x"}});
        let (status, problem) = refused(&maid, &admin, &unknown);
        assert_eq!((status, &problem["code"]), (422, &json!("invalid_recipe")), "{problem}");
        assert_eq!(places(&problem).first(), Some(&"parameters.hosts"));
        assert_eq!(refused(&maid, &admin, &json!({"recipe_id": "grpc-unary"})).0, 501);
        assert_eq!(refused(&maid, &admin, &json!({"recipe_id": "no-such"})).0, 404);
    });
}

/// A recipe with a secret that has no default.
fn recipe() -> Value {
    json!({
        "title": "Sign in", "summary": "People sign in.", "category": "api", "tags": ["login"],
        "parameters": [
            {"name": "host", "type": "string", "help": "Where.", "required": true, "example": "http://127.0.0.1:1"},
            {"name": "users", "type": "integer", "help": "How many.", "default": 2, "min": 1, "max": 50},
            {"name": "password", "type": "secret", "help": "Theirs.", "required": true, "example": "demo"}
        ],
        "best_practices": ["Take people of your own."], "good_result": ["No error."],
        "loadtest": {
            "version": 1, "name": "Sign in", "target": {"hosts": ["${param:host}"]},
            "load": {"users": "${param:users}", "iterations": 1},
            "scenarios": [{"name": "all", "transactions": [{"name": "all", "requests": [{
                "path": "/login", "method": "POST", "body": {"form": {"user": "ada", "password": "${param:password}"}}
            }]}]}]
        }
    })
}

#[test]
fn no_secret_gets_into_a_link_and_each_is_named() {
    on_each_database(|home| {
        let maid = asking(home).with("MAID__LOAD__ENV_ALLOW", "PATH").start();
        let admin = admin(&maid);
        let mut test = short("http://127.0.0.1:1");
        test["target"]["headers"] = json!({"X-Api-Key": "k-123", "Accept": "text/html"});
        test["variables"] = json!({"token": "t-123", "shown": "${env:SHOP_TOKEN}"});
        let request = &mut test["scenarios"][0]["transactions"][0]["requests"][0];
        request["auth"] = json!({"basic": {"username": "ada", "password": "p-123"}});
        request["body"] = json!({"json": {"user": "ada", "password": "p-123"}});
        let (status, problem) = refused(&maid, &admin, &json!({"loadtest": test}));
        assert_eq!((status, &problem["code"]), (422, &json!("invalid_body")), "{problem}");
        let mut found = places(&problem);
        found.sort_unstable();
        let inside = "loadtest.scenarios[0].transactions[0].requests[0]";
        let mut wanted = vec![
            "loadtest.target.headers.X-Api-Key".to_owned(),
            "loadtest.variables.token".to_owned(),
            format!("{inside}.auth.basic.password"),
            format!("{inside}.body.json.password"),
        ];
        wanted.sort_unstable();
        assert_eq!(found, wanted);
        assert!(!problem.to_string().contains("-123"), "{problem}");
        let (_, list) = answer(maid.get("/deeplinks").bearer_auth(&admin));
        assert_eq!(list["items"], json!([]), "nothing half-stored");

        // What is read from the environment is no secret of the link's; who runs it gives it.
        test["target"]["headers"] = json!({"X-Api-Key": "${env:SHOP_KEY}", "X-Path": "${env:PATH}"});
        test["variables"] = json!({"token": "${env:SHOP_TOKEN}"});
        let request = &mut test["scenarios"][0]["transactions"][0]["requests"][0];
        request["auth"] = json!({"basic": {"username": "ada", "password": "${env:SHOP_PASSWORD}"}});
        request.as_object_mut().expect("an object").remove("body");
        let link = made(&maid, &admin, &json!({"loadtest": test}));
        let (status, seen) = open(&maid, &admin, text(&link, "url"));
        assert_eq!(status, 200, "{seen}");
        assert_eq!(seen["env"], json!(["SHOP_KEY", "SHOP_PASSWORD", "SHOP_TOKEN"]));
        let path = std::env::var("PATH").expect("there is one");
        assert!(!seen.to_string().contains(&path), "what the server reads is not shown");
    });
}

#[test]
fn a_long_test_is_stored_and_linked_by_its_id() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let mut test = short("http://127.0.0.1:1");
        // What cannot be compressed much.
        let noise: String = (0..4000_u32).map(|n| format!("{:x}", n.wrapping_mul(2_654_435_761))).collect();
        test["description"] = json!(&noise[..1900]);
        let requests: Vec<Value> = noise.as_bytes()[..9000]
            .chunks(30)
            .map(|chunk| json!({"path": format!("/{}", String::from_utf8_lossy(chunk))}))
            .collect();
        test["scenarios"][0]["transactions"][0]["requests"] = json!(requests);
        let link = made(&maid, &admin, &json!({"loadtest": test}));
        assert_eq!(link["url"], link["short_url"], "too long for an address");
        let (status, seen) = open(&maid, &admin, text(&link, "url"));
        assert_eq!(status, 200, "{seen}");
        assert_eq!(seen["loadtest"]["scenarios"], test["scenarios"]);
        assert_eq!(seen["summary"]["requests"].as_array().expect("a list").len(), 20);
        assert_eq!(seen["summary"]["requests_more"], 280);
    });
}

#[test]
fn what_cannot_be_linked_is_refused_with_its_place() {
    on_each_database(|home| {
        let start =
            asking(home).with("MAID__HISTORY__MAX_DEEPLINKS", 1).with("MAID__SERVER__MAX_BODY", 200_000);
        let maid = start.start();
        let admin = admin(&maid);
        let test = short("http://127.0.0.1:1");
        let mut wrong = test.clone();
        wrong["scenarios"][0]["weight"] = json!(-1);
        for (new, status, code, place) in [
            (json!({}), 422, "invalid_body", "loadtest"),
            (json!({"loadtest": test, "preset": "a"}), 422, "invalid_body", "loadtest"),
            (json!({"loadtest": test, "parameters": {}}), 422, "invalid_body", "parameters"),
            (json!({"loadtest": wrong}), 422, "invalid_loadtest", "scenarios[0].weight"),
            (json!({"loadtest": "version: ["}), 422, "invalid_loadtest", "version[0]"),
            (
                json!({"loadtest": test, "expires_at": "2020-01-01T00:00:00Z"}),
                422,
                "invalid_body",
                "expires_at",
            ),
            (
                json!({"loadtest": test, "expires_at": "2220-01-01T00:00:00Z"}),
                422,
                "invalid_body",
                "expires_at",
            ),
            (json!({"loadtest": test, "max_uses": 0}), 422, "invalid_body", "max_uses"),
            (json!({"loadtest": test, "title": " "}), 422, "invalid_body", "title"),
            (json!({"loadtest": test, "title": "a\nb"}), 422, "invalid_body", "title"),
        ] {
            let (answered, problem) = refused(&maid, &admin, &new);
            assert_eq!((answered, problem["code"].as_str()), (status, Some(code)), "{new}: {problem}");
            assert_eq!(places(&problem).first(), Some(&place), "{new}: {problem}");
        }
        assert_eq!(refused(&maid, &admin, &json!({"preset": "no-such"})).0, 404);
        let huge = json!({"loadtest": test, "title": "x".repeat(300_000)});
        assert_eq!(refused(&maid, &admin, &huge).0, 413);
        made(&maid, &admin, &json!({"loadtest": test}));
        let (status, problem) = refused(&maid, &admin, &json!({"loadtest": test}));
        assert_eq!((status, &problem["code"]), (429, &json!("full")), "{problem}");
    });
}

#[test]
fn links_of_a_tenant_are_nobody_elses() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let create = ["user", "create", "sam", "--role", "admin", "--tenant", "acme", "--password-stdin"];
        assert_eq!(command(home, &create, crate::support::people::PASSWORD).0, 0);
        let sam = token(&maid, "acme/sam", crate::support::people::PASSWORD);
        let link = made(&maid, &admin, &json!({"loadtest": short("http://127.0.0.1:1")}));
        let id = text(&link, "id");
        assert_eq!(open(&maid, &sam, text(&link, "url")).0, 404);
        assert_eq!(answer(maid.get(&format!("/deeplinks/{id}")).bearer_auth(&sam)).0, 404);
        assert_eq!(answer(maid.get(&format!("/deeplinks/{id}/qrcode")).bearer_auth(&sam)).0, 404);
        let (_, list) = answer(maid.get("/deeplinks").bearer_auth(&sam));
        assert_eq!(list["items"], json!([]));
        assert_eq!(super::start(&maid, &sam, &json!({"deeplink": id})).0, 404);
        let delete = crate::support::people::delete(&maid, &format!("/deeplinks/{id}"));
        assert_eq!(answer(delete.bearer_auth(&sam)).0, 404);
    });
}
