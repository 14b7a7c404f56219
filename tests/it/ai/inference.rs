//! Text of a model, in MAID's own form; and who may ask for pictures of texts.

use serde_json::{Value, json};

use super::models;
use crate::{
    server::on_one_database,
    support::{
        people::{admin, asking, audited, user},
        server::{Maid, answer},
    },
};

fn post(maid: &Maid, what: &str, body: &Value) -> reqwest::blocking::RequestBuilder {
    maid.http.post(format!("{}/api/inference/{what}", maid.url)).json(body)
}

#[test]
fn the_model_inside_answers_in_words() {
    models();
    on_one_database(|home| {
        let maid = asking(home).with_models().start();
        let admin = admin(&maid);
        let viewer = user(&maid, &admin, "vera", "viewer");
        let ask = |body: &Value| answer(post(&maid, "text", body).bearer_auth(&admin));
        let body = json!({"prompt": "Name three colours.", "system": "You answer in few words.", "max_tokens": 12,
            "temperature": 0, "seed": 7});
        let (status, told) = ask(&body);
        assert_eq!(status, 200, "{told}");
        assert!(told["text"].as_str().is_some_and(|text| !text.trim().is_empty()), "{told}");
        assert_eq!(told["engine"]["route"], "local", "{told}");
        assert_eq!(told["engine"]["model"], "smollm2-135m-instruct", "{told}");
        let number = |name: &str| told["usage"][name].as_u64().unwrap_or_else(|| panic!("{name}: {told}"));
        assert!(number("prompt_tokens") > 5 && (1..=12).contains(&number("answer_tokens")), "{told}");
        assert_eq!(number("tokens"), number("prompt_tokens") + number("answer_tokens"));
        assert!(["stop", "length"].contains(&told["finish"].as_str().expect("a reason")), "{told}");
        assert_eq!(told["usage"]["cost"], 0.0, "{told}");
        assert_eq!(ask(&body).1["text"], told["text"], "the same is answered the same");
        let text = told["text"].as_str().expect("a text");
        let stop = text.split_whitespace().nth(1).expect("more than a word");
        let mut stopped = body.clone();
        stopped["stop"] = json!([stop]);
        let (_, cut) = ask(&stopped);
        assert!(
            cut["text"].as_str().is_some_and(|cut| text.starts_with(cut) && !cut.contains(stop)),
            "{cut}"
        );

        for (wrong, path) in [
            (json!({"prompt": " \n"}), "prompt"),
            (json!({"prompt": "word ".repeat(5000)}), "prompt"),
            (json!({"prompt": "x".repeat(200_001)}), "prompt"),
            (json!({"prompt": "Hi", "max_tokens": 0}), "max_tokens"),
            (json!({"prompt": "Hi", "temperature": 2.1}), "temperature"),
            (json!({"prompt": "Hi", "stop": ["a", "b", "c", "d", "e"]}), "stop"),
            (json!({"prompt": "Hi", "stop": [""]}), "stop"),
            (json!({"prompt": "Hi", "seed": -1}), "seed"),
            (json!({"prompt": "Hi", "stream": true}), "stream"),
        ] {
            let (status, problem) = ask(&wrong);
            let told = (status, problem["errors"][0]["path"].as_str());
            assert_eq!(told, (422, Some(path)), "{}", problem);
        }
        assert_eq!(answer(post(&maid, "text", &body)).0, 401);
        let (status, problem) = answer(post(&maid, "text", &body).bearer_auth(&viewer));
        assert_eq!((status, problem["code"].as_str()), (403, Some("forbidden")), "{problem}");
        assert!(audited(&maid, &admin, "ai.complete").len() >= 3, "each answer is written down");
    });
}

#[test]
fn without_a_model_no_text_is_made_up() {
    on_one_database(|home| {
        let nothing = home.folder.path().join("models");
        let start = home.start().with("MAID__AI__ENABLED", "true");
        let maid = start.with("MAID__AI__MODELS_DIR", nothing.display()).start();
        let (status, problem) = answer(post(&maid, "text", &json!({"prompt": "Hi"})));
        assert_eq!((status, problem["code"].as_str()), (503, Some("model_not_configured")), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|told| told.contains("make model")), "{problem}");
    });
}

#[test]
fn pictures_of_texts_are_for_those_who_may_ask_models() {
    on_one_database(|home| {
        let maid = asking(home).with("MAID__AI__ENABLED", "true").start();
        let admin = admin(&maid);
        let viewer = user(&maid, &admin, "vera", "viewer");
        let body = json!({"prompt": "a cat"});
        let (status, problem) = answer(post(&maid, "image", &body).bearer_auth(&viewer));
        assert_eq!((status, problem["code"].as_str()), (403, Some("forbidden")), "{problem}");
        let (status, problem) = answer(post(&maid, "image", &body).bearer_auth(&admin));
        assert_eq!((status, problem["code"].as_str()), (503, Some("model_not_configured")), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|told| told.contains("ai.image_model")), "{problem}");
        for (wrong, path) in [
            (json!({"prompt": " "}), "prompt"),
            (json!({"prompt": "x".repeat(401)}), "prompt"),
            (json!({"prompt": "a cat", "kind": "heatmap"}), "prompt"),
            (json!({"prompt": "a cat", "format": "svg"}), "format"),
            (json!({"prompt": "a cat", "width": 520}), "width"),
            (json!({"prompt": "a cat", "width": 240}), "width"),
            (json!({"prompt": "a cat", "height": 1040}), "height"),
        ] {
            let (status, problem) = answer(post(&maid, "image", &wrong).bearer_auth(&admin));
            assert_eq!((status, problem["errors"][0]["path"].as_str()), (422, Some(path)), "{problem}");
        }
    });
}
