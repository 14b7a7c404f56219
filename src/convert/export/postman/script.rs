//! Scripts of a request: what is worked out before it, and what is checked and taken after it.

use serde_json::{Value, json};

use super::{
    super::{
        literal::javascript,
        program::{Call, Check, Compare, Dialect, Escaped, Extract, Found, Key, Source, keys, portable},
        sentence,
    },
    request::Before,
};
use crate::{
    convert::LeftOut,
    loadtest::{
        template::{self, Item},
        types::{CheckOp, ExtractFrom},
    },
};

/// Whether a name can stand between the braces of a variable.
pub(super) fn plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// A value, escaped for its place, as an expression of JavaScript.
pub(super) fn value(source: &Source, escape: Escaped) -> String {
    let value = match source {
        Source::Env(name) => format!("pm.variables.get({})", javascript(name)),
        Source::Slot(name) => {
            format!("JSON.parse(pm.variables.get({}))", javascript(&format!("{name} as JSON")))
        }
        Source::Cell(..) => "''".to_owned(),
        Source::Call(call) => match call {
            template::Call::Uuid => "pm.variables.replaceIn('{{$guid}}')".to_owned(),
            template::Call::Now => "new Date().toISOString()".to_owned(),
            template::Call::NowUnix => "Math.floor(Date.now() / 1000)".to_owned(),
            template::Call::NowUnixMs => "Date.now()".to_owned(),
            template::Call::RandomInt(low, high) => {
                format!("{low} + Math.floor(Math.random() * ({high} - {low} + 1))")
            }
            template::Call::RandomChoice(items) => format!(
                "[{}][Math.floor(Math.random() * {})]",
                items.iter().map(item).collect::<Vec<_>>().join(", "),
                items.len()
            ),
        },
    };
    let text = format!("asText({value})");
    match escape {
        Escaped::None => text,
        Escaped::Json => format!("JSON.stringify({text}).slice(1, -1)"),
        Escaped::JsonValue => format!("JSON.stringify({value})"),
        Escaped::Path => format!("asPath({value})"),
        Escaped::Query => format!("encodeURIComponent({text})"),
        Escaped::Form => format!("encodeURIComponent({text}).replace(/%20/g, '+')"),
        Escaped::Header => format!("{text}.replace(/[\\u0000-\\u0008\\u000a-\\u001f\\u007f]/g, '')"),
    }
}

fn item(item: &Item) -> String {
    if item.bare_json { item.text.to_string() } else { javascript(&item.text) }
}

const AS_TEXT: &str =
    "const asText = (value) => (typeof value === 'string' ? value : JSON.stringify(value));";
const AS_PATH: &str = "const asPath = (value) => asText(value).replace(/%(?![0-9A-Fa-f]{2})/g, '%25')\
    .replace(/[\\u0000-\\u0020\"#<>\\\\^`{|}\\u007f-\\uffff]+/g, encodeURIComponent);";
const WHOLE: &str =
    "const whole = (host, to) => (to.startsWith('/') ? pm.variables.replaceIn(host) + to : to);";

/// The events of a request.
pub(super) fn events(call: &Call, before: &Before, notes: &mut Vec<LeftOut>) -> Vec<Value> {
    let mut events = Vec::new();
    if !before.is_empty() {
        let mut lines = vec![AS_TEXT.to_owned()];
        let used = |word: &str| before.iter().any(|(_, value)| value.contains(word));
        lines.extend(
            [("asPath(", AS_PATH), ("whole(", WHOLE)]
                .iter()
                .filter(|(word, _)| used(word))
                .map(|(_, line)| (*line).to_owned()),
        );
        lines.extend(before.iter().map(|(name, value)| format!("pm.variables.set('{name}', {value});")));
        events.push(event("prerequest", &lines));
    }
    let mut lines = Vec::new();
    if !call.status_checked() {
        lines.push(
            "pm.test('status below 400', () => pm.expect(pm.response.code).to.be.below(400));".to_owned(),
        );
    }
    lines.extend(call.checks.iter().filter_map(|one| check(one, notes)));
    lines.extend(call.extracts.iter().filter_map(|one| extract(one, notes)));
    let used = |word: &str| lines.iter().any(|line| line.contains(word));
    let mut head = Vec::new();
    if used("found(") {
        head.extend(FOUND.iter().map(|line| (*line).to_owned()));
    }
    // `pm.cookies` would give a value with its escapes taken out.
    if used(", cookie(") {
        head.extend(COOKIE.iter().map(|line| (*line).to_owned()));
    }
    if used("keep(") {
        head.extend(KEEP.iter().map(|line| (*line).to_owned()));
    }
    head.extend(lines);
    events.push(event("test", &head));
    events
}

fn event(listen: &str, lines: &[String]) -> Value {
    json!({ "listen": listen, "script": { "type": "text/javascript", "exec": lines } })
}

const FOUND: [&str; 12] = [
    "const found = (value, path) => {",
    "  if (path.length === 0) return value;",
    "  if (value === null || typeof value !== 'object') return undefined;",
    "  const [key, ...rest] = path;",
    "  if (key === null) {",
    "    return Object.values(value).map((one) => found(one, rest)).find((one) => one !== undefined);",
    "  }",
    "  if (Array.isArray(value) !== (typeof key === 'number')) return undefined;",
    "  const place = key < 0 ? value.length + key : key;",
    "  return Object.prototype.hasOwnProperty.call(value, place) ? found(value[place], rest) : undefined;",
    "};",
    "const answer = (() => { try { return pm.response.json(); } catch (_) { return undefined; } })();",
];

