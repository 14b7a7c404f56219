//! Presets: tests with a name, which links lead to as they are when somebody follows.

use maid::demo::Shop;
use serde_json::{Value, json};

use super::{made, open, short, start, text, until_over};
use crate::{
    server::on_each_database,
    support::{
        people::{admin, asking, delete, until_audited, user},
        server::{Maid, answer},
    },
};

fn make(maid: &Maid, token: &str, new: &Value) -> (u16, Value) {
    answer(maid.post("/presets", new).bearer_auth(token))
}

fn put(maid: &Maid, token: &str, name: &str, body: &Value, version: &str) -> (u16, Value) {
    let url = format!("{}/api/maid/presets/{name}", maid.url);
    answer(maid.http.put(url).json(body).bearer_auth(token).header("if-match", version))
}

#[test]
fn a_link_to_a_preset_leads_to_what_it_says_by_then() {
    let shop = Shop::start(([127, 0, 0, 1], 0).into()).expect("the shop starts");
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let (status, stored) =
            make(&maid, &admin, &json!({"name": "nightly", "loadtest": short("http://127.0.0.1:1")}));
        assert_eq!((status, &stored), (201, &json!({"name": "nightly", "version": 1})));
        let link = made(&maid, &admin, &json!({"preset": "nightly"}));
        assert!(text(&link, "url").contains("?preset=nightly&expires="), "{link}");
        let (status, seen) = open(&maid, &admin, text(&link, "url"));
        assert_eq!((status, &seen["preset"]), (200, &json!("nightly")), "{seen}");
        assert_eq!(seen["summary"]["targets"], json!(["http://127.0.0.1:1"]));

        let (status, changed) =
            put(&maid, &admin, "nightly", &json!({"loadtest": short(&shop.url())}), "\"1\"");
        assert_eq!((status, &changed["version"]), (200, &json!(2)), "{changed}");
        let asked = json!({"deeplink": link["url"], "seen": seen["digest"]});
        let (status, problem) = start(&maid, &admin, &asked);
        assert_eq!((status, &problem["code"]), (412, &json!("changed")), "not what was looked at");
        let (_, seen) = open(&maid, &admin, text(&link, "url"));
        assert_eq!(seen["summary"]["targets"], json!([shop.url()]));
        let (status, run) = start(&maid, &admin, &json!({"deeplink": link["url"], "seen": seen["digest"]}));
        assert_eq!(status, 202, "{run}");
        assert_eq!(until_over(&maid, &admin, &run)["status"], "completed");

        assert_eq!(answer(delete(&maid, "/presets/nightly").bearer_auth(&admin)).0, 204);
        let (status, problem) = open(&maid, &admin, text(&link, "url"));
        assert_eq!((status, &problem["code"]), (404, &json!("not_found")));
        assert!(text(&problem, "detail").contains("`nightly`"));
        for (action, count) in [("preset.create", 1), ("preset.change", 1), ("preset.delete", 1)] {
            until_audited(&maid, &admin, action, count);
        }
    });
}

#[test]
fn presets_are_made_by_name_and_changed_by_their_owner() {
    on_each_database(|home| {
        let maid = asking(home).with("MAID__HISTORY__MAX_PRESETS", 3).start();
        let admin = admin(&maid);
        let (olga, oleg) = (user(&maid, &admin, "olga", "operator"), user(&maid, &admin, "oleg", "operator"));
        let vera = user(&maid, &admin, "vera", "viewer");
        let recipe = json!({"recipe_id": "smoke", "parameters": {"host": "http://127.0.0.1:1"}});
        let named = |name: &str| {
            let mut new = recipe.clone();
            new["name"] = json!(name);
            new["description"] = json!("Each night.");
            new
        };
        for name in ["b", "a-1"] {
            assert_eq!(make(&maid, &olga, &named(name)).0, 201);
        }
        let (status, taken) = make(&maid, &oleg, &named("b"));
        assert_eq!((status, &taken["code"]), (409, &json!("name_taken")));
        assert_eq!(make(&maid, &vera, &named("c")).0, 403);
        for name in ["", "-a", "A", "a b", "ü", &"a".repeat(65), "a/b"] {
            let (status, problem) = make(&maid, &olga, &named(name));
            assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!("name")), "{name}: {problem}");
        }
        let mut secret = named("s");
        secret["parameters"]["host"] = json!("http://u:p@127.0.0.1");
        let (status, problem) = make(&maid, &olga, &secret);
        assert_eq!((status, &problem["errors"][0]["path"]), (422, &json!("parameters.host")), "{problem}");
        assert_eq!(make(&maid, &olga, &json!({"name": "p", "preset": "b"})).0, 422, "no preset of a preset");
        assert_eq!(make(&maid, &olga, &named("c")).0, 201);
        let (status, full) = make(&maid, &olga, &named("d"));
        assert_eq!((status, &full["code"]), (429, &json!("full")), "{full}");

        let (_, page) = answer(maid.get("/presets?limit=2").bearer_auth(&vera));
        let names = |page: &Value| -> Vec<String> {
            let items = page["items"].as_array().expect("a list");
            items.iter().map(|item| text(item, "name").to_owned()).collect()
        };
        assert_eq!(names(&page), ["a-1", "b"]);
        let next = format!("/presets?limit=2&cursor={}", text(&page, "next_cursor"));
        assert_eq!(names(&answer(maid.get(&next).bearer_auth(&vera)).1), ["c"]);

        assert_eq!(put(&maid, &oleg, "b", &recipe, "*").0, 403);
        assert_eq!(put(&maid, &olga, "b", &recipe, "\"7\"").0, 412);
        assert_eq!(put(&maid, &olga, "b", &recipe, "\"1\"").0, 200);
        assert_eq!(put(&maid, &admin, "b", &recipe, "\"2\"").0, 200, "an admin may");
        assert_eq!(put(&maid, &olga, "none", &recipe, "*").0, 404);
        let response = maid.get("/presets/b").bearer_auth(&vera).send().expect("an answer");
        assert_eq!(response.headers()["etag"], "\"3\"");
        let shown: Value = response.json().expect("JSON");
        assert_eq!(
            shown["content"],
            json!({"recipe": {"id": "smoke", "parameters": {"host": "http://127.0.0.1:1"}}})
        );
        assert_eq!(answer(delete(&maid, "/presets/b").bearer_auth(&oleg)).0, 403);
    });
}
