//! Has stories played by a real browser.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::place::Place;
use crate::support::people::PASSWORD;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser")
}

/// Where stories leave pictures: of what they have seen, and of how they failed.
pub fn pictures() -> PathBuf {
    let test = std::env::current_exe().expect("this test has a path");
    test.ancestors().nth(3).expect("the folder of what cargo builds").join("browser")
}

/// Plays a story that takes place at `place`, with what `more` says of it.
pub fn play(story: &str, place: &Place, more: &Value) {
    let mut world = json!({
        "url": place.maid.url, "admin": place.admin, "password": PASSWORD, "shop": place.shop.url(),
    });
    for (key, value) in more.as_object().expect("an object") {
        world[key] = value.clone();
    }
    run(story, &world);
}

/// Plays a story about `world`. One that fails says why, and leaves a picture.
pub fn run(story: &str, world: &Value) {
    let mut world = world.clone();
    world["pictures"] = json!(pictures());
    let said = node("run.mjs", story, &world.to_string());
    assert!(said.0, "the story `{story}` fails:\n{}", said.1);
}

/// What the check of the texts says.
pub fn texts() -> String {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/deeplink");
    let (well, said) = node("texts.mjs", assets.to_str().expect("a path"), "");
    assert!(well, "{said}");
    said
}

fn node(program: &str, argument: &str, input: &str) -> (bool, String) {
    assert!(
        folder().join("node_modules").is_dir(),
        "the browser's driver is not installed: run scripts/npm-ci tests/browser, as make test does"
    );
    let mut child = Command::new("node")
        .arg(folder().join(program))
        .arg(argument)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node is installed: scripts/npm-ci looks for it");
    child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("it listens");
    let done = child.wait_with_output().expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (done.status.success(), text(&done.stdout) + &text(&done.stderr))
}
