//! Style sheets, scripts and pictures of the shop's pages: of realistic sizes, with the headers that caches
//! want.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH},
    web,
};

use super::error::{Answer, ShopError};

/// Pictures of products.
pub(super) const PHOTOS: u32 = 6;

struct Asset {
    content_type: &'static str,
    etag: String,
    bytes: web::Bytes,
}

/// All assets by name.
pub(super) struct Assets(BTreeMap<String, Asset>);

impl Default for Assets {
    fn default() -> Self {
        let mut all = BTreeMap::new();
        let mut add = |name: &str, content_type, bytes: Vec<u8>| {
            let etag = format!("\"{:08x}\"", crc32fast::hash(&bytes));
            all.insert(name.to_owned(), Asset { content_type, etag, bytes: bytes.into() });
        };
        add(
            "app.css",
            "text/css; charset=utf-8",
            lines(24_000, |n| format!(".c{n}{{margin:{}px}}\n", n % 64)),
        );
        add("app.js", "text/javascript; charset=utf-8", script(96_000));
        add("vendor.js", "text/javascript; charset=utf-8", script(180_000));
        add("logo.svg", "image/svg+xml", logo());
        add("font.woff2", "font/woff2", noise(28_000, 1));
        add("hero.jpg", "image/jpeg", noise(160_000, 2));
        for number in 1..=PHOTOS {
            add(&format!("photo-{number}.jpg"), "image/jpeg", noise(48_000, 10 + u64::from(number)));
        }
        Self(all)
    }
}

fn lines(length: usize, line: impl Fn(usize) -> String) -> Vec<u8> {
    let mut text = String::with_capacity(length + 80);
    for number in 0.. {
        if text.len() >= length {
            break;
        }
        text.push_str(&line(number));
    }
    text.truncate(length);
    text.into_bytes()
}

fn script(length: usize) -> Vec<u8> {
    lines(length, |n| format!("export const part{n} = (a, b) => a * {n} + b;\n"))
}

fn logo() -> Vec<u8> {
    let circle = |n: usize| format!("<circle cx=\"{}\" cy=\"{}\" r=\"3\"/>", n % 10 * 10, n / 10 * 10);
    let circles: String = (0..80).map(circle).collect();
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 80\">{circles}</svg>").into_bytes()
}

/// Bytes that no compression makes smaller, the same at every start. The demo needs their size, not what a
/// picture shows.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.route("/assets/{name}", web::get().to(asset));
}

async fn asset(request: HttpRequest, assets: web::Data<Assets>, name: web::Path<String>) -> Answer {
    let asset = assets.0.get(name.as_str()).ok_or_else(|| ShopError::NotFound("such asset".to_owned()))?;
    let known =
        request.headers().get(IF_NONE_MATCH).is_some_and(|etag| etag.as_bytes() == asset.etag.as_bytes());
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((ETAG, asset.etag.as_str()));
    if known {
        return Ok(answer.finish());
    }
    Ok(answer.content_type(asset.content_type).body(asset.bytes.clone()))
}
