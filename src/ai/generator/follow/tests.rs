//! A further sentence changes what it names, and nothing else.

use crate::{
    ai::generator::{Ask, Models, built_in, draft::Source, generate, service::Generated},
    loadtest::types::LoadTest,
    recipes::library::Library,
};

async fn turn(previous: Option<LoadTest>, text: &str) -> Generated {
    let known = built_in(&Library::built_in());
    let ask = Ask { text: text.to_owned(), previous };
    generate(ask, &known, Models::default(), &|_| ()).await.expect("a text")
}

async fn first(text: &str) -> LoadTest {
    turn(None, text).await.loadtest
}

fn names(test: &LoadTest) -> Vec<&str> {
    test.scenarios.iter().flat_map(|one| &one.transactions).map(|one| one.name.as_str()).collect()
}

#[tokio::test]
async fn users_change_and_search_comes_in() {
    let before = first("GET /a on http://127.0.0.1:1 with 20 users for 2 minutes, p95 under 300 ms").await;
    let after = turn(Some(before.clone()), "make it 500 users and add search").await;
    assert_eq!(after.loadtest.load.users, Some(500));
    assert_eq!(names(&after.loadtest), ["GET /a", "search"]);
    assert_eq!(after.loadtest.thresholds, before.thresholds);
    assert_eq!(
        (&after.loadtest.target, after.loadtest.load.run_time),
        (&before.target, before.load.run_time)
    );
    let of = |path: &str| after.provenance.iter().find(|one| one.path == path).map(|one| one.source);
    assert_eq!(of("/load/users"), Some(Source::Text));
    assert_eq!(of("/load/run_time"), Some(Source::Previous));
    assert_eq!(of("/scenarios/0/transactions/1"), Some(Source::Recipe));
    let bare = turn(Some(before), "make it 500").await;
    assert_eq!(bare.loadtest.load.users, Some(500));
}

#[tokio::test]
async fn login_goes_and_what_needs_it_goes_on_without() {
    let before = first("Test the login at http://127.0.0.1:43180 with 5 users").await;
    let after = turn(Some(before.clone()), "ohne Login").await;
    assert!(after.is_complete(), "{:?}", after.questions);
    assert!(after.loadtest.scenarios[0].on_start.is_empty(), "{}", after.yaml);
    assert!(!after.yaml.contains("{{ token }}") && !after.yaml.contains("/login"), "{}", after.yaml);
    assert_eq!(after.loadtest.load, before.load);
    let only = first("GET /search on http://127.0.0.1:1 with 5 users").await;
    let nothing = turn(Some(only.clone()), "without search").await;
    assert_eq!(nothing.loadtest, only, "a test of nothing is none");
    assert_eq!(nothing.questions[0].about, "requests");
}

#[tokio::test]
async fn a_time_stands_for_another() {
    let before = first("GET /a on http://127.0.0.1:1 with 20 users for 2 minutes").await;
    for text in ["statt 2 Minuten 5", "5 minutes instead of 2 minutes", "jetzt 5 Minuten"] {
        let after = turn(Some(before.clone()), text).await.loadtest;
        assert_eq!(after.load.run_time.map(|span| span.to_string()).as_deref(), Some("5m"), "{text}");
        assert_eq!(after.load.users, Some(20), "{text}");
    }
}

