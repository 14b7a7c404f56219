use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::{Method, StatusCode};
use uuid::Uuid;

use super::*;
use crate::bus::{
    Event, LiveGeneratorEvent, LiveRequest, MetricsEvent, RunPhase, StatusEvent, TestCompleted,
};

fn of(bus: &Bus, database: DatabaseUse) -> Metrics {
    let websockets = || Stats { open: 4, sent: 9, ..Stats::default() };
    Metrics::of(Sources {
        bus: bus.clone(),
        database: Box::new(move || database),
        websockets: Box::new(websockets),
    })
}

/// Metrics with something in every one of them: a run under way and a request answered.
fn full(bus: &Bus) -> (Metrics, Uuid) {
    let metrics = of(bus, DatabaseUse { open: 3, idle: 2, max: 10, failures: 1 });
    metrics.http().observe(
        &Method::GET,
        "/api/maid/runs/{id}",
        StatusCode::OK,
        std::time::Duration::from_millis(3),
    );
    let run = Uuid::now_v7();
    let status = StatusEvent {
        phase: RunPhase::Maintain,
        run_id: Some(run),
        name: Some("Shop \"checkout\"\n".to_owned()),
        ..StatusEvent::default()
    };
    metrics.runs.learn(Some(run), &Event::Status(status));
    metrics.runs.learn(Some(run), &Event::Metrics(Arc::new(event(10, 150))));
    (metrics, run)
}

fn event(requests: u64, names: usize) -> MetricsEvent {
    let request = |at: usize| LiveRequest {
        name: format!("GET /{at}"),
        method: "GET".to_owned(),
        requests: 5,
        failures: 1,
        rps: 2.5,
        p50_ms: 10.0,
        p95_ms: 20.0,
        p99_ms: 30.0,
    };
    MetricsEvent {
        phase: RunPhase::Maintain,
        requests,
        users: 7,
        generator_cpu_percent: 150.0,
        p95_ms: 12.5,
        checks_failed: 2,
        status_codes: Arc::new([("200".to_owned(), 9)].into()),
        generator: LiveGeneratorEvent { dispatch_lag_p99_ms: 1.5, ..LiveGeneratorEvent::default() },
        by_request: (names > 0).then(|| (0..names).map(request).collect()),
        ..MetricsEvent::default()
    }
}

