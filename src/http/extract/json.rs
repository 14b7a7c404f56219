//! A JSON body as a typed value.

use std::ops::Deref;

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use futures_util::future::{FutureExt, LocalBoxFuture};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    body::{self, BodyLimits},
    header::header_text,
    words::field_error,
};
use crate::http::{Code, FieldError, Problem};

/// The body, which must be JSON of the shape of `T`.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

impl<T> Json<T> {
    /// The value alone.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// The body where there is one; then it must be JSON of the shape of `T`, or `null`, which is none.
#[derive(Clone, Debug)]
pub struct OptionalJson<T>(pub Option<T>);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        async move {
            accept_type(&request)?;
            let body = body::read(&request, &mut payload, BodyLimits::of(&request)).await?;
            parse(&body).map(Self)
        }
        .boxed_local()
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for OptionalJson<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        async move {
            let body = body::read(&request, &mut payload, BodyLimits::of(&request)).await?;
            if body.is_empty() {
                return Ok(Self(None));
            }
            accept_type(&request)?;
            if body.trim_ascii() == b"null" {
                return Ok(Self(None));
            }
            parse(&body).map(Some).map(Self)
        }
        .boxed_local()
    }
}

/// `application/json`, or a type built on it, in UTF-8.
fn accept_type(request: &HttpRequest) -> Result<(), Problem> {
    let refused = |what: String| {
        let detail = format!("{what}; send JSON with the header Content-Type: application/json");
        Err(Problem::new(Code::UnsupportedMediaType, detail))
    };
    let Some(text) = header_text(request.headers(), &header::CONTENT_TYPE)? else {
        return refused("the type of the body is not said".to_owned());
    };
    let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let json = essence == "application/json"
        || essence.strip_prefix("application/").is_some_and(|subtype| subtype.ends_with("+json"));
    if !json {
        return refused("the body is of another type".to_owned());
    }
    let charset =
        parts.find_map(|part| part.strip_prefix("charset=").map(|name| name.trim_matches('"').to_owned()));
    match charset.as_deref() {
        None | Some("utf-8" | "utf8") => Ok(()),
        Some(_) => refused("the body is not in UTF-8".to_owned()),
    }
}

/// Reads `body`, an object. What serde_json refuses to nest deeper than 128 levels is refused here too.
///
/// # Errors
/// When it is not JSON, or not of the shape of `T`.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(body).map_err(|error| {
        let read = String::from_utf8_lossy(&body[..error.valid_up_to()]);
        let line = read.matches('\n').count() + 1;
        let column = read.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        malformed(line, column, "is not UTF-8")
    })?;
    if text.trim().is_empty() {
        return Err(Problem::new(Code::MalformedBody, "the body is empty, and JSON is needed"));
    }
    if !text.trim_start().starts_with('{') {
        // Where serde takes an object, it takes a list of its values too.
        let other: Value = serde_json::from_str(text).map_err(|error| refused("", &error))?;
        return Err(no_object(&other));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        refused(&path, &error.into_inner())
    })?;
    json.end().map_err(|error| refused("", &error))?;
    Ok(value)
}

/// Reads a value that came as part of a larger message.
///
/// # Errors
/// When it is not of the shape of `T`.
pub fn read_value<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    if !value.is_object() {
        return Err(no_object(&value));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        refused(&path, &error.into_inner())
    })
}

fn no_object(value: &Value) -> Problem {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    let error = FieldError { path: String::new(), message: format!("found {found}, expected an object") };
    Problem::new(Code::InvalidBody, format!("the body: {}", error.message)).with_errors([error])
}

fn refused(path: &str, error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = text.strip_suffix(&place).unwrap_or(&text);
    if !error.is_data() {
        return malformed(error.line(), error.column(), message);
    }
    let error = field_error(path, message);
    let place = if error.path.is_empty() { "the body" } else { &error.path };
    let detail = format!("{place}: {}", error.message);
    Problem::new(Code::InvalidBody, detail).with_errors([error])
}

