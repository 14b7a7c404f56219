//! What watchers get: in order, from the present state on, and only what they asked for.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use maid::bus::{Event, LogEvent, LogLevel, RunPhase, StatusEvent, TestCompleted, Topic};
use serde_json::{Value, json};

use super::{Client, Server, server::RUN};

#[tokio::test]
async fn what_is_published_arrives_in_order_with_its_envelope() {
    let server = Server::start();
    let mut client = Client::of(&server).await;
    client.say(json!({"subscribe": ["maid:status", "maid:metrics", "maid:test-completed"]})).await;
    let answer = client.hear().await;
    assert_eq!(answer["topic"], "maid:subscribed");
    assert_eq!(
        answer["data"],
        json!({"topics": ["maid:status", "maid:metrics", "maid:test-completed"], "level": null})
    );
    let status = client.hear().await;
    assert_eq!((&status["topic"], &status["seq"]), (&json!("maid:status"), &json!(0)), "nothing has run yet");
    assert_eq!((&status["data"]["phase"], &status["data"]["accepting"]), (&json!("idle"), &json!(true)));

    for number in 1..=3 {
        server.metrics(number * 10);
        let metrics = client.hear().await;
        assert_eq!(metrics["topic"], "maid:metrics");
        assert_eq!((&metrics["seq"], &metrics["run_id"]), (&json!(number), &json!(RUN)));
        assert_eq!(metrics["data"]["requests"], number * 10);
        let at: jiff::Timestamp = metrics["at"].as_str().and_then(|at| at.parse().ok()).expect("a time");
        assert!(at.duration_until(jiff::Timestamp::now()).as_secs() < 60);
    }
    let completed = TestCompleted {
        status: RunPhase::Completed,
        passed: Some(true),
        name: "checkout".to_owned(),
        requests: 30,
        failures: 0,
        duration_s: 1.5,
        findings: 0,
        top_finding: None,
    };
    server.bus.publish(Some(RUN), Event::TestCompleted(completed));
    let completed = client.hear().await;
    assert_eq!((&completed["topic"], &completed["seq"]), (&json!("maid:test-completed"), &json!(1)));
    assert_eq!(completed["data"]["passed"], true);
}

#[tokio::test]
async fn who_comes_late_gets_the_state_and_the_series_so_far() {
    let server = Server::start();
    (1..=3).for_each(|number| server.metrics(number));
    (1..=2).for_each(|number| server.status(number));
    (1..=300).for_each(|number| server.log(LogLevel::Info, format!("line {number}")));
    server.log(LogLevel::Debug, "not for everybody");
    for _ in 0..2 {
        let mut client = Client::subscribed(&server, &["maid:status", "maid:metrics", "maid:logs"]).await;
        let status = client.hear().await;
        assert_eq!((&status["topic"], &status["seq"]), (&json!("maid:status"), &json!(2)));
        assert_eq!(status["data"]["requests"], 2);
        let metrics = client.hear().await;
        assert_eq!((&metrics["topic"], &metrics["seq"]), (&json!("maid:metrics"), &json!(3)));
        assert_eq!(metrics["run_id"], json!(RUN));
        assert_eq!(metrics["data"]["requests"], 3);
        assert_eq!(metrics["data"]["series"]["requests"], json!([10, 20]));
        for number in 101..=300 {
            let line = client.hear().await;
            assert_eq!((&line["topic"], &line["seq"]), (&json!("maid:logs"), &json!(number)));
            assert_eq!(line["data"], json!({"level": "info", "message": format!("line {number}")}));
        }
        client.hears_nothing().await;
    }
    let mut client = Client::subscribed(&server, &["maid:metrics"]).await;
    assert_eq!(client.hear().await["seq"], 3);
    server.metrics(4);
    let next = client.hear().await;
    assert_eq!((&next["seq"], &next["data"]["series"]), (&json!(4), &Value::Null));
}

