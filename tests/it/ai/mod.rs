//! Models inside MAID, as their users meet them.

mod flux;
mod generator;
mod inference;
mod inside;
mod openai;
mod pictures;
mod providers;
mod pulled;
mod search;
mod tiny;
mod voice;
mod without;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Where `make model` puts the models, as MAID looks for them.
fn models() -> PathBuf {
    let folder = maid::ai::models::Catalogue::new(None).folder().to_owned();
    assert!(
        folder.join("smollm2-135m-instruct").exists(),
        "there are no models in {}: run scripts/models, as `make test` does",
        folder.display()
    );
    folder
}

/// `maid model`, with `folder` for its models: how it ends, what it tells and what it says.
fn model(folder: &Path, environment: &[(&str, String)], arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_maid"))
        .arg("model")
        .args(arguments)
        .env("MAID__AI__MODELS_DIR", folder)
        .envs(environment.iter().map(|(name, value)| (*name, value)))
        .current_dir(folder)
        .output()
        .expect("the binary runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}
