//! Text of a model, in MAID's own form; and pictures of texts, as far as they are refused.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{models, tiny::Weights};
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
        let maid = asking(home).with("MAID__AI__ENABLED", "true").start();
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

/// Where FLUX's models for text are looked for, below the user's folder.
const HUB: &str = "home/.cache/huggingface/hub";

#[test]
fn what_flux_lacks_is_told_and_asked_of_no_hub() {
    on_one_database(|home| {
        let folder = home.folder.path();
        let maid = home
            .start()
            .with("MAID__AI__ENABLED", "true")
            .with("MAID__AI__IMAGE_MODEL", folder.join("flux").display())
            .with("HOME", folder.join("home").display())
            // Whoever asks a hub in spite of all asks nobody.
            .with("HF_ENDPOINT", "http://127.0.0.1:9")
            .with("https_proxy", "http://127.0.0.1:9")
            .start();
        let told = |code: &str, part: &str| {
            let (status, problem) = answer(post(&maid, "image", &json!({"prompt": "a cat"})));
            assert_eq!((status, problem["code"].as_str()), (503, Some(code)), "{problem}");
            let detail = problem["detail"].as_str().unwrap_or_default();
            assert!(detail.contains(part), "{part}: {detail}");
            let (_, shown) = answer(maid.get("/ai/status"));
            assert!(shown["images"]["why"].as_str().is_some_and(|why| why.contains(part)), "{shown}");
        };
        let put = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("it is written");
        };
        let weigh = |path: &Path| {
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            Weights(vec![("a".to_owned(), "F32", vec![1], vec![0; 4])]).write(path);
        };
        let (missing, broken) = ("model_not_configured", "model_unavailable");
        told(missing, "flux is not there");
        put("flux/flux-schnell.safetensors", "no name of it");
        told(missing, "flux1-schnell.safetensors is not there");
        put("flux/flux1-schnell.safetensors", "broken");
        told(broken, "flux1-schnell.safetensors cannot be used");
        weigh(&folder.join("flux/flux1-schnell.safetensors"));
        told(missing, "ae.safetensors is not there");
        weigh(&folder.join("flux/ae.safetensors"));
        told(missing, "transformer/config.json is not there");
        let transformer = json!({"in_channels": 64, "pooled_projection_dim": 768, "joint_attention_dim": 4096,
            "num_attention_heads": 24, "num_layers": 19, "num_single_layers": 38, "guidance_embeds": false});
        for (name, value) in [("num_layers", json!(0)), ("in_channels", json!("64"))] {
            let mut wrong = transformer.clone();
            wrong[name] = value;
            put("flux/transformer/config.json", &wrong.to_string());
            told(broken, "transformer/config.json cannot be used");
        }
        put("flux/transformer/config.json", &transformer.to_string());
        told(missing, "vae/config.json is not there");
        let decoder = json!({"in_channels": 3, "out_channels": 3, "block_out_channels": [128, 256, 512, 512],
            "layers_per_block": 2, "latent_channels": 16, "scaling_factor": 0.3611, "shift_factor": 0.1159,
            "norm_num_groups": 32});
        for (name, value) in [
            ("norm_num_groups", json!(0)),
            ("block_out_channels", json!([100])),
            ("scaling_factor", json!(0)),
        ] {
            let mut wrong = decoder.clone();
            wrong[name] = value;
            put("flux/vae/config.json", &wrong.to_string());
            told(broken, "vae/config.json cannot be used");
        }
        put("flux/vae/config.json", &decoder.to_string());

        for (repository, files) in [
            ("models--EricB--t5_tokenizer", &["t5-v1_1-xxl.tokenizer.json"][..]),
            (
                "models--EricB--t5-v1_1-xxl-enc-only",
                &["t5_xxl-shard-0.safetensors", "t5_xxl-shard-1.safetensors", "config.json"],
            ),
            (
                "models--openai--clip-vit-large-patch14",
                &["model.safetensors", "config.json", "tokenizer.json"],
            ),
        ] {
            let named = format!("{HUB}/{repository}/refs/main");
            told(missing, &format!("{repository}/refs/main is not there"));
            put(&named, "../../..");
            told(broken, "does not name a snapshot");
            put(&named, "0a1b");
            for file in files {
                told(missing, &format!("{repository}/snapshots/0a1b/{file} is not there"));
                let path = format!("{HUB}/{repository}/snapshots/0a1b/{file}");
                match file.ends_with(".safetensors") {
                    true => weigh(&folder.join(path)),
                    false => put(&path, "{}"),
                }
            }
        }
        // All is there, and none of it is what it says: loading it breaks, and MAID does not.
        let (status, problem) = answer(post(&maid, "image", &json!({"prompt": "a cat"})));
        assert_eq!((status, problem["code"].as_str()), (503, Some(broken)), "{problem}");
        assert!(
            problem["detail"].as_str().is_some_and(|told| told.contains("could not be loaded")),
            "{problem}"
        );
        let (_, shown) = answer(maid.get("/ai/status"));
        assert_eq!(shown["images"]["state"], "failed", "{shown}");
    });
}
