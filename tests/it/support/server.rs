//! A real MAID server: the binary, in a folder of its own, on a free port, with a client.

use std::{
    fmt::Debug,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

/// How long anything may take that a test waits for.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// Asks `look` again and again until it has something to say.
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(since.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain: {what}");
        thread::park_timeout(Duration::from_millis(20));
    }
}

/// A server that ends with the test.
#[derive(Debug)]
pub struct Maid {
    child: Child,
    said: Arc<Mutex<String>>,
    pub url: String,
    pub http: Client,
}

/// How a server is started.
#[derive(Clone, Debug)]
pub struct Start {
    folder: PathBuf,
    environment: Vec<(String, String)>,
    port: u16,
    ignores_file_limits: bool,
    patience: Duration,
}

impl Start {
    /// A server in `folder`, with SQLite unless something else is said.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            environment: Vec::new(),
            port: 0,
            ignores_file_limits: false,
            patience: DEADLINE,
        }
    }

    /// With a setting, such as `MAID__DATABASE__URL`.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.environment.push((name.to_owned(), value.to_string()));
        self
    }

    /// With models, and all the time they take: they give way to whatever else the machine does, such as other tests.
    pub fn with_models(mut self) -> Self {
        self.patience = Duration::from_mins(10);
        ["MAID__AI__TIMEOUT", "MAID__AI__QUEUE_TIMEOUT"]
            .into_iter()
            .fold(self.with("MAID__AI__ENABLED", "true"), |start, limit| start.with(limit, "10m"))
    }

    /// On this port, such as the one that the server before had.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// So that a limit on its files fails its writes, as a full disk does, instead of ending it.
    pub fn ignoring_file_limits(mut self) -> Self {
        self.ignores_file_limits = true;
        self
    }

    fn command(&self) -> Command {
        let binary = env!("CARGO_BIN_EXE_maid");
        if !self.ignores_file_limits {
            return Command::new(binary);
        }
        // What a shell ignores, the program that takes its place ignores too.
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh", binary]);
        shell
    }

    /// Starts it and waits until it serves.
    pub fn start(&self) -> Maid {
        self.attempt().unwrap_or_else(|said| panic!("the server did not start:\n{said}"))
    }

    /// Starts it; what it said where it ends instead of serving.
    pub fn attempt(&self) -> Result<Maid, String> {
        let mut child = self
            .command()
            .args(["serve", "--no-color", "--port", &self.port.to_string()])
            .current_dir(&self.folder)
            .env_remove("MAID_TEST_POSTGRES")
            // Most tests are about something else than who is let in, and than models.
            .env("MAID__AUTH__REQUIRED", "false")
            .env("MAID__AI__ENABLED", "false")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let said = Arc::new(Mutex::new(String::new()));
        let stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let heard = Arc::clone(&said);
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let mut heard = heard.lock().expect("nobody panics with it");
                heard.push_str(&line);
                heard.push('\n');
            }
        });
        let url = wait_for("the server serves or ends", || {
            let text = said.lock().expect("nobody panics with it").clone();
            let said = text.split_once(" serves ").map(|(_, said)| said);
            // In a log of JSON lines more follows on the same one.
            let url = said.and_then(|said| said.find(['\n', '\\']).map(|end| said[..end].to_owned()));
            match url {
                Some(url) => Some(Ok(url)),
                None => child.try_wait().expect("it is ours").map(|_| Err(())),
            }
        });
        let http = Client::builder().no_proxy().timeout(self.patience).build().expect("a client");
        match url {
            Ok(url) => Ok(Maid { child, said, url, http }),
            Err(()) => {
                // What it said last may still be on its way.
                thread::park_timeout(Duration::from_millis(50));
                Err(said.lock().expect("nobody panics with it").clone())
            }
        }
    }
}

impl Maid {
    /// What it has said on stderr.
    pub fn said(&self) -> String {
        self.said.lock().expect("nobody panics with it").clone()
    }

    /// Id of the process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Port that it listens on.
    pub fn port(&self) -> u16 {
        self.url.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).expect("the URL has a port")
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("it is ours");
        self.child.wait().expect("it is ours");
    }

    /// Asks it to end, waits, and answers its exit code.
    pub fn terminate(mut self) -> Option<i32> {
        self.signal(Signal::SIGTERM);
        wait_for("the server ends", || self.child.try_wait().expect("it is ours")).code()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().cast_signed());
        kill(pid, signal).expect("it is ours");
    }

    /// A request to a route below `/api/maid`.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}/api/maid{path}", self.url))
    }

    /// A request with a body.
    pub fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.http.post(format!("{}/api/maid{path}", self.url)).json(body)
    }

    /// Starts a run and answers its id.
    pub fn run(&self, loadtest: &Value) -> String {
        let (status, body) = answer(self.post("/run", &json!({"loadtest": loadtest})));
        assert_eq!(status, 202, "{body}");
        body["run_id"].as_str().expect("an id").to_owned()
    }

    /// One run.
    pub fn detail(&self, id: &str) -> Value {
        let (status, body) = answer(self.get(&format!("/runs/{id}")));
        assert_eq!(status, 200, "{body}");
        body
    }

    /// Waits until a run is over and has given its place up.
    pub fn until_over(&self, id: &str) -> Value {
        let run = wait_for("the run is over", || {
            let run = self.detail(id);
            let over = !["queued", "running"].contains(&run["status"].as_str().expect("a status"));
            over.then_some(run)
        });
        self.until_free(id);
        run
    }

    /// Waits until a run that is over has given its place up: it is stored a moment before.
    pub fn until_free(&self, id: &str) {
        wait_for("the place is free", || {
            let (_, status) = answer(self.get("/status"));
            let ended = ["completed", "failed", "stopped"].map(Value::from).contains(&status["phase"]);
            (status["run_id"] != id || ended).then_some(())
        });
    }

    /// Waits until the active run has sent something.
    pub fn until_busy(&self, id: &str) {
        wait_for("the run sends", || {
            let (_, status) = answer(self.get("/status"));
            (status["run_id"] == id && status["requests"].as_u64() > Some(0)).then_some(())
        });
    }
}

impl Drop for Maid {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Status and JSON body of an answer.
pub fn answer(request: RequestBuilder) -> (u16, Value) {
    read(request.send().expect("an answer"))
}

/// Status and JSON body of an answer.
pub fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// A test of `host` by `users` for `run_time`.
pub fn loadtest(host: &impl ToString, users: u32, run_time: impl Debug + ToString) -> Value {
    json!({
        "version": 1,
        "name": "A test",
        "target": {"hosts": [host.to_string()]},
        "load": {"users": users, "run_time": run_time.to_string()},
        "scenarios": [{"name": "front", "transactions": [{"name": "home", "requests": [
            {"name": "GET products", "path": "/products"}
        ]}]}]
    })
}
