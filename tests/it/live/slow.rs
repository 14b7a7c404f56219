//! Clients that do not read: they cost little, hold up nobody, and learn what they missed.

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use maid::bus::{Event, MetricsEvent, Received, TopError, Topic};
use serde_json::{Value, json};

use super::{Client, Server, server::RUN};

/// Bytes of one message of the flood.
const LARGE: usize = 256 << 10;
/// Messages of the flood: 25 MB for each client.
const FLOOD: u64 = 100;
/// Messages that the connection of a client that does not read may take: what the write buffer and the
/// kernel hold on both sides.
const TAKEN: u64 = 24;

fn publish_large(server: &Server, requests: u64) {
    let top_errors = vec![TopError { message: "x".repeat(LARGE), count: 1 }];
    let metrics = MetricsEvent { requests, top_errors, ..MetricsEvent::default() };
    server.bus.publish(Some(RUN), Event::Metrics(metrics.into()));
}

#[tokio::test]
async fn fifty_clients_that_do_not_read_cost_a_bounded_buffer() {
    let server = Server::start();
    let mut listener = server.bus.subscribe(Topic::Metrics);
    let mut stalled = Vec::new();
    for _ in 0..50 {
        stalled.push(Client::subscribed(&server, &["maid:metrics"]).await);
    }
    let mut reader = Client::subscribed(&server, &["maid:metrics"]).await;
    let mut alive = Vec::new();
    for number in 1..=FLOOD {
        publish_large(&server, number);
        if let Some(Received::Message(message)) = listener.try_next() {
            alive.push(Arc::downgrade(&message));
        }
        // Whoever reads gets everything, however many do not.
        assert_eq!(reader.hear().await["data"]["requests"], number);
    }
    let sent = server.live.stats().sent - FLOOD;
    assert!((50..50 * TAKEN).contains(&sent), "{sent} messages were taken for 50 clients");
    let kept = alive.iter().filter_map(Weak::upgrade).count();
    assert!(kept <= 2 * Topic::Metrics.ring(), "{kept} messages are kept");

    for client in &mut stalled {
        let (mut came, mut missed, mut last) = (0, 0, 0);
        while last < FLOOD {
            let message = client.hear().await;
            if message["topic"] == "maid:missed" {
                assert_eq!(message["data"]["topic"], "maid:metrics");
                missed += message["data"]["missed"].as_u64().expect("a number");
            } else {
                came += 1;
                last = message["seq"].as_u64().expect("a number");
            }
        }
        assert_eq!(came + missed, FLOOD, "what came and what was missed is all there was");
        assert!(missed > FLOOD / 2, "only {missed} were missed");
    }
    server.until("what was missed is counted", |stats| stats.missed > 50 * FLOOD / 2).await;
}

#[tokio::test]
async fn the_newest_state_is_among_what_a_slow_client_gets_first() {
    let server = Server::start();
    let mut client = Client::subscribed(&server, &["maid:metrics"]).await;
    for number in 1..=FLOOD {
        publish_large(&server, number);
    }
    // The ring alone is left: however slow the client was, it goes on with what is.
    let first = client.hear_of("maid:missed").await;
    assert!(first["data"]["missed"].as_u64().is_some_and(|missed| missed > FLOOD / 2), "{first}");
    let seqs = |message: &Value| message["seq"].as_u64().expect("a number");
    let mut last = 0;
    for _ in 0..Topic::Metrics.ring() {
        last = seqs(&client.hear().await);
    }
    assert_eq!(last, FLOOD);
    client.hears_nothing().await;
}

#[tokio::test]
async fn a_client_that_takes_not_one_byte_is_cut() {
    let server = Server::impatient(Duration::from_secs(1));
    let stalled = Client::subscribed(&server, &["maid:metrics"]).await;
    let mut reader = Client::subscribed(&server, &["maid:metrics"]).await;
    let end = Instant::now() + Duration::from_secs(30);
    for number in 1.. {
        publish_large(&server, number);
        assert_eq!(reader.hear().await["seq"], number, "whoever reads stays");
        if server.live.connections() == 1 {
            break;
        }
        assert!(Instant::now() < end, "{:?}", server.live.stats());
    }
    drop(stalled);
}

#[tokio::test]
async fn messages_that_were_missed_are_told_for_each_topic() {
    let server = Server::start();
    let mut client = Client::subscribed(&server, &["maid:metrics", "maid:logs"]).await;
    for number in 1..=FLOOD {
        publish_large(&server, number);
        (0..10).for_each(|_| server.log(maid::bus::LogLevel::Info, "x".repeat(4000)));
    }
    let (mut lines, mut metrics) = (0, 0);
    while lines < FLOOD * 10 || metrics < FLOOD {
        let message = client.hear().await;
        let (topic, many) = match message["topic"].as_str() {
            Some("maid:missed") => (&message["data"]["topic"], message["data"]["missed"].as_u64()),
            _ => (&message["topic"], Some(1)),
        };
        let many = many.expect("a number");
        if *topic == json!("maid:logs") { lines += many } else { metrics += many }
    }
    assert_eq!((lines, metrics), (FLOOD * 10, FLOOD));
}