#[test]
fn a_run_is_shown_while_it_runs() {
    let bus = Bus::default();
    let (metrics, run) = full(&bus);
    let text = metrics.text();
    let labels = format!(r#"run_id="{run}",test="Shop \"checkout\"\n""#);
    for line in [
        format!("maid_run_users{{{labels}}} 7.0"),
        format!("maid_run_requests_total{{{labels}}} 10.0"),
        format!("maid_run_response_time_seconds{{{labels},percentile=\"95\"}} 0.0125"),
        format!("maid_generator_cpu_cores{{{labels}}} 1.5"),
        format!("maid_request_finished_total{{{labels},request=\"GET /0\",method=\"GET\"}} 5.0"),
        format!(
            "maid_request_response_time_seconds{{{labels},request=\"GET /99\",method=\"GET\",percentile=\"99\"}} 0.03"
        ),
        format!("maid_run_checks_total{{{labels},result=\"failed\"}} 2.0"),
        format!("maid_run_answers_total{{{labels},code=\"200\"}} 9.0"),
        format!("maid_generator_dispatch_lag_seconds{{{labels}}} 0.0015"),
        "maid_websockets_open 4.0".to_owned(),
        "maid_websocket_messages_total 9.0".to_owned(),
        "maid_runs_active 1.0".to_owned(),
        r#"maid_http_requests_total{method="GET",route="/api/maid/runs/{id}",status="2xx"} 1"#.to_owned(),
        r#"maid_database_connections{state="in_use"} 1.0"#.to_owned(),
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("GET /100"), "a hundred names are enough");
    assert!(text.ends_with("# EOF\n"));

    metrics.runs.learn(Some(run), &Event::Metrics(Arc::new(event(20, 0))));
    assert!(metrics.text().contains("GET /99"), "names are told once a second and kept meanwhile");

    let over = TestCompleted {
        status: RunPhase::Stopped,
        passed: None,
        name: String::new(),
        requests: 20,
        failures: 0,
        duration_s: 1.0,
        findings: 0,
        top_finding: None,
    };
    metrics.runs.learn(Some(run), &Event::TestCompleted(over));
    metrics.runs.learn(Some(run), &Event::Metrics(Arc::new(event(20, 1))));
    let text = metrics.text();
    assert!(!text.contains("run_id="), "its series end with it, whatever comes late:\n{text}");
    assert!(text.contains("maid_runs_total{status=\"stopped\"} 1.0"));
    assert!(text.contains("maid_runs_total{status=\"failed\"} 0.0"));
}

#[tokio::test]
async fn the_bus_is_followed() {
    let bus = Bus::default();
    let metrics = of(&bus, DatabaseUse::default());
    let following = tokio::spawn(metrics.follow(&bus));
    let run = Uuid::now_v7();
    bus.publish(Some(run), Event::Metrics(Arc::new(event(1, 0))));
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(5);
    while !metrics.text().contains(&run.to_string()) {
        assert!(tokio::time::Instant::now() < until, "{}", metrics.text());
        tokio::task::yield_now().await;
    }
    following.abort();
}

#[test]
fn methods_that_anybody_makes_up_are_one() {
    let metrics = of(&Bus::default(), DatabaseUse::default());
    for method in ["BREW", "PROPFIND"] {
        let method = Method::from_bytes(method.as_bytes()).expect("a token");
        metrics.http().observe(&method, "unmatched", StatusCode::NOT_FOUND, std::time::Duration::ZERO);
    }
    let line = r#"maid_http_requests_total{method="OTHER",route="unmatched",status="4xx"} 2"#;
    assert!(metrics.text().contains(line), "{}", metrics.text());
}

/// Name as it is queried, type, labels, unit and meaning of each metric, read from a scrape.
fn described(text: &str) -> BTreeSet<[String; 5]> {
    let mut about: BTreeMap<&str, [&str; 3]> = BTreeMap::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("# ")) {
        let mut words = line.splitn(3, ' ');
        let (Some(kind), Some(name), Some(told)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let place = ["TYPE", "UNIT", "HELP"].iter().position(|known| *known == kind).expect("a known line");
        about.entry(name).or_default()[place] = told;
    }
    let series: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let described = about.into_iter().map(|(name, [kind, unit, help])| {
        let suffix = match kind {
            "counter" => "_total",
            "info" => "_info",
            "histogram" => "_count",
            _ => "",
        };
        let full = format!("{name}{suffix}");
        let labels = labels_of(&full, &series);
        let shown = if kind == "histogram" { name.to_owned() } else { full };
        [shown, kind.to_owned(), labels, unit.to_owned(), help.trim_end_matches('.').to_owned()]
    });
    described.collect()
}

fn labels_of(name: &str, series: &[&str]) -> String {
    let line = series.iter().find(|line| {
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with('{') || rest.starts_with(' '))
    });
    let line = line.unwrap_or_else(|| panic!("{name} has a series"));
    let key = regex::Regex::new("(?:[{,])([a-z_]+)=\"").expect("the pattern is valid");
    key.captures_iter(line).map(|found| found[1].to_owned()).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_documents_table_is_what_is_scraped() {
    let (metrics, _) = full(&Bus::default());
    let scraped: Vec<String> = described(&metrics.text())
        .iter()
        .map(|[name, kind, labels, unit, help]| format!("| `{name}` | {kind} | {labels} | {unit} | {help} |"))
        .collect();
    let page = std::fs::read_to_string("docs/operations.md").expect("the page is there");
    let shown: Vec<&str> =
        page.lines().filter(|line| line.starts_with("| `maid_") || line.starts_with("| `process_")).collect();
    assert_eq!(shown.join("\n"), scraped.join("\n"), "docs/operations.md tells all metrics, sorted by name");
}

/// Expressions of the dashboard: those of panels and of variables.
fn expressions(dashboard: &serde_json::Value) -> Vec<String> {
    let list =
        |place: &str| dashboard.pointer(place).and_then(|list| list.as_array()).expect("a list").iter();
    let of_panels = list("/panels").flat_map(|panel| panel["targets"].as_array().into_iter().flatten());
    let of_panels = of_panels.map(|target| target["expr"].as_str().expect("an expression").to_owned());
    let of_variables = list("/templating/list").filter(|variable| variable["type"] == "query");
    of_panels
        .chain(of_variables.map(|of| of["query"]["query"].as_str().expect("an expression").to_owned()))
        .collect()
}

#[test]
fn the_dashboard_asks_for_what_there_is() {
    let (metrics, _) = full(&Bus::default());
    let known: BTreeMap<String, String> =
        described(&metrics.text()).into_iter().map(|[name, _, labels, ..]| (name, labels)).collect();
    let text = std::fs::read_to_string("assets/grafana/maid.json").expect("the dashboard is there");
    let dashboard: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let name = regex::Regex::new(r"\b((?:maid|process)_[a-z0-9_]+)(?:\{([^}]*)\})?").expect("a pattern");
    let label = regex::Regex::new(r#"([a-z_]+)\s*(?:=~|!~|!=|=)\s*""#).expect("a pattern");
    let mut asked = BTreeSet::new();
    for expression in expressions(&dashboard) {
        for found in name.captures_iter(&expression) {
            let metric = found[1].trim_end_matches("_bucket").to_owned();
            let labels =
                known.get(&metric).unwrap_or_else(|| panic!("{metric} in {expression} is no metric"));
            for wanted in label.captures_iter(found.get(2).map_or("", |labels| labels.as_str())) {
                let given = &wanted[1] == "instance" || labels.split(", ").any(|label| label == &wanted[1]);
                assert!(given, "{metric} has no label {} in {expression}", &wanted[1]);
            }
            asked.insert(metric);
        }
    }
    let unshown: Vec<&String> = known.keys().filter(|metric| !asked.contains(*metric)).collect();
    assert!(unshown.is_empty(), "the dashboard shows everything but {unshown:?}");
}

#[test]
fn the_dashboard_can_be_imported() {
    let text = std::fs::read_to_string("assets/grafana/maid.json").expect("the dashboard is there");
    let dashboard: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let mut ids = BTreeSet::new();
    let mut taken = BTreeSet::new();
    for panel in dashboard["panels"].as_array().expect("panels") {
        assert!(
            ids.insert(panel["id"].as_u64().expect("an id")),
            "{}: another panel has its id",
            panel["title"]
        );
        let side = |name: &str| panel["gridPos"][name].as_u64().expect("a place");
        for (x, y) in (0..side("w")).flat_map(|x| (0..side("h")).map(move |y| (x, y))) {
            assert!(side("x") + x < 24, "{}: beyond the right edge", panel["title"]);
            assert!(taken.insert((side("x") + x, side("y") + y)), "{}: on another panel", panel["title"]);
        }
        for target in panel["targets"].as_array().into_iter().flatten() {
            assert_eq!(
                target["datasource"]["uid"], "${datasource}",
                "{}: its source can be chosen",
                panel["title"]
            );
        }
    }
    let rows: Vec<&str> = dashboard["panels"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|panel| panel["type"] == "row")
        .filter_map(|panel| panel["title"].as_str())
        .collect();
    assert_eq!(rows, ["Run", "Requests", "Generator", "Server", "Database", "Bus"]);
    assert!(dashboard.get("id").is_none_or(serde_json::Value::is_null), "Grafana gives it an id of its own");
}
