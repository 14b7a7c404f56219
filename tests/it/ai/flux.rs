//! Pictures of texts, by a FLUX that is made here; what it lacks is told before anything is loaded, and asked of no hub.

use std::{collections::BTreeSet, fs, io::Cursor, path::PathBuf, time::Duration};

use reqwest::blocking::RequestBuilder;
use serde_json::{Value, json};

use super::tiny::{Weights, flux};
use crate::{
    server::{Home, on_one_database},
    support::{
        people::{admin, asking, audited, user},
        server::{Maid, Start, answer, wait_for},
    },
};

const MISSING: &str = "model_not_configured";
const BROKEN: &str = "model_unavailable";

/// How wide and how high the pictures are: almost as small as may be, and not the same.
const SIZE: (u32, u32) = (272, 256);

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
    fn start(home: &Home, start: Start) -> Self {
        let folder = home.folder.path().to_owned();
        let maid = start
            .with("MAID__AI__ENABLED", "true")
            // Where others compute as well, a picture takes its time.
            .with("MAID__AI__TIMEOUT", "10m")
            .with("MAID__AI__IMAGE_MODEL", folder.join("flux").display())
            .with("HOME", folder.join("home").display())
            // Whoever asks a hub in spite of all asks nobody.
            .with("HF_ENDPOINT", "http://127.0.0.1:9")
            .with("https_proxy", "http://127.0.0.1:9")
            .start();
        Self { folder, maid }
    }

    fn ask(&self, prompt: &str) -> RequestBuilder {
        let body = json!({"prompt": prompt, "width": SIZE.0, "height": SIZE.1});
        let asked = self.maid.http.post(format!("{}/api/inference/image", self.maid.url)).json(&body);
        asked.timeout(Duration::from_mins(10))
    }

    /// What is told to whoever wants a picture, and of the model's state.
    fn told(&self, code: &str, part: &str) {
        let (status, problem) = answer(self.ask("a cat"));
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

/// The pixels of a picture, three bytes each.
fn pixels(file: &[u8]) -> Vec<u8> {
    let mut reader = png::Decoder::new(Cursor::new(file)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("it has a size")];
    let frame = reader.next_frame(&mut pixels).expect("a whole PNG");
    assert_eq!(((frame.width, frame.height), frame.color_type), (SIZE, png::ColorType::Rgb));
    assert_eq!(pixels.len(), (3 * SIZE.0 * SIZE.1) as usize);
    pixels
}

/// How far two pictures are from each other: the mean of all differences.
fn apart(one: &[u8], other: &[u8]) -> f64 {
    let sum: u64 = one.iter().zip(other).map(|(one, other)| u64::from(one.abs_diff(*other))).sum();
    sum as f64 / one.len() as f64
}

#[test]
fn what_is_asked_for_is_drawn() {
    on_one_database(|home| {
        let site = Site::start(home, asking(home));
        flux::painter(&site.folder.join("flux"), &site.folder.join(HUB));
        let admin = admin(&site.maid);
        let viewer = user(&site.maid, &admin, "vera", "viewer");
        assert_eq!(answer(site.ask("a cat")).0, 401);
        let (status, problem) = answer(site.ask("a cat").bearer_auth(&viewer));
        assert_eq!((status, problem["code"].as_str()), (403, Some("forbidden")), "{problem}");
        let state = || {
            let shown = answer(site.maid.get("/ai/status").bearer_auth(&admin)).1;
            shown["images"]["state"].as_str().expect("a state").to_owned()
        };
        assert_eq!(state(), "idle", "asking how it is loads nothing");

        // Whoever leaves keeps nobody from being answered; what was begun for them may still be worked on.
        let left = site.ask("a ship").bearer_auth(&admin).timeout(Duration::from_millis(30)).send();
        assert!(left.is_err_and(|error| error.is_timeout()), "nobody is that fast");
        let draw = |prompt: &str| {
            let drawn = site.ask(prompt).bearer_auth(&admin).send().expect("an answer");
            let media_type = drawn.headers()["content-type"].clone();
            let (status, file) = (drawn.status(), drawn.bytes().expect("a body"));
            assert_eq!(status, 200, "{}\n{}", String::from_utf8_lossy(&file), site.maid.said());
            assert_eq!(media_type, "image/png");
            pixels(&file)
        };
        let [storm, cat] = ["a lighthouse in a storm", "a cat"].map(draw);
        assert_eq!(state(), "ready");
        for picture in [&storm, &cat] {
            let colours: BTreeSet<&[u8]> = picture.chunks(3).collect();
            assert!(colours.len() > 1000, "it shows {} colours", colours.len());
        }
        // Each begins with a noise of its own, so that two of the same prompt are 6 apart.
        assert!(apart(&storm, &cat) > 30.0, "they are {} apart", apart(&storm, &cat));

        for (letters, told) in
            [(90, "92 tokens for CLIP, which reads at most 77"), (76, "78 tokens for CLIP")]
        {
            let (status, problem) = answer(site.ask(&"a".repeat(letters)).bearer_auth(&admin));
            assert_eq!((status, problem["errors"][0]["path"].as_str()), (422, Some("prompt")), "{problem}");
            assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(told)), "{problem}");
        }

        let events = wait_for("it is written down", || {
            Some(audited(&site.maid, &admin, "ai.complete")).filter(|events| events.len() == 5)
        });
        let told = json!(events).to_string();
        assert!(
            told.contains("picture") && !told.contains("lighthouse"),
            "nothing of what was asked for: {told}"
        );
        let (_, counted) = answer(site.maid.get("/ai/usage?by=model").bearer_auth(&admin));
        assert_eq!(counted["items"][0]["model"], "flux", "{counted}");
    });
}

#[test]
fn what_flux_lacks_is_told_and_asked_of_no_hub() {
    on_one_database(|home| {
        let site = Site::start(home, home.start());
        site.told(MISSING, "flux is not there");
        site.put("flux/flux-schnell.safetensors", "no name of it");
        site.told(MISSING, "flux1-schnell.safetensors is not there");
        site.put("flux/flux1-schnell.safetensors", "broken");
        site.told(BROKEN, "flux1-schnell.safetensors cannot be used");
        site.put("flux/flux1-schnell.safetensors", "");
        site.told(MISSING, "ae.safetensors is not there");
        let bytes = Weights(vec![("a".to_owned(), "F8_E4M3", vec![1], vec![0])]);
        bytes.write(&site.folder.join("flux/ae.safetensors"));
        site.told(BROKEN, "`a` is of the type F8_E4M3; F32, F16, BF16 are taken");
        site.put("flux/ae.safetensors", "");
        let transformer = json!({"in_channels": 64, "pooled_projection_dim": 768, "joint_attention_dim": 4096,
            "num_attention_heads": 24, "num_layers": 19, "num_single_layers": 38, "guidance_embeds": false});
        let wrong = [
            ("num_layers", json!(0)),
            ("in_channels", json!("64")),
            ("in_channels", json!(32)),
            ("num_attention_heads", json!(12)),
        ];
        site.described("transformer/config.json", &transformer, &wrong);
        let decoder = json!({"in_channels": 3, "out_channels": 3, "block_out_channels": [128, 256, 512, 512],
            "layers_per_block": 2, "latent_channels": 16, "scaling_factor": 0.3611, "shift_factor": 0.1159,
            "norm_num_groups": 32});
        let wrong = [
            ("norm_num_groups", json!(0)),
            ("block_out_channels", json!([100, 256, 512, 512])),
            ("block_out_channels", json!([128, 256, 512])),
            ("latent_channels", json!(4)),
            ("out_channels", json!(4)),
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
