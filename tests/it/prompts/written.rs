//! Prompts that people write: stored, changed, compared, brought back, filled in, deleted; wrong ones refused.

use std::thread;

use serde_json::{Value, json};

use super::{prompt, put, stored};
use crate::{
    server::on_each_database,
    support::{
        people::{admin, asking, delete, key, until_audited, user},
        server::answer,
    },
};

#[test]
fn a_prompt_is_written_changed_and_compared() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let erin = user(&maid, &admin, "erin", "editor");
        let id = stored(&maid, &erin, &prompt("Nightly check"));
        let place = format!("/prompts/{id}");
        let get = |path: &str| answer(maid.get(&format!("{place}{path}")).bearer_auth(&erin));
        let shown = maid.get(&place).bearer_auth(&erin).send().expect("an answer");
        assert_eq!(shown.headers()["etag"], "\"1\"");
        let shown: Value = shown.json().expect("JSON");
        for (field, value) in prompt("Nightly check").as_object().expect("an object") {
            assert_eq!(&shown[field], value, "{field}");
        }
        assert_eq!(
            (&shown["built_in"], &shown["visibility"], &shown["may_change"], &shown["forked_from"]),
            (&json!(false), &json!("private"), &json!(true), &Value::Null)
        );

        let change = |title: &str, text: &str, tag: &str| {
            let mut changed = prompt(title);
            changed["text"] = json!(text);
            answer(put(&maid, &place, &changed).bearer_auth(&erin).header("if-match", tag))
        };
        let text = "Describe a load test\nwith {{ users }} users for {{ goal }}.";
        assert_eq!(change("Weekly check", text, "\"1\""), (200, json!({"id": id, "version": 2})));
        let (status, problem) = change("Another", text, "\"1\"");
        assert_eq!((status, &problem["code"]), (412, &json!("changed")), "{problem}");
        assert!(problem["detail"].as_str().expect("text").contains("version 2"), "{problem}");
        assert_eq!(get("").1["title"], "Weekly check");

        let (_, diff) = get("/diff?from=1");
        assert_eq!((&diff["from"], &diff["to"]), (&json!(1), &json!(2)));
        assert_eq!(diff["changed"], json!(["title", "text"]));
        let told = diff["diff"].as_str().expect("text");
        for line in [
            "--- version 1",
            "+++ version 2",
            "-title: Nightly check",
            "+title: Weekly check",
            "+Describe a load test\n",
        ] {
            assert!(told.contains(line), "{line}\n{told}");
        }
        assert_eq!(get("/diff?from=2&to=2").1["diff"], "");
        assert_eq!(get("/diff?from=1&to=9").0, 404);
    });
}

#[test]
fn a_version_is_brought_back_and_everything_is_written_down() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let erin = user(&maid, &admin, "erin", "editor");
        let id = stored(&maid, &erin, &prompt("Nightly check"));
        let place = format!("/prompts/{id}");
        let get = |path: &str| answer(maid.get(&format!("{place}{path}")).bearer_auth(&erin));
        let change = |title: &str, tag: &str| {
            answer(put(&maid, &place, &prompt(title)).bearer_auth(&erin).header("if-match", tag)).0
        };
        assert_eq!([change("Weekly check", "\"1\""), change("Too late", "\"1\"")], [200, 412]);

        let restore = |version: u64, tag: &str| {
            let request = maid.post(&format!("{place}/restore"), &json!({"version": version}));
            answer(request.bearer_auth(&erin).header("if-match", tag))
        };
        assert_eq!(restore(1, "\"1\"").0, 412);
        assert_eq!(restore(9, "*").0, 404);
        assert_eq!(restore(1, "\"2\""), (200, json!({"id": id, "version": 3})));
        assert_eq!(get("").1["title"], "Nightly check");

        let (_, versions) = get("/versions?limit=2");
        let told: Vec<_> = versions["items"].as_array().expect("a list").iter().collect();
        assert_eq!((&told[0]["version"], &told[0]["restored_from"]), (&json!(3), &json!(1)));
        assert_eq!((&told[1]["version"], &told[1]["restored_from"]), (&json!(2), &Value::Null));
        let next = versions["next_cursor"].as_str().expect("there is one more");
        let (_, versions) = get(&format!("/versions?limit=2&cursor={next}"));
        assert_eq!((&versions["items"][0]["version"], &versions["next_cursor"]), (&json!(1), &Value::Null));
        let (_, was) = get("/versions/2");
        assert_eq!(was["prompt"], prompt("Weekly check"));
        assert_eq!(get("/versions/4").0, 404);

        assert_eq!(answer(delete(&maid, &place).bearer_auth(&erin)).0, 204);
        for gone in ["", "/versions", "/versions/1", "/diff?from=1"] {
            assert_eq!(get(gone).0, 404, "{gone}");
        }
        for (action, count) in [("prompt.create", 1), ("prompt.delete", 1)] {
            let entries = until_audited(&maid, &admin, action, count);
            assert!(entries.iter().all(|entry| entry["target"] == json!(id)), "{entries:?}");
        }
        // Two were done, and two that came too late are told as well, with how they ended.
        let changes = until_audited(&maid, &admin, "prompt.change", 6);
        assert_eq!(changes.iter().filter(|entry| entry["outcome"] == "failed").count(), 2);
    });
}

