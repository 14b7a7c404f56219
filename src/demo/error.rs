//! What the shop answers when it cannot do what it is asked: `{"error": "..."}`.

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use serde_json::json;

use super::sessions::PASSWORD;

/// What a route answers.
pub(super) type Answer = Result<HttpResponse, ShopError>;

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
    #[error("get a token at POST /oauth/token and send it as `Authorization: Bearer TOKEN`")]
    NoPartner,
    #[error("send basic credentials: the demo shop takes any name with the password `{PASSWORD}`")]
    NoStaff,
    #[error(
        "X-Webhook-Signature must be `sha256=` and the HMAC-SHA256 of the body under the shared secret, in hexadecimal"
    )]
    BadSignature,
    #[error("{0}")]
    TooLarge(&'static str),
    #[error("this Idempotency-Key belongs to another transfer")]
    OtherRequest,
    #[error("all places of the pool are taken: come back later")]
    Busy,
    #[error("this route fails on purpose")]
    OnPurpose,
}

impl ResponseError for ShopError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::NotLoggedIn
            | Self::WrongPassword
            | Self::NoPartner
            | Self::NoStaff
            | Self::BadSignature => StatusCode::UNAUTHORIZED,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::OtherRequest => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::OnPurpose => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        match self {
            Self::NoStaff => {
                answer.insert_header((WWW_AUTHENTICATE, "Basic realm=\"demo shop\""));
            }
            Self::NotLoggedIn | Self::NoPartner => {
                answer.insert_header((WWW_AUTHENTICATE, "Bearer"));
            }
            Self::Busy => {
                answer.insert_header((RETRY_AFTER, "1"));
            }
            _ => {}
        }
        answer.json(json!({ "error": self.to_string() }))
    }
}
