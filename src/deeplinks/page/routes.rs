//! The page and its files, which are part of the binary.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{self, ContentType},
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::http::{Code, Digest, Path, Problem};

/// What the page may do: load its own files, ask its own server, and make no markup of texts. Names in links are
/// written by anybody.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The page.
const PAGE: &str = include_str!("../../../assets/deeplink/page.html");

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A file of the page.
struct PageFile {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
}

macro_rules! files {
    ($($name:literal: $kind:expr),+ $(,)?) => {
        [$(PageFile { name: $name, kind: $kind, text: include_str!(concat!("../../../assets/deeplink/", $name)) }),+]
    };
}

const FILES: &[PageFile] = &files![
    "page.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "page.js": SCRIPT,
    "address.js": SCRIPT,
    "api.js": SCRIPT,
    "changes.js": SCRIPT,
    "confirm.js": SCRIPT,
    "dom.js": SCRIPT,
    "enter.js": SCRIPT,
    "fields.js": SCRIPT,
    "follow.js": SCRIPT,
    "target.js": SCRIPT,
    "texts.js": SCRIPT,
    "words.js": SCRIPT,
];

/// Registers the page.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(page).service(file);
}

/// The page that a link opens
///
/// Shows what the link would run, to whoever signs in, and starts it when they press the button, never by itself. The
/// query is the link's (`link`, `config`, `recipe`, `parameters`, `preset`, `expires`, `sig`); it is read by the
/// page, which asks `GET /api/maid/deeplinks/open` what it holds, and by nobody on the way.
#[utoipa::path(
    operation_id = "deeplink_page",
    security(()),
    responses((status = 200, description = "the page", content_type = "text/html", body = String,
               example = "<!DOCTYPE html>"))
)]
#[get("/maid/run")]
async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        // The address is the link: neither a cache nor another site learns of it.
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .content_type(ContentType::html())
        .body(PAGE)
}

/// A file of the page
///
/// Send its `ETag` as `If-None-Match` to learn whether it changed.
#[utoipa::path(
    operation_id = "deeplink_page_file",
    security(()),
    params(("file" = String, Path, description = "name of the file", example = "page.css")),
    responses(
        (status = 200, description = "the file", content(
            (String = "text/css", example = "body { margin: 0; }"),
            (String = "text/javascript", example = "export const page = 1;"),
            (String = "image/svg+xml", example = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        )),
        (status = 304, description = "it has not changed"),
    )
)]
#[get("/maid/run/{file}")]
async fn file(request: HttpRequest, name: Path<String>) -> Result<HttpResponse, Problem> {
    let file = FILES.iter().find(|one| one.name == name.as_str()).ok_or_else(|| {
        let names: Vec<_> = FILES.iter().map(|one| one.name).collect();
        Problem::new(Code::NotFound, format!("the page has the files {}", names.join(", ")))
    })?;
    // What is served may be packed on the way, so the tag tells versions apart and not bytes.
    let etag = format!("W/{}", Digest::of(file.text.as_bytes()).entity_tag());
    let known = request.headers().get_all(header::IF_NONE_MATCH).any(|value| {
        value.to_str().is_ok_and(|value| value.split(',').any(|tag| tag.trim() == etag || tag.trim() == "*"))
    });
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    // Asked after each time, so that files of two versions never meet in one page.
    response.insert_header((header::ETAG, etag)).insert_header((header::CACHE_CONTROL, "no-cache"));
    if known {
        return Ok(response.finish());
    }
    Ok(response.content_type(file.kind).body(file.text))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::PathBuf};

    use super::*;

    #[test]
    fn every_file_of_the_page_is_handed_out() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/deeplink");
        let there: BTreeSet<String> = fs::read_dir(folder)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            .filter(|name| name != "page.html")
            .collect();
        let known: BTreeSet<String> = FILES.iter().map(|one| one.name.to_owned()).collect();
        assert_eq!(there, known);
    }

    #[test]
    fn no_file_makes_markup_of_text_or_holds_a_script_in_a_line() {
        for one in FILES {
            for forbidden in
                ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"]
            {
                assert!(!one.text.contains(forbidden), "{}: {forbidden}", one.name);
            }
        }
        for forbidden in ["<style", " style=", " onload=", "javascript:", "<script>", "http:", "https:"] {
            assert!(!PAGE.contains(forbidden), "page.html: {forbidden}");
        }
    }
}
