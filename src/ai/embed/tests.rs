//! The real model, where `make model` has put it.

use super::*;
use crate::ai::generator::roles::LESSON;

fn embedder() -> Embedder {
    let catalogue = Catalogue::new(None);
    Embedder::new(catalogue, "all-minilm-l6-v2".into(), 8, (Duration::from_secs(60), Duration::from_secs(60)))
}

fn likeness(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[tokio::test]
async fn texts_of_like_meaning_lie_near_each_other() {
    let texts = ["buy a book", "purchase a novel", "the database is slow", "Where is the station?"];
    let texts = texts.map(str::to_owned).to_vec();
    let embedded = embedder().embed(texts.clone()).await.expect("the model answers");
    let [book, novel, slow, station] = &embedded.vectors[..] else { panic!("four vectors") };
    assert!((likeness(book, book) - 1.0).abs() < 1e-4, "they are of length 1");
    assert!(likeness(book, novel) > 0.5, "{}", likeness(book, novel));
    assert!(likeness(book, novel) > 2.0 * likeness(book, slow).max(likeness(book, station)));
    // Texts beside it change nothing of a text's vector.
    let alone = embedder().embed(texts[..1].to_vec()).await.expect("the model answers");
    assert!(likeness(&alone.vectors[0], book) > 0.999);
}

#[tokio::test]
async fn whoever_asks_for_few_does_not_wait_for_who_asks_for_many() {
    let embedder = embedder();
    embedder.embed(vec!["loads the model".into()]).await.expect("the model answers");
    let texts: Vec<String> = (0..MOST_TEXTS).map(|number| format!("order {number} of a shop")).collect();
    let many = tokio::spawn({
        let (embedder, texts) = (embedder.clone(), texts.clone());
        async move { embedder.embed(texts).await }
    });
    tokio::task::yield_now().await;
    let few = embedder.embed(vec![texts[7].clone()]).await.expect("the model answers");
    assert!(!many.is_finished(), "hundreds take longer than one");
    let many = many.await.expect("it does not panic").expect("the model answers");
    assert_eq!(many.vectors.len(), MOST_TEXTS);
    assert!(likeness(&many.vectors[7], &few.vectors[0]) > 0.999, "each is in its place");
}

#[tokio::test]
async fn a_model_that_is_not_there_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let catalogue = Catalogue::new(Some(folder.path()));
    let waits = (Duration::from_secs(5), Duration::from_secs(5));
    let missing = Embedder::new(catalogue, "none".into(), 1, waits);
    let error = missing.embed(vec!["x".into()]).await.expect_err("there is none").to_string();
    assert!(error.contains("make model"), "{error}");
    let many = missing.embed(vec![String::new(); MOST_TEXTS + 1]).await;
    assert!(matches!(many, Err(EmbedError::TooMany(_))));
}

#[tokio::test]
async fn what_was_learned_on_one_model_is_not_asked_of_another() {
    let labels = embedder().label("30 users".into(), Lesson { of: "00", ..LESSON }).await;
    assert!(matches!(labels, Err(EmbedError::AnotherModel)), "{labels:?}");
    // A lesson that is broken is a lesson that does not load, and vectors are made all the same.
    let embedder = embedder();
    let broken = embedder.label("30 users".into(), Lesson { weights: b"no tensors", ..LESSON }).await;
    assert!(matches!(broken, Err(EmbedError::Load(_))), "{broken:?}");
    assert!(embedder.embed(vec!["30 users".into()]).await.is_ok());
}

#[tokio::test]
async fn labels_have_the_places_of_their_pieces() {
    let text = "für 30 Nutzer – 5 Minuten";
    let labelled = embedder().label(text.into(), LESSON).await.expect("the model answers");
    let pieces: Vec<&str> = labelled.pieces.iter().map(|piece| &text[piece.start..piece.end]).collect();
    assert!(pieces.contains(&"30") && pieces.contains(&"5") && pieces.contains(&"für"), "{pieces:?}");
    let width = labelled.pieces[0].scores.len();
    assert!(labelled.pieces.iter().all(|piece| piece.scores.len() == width));
}
