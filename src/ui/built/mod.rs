//! The files that were built of `assets/ui`.

use std::borrow::Cow;

use actix_web::web::Bytes;
use rust_embed::RustEmbed;

/// A debug build reads them when they are asked for, and goes without; a release has them inside, or is not built.
#[derive(RustEmbed)]
#[folder = "assets/ui/dist"]
#[cfg_attr(debug_assertions, allow_missing = true)]
struct Built;

/// The page that all others are shown in.
const PAGE: &str = "index.html";
/// Where that page wants the nonce of its styles.
const NONCE: &str = "__NONCE__";
/// What the name of a compressed file ends with.
const SMALLER: &str = ".br";
/// What is shown where there is no page.
const UNBUILT: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>MAID</title>\n\
     <h1>The admin UI is not built</h1>\n<p>Run <code>scripts/ui</code> and load this page again. \
     The API is <a href=\"/api/docs\">here</a> meanwhile.</p>\n</html>\n";

/// A file of the UI.
pub struct File {
    /// What is in it.
    pub bytes: Bytes,
    /// The same, compressed by Brotli; where that was worth it.
    pub smaller: Option<Bytes>,
    /// What it is.
    pub kind: String,
}

/// The page, whose styles have `nonce`.
pub fn page(nonce: &str) -> String {
    let page = Built::get(PAGE).and_then(|file| String::from_utf8(file.data.into_owned()).ok());
    page.map_or_else(|| UNBUILT.to_owned(), |page| page.replace(NONCE, nonce))
}

/// A file that the page loads. Its name has a hash of what is in it.
pub fn file(name: &str) -> Option<File> {
    // One name, not a way through folders; what is compressed is asked for by the name of what it was.
    let named = !name.contains(['/', '\\']) && !name.ends_with(SMALLER);
    let file = named.then(|| Built::get(&format!("assets/{name}")))??;
    let smaller = Built::get(&format!("assets/{name}{SMALLER}")).map(|file| bytes(file.data));
    let kind = file.metadata.mimetype().to_owned();
    Some(File { bytes: bytes(file.data), smaller, kind })
}

/// What is part of the binary is handed out as it lies there.
fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => data.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_files_of_the_page_and_to_nothing_else() {
        for name in ["../index.html", "..", "", ".", "../../src/main.tsx", "%2e%2e/index.html", "/etc/passwd"]
        {
            assert!(file(name).is_none(), "{name}");
        }
    }

    #[test]
    fn the_page_has_its_nonce_and_nothing_in_line() {
        let page = page("abc");
        assert!(!page.contains(NONCE));
        for forbidden in ["<style", " style=", "javascript:", "<script>", "http:", "https:", " onload="] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
    }
}
