//! A model alone, without the reader: it gets the text and a fixed schema. This is there to be measured; nobody is
//! answered by it.

use serde_json::{Value, json};

use super::super::{
    filler::{FillError, Filler, Question},
    reader::{Fact, Reading, Rule, Span, Wanted},
};

/// Most tokens of an answer.
const MAX_TOKENS: u32 = 200;

/// What a model alone makes of a text.
///
/// # Errors
/// It does not answer.
pub async fn open_reading(filler: &dyn Filler, text: &str) -> Result<Reading, FillError> {
    let question = Question {
        instructions: "Read a load test from the text, and answer in JSON: host (base URL, empty where none is \
                       named), requests (method and path), users, run_seconds, requests_per_second (0 where not named), \
                       thresholds such as `p95 < 300ms`."
            .to_owned(),
        text: text[..text.floor_char_boundary(2000)].to_owned(),
        schema: schema(),
        max_tokens: MAX_TOKENS,
    };
    Ok(reading(&filler.fill(question).await?.value))
}

fn schema() -> Value {
    let number = json!({"type": "number", "minimum": 0, "maximum": 1_000_000});
    json!({
        "type": "object",
        "properties": {
            "host": {"type": "string", "maxLength": 100},
            "requests": {"type": "array", "maxItems": 4, "items": {
                "type": "object",
                "properties": {
                    "method": {"enum": ["GET", "POST", "PUT", "PATCH", "DELETE"]},
                    "path": {"type": "string", "maxLength": 80}
                },
                "required": ["method", "path"], "additionalProperties": false
            }},
            "users": number, "run_seconds": number, "requests_per_second": number,
            "thresholds": {"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 40}}
        },
        "required": ["host", "requests", "users", "run_seconds", "requests_per_second", "thresholds"],
        "additionalProperties": false
    })
}

/// What an answer says, as the reader would say it.
fn reading(value: &Value) -> Reading {
    fn fact<T>(value: T) -> Fact<T> {
        Fact { value, span: Span { start: 0, end: 0, text: String::new() } }
    }
    let mut reading = Reading { known_words: (1, 1), ..Reading::default() };
    if let Some(url) = value["host"].as_str().and_then(|host| url::Url::parse(host).ok())
        && matches!(url.scheme(), "http" | "https")
    {
        reading.hosts.push(fact(url.origin().ascii_serialization()));
    }
    for request in value["requests"].as_array().into_iter().flatten() {
        let (Some(method), Some(path)) = (request["method"].as_str(), request["path"].as_str()) else {
            continue;
        };
        if path.starts_with('/') {
            let wanted =
                Wanted { method: Some(method.to_owned()), path: path.to_owned(), ..Wanted::default() };
            reading.requests.push(fact(wanted));
        }
    }
    let number = |key: &str| value[key].as_f64().filter(|number| *number > 0.0 && *number <= 1e6);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "above 0 and at most a million"
    )]
    {
        reading.load.users.extend(number("users").map(|users| fact(users.ceil() as u32)));
        reading.load.time.extend(number("run_seconds").map(|seconds| fact((seconds * 1000.0) as u64)));
    }
    reading.load.rate.extend(number("requests_per_second").map(fact));
    for rule in value["thresholds"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if let Some((measure, limit)) = rule.split_once(' ') {
            let (measure, limit) = (measure.to_owned(), limit.to_owned());
            reading.thresholds.push(fact(Rule { measure, limit, of: None }));
        }
    }
    reading
}
