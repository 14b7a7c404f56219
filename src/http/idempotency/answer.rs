//! An answer that each repetition of a request gets alike.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use serde::Serialize;

use super::REPLAYED;
use crate::{http::Problem, loadtest::secret::MASK};

/// An answer that can be given again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// HTTP status.
    pub status: u16,
    /// JSON body, where there is one.
    pub body: Option<String>,
    /// Where the thing is that was made.
    pub location: Option<String>,
    /// The entity tag of what is answered.
    pub etag: Option<String>,
    /// Body of the first answer, where that shows what is shown once and stored nowhere.
    pub once: Option<ShownOnce>,
}

/// A body that is sent once, and never stored or printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownOnce(String);

impl std::fmt::Debug for ShownOnce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(MASK)
    }
}

impl StoredAnswer {
    /// An answer with a JSON body.
    ///
    /// # Errors
    /// When `body` cannot be written as JSON, which is a defect.
    pub fn json<T: Serialize>(status: StatusCode, body: &T) -> Result<Self, Problem> {
        let body = serde_json::to_string(body).map_err(|error| Problem::internal(&error))?;
        Ok(Self { body: Some(body), ..Self::empty(status) })
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self { status: status.as_u16(), body: None, location: None, etag: None, once: None }
    }

    /// The same, with `body` for the first who asks: it shows what is shown once. Repetitions are given
    /// what is stored.
    ///
    /// # Errors
    /// When `body` cannot be written as JSON, which is a defect.
    pub fn showing_once<T: Serialize>(self, body: &T) -> Result<Self, Problem> {
        let body = serde_json::to_string(body).map_err(|error| Problem::internal(&error))?;
        Ok(Self { once: Some(ShownOnce(body)), ..self })
    }

    /// The same, saying that what was made is at `location`.
    #[must_use]
    pub fn at(self, location: String) -> Self {
        Self { location: Some(location), ..self }
    }

    /// The same, as the version `etag` of what is answered.
    #[must_use]
    pub fn tagged(self, etag: String) -> Self {
        Self { etag: Some(etag), ..self }
    }

    /// The answer as it is sent.
    #[must_use]
    pub fn into_response(self, replayed: bool) -> HttpResponse {
        let mut response = HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK));
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if let Some(etag) = self.etag {
            response.insert_header((header::ETAG, etag));
        }
        if replayed {
            response.insert_header((REPLAYED, "true"));
        }
        let once = self.once.filter(|_| !replayed).map(|ShownOnce(body)| body);
        match once.or(self.body) {
            Some(body) => response.content_type(header::ContentType::json()).body(body),
            None => response.finish(),
        }
    }
}