#[tokio::test]
async fn between_the_state_and_the_stream_nothing_is_lost_or_said_twice() {
    let server = Server::start();
    let over = Arc::new(AtomicBool::new(false));
    let (bus, ends) = (server.bus.clone(), over.clone());
    let publisher = thread::spawn(move || {
        let mut requests = 0;
        while !ends.load(Ordering::Relaxed) {
            requests += 1;
            let line = LogEvent { level: LogLevel::Info, message: requests.to_string() };
            bus.publish(Some(RUN), Event::Log(line));
            bus.publish(Some(RUN), Event::Status(StatusEvent { requests, ..StatusEvent::default() }));
            thread::sleep(Duration::from_millis(2));
        }
    });
    for _ in 0..20 {
        let mut client = Client::subscribed(&server, &["maid:logs", "maid:status"]).await;
        let mut expected = [None, None];
        for _ in 0..300 {
            let message = client.hear().await;
            let seq = message["seq"].as_u64().expect("a number");
            let of = usize::from(message["topic"] == "maid:logs");
            assert!(expected[of].is_none_or(|expected| expected == seq), "{expected:?}, {message}");
            expected[of] = Some(seq + 1);
        }
    }
    over.store(true, Ordering::Relaxed);
    publisher.join().expect("it ends");
}

#[tokio::test]
async fn lines_come_by_level() {
    let server = Server::start();
    let write = |number: u32| {
        for (name, level) in [
            ("debug", LogLevel::Debug),
            ("info", LogLevel::Info),
            ("warn", LogLevel::Warn),
            ("error", LogLevel::Error),
        ] {
            server.log(level, format!("{name} {number}"));
        }
    };
    write(1);
    for (level, names) in [
        (json!("debug"), &["debug", "info", "warn", "error"][..]),
        (Value::Null, &["info", "warn", "error"]),
        (json!("warn"), &["warn", "error"]),
        (json!("error"), &["error"]),
    ] {
        let mut client = Client::of(&server).await;
        client.say(json!({"subscribe": ["maid:logs"], "level": level})).await;
        let answer = client.hear().await;
        let told = if level.is_null() { json!("info") } else { level };
        assert_eq!(answer["data"], json!({"topics": ["maid:logs"], "level": told}));
        for name in names {
            assert_eq!(client.hear().await["data"]["message"], format!("{name} 1"));
        }
        write(2);
        for name in names {
            assert_eq!(client.hear().await["data"]["message"], format!("{name} 2"));
        }
        // A new level begins anew.
        client.say(json!({"subscribe": ["maid:logs"], "level": "error"})).await;
        assert_eq!(client.hear().await["data"]["level"], "error");
        client.hear_of("maid:logs").await;
        assert_eq!(client.hear().await["data"]["message"], "error 2");
        client.hears_nothing().await;
        // The next client begins with the first lines again.
        let other = uuid::Uuid::now_v7();
        server.bus.publish(
            Some(other),
            Event::Log(LogEvent { level: LogLevel::Debug, message: "another run".to_owned() }),
        );
        write(1);
    }
}

#[tokio::test]
async fn who_unsubscribes_hears_no_more() {
    let server = Server::start();
    let mut client = Client::subscribed(&server, &["maid:metrics", "maid:metrics", "maid:logs"]).await;
    server.metrics(1);
    assert_eq!(client.hear().await["seq"], 1);
    client.say(json!({"unsubscribe": ["maid:metrics", "maid:recipe-generated"]})).await;
    assert_eq!(client.hear().await["data"], json!({"topics": ["maid:logs"], "level": "info"}));
    server.metrics(2);
    server.log(LogLevel::Info, "a line");
    assert_eq!(client.hear().await["data"]["message"], "a line", "and no metrics, though they came first");
    client.say(json!({"subscribe": ["maid:metrics"]})).await;
    assert_eq!(client.hear().await["data"]["topics"], json!(["maid:metrics", "maid:logs"]));
    assert_eq!(client.hear().await["seq"], 2, "the present state, once");
    client.hears_nothing().await;
    assert_eq!(server.last(Topic::Metrics), 2);
}
