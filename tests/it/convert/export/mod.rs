//! What is exported, run by the tools that it is for.
//!
//! A test document counts passes, so that every tool has to send the same requests equally often; and a
//! target that writes down what reaches it shows whether they are the same to the byte.

mod command;
mod forms;
mod load;
mod mix;
mod served;
mod target;
pub mod tools;
mod traps;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::cli::{folder, told};

/// The document that every tool runs.
fn shop_document() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/convert/export/shop.yaml")
}

/// What `maid export DOCUMENT --to FORM -o test.EXT` leaves in a folder, and what it says.
fn exported(document: &Path, form: &str) -> (TempDir, PathBuf, String) {
    let folder = folder();
    let extension = match form {
        "k6" => "js",
        "locust" => "py",
        "goose" => "rs",
        "curl" => "sh",
        other => other,
    };
    let name = format!("test.{extension}");
    let document = document.to_str().expect("a plain path");
    let (code, stdout, stderr) = told(&folder, &["export", document, "--to", form, "-o", &name]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    let path = folder.path().join(name);
    (folder, path, stderr)
}

/// Writes a document of this text beside nothing else.
fn written(text: &str) -> (TempDir, PathBuf) {
    let folder = folder();
    let path = folder.path().join("document.yaml");
    std::fs::write(&path, text).expect("it is written");
    (folder, path)
}
