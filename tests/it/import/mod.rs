//! LoadTests of what other tools write: what is carried over, what is listed, what is refused.

mod bad_input;
mod command_line;
mod descriptions;
mod mock;
mod properties;
mod round;
mod scripts;
mod served;

use std::{fmt::Write, path::PathBuf};

use maid::{
    convert::{
        import::{Format, ImportError, Imported, Options, import},
        yaml,
    },
    loadtest::{parse, types::LoadTest},
};
use serde_json::{Value, json};

/// A file of `tests/fixtures/convert`.
fn fixture(name: &str) -> Vec<u8> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/convert").join(name);
    std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn imported(format: Format, text: &str, options: &Options) -> Result<Imported, ImportError> {
    import(format, text.as_bytes(), "a", options)
}

/// Everything that an import says, for a snapshot; what is written is read again as the same test.
fn told(format: Format, name: &str, options: &Options) -> String {
    let made = import(format, &fixture(name), name, options).unwrap_or_else(|wrong| panic!("{wrong}"));
    let text = yaml::write(&made.loadtest);
    let again = parse::parse(&text, "a.yaml").and_then(|document| document.read::<LoadTest>());
    assert_eq!(again.as_ref(), Ok(&made.loadtest), "{text}");
    let mut told = format!("{text}---\n{} of {}\n", made.requests, made.found);
    for one in &made.made {
        writeln!(told, "made: {}: {}", one.place, one.message).expect("it is memory");
    }
    for variable in &made.env {
        writeln!(told, "env: {}: {}", variable.name, variable.what).expect("it is memory");
    }
    for item in &made.left_out {
        writeln!(told, "left out: {item}").expect("it is memory");
    }
    told
}

/// No secret of a fixture may be in what was made of it.
fn holds_no_secret(told: &str) {
    for secret in [
        "hunter2222",
        "s3cret",
        "sid=abcdef",
        "c00k1e",
        "k3y-that",
        "sk-live",
        "t0k3n",
        "ada:secret",
        "tok_123456",
    ] {
        assert!(!told.contains(secret), "{secret} is in {told}");
    }
}

#[test]
fn a_description_becomes_a_test() {
    let told = told(Format::OpenApi, "library.yaml", &Options::default());
    insta::assert_snapshot!(told);
}

#[test]
fn a_part_of_a_description_is_chosen() {
    let options = Options {
        hosts: vec!["http://127.0.0.1:8080".to_owned()],
        operations: vec!["removeBook".to_owned(), "PUT /members/{number}/card".to_owned()],
        name: Some("Chosen".to_owned()),
        users: Some(50),
        ..Options::default()
    };
    insta::assert_snapshot!(told(Format::OpenApi, "library.yaml", &options));
}

#[test]
fn a_recording_becomes_a_test() {
    let told = told(Format::Har, "shop.har", &Options::default());
    holds_no_secret(&told);
    insta::assert_snapshot!(told);
}

#[test]
fn command_lines_become_a_test() {
    let told = told(Format::Curl, "calls.sh", &Options::default());
    holds_no_secret(&told);
    insta::assert_snapshot!(told);
}

#[test]
fn a_collection_becomes_a_test() {
    let told = told(Format::Postman, "shop.postman_collection.json", &Options::default());
    holds_no_secret(&told);
    insta::assert_snapshot!(told);
}

#[test]
fn a_list_of_urls_becomes_a_test() {
    let told = told(Format::Urls, "urls.txt", &Options::default());
    holds_no_secret(&told);
    insta::assert_snapshot!(told);
}

#[test]
fn cookies_from_before_a_recording_are_told() {
    let entry = |path: &str, sent: &str, set: &str| {
        json!({
            "startedDateTime": "2026-03-01T12:00:00.000Z", "time": 5,
            "request": {"method": "GET", "url": format!("https://shop.test{path}"),
                "headers": [{"name": "Cookie", "value": sent}]},
            "response": {"status": 200, "headers": [{"name": "set-cookie", "value": set}],
                "content": {"mimeType": "application/json", "text": "{}"}},
        })
    };
    let told = |entries: Value| {
        let har = json!({"log": {"entries": entries}}).to_string();
        let made = imported(Format::Har, &har, &Options::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
        let told: Vec<String> = made.left_out.iter().map(ToString::to_string).collect();
        assert!(!format!("{}{told:?}", yaml::write(&made.loadtest)).contains("se-cret"), "{told:?}");
        told
    };
    // What an answer has set before each user is given as well.
    let own = json!([
        entry("/", "", "basket=se-cret; Path=/\nlang=en"),
        entry("/a", "lang=en; basket=se-cret", "")
    ]);
    assert_eq!(told(own), [""; 0]);
    // Nor is one from before that a redirect has set, which the engine follows.
    let mut signs_in = entry("/login", "", "sid=se-cret");
    signs_in["response"]["status"] = json!(302);
    signs_in["response"]["redirectURL"] = json!("https://shop.test/home");
    let redirected = json!([signs_in, entry("/home", "sid=se-cret", ""), entry("/a", "sid=se-cret", "")]);
    assert!(!told(redirected).concat().contains("cookies"));
    let told =
        told(json!([entry("/", "sid=se-cret", "basket=1"), entry("/a", "basket=1; sid=se-cret; a=;", "")]));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("log.entries[0]") && told[0].contains("`a`, `sid`: each user"), "{told:?}");
    assert!(!told[0].contains("basket"), "{told:?}");
}

#[test]
fn a_header_goes_before_a_flag_as_in_curl() {
    let made = |line: &str| imported(Format::Curl, line, &Options::default()).expect("it is read");
    // A flag goes before what stands in the URL, and a header before both.
    let text = |line: &str| yaml::write(&made(line).loadtest);
    assert!(text("curl -u ada:pa55word http://old:0ld@shop.test/a").contains("username: ada"));
    assert!(text("curl http://old:0ld@shop.test/a").contains("username: old"));
    let header = text("curl -H 'Authorization: Custom x' http://old:0ld@shop.test/a");
    assert!(header.contains("${env:AUTHORIZATION}") && !header.contains("basic"), "{header}");
    for header in ["Authorization: Bearer t0k3n-in-header", "authorization: Custom abc"] {
        let made = made(&format!("curl http://shop.test/a -u ada:pa55word -H '{header}'"));
        let text = yaml::write(&made.loadtest);
        assert!(!text.contains("basic") && !text.contains("pa55word"), "{text}");
        assert!(text.contains("${env:API_TOKEN}") || text.contains("${env:AUTHORIZATION}"), "{text}");
        assert!(made.made.iter().any(|one| one.message.contains("beside it is not")), "{:?}", made.made);
        assert!(made.env.iter().all(|one| one.name != "API_PASSWORD"), "{:?}", made.env);
    }
}
