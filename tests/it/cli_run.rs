//! `maid run` and `maid demo` with the real binary against the demo shop.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use maid::demo::Shop;
use serde_json::Value;
use tempfile::TempDir;

use crate::cli;

/// The keys of `--summary json`, a contract.
const KEYS: [&str; 18] = [
    "run_id",
    "status",
    "verdict",
    "duration_s",
    "users_max",
    "requests",
    "failures",
    "interrupted",
    "error_rate",
    "rps",
    "bytes_in",
    "bytes_out",
    "latency_ms",
    "corrected_latency_ms",
    "by_request",
    "status_codes",
    "errors",
    "generator",
];

/// A shop and a folder to run in.
struct Bench {
    shop: Shop,
    folder: TempDir,
}

/// What a finished command left behind.
struct Told {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Bench {
    fn new() -> Self {
        let shop = Shop::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        Self { shop, folder: cli::folder() }
    }

    fn maid(&self, arguments: &[&str]) -> Command {
        let mut maid = cli::maid(&self.folder, arguments);
        maid.stdout(Stdio::piped()).stderr(Stdio::piped());
        maid
    }

    fn told(&self, arguments: &[&str]) -> Told {
        finished(started(&mut self.maid(arguments)))
    }

    /// A test of `requests`, written to the folder; `load` and more are lines of YAML.
    fn document(&self, load: &str, requests: &str, more: &str) -> String {
        let text = format!(
            "version: 1\nname: bench\ntarget: {{ hosts: [{}] }}\nload: {load}\nscenarios:\n  \
             - name: only\n    transactions: [{{ name: one, requests: [{requests}] }}]\n{more}\n",
            self.shop.url()
        );
        let path = self.folder.path().join("test.yaml");
        fs::write(&path, text).expect("the folder is writable");
        path.display().to_string()
    }

    fn kept(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path().join("data/reports"));
        entries.map(|all| all.map(|entry| entry.expect("an entry").path()).collect()).unwrap_or_default()
    }
}

/// A command under way, ended with the test that started it, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn finished(mut running: Running) -> Told {
    let child = &mut running.0;
    let (mut stdout, mut stderr) = (String::new(), String::new());
    let mut errors = child.stderr.take().expect("it is piped");
    let reader = std::thread::spawn(move || errors.read_to_string(&mut stderr).map(|_| stderr));
    child.stdout.take().expect("it is piped").read_to_string(&mut stdout).expect("UTF-8");
    let stderr = reader.join().expect("it reads").expect("UTF-8");
    Told { code: child.wait().expect("it ends").code(), stdout, stderr }
}

fn started(maid: &mut Command) -> Running {
    Running(maid.spawn().expect("it starts"))
}

impl Told {
    /// The one JSON object on stdout.
    fn summary(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }
}

fn count(summary: &Value, key: &str) -> u64 {
    summary[key].as_u64().unwrap_or_else(|| panic!("{key} is no count in {summary}"))
}

fn interrupt(running: &Running) {
    let kill = Command::new("kill").args(["-INT", &running.0.id().to_string()]).status();
    assert!(kill.is_ok_and(|status| status.success()), "kill");
}

fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "{what} did not happen within 20 s");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn totals_agree_with_the_targets_own_count() {
    let bench = Bench::new();
    let test = bench.document(
        "{ users: 4, iterations: 25 }",
        "{ path: /products }, { path: '/fail?rate=0' }, { path: /products/7 }",
        "thresholds: ['error_rate < 1%']",
    );
    let told = bench.told(&["run", &test, "--summary", "json"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    let summary = told.summary();
    let mut keys: Vec<&str> = summary.as_object().expect("an object").keys().map(String::as_str).collect();
    let mut wanted: Vec<&str> = KEYS.to_vec();
    keys.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(keys, wanted);
    assert_eq!(summary["status"], "completed");
    assert_eq!(summary["verdict"]["passed"], true);
    let requests = bench.shop.requests();
    assert_eq!((count(&summary, "requests"), count(&summary, "interrupted")), (300, 0));
    assert_eq!((requests.total, requests.of("GET /products/{id}")), (300, 100));
    let kept = bench.kept();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(
        told.stderr.contains(&kept[0].file_name().expect("a name").display().to_string()),
        "{}",
        told.stderr
    );
}

#[test]
fn a_failed_threshold_ends_with_99() {
    let bench = Bench::new();
    let test = bench.document("{ users: 2, iterations: 10 }", "{ path: '/fail?rate=0.5' }", "");
    let told = bench.told(&["run", &test, "--threshold", "error_rate < 10%", "-q"]);
    assert_eq!(told.code, Some(99), "{}", told.stderr);
    let last = told.stderr.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("thresholds failed: error_rate < 10%") && last.contains("maid report"),
        "{last}"
    );
    assert!(told.stdout.contains("error_rate"), "{}", told.stdout);
}

#[test]
fn an_interrupted_run_still_gives_its_results() {
    let bench = Bench::new();
    let test =
        bench.document("{ users: 5, run_time: 10m }", "{ path: /products }, { path: '/slow?ms=20' }", "");
    let child = started(&mut bench.maid(&["run", &test, "--summary", "json"]));
    until("a hundred requests", || bench.shop.requests().total > 100);
    interrupt(&child);
    let told = finished(child);
    assert_eq!(told.code, Some(105), "{}", told.stderr);
    let summary = told.summary();
    assert_eq!(summary["status"], "stopped");
    let sent = count(&summary, "requests") + count(&summary, "interrupted");
    assert_eq!(sent, bench.shop.requests().total);
    assert_eq!(bench.kept().len(), 1);
}

#[test]
fn the_second_interrupt_ends_at_once() {
    let bench = Bench::new();
    let test = bench.document("{ users: 2, run_time: 10m }", "{ path: '/slow?ms=10000' }", "");
    let mut maid = bench.maid(&["run", &test, "--summary", "json"]);
    let mut child = started(maid.env("MAID__LOAD__STOP_GRACE", "10m"));
    until("a request", || bench.shop.requests().total > 0);
    interrupt(&child);
    let mut stderr = BufReader::new(child.0.stderr.take().expect("it is piped"));
    let mut line = String::new();
    while !line.contains("stopping") {
        line.clear();
        assert!(stderr.read_line(&mut line).expect("UTF-8") > 0, "it ended without saying that it stops");
    }
    let begun = Instant::now();
    interrupt(&child);
    assert_eq!(child.0.wait().expect("it ends").code(), Some(105));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_target_outside_the_policy_is_refused_with_106() {
    let bench = Bench::new();
    let told = bench.told(&["run", "http://192.0.2.1/", "-u", "1", "-t", "1s"]);
    assert_eq!(told.code, Some(106), "{}", told.stderr);
    assert!(told.stderr.contains("--allow-target"), "{}", told.stderr);
    assert!(told.stderr.contains("load.targets.allow"), "{}", told.stderr);
    assert_eq!(told.stdout, "");
}

#[test]
fn requests_refused_during_the_run_end_it_with_106() {
    let bench = Bench::new();
    let elsewhere = "{ path: 'http://192.0.2.{{ random_int(1, 2) }}/' }";
    let test = bench.document("{ users: 1, iterations: 3 }", elsewhere, "");
    let told = bench.told(&["run", &test, "-q"]);
    assert_eq!(told.code, Some(106), "{}", told.stderr);
    let last = told.stderr.lines().last().unwrap_or_default();
    assert!(last.starts_with("the target policy refused 3 requests: "), "{last}");
    assert!(last.contains("--allow-target") && last.contains("load.targets.allow"), "{last}");
    let told = bench.told(&["run", &test, "-q", "--threshold", "error_rate < 1%"]);
    assert_eq!(told.code, Some(99), "{}", told.stderr);
}

#[test]
fn a_url_needs_no_document() {
    let bench = Bench::new();
    let url = format!("{}/health", bench.shop.url());
    let told = bench.told(&["run", &url, "-u", "2", "-i", "5", "--summary", "json"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    assert_eq!(count(&told.summary(), "requests"), 10);
    assert_eq!(bench.shop.requests().of("GET /health"), 10);
}

#[test]
fn every_report_is_written_and_one_that_fails_loses_nothing() {
    let bench = Bench::new();
    let test = bench.document("{ users: 1, iterations: 3 }", "{ path: /products }", "");
    let names = ["r.json", "r.csv", "r.html", "r.md", "r.xml"];
    std::os::unix::fs::symlink("/dev/full", bench.folder.path().join("full.html")).expect("a link");
    let mut arguments = vec!["run", &test, "-q", "-o", "full.html"];
    arguments.extend(names.iter().flat_map(|name| ["-o", name]));
    let told = bench.told(&arguments);
    assert_eq!(told.code, Some(1), "{}", told.stderr);
    assert!(told.stderr.contains("full.html") && told.stderr.contains("free some space"), "{}", told.stderr);
    assert_eq!(bench.kept().len(), 1);
    assert!(told.stdout.contains("bench") || told.stdout.contains("requests"), "{}", told.stdout);
    for name in names {
        assert!(fs::metadata(bench.folder.path().join(name)).is_ok_and(|file| file.len() > 0), "{name}");
    }
}

#[test]
fn no_more_runs_are_kept_than_configured() {
    let bench = Bench::new();
    let test = bench.document("{ users: 1, iterations: 1 }", "{ path: /health }", "");
    for _ in 0..3 {
        let mut maid = bench.maid(&["run", &test, "-q", "--summary", "none"]);
        let told = finished(started(maid.env("MAID__REPORTS__KEEP", "2")));
        assert_eq!((told.code, told.stdout.as_str(), told.stderr.as_str()), (Some(0), "", ""));
    }
    assert_eq!(bench.kept().len(), 2);
}

#[test]
fn a_scenario_can_be_chosen() {
    let bench = Bench::new();
    let more = "  - name: other\n    transactions: [{ name: two, requests: [{ path: /health }] }]";
    let test = bench.document("{ users: 2, iterations: 2 }", "{ path: /products }", more);
    let told = bench.told(&["run", &test, "--scenario", "other", "--summary", "json"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    let requests = bench.shop.requests();
    assert_eq!((requests.of("GET /health"), requests.of("GET /products")), (4, 0));
    let told = bench.told(&["run", &test, "--scenario", "o*r", "--summary", "json"]);
    assert_eq!((told.code, bench.shop.requests().of("GET /health")), (Some(0), 8), "{}", told.stderr);
    let told = bench.told(&["run", &test, "--scenario", "othr"]);
    assert_eq!(told.code, Some(104), "{}", told.stderr);
    assert!(told.stderr.contains("only, other"), "{}", told.stderr);
}

#[test]
fn a_dry_run_shows_each_request_and_keeps_nothing() {
    let bench = Bench::new();
    let requests = "{ path: /products, extract: [{ name: id, from: json, path: '$.items[0].id' }] }, \
                    { path: '/products/{{ id }}', check: [{ status: 418 }] }";
    let document = bench.document("{ users: 500, run_time: 10m }", requests, "thresholds: ['p95 < 1us']");
    let told = bench.told(&["run", &document, "--dry-run"]);
    assert_eq!(told.code, Some(1), "{}", told.stderr);
    for words in [
        "only / one",
        "✓ GET http",
        "took id = 1 ($.items[0].id)",
        "fails status 418, found 200",
        "FAILED 2 requests, 1 failed",
    ] {
        assert!(told.stdout.contains(words), "{words}: {}", told.stdout);
    }
    let told = bench.told(&["run", &document, "--dry-run", "--summary", "json"]);
    let walked = told.summary();
    assert_eq!((&walked["passed"], &walked["failures"]), (&Value::Bool(false), &Value::from(1)), "{walked}");
    assert_eq!(walked["steps"][1]["checks"][0]["found"], "200");
    let passed = bench.told(&["run", &bench.shop.url(), "--dry-run", "--summary", "none"]);
    assert_eq!((passed.code, passed.stdout.as_str()), (Some(0), ""), "{}", passed.stderr);
    assert_eq!(bench.kept(), Vec::<PathBuf>::new());
    let refused = bench.told(&["run", "http://192.0.2.1/", "--dry-run"]);
    assert_eq!(refused.code, Some(106), "{}", refused.stderr);
    let both = bench.told(&["run", &document, "--dry-run", "-o", "report.html"]);
    assert_eq!(both.code, Some(104), "{}", both.stderr);
}

#[test]
fn the_demo_passes_and_leaves_a_report() {
    let bench = Bench::new();
    let told = bench.told(&["demo", "--once", "--port", "0", "--server-port", "0", "--summary", "json"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    let summary = told.summary();
    assert!(count(&summary, "requests") > 100 && count(&summary, "failures") == 0, "{summary}");
    let pages = bench.kept().iter().filter(|path| path.extension().is_some_and(|end| end == "html")).count();
    assert_eq!(pages, 1);
    assert!(told.stderr.contains("file://") && told.stderr.contains("maid run http://"), "{}", told.stderr);
}

#[test]
fn log_files_are_written_and_never_over_the_document() {
    let bench = Bench::new();
    let test =
        bench.document("{ users: 2, iterations: 5 }", "{ path: /products }, { path: '/fail?rate=1' }", "");
    let told = bench.told(&["run", &test, "-q", "--request-log", "r.csv", "--error-log", "e.jsonl"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    let lines =
        |name: &str| fs::read_to_string(bench.folder.path().join(name)).expect("a log").lines().count();
    assert_eq!((lines("r.csv"), lines("e.jsonl")), (21, 10));
    let sent = bench.shop.requests().total;
    for wrong in [test.as_str(), "no/such/folder/d.jsonl"] {
        let told = bench.told(&["run", &test, "--debug-log", wrong]);
        assert_eq!(told.code, Some(104), "{}", told.stderr);
        assert!(told.stderr.contains("debug log") && told.stderr.contains(wrong), "{}", told.stderr);
    }
    assert_eq!(bench.shop.requests().total, sent);
}

#[test]
fn notes_stay_with_the_outcome() {
    let bench = Bench::new();
    let test = bench.document("{ users: 1, iterations: 1 }", "{ path: /health }", "");
    let told = bench.told(&["run", &test, "--notes", "after the <cache> fix", "-o", "r.html", "-o", "r.md"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    assert!(told.stdout.contains("after the <cache> fix"), "{}", told.stdout);
    let page = fs::read_to_string(bench.folder.path().join("r.html")).expect("a report");
    assert!(page.contains("after the &#60;cache&#62; fix"), "escaped");
    let markdown = fs::read_to_string(bench.folder.path().join("r.md")).expect("a report");
    assert!(markdown.contains("cache") && !markdown.contains("<cache>"), "{markdown}");
    let kept = fs::read_to_string(&bench.kept()[0]).expect("an outcome");
    assert!(kept.contains("after the <cache> fix"));
    let told = bench.told(&["run", &test, "--notes", &"x".repeat(10_001)]);
    assert!(told.code == Some(104) && told.stderr.contains("10000"), "{:?} {}", told.code, told.stderr);
}
