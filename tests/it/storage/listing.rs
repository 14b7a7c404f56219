//! The list of runs: every order is complete, whatever the page size, and filters find what they say.

use std::cmp::Ordering;

use maid::runs::{
    history::{Direction, Filters, HistoryQuery, Position, SortKey, SortValue},
    record::{NewRun, RunRow, RunStatus},
    store::Store,
};
use uuid::Uuid;

use super::{TENANT, asked, at, id, left, stopped, waiting};
use crate::support::databases::TestDatabase;

/// Runs of all kinds: queued ones and running ones, of which most is unknown; finished ones with
/// and without requests, with equal and with different measures, under equal and different names.
async fn history(store: &Store) {
    let names = ["Shop checkout", "shop CHECKOUT", "Ärger", "äpfel", "zoo", "100%_done", "Zoo\0"];
    for number in 0..42_u32 {
        let new = NewRun { name: names[number as usize % names.len()].into(), ..asked(number) };
        match number % 6 {
            0 => drop(
                store.insert(&NewRun { queued_document: Some("{}".into()), ..new }).await.expect("stored"),
            ),
            1 => drop(store.insert(&new).await.expect("stored")),
            2 => drop(store.import(&new, &left(1, 0)).await.expect("stored")),
            3 => drop(store.import(&new, &left(3, 60)).await.expect("stored")),
            4 => drop(store.import(&new, &left(number, number as usize * 10)).await.expect("stored")),
            _ => drop(store.import(&new, &stopped(number, 40)).await.expect("stored")),
        }
    }
    store.import(&NewRun { tenant_id: "other".into(), ..asked(99) }, &left(99, 50)).await.expect("stored");
}

