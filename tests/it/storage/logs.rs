//! The lines of a run's log.

use maid::{
    bus::LogLevel,
    runs::{log::LogLine, record::NewRun},
};

use super::{TENANT, asked, at, id};
use crate::support::databases::TestDatabase;

fn line(seq: u64) -> LogLine {
    let levels = [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error];
    LogLine {
        seq,
        at: at(seq as i64),
        level: levels[seq as usize % levels.len()],
        message: format!("line {seq} <\u{1f525}>"),
    }
}

#[tokio::test]
async fn lines_come_back_in_order_however_often_they_are_handed_in() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        store.insert(&asked(1)).await.expect("stored");
        store.insert(&NewRun { tenant_id: "other".into(), ..asked(2) }).await.expect("stored");
        let lines: Vec<_> = (1..=1200).map(line).collect();
        store.append_logs(id(1), &lines[600..]).await.expect("stored");
        store.append_logs(id(1), &lines[..700]).await.expect("the second hundred again");
        store.append_logs(id(1), &lines).await.expect("all again");
        store.append_logs(id(1), &[]).await.expect("nothing");
        store.append_logs(id(2), &lines[..3]).await.expect("stored");
        let all = store.logs(TENANT, id(1), LogLevel::Debug, None, 10_000).await.expect("read");
        assert_eq!(all, lines);

        let page = store.logs(TENANT, id(1), LogLevel::Debug, Some(1000), 3).await.expect("read");
        assert_eq!(page, lines[1000..1003]);
        let grave = store.logs(TENANT, id(1), LogLevel::Warn, Some(1190), 100).await.expect("read");
        assert_eq!(grave.iter().map(|line| line.seq).collect::<Vec<_>>(), [1191, 1194, 1195, 1198, 1199]);
        assert!(
            store.logs(TENANT, id(1), LogLevel::Debug, Some(u64::MAX), 10).await.expect("read").is_empty()
        );
        assert!(
            store.logs(TENANT, id(2), LogLevel::Debug, None, 10).await.expect("read").is_empty(),
            "another's"
        );
    }
}

#[tokio::test]
async fn lines_go_with_their_run() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        store.insert(&asked(1)).await.expect("stored");
        let nul = LogLine { message: "a\0b".into(), ..line(1) };
        store.append_logs(id(1), &[nul]).await.expect("stored");
        let read = store.logs(TENANT, id(1), LogLevel::Debug, None, 10).await.expect("read");
        assert_eq!(read[0].message, "a\u{fffd}b");
        assert!(store.remove(id(1)).await.expect("removed"));
        store.append_logs(id(1), &[line(2)]).await.expect("a line that comes too late is dropped");
        store.insert(&asked(1)).await.expect("stored");
        assert!(store.logs(TENANT, id(1), LogLevel::Debug, None, 10).await.expect("read").is_empty());
    }
}
