//! The command line, as far as it needs no run: help, refusals, schemas, completions.

use std::{
    fs,
    process::{Command, Output, Stdio},
};

use assert_cmd::cargo::CommandCargoExt;
use tempfile::TempDir;

/// The real binary in a folder, with none of this process's configuration and nothing on stdin.
pub fn maid(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut maid = Command::cargo_bin("maid").expect("cargo builds it for this test");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("MAID__")) {
        maid.env_remove(name);
    }
    maid.current_dir(folder.path()).args(arguments).env("COLUMNS", "100").stdin(Stdio::null());
    maid
}

pub fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Exit code, stdout and stderr of `maid ARGUMENTS` in `folder`.
pub fn told(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = maid(folder, arguments).output().expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("an exit code"), text(stdout), text(stderr))
}

/// Stderr of a command that must be refused with `exit`; stdout must be empty.
fn refused(exit: i32, arguments: &[&str]) -> String {
    let (code, stdout, stderr) = told(&folder(), arguments);
    assert_eq!((code, stdout.as_str()), (exit, ""), "{stderr}");
    stderr
}

#[test]
fn help_shows_what_there_is() {
    for command in [
        "",
        "run",
        "demo",
        "validate",
        "compare",
        "analyze",
        "report",
        "schema",
        "recipes",
        "openapi",
        "completions",
    ] {
        let arguments = [command, "--help"];
        let (code, stdout, _) = told(&folder(), arguments.strip_prefix(&[""]).unwrap_or(&arguments));
        assert_eq!(code, 0);
        insta::assert_snapshot!(format!("help_{command}"), stdout);
    }
}

#[test]
fn bad_flags_are_bad_configuration() {
    for arguments in [
        ["run", "x.yaml", "-u", "many"].as_slice(),
        &["run", "x.yaml", "--stage", "10s"],
        &["run", "x.yaml", "--no-such-flag"],
        &["run"],
        &["fly"],
        &[],
    ] {
        refused(104, arguments);
    }
}