fn value_order(a: &SortValue, b: &SortValue) -> Ordering {
    match (a, b) {
        (SortValue::Time(a), SortValue::Time(b)) => a.cmp(b),
        (SortValue::Text(a), SortValue::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (SortValue::Number(a), SortValue::Number(b)) => a.total_cmp(b),
        (SortValue::Count(a), SortValue::Count(b)) => a.cmp(b),
        other => panic!("values of two kinds in one list: {other:?}"),
    }
}

/// The order that a list should have: unknown last either way, and the id when all else is equal.
fn order(a: &Position, b: &Position, direction: Direction) -> Ordering {
    let turned = |order: Ordering| if direction == Direction::Asc { order } else { order.reverse() };
    let by_value = match (&a.value, &b.value) {
        (Some(a), Some(b)) => turned(value_order(a, b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    by_value.then_with(|| turned(a.id.cmp(&b.id)))
}

#[tokio::test]
async fn every_order_shows_every_run_once() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        history(&store).await;
        let all =
            store.list(TENANT, &HistoryQuery { limit: 1000, ..Default::default() }).await.expect("read");
        assert_eq!(all.len(), 42);
        for key in SortKey::ALL {
            for direction in [Direction::Asc, Direction::Desc] {
                let mut expected: Vec<_> = all.iter().map(|row| row.position(key)).collect();
                expected.sort_by(|a, b| order(a, b, direction));
                for limit in [1, 5, 41, 42, 1000] {
                    let shown = page_through(&store, key, direction, limit).await;
                    assert_eq!(shown, expected, "{key:?} {direction:?} by {limit} on {:?}", database.kind());
                }
            }
        }
    }
}

async fn page_through(store: &Store, key: SortKey, direction: Direction, limit: u32) -> Vec<Position> {
    let mut shown = Vec::new();
    loop {
        let after = shown.last().cloned().map(through_a_cursor);
        let query = HistoryQuery { limit, sort: (key, direction), after, ..Default::default() };
        let page = store.list(TENANT, &query).await.expect("read");
        assert!(page.len() <= limit as usize);
        if page.is_empty() {
            return shown;
        }
        shown.extend(page.iter().map(|row| row.position(key)));
        assert!(shown.len() <= 42, "{key:?} {direction:?} goes in circles");
    }
}

/// A place goes out and comes back as JSON, and is the same place.
fn through_a_cursor(position: Position) -> Position {
    let text = serde_json::to_string(&position).expect("JSON");
    serde_json::from_str(&text).expect("a position")
}

#[tokio::test]
async fn a_place_in_another_list_is_no_place() {
    let database = &TestDatabase::sqlite();
    let store = database.store().await;
    history(&store).await;
    let of = |value| Position { value, id: id(20) };
    for (position, key) in [
        (of(Some(SortValue::Text("zoo".into()))), SortKey::Requests),
        (of(Some(SortValue::Count(1))), SortKey::P95),
        (of(Some(SortValue::Number(f64::NAN))), SortKey::P95),
        (of(Some(SortValue::Count(1))), SortKey::Created),
        (of(None), SortKey::Name),
    ] {
        assert!(!position.fits(key), "{position:?} {key:?}");
        let query = HistoryQuery {
            limit: 10,
            sort: (key, Direction::Asc),
            after: Some(position),
            ..Default::default()
        };
        assert!(store.list(TENANT, &query).await.expect("an answer").is_empty());
    }
    let gone = Position { value: Some(SortValue::Count(u64::MAX)), id: Uuid::nil() };
    let query = HistoryQuery {
        limit: 10,
        sort: (SortKey::Requests, Direction::Desc),
        after: Some(gone),
        ..Default::default()
    };
    assert_eq!(
        store.list(TENANT, &query).await.expect("read").len(),
        10,
        "a run that was deleted has a place"
    );
}

#[tokio::test]
async fn filters_find_what_they_say() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        history(&store).await;
        store
            .import(&NewRun { recipe_id: Some("shop/checkout".into()), ..asked(50) }, &left(50, 40))
            .await
            .expect("stored");
        store.set_baseline(TENANT, id(50), true).await.expect("marked");
        let found = async |filters: Filters| {
            let query = HistoryQuery { limit: 1000, filters, ..Default::default() };
            store.list(TENANT, &query).await.expect("read")
        };
        let named = async |part: &str| {
            let filters = Filters { name: Some(part.into()), ..Default::default() };
            let mut names: Vec<_> = found(filters).await.into_iter().map(|row| row.name).collect();
            names.sort();
            names.dedup();
            names
        };
        assert_eq!(named("CHECK").await, ["Shop checkout", "shop CHECKOUT"]);
        assert_eq!(named("äRG").await, ["Ärger"], "capitals of all alphabets");
        assert_eq!(named("%").await, ["100%_done"], "no wildcard");
        assert_eq!(named("0%_D").await, ["100%_done"]);
        assert_eq!(named("_").await, ["100%_done"]);
        assert_eq!(named("zoo\0").await, ["Zoo\u{fffd}"]);
        assert!(named("\\").await.is_empty());
        assert!(named("' OR 1=1 --").await.is_empty());

        let status = |status: &[RunStatus]| Filters { status: status.to_vec(), ..Default::default() };
        assert_eq!(found(status(&[RunStatus::Queued])).await.len(), 7);
        assert_eq!(found(status(&[RunStatus::Stopped, RunStatus::Running])).await.len(), 14);
        assert_eq!(found(status(&[RunStatus::Failed])).await.len(), 0);
        // Seven finished no request, and were not judged.
        assert_eq!(found(Filters { passed: Some(true), ..Default::default() }).await.len(), 22);
        assert_eq!(found(Filters { passed: Some(false), ..Default::default() }).await.len(), 0);
        let recipe = Filters { recipe_id: Some("shop/checkout".into()), ..Default::default() };
        assert_eq!(ids(&found(recipe).await), [id(50)]);
        assert_eq!(ids(&found(Filters { baseline: Some(true), ..Default::default() }).await), [id(50)]);
        assert_eq!(found(Filters { baseline: Some(false), ..Default::default() }).await.len(), 42);
        let between = Filters { since: Some(at(37)), until: Some(at(41)), ..Default::default() };
        assert_eq!(ids(&found(between).await), [id(40), id(37)], "from the first on, up to the second");
        let both =
            Filters { status: vec![RunStatus::Stopped], name: Some("zoo".into()), ..Default::default() };
        assert!(!found(both.clone()).await.is_empty());
        assert!(
            found(both)
                .await
                .iter()
                .all(|row| row.status == RunStatus::Stopped && row.name.starts_with(['z', 'Z']))
        );
        store.insert(&NewRun { owner: "bert".into(), ..waiting(51) }).await.expect("stored");
        let of = |owner: &str| Filters { owner: Some(owner.into()), ..Default::default() };
        assert_eq!(ids(&found(of("bert")).await), [id(51)]);
        assert!(found(of("ada")).await.iter().all(|row| row.owner == "ada"));
        assert!(found(of("BERT")).await.is_empty(), "ids are what they are");
    }
}

#[tokio::test]
async fn a_page_is_bounded_and_the_newest_comes_first() {
    for database in TestDatabase::each().await {
        let store = database.store().await;
        for number in [3, 1, 2] {
            store.insert(&waiting(number)).await.expect("stored");
        }
        let first = store.list(TENANT, &HistoryQuery::default()).await.expect("read");
        assert_eq!(ids(&first), [id(3)], "a limit of nothing shows one");
        let all = HistoryQuery { limit: u32::MAX, ..Default::default() };
        assert_eq!(ids(&store.list(TENANT, &all).await.expect("read")), [id(3), id(2), id(1)]);
    }
}

fn ids(rows: &[RunRow]) -> Vec<Uuid> {
    rows.iter().map(|row| row.id).collect()
}
