//! A server that asks who comes, and people who come.

use std::process::{Command, Stdio};

use reqwest::blocking::RequestBuilder;
use serde_json::{Value, json};

use super::server::{Maid, Start, answer, wait_for};
use crate::server::Home;

/// The admin's password.
pub const PASSWORD: &str = "seven lazy otters";

/// A server that asks whoever comes who they are.
pub fn asking(home: &Home) -> Start {
    home.start()
        .with("MAID__AUTH__REQUIRED", "true")
        .with("MAID__AUTH__ADMIN_PASSWORD", PASSWORD)
        // What limits do has tests of its own.
        .with("MAID__RATE_LIMIT__ENABLED", "false")
}

/// Signs in and answers what the server says.
pub fn login(maid: &Maid, username: &str, password: &str) -> (u16, Value) {
    answer(maid.post("/auth/login", &json!({"username": username, "password": password})))
}

/// The access token of whoever signs in.
pub fn token(maid: &Maid, username: &str, password: &str) -> String {
    let (status, body) = login(maid, username, password);
    assert_eq!(status, 200, "{body}");
    body["access_token"].as_str().expect("a token").to_owned()
}

/// The admin's access token.
pub fn admin(maid: &Maid) -> String {
    token(maid, "admin", PASSWORD)
}

/// Makes a user and answers their access token.
pub fn user(maid: &Maid, admin: &str, name: &str, role: &str) -> String {
    let new = json!({"username": name, "role": role, "password": PASSWORD});
    let (status, body) = answer(maid.post("/users", &new).bearer_auth(admin));
    assert_eq!(status, 201, "{body}");
    token(maid, name, PASSWORD)
}

/// Makes a key and answers its id and the key.
pub fn key(maid: &Maid, token: &str, new: &Value) -> (String, String) {
    let (status, body) = answer(maid.post("/keys", new).bearer_auth(token));
    assert_eq!(status, 201, "{body}");
    let text = |name: &str| body[name].as_str().expect(name).to_owned();
    (text("id"), text("key"))
}

/// A request that deletes.
pub fn delete(maid: &Maid, path: &str) -> RequestBuilder {
    maid.http.delete(format!("{}/api/maid{path}", maid.url))
}

/// A request that changes.
pub fn patch(maid: &Maid, path: &str, body: &Value) -> RequestBuilder {
    maid.http.patch(format!("{}/api/maid{path}", maid.url)).json(body)
}

/// What the audit log says, the newest first, as actions and outcomes.
pub fn audited(maid: &Maid, admin: &str, action: &str) -> Vec<Value> {
    let (status, body) = answer(maid.get(&format!("/audit?action={action}")).bearer_auth(admin));
    assert_eq!(status, 200, "{body}");
    body["items"].as_array().expect("a list").clone()
}

/// Waits until the audit log has so many entries of this action: some are written a moment later.
pub fn until_audited(maid: &Maid, admin: &str, action: &str, count: usize) -> Vec<Value> {
    wait_for(action, || Some(audited(maid, admin, action)).filter(|entries| entries.len() == count))
}

/// Runs the command line on the database of `home`, with `stdin`.
pub fn command(home: &Home, arguments: &[&str], stdin: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_maid"));
    command.args(arguments).envs(home.environment()).current_dir(home.folder.path());
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    std::io::Write::write_all(&mut child.stdin.take().expect("it is piped"), stdin.as_bytes()).ok();
    let done = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (done.status.code().unwrap_or(-1), text(done.stdout), text(done.stderr))
}
