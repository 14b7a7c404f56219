//! A request of such a script: an object with fixed keys.

use serde_json::Value as Json;

use super::super::script::{Machine, Piece, Value, tree::At, whole};
use crate::{
    convert::import::draft::literal,
    loadtest::{
        limit,
        span::Span,
        types::{Check, CheckOp, Extract, ExtractFrom, Request, StatusSet},
    },
};

/// Stands before credentials that the script encodes.
pub(super) const BASIC: &str = "\u{1}basic\u{1}";
/// What every request has where the test says nothing else.
const USUAL_TIMEOUT: f64 = 30.0;
const USUAL_REDIRECTS: u8 = 5;
/// Encodings that are asked for where the test has compressed answers.
const ENCODINGS: &str = "gzip, deflate, br, zstd";

/// The request that an object describes. `seconds` reads its timeout.
pub(super) fn request(
    machine: &mut Machine<'_>,
    object: &Value,
    at: At,
    seconds: fn(&Value) -> Option<f64>,
) -> Option<Request> {
    machine.draft.found += 1;
    let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::to_owned);
    let method = text("method").unwrap_or_else(|| "GET".to_owned());
    let url = object.get("url").cloned().unwrap_or(Value::Unknown(at));
    let mut request = machine.request(&method, &url, at)?;
    request.name = text("name").or(request.name);
    if let Some(Value::Object(headers)) = object.get("headers").cloned() {
        for (name, value) in headers.as_ref() {
            header(machine, &mut request, name, value, at);
        }
    }
    match object.get("body").cloned() {
        None => {}
        Some(text @ Value::Text(_)) => machine.text_body(&mut request, &text, None, at),
        Some(_) => {
            machine
                .list(at, "its body is a file, which is not read: it is left out; add it with `body.file`");
            return None;
        }
    }
    request.method = match (request.body.is_some(), method.as_str()) {
        (true, "POST") | (false, "GET") => None,
        _ => Some(method),
    };
    if let Some(timeout) = object.get("timeout").and_then(seconds)
        && (timeout - USUAL_TIMEOUT).abs() > 1e-9
    {
        machine.timeout(&mut request, timeout, at);
    }
    let redirects = object.get("redirects").and_then(Value::as_f64).and_then(whole);
    request.redirects =
        redirects.and_then(|most| u8::try_from(most.min(20)).ok()).filter(|most| *most != USUAL_REDIRECTS);
    for one in object.get("checks").map(Value::items).unwrap_or_default() {
        match check(one) {
            Some(check) => request.check.push(check),
            None => machine.list(at, "one of its checks is not understood"),
        }
    }
    for one in object.get("extract").map(Value::items).unwrap_or_default() {
        match extract(one) {
            Some(extract) => request.extract.push(extract),
            None => machine.list(at, "one of the values that it takes is not understood"),
        }
    }
    let place = machine.place(at);
    machine.draft.sendable(&place, request)
}

fn header(machine: &mut Machine<'_>, request: &mut Request, name: &str, value: &Value, at: At) {
    if name.eq_ignore_ascii_case("accept-encoding") && value.as_str() == Some(ENCODINGS) {
        machine.draft.compression = true;
        return;
    }
    if let Value::Text(pieces) = value
        && let Some(Piece::Fixed(first)) = pieces.first()
        && let Some(credentials) = first.strip_prefix("Basic ").and_then(|rest| rest.strip_prefix(BASIC))
    {
        let mut rest = vec![Piece::Fixed(credentials.to_owned())];
        rest.extend(pieces.iter().skip(1).cloned());
        let (user, password) = split(&rest);
        return machine.basic(request, &Value::Text(user), &Value::Text(password), at);
    }
    machine.header(request, name, value, at);
}

/// User and password, at the first colon.
fn split(pieces: &[Piece]) -> (Vec<Piece>, Vec<Piece>) {
    let (mut user, mut password, mut found) = (Vec::new(), Vec::new(), false);
    for piece in pieces {
        match piece {
            Piece::Fixed(text) if !found => match text.split_once(':') {
                Some((before, after)) => {
                    user.push(Piece::Fixed(before.to_owned()));
                    password.push(Piece::Fixed(after.to_owned()));
                    found = true;
                }
                None => user.push(piece.clone()),
            },
            _ if found => password.push(piece.clone()),
            _ => user.push(piece.clone()),
        }
    }
    let whole = |pieces: Vec<Piece>| {
        pieces.into_iter().filter(|piece| !matches!(piece, Piece::Fixed(text) if text.is_empty())).collect()
    };
    (whole(user), whole(password))
}

/// A name that templates can use.
pub(super) fn is_name(name: &str) -> bool {
    let begins = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    begins && name.len() <= 100 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// JSON as a value.
pub(super) fn of_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nothing,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Number(number.clone()),
        Json::String(text) => Value::text(text.clone()),
        Json::Array(list) => Value::list(list.iter().map(of_json).collect()),
        Json::Object(map) => Value::Object(std::rc::Rc::new(
            map.iter().map(|(key, value)| (key.clone(), of_json(value))).collect(),
        )),
    }
}

fn to_json(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Nothing => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => Json::Number(number.clone()),
        Value::List(list) => Json::Array(list.iter().map(to_json).collect::<Option<_>>()?),
        Value::Object(map) => Json::Object(
            map.iter().map(|(key, value)| Some((key.clone(), to_json(value)?))).collect::<Option<_>>()?,
        ),
        text => Json::from(literal(text.as_str()?)),
    })
}

