//! How a test has changed: from stored runs, and never without them.

use jiff::{Timestamp, ToSpan};
use maid::{
    ai::search::{Search, TrendVerdict as Verdict},
    runs::store::Store,
};

use super::{search, somebody};
use crate::{
    reports::outcomes::{Requests, outcome, times},
    storage::asked,
    support::databases::TestDatabase,
};

/// Stores a run that began `ago` hours ago, whose search took `typical_us`.
async fn ran(store: &Store, number: u32, ago: i64, typical_us: f64) {
    let began = Timestamp::now() - ago.hours();
    let requests = |name: &str, typical_us| Requests {
        name: name.to_owned(),
        times_us: times(u64::from(number), 3000, typical_us),
        failures: 0,
    };
    let mut left = outcome(&[requests("GET /search", typical_us), requests("POST /cart", 9_000.0)], 60);
    left.summary.run_id = crate::storage::id(number).to_string();
    left.started_at = began.to_string();
    left.ended_at = (began + 60.seconds()).to_string();
    let new = maid::runs::record::NewRun { at: began, ..asked(number) };
    store.import(&new, &left).await.expect("stored");
}

async fn answer(search: &Search, question: &str) -> maid::ai::search::Trend {
    search.trend(&somebody(), question).await.expect("an answer")
}

#[tokio::test]
async fn a_slower_search_is_told_and_nothing_is_guessed() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let (store, search) = (Store::new(db.clone()), search(&db));
        let nothing = answer(&search, "is checkout slower than last week?").await;
        assert_eq!((nothing.verdict, nothing.before, nothing.runs.len()), (Verdict::NotEnough, None, 0));
        ran(&store, 1, 14 * 24, 10_000.0).await;
        ran(&store, 2, 14 * 24, 10_400.0).await;
        let alone = answer(&search, "is search slower than 20 weeks ago?").await;
        assert_eq!(alone.verdict, Verdict::NotEnough);
        assert!(
            alone.answer.starts_with("There is not enough to tell about GET /search"),
            "{}",
            alone.answer
        );
        assert!(alone.now.is_none() && alone.runs.is_empty(), "no figure without a comparison");
        ran(&store, 3, 1, 30_000.0).await;

        let slower = answer(&search, "Ist die Suche langsamer als vor zwei Wochen?").await;
        assert_eq!(
            (slower.verdict, slower.request.as_deref()),
            (Verdict::Worse, Some("GET /search")),
            "{slower:?}"
        );
        assert_eq!(slower.runs.len(), 3, "{slower:?}");
        assert!(slower.runs[0].newest && slower.runs[0].value == slower.now);
        let change = slower.change.expect("a share");
        assert!((1.0..3.0).contains(&change), "{change}");
        assert!(
            slower.answer.contains("langsamer") && slower.answer.contains("2 Läufe"),
            "{}",
            slower.answer
        );

        let same = answer(&search, "is the cart slower than two weeks ago?").await;
        assert_eq!((same.verdict, same.request.as_deref()), (Verdict::Same, Some("POST /cart")), "{same:?}");
        let before = answer(&search, "p99 of search compared to the run before").await;
        assert_eq!((before.verdict, before.runs.len()), (Verdict::Worse, 2), "{before:?}");
        let rate = answer(&search, "has the throughput of search changed since the last run").await;
        assert_eq!(rate.verdict, Verdict::Untested, "{rate:?}");
        let unknown = answer(&search, "is the bank slower than last week?").await;
        assert_eq!((unknown.verdict, unknown.test), (Verdict::NotEnough, None));
        assert!(unknown.answer.contains("bank"), "{}", unknown.answer);
    }
}
