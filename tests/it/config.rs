//! The configuration: layers, their order, and what is refused.

use std::{ffi::OsString, fs, path::Path};

use maid::config::{Config, Flags, Sources};

fn sources(folder: &Path, environment: &[(&str, &str)]) -> Sources {
    let environment = environment.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Sources {
        file: Some(folder.join("config.json")),
        environment: environment.collect(),
        flags: Flags::default(),
    }
}

fn folder(main: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("config.json"), main).expect("a file in it");
    folder
}

fn refused(main: &str, environment: &[(&str, &str)]) -> String {
    let folder = folder(main);
    let error = Config::load(&sources(folder.path(), environment)).expect_err("it is wrong");
    error.to_string().replace(&folder.path().display().to_string(), "DIR")
}

#[test]
fn later_layers_win_key_by_key() {
    let folder =
        folder(r#"{"load": {"max_users": 1, "max_rps": 1, "stop_grace": "1s", "env_allow": ["A"]}}"#);
    let runtime = folder.path().join("config.runtime.json");
    fs::write(runtime, r#"{"load": {"max_rps": 2.5, "stop_grace": "2s"}}"#).expect("a file");
    let mut sources = sources(
        folder.path(),
        &[
            ("MAID__LOAD__STOP_GRACE", "3s"),
            ("MAID__LOAD__TARGETS__ALLOW", "a.test, b.test"),
            ("MAID__LOAD__ENV_ALLOW", r#"["B","C"]"#),
            ("MAID__LOAD__BREAKER__CONNECT_FAILURES", "0.5"),
            ("MAID__REPORTS__DIR", "7"),
            ("MAID_UNRELATED", "x"),
        ],
    );
    sources.flags.allow_targets.push("c.test".to_owned());
    let config = Config::load(&sources).expect("it is right");
    assert_eq!(config.load.max_users, 1);
    assert_eq!(config.load.max_rps, 2.5);
    assert_eq!(config.load.stop_grace.to_string(), "3s");
    assert_eq!(config.load.targets.allow, ["a.test", "b.test", "c.test"]);
    assert_eq!(config.load.env_allow, ["B", "C"]);
    assert_eq!(config.load.breaker.connect_failures, 0.5);
    assert_eq!(config.reports.dir, Path::new("7"));
    assert_eq!(config.telemetry.log, "warn");
}

#[test]
fn all_problems_are_told_with_their_layer() {
    let told = refused(
        r#"{"lod": {}, "load": {"max_user": 5, "max_users": 0, "stop_grace": "5 s", "targets": [],
            "breaker": {"connect_failures": "x"}}, "telemetry": {"log_format": "xml"}}"#,
        &[
            ("MAID__LOAD__MAX_RPS", "many"),
            ("MAID__LOAD__MAXUSERS", "7"),
            ("MAID__LOAD__TARGETS", "a"),
            ("MAID__LOAD__ENV_ALLOW", "[1"),
        ],
    );
    insta::assert_snapshot!(told);
}

#[test]
fn what_only_the_types_refuse_names_its_layer_too() {
    insta::assert_snapshot!(
        refused("{}", &[("MAID__LOAD__MAX_RUN_TIME", "9999h")]),
        @"environment variable MAID__LOAD__MAX_RUN_TIME: load.max_run_time: `9999h` is too long: the longest duration is 720h"
    );
    let told = refused(r#"{"telemetry": {"log": "maid=loud"}}"#, &[]);
    assert!(told.starts_with("DIR/config.json: telemetry.log: is not a log filter"), "{told}");
}

#[test]
fn unreadable_files_are_refused() {
    insta::assert_snapshot!(
        refused(r#"{"load": "#, &[]),
        @"DIR/config.json: is not JSON: EOF while parsing a value at line 1 column 9"
    );
    assert!(refused(&" ".repeat(2 << 20), &[]).contains("larger than 1 MiB"));
    assert!(refused("[]", &[]).contains("must be an object, found a list"));
    let nowhere = Sources { file: Some("/nowhere/config.json".into()), ..Sources::default() };
    assert!(Config::load(&nowhere).expect_err("not there").to_string().contains("cannot be read"));
}

#[test]
fn an_empty_file_means_defaults() {
    let folder = folder("{}");
    assert_eq!(Config::load(&sources(folder.path(), &[])).expect("defaults"), Config::default());
}

#[test]
fn the_checked_in_file_shows_every_key_with_its_default() {
    let text = fs::read_to_string("config.json").expect("config.json is checked in");
    let mut shown: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(
        shown.as_object_mut().and_then(|keys| keys.remove("$schema")),
        Some("./config.schema.json".into())
    );
    assert_eq!(shown, serde_json::to_value(Config::default()).expect("it serializes"));
}

#[test]
fn a_broken_runtime_file_is_refused_with_its_place_and_the_way_out() {
    let folder = folder("{}");
    let runtime = folder.path().join("config.runtime.json");
    fs::write(&runtime, r#"{"load": {"max_users": "#).expect("a file");
    let maid = assert_cmd::Command::cargo_bin("maid")
        .expect("it is built")
        .arg("--config")
        .arg(folder.path().join("config.json"))
        .args(["validate", "recipe:quickstart"])
        .assert()
        .code(104);
    let told = String::from_utf8_lossy(&maid.get_output().stderr)
        .replace(&folder.path().display().to_string(), "DIR");
    assert!(
        told.contains("DIR/config.runtime.json: is not JSON: EOF while parsing a value at line 1"),
        "{told}"
    );
    assert!(told.contains("mv DIR/config.runtime.json DIR/config.runtime.json.broken"), "{told}");
}

#[test]
fn providers_are_refused_with_their_place_and_without_their_secret() {
    let told = refused(
        r#"{"auth": {"oidc": [
            {"id": "A B", "name": "A", "issuer": "https://a.test", "client_id": "maid", "client_secret": "hunter2", "rolls": {}},
            {"id": "b", "name": "B", "client_id": "maid", "roles": {"staff": "boss"}}
        ]}}"#,
        &[],
    );
    for line in [
        "DIR/config.json: auth.oidc.0.id: has a character that is not allowed here",
        "DIR/config.json: auth.oidc.0.rolls: unknown key, did you mean `roles`?",
        "DIR/config.json: auth.oidc.1.issuer: is missing",
        "DIR/config.json: auth.oidc.1.roles.staff: must be one of viewer, operator, editor, admin",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    assert!(!told.contains("hunter2"), "{told}");

    let one = r#"[{"id": "a", "name": "A", "issuer": "https://a.test", "client_id": "maid"}]"#;
    let told = refused("{}", &[("MAID__AUTH__OIDC", one)]);
    assert!(told.contains("server.public_url: is needed by auth.oidc"), "{told}");
    let folder = folder("{}");
    let public_url = ("MAID__SERVER__PUBLIC_URL", "https://maid.example.com");
    let config =
        Config::load(&sources(folder.path(), &[("MAID__AUTH__OIDC", one), public_url])).expect("both");
    assert_eq!(config.auth.oidc[0].scopes, ["openid", "profile", "email"]);
    assert_eq!(config.auth.oidc[0].tenant, "default");

    let many: Vec<_> =
        (0..17).map(|at| one[1..one.len() - 1].replace(r#""a""#, &format!("\"a{at}\""))).collect();
    let told = refused(&format!(r#"{{"auth": {{"oidc": [{}]}}}}"#, many.join(",")), &[public_url]);
    assert!(told.contains("auth.oidc: must have at most 16 entries"), "{told}");
}
