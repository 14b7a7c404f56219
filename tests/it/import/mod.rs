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
