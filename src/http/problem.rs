//! What went wrong, as `application/problem+json` (RFC 9457).
//!
//! Every error of the API is one of these. A module's error enum turns into it by `From`, which
//! names its [`Code`]; what has no code of its own is logged with an id and answered as
//! [`Code::Internal`] with that id alone.

use std::{borrow::Cow, fmt};

use actix_web::{HttpResponse, ResponseError, http::StatusCode, http::header};
use serde::{Deserialize, Serialize, ser::SerializeStruct};
use uuid::Uuid;

use super::code::Code;
use crate::loadtest::problem::Problems;

/// Media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What went wrong, for programs.
    pub code: Code,
    /// What went wrong and what to do about it, for people.
    pub detail: Cow<'static, str>,
    /// What it is about, such as `/api/maid/runs/ID` or an id in the log.
    pub instance: Option<String>,
    /// Places in the request that are wrong.
    pub errors: Vec<FieldError>,
    /// Id of the run that stands in the way.
    pub run_id: Option<Uuid>,
    /// Seconds after which it is worth trying again.
    pub retry_after_s: Option<u32>,
    /// Methods that the route knows.
    pub allow: Vec<String>,
}

/// One place that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldError {
    /// The place, such as `load.users`.
    #[schema(example = "load.users")]
    pub path: String,
    /// What is wrong and what to do about it.
    #[schema(example = "must be at least 1")]
    pub message: String,
}

impl Problem {
    /// A problem with words for people.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            detail: detail.into(),
            instance: None,
            errors: Vec::new(),
            run_id: None,
            retry_after_s: None,
            allow: Vec::new(),
        }
    }

    /// A defect: logged here with an id, which is all that the client is told.
    #[must_use]
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        let id = Uuid::now_v7();
        tracing::error!(error_id = %id, error, "unexpected error {id}: {error}");
        Self {
            instance: Some(format!("urn:uuid:{id}")),
            ..Self::new(Code::Internal, "the server's log has the cause under this id")
        }
    }

    /// With the places that are wrong.
    #[must_use]
    pub fn with_places(self, problems: &Problems) -> Self {
        self.with_errors(problems.list().iter().map(|problem| {
            let mut message = problem.message.clone();
            if let Some(suggestion) = &problem.suggestion {
                message.push_str(&format!("; did you mean `{suggestion}`?"));
            }
            FieldError { path: problem.path.clone(), message }
        }))
    }

    /// The same with the fields that are wrong.
    #[must_use]
    pub fn with_errors(self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        Self { errors: errors.into_iter().collect(), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.title(), self.detail)
    }
}

impl std::error::Error for Problem {}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut problem = serializer.serialize_struct("Problem", 9)?;
        problem.serialize_field("type", &format_args!("urn:maid:problem:{}", self.code.name()))?;
        problem.serialize_field("title", self.code.title())?;
        problem.serialize_field("status", &self.code.status().as_u16())?;
        problem.serialize_field("detail", &self.detail)?;
        problem.serialize_field("code", self.code.name())?;
        problem.serialize_field("instance", &self.instance)?;
        problem.serialize_field("errors", &self.errors)?;
        if let Some(run_id) = &self.run_id {
            problem.serialize_field("run_id", run_id)?;
        }
        if let Some(seconds) = &self.retry_after_s {
            problem.serialize_field("retry_after_s", seconds)?;
        }
        problem.end()
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((header::CONTENT_TYPE, PROBLEM_JSON));
        if let Some(seconds) = self.retry_after_s {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        if self.code == Code::Unauthenticated {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if !self.allow.is_empty() {
            response.insert_header((header::ALLOW, self.allow.join(", ")));
        }
        // Texts, numbers and lists of them: nothing here can fail to serialise.
        response.body(serde_json::to_string(self).unwrap_or_default())
    }
}
