//! The two models that read texts for FLUX, T5 and CLIP. mistral.rs takes them from the hub's cache in the user's folder
//! and nowhere else, and asks the network where they are not: so they are looked for first.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::super::{MediaError, files, tensors::Tensors};

/// What belongs there.
const HINT: &str = "FLUX reads its text by T5 and CLIP, which mistral.rs takes from the hub's cache alone; on a machine that \
                    reaches the hub, `hf download EricB/t5_tokenizer`, `hf download EricB/t5-v1_1-xxl-enc-only` and \
                    `hf download openai/clip-vit-large-patch14` put them there";
/// Longest name of a snapshot, in bytes.
const LONGEST_NAME: usize = 200;

/// The files, by the folders of their repositories.
const FILES: [(&str, &[&str]); 3] = [
    ("models--EricB--t5_tokenizer", &["t5-v1_1-xxl.tokenizer.json"]),
    (
        "models--EricB--t5-v1_1-xxl-enc-only",
        &["t5_xxl-shard-0.safetensors", "t5_xxl-shard-1.safetensors", "config.json"],
    ),
    ("models--openai--clip-vit-large-patch14", &["model.safetensors", "config.json", "tokenizer.json"]),
];

/// The hub's cache, where mistral.rs looks for it.
pub(super) fn folder() -> Option<PathBuf> {
    let home = env::var_os("HOME").filter(|home| !home.is_empty())?;
    Some(PathBuf::from(home).join(".cache/huggingface/hub"))
}

/// Whether all files are there.
pub(super) fn look(hub: Option<&Path>) -> Result<(), MediaError> {
    let Some(hub) = hub else {
        return Err(MediaError::Load(
            "HOME is not set, and the hub's cache is looked for below it".to_owned(),
        ));
    };
    for (repository, names) in FILES {
        let repository = hub.join(repository);
        let named = repository.join("refs/main");
        let missing = |_| MediaError::Missing { path: named.clone(), hint: HINT };
        let snapshot = fs::read_to_string(&named).map_err(missing)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if snapshot.is_empty() || snapshot.len() > LONGEST_NAME || !snapshot.chars().all(plain) {
            return Err(MediaError::broken(&named, "it does not name a snapshot"));
        }
        let folder = repository.join("snapshots").join(snapshot);
        for name in names {
            let file = files::file(&folder, name, HINT)?;
            if name.ends_with(".safetensors") {
                Tensors::read(&file)?;
            }
        }
    }
    Ok(())
}
