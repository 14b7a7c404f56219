//! Bodies that come from elsewhere.

use indexmap::IndexMap;
use serde_json::Value;

use super::{Draft, literal};
use crate::loadtest::{
    mask::is_secret,
    types::{Body, Request},
};

/// Deepest JSON that goes into a document, which is some levels deep itself.
const MAX_DEPTH: usize = 48;
/// Longest run of digits that a number keeps exactly.
const EXACT_DIGITS: usize = 15;

/// A body as it was sent.
pub(in crate::convert::import) struct Sent<'a> {
    /// Media type, with its parameters.
    pub(in crate::convert::import) kind: Option<&'a str>,
    /// The bytes, as text.
    pub(in crate::convert::import) text: &'a str,
}

impl Draft {
    /// Gives a request its body, in the most readable form that is the same, and the media type where that form
    /// does not say it.
    pub(in crate::convert::import) fn body(&mut self, request: &mut Request, place: &str, sent: &Sent<'_>) {
        let kind = sent.kind.unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let (body, usual) = match essence.as_str() {
            "application/x-www-form-urlencoded" => match form(sent.text) {
                Some(fields) => {
                    let fields = fields
                        .into_iter()
                        .map(|(name, value)| (literal(&name), self.field(place, &name, &value)));
                    (Body { form: Some(fields.collect()), ..Body::default() }, essence.as_str())
                }
                None => (self.text(place, sent.text), ""),
            },
            json if json == "application/json" || json.ends_with("+json") => match read_json(sent.text) {
                Some(value) => {
                    let value = self.json(place, value);
                    (Body { json: Some(value), ..Body::default() }, "application/json")
                }
                None => (self.text(place, sent.text), ""),
            },
            _ => (self.text(place, sent.text), "text/plain; charset=utf-8"),
        };
        if !kind.is_empty() && !kind.eq_ignore_ascii_case(usual) {
            request.headers.retain(|name, _| !name.eq_ignore_ascii_case("content-type"));
            self.header(request, place, "Content-Type", literal(kind));
        }
        request.body = Some(body);
    }

    /// A body of text. Where it names a secret, that one is taken out.
    fn text(&mut self, place: &str, text: &str) -> Body {
        let named = text
            .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
            .filter(|word| word.len() >= 3 && is_secret(word))
            .take(1)
            .next();
        if let Some(word) = named {
            let message = format!("the body is kept as text and names `{word}`: see that it holds no secret");
            self.make(place, message);
        }
        Body { text: Some(literal(text)), ..Body::default() }
    }
}

/// JSON that is the same when it is written again: bounded in depth, without numbers that would be rounded.
fn read_json(text: &str) -> Option<Value> {
    let long = text.as_bytes().chunk_by(|a, b| a.is_ascii_digit() && b.is_ascii_digit());
    let rounded = long.into_iter().any(|run| run.len() > EXACT_DIGITS && run[0].is_ascii_digit());
    let value: Value = serde_json::from_str(text).ok()?;
    let numbers_fit = !rounded || !has_float(&value);
    (numbers_fit && depth(&value, MAX_DEPTH)).then_some(value)
}

fn has_float(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(list) => list.iter().any(has_float),
        Value::Object(map) => map.values().any(has_float),
        _ => false,
    }
}

/// Whether a value can stand in a document: not too deep, and without keys that are too long.
pub(in crate::convert::import) fn fits(value: &Value) -> bool {
    depth(value, MAX_DEPTH)
}

/// Whether a value has no more than so many levels, and no key that is too long for a document.
fn depth(value: &Value, left: usize) -> bool {
    let fits = |value: &Value| left > 0 && depth(value, left - 1);
    match value {
        Value::Array(list) => list.iter().all(fits),
        Value::Object(map) => map.iter().all(|(key, value)| key.len() <= 500 && fits(value)),
        _ => true,
    }
}

/// The fields of a form, unless one is there twice or the text is none.
fn form(text: &str) -> Option<IndexMap<String, String>> {
    let mut fields = IndexMap::new();
    for (name, value) in form_pairs(text)? {
        if name.len() > 500 || fields.insert(name, value).is_some() {
            return None;
        }
    }
    (!fields.is_empty()).then_some(fields)
}

/// The pairs of a form's text, unless it is none.
pub(in crate::convert::import) fn form_pairs(text: &str) -> Option<Vec<(String, String)>> {
    let is_form = text.split('&').all(|pair| pair.contains('='))
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'{' | b'}' | b'"' | b'<' | b'>'))
        && percent_encoding::percent_decode_str(text).decode_utf8().is_ok();
    is_form.then(|| url::form_urlencoded::parse(text.as_bytes()).into_owned().collect())
}