const COOKIE: [&str; 5] = [
    "const cookie = (name) => pm.response.headers.all()",
    "  .filter((one) => one.key.toLowerCase() === 'set-cookie')",
    "  .map((one) => one.value.split(';')[0])",
    "  .filter((one) => one.split('=')[0].trim() === name)",
    "  .map((one) => one.slice(one.indexOf('=') + 1))[0];",
];

const KEEP: [&str; 6] = [
    "const keep = (name, value) => {",
    "  pm.test('there is a value for ' + name, () => pm.expect(value).to.not.equal(undefined));",
    "  if (value === undefined) return;",
    "  pm.collectionVariables.set(name, typeof value === 'string' ? value : JSON.stringify(value));",
    "  pm.collectionVariables.set(name + ' as JSON', JSON.stringify(value));",
    "};",
];

/// Whether a line is one of those that scripts of MAID hold beside what a request checks and takes.
#[must_use]
pub fn is_of_every_script(line: &str) -> bool {
    let own = FOUND.iter().chain(&COOKIE).chain(&KEEP).chain(&[AS_TEXT, AS_PATH, WHOLE]);
    own.into_iter().any(|known| known.trim() == line.trim())
}

fn path(path: &str, place: &str, notes: &mut Vec<LeftOut>) -> Option<String> {
    let Some(keys) = keys(path) else {
        notes.push(LeftOut::new(place, sentence::path(path)));
        return None;
    };
    let key = |key: &Key| match key {
        Key::Name(name) => javascript(name),
        Key::Place(place) => place.to_string(),
        Key::Any => "null".to_owned(),
    };
    Some(format!("found(answer, [{}])", keys.iter().map(key).collect::<Vec<_>>().join(", ")))
}

fn pattern(pattern: &str, place: &str, notes: &mut Vec<LeftOut>) -> Option<String> {
    let portable = portable(pattern, Dialect::JavaScript).filter(|pattern| !pattern.is_empty());
    if portable.is_none() {
        notes.push(LeftOut::new(place, sentence::pattern(pattern)));
    }
    portable.map(|pattern| format!("new RegExp({})", javascript(&pattern)))
}

fn compared(value: &str, compare: &Compare) -> String {
    let wanted = match &compare.value {
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_)) => scalar.to_string(),
        Value::String(text) => javascript(text),
        other => format!("JSON.parse({})", javascript(&other.to_string())),
    };
    let number = compare.value.is_number();
    let value = if number && !matches!(compare.op, CheckOp::Exists | CheckOp::Contains) {
        format!("Number({value})")
    } else {
        value.to_owned()
    };
    let expect = format!("pm.expect({value}).to");
    match compare.op {
        CheckOp::Exists => format!("{expect}.not.equal(undefined)"),
        CheckOp::Eq => format!("{expect}.eql({wanted})"),
        CheckOp::Ne => format!("{expect}.not.eql({wanted})"),
        CheckOp::Contains => format!("{expect}.include({wanted})"),
        CheckOp::Gt => format!("pm.expect({value} > {wanted}).to.equal(true)"),
        CheckOp::Ge => format!("pm.expect({value} >= {wanted}).to.equal(true)"),
        CheckOp::Lt => format!("pm.expect({value} < {wanted}).to.equal(true)"),
        CheckOp::Le => format!("pm.expect({value} <= {wanted}).to.equal(true)"),
    }
}

fn check(check: &Check, notes: &mut Vec<LeftOut>) -> Option<String> {
    let place = check.place.as_str();
    let what = match &check.found {
        Found::Status(codes) => {
            let codes: Vec<String> = codes.iter().map(u16::to_string).collect();
            format!("pm.expect(pm.response.code).to.be.oneOf([{}])", codes.join(", "))
        }
        Found::Json(of, compare) => compared(&path(of, place, notes)?, compare),
        Found::Header(name, compare) => {
            compared(&format!("pm.response.headers.get({})", javascript(name)), compare)
        }
        Found::Contains(text) => format!("pm.expect(pm.response.text()).to.include({})", javascript(text)),
        Found::Matches(of) => {
            format!("pm.expect(pm.response.text()).to.match({})", pattern(of, place, notes)?)
        }
        Found::Time(limit) => {
            let op = sentence::op(limit.op);
            format!("pm.expect(pm.response.responseTime {op} {}).to.equal(true)", limit.value)
        }
        Found::Size(limit) => {
            let op = sentence::op(limit.op);
            format!("pm.expect(pm.response.size().body {op} {}).to.equal(true)", limit.value)
        }
    };
    Some(format!("pm.test({}, () => {what});", javascript(&check.words)))
}

fn extract(extract: &Extract, notes: &mut Vec<LeftOut>) -> Option<String> {
    let place = extract.place.as_str();
    if !plain(&extract.name) {
        notes.push(LeftOut::new(place, format!("Postman has no variable named `{}`", extract.name)));
        return None;
    }
    let value = match extract.from {
        ExtractFrom::Json => path(&extract.what, place, notes)?,
        ExtractFrom::Regex => {
            let pattern = pattern(&extract.what, place, notes)?;
            format!(
                "(({{ 0: all, 1: group }}) => (group === undefined ? all : group))({pattern}.exec(pm.response.text()) || {{}})"
            )
        }
        ExtractFrom::Header => format!("pm.response.headers.get({})", javascript(&extract.what)),
        ExtractFrom::Cookie => format!("cookie({})", javascript(&extract.what)),
        ExtractFrom::Status => "pm.response.code".to_owned(),
    };
    let otherwise =
        extract.default.as_ref().map(|text| format!(" ?? {}", javascript(text))).unwrap_or_default();
    Some(format!("keep({}, {value}{otherwise});", javascript(&extract.name)))
}
