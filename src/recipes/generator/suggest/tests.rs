//! Suggestions are what was seen, within what the recipe takes.

use super::*;

fn recipe() -> Recipe {
    let recipe = json!({
        "title": "R", "summary": "S.", "category": "api",
        "parameters": [
            {"name": "host", "type": "string", "help": "h", "required": true, "example": "http://127.0.0.1:1"},
            {"name": "users", "type": "integer", "help": "h", "default": 5, "max": 100},
            {"name": "slow", "type": "duration", "help": "h", "default": "1s"},
            {"name": "word", "type": "string", "help": "h", "default": "lamp"},
            {"name": "key", "type": "secret", "help": "h", "default": "s"}
        ],
        "loadtest": {"target": {"hosts": ["${param:host}"], "headers": {"X": "${param:key}"}},
            "load": {"users": "${param:users}"}, "name": "${param:word}", "thresholds": ["p95 < ${param:slow}"]}
    });
    serde_json::from_value(recipe).expect("a recipe")
}

fn run(host: &str, passed: bool, users_max: u32, p95_ms: f64) -> Earlier {
    Earlier { hosts: vec![host.to_owned()], passed, users_max, rps: 10.0, p95_ms, p99_ms: 2.0 * p95_ms }
}

fn values(host: Option<&str>, earlier: &[Earlier]) -> Vec<(String, Value, Source)> {
    let all = suggest(&recipe(), host, earlier, None);
    all.into_iter().map(|one| (one.parameter, one.value, one.source)).collect()
}

#[test]
fn without_earlier_runs_it_is_what_the_recipe_says() {
    let all = values(None, &[]);
    let names: Vec<_> = all.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["host", "users", "slow", "word"], "no secret is suggested");
    assert!(all.iter().all(|(.., source)| *source == Source::Recipe), "{all:?}");
}

#[test]
fn what_has_passed_there_is_suggested() {
    let here = "http://shop:1";
    let earlier =
        [run("http://SHOP:1/", true, 40, 101.0), run(here, false, 90, 900.0), run("http://b", true, 80, 1.0)];
    let all = values(Some(here), &earlier);
    assert_eq!(all[0], ("host".to_owned(), json!(here), Source::Request));
    assert_eq!(all[1], ("users".to_owned(), json!(40), Source::EarlierRuns));
    assert_eq!(all[2], ("slow".to_owned(), json!("160ms"), Source::EarlierRuns));
    assert_eq!(all[3].2, Source::Recipe);
}

#[test]
fn what_the_bounds_do_not_take_is_not() {
    let all = values(None, &[run("http://a", true, 500, 10.0)]);
    assert_eq!(all[0].1, json!("http://a"));
    assert_eq!(all[1], ("users".to_owned(), json!(5), Source::Recipe));
}

fn seen(answered_ms: &[f64]) -> Probed {
    Probed { sent: answered_ms.len(), answered_ms: answered_ms.to_vec(), failed: None }
}

#[test]
fn a_probe_says_what_the_recipe_would_have_guessed() {
    let slow = |earlier: &[Earlier], probed: &Probed| {
        let all = suggest(&recipe(), None, earlier, Some(probed));
        let found = all.into_iter().find(|one| one.parameter == "slow").expect("it is suggested");
        (found.value, found.source)
    };
    assert_eq!(slow(&[], &seen(&[12.0, 41.0, 30.0])), (json!("130ms"), Source::Probe));
    assert_eq!(
        slow(&[], &seen(&[0.2])),
        (json!("20ms"), Source::Probe),
        "below, it would judge this machine"
    );
    assert_eq!(slow(&[], &seen(&[])), (json!("1s"), Source::Recipe), "nothing was answered");
    let passed = [run("http://a", true, 4, 101.0)];
    assert_eq!(slow(&passed, &seen(&[41.0])), (json!("160ms"), Source::EarlierRuns), "a run says more");
}

#[test]
fn requests_under_way_follow_from_the_rate() {
    let mut open = recipe();
    open.loadtest["load"] = json!({"arrival": {"rate": "${param:rate}", "max_users": "${param:users}"}});
    open.parameters.push(
        serde_json::from_value(json!({"name": "rate", "type": "number", "help": "h", "default": 200}))
            .expect("one"),
    );
    let users = |seen: &Probed| {
        let all = suggest(&open, None, &[], Some(seen));
        let found = all.into_iter().find(|one| one.parameter == "users").expect("it is suggested");
        (found.value, found.source, found.because)
    };
    let (value, source, because) = users(&seen(&[10.0, 50.0]));
    assert_eq!((value, source), (json!(30), Source::Probe));
    assert!(because.contains("200 requests/s of 50.0 ms") && because.contains("10.0 under way"), "{because}");
    // More than the parameter takes is no suggestion.
    assert_eq!(users(&seen(&[900.0])).1, Source::Recipe);
}
