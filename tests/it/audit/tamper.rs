//! Whoever changes the log without the key is found, and so is what they changed.

use std::fs;

use maid::{
    audit::{Audit, AuditKey, Witness, chain::Break},
    db::Kind,
};
use tokio::runtime::Handle;

use super::{event, fault, fill, log, tamper, verdict};
use crate::support::databases::TestDatabase;

/// A copy of the entry before, by somebody who knows everything but the key.
const COPY: &str = "INSERT INTO maid_audit (seq, at, tenant_id, actor, actor_kind, action, outcome, mac) \
                    SELECT seq + 1, at, tenant_id, 'eve', actor_kind, action, outcome, mac FROM maid_audit";

#[tokio::test]
async fn a_log_that_nobody_touched_is_sound() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let log = log(&db, database.data_dir());
        let empty = verdict(&log).await;
        assert!(empty.sound && empty.entries == 0 && empty.witness == Witness::None, "{empty:?}");
        fill(&log, 30).await;
        let found = verdict(&log).await;
        assert!(found.sound, "{found:?}");
        assert_eq!((found.entries, found.base, found.last), (30, 0, 30));
        assert_eq!((found.since, found.until), (Some(event(1).at), Some(event(30).at)));
        assert_eq!(found.witness, Witness::Seen { seq: 30 });
    }
}

#[tokio::test]
async fn every_way_to_change_it_is_found_and_named() {
    let swap = [
        "UPDATE maid_audit SET seq = 1000 WHERE seq = 7",
        "UPDATE maid_audit SET seq = 7 WHERE seq = 9",
        "UPDATE maid_audit SET seq = 9 WHERE seq = 1000",
    ];
    let insert = format!("{COPY} WHERE seq = 6");
    let insert = [
        "UPDATE maid_audit SET seq = seq + 100 WHERE seq >= 7",
        "UPDATE maid_audit SET seq = seq - 99 WHERE seq >= 107",
        &insert,
    ];
    let behind = format!("{COPY} WHERE seq = 12");
    let stray = format!("{COPY} WHERE seq = 1").replace("seq + 1", "seq - 1");
    let base = "INSERT INTO maid_audit_heads SELECT 'base', 3, seal, mac FROM maid_audit_heads";
    let cases: [(&[&str], Break, u64); 14] = [
        (&["UPDATE maid_audit SET actor = 'eve' WHERE seq = 7"], Break::Changed, 7),
        (&["UPDATE maid_audit SET detail_json = NULL WHERE seq = 1"], Break::Changed, 1),
        (&["UPDATE maid_audit SET tenant_id = 'other' WHERE seq = 12"], Break::Changed, 12),
        (
            &["UPDATE maid_audit SET mac = seal FROM maid_audit_heads WHERE maid_audit.seq = 7"],
            Break::Changed,
            7,
        ),
        (&["DELETE FROM maid_audit WHERE seq = 7"], Break::Missing, 7),
        (&["DELETE FROM maid_audit WHERE seq = 1"], Break::Missing, 1),
        (&swap, Break::OutOfOrder, 7),
        (&insert, Break::Inserted, 7),
        (&[&behind], Break::Inserted, 13),
        (&[&stray], Break::Inserted, 0),
        (&["DELETE FROM maid_audit WHERE seq > 8"], Break::Truncated, 9),
        (
            &["DELETE FROM maid_audit WHERE seq > 8", "UPDATE maid_audit_heads SET seq = 8"],
            Break::HeadForged,
            8,
        ),
        (&["DELETE FROM maid_audit_heads"], Break::HeadForged, 12),
        (&[base, "DELETE FROM maid_audit WHERE seq <= 3"], Break::BaseForged, 4),
    ];
    for (statements, kind, seq) in cases {
        for database in TestDatabase::each().await {
            let db = database.ready().await;
            let log = log(&db, database.data_dir());
            fill(&log, 12).await;
            tamper(&db, statements).await;
            let found = verdict(&log).await;
            let fault = found.fault.map(|fault| (fault.kind, fault.seq));
            assert_eq!(fault, Some((kind, seq)), "{statements:?} on {:?}", database.kind());
            assert!(!found.sound && found.problem.is_some(), "{found:?}");
        }
    }
}

