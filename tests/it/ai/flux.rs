//! What FLUX lacks is told before anything is loaded, and asked of no hub.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use super::tiny::Weights;
use crate::{
    server::{Home, on_one_database},
    support::server::{Maid, answer},
};

const MISSING: &str = "model_not_configured";
const BROKEN: &str = "model_unavailable";

/// Where FLUX's models for text are looked for.
const HUB: &str = "home/.cache/huggingface/hub";
/// Their files, by repository.
const READERS: [(&str, &[&str]); 3] = [
    ("models--EricB--t5_tokenizer", &["t5-v1_1-xxl.tokenizer.json"]),
    (
        "models--EricB--t5-v1_1-xxl-enc-only",
        &["t5_xxl-shard-0.safetensors", "t5_xxl-shard-1.safetensors", "config.json"],
    ),
    ("models--openai--clip-vit-large-patch14", &["model.safetensors", "config.json", "tokenizer.json"]),
];

/// A server with a folder that FLUX should be in.
struct Site {
    folder: PathBuf,
    maid: Maid,
}

impl Site {
    fn start(home: &Home) -> Self {
        let folder = home.folder.path().to_owned();
        let maid = home
            .start()
            .with("MAID__AI__ENABLED", "true")
            .with("MAID__AI__IMAGE_MODEL", folder.join("flux").display())
            .with("HOME", folder.join("home").display())
            // Whoever asks a hub in spite of all asks nobody.
            .with("HF_ENDPOINT", "http://127.0.0.1:9")
            .with("https_proxy", "http://127.0.0.1:9")
            .start();
        Self { folder, maid }
    }

    /// What is told to whoever wants a picture, and of the model's state.
    fn told(&self, code: &str, part: &str) {
        let body = json!({"prompt": "a cat"});
        let asked = self.maid.http.post(format!("{}/api/inference/image", self.maid.url)).json(&body);
        let (status, problem) = answer(asked);
        assert_eq!((status, problem["code"].as_str()), (503, Some(code)), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|told| told.contains(part)), "{part}: {problem}");
        let (_, shown) = answer(self.maid.get("/ai/status"));
        assert_eq!(shown["images"]["state"], if code == MISSING { "missing" } else { "failed" }, "{shown}");
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        if name.ends_with(".safetensors") && text.is_empty() {
            Weights(vec![("a".to_owned(), "F32", vec![1], vec![0; 4])]).write(&path);
        } else {
            fs::write(path, text).expect("it is written");
        }
    }

    /// Each of `wrong` in the place of what belongs into `name` is refused.
    fn described(&self, name: &str, right: &Value, wrong: &[(&str, Value)]) {
        self.told(MISSING, &format!("{name} is not there"));
        for (field, value) in wrong {
            let mut changed = right.clone();
            changed[*field] = value.clone();
            self.put(&format!("flux/{name}"), &changed.to_string());
            self.told(BROKEN, &format!("{name} cannot be used"));
        }
        self.put(&format!("flux/{name}"), &right.to_string());
    }
}

#[test]
fn what_flux_lacks_is_told_and_asked_of_no_hub() {
    on_one_database(|home| {
        let site = Site::start(home);
        site.told(MISSING, "flux is not there");
        site.put("flux/flux-schnell.safetensors", "no name of it");
        site.told(MISSING, "flux1-schnell.safetensors is not there");
        site.put("flux/flux1-schnell.safetensors", "broken");
        site.told(BROKEN, "flux1-schnell.safetensors cannot be used");
        site.put("flux/flux1-schnell.safetensors", "");
        site.told(MISSING, "ae.safetensors is not there");
        site.put("flux/ae.safetensors", "");
        let transformer = json!({"in_channels": 64, "pooled_projection_dim": 768, "joint_attention_dim": 4096,
            "num_attention_heads": 24, "num_layers": 19, "num_single_layers": 38, "guidance_embeds": false});
        let wrong = [("num_layers", json!(0)), ("in_channels", json!("64"))];
        site.described("transformer/config.json", &transformer, &wrong);
        let decoder = json!({"in_channels": 3, "out_channels": 3, "block_out_channels": [128, 256, 512, 512],
            "layers_per_block": 2, "latent_channels": 16, "scaling_factor": 0.3611, "shift_factor": 0.1159,
            "norm_num_groups": 32});
        let wrong = [
            ("norm_num_groups", json!(0)),
            ("block_out_channels", json!([100])),
            ("scaling_factor", json!(0)),
        ];
        site.described("vae/config.json", &decoder, &wrong);
        for (repository, files) in READERS {
            let named = format!("{HUB}/{repository}/refs/main");
            site.told(MISSING, &format!("{repository}/refs/main is not there"));
            site.put(&named, "../../..");
            site.told(BROKEN, "does not name a snapshot");
            site.put(&named, "0a1b");
            for file in files {
                site.told(MISSING, &format!("{repository}/snapshots/0a1b/{file} is not there"));
                let text = if file.ends_with(".json") { "{}" } else { "" };
                site.put(&format!("{HUB}/{repository}/snapshots/0a1b/{file}"), text);
            }
        }
        // All is there, and none of it is what it says: loading it breaks, and MAID does not.
        site.told(BROKEN, "could not be loaded");
    });
}
