//! Tests of words: over the API, as a stream, on the command line.

use std::fs;

use serde_json::{Value, json};

use crate::{
    cli::{folder, told},
    server::{on_each_database, shop},
    support::server::answer,
};

const CHECKOUT: &str =
    "mit 30 Nutzern für 1 Sekunde, doppelt so viel Suche wie Kauf, p95 unter 900 ms, Denkzeit 10 ms";

#[test]
fn words_become_a_test_that_runs() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let text = format!("Teste den Checkout meines Shops auf {} {CHECKOUT}", shop.url());
        for route in ["/recipe-generator/generate", "/../../v1/recipes"] {
            let (status, made) = answer(maid.post(route, &json!({"text": text})));
            assert_eq!(status, 200, "{made}");
            assert_eq!(made["loadtest"]["load"], json!({"users": 30, "run_time": "1s"}));
            assert_eq!((&made["complete"], &made["questions"]), (&json!(true), &json!([])));
            assert_eq!(
                (&made["engine"]["route"], &made["recipes"][0]["used"]),
                (&json!("reader"), &json!(true))
            );
            assert!(made["yaml"].as_str().is_some_and(|yaml| yaml.starts_with("version: 1\n")), "{made}");
            let users = made["provenance"]
                .as_array()
                .expect("a list")
                .iter()
                .find(|one| one["path"] == "/load/users");
            assert_eq!(users.expect("users")["span"]["text"], "30 Nutzern");
        }
        // Nothing was started by that.
        assert_eq!(answer(maid.get("/history")).1["items"], json!([]));
        let (_, made) =
            answer(maid.post("/recipe-generator/generate", &json!({"text": text, "format": "json"})));
        assert_eq!(made.get("yaml"), None);
        let run = maid.run(&made["loadtest"]);
        let over = maid.until_over(&run);
        assert_eq!((&over["failures"], &over["verdict"]["passed"]), (&json!(0), &json!(true)), "{over}");
        let found = shop.requests();
        assert!(found.of("GET /search") > 0 && found.of("POST /checkout") > 0);
        let (_, audit) = answer(maid.get("/audit?action=recipe.generate"));
        assert_eq!(audit["items"].as_array().map(Vec::len), Some(3), "{audit}");
        assert!(!audit.to_string().contains("doppelt"), "what was said is not written down: {audit}");
    });
}

#[test]
fn what_cannot_be_read_is_refused_and_what_is_missing_is_asked() {
    on_each_database(|home| {
        let maid = home.start().start();
        let ask = |body: &Value| answer(maid.post("/recipe-generator/generate", body));
        let (status, made) = ask(&json!({"text": "load test with 5 users"}));
        assert_eq!(
            (status, &made["complete"], &made["loadtest"]["target"]["hosts"]),
            (200, &json!(false), &json!([]))
        );
        assert!(
            made["questions"].as_array().expect("a list").iter().any(|one| one["about"] == "host"),
            "{made}"
        );
        let (status, refused) = ask(&json!({"text": "users ".repeat(10_000)}));
        assert_eq!((status, &refused["errors"][0]["path"]), (422, &json!("text")));
        assert!(refused["detail"].as_str().is_some_and(|detail| detail.contains("32768")), "{refused}");
        let (status, refused) = ask(&json!({"text": "\u{202E}".repeat(100)}));
        assert!(
            status == 422 && refused["detail"].as_str().is_some_and(|text| text.contains("U+202E")),
            "{refused}"
        );
        assert_eq!(ask(&json!({"text": ""})).0, 422);
        let (status, refused) = ask(&json!({"text": "more users", "previous": {"version": 1, "nam": "x"}}));
        assert_eq!((status, &refused["code"]), (422, &json!("invalid_loadtest")), "{refused}");
        let (_, outside) = ask(&json!({"text": "GET / on https://shop.example.com with 2 users"}));
        let notes = outside["notes"].to_string();
        assert!(notes.contains("--allow-target shop.example.com"), "{notes}");
        let (_, never) = ask(&json!({"text": "GET / on http://169.254.169.254/latest with 2 users"}));
        assert!(never["notes"].to_string().contains("a run would refuse this"), "{never}");
    });
}

#[test]
fn recipes_of_ones_own_are_found_and_those_of_others_are_not() {
    on_each_database(|home| {
        let maid = home.start().start();
        let mut recipe = crate::recipes::recipe("Warehouse inventory");
        recipe["tags"] = json!(["inventory"]);
        let id = crate::recipes::stored(&maid, "", &recipe);
        let text = json!({"text": "warehouse inventory on http://127.0.0.1:1 with 2 users"});
        let (_, made) = answer(maid.post("/recipe-generator/generate", &text));
        assert_eq!(made["recipes"][0]["id"], id, "{made}");
    });
}

#[test]
fn steps_are_streamed() {
    on_each_database(|home| {
        let maid = home.start().start();
        let body = json!({"text": "GET /a on http://127.0.0.1:1 with 2 users"});
        let request = maid.post("/recipe-generator/generate", &body).header("Accept", "text/event-stream");
        let response = request.send().expect("an answer");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let text = response.text().expect("text");
        let events: Vec<(&str, Value)> = text
            .split("\n\n")
            .filter_map(|event| event.strip_prefix("event: ")?.split_once("\ndata: "))
            .map(|(name, data)| (name, serde_json::from_str(data).expect("JSON")))
            .collect();
        let names: Vec<&str> = events.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["step", "step", "step", "result"], "{text}");
        assert_eq!(events[0].1, json!({"step": "reading"}));
        assert_eq!(events[3].1["loadtest"]["load"]["users"], 2);
    });
}

#[test]
fn the_command_line_makes_and_changes_tests() {
    let folder = folder();
    let (code, stdout, stderr) =
        told(&folder, &["ai", "generate", "GET /a on http://127.0.0.1:1 with 20 users for 1 minute"]);
    assert_eq!(code, 0, "{stderr}");
    insta::assert_snapshot!(stdout, @r"
    version: 1
    name: Load test of GET /a
    target:
      hosts: [http://127.0.0.1:1]
    load:
      users: 20
      run_time: 1m
    scenarios:
      - name: user
        transactions:
          - name: GET /a
            requests:
              - path: /a
    ");
    fs::write(folder.path().join("a.yaml"), stdout).expect("a file");
    let change = ["ai", "generate", "--previous", "a.yaml", "--format", "json", "50 Nutzer statt 20"];
    let (code, stdout, _) = told(&folder, &change);
    let made: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!((code, &made["loadtest"]["load"]["users"]), (0, &json!(50)), "{made}");
    let (code, stdout, stderr) = told(&folder, &["ai", "generate", "20 users for 1 minute, GET /a"]);
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("question: Which host is to be tested?"), "{stderr}");
    let (code, stdout, _) = told(&folder, &["ai", "generate", "--format", "json", "20 users, GET /a"]);
    let made: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!((code, &made["questions"][0]["about"]), (1, &json!("host")));
    let (code, _, stderr) = told(&folder, &["ai", "generate", ""]);
    assert!(code == 104 && stderr.contains("is empty"), "{stderr}");
    let (code, stdout, _) = told(&folder, &["ai", "eval", "--half", "dev"]);
    assert!(code == 0 && stdout.contains("whole"), "{stdout}");
}