#[test]
fn values_stay_values() {
    on_each_database(|home| {
        let maid = home.start().start();
        let (_, made) = answer(maid.post("/prompts", &prompt("Fill me")));
        let place = format!("/prompts/{}/preview", made["id"].as_str().expect("an id"));
        let fill = |body: &Value| answer(maid.post(&place, body));
        let (status, filled) =
            fill(&json!({"values": {"goal": "{{ users }} and ${env:HOME}", "users": "7"}}));
        assert_eq!(status, 200, "{filled}");
        assert_eq!(
            filled["text"],
            "Describe a load test with 7 users for {{ users }} and ${env:HOME}.\nKeep {{ sku }} as it is."
        );
        let (_, shown) = fill(&json!({"examples": true}));
        assert!(shown["text"].as_str().expect("text").contains("20 users for the sale"), "{shown}");
        let (status, wrong) = fill(&json!({"values": {"users": 501, "gaol": "x"}}));
        let mut places: Vec<_> = wrong["errors"].as_array().expect("a list").iter().collect();
        places.sort_by_key(|error| error["path"].to_string());
        assert_eq!(status, 422);
        assert_eq!(
            places.iter().map(|error| error["path"].as_str().expect("text")).collect::<Vec<_>>(),
            ["values.gaol", "values.goal", "values.users"]
        );
        assert_eq!(fill(&json!({"version": 2})).0, 404);
        let (status, built_in) =
            answer(maid.post("/prompts/analyse-run/preview", &json!({"examples": true})));
        assert_eq!(status, 200, "{built_in}");
        assert!(!built_in["text"].as_str().expect("text").contains("{{"), "{built_in}");
    });
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_not_stored() {
    on_each_database(|home| {
        let maid = home.start().with("MAID__HISTORY__MAX_PROMPTS", 1).start();
        type Wrong<'a> = (&'a dyn Fn(&mut Value), &'a str);
        let cases: [Wrong<'_>; 9] = [
            (&|p| p["title"] = json!("\u{7}"), "\"title\""),
            (&|p| p["tags"] = json!(["A B"]), "\"tags[0]\""),
            (&|p| p["category"] = json!("analyze"), "\"category\""),
            (&|p| p["variables"][0]["type"] = json!("secret"), "takes no secrets"),
            (&|p| p["variables"][0]["default"] = json!(501), "\"variables[0].default\""),
            (&|p| p["text"] = json!("{{ users }} {{ goal }} {{ more }}"), "used and not declared"),
            (&|p| p["text"] = json!("{{ users }}"), "nothing uses it"),
            (&|p| p["text"] = json!("{{ users }} {{ goal }} {{ oh no"), "begins no place"),
            (&|p| p["colour"] = json!("red"), "colour"),
        ];
        for (change, told) in cases {
            let mut wrong = prompt("Wrong");
            change(&mut wrong);
            let (status, problem) = answer(maid.post("/prompts", &wrong));
            assert_eq!((status, &problem["code"]), (422, &json!("invalid_body")), "{problem}");
            assert!(problem["errors"].to_string().contains(told), "{told}\n{problem}");
        }
        let mut large = prompt("Large");
        large["text"] = json!(format!("{{{{ users }}}} {{{{ goal }}}} {}", "x".repeat(64 << 10)));
        assert_eq!(answer(maid.post("/prompts", &large)).0, 422);
        let (_, none) = answer(maid.get("/prompts?source=own"));
        assert_eq!(none["items"], json!([]));

        let (status, made) = answer(maid.post("/prompts", &prompt("One")).header("idempotency-key", "k"));
        assert_eq!(status, 201, "{made}");
        let again = answer(maid.post("/prompts", &prompt("One")).header("idempotency-key", "k"));
        assert_eq!(again, (201, made), "a repetition makes nothing twice");
        let (status, full) = answer(maid.post("/prompts", &prompt("Two")));
        assert_eq!((status, &full["code"]), (429, &json!("full")), "{full}");
        let (status, full) = answer(maid.post("/prompts/analyse-run/fork", &json!({})));
        assert_eq!((status, &full["code"]), (429, &json!("full")), "{full}");
    });
}

#[test]
fn who_may_write_is_a_matter_of_scope_and_owner() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let erin = user(&maid, &admin, "erin", "editor");
        let (vera, emil) = (user(&maid, &admin, "vera", "viewer"), user(&maid, &admin, "emil", "editor"));
        let (_, reading) = key(&maid, &admin, &json!({"name": "r", "scopes": ["maid.read"]}));
        let (_, writing) = key(&maid, &erin, &json!({"name": "w", "scopes": ["maid.read", "maid.recipes"]}));
        let id = stored(&maid, &erin, &prompt("Erin's"));
        let place = format!("/prompts/{id}");
        let status =
            |request: reqwest::blocking::RequestBuilder, who: &str| answer(request.bearer_auth(who)).0;
        for who in [&vera, &reading] {
            assert_eq!(status(maid.post("/prompts", &prompt("x")), who), 403);
            assert_eq!(status(maid.post("/prompts/analyse-run/fork", &json!({})), who), 403);
        }
        // A key makes things for whoever has made it.
        let own = stored(&maid, &writing, &prompt("By a key"));
        assert_eq!(status(put(&maid, &format!("/prompts/{own}"), &prompt("By erin")), &erin), 200);

        let tries = |who: &str| {
            [
                status(maid.get(&place), who),
                status(put(&maid, &place, &prompt("x")), who),
                status(maid.post(&format!("{place}/restore"), &json!({"version": 1})), who),
                status(maid.post(&format!("{place}/share"), &json!({"visibility": "public"})), who),
                status(delete(&maid, &place), who),
            ]
        };
        assert_eq!(tries(&emil), [404; 5], "a private one is not there for others");
        super::share(&maid, &erin, &id, "tenant");
        assert_eq!(tries(&emil), [200, 403, 403, 403, 403]);
        assert_eq!(status(maid.get(&place), &vera), 200);
        assert_eq!(status(put(&maid, &place, &prompt("By the admin")), &admin), 200);

        for request in [
            put(&maid, "/prompts/analyse-run", &prompt("x")),
            maid.post("/prompts/analyse-run/share", &json!({"visibility": "public"})),
            maid.post("/prompts/analyse-run/restore", &json!({"version": 1})),
            delete(&maid, "/prompts/analyse-run"),
        ] {
            let (status, problem) = answer(request.bearer_auth(&admin));
            assert_eq!((status, &problem["code"]), (403, &json!("forbidden")));
            assert!(problem["detail"].as_str().expect("text").contains("fork it"), "{problem}");
        }
    });
}

