//! Documents that are good.

use maid::loadtest::{
    overrides::Overrides,
    parse::{Document, parse, read},
    span::Span,
    template::Template,
    types::{LoadTest, Stage},
};

use super::{USERS, check, context, document, fixtures};

#[test]
fn the_shop_is_valid_and_its_secrets_stay_hidden() {
    let valid = read(&fixtures().join("shop.yaml")).expect("well-formed").validate(&context());
    let valid = valid.unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(valid.feeders()[0].columns(), ["id", "name"]);
    assert_eq!(valid.bound_feeders(0), [0]);
    assert_eq!(valid.names(0).slots(), 2);
    assert_eq!(valid.thresholds().len(), 4);
    let frozen = valid.frozen();
    assert_eq!(frozen["variables"]["token"], "${env:SHOP_TOKEN}");
    let shown = format!("{frozen} {valid:?}");
    assert!(!shown.contains("s3cr3t-value"), "{shown}");
}

#[test]
fn a_document_written_back_is_the_same_in_yaml_and_json() {
    for file in ["shop.yaml", "arrival.json"] {
        let valid = read(&fixtures().join(file)).expect("well-formed").validate(&context());
        let loadtest = valid.unwrap_or_else(|problems| panic!("{problems}")).loadtest().clone();
        let json = serde_json::to_string_pretty(&loadtest).expect("json");
        let again = parse(&json, "again.json").expect("well-formed").validate(&context());
        assert_eq!(again.expect("valid").loadtest(), &loadtest);
        // Pretty JSON is YAML as well.
        let yaml = format!("# yaml\n{json}");
        let again = parse(&yaml, "again.yaml").expect("well-formed").validate(&context());
        assert_eq!(again.expect("valid").loadtest(), &loadtest);
    }
}

#[test]
fn json_escapes_mean_what_json_says() {
    let text = r#"{"version": 1, "name": "\ud83d\ude00 \u00e9", "target": {"hosts": ["http://h"]},
        "load": {"users": 1, "iterations": 1}, "scenarios": [{"name": "s", "transactions": [{"name": "t",
        "requests": [{"path": "/"}]}]}]}"#;
    assert_eq!(check(text).expect("valid").loadtest().name, "😀 é");
}

#[test]
fn anchors_and_merge_keys_work() {
    let text = document(
        USERS,
        "\n          - &base { path: /a, headers: { X-A: '1' } }\n          - { <<: *base, path: /b }",
    );
    let valid = check(&text).unwrap_or_else(|problems| panic!("{problems}"));
    let request = &valid.loadtest().scenarios[0].transactions[0].requests[1];
    assert_eq!((request.path.as_str(), request.headers["X-A"].as_str()), ("/b", "1"));
}

#[test]
fn a_url_alone_is_a_test() {
    let loadtest = LoadTest::for_url("http://127.0.0.1:8080/a%20b?x={{y}}&z=1#top").expect("a URL");
    let valid = Document::from_loadtest(&loadtest, "url").validate(&context());
    let valid = valid.unwrap_or_else(|problems| panic!("{problems}"));
    let request = &valid.loadtest().scenarios[0].transactions[0].requests[0];
    let target = Template::target(&request.path, &request.query, valid.names(0)).expect("a template");
    assert_eq!(target.as_static(), Some("/a%20b?x=%7B%7By%7D%7D&z=1"));
    assert_eq!(valid.hosts()[0].as_str(), "http://127.0.0.1:8080/");
    for wrong in ["localhost:8080", "ftp://h/", "http://u:p@h/", "/x", ""] {
        let problems = LoadTest::for_url(wrong).expect_err(wrong).to_string();
        assert!(!problems.contains("u:p"), "{problems}");
    }
}

#[test]
fn the_command_line_replaces_the_load_model() {
    let staged =
        document("{ stages: [{ duration: 10s, target: 5 }, { duration: 20s, target: 5 }] }", "[{ path: / }]");
    let load = |overrides: Overrides| {
        let mut document = parse(&staged, "test.yaml").expect("well-formed");
        document.apply(&overrides);
        document.validate(&context()).map(|valid| valid.loadtest().load.clone()).map_err(|p| p.to_string())
    };
    let users = load(Overrides { users: Some(7), ..Overrides::default() }).expect("valid");
    assert_eq!((users.users, users.run_time, users.stages), (Some(7), Some(Span::from_secs(30)), None));
    let rate = load(Overrides {
        arrival_rate: Some(20.0),
        run_time: Some(Span::from_secs(5)),
        ..Overrides::default()
    });
    let rate = rate.expect("valid");
    assert_eq!(rate.arrival.map(|arrival| arrival.max_users), Some(200));
    assert_eq!(rate.run_time, Some(Span::from_secs(5)));
    let stages = vec![Stage { duration: Span::from_secs(1), target: 3.0 }];
    let both = load(Overrides { stages, users: Some(1), ..Overrides::default() }).expect_err("two models");
    assert!(both.contains("`users` and `stages` are different models"), "{both}");
}
