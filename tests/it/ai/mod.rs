//! Models inside MAID, as their users meet them.

mod generator;
mod inside;
mod openai;
mod pictures;
mod search;
mod without;

use std::path::PathBuf;

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
