//! Every recipe that can be run is run, by the real binary: it passes, and it sends what it says.

use std::{
    collections::BTreeSet,
    fs,
    net::{Ipv4Addr, SocketAddr},
    process::Output,
    sync::Mutex,
    thread,
};

use maid::{
    demo::Shop,
    recipes::{
        document::{Parameter, ParameterType},
        library::{BuiltIn, Library},
    },
};
use serde_json::Value;

use crate::cli;

/// Runs at once: they wait more than they work.
const AT_ONCE: usize = 4;

/// A value with which a recipe takes a second or two, and says the same. Limits are as wide as they may be:
/// this is about what is sent, on a machine that does other things as well.
fn short(parameter: &Parameter) -> Option<String> {
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match (parameter.name.as_str(), parameter.unit.as_deref(), parameter.kind) {
        (_, Some("users"), _) => Some("10".to_owned()),
        (_, Some("requests/s"), _) => Some("20".to_owned()),
        (_, Some("users/s"), _) => Some("100".to_owned()),
        (name, ..) if name.starts_with("max_") => parameter.max.as_ref().map(shown),
        (name, ..) if name.starts_with("min_") => parameter.min.as_ref().map(shown),
        (name, _, ParameterType::Duration) if name.starts_with("think_") => Some("0s".to_owned()),
        (_, _, ParameterType::Duration) => Some("1s".to_owned()),
        _ => None,
    }
}

fn run(built_in: &BuiltIn, shop: &Shop) -> (Output, Value) {
    let folder = cli::folder();
    let recipe = built_in.checked.recipe();
    let values: Vec<String> = recipe
        .parameters
        .iter()
        .filter_map(|one| short(one).map(|value| format!("{}={value}", one.name)))
        .collect();
    let (id, url) = (format!("recipe:{}", built_in.id), shop.url());
    let mut arguments = vec!["run", &id, "-H", &url, "-q", "--summary", "json", "-o", "outcome.json"];
    arguments.extend(values.iter().flat_map(|value| ["-p", value]));
    // One pass of each user is everything that it does, however fast this machine is.
    if recipe.loadtest["load"].get("users").is_some() && built_in.id != "smoke" {
        arguments.extend(["-i", "1"]);
    }
    let output = cli::maid(&folder, &arguments).output().expect("it starts");
    let outcome = fs::read_to_string(folder.path().join("outcome.json")).unwrap_or_default();
    (output, serde_json::from_str(&outcome).unwrap_or_default())
}

/// The names of all requests of a LoadTest.
fn named<'a>(value: &'a Value, names: &mut BTreeSet<&'a str>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| named(value, names)),
        Value::Object(map) => {
            if map.contains_key("path") && !map.contains_key("from") {
                names.extend(map["name"].as_str());
            }
            map.values().for_each(|value| named(value, names));
        }
        _ => {}
    }
}

/// What is not as it should be with the run of a recipe.
fn amiss(built_in: &BuiltIn, shop: &Shop) -> Option<String> {
    let (output, outcome) = run(built_in, shop);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let tell = |what: &str| Some(format!("{}: {what}\n{stderr}\n{}", built_in.id, outcome["errors"]));
    if output.status.code() != Some(0) {
        return tell(&format!("exit code {:?}", output.status.code()));
    }
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    if summary["failures"] != 0 || summary["requests"].as_u64().is_none_or(|requests| requests == 0) {
        return tell(&format!("{} requests, {} failures", summary["requests"], summary["failures"]));
    }
    let checks = outcome["checks"].as_array().cloned().unwrap_or_default();
    if checks.is_empty() || checks.iter().any(|check| check["failed"] != 0) {
        return tell(&format!("a check failed: {checks:?}"));
    }
    let mut wanted = BTreeSet::new();
    named(&built_in.checked.recipe().loadtest, &mut wanted);
    let sent = summary["by_request"].as_array().cloned().unwrap_or_default();
    wanted.retain(|name| !sent.iter().any(|one| one["name"] == *name && one["requests"] != 0));
    if wanted.is_empty() { None } else { tell(&format!("never sent: {wanted:?}")) }
}

#[test]
fn every_recipe_runs_and_passes() {
    let shop = Shop::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
    let library = Library::built_in();
    let runnable: Vec<&BuiltIn> =
        library.all().filter(|one| one.checked.recipe().requires.is_none()).collect();
    assert!(runnable.len() >= 22, "{}", runnable.len());
    let waiting = Mutex::new(runnable);
    let amiss: Vec<String> = thread::scope(|scope| {
        let worker = || {
            let mut found = Vec::new();
            loop {
                let next = waiting.lock().expect("no worker panics with it").pop();
                let Some(built_in) = next else { return found };
                found.extend(self::amiss(built_in, &shop));
            }
        };
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("it ends")).collect()
    });
    assert!(amiss.is_empty(), "{}", amiss.join("\n\n"));
    // Money has moved, and there is as much of it as before.
    assert!(shop.requests().of("POST /transfers") > 0);
    assert_eq!(shop.requests().of("unmatched"), 0, "{:?}", shop.requests());
}
