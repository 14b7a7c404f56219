//! The real model, where `make model` has put it.

use std::{fs, time::Instant};

use serde_json::{Value, json};

use super::*;
use crate::ai::{
    AiError,
    chat::{Choosing, Finish, Message, Part, Prompt, Role, Shape, Tool},
};

fn bounds() -> Bounds {
    Bounds {
        at_once: 1,
        waiting: 4,
        patience: Duration::from_secs(60),
        timeout: Duration::from_secs(60),
        prompt_tokens: 2000,
        answer_tokens: 300,
        idle: Duration::from_secs(60),
    }
}

fn local(bounds: Bounds) -> Local {
    Local::new(Catalogue::new(None), "smollm2-135m-instruct".to_owned(), bounds)
}

fn request(text: &str, max_tokens: u32) -> Request {
    Request {
        prompt: Prompt::Chat(vec![Message::new(Role::User, text)]),
        max_tokens,
        choosing: Choosing::default(),
        stop: Vec::new(),
        shape: Shape::Free,
    }
}

async fn whole(local: &Local, request: Request) -> (String, chat::End) {
    let answer = local.ask(request).await.expect("it can be asked");
    answer.whole().await.expect("it answers")
}

use crate::ai::chat;

/// One test, for loading takes a second and there is one instance.
#[tokio::test]
async fn the_model_answers_as_it_is_asked_to() {
    let local = local(bounds());
    assert_eq!(local.shown().0, State::Idle, "nothing is loaded before somebody asks");

    let (text, end) = whole(&local, request("What is the capital of France? Answer in one word.", 20)).await;
    assert!(text.contains("Paris"), "{text}");
    assert!(end.tokens.prompt > 10 && end.tokens.answer >= 1, "{end:?}");
    assert!(matches!(local.shown().0, State::Ready { .. }));

    let (text, end) = whole(&local, request("Count from one to fifty in words.", 7)).await;
    assert_eq!((end.finish, end.tokens.answer), (Finish::Length, 7), "{text}");

    let stop = Request { stop: vec!["5".into()], ..request("Write the numbers: 1, 2, 3, 4, 5, 6, 7, 8", 60) };
    let (text, end) = whole(&local, stop).await;
    assert!(!text.contains('5') && end.finish == Finish::Stop, "{text}");

    let schema = json!({
        "type": "object",
        "properties": { "users": { "enum": [50, 200] }, "name": { "type": "string", "maxLength": 40 } },
        "required": ["users", "name"], "additionalProperties": false,
    });
    let shaped = Request { shape: Shape::Json(schema), ..request("A load test with 200 users.", 80) };
    let (text, end) = whole(&local, shaped.clone()).await;
    let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert!(value["users"] == 50 || value["users"] == 200, "{text}");
    assert_eq!(end.finish, Finish::Stop, "it ends with its document");

    let free = |seed| Request {
        choosing: Choosing { temperature: 1.0, top_p: 0.95, seed, ..Choosing::default() },
        ..request("Invent a name for a cat.", 20)
    };
    let first = whole(&local, free(1)).await.0;
    assert_eq!(whole(&local, free(1)).await.0, first, "the same seed, the same answer");
    assert_ne!(whole(&local, free(2)).await.0, first);

    // Each of these is four bytes and more than one token: most answers end within one.
    let crabs = json!({ "enum": ["🦀🦀🦀🦀🦀🦀"] });
    for most in 1..=12 {
        let shaped = Request { shape: Shape::Json(crabs.clone()), ..request("Write six crabs.", most) };
        let (text, end) = whole(&local, shaped).await;
        assert!(!text.contains('\u{fffd}') && "\"🦀🦀🦀🦀🦀🦀\"".starts_with(&text), "{most}: {text}");
        assert_eq!((end.finish, end.tokens.answer), (Finish::Length, most), "{text}");
    }

    let tool = Tool {
        name: "stop_run".into(),
        description: "Stops a run.".into(),
        parameters: json!({ "type": "object", "properties": { "id": { "type": "integer" } }, "required": ["id"] }),
    };
    let call = Request { shape: Shape::Call(vec![tool.clone()]), ..request("Stop run 7.", 60) };
    let (text, _) = whole(&local, call).await;
    let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(value["name"], "stop_run");
    assert!(value["arguments"]["id"].is_i64(), "{text}");
    let either = Request { shape: Shape::TextOrCall(vec![tool]), ..request("Hello!", 40) };
    assert!(!whole(&local, either).await.0.is_empty());

    let text = Request { prompt: Prompt::Text("Monday, Tuesday, Wednesday,".into()), ..request("", 8) };
    let (text, end) = whole(&local, text).await;
    assert!(text.contains("Thursday"), "{text}");
    assert!(end.tokens.prompt > 3, "{end:?}");
}

