//! MAID where models are missing, damaged, or switched off: everything else works, and it says what is wrong.

use std::fs;

use serde_json::{Value, json};

use super::{model, models};
use crate::{
    server::on_one_database,
    support::server::{Maid, answer},
};

fn ask(maid: &Maid) -> (u16, Value) {
    let body = json!({"model": "default", "max_tokens": 2, "messages": [{"role": "user", "content": "Hi"}]});
    answer(maid.http.post(format!("{}/v1/chat/completions", maid.url)).json(&body))
}

#[test]
fn without_a_model_it_says_what_to_do() {
    on_one_database(|home| {
        let nothing = home.folder.path().join("models");
        let maid = home.start().with_models().with("MAID__AI__MODELS_DIR", nothing.display()).start();
        let (status, problem) = ask(&maid);
        assert_eq!((status, problem["code"].as_str()), (503, Some("model_not_configured")), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|told| told.contains("make model")), "{problem}");
        let embed = json!({"model": "default", "input": "text"});
        let (status, problem) = answer(maid.http.post(format!("{}/v1/embeddings", maid.url)).json(&embed));
        assert_eq!((status, problem["code"].as_str()), (503, Some("model_not_configured")), "{problem}");
        let (status, listed) = answer(maid.http.get(format!("{}/v1/models", maid.url)));
        assert_eq!((status, listed["data"].as_array().map(Vec::len)), (200, Some(0)), "{listed}");
        let (_, shown) = answer(maid.get("/ai/status"));
        assert_eq!(
            (shown["degraded"].as_bool(), shown["chat"]["state"].as_str()),
            (Some(true), Some("missing")),
            "{shown}"
        );
        // A model that comes later is used without a restart.
        let name = "smollm2-135m-instruct";
        fs::create_dir_all(nothing.join(name)).expect("a folder");
        for entry in fs::read_dir(models().join(name)).expect("the model is there") {
            let from = entry.expect("an entry").path();
            let to = nothing.join(name).join(from.file_name().expect("a name"));
            fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(drop)).expect("the model comes");
        }
        assert_eq!(ask(&maid).0, 200);
    });
    on_one_database(|home| {
        let maid = home.start().with("MAID__AI__ENABLED", "false").start();
        let (status, problem) = ask(&maid);
        assert_eq!((status, problem["code"].as_str()), (503, Some("model_not_configured")), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|told| told.contains("ai.enabled")), "{problem}");
    });
}

#[test]
fn models_are_imported_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let into = folder.path().join("models");
    fs::create_dir(&into).expect("a folder");
    let (code, told, said) = model(&into, &[], &["list"]);
    assert!(code == 0 && told.is_empty() && said.contains("make model"), "{code} {told} {said}");

    let source = models().join("smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
    let (code, told, said) = model(&into, &[], &["import", &source.display().to_string(), "--name", "small"]);
    assert_eq!((code, told.as_str()), (0, "small\n"), "{said}");
    assert!(said.contains("MAID__AI__MODEL=small"), "{said}");
    let (code, _, said) = model(&into, &[], &["import", &source.display().to_string(), "--name", "small"]);
    assert!(code == 104 && said.contains("--name"), "{code} {said}");
    let minilm = models().join("all-minilm-l6-v2").display().to_string();
    assert_eq!(model(&into, &[], &["import", &minilm]).1, "all-minilm-l6-v2\n");

    let whole = fs::read(&source).expect("the model is readable");
    let cut = folder.path().join("cut.gguf");
    fs::write(&cut, &whole[..whole.len() / 2]).expect("a file");
    let (code, _, said) = model(&into, &[], &["import", &cut.display().to_string()]);
    assert!(code == 104 && said.contains("cut off"), "{code} {said}");
    let (code, _, said) = model(&into, &[], &["import", "/no/such/file.gguf"]);
    assert!(code == 1 && said.contains("/no/such/file.gguf"), "{code} {said}");
    let (code, _, said) = model(&into, &[], &["import", &source.display().to_string(), "--name", "../up"]);
    assert!(code == 104 && said.contains("no name"), "{code} {said}");
    let left: Vec<_> =
        fs::read_dir(&into).expect("the folder").map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(left.len(), 2, "nothing half is left: {left:?}");

    let listed = |arguments: &[&str]| -> Value {
        let (_, told, said) = model(&into, &[], &[&["list", "--json"], arguments].concat());
        serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {told} {said}"))
    };
    assert_eq!(listed(&["--verify"])[1]["problem"], Value::Null);
    let file = into.join("small/SmolLM2-135M-Instruct.Q4_1.gguf");
    let mut damaged = whole;
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    fs::write(&file, damaged).expect("a file");
    assert_eq!(listed(&[])[1]["problem"], Value::Null, "its head is sound");
    assert!(listed(&["--verify"])[1]["problem"].as_str().is_some_and(|told| told.contains("damaged")));
}
