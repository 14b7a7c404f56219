//! Documents that are good.

use maid::loadtest::{
    overrides::Overrides,
    parse::{Document, parse, read},
    secret::Secret,
    span::Span,
    template::{Escape, Template},
    types::{HttpVersion, LoadTest, Stage},
    valid::{Context, FileAccess},
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
    let request = &valid.loadtest().scenarios[0].transactions[0].requests[0];
    let bearer = request.auth.as_ref().and_then(|auth| auth.bearer.as_deref()).expect("a token");
    let bearer = Template::compile(bearer, Escape::Header, valid.names(0)).expect("a template");
    assert_eq!(bearer.as_static(), Some("s3cr3t-value"));
    let shown = format!("{frozen} {valid:?} {bearer:?} {:?}", valid.names(0));
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
fn whole_numbers_may_be_written_as_floats() {
    let valid = check(&document("{ users: 1e3, run_time: 1s }", "[{ path: / }]")).expect("valid");
    assert_eq!(valid.loadtest().load.users, Some(1000));
}

#[test]
fn the_environment_fills_in_what_is_no_template_and_never_becomes_one() {
    let text =
        document(USERS, "[{ path: '/{{ v }}', timeout: '${env:T}' }]") + "variables: { v: '${env:V}' }\n";
    let document = parse(&text, "test.yaml").expect("well-formed");
    assert_eq!(document.env_names().into_iter().collect::<Vec<_>>(), ["T", "V"]);
    let mut context = context();
    context.env.insert("T".to_owned(), Secret::new("250ms"));
    context.env.insert("V".to_owned(), Secret::new("{{ w }}"));
    let valid = document.validate(&context).unwrap_or_else(|problems| panic!("{problems}"));
    let request = &valid.loadtest().scenarios[0].transactions[0].requests[0];
    assert_eq!(request.timeout, Some(Span::from_millis(250)));
    let path = Template::target(&request.path, &request.query, valid.names(0)).expect("a template");
    assert_eq!(path.as_static(), Some("/%7B%7B%20w%20%7D%7D"));
    assert_eq!(valid.frozen()["scenarios"][0]["transactions"][0]["requests"][0]["timeout"], "${env:T}");
}

#[test]
fn ignored_files_and_urls_are_refused() {
    let mut context = context();
    context.ignore.add(&fixtures(), "people.*\nurl:*/logout\n").expect("patterns");
    let text = document(USERS, "[{ path: /a/logout?x=1 }, { path: /login }]")
        + "data: [{ name: p, file: people.csv }]\n";
    let problems =
        parse(&text, "t.yaml").expect("well-formed").validate(&context).expect_err("ignored").to_string();
    insta::assert_snapshot!(problems);
}

#[test]
fn a_document_of_ones_own_may_name_any_file() {
    let text = document(USERS, "[{ path: /, method: PUT, body: { file: ../../../Cargo.toml } }]");
    let context = Context { files: FileAccess::Anywhere, ..context() };
    let valid = parse(&text, "t.yaml").expect("well-formed").validate(&context).expect("valid");
    let body = valid.body_file(std::path::Path::new("../../../Cargo.toml")).expect("read");
    assert!(String::from_utf8_lossy(body).contains("name = \"maid\""));
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

#[test]
fn texts_that_look_like_numbers_need_no_quotes() {
    let requests =
        "[{ path: /, headers: { X-N: 5, X-B: true }, body: { form: { page: 1, all: false, f: 1.5 } } }]";
    let text = document(USERS, requests).replace(
        "{ hosts: [http://127.0.0.1:1] }",
        "{ hosts: [http://127.0.0.1:1], http_version: 2, headers: { X-V: 3 } }",
    );
    let valid = check(&text).unwrap_or_else(|problems| panic!("{problems}"));
    let request = &valid.loadtest().scenarios[0].transactions[0].requests[0];
    let form = request.body.as_ref().and_then(|body| body.form.as_ref()).expect("a form");
    assert_eq!((request.headers["X-N"].as_str(), request.headers["X-B"].as_str()), ("5", "true"));
    assert_eq!((form["page"].as_str(), form["all"].as_str(), form["f"].as_str()), ("1", "false", "1.5"));
    let target = &valid.loadtest().target;
    assert_eq!((target.http_version, target.headers["X-V"].as_str()), (HttpVersion::Http2, "3"));
    assert!(check(&text.replace("http_version: 2", "http_version: 1.1")).is_ok());
}

#[test]
fn mistakes_in_flags_are_told_with_the_flag() {
    let told = |overrides: Overrides| {
        let mut document = parse(&document(USERS, "[{ path: / }]"), "ok.yaml").expect("well-formed");
        document.apply(&overrides);
        document.validate(&context()).expect_err("a mistake").to_string()
    };
    let some = Overrides {
        users: Some(99_999_999),
        hosts: vec!["h".to_owned()],
        thresholds: vec!["p95<500".to_owned()],
        ..Overrides::default()
    };
    insta::assert_snapshot!("flags", told(some));
    let clash = Overrides { users: Some(10), arrival_rate: Some(500.0), ..Overrides::default() };
    insta::assert_snapshot!("flags_that_clash", told(clash));
}