#[tokio::test]
async fn whoever_leaves_makes_nobody_wait_and_nobody_waits_for_ever() {
    let local = local(Bounds { waiting: 1, ..bounds() });
    let mut long =
        local.ask(request("Tell a long story about a dragon.", 300)).await.expect("it can be asked");
    assert!(matches!(long.next().await, Ok(Some(Part::Text(_)))));
    let second = tokio::spawn({
        let local = local.clone();
        async move { local.ask(request("Say hello.", 5)).await.map(drop) }
    });
    // One answers, one waits: there is no room for a third.
    let full = || local.0.waiting.available_permits() == 1;
    while !full() {
        tokio::task::yield_now().await;
    }
    let third = tokio::spawn({
        let local = local.clone();
        async move { local.ask(request("Say hello.", 5)).await.map(drop) }
    });
    while local.0.waiting.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    assert!(matches!(local.ask(request("Me too.", 5)).await, Err(LocalError::Busy)));
    let left = Instant::now();
    drop(long);
    second.await.expect("a task").expect("it is answered");
    assert!(
        left.elapsed() < Duration::from_secs(5),
        "the work of whoever left is dropped: {:?}",
        left.elapsed()
    );
    third.await.expect("a task").expect("it is answered");

    let hasty = Local::new(
        Catalogue::new(None),
        local.name().to_owned(),
        Bounds { timeout: Duration::from_millis(1), ..bounds() },
    );
    let overdue = hasty.ask(request("Tell a long story.", 300)).await.expect("it can be asked").whole().await;
    assert!(matches!(overdue, Err(AiError::Local(LocalError::Overdue))), "{overdue:?}");
    let long = request(&"word ".repeat(3000), 10);
    assert!(matches!(local.ask(long).await, Err(LocalError::Long { most: 2000, .. })));
    let odd = Request { shape: Shape::Json(json!({ "type": "no such type" })), ..request("x", 10) };
    let refused = local.ask(odd).await.expect("it can be asked").whole().await;
    assert!(matches!(refused, Err(AiError::Local(LocalError::Refused(_)))), "{refused:?}");
}

#[tokio::test]
async fn files_that_are_no_models_are_refused_and_nothing_else_breaks() {
    let standard = Catalogue::new(None);
    let model = standard.model("smollm2-135m-instruct").expect("make model has put it here");
    let crate::ai::models::Kind::Chat { file, .. } = &model.kind else { panic!("a language model") };
    let whole = fs::read(file).expect("the model is readable");
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, bytes: &[u8]| {
        fs::create_dir(folder.path().join(name)).expect("a folder");
        fs::write(folder.path().join(name).join("model.gguf"), bytes).expect("a file");
    };
    put("cut", &whole[..whole.len() - 1]);
    put("text", b"This is no model.");
    let mut other = whole.clone();
    let at = other.windows(5).position(|bytes| bytes == b"llama").expect("its family is named");
    other[at..at + 5].copy_from_slice(b"gemma");
    put("other", &other);
    // The head is sound, and what the loader finds behind it is not: it breaks, and nothing else does.
    let mut damaged = whole;
    let at = damaged.windows(16).position(|bytes| bytes == b"token_embd.weigh").expect("a tensor is named");
    damaged[at..at + 5].copy_from_slice(b"xxxxx");
    put("damaged", &damaged);
    let catalogue = Catalogue::new(Some(folder.path()));
    for (name, told) in [
        ("cut", "cut off"),
        ("text", "GGUF"),
        ("other", "gemma"),
        ("damaged", "loaded"),
        ("none", "make model"),
    ] {
        let local = Local::new(catalogue.clone(), name.to_owned(), bounds());
        let error = local.ask(request("Hello", 5)).await.map(drop).expect_err(name).to_string();
        assert!(error.contains(told), "{name}: {error}");
        assert!(matches!(local.shown().0, State::Failed(_)), "{name}");
    }
}

#[tokio::test]
async fn whoever_leaves_breaks_nothing_at_whatever_moment() {
    let local = local(bounds());
    whole(&local, request("Hi", 1)).await;
    let loaded = local.shown().0;
    for wait in [0, 1, 3, 10, 30, 100] {
        // The model reads this for a while, whether somebody waits or not.
        let long = local.ask(request(&"word ".repeat(500), 5)).await.expect("it can be asked");
        drop(long);
        let left = timeout(Duration::from_millis(wait), local.ask(request("Hi", 5))).await;
        drop(left);
    }
    let (_, end) = whole(&local, request("Hi", 2)).await;
    assert!(end.tokens.answer >= 1, "{end:?}");
    assert_eq!(local.shown().0, loaded, "it was not loaded anew");
}
