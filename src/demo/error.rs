//! What the shop answers when it cannot do what it is asked: `{"error": "..."}`.

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde_json::json;

use super::sessions::PASSWORD;

/// A refusal.
#[derive(Debug, thiserror::Error)]
pub(super) enum ShopError {
    #[error("{0}")]
    BadRequest(String),
    #[error("log in at POST /login and send the token as `Authorization: Bearer TOKEN`")]
    NotLoggedIn,
    #[error("wrong password: the demo shop takes any user name with the password `{PASSWORD}`")]
    WrongPassword,
    #[error("there is no {0}")]
    NotFound(String),
    #[error("{0}")]
    Conflict(&'static str),
    #[error("this route fails on purpose")]
    OnPurpose,
}

impl ResponseError for ShopError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::NotLoggedIn | Self::WrongPassword => StatusCode::UNAUTHORIZED,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::OnPurpose => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status_code()).json(json!({ "error": self.to_string() }))
    }
}