#[test]
fn of_many_at_once_one_changes_and_no_more_are_made_than_there_may_be() {
    on_each_database(|home| {
        let maid = home.start().with("MAID__HISTORY__MAX_PROMPTS", 5).start();
        let (_, made) = answer(maid.post("/prompts", &prompt("First")));
        let place = format!("/prompts/{}", made["id"].as_str().expect("an id"));
        let at_once = |ask: &(dyn Fn() -> u16 + Sync)| {
            let mut answers: Vec<u16> = thread::scope(|scope| {
                let asking: Vec<_> = (0..12).map(|_| scope.spawn(ask)).collect();
                asking.into_iter().map(|one| one.join().expect("no panic")).collect()
            });
            answers.sort_unstable();
            answers
        };
        let changes =
            at_once(&|| answer(put(&maid, &place, &prompt("Changed")).header("if-match", "\"1\"")).0);
        assert_eq!(changes, [&[200][..], &[412; 11]].concat());
        assert_eq!(answer(maid.get(&place)).1["version"], 2);
        let more = at_once(&|| answer(maid.post("/prompts", &prompt("More"))).0);
        assert_eq!(more, [&[201; 4][..], &[429; 8]].concat());
    });
}

#[test]
fn the_oldest_versions_go() {
    on_each_database(|home| {
        let maid = home.start().start();
        let (_, made) = answer(maid.post("/prompts", &prompt("First")));
        let place = format!("/prompts/{}", made["id"].as_str().expect("an id"));
        for _ in 0..202 {
            assert_eq!(answer(put(&maid, &place, &prompt("Again"))).0, 200);
        }
        let version = |number: u64| answer(maid.get(&format!("{place}/versions/{number}"))).0;
        assert_eq!([3, 4, 203].map(version), [404, 200, 200], "two hundred are kept");
    });
}