fn malformed(line: usize, column: usize, message: &str) -> Problem {
    Problem::new(Code::MalformedBody, format!("line {line}, column {column}: {message}"))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Order {
        name: String,
        #[serde(default)]
        lines: Vec<Line>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Line {
        quantity: u8,
    }

    fn told(body: &[u8]) -> String {
        let problem = parse::<Order>(body).expect_err("it is wrong");
        let places: Vec<&str> = problem.errors.iter().map(|error| error.path.as_str()).collect();
        format!("{} [{}] {}", problem.code.name(), places.join(" "), problem.detail)
    }

    #[test]
    fn a_wrong_field_is_named_with_its_place() {
        insta::assert_snapshot!([
            told(br#"{"name": "a", "lnies": []}"#),
            told(br#"{"name": "a", "lines": [{"quantity": 1}, {"quantity": 2, "price": 3}]}"#),
            told(br#"{"name": "a", "lines": [{"quantity": 256}]}"#),
            told(br#"{"lines": []}"#),
            told(br#"{"name": "a", "name": "b"}"#),
            told(br#"[]"#),
            told(br#"null"#),
        ]
        .join("\n"), @r#"
        invalid_body [lnies] lnies: is not known here; did you mean `lines`?
        invalid_body [lines[1].price] lines[1].price: is not known here; known are `quantity`
        invalid_body [lines[0].quantity] lines[0].quantity: found integer `256`, expected a whole number from 0 to 255
        invalid_body [name] name: is missing; give it a value
        invalid_body [name] name: is given twice; give it once
        invalid_body [] the body: found a list, expected an object
        invalid_body [] the body: found null, expected an object
        "#);
    }

    #[test]
    fn what_is_no_json_is_told_with_line_and_column() {
        insta::assert_snapshot!([
            told(b"{\"name\": \"a\",\n  \"lines\": [}"),
            told(b"{\"name\": \"\xff\"}"),
            told("{\n\"name\": \"ü\u{0}\"}".as_bytes()),
            told(br#"{"name": "a"} {}"#),
            told(br#"{"name": "a"#),
            told(b" "),
        ]
        .join("\n"), @r#"
        malformed_body [] line 2, column 13: expected value
        malformed_body [] line 1, column 11: is not UTF-8
        malformed_body [] line 2, column 12: control character (\u0000-\u001F) found while parsing a string
        malformed_body [] line 1, column 15: trailing characters
        malformed_body [] line 1, column 11: EOF while parsing a string
        malformed_body [] the body is empty, and JSON is needed
        "#);
    }

    #[test]
    fn nesting_is_bounded() {
        let deep =
            |levels: usize| [&br#"{"a":"#[..], &vec![b'['; levels], &vec![b']'; levels], b"}"].concat();
        assert!(parse::<serde_json::Value>(&deep(100)).is_ok());
        let problem = parse::<serde_json::Value>(&deep(100_000)).expect_err("it is too deep");
        assert_eq!(problem.code, Code::MalformedBody);
        assert!(problem.detail.contains("recursion limit"), "{problem}");
    }

    #[actix_web::test]
    async fn the_type_must_be_json() {
        for (content_type, taken) in [
            (Some("application/json"), true),
            (Some("application/json; charset=UTF-8"), true),
            (Some("application/vnd.maid+json"), true),
            (Some("text/plain"), false),
            (Some("application/json; charset=latin1"), false),
            (Some("application/x-www-form-urlencoded"), false),
            (None, false),
        ] {
            let mut request = TestRequest::post().set_payload(r#"{"name": "a"}"#);
            if let Some(content_type) = content_type {
                request = request.insert_header(("content-type", content_type));
            }
            let (request, mut payload) = request.to_http_parts();
            let code = Json::<Order>::from_request(&request, &mut payload)
                .await
                .map_err(|problem| problem.code)
                .err();
            assert_eq!(code, (!taken).then_some(Code::UnsupportedMediaType), "{content_type:?}");
        }
    }

    #[actix_web::test]
    async fn a_body_that_may_be_left_out_may_be_left_out() {
        let (request, mut payload) = TestRequest::post().to_http_parts();
        let none = OptionalJson::<Order>::from_request(&request, &mut payload).await.expect("no body");
        assert_eq!(none.0, None);
        let (request, mut payload) = TestRequest::post().set_payload("{}").to_http_parts();
        let problem = OptionalJson::<Order>::from_request(&request, &mut payload).await.expect_err("no type");
        assert_eq!(problem.code, Code::UnsupportedMediaType);
    }

    #[actix_web::test]
    async fn a_body_is_refused_by_what_it_says_and_by_what_it_sends() {
        let limits = BodyLimits { max_body: 1024, ..BodyLimits::default() };
        for (length, size, taken) in [("1024", 1024, true), ("1025", 4, false), ("7", 1025, false)] {
            let (request, mut payload) = TestRequest::post()
                .app_data(limits)
                .set_payload(vec![b' '; size])
                .insert_header(("content-length", length))
                .to_http_parts();
            let code = body::read(&request, &mut payload, BodyLimits::of(&request))
                .await
                .map_err(|problem| problem.code);
            assert_eq!(code.err(), (!taken).then_some(Code::TooLarge), "{length} {size}");
        }
    }
}
