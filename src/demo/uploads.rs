//! Uploads: the bytes are counted and hashed as they come, and not kept.

use actix_web::{HttpResponse, http::header::LOCATION, web};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::StreamExt;
use ring::digest::{Context, SHA256};
use serde::Serialize;

use super::{
    error::{Answer, ShopError},
    kept::{Kept, Recent},
};

/// Largest upload.
const LARGEST: usize = 4 * 1024 * 1024;
/// Uploads that are remembered.
const MOST: usize = 10_000;

#[derive(Clone, Serialize)]
struct Upload {
    name: String,
    bytes: usize,
    sha256: String,
}

/// What has been uploaded lately.
pub(super) struct Uploads(Kept<Recent<String, Upload>>);

impl Default for Uploads {
    fn default() -> Self {
        let mut known = Recent::new(MOST);
        let empty = Upload {
            name: "readme.txt".to_owned(),
            bytes: 0,
            sha256: STANDARD.encode(Context::new(&SHA256).finish()),
        };
        known.insert(empty.name.clone(), empty);
        Self(Kept::new(known))
    }
}

pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.service(
        web::resource("/uploads/{name}").route(web::put().to(receive)).route(web::get().to(uploaded)),
    );
}

async fn receive(uploads: web::Data<Uploads>, name: web::Path<String>, mut body: web::Payload) -> Answer {
    let name = name.into_inner();
    if name.len() > 100 {
        return Err(ShopError::BadRequest("the name must have at most 100 bytes".to_owned()));
    }
    let (mut bytes, mut hash) = (0, Context::new(&SHA256));
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|error| ShopError::BadRequest(error.to_string()))?;
        bytes += piece.len();
        if bytes > LARGEST {
            return Err(ShopError::TooLarge("an upload has at most 4 MiB"));
        }
        hash.update(&piece);
    }
    if bytes == 0 {
        return Err(ShopError::BadRequest(
            "the body is empty: send the bytes of the file as they are".to_owned(),
        ));
    }
    let upload = Upload { name: name.clone(), bytes, sha256: STANDARD.encode(hash.finish()) };
    uploads.0.open().insert(name.clone(), upload.clone());
    Ok(HttpResponse::Created().insert_header((LOCATION, format!("/uploads/{name}"))).json(upload))
}

async fn uploaded(uploads: web::Data<Uploads>, name: web::Path<String>) -> Answer {
    let upload = uploads.0.open().get(&name).cloned();
    Ok(HttpResponse::Ok().json(upload.ok_or_else(|| ShopError::NotFound("such upload".to_owned()))?))
}
