//! What the schema's errors say to a user.

use super::{
    JsonType, Kind, Span, StandIn, TypeKind, ValidationError, Value, Words, beside, listed, minimal, nearest,
    properties,
};

impl Words {
    fn plain(message: String) -> Self {
        Self { message, suggestion: None, stand_in: None }
    }

    /// For a number beyond a limit, which stands in for it.
    fn within(limit: &Value, message: String) -> Self {
        Self { stand_in: minimal::number(limit).map(StandIn::Likely), ..Self::plain(message) }
    }
}

/// The message for one error, and what was probably meant.
pub(super) fn message(error: &ValidationError<'_>) -> Words {
    let value = error.instance();
    let text = match error.kind() {
        Kind::Type { kind } => return wrong_type(error, &types(kind), value),
        Kind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            return Words { stand_in: missing(error, key), ..Words::plain(format!("`{key}` is missing")) };
        }
        Kind::Enum { options } => {
            return options_of(options.as_array().into_iter().flatten(), value);
        }
        Kind::Constant { expected_value } => return options_of([&**expected_value].into_iter(), value),
        // Durations are the only texts with a pattern.
        Kind::Pattern { .. } => {
            let message = match value.as_str().unwrap_or_default().parse::<Span>() {
                Err(error) => error.to_string(),
                Ok(_) => format!("{value} is not written as it must be"),
            };
            return Words { stand_in: Some(StandIn::Likely(Value::from("1s"))), ..Words::plain(message) };
        }
        Kind::Minimum { limit } => {
            return Words::within(limit, format!("must be at least {}, not {value}", plain(limit)));
        }
        Kind::Maximum { limit } => {
            return Words::within(limit, format!("must be at most {}, not {value}", plain(limit)));
        }
        Kind::MinItems { limit: 1 } => "must not be empty: it needs at least one entry".to_owned(),
        Kind::MinItems { limit } => format!("needs at least {limit} entries"),
        Kind::MaxItems { limit } => format!("has more than {limit} entries, the most that is taken"),
        Kind::MinLength { limit: 1 } => "must not be empty".to_owned(),
        Kind::MinLength { limit } => format!("must have at least {limit} characters"),
        Kind::MaxLength { limit } => format!("is longer than {limit} characters, the most that is taken"),
        _ => error.masked().to_string(),
    };
    Words::plain(text)
}

/// The message for a value that none of several schemas takes.
pub(super) fn choice(error: &ValidationError<'_>, branches: &[Vec<ValidationError<'static>>]) -> Words {
    let value = error.instance();
    let mut kinds = Vec::new();
    let mut options = Vec::new();
    for error in branches.iter().flatten() {
        match error.kind() {
            Kind::Constant { expected_value } => options.push((**expected_value).clone()),
            Kind::Enum { options: several } => {
                options.extend(several.as_array().into_iter().flatten().cloned())
            }
            Kind::Type { kind } => kinds.extend(types(kind)),
            _ => {}
        }
    }
    if options.is_empty() { wrong_type(error, &kinds, value) } else { options_of(options.iter(), value) }
}

fn options_of<'a>(options: impl Iterator<Item = &'a Value>, value: &Value) -> Words {
    let mut options: Vec<String> =
        options.map(|option| option.as_str().map_or_else(|| option.to_string(), str::to_owned)).collect();
    // A choice that may be a number as well is one choice.
    options.dedup();
    let names = || options.iter().map(String::as_str);
    let (message, suggestion) = match value {
        Value::String(text) => {
            (format!("`{text}` is not one of {}", listed(names())), nearest(text, names()).map(str::to_owned))
        }
        _ => (format!("must be one of {}, not {value}", listed(names())), None),
    };
    let likely = suggestion.clone().map(|likely| StandIn::Likely(likely.into()));
    let stand_in = likely.or_else(|| Some(StandIn::Guess(options.first()?.clone().into())));
    Words { message, suggestion, stand_in }
}

fn types(kind: &TypeKind) -> Vec<JsonType> {
    match kind {
        TypeKind::Single(kind) => vec![*kind],
        TypeKind::Multiple(kinds) => kinds.iter().collect(),
    }
}

fn wrong_type(error: &ValidationError<'_>, kinds: &[JsonType], value: &Value) -> Words {
    let mut wanted: Vec<&str> =
        kinds.iter().filter(|kind| !matches!(kind, JsonType::Null)).map(|kind| name(*kind)).collect();
    wanted.dedup();
    if let [.., "text"] = *wanted {
        // Numbers and booleans are taken for text there, which is what is meant.
        wanted = vec!["text"];
    }
    let found = match value {
        Value::Null => "empty".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(_) => name(JsonType::String).to_owned(),
        Value::Array(_) => name(JsonType::Array).to_owned(),
        Value::Object(_) => name(JsonType::Object).to_owned(),
    };
    let way_out = match (wanted.as_slice(), value) {
        (["text"], Value::Number(_) | Value::Bool(_)) => format!(": write it in quotes, \"{value}\""),
        (["a list"], Value::String(_) | Value::Object(_)) => {
            ": put it in brackets, or write `- ` before it".to_owned()
        }
        (["a whole number" | "a number" | "true or false"], Value::String(_)) => {
            ": write it without quotes".to_owned()
        }
        _ => String::new(),
    };
    let message = format!("must be {}, not {found}{way_out}", wanted.join(" or "));
    let least = || beside(error.schema_path().as_str()).map(minimal::of);
    let stand_in = stand_in(kinds, value).or_else(least).map(StandIn::Likely);
    Words { stand_in, ..Words::plain(message) }
}

const fn name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Null => "empty",
        JsonType::Number => "a number",
        JsonType::Object => "a mapping of keys to values",
        JsonType::String => "text",
    }
}

/// Something for a missing key, so that the rest can be checked.
fn missing(error: &ValidationError<'_>, key: &str) -> Option<StandIn> {
    let value = minimal::of(properties(error)?.get(key)?);
    Some(StandIn::Missing { key: key.to_owned(), value })
}

/// A limit without the `.0` that the schema gives it.
fn plain(limit: &Value) -> String {
    limit.as_f64().map_or_else(|| limit.to_string(), |limit| limit.to_string())
}

/// A value of a wanted type, as near as can be to the one that was written.
fn stand_in(kinds: &[JsonType], value: &Value) -> Option<Value> {
    let written = value.as_str().and_then(|text| text.trim().parse::<f64>().ok());
    kinds.iter().find_map(|kind| match kind {
        JsonType::String if value.is_number() || value.is_boolean() => Some(Value::String(value.to_string())),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a stand-in need not be exact"
        )]
        JsonType::Integer => Some(Value::from(written.unwrap_or(1.0) as u32)),
        JsonType::Number => Some(Value::from(written.unwrap_or(1.0))),
        JsonType::Boolean => Some(Value::Bool(false)),
        _ => None,
    })
}
