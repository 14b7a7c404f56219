//! The LoadTest document, as a user meets it: good documents run, bad ones are told where and why.

mod bad_input;
mod documents;
mod properties;
mod schema;

use std::{collections::BTreeMap, path::PathBuf};

use maid::loadtest::{
    parse::parse,
    problem::Problems,
    secret::Secret,
    valid::{Context, ValidLoadTest},
};

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/loadtest")
}

fn context() -> Context {
    let env = BTreeMap::from([("SHOP_TOKEN".to_owned(), Secret::new("s3cr3t-value"))]);
    Context { env, ..Context::new(fixtures()) }
}

fn check(text: &str) -> Result<ValidLoadTest, Problems> {
    parse(text, "test.yaml")?.validate(&context())
}

/// What is wrong with a document, one line a problem.
fn problems(text: &str) -> String {
    match check(text) {
        Ok(_) => panic!("valid: {text}"),
        Err(problems) => problems.to_string(),
    }
}

/// A small document with a load and requests of one's own.
fn document(load: &str, requests: &str) -> String {
    format!(
        "version: 1\nname: t\ntarget: {{ hosts: [http://127.0.0.1:1] }}\nload: {load}\nscenarios:\n  - name: s\n    transactions:\n      - name: t\n        requests: {requests}\n"
    )
}

const USERS: &str = "{ users: 1, run_time: 1s }";