/// SQLite lets a value pass that is not of its column's type, and no reader can make an entry of it.
#[tokio::test]
async fn what_cannot_be_read_any_more_is_named_like_any_change() {
    let database = TestDatabase::sqlite();
    let db = database.ready().await;
    let log = log(&db, database.data_dir());
    fill(&log, 12).await;
    tamper(&db, &["UPDATE maid_audit SET at = 'nonsense' WHERE seq = 7"]).await;
    assert_eq!(fault(&log).await, Some((Break::Changed, 7)));
}

#[tokio::test]
async fn with_another_key_nothing_fits() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        fill(&log(&db, database.data_dir()), 3).await;
        let other = AuditKey::new([8; 32], database.data_dir());
        let other = Audit::start(db.clone(), other, &Handle::current());
        assert_eq!(fault(&other).await, Some((Break::KeyDoesNotFit, 1)));
    }
}

/// The log as it was earlier, seals and all, passes every check but the one against the file that is
/// not in the database.
#[tokio::test]
async fn a_database_that_was_put_back_is_found_by_the_file_beside_it() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let first = log(&db, database.data_dir());
        fill(&first, 5).await;
        let keep = [
            "CREATE TABLE old_audit AS SELECT * FROM maid_audit",
            "CREATE TABLE old_heads AS SELECT * FROM maid_audit_heads",
        ];
        tamper(&db, &keep).await;
        fill(&first, 5).await;
        let put_back = [
            "DELETE FROM maid_audit",
            "DELETE FROM maid_audit_heads",
            "INSERT INTO maid_audit SELECT * FROM old_audit",
            "INSERT INTO maid_audit_heads SELECT * FROM old_heads",
        ];
        tamper(&db, &put_back).await;
        assert_eq!(fault(&first).await, Some((Break::RolledBack, 10)));
        // What is written down since does not cover it up, neither here nor after a restart.
        for number in 101..=110 {
            first.record(event(number)).await.expect("it is written down");
        }
        assert_eq!(fault(&first).await, Some((Break::RolledBack, 10)));
        let second = log(&db, database.data_dir());
        fill(&second, 1).await;
        assert_eq!(fault(&second).await, Some((Break::RolledBack, 10)));
        // All of it gone is the same.
        tamper(&db, &put_back[..2]).await;
        assert_eq!(fault(&second).await, Some((Break::RolledBack, 10)));
        // Without the file it would not be known, and the verdict says that.
        tamper(&db, &put_back[2..]).await;
        fs::remove_file(database.data_dir().join("audit.head")).expect("it is there");
        let unknown = verdict(&second).await;
        assert!(unknown.sound && unknown.witness == Witness::None, "{unknown:?}");
    }
}

#[tokio::test]
async fn a_file_that_was_forged_is_told_and_stays() {
    let database = TestDatabase::sqlite();
    let db = database.ready().await;
    let file = database.data_dir().join("audit.head");
    fill(&log(&db, database.data_dir()), 3).await;
    let forged = fs::read_to_string(&file).expect("a file").replace("\"seq\":3", "\"seq\":2");
    fs::write(&file, &forged).expect("written");
    let log = log(&db, database.data_dir());
    fill(&log, 2).await;
    assert_eq!(fault(&log).await, Some((Break::SeenForged, 5)));
    assert_eq!(fs::read_to_string(&file).expect("a file"), forged, "it is what shows it");
}

/// A server does not stop writing because of what was done to its log, and does not cover it up either.
#[tokio::test]
async fn a_server_goes_on_behind_a_broken_end_and_says_so_for_ever() {
    let behind = format!("{COPY} WHERE seq = 12");
    for (statement, kind, seq) in [
        ("UPDATE maid_audit_heads SET seq = 8", Break::Restarted, 13),
        ("DELETE FROM maid_audit_heads", Break::Restarted, 13),
        (behind.as_str(), Break::Changed, 13),
        ("DELETE FROM maid_audit WHERE seq > 10", Break::Missing, 11),
    ] {
        for database in TestDatabase::each().await {
            let db = database.ready().await;
            let log = log(&db, database.data_dir());
            fill(&log, 12).await;
            tamper(&db, &[statement]).await;
            fill(&log, 3).await;
            let kind_of_database: Kind = database.kind();
            assert_eq!(fault(&log).await, Some((kind, seq)), "{statement} on {kind_of_database:?}");
        }
    }
}
