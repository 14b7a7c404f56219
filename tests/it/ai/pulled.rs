//! Models that come from a hub: a server here that speaks as the public one does.

use std::{fs, path::Path};

use super::{model, models};
use crate::support::byte_server::{ByteServer, once};

/// A hub that has `file` and gives it once.
fn hub(file: &[u8]) -> ByteServer {
    let about = format!(
        "HTTP/1.1 206 Partial Content\r\netag: \"5e\"\r\nx-repo-commit: 0123456789abcdef\r\n\
         content-range: bytes 0-0/{}\r\ncontent-length: 1\r\nconnection: close\r\n\r\nG",
        file.len()
    );
    let mut data = format!(
        "HTTP/1.1 206 Partial Content\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        file.len()
    )
    .into_bytes();
    data.extend(file);
    ByteServer::start(vec![once(about), once(data)])
}

fn pull(hub: &ByteServer, into: &Path, arguments: &[&str]) -> (i32, String, String) {
    let environment = [("HF_ENDPOINT", hub.url()), ("HF_HOME", into.display().to_string())];
    model(into, &environment, &[&["pull"], arguments].concat())
}

fn left(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_model_comes_from_a_hub_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let into = folder.path();
    let source = models().join("smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
    let whole = fs::read(&source).expect("the model is readable");

    let good = hub(&whole);
    let (code, told, said) = pull(&good, into, &["hf:Owner/Small-GGUF/Small.Q4_1.gguf"]);
    assert_eq!((code, told.as_str()), (0, "small.q4_1\n"), "{said}");
    let asked = good.requests();
    assert!(asked[0].starts_with("GET /Owner/Small-GGUF/resolve/main/Small.Q4_1.gguf HTTP/1.1"), "{asked:?}");
    assert_eq!(left(into), ["small.q4_1"]);
    let (code, _, said) = pull(&good, into, &["hf:Owner/Small-GGUF/Small.Q4_1.gguf"]);
    assert!(code == 104 && said.contains("--name"), "{code} {said}");

    let cut = hub(&whole[..whole.len() / 2]);
    let (code, _, said) = pull(&cut, into, &["hf:Owner/Small-GGUF/cut.gguf"]);
    assert!(code == 104 && said.contains("cut off"), "{code} {said}");
    let none = ByteServer::start(vec![once(
        "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    )]);
    let (code, _, said) = pull(&none, into, &["hf:Owner/Small-GGUF/none.gguf"]);
    assert!(code == 1 && said.contains("maid model import"), "{code} {said}");
    let (code, _, said) = pull(&none, into, &["https://hub.example/model.gguf"]);
    assert!(code == 104 && said.contains("hf:OWNER/REPOSITORY"), "{code} {said}");
    assert_eq!(left(into), ["small.q4_1"], "nothing half is left");
}
