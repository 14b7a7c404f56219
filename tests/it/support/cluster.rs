//! A Postgres server of a test's own, which can go away and come back.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// Says where it is, then does what it is told and says so.
const SCRIPT: &str = r#"
echo "$MAID_TEST_POSTGRES"
while read -r word; do "$MAID_TEST_POSTGRES_CONTROL" "$word"; echo "$word"; done
"#;

/// A Postgres server that ends with the test.
#[derive(Debug)]
pub struct Cluster {
    child: Child,
    told: Option<ChildStdin>,
    says: BufReader<ChildStdout>,
    url: String,
}

impl Cluster {
    /// Starts one; none where the tests run without Postgres.
    pub fn start() -> Option<Self> {
        std::env::var_os("MAID_TEST_POSTGRES")?;
        let mut child = Command::new("scripts/with-postgres")
            .args(["bash", "-c", SCRIPT])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env_remove("MAID_TEST_POSTGRES")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the script starts");
        let told = child.stdin.take();
        let says = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut cluster = Self { child, told, says, url: String::new() };
        cluster.url = cluster.line();
        assert!(cluster.url.starts_with("postgres://"), "{}", cluster.url);
        Some(cluster)
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends it at once, with whatever is connected.
    pub fn stop(&mut self) {
        self.tell("stop");
    }

    /// Starts it again, with what it had stored.
    pub fn start_again(&mut self) {
        self.tell("start");
    }

    fn tell(&mut self, word: &str) {
        let told = self.told.as_mut().expect("it runs");
        writeln!(told, "{word}").expect("it listens");
        assert_eq!(self.line(), word);
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.says.read_line(&mut line).expect("it speaks UTF-8");
        line.trim().to_owned()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Without anything more to do, the script ends and takes the server with it.
        self.told.take();
        self.child.wait().ok();
    }
}
