//! An export can be checked by somebody else: here with nothing of MAID but the key, after the
//! description in `docs/security.md`.

use maid::{
    audit::{Action, Audit, Event, reading::Filters},
    auth::Principal,
    http::Limit,
};
use ring::hmac;
use serde_json::Value;

use super::{KEY, event, log};
use crate::support::databases::TestDatabase;

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().expect("a text");
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect()
}

fn seal(line: &Value) -> Vec<u8> {
    let at: jiff::Timestamp = line["at"].as_str().expect("a time").parse().expect("a time");
    let mut sealed = b"maid.audit.entry.1".to_vec();
    sealed.extend(bytes(&line["before"]));
    sealed.extend(line["seq"].as_u64().expect("a number").to_be_bytes());
    sealed.extend(at.as_microsecond().to_be_bytes());
    for field in ["tenant_id", "actor", "actor_kind", "action", "outcome", "target", "address", "detail"] {
        match line[field].as_str() {
            Some(text) => {
                sealed.extend((text.len() as u64).to_be_bytes());
                sealed.extend(text.as_bytes());
            }
            None => sealed.extend(u64::MAX.to_be_bytes()),
        }
    }
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &KEY), &sealed).as_ref().to_vec()
}

fn head(mark: &str, place: &Value) -> Vec<u8> {
    let mut sealed = [b"maid.audit.head.1", mark.as_bytes()].concat();
    sealed.extend(place["seq"].as_u64().expect("a number").to_be_bytes());
    sealed.extend(bytes(&place["seal"]));
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &KEY), &sealed).as_ref().to_vec()
}

async fn exported(log: &Audit, principal: &Principal) -> Vec<Value> {
    let mut export = log.export(principal).await.expect("it is recorded");
    let mut lines = Vec::new();
    while let Some(more) = export.next().await.expect("it is read") {
        lines.extend(more.lines().map(|line| serde_json::from_str(line).expect("JSON")));
    }
    lines
}

#[tokio::test]
async fn somebody_else_with_the_key_can_check_it() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let log = log(&db, database.data_dir());
        // More than one page.
        (1..=700).for_each(|number| log.note(event(number)));
        log.flush().await;
        let lines = exported(&log, &Principal::development()).await;
        let (first, rest) = lines.split_first().expect("a first line");
        let (last, entries) = rest.split_last().expect("a last line");
        assert_eq!((&first["log"], &first["form"]), (&"maid.audit".into(), &1.into()));
        assert_eq!((&last["end"], &last["entries"]), (&true.into(), &701.into()));
        assert_eq!(entries.len(), 701);
        assert_eq!(entries[700]["action"], Action::Export.name(), "that it was exported is in it");
        let mut before = vec![0; 32];
        for (at, line) in entries.iter().enumerate() {
            assert_eq!(line["seq"], at + 1);
            assert_eq!(bytes(&line["before"]), before);
            before = seal(line);
            assert_eq!(bytes(&line["seal"]), before, "{line}");
        }
        assert_eq!(bytes(&first["last"]["seal"]), before);
        assert_eq!(bytes(&first["last"]["mac"]), head("last", &first["last"]));
    }
}

/// A tenant gets its own entries, and can check each of them, though not that there are no others.
#[tokio::test]
async fn a_tenant_gets_its_own_entries_alone() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let log = log(&db, database.data_dir());
        let other = Principal { tenant_id: "other".to_owned(), ..Principal::development() };
        for number in 1..=20 {
            let event = event(number);
            let event =
                if number % 3 == 0 { Event { tenant_id: "other".to_owned(), ..event } } else { event };
            log.record(event).await.expect("it is written down");
        }
        let lines = exported(&log, &other).await;
        let entries = &lines[1..lines.len() - 1];
        let numbers: Vec<u64> = entries.iter().filter_map(|line| line["seq"].as_u64()).collect();
        assert_eq!(numbers, [3, 6, 9, 12, 15, 18, 21]);
        for line in entries {
            assert_eq!(line["tenant_id"], "other");
            assert_eq!(bytes(&line["seal"]), seal(line));
        }
        let verdict = log.verify(Some("other")).await.expect("it is checked");
        assert!(verdict.sound && verdict.entries == 7, "{verdict:?}");
        let all = Filters::default();
        let listed = log.list(&other, &all, Limit::default(), None).await;
        assert_eq!(listed.expect("it is read").items.len(), 7);
    }
}
