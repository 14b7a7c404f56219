//! A real provider: the npm package `oidc-provider`, as a program of its own.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

use reqwest::blocking::Client;
use serde_json::{Value, json};

/// A provider that ends with the test.
#[derive(Debug)]
pub struct NodeProvider {
    child: Child,
    pub issuer: String,
}

impl NodeProvider {
    /// Knows MAID at `maid` as the client `maid`, which has a secret, and comes back for the provider `id`.
    pub fn start(maid: &str, id: &str) -> Self {
        Self::with(maid, id, &json!({"client_secret": "hunter2"}))
    }

    /// The same with a client that `further` says more about.
    pub fn with(maid: &str, id: &str, further: &Value) -> Self {
        let mut client = json!({
            "client_id": "maid",
            "redirect_uris": [format!("{maid}/api/maid/auth/oidc/{id}/callback")],
        });
        for (key, value) in further.as_object().expect("an object") {
            client[key] = value.clone();
        }
        Self::launch(&json!([client]))
    }

    fn launch(clients: &Value) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/oidc");
        assert!(
            folder.join("node_modules").is_dir(),
            "the provider is not installed: run scripts/npm-ci tests/fixtures/oidc, as make test does"
        );
        let mut child = Command::new("node")
            .arg(folder.join("provider.mjs"))
            .arg(clients.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("node is installed: scripts/npm-ci looks for it");
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().expect("it is piped"));
        said.read_line(&mut line).expect("text");
        if line.is_empty() {
            let mut why = String::new();
            child.stderr.take().expect("it is piped").read_to_string(&mut why).ok();
            panic!("the provider did not start:\n{why}");
        }
        Self { child, issuer: line.trim().to_owned() }
    }

    /// Gives it another signing key.
    pub fn rotate(&self) {
        let http = Client::builder().no_proxy().build().expect("a client");
        let answer = http.post(format!("{}/test/rotate", self.issuer)).send().expect("an answer");
        assert_eq!(answer.status(), 204);
    }
}

impl Drop for NodeProvider {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
