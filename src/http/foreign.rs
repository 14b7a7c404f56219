//! Errors that are not MAID's own, such as those of the web framework, as problems.
//!
//! Texts of others may hold addresses, queries or paths of the machine, so none of them is sent on.

use actix_web::{
    Error,
    error::{JsonPayloadError, ParseError, PathError, PayloadError, QueryPayloadError},
    http::StatusCode,
};

use super::{Code, Problem};
use crate::db::StoreError;

/// Seconds after which it is worth asking a database again that did not answer.
const DATABASE_RETRY_S: u32 = 2;

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if !error.is_unavailable() {
            return Self::internal(&error);
        }
        tracing::warn!(%error, "a request could not be answered: {error}");
        let detail = format!("{error}; send it again later");
        Self { retry_after_s: Some(DATABASE_RETRY_S), ..Self::new(Code::StorageUnavailable, detail) }
    }
}

/// The problem that stands for an answer of `status` that is none itself, made from `error`.
pub(super) fn problem_of(status: StatusCode, error: Option<&Error>) -> Problem {
    if let Some(error) = error {
        if let Some(problem) = error.as_error::<Problem>() {
            return problem.clone();
        }
        if let Some(problem) = of_the_framework(error) {
            return problem;
        }
        if status.is_server_error() {
            return Problem::internal(&Unexpected(error.to_string()));
        }
    }
    of_status(status)
}

/// What the framework refused, where it says more than its status.
fn of_the_framework(error: &Error) -> Option<Problem> {
    let too_large = || Problem::new(Code::TooLarge, "the body is larger than this route takes");
    if let Some(JsonPayloadError::ContentType) = error.as_error() {
        return Some(of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    if let Some(JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. }) =
        error.as_error()
    {
        return Some(too_large());
    }
    if let Some(PayloadError::Overflow) = error.as_error() {
        return Some(too_large());
    }
    if error.as_error::<PathError>().is_some() {
        return Some(Problem::new(Code::BadId, "the path names something that is not an id"));
    }
    if error.as_error::<QueryPayloadError>().is_some() {
        return Some(Problem::new(Code::BadQuery, "the query cannot be read"));
    }
    if error.as_error::<ParseError>().is_some() {
        return Some(Problem::new(Code::BadHeader, "a header cannot be read"));
    }
    None
}

/// The code nearest to a status.
fn of_status(status: StatusCode) -> Problem {
    match status {
        StatusCode::UNAUTHORIZED => Problem::new(Code::Unauthenticated, "say who you are"),
        StatusCode::FORBIDDEN => Problem::new(Code::Forbidden, "this is not allowed to you"),
        StatusCode::NOT_FOUND => Problem::new(Code::NotFound, "nothing is known by this name"),
        StatusCode::METHOD_NOT_ALLOWED => Problem::new(Code::MethodNotAllowed, "use another method"),
        StatusCode::NOT_ACCEPTABLE => Problem::new(
            Code::NotAcceptable,
            "the answer cannot be given as the headers Accept and Accept-Encoding ask; leave them out",
        ),
        StatusCode::REQUEST_TIMEOUT => Problem::new(Code::Timeout, "send the request faster"),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Code::TooLarge, "send less"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(
            Code::UnsupportedMediaType,
            "send JSON with the header Content-Type: application/json",
        ),
        StatusCode::TOO_MANY_REQUESTS => Problem::new(Code::Full, "try again later"),
        StatusCode::SERVICE_UNAVAILABLE => Problem::new(Code::StorageUnavailable, "try again later"),
        status if status.is_client_error() => {
            Problem::new(Code::BadHeader, "the request is not what this route takes; see /api/docs")
        }
        status => Problem::internal(&Unexpected(format!("an answer of status {status} without a problem"))),
    }
}

/// The text of an error of another kind, for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unexpected(String);

#[cfg(test)]
mod tests {
    use actix_web::error::{ErrorBadRequest, ErrorInternalServerError};

    use super::*;

    fn code(error: impl Into<Error>) -> Code {
        let error = error.into();
        problem_of(error.as_response_error().status_code(), Some(&error)).code
    }

    #[test]
    fn the_frameworks_errors_have_codes() {
        assert_eq!(code(PayloadError::Overflow), Code::TooLarge);
        assert_eq!(code(JsonPayloadError::ContentType), Code::UnsupportedMediaType);
        assert_eq!(code(ParseError::Header), Code::BadHeader);
        assert_eq!(code(Problem::new(Code::RunActive, "")), Code::RunActive);
        assert_eq!(code(ErrorBadRequest("x")), Code::BadHeader);
    }

    #[test]
    fn what_others_say_stays_in_the_log() {
        let error = ErrorInternalServerError("/var/lib/secret");
        let problem = problem_of(StatusCode::INTERNAL_SERVER_ERROR, Some(&error));
        assert_eq!(problem.code, Code::Internal);
        assert!(!format!("{problem:?}").contains("secret"), "{problem:?}");
    }

    #[test]
    fn every_status_becomes_a_problem_of_its_kind() {
        for status in 400..600 {
            let status = StatusCode::from_u16(status).expect("a status");
            let problem = problem_of(status, None);
            assert_eq!(problem.code.status().is_server_error(), status.is_server_error(), "{status}");
        }
    }
}
