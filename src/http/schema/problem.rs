//! The schema of a problem document.

use std::borrow::Cow;

use serde_json::json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::verbatim;
use crate::http::{Code, FieldError, Problem};

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        problem_schema()
    }
}

impl ToSchema for Problem {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Problem")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push(("FieldError".to_owned(), FieldError::schema()));
    }
}

/// The schema of [`Problem`], with all codes that there are.
fn problem_schema() -> RefOr<Schema> {
    let example =
        Problem::new(Code::InvalidBody, "load.users: must be at least 1").with_errors([FieldError {
            path: "load.users".to_owned(),
            message: "must be at least 1".to_owned(),
        }]);
    let schema = json!({
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code", "instance", "errors"],
        "properties": {
            "type": {"type": "string", "description": "The code as a URI, `urn:maid:problem:CODE`."},
            "title": {"type": "string", "description": "What the code means; the same for every problem with it."},
            "status": {"type": "integer", "description": "The HTTP status.", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "description": "What went wrong here and what to do about it."},
            "code": {
                "type": "string",
                "description": "What went wrong, for programs. A code is never renamed or given another meaning.",
                "enum": Code::ALL.iter().map(|code| code.name()).collect::<Vec<_>>(),
            },
            "instance": {
                "type": ["string", "null"],
                "description": "What it is about, such as a path, or the id under which the server's log has the cause.",
            },
            "errors": {
                "type": "array",
                "description": "Places in the request that are wrong.",
                "items": {"$ref": "#/components/schemas/FieldError"},
            },
            "run_id": {"type": "string", "format": "uuid", "description": "The run that stands in the way."},
            "retry_after_s": {"type": "integer", "minimum": 0, "description": "Seconds after which to try again."},
        },
        "example": example,
    });
    verbatim(schema)
}