/// A check: its words, its kind, and what that kind wants.
fn check(one: &Value) -> Option<Check> {
    let [words, kind, rest @ ..] = one.items() else { return None };
    let text = |place: usize| rest.get(place).and_then(Value::as_str).map(str::to_owned);
    let plain = |text: String| (!text.contains("{{") && !text.contains("${env:")).then_some(text);
    let check = match kind.as_str()? {
        "status" => Check { status: Some(statuses(rest.first()?)?), ..Check::default() },
        "json" => {
            let (op, value) = compared(rest.get(1..)?)?;
            let path = path(words.as_str()?, rest.first()?, &text(1)?)?;
            Check { json: Some(path), op: Some(op), value, ..Check::default() }
        }
        "header" => {
            let (op, value) = compared(rest.get(1..)?)?;
            let name = text(0).filter(|name| http::HeaderName::from_bytes(name.as_bytes()).is_ok())?;
            Check { header: Some(name), op: Some(op), value, ..Check::default() }
        }
        "contains" => Check { body_contains: Some(plain(text(0)?)?), ..Check::default() },
        "matches" => {
            let pattern = text(0).filter(|pattern| limit::regex(pattern).is_ok())?;
            Check { body_matches: Some(plain(pattern)?), ..Check::default() }
        }
        "time" => {
            let millis = rest.get(1)?.as_f64()?;
            let time = match whole(millis).and_then(|millis| u64::try_from(millis).ok()) {
                Some(millis) => Span::from_millis(millis).to_string(),
                None => format!("{millis}ms"),
            };
            let rule = format!("{} {time}", text(0)?);
            limit::Limit::time(&rule).ok()?;
            Check { time: Some(rule), ..Check::default() }
        }
        _ => return None,
    };
    Some(check)
}

fn statuses(codes: &Value) -> Option<StatusSet> {
    let code =
        |value: &Value| u16::try_from(whole(value.as_f64()?)?).ok().filter(|code| (100..600).contains(code));
    let codes: Vec<u16> = codes.items().iter().map(code).collect::<Option<_>>()?;
    match codes.as_slice() {
        [] => None,
        [one] => Some(StatusSet::One(*one)),
        many => (many.len() <= 100).then(|| StatusSet::Many(many.to_vec())),
    }
}

fn compared(rest: &[Value]) -> Option<(CheckOp, Option<Json>)> {
    let op = match rest.first()?.as_str()? {
        "==" => CheckOp::Eq,
        "!=" => CheckOp::Ne,
        ">" => CheckOp::Gt,
        ">=" => CheckOp::Ge,
        "<" => CheckOp::Lt,
        "<=" => CheckOp::Le,
        "contains" => CheckOp::Contains,
        "exists" => return Some((CheckOp::Exists, None)),
        _ => return None,
    };
    let value = to_json(rest.get(1)?)?;
    let ordered = matches!(op, CheckOp::Gt | CheckOp::Ge | CheckOp::Lt | CheckOp::Le);
    let fits = !ordered || value.is_number() || value.is_string();
    fits.then_some((op, Some(value)))
}

/// The path of a check: as its words write it, where that leads to the same place.
fn path(words: &str, keys: &Value, op: &str) -> Option<String> {
    let written = words.split_once(&format!(" {op}")).map(|(path, _)| path);
    let written =
        written.filter(|path| path.starts_with('$') && is_fixed(path) && limit::json_path(path).is_ok());
    let made = of_keys(keys)?;
    Some(written.map_or(made, str::to_owned))
}

/// Whether nothing in a text would be filled in.
fn is_fixed(text: &str) -> bool {
    !text.contains("{{") && !text.contains("${env:")
}

/// The JSONPath of names, places and `null` for all.
fn of_keys(keys: &Value) -> Option<String> {
    let mut path = "$".to_owned();
    for key in keys.items() {
        match key {
            Value::Nothing => path.push_str("[*]"),
            Value::Number(number) => path.push_str(&format!("[{number}]")),
            name => path = super::super::script::step(&path, name.as_str()?),
        }
    }
    (is_fixed(&path) && limit::json_path(&path).is_ok()).then_some(path)
}

fn extract(one: &Value) -> Option<Extract> {
    let [name, kind, what, rest @ ..] = one.items() else { return None };
    let name = name.as_str().filter(|name| is_name(name))?.to_owned();
    let default = match rest.first() {
        Some(value) => Some(literal(value.as_str()?)),
        None => None,
    };
    let (mut path, mut pattern, mut key) = (None, None, None);
    let from = match kind.as_str()? {
        "json" => {
            path = Some(of_keys(what)?);
            ExtractFrom::Json
        }
        "regex" => {
            pattern = Some(
                what.as_str()
                    .filter(|pattern| is_fixed(pattern) && limit::regex(pattern).is_ok())?
                    .to_owned(),
            );
            ExtractFrom::Regex
        }
        "header" => {
            key = Some(
                what.as_str()
                    .filter(|name| http::HeaderName::from_bytes(name.as_bytes()).is_ok())?
                    .to_owned(),
            );
            ExtractFrom::Header
        }
        "cookie" => {
            key = Some(what.as_str().filter(|name| !name.is_empty() && is_fixed(name))?.to_owned());
            ExtractFrom::Cookie
        }
        "status" => ExtractFrom::Status,
        _ => return None,
    };
    Some(Extract { name, from, path, pattern, key, default })
}
