use serde_json::json;

use super::*;
use crate::config::schema;

fn with_runtime(runtime: Value, environment: &[(&str, &str)]) -> Layered {
    let environment = environment.iter().map(|(name, value)| (name.into(), value.into())).collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("config.json");
    let own = json!({
        "load": {"max_users": 5, "max_rps": 1},
        "server": {"tls": {"cert_file": "tls.crt", "key_file": "tls.key"}},
    });
    std::fs::write(&file, own.to_string()).expect("a file");
    let sources = Sources { file: Some(file), environment, ..Sources::default() };
    Layered::read_with(&sources, runtime).expect("it is right")
}

/// Another valid value than the default of `key`.
fn another(key: &str, schema: &Value) -> Value {
    let path: Vec<&str> = key.split('.').collect();
    let part = schema::at(schema, &path).expect("it is described");
    match (key, part["type"].as_str().unwrap_or_default()) {
        ("server.host", _) => json!("127.0.0.2"),
        ("server.trusted_proxies", _) => json!(["10.0.0.0/8"]),
        ("server.public_url", _) => json!("https://maid.example.com"),
        ("auth.oidc", _) => json!([{
            "id": "a", "name": "A", "issuer": "https://id.example.com", "client_id": "maid", "client_secret": "hunter2"
        }]),
        ("server.cors_origins", _) => json!(["https://a.test"]),
        ("auth.secret", _) => json!("0123456789abcdef0123456789abcdef"),
        ("auth.registration", _) => json!("open"),
        ("telemetry.log", _) => json!("debug"),
        ("telemetry.log_format", _) => json!("json"),
        ("telemetry.otlp.endpoint", _) => json!("http://127.0.0.1:4318"),
        ("telemetry.otlp.headers", _) => json!({"authorization": "hunter2"}),
        (_, "integer") => json!(part["default"].as_u64().expect("a default") + 1),
        (_, "number") => json!(0.25),
        (_, "boolean") => json!(part["default"] == false),
        (_, "array") => json!(["a.test"]),
        _ if part["title"] == "Duration" => json!("77s"),
        _ => json!("another"),
    }
}

#[test]
fn a_change_takes_effect_at_once_or_waits_as_its_key_says() {
    let schema = schema::inlined();
    let started = with_runtime(json!({}), &[]);
    for (key, change) in KEYS {
        let mut runtime = nested(key.split('.'), another(key, &schema));
        if *key == "auth.oidc" {
            // One is no use without the other.
            runtime["server"]["public_url"] = another("server.public_url", &schema);
        }
        let changed = with_runtime(runtime, &[]);
        assert!(!changed.same(key, &started), "{key} was changed");
        assert_ne!(changed.config(), started.config(), "{key} was changed");
        let wanted = if *change == Change::Live { changed.config() } else { started.config() };
        assert_eq!(&changed.in_effect(&started), wanted, "{key}");
    }
}

#[test]
fn who_wins_is_known_for_each_key() {
    let runtime = json!({"load": {"max_users": 6, "stop_grace": "1s"}, "server": {"port": 1}});
    let layered = with_runtime(runtime, &[("MAID__LOAD__MAX_USERS", "7")]);
    let told: Vec<String> = layered
        .origins()
        .map(|(key, origin)| format!("{key}: {}", origin.to_string().rsplit('/').next().unwrap_or_default()))
        .collect();
    assert_eq!(
        told,
        [
            "server.port: config.runtime.json",
            "server.tls.cert_file: config.json",
            "server.tls.key_file: config.json",
            "load.stop_grace: config.runtime.json",
            "load.max_users: environment variable MAID__LOAD__MAX_USERS",
            "load.max_rps: config.json",
        ]
    );
    let overridden: Vec<_> = layered.overridden().collect();
    assert_eq!(overridden, [("load.max_users", &Origin::Environment("MAID__LOAD__MAX_USERS".to_owned()))]);
}

#[test]
fn secrets_survive_and_are_not_shown() {
    let environment = [
        ("MAID__DATABASE__URL", "postgres://maid:hunter2@db/maid"),
        ("MAID__TELEMETRY__OTLP__HEADERS", "authorization=hunter2"),
    ];
    let layered = with_runtime(json!({}), &environment);
    let config = layered.in_effect(&layered);
    assert_eq!(config.database.url.expose(), Some("postgres://maid:hunter2@db/maid"));
    assert_eq!(config.telemetry.otlp.headers["authorization"].expose(), "hunter2");
    let shown = format!("{layered:?} {}", serde_json::to_string(&config).expect("it serialises"));
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn flags_are_the_last_word_and_are_checked_too() {
    let mut sources = Sources::default();
    let flag = |value: Value| crate::config::FlagSetting { flag: "--port", key: "server.port", value };
    sources.environment.push(("MAID__SERVER__PORT".into(), "1".into()));
    sources.flags.settings.push(flag(json!(2)));
    let layered = Layered::read_with(&sources, json!({})).expect("it is right");
    assert_eq!(layered.config().server.port, 2);
    sources.flags.settings.push(flag(json!(70_000)));
    let told = Layered::read_with(&sources, json!({})).expect_err("no port").to_string();
    assert_eq!(told, "flag --port: server.port: must be at most 65535");
}