#[test]
fn what_cannot_be_run_is_refused_with_the_way_out() {
    insta::assert_snapshot!(refused(104, &["run", "nowhere.yaml"]), @r"
    error: nowhere.yaml cannot be read: No such file or directory (os error 2)
    give the path of a LoadTest file, recipe:ID, a URL, or - for stdin; see `maid run --help`
    ");
    insta::assert_snapshot!(refused(104, &["run", "recipe:nope"]), @r"
    error: there is no recipe `nope`
    `maid recipes` lists those that there are
    ");
    insta::assert_snapshot!(refused(104, &["run", "http://127.0.0.1:43121/maid/run?link=k3Jd92LmQx0a", "--offline"]), @r"
    error: the link holds no more than an id or a name: only its server knows what it leads to
    leave --offline out
    ");
    insta::assert_snapshot!(refused(104, &["run", "recipe:quickstart", "--offline"]), @r"
    error: --offline is for deeplinks and --server, and this is neither
    leave it out
    ");
    let told = refused(104, &["run", "recipe:quickstart", "-o", "report.pdf"]);
    assert!(told.contains(".json, .csv, .html, .md or .xml"), "{told}");
}

#[test]
fn a_report_that_has_no_place_is_refused_before_the_run() {
    let told = refused(104, &["run", "recipe:quickstart", "-o", "no/folder/report.html"]);
    insta::assert_snapshot!(told, @r"
    error: a report cannot be written to no/folder, which is not a folder
    create it first: mkdir -p no/folder
    ");
}

#[test]
#[cfg(target_os = "linux")]
fn a_report_that_cannot_be_made_is_refused_before_the_run() {
    // Not even root can make a file in /proc.
    let told = refused(104, &["run", "recipe:quickstart", "-o", "/proc/report.html"]);
    assert!(told.contains("the report /proc/report.html cannot be written"), "{told}");
    assert!(told.ends_with("nothing was sent\n"), "{told}");
    let folder = folder();
    fs::create_dir(folder.path().join("r.html")).expect("a folder");
    let (code, _, told) = self::told(&folder, &["run", "recipe:quickstart", "-o", "r.html"]);
    assert_eq!(code, 104, "{told}");
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1);
}

#[test]
fn a_target_without_its_scheme_is_told_with_it() {
    for (what, meant) in [
        ("127.0.0.1:18901", "http://127.0.0.1:18901"),
        ("ftp://127.0.0.1/x", "http://127.0.0.1/x"),
        ("localhost", "http://localhost"),
    ] {
        let told = refused(104, &["run", what]);
        assert!(told.contains(&format!("did you mean {meant} ?")), "{told}");
    }
}

#[test]
fn commands_of_later_versions_are_told_apart_from_slips() {
    let told = refused(104, &["worker", "--port", "1"]);
    assert!(told.contains("`maid worker` is not supported yet"), "{told}");
    assert!(refused(104, &["wroker"]).contains("unrecognized subcommand"));
}

#[test]
fn mistakes_in_flags_name_the_flag() {
    let told = refused(104, &["run", "recipe:quickstart", "--threshold", "p95<500", "-u", "99999999"]);
    assert!(told.contains("\n--threshold: ") && told.contains("\n-u/--users: "), "{told}");
    let told = refused(104, &["run", "http://127.0.0.1:1/", "-u", "10", "--arrival-rate", "500"]);
    assert!(told.contains("\n-u/--users and --arrival-rate: "), "{told}");
}

#[test]
fn too_much_on_stdin_is_refused() {
    let folder = folder();
    let large = folder.path().join("large.yaml");
    fs::write(&large, "é".repeat(10_000_000)).expect("a file");
    let mut maid = maid(&folder, &["validate", "-"]);
    let output = maid.stdin(fs::File::open(large).expect("it is there")).output().expect("it starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(104) && told.contains("more than 10 MB"), "{told}");
}

#[test]
fn a_right_document_is_described() {
    let (code, stdout, stderr) = told(&folder(), &["validate", "recipe:quickstart", "-u", "1", "-t", "1m"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    insta::assert_snapshot!(stdout);
}

#[test]
fn a_wrong_document_is_told_with_every_place() {
    let folder = folder();
    let text = "version: 1\nname: x\ntarget: { hosts: [] }\nload: { users: 0, run_tme: 3s }\nscenarios: []\n";
    fs::write(folder.path().join("x.yaml"), text).expect("a file");
    let (code, stdout, from_file) = told(&folder, &["validate", "x.yaml"]);
    assert_eq!((code, stdout.as_str()), (104, ""));
    insta::assert_snapshot!(from_file);
    let piped = maid(&folder, &["run", "-"])
        .stdin(fs::File::open(folder.path().join("x.yaml")).expect("it is there"))
        .output()
        .expect("it starts");
    assert_eq!(piped.status.code(), Some(104));
    assert_eq!(String::from_utf8_lossy(&piped.stderr), from_file.replace("x.yaml", "stdin"));
}

#[test]
fn a_secret_given_by_flag_is_never_shown() {
    let folder = folder();
    let text = "version: 1\nname: x\ntarget: { hosts: [\"${env:HOST}\"] }\nload: { users: 1, run_time: 1s }\n\
                scenarios: [{ name: a, transactions: [{ name: b, requests: [{ path: / }] }] }]\n";
    fs::write(folder.path().join("x.yaml"), text).expect("a file");
    let (code, stdout, stderr) = told(&folder, &["validate", "x.yaml", "-e", "HOST=ftp://hunter2"]);
    assert_eq!(code, 104);
    assert!(!stderr.contains("hunter2") && !stdout.contains("hunter2"), "{stderr}");
    let (code, stdout, _) = told(&folder, &["validate", "x.yaml", "-e", "HOST=http://127.0.0.1:1"]);
    assert!(code == 0 && stdout.contains("${env:HOST}") && !stdout.contains("127.0.0.1:1"), "{stdout}");
    let (_, _, stderr) = told(&folder, &["validate", "x.yaml"]);
    assert!(stderr.contains("-e") && stderr.contains("load.env_allow"), "{stderr}");
    let set =
        maid(&folder, &["validate", "x.yaml"]).env("HOST", "http://127.0.0.1:1").output().expect("it starts");
    let stderr = String::from_utf8_lossy(&set.stderr);
    assert!(stderr.contains("is set in the environment but not allowed"), "{stderr}");
    let allowed = maid(&folder, &["validate", "x.yaml"])
        .env("HOST", "http://127.0.0.1:1")
        .env("MAID__LOAD__ENV_ALLOW", "HOST")
        .output()
        .expect("it starts");
    assert_eq!(allowed.status.code(), Some(0));
}

#[test]
fn a_wrong_configuration_is_refused_before_anything_is_sent() {
    let folder = folder();
    fs::write(folder.path().join("config.json"), r#"{"load": {"max_user": 5}}"#).expect("a file");
    let output = maid(&folder, &["validate", "recipe:quickstart"])
        .env("MAID__LOAD__MAX_RPS", "many")
        .output()
        .expect("it starts");
    assert_eq!(output.status.code(), Some(104));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    error: the configuration cannot be used:
    config.json: load.max_user: unknown key, did you mean `max_users`?
    environment variable MAID__LOAD__MAX_RPS: load.max_rps: must be a number, found a text
    correct these places; `maid schema config` describes every key
    ");
    let (code, _, stderr) = told(&folder, &["validate", "recipe:quickstart", "--config", "other.json"]);
    assert_eq!(code, 104);
    assert!(stderr.contains("other.json: cannot be read"), "{stderr}");
}

#[test]
fn the_checked_in_schema_is_fresh() {
    let (_, schema, _) = told(&folder(), &["schema", "config"]);
    let checked_in = fs::read_to_string("config.schema.json").unwrap_or_default();
    assert!(
        schema == checked_in,
        "config.schema.json is stale: cargo run -- schema config > config.schema.json"
    );
}

#[test]
fn the_checked_in_configuration_fits_its_schema() {
    let json = |path| -> serde_json::Value {
        serde_json::from_str(&fs::read_to_string(path).expect("it is checked in")).expect("JSON")
    };
    let validator = jsonschema::validator_for(&json("config.schema.json")).expect("a schema");
    assert!(validator.is_valid(&json("config.json")));
    assert!(!validator.is_valid(&serde_json::json!({"lod": {}})));
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, script, _) = told(&folder(), &["completions", shell]);
        assert_eq!(code, 0);
        assert!(script.contains("allow-target"), "{shell}");
    }
}
