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

#[test]
fn who_comes_late_finds_the_newest_and_the_last_lines_of_the_run() {
    let bus = Bus::default();
    assert!(bus.newest(Topic::Logs).is_none());
    let log = |run, level, message: String| bus.publish(Some(run), Event::Log(LogEvent { level, message }));
    let (earlier, run) = (Uuid::now_v7(), Uuid::now_v7());
    log(earlier, LogLevel::Error, "of the run before".to_owned());
    log(run, LogLevel::Warn, "early".to_owned());
    (0..500).for_each(|number| log(run, LogLevel::Info, number.to_string()));
    log(run, LogLevel::Error, "late".to_owned());
    let words = |level, at_most| -> Vec<String> {
        let (seq, lines) = bus.last_lines(level, at_most);
        assert_eq!(seq, 503);
        let text = |line: &Arc<Message>| match &line.event {
            Event::Log(line) => line.message.clone(),
            other => panic!("not a line: {other:?}"),
        };
        lines.iter().map(text).collect()
    };
    assert_eq!(words(LogLevel::Info, 3), ["498", "499", "late"]);
    assert_eq!(words(LogLevel::Warn, 200), ["early", "late"], "few but important lines are kept");
    assert_eq!(words(LogLevel::Debug, 200).len(), 200);
    assert_eq!(bus.newest(Topic::Logs).expect("a message").seq, 503);
    assert_eq!(bus.subscribe(Topic::Logs).after(), 503);
}

#[test]
fn a_line_that_is_too_long_is_cut_between_characters() {
    let bus = Bus::default();
    bus.publish(None, Event::Log(LogEvent { level: LogLevel::Info, message: "é".repeat(4000) }));
    let newest = bus.newest(Topic::Logs).expect("a message");
    let Event::Log(line) = &newest.event else { panic!("a line") };
    assert!(
        line.message.len() <= LogEvent::LONGEST && line.message.ends_with("é…"),
        "{}",
        line.message.len()
    );
}
