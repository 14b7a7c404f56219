//! Checks one layer against the schema and words what is wrong.

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::Value;

use super::{error::Problem, origin::Origin, schema};
use crate::loadtest::nearest::nearest;

/// Most problems of a layer that are told; a file with more is not a configuration.
const TOLD: usize = 50;

/// Checks layers against the schema.
pub(super) struct Checker {
    /// Without references.
    pub(super) schema: Value,
    validator: Validator,
}

impl Checker {
    pub(super) fn new() -> Self {
        let schema = schema::inlined();
        let validator =
            jsonschema::validator_for(&schema).expect("a schema that schemars generates is valid");
        Self { schema, validator }
    }

    /// All that is wrong with `value`, which came from `origin`.
    pub(super) fn problems(&self, value: &Value, origin: &Origin) -> Vec<Problem> {
        self.validator.iter_errors(value).flat_map(|error| self.told(&error, origin)).take(TOLD).collect()
    }

    fn told(&self, error: &ValidationError<'_>, origin: &Origin) -> Vec<Problem> {
        let pointer = error.instance_path().as_str().to_owned();
        let path: Vec<&str> = pointer.split('/').skip(1).collect();
        let part = schema::at(&self.schema, &path).unwrap_or(&Value::Null);
        let problem = |path: String, message| Problem { origin: origin.clone(), path, message };
        if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
            let unknown = |key: &String| problem(join(&path, key), unknown_key(part, key));
            return unexpected.iter().map(unknown).collect();
        }
        if let ValidationErrorKind::Required { property } = error.kind() {
            return vec![problem(join(&path, property.as_str().unwrap_or_default()), "is missing".into())];
        }
        vec![problem(path.join("."), self.wording(error, part))]
    }

    fn wording(&self, error: &ValidationError<'_>, part: &Value) -> String {
        let found = kind(error.instance());
        let choices = schema::choices(part);
        match error.kind() {
            _ if !choices.is_empty() => format!("must be one of {}", choices.join(", ")),
            ValidationErrorKind::Type { .. } => format!("must be {}, found {found}", wanted(part)),
            ValidationErrorKind::Pattern { .. } if is_duration(part) => {
                "must be a duration: numbers with units, largest first, such as 500ms, 30s, 5m or 1h30m"
                    .into()
            }
            ValidationErrorKind::Pattern { .. } => "has a character that is not allowed here".into(),
            ValidationErrorKind::PropertyNames { .. } => {
                "has a name with a character that is not allowed".into()
            }
            ValidationErrorKind::MaxProperties { limit } => format!("must have at most {limit} entries"),
            ValidationErrorKind::Minimum { limit } => format!("must be at least {limit}"),
            ValidationErrorKind::Maximum { limit } => format!("must be at most {limit}"),
            ValidationErrorKind::MinLength { .. } => "must not be empty".into(),
            ValidationErrorKind::MaxLength { limit } => format!("must be at most {limit} characters long"),
            ValidationErrorKind::MaxItems { limit } => format!("must have at most {limit} entries"),
            _ => format!("does not fit the schema (wanted {})", wanted(part)),
        }
    }
}

fn join(path: &[&str], key: &str) -> String {
    path.iter().copied().chain([key]).collect::<Vec<_>>().join(".")
}

pub(super) fn unknown_key(part: &Value, key: &str) -> String {
    match nearest(key, schema::keys(part)) {
        Some(near) => format!("unknown key, did you mean `{near}`?"),
        None => format!("unknown key, known are {}", schema::keys(part).collect::<Vec<_>>().join(", ")),
    }
}

fn is_duration(part: &Value) -> bool {
    part.get("title").and_then(Value::as_str) == Some("Duration")
}

/// What the schema wants, in words.
fn wanted(part: &Value) -> &'static str {
    match part.get("type").and_then(Value::as_str) {
        Some("object") => "an object",
        Some("array") => "a list",
        Some("integer") => "a whole number",
        Some("number") => "a number",
        Some("boolean") => "true or false",
        _ if is_duration(part) => "a duration such as \"30s\"",
        _ => "a text",
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