#[tokio::test]
async fn rules_hosts_and_shares_change_by_themselves() {
    let before =
        first("GET /a and POST /b on http://127.0.0.1:1, 4 users, 9 s, p95 under 300 ms, no errors").await;
    let after =
        turn(Some(before.clone()), "p95 unter 200 ms auf http://127.0.0.1:2, doppelt so viele Nutzer")
            .await
            .loadtest;
    assert_eq!(after.thresholds, ["failures == 0", "p95 < 200ms"]);
    assert_eq!((after.target.hosts[0].as_str(), after.load.users), ("http://127.0.0.1:2", Some(8)));
    let shared = turn(Some(before.clone()), "/a three times as often as /b").await.loadtest;
    assert_eq!(shared.scenarios[0].transactions.iter().map(|one| one.weight).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(shared.load, before.load);
}

#[tokio::test]
async fn a_missing_host_may_be_given_later() {
    let before = turn(None, "GET /a with 4 users").await;
    assert!(!before.is_complete() && before.loadtest.target.hosts.is_empty());
    let after = turn(Some(before.loadtest), "http://127.0.0.1:9").await;
    assert!(after.is_complete(), "{:?}", after.questions);
    assert_eq!(after.loadtest.target.hosts, ["http://127.0.0.1:9"]);
}

#[tokio::test]
async fn what_is_there_is_changed_without_being_said_anew() {
    let load = "GET /feed and POST /likes on http://127.0.0.1:1";
    let staged = format!(
        "{load}, ramp to 100 users in 2m, hold for 5m, then to 0 in 1m; p95 < 300ms, error rate < 1%"
    );
    let (rated, shared) = (format!("{load}, 60 rps for 4m"), format!("{load} 3:1, 20 users, 3m"));
    for (before, text, want) in [
        (&staged, "hold the plateau for a quarter of an hour instead", "duration: 15m"),
        (&staged, "die Spitze bitte auf 180 statt 100", "target: 180"),
        (&staged, "judge it by p99 rather than by p95", "p99 < 300ms"),
        (&staged, "sorry, wrong port, it's 8085", "http://127.0.0.1:8085"),
        (&rated, "halve the rate and run it twice as long", "rate: 30"),
        (&rated, "statt der festen Rate lieber 40 Nutzer", "users: 40"),
        (&shared, "Dreh das Verhältnis um", "weight: 3"),
        (&shared, "add the header X-Region: apac", "X-Region: apac"),
    ] {
        let known = first(before).await;
        let after = turn(Some(known.clone()), text).await;
        assert!(after.yaml.contains(want), "{text}: {}", after.yaml);
        assert_ne!(after.loadtest, known, "{text}");
    }
    let known = first(&staged).await;
    let without = turn(Some(known.clone()), "forget about the error rate, and kill the likes").await;
    assert_eq!(without.loadtest.thresholds, ["p95 < 300ms"]);
    assert_eq!(names(&without.loadtest), ["GET /feed"]);
    let same = turn(Some(known.clone()), "60 users... no wait, leave the users as they were").await;
    assert_eq!(same.loadtest.load, known.load);
}

#[tokio::test]
async fn settings_go_by_their_names() {
    let before =
        first("GET /a and POST /b on http://127.0.0.1:1 with 20 users for 2 minutes, think time 2 s").await;
    assert!(before.scenarios[0].think_time.is_some(), "{before:?}");
    let after = turn(Some(before.clone()), "ohne Denkpause bitte").await.loadtest;
    assert_eq!(after.scenarios[0].think_time, None);
    let after = turn(Some(before), "drop the POST, keep everything else").await.loadtest;
    assert_eq!(names(&after), ["GET /a"]);
    let ramp =
        first("Ramp up to 60 users over 3 minutes on http://127.0.0.1:1/rooms, then hold for 10 minutes")
            .await;
    assert!(ramp.load.stages.is_some(), "{ramp:?}");
    let flat = turn(Some(ramp), "no ramp now, 90 users for 15 minutes").await.loadtest.load;
    assert_eq!((flat.stages, flat.users), (None, Some(90)));
    assert_eq!(flat.run_time, Some(crate::loadtest::span::Span::from_secs(900)));
}

#[tokio::test]
async fn requests_and_rules_are_put_right() {
    let before =
        first("PUT /blob/1 and GET /books?page=1 on http://127.0.0.1:1, 8 users, 2 min, p95 < 300 ms").await;
    let patch = turn(Some(before.clone()), "That was meant to be a PATCH on /blob/1, sorry").await.loadtest;
    assert_eq!(names(&patch), ["PATCH /blob/1", "GET /books"]);
    let other = turn(Some(before.clone()), "Statt /blob/1 jetzt /shelf").await.loadtest;
    assert_eq!(names(&other), ["GET /books", "GET /shelf"]);
    let page = turn(Some(before.clone()), "page /books?page=7 not 1").await.loadtest;
    assert_eq!(names(&page), ["PUT /blob/1", "GET /books"]);
    assert_eq!(page.scenarios[0].transactions[1].requests[0].path, "/books?page=7");
    for (text, rules) in [
        ("die Schwelle war zu streng, nimm 700 ms", ["p95 < 700ms"].as_slice()),
        ("Das p95-Kriterium fällt weg, stattdessen soll der Median unter 150 ms liegen", &["p50 < 150ms"]),
        ("Forget the response time limit. Instead no errors", &["failures == 0"]),
    ] {
        assert_eq!(turn(Some(before.clone()), text).await.loadtest.thresholds, rules, "{text}");
    }
    for (text, users) in [
        ("a quarter of the users, please", 2),
        ("mit 50 % mehr Nutzern", 12),
        ("nur ein Viertel der Leute", 2),
    ] {
        assert_eq!(turn(Some(before.clone()), text).await.loadtest.load.users, Some(users), "{text}");
    }
}

#[tokio::test]
async fn steps_come_behind_those_that_are_there() {
    let before =
        first("Ramp up to 40 users in 1 minute on http://127.0.0.1:1/todos, then hold for 4 minutes").await;
    let after = turn(Some(before), "and at the end go down to 0 in 90 seconds").await.loadtest;
    let stages: Vec<(u64, f64)> =
        after.load.stages.iter().flatten().map(|one| (one.duration.get().as_secs(), one.target)).collect();
    assert_eq!(stages, [(60, 40.0), (240, 40.0), (90, 0.0)]);
}

#[tokio::test]
async fn hosts_and_paths_come_beside_or_instead() {
    let before = first("Test http://127.0.0.1:1/list with 20 users for 2 minutes").await;
    let both = turn(Some(before.clone()), "please also test http://127.0.0.1:2").await.loadtest;
    assert_eq!(both.target.hosts, ["http://127.0.0.1:1", "http://127.0.0.1:2"]);
    for text in
        ["60 per second, against http://127.0.0.1:3", "70 statt 20 Nutzern und gegen http://127.0.0.1:3"]
    {
        let moved = turn(Some(before.clone()), text).await.loadtest;
        assert_eq!(moved.target.hosts, ["http://127.0.0.1:3"], "{text}");
    }
    let other = turn(Some(before.clone()), "use /guide rather than the list").await.loadtest;
    assert_eq!(names(&other), ["GET /guide"]);
    let more = turn(Some(before), "add /guide").await.loadtest;
    assert_eq!(names(&more), ["GET /list", "GET /guide"]);
}
