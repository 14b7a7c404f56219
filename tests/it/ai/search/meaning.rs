//! Searching by meaning, with an embedder that stands in for a model: texts are near that share words.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use maid::{
    ai::search::{Embedder, EmbedderError, Search, document::Kind, meaning::EmbedFuture},
    config::Config,
    http::Limit,
    runs::store::Store,
};
use tokio::sync::watch;

use super::{search, somebody, stored};
use crate::support::databases::TestDatabase;

/// Each word is a place in the vector, and words of one meaning share theirs.
#[derive(Debug, Default)]
struct Words {
    asked: AtomicUsize,
    broken: AtomicBool,
}

const DIMS: usize = 512;
const SAME: [(&str, &str); 3] = [("warenkorb", "cart"), ("träge", "slow"), ("kasse", "checkout")];

impl Words {
    fn vector(text: &str) -> Vec<f32> {
        let mut vector = vec![0.0; DIMS];
        for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2) {
            let word = SAME.iter().find(|(one, _)| *one == word).map_or(word, |(_, same)| same);
            let place =
                word.bytes().fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
            vector[place % DIMS] += 1.0;
        }
        vector[0] += 0.01;
        vector
    }
}

impl Embedder for Words {
    fn name(&self) -> &str {
        "words-1"
    }

    fn dims(&self) -> usize {
        DIMS
    }

    fn embed(&self, texts: Vec<String>) -> EmbedFuture<'_> {
        Box::pin(async move {
            self.asked.fetch_add(texts.len(), Ordering::Relaxed);
            if self.broken.load(Ordering::Relaxed) {
                return Err(EmbedderError("it is broken".to_owned()));
            }
            Ok(texts.iter().map(|text| Self::vector(text)).collect())
        })
    }
}

fn with(db: &maid::db::Db, words: &Arc<Words>) -> Search {
    let embedder: Arc<dyn Embedder> = Arc::clone(words) as _;
    Search::new(db.clone(), watch::channel(Arc::new(Config::default())).1, Some(embedder))
}

#[tokio::test]
async fn what_means_the_same_is_found_without_a_word_in_common() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let store = Store::new(db.clone());
        let cart = stored(&store, 1, ("Cart", "http://shop.test", "/cart"), None).await;
        let bank = stored(&store, 2, ("Bank transfer", "http://bank.test", "/transfer"), None).await;
        let words = Arc::new(Words::default());
        let by_meaning = with(&db, &words);
        by_meaning.catch_up(|_| {}).await.expect("it catches up");
        let found = |of: &Search, query: &'static str| {
            let of = of.clone();
            async move {
                of.search(&somebody(), query, Some(Kind::Run), (0, Limit::default())).await.expect("found")
            }
        };
        let answer = found(&by_meaning, "warenkorb").await;
        assert_eq!(answer.degraded, None);
        let ids: Vec<&str> = answer.items.iter().map(|hit| hit.id.as_str()).collect();
        assert_eq!(ids, [cart.as_str()], "{answer:?}");
        assert_eq!((answer.items[0].ranks.text, answer.items[0].ranks.meaning), (None, Some(1)));
        // Both lists agree: both ranks are told, and their sum.
        let answer = found(&by_meaning, "bank transfer").await;
        assert_eq!(answer.items[0].id, bank);
        assert_eq!((answer.items[0].ranks.text, answer.items[0].ranks.meaning), (Some(1), Some(1)));
        assert!((answer.items[0].score - 2.0 / 61.0).abs() < 1e-12);

        // Without a model it goes by words alone, and says so.
        let by_words = search(&db);
        let answer = found(&by_words, "warenkorb").await;
        assert_eq!((answer.items.len(), answer.degraded.as_deref()), (0, Some("no embedding model")));
        assert_eq!(found(&by_words, "cart").await.items[0].id, cart);
        // So it does where the model breaks.
        words.broken.store(true, Ordering::Relaxed);
        let answer = found(&by_meaning, "cart").await;
        assert_eq!(answer.degraded.as_deref(), Some("the embedding model does not answer"));
        assert_eq!(answer.items[0].id, cart);
    }
}

#[tokio::test]
async fn texts_are_embedded_once_and_again_when_they_change() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let store = Store::new(db.clone());
        // A search without a model was here before.
        search(&db).catch_up(|_| {}).await.expect("it catches up");
        let words = Arc::new(Words::default());
        let by_meaning = with(&db, &words);
        words.broken.store(true, Ordering::Relaxed);
        by_meaning.catch_up(|_| {}).await.expect("a broken model stops nothing");
        words.broken.store(false, Ordering::Relaxed);
        words.asked.store(0, Ordering::Relaxed);
        by_meaning.catch_up(|_| {}).await.expect("it catches up");
        let library = words.asked.swap(0, Ordering::Relaxed);
        assert!(library >= 50, "what MAID comes with: {library}");
        by_meaning.catch_up(|_| {}).await.expect("it catches up");
        assert_eq!(words.asked.swap(0, Ordering::Relaxed), 0, "nothing has changed");
        let id = stored(&store, 1, ("Kasse", "http://shop.test", "/kasse"), None).await;
        let seen = std::cell::RefCell::new(Vec::new());
        by_meaning
            .catch_up(|progress| seen.borrow_mut().push((progress.done, progress.of)))
            .await
            .expect("done");
        assert_eq!((words.asked.swap(0, Ordering::Relaxed), seen.into_inner()), (1, vec![(1, 1)]));
        let find = |query: &'static str| {
            let of = by_meaning.clone();
            async move {
                of.search(&somebody(), query, Some(Kind::Run), (0, Limit::default())).await.expect("found")
            }
        };
        assert_eq!(find("checkout").await.items[0].id, id, "also after the vectors were read once");
        // What is deleted is found by neither.
        store.delete("default", id.parse().expect("an id")).await.expect("deleted");
        assert!(find("checkout").await.items.is_empty() && find("kasse").await.items.is_empty());
        by_meaning.reindex(|_| {}).await.expect("made anew");
        assert_eq!(
            words.asked.load(Ordering::Relaxed),
            library + 3,
            "the library again, and three questions"
        );
    }
}
