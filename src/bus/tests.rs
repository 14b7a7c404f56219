use super::*;

fn line(number: usize) -> Event {
    Event::Log(LogEvent { level: LogLevel::Info, message: number.to_string() })
}

#[tokio::test]
async fn messages_arrive_in_order_and_as_one_text() {
    let bus = Bus::default();
    let (mut one, mut other) = (bus.subscribe(Topic::Logs), bus.subscribe(Topic::Logs));
    let run = Uuid::now_v7();
    bus.publish(Some(run), line(1));
    bus.publish(None, line(2));
    let Some(Received::Message(first)) = one.next().await else { panic!("a message") };
    let Some(Received::Message(same)) = other.next().await else { panic!("a message") };
    assert!(Arc::ptr_eq(&first, &same));
    let text: serde_json::Value = serde_json::from_str(&first.text()).expect("JSON");
    assert_eq!(text["topic"], "maid:logs");
    assert_eq!(text["seq"], 1);
    assert_eq!(text["run_id"], run.to_string());
    assert_eq!(text["data"], serde_json::json!({"level": "info", "message": "1"}));
    let Some(Received::Message(second)) = one.next().await else { panic!("a message") };
    assert_eq!((second.seq, second.run_id), (2, None));
}

#[tokio::test]
async fn who_is_too_slow_learns_how_much_was_missed() {
    let bus = Bus::default();
    let mut slow = bus.subscribe(Topic::Logs);
    let ring = Topic::Logs.ring();
    (0..ring + 10).for_each(|number| bus.publish(None, line(number)));
    let Some(Received::Missed(missed)) = slow.next().await else { panic!("it missed some") };
    assert_eq!(missed, 10);
    let Some(Received::Message(next)) = slow.next().await else { panic!("a message") };
    assert_eq!(next.seq, 11);
    let (.., counted, listeners) =
        bus.stats().find(|(topic, ..)| *topic == Topic::Logs).expect("it is there");
    assert_eq!((counted, listeners), (10, 1));
}
