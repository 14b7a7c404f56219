//! The two models that read texts for FLUX, T5 and CLIP. mistral.rs takes them from the hub's cache in the user's folder
//! and nowhere else, and asks the network where they are not: so they are looked for first.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use tokenizers::Tokenizer;

use super::super::{MediaError, files, tensors::Tensors};

/// What belongs there.
const HINT: &str = "FLUX reads its text by T5 and CLIP, which mistral.rs takes from the hub's cache alone; on a machine that \
                    reaches the hub, `hf download EricB/t5_tokenizer`, `hf download EricB/t5-v1_1-xxl-enc-only` and \
                    `hf download openai/clip-vit-large-patch14` put them there";
/// Longest name of a snapshot, in bytes.
const LONGEST_NAME: usize = 200;
/// Most tokens that T5 reads for FLUX schnell; for FLUX dev it reads all.
const T5_READS: usize = 256;
/// T5's tokenizer.
const T5_TOKENIZER: &str = "t5-v1_1-xxl.tokenizer.json";

/// The files, by the folders of their repositories.
const FILES: [(&str, &[&str]); 3] = [
    ("models--EricB--t5_tokenizer", &[T5_TOKENIZER]),
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

/// The two that read.
#[derive(Debug)]
pub struct Readers {
    /// Tokenizer of T5, and most tokens that it may make.
    t5: (PathBuf, Option<usize>),
    /// Folder of CLIP.
    clip: PathBuf,
}

/// What CLIP's config.json says of its length.
#[derive(Deserialize)]
struct Clip {
    text_config: ClipText,
}

#[derive(Deserialize)]
struct ClipText {
    max_position_embeddings: usize,
}

impl Readers {
    /// Whether neither breaks at this text: mistral.rs would begin all the same, and say nothing of use. Where it cannot
    /// be told, whoever loads them says why.
    pub(super) fn take(&self, text: &str) -> Result<(), MediaError> {
        let config = files::json::<Clip>(&self.clip.join("config.json"));
        let clip = config.ok().map(|config| config.text_config.max_position_embeddings);
        let (t5, t5_reads) = &self.t5;
        for (name, file, reads) in [("CLIP", &self.clip.join("tokenizer.json"), clip), ("T5", t5, *t5_reads)]
        {
            let Some(reads) = reads else { continue };
            let Some(tokens) = tokens(file, text).filter(|tokens| *tokens > reads) else { continue };
            let why =
                format!("has {tokens} tokens for {name}, which reads at most {reads}: say it in fewer words");
            return Err(MediaError::Text(why));
        }
        Ok(())
    }
}

fn tokens(tokenizer: &Path, text: &str) -> Option<usize> {
    let read = Tokenizer::from_file(tokenizer).ok()?.encode(text, true).ok()?;
    Some(read.len())
}

/// Looks whether all files are there; `guided` is FLUX dev.
pub(super) fn look(hub: Option<&Path>, guided: bool) -> Result<Readers, MediaError> {
    let Some(hub) = hub else {
        return Err(MediaError::Load(
            "HOME is not set, and the hub's cache is looked for below it".to_owned(),
        ));
    };
    let [tokenizer, weights, clip] = FILES;
    let folder = there(hub, tokenizer)?;
    let t5 = (folder.join(T5_TOKENIZER), (!guided).then_some(T5_READS));
    there(hub, weights)?;
    Ok(Readers { t5, clip: there(hub, clip)? })
}

/// The folder of a repository in which all of `names` are.
fn there(hub: &Path, (repository, names): (&str, &[&str])) -> Result<PathBuf, MediaError> {
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
    Ok(folder)
}
