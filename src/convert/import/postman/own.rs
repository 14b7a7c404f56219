//! What MAID itself writes into the scripts of a collection, read back line by line.

use serde_json::Value;

use crate::{
    convert::{
        export::original,
        import::draft::{choice, step},
    },
    loadtest::types::{Check, CheckOp, Extract, ExtractFrom, StatusSet},
};

/// A value that a script puts into a variable before a request.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Before {
    pub(super) source: Source,
    /// Whether it is written as JSON, so that it stands there without quotes.
    pub(super) typed: bool,
}

/// Where such a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    /// A variable of Postman.
    Variable(String),
    /// A template.
    Template(String),
}

/// What a line after a request says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum After {
    /// What is so anyway.
    Nothing,
    Check(Check),
    Extract(Extract),
}

/// A variable that is set before a request.
pub(super) fn before(line: &str) -> Option<(String, Before)> {
    let rest = line.trim().strip_prefix("pm.variables.set(")?.strip_suffix(");")?;
    let (name, rest) = quoted(rest)?;
    let mut expression = rest.strip_prefix(", ")?;
    if let Some(told) = expression.strip_prefix("whole(") {
        let (_, rest) = quoted(told.strip_suffix(')')?)?;
        expression = rest.strip_prefix(", ")?;
    }
    let within = |start: &str, end: &str| expression.strip_prefix(start)?.strip_suffix(end);
    let escaped = within("JSON.stringify(asText(", ")).slice(1, -1)")
        .or_else(|| within("asPath(", ")"))
        .or_else(|| within("encodeURIComponent(asText(", ")).replace(/%20/g, '+')"))
        .or_else(|| within("encodeURIComponent(asText(", "))"))
        .or_else(|| within("asText(", ").replace(/[\\u0000-\\u0008\\u000a-\\u001f\\u007f]/g, '')"))
        .or_else(|| within("asText(", ")"));
    let (value, typed) = match escaped {
        Some(value) => (value, false),
        None => (within("JSON.stringify(", ")")?, true),
    };
    Some((name, Before { source: source(value)?, typed }))
}

fn source(value: &str) -> Option<Source> {
    let within = |start: &str, end: &str| value.strip_prefix(start)?.strip_suffix(end);
    let alone = |text: &str| quoted(text).filter(|(_, rest)| rest.is_empty()).map(|(text, _)| text);
    if let Some(name) = within("pm.variables.get(", ")").and_then(alone) {
        return Some(Source::Variable(name));
    }
    if let Some(name) = within("JSON.parse(pm.variables.get(", "))").and_then(alone) {
        return Some(Source::Variable(name.strip_suffix(" as JSON")?.to_owned()));
    }
    Some(Source::Template(match value {
        "pm.variables.replaceIn('{{$guid}}')" => "{{ uuid() }}".to_owned(),
        "new Date().toISOString()" => "{{ now() }}".to_owned(),
        "Math.floor(Date.now() / 1000)" => "{{ now(\"unix\") }}".to_owned(),
        "Date.now()" => "{{ now(\"unix_ms\") }}".to_owned(),
        other => match other.split_once(" + Math.floor(Math.random() * (") {
            Some((low, rest)) => {
                let high = rest.strip_suffix(&format!(" - {low} + 1))"))?;
                let (low, high): (i64, i64) = (low.parse().ok()?, high.parse().ok()?);
                format!("{{{{ random_int({low}, {high}) }}}}")
            }
            None => choice(&drawn(other)?),
        },
    }))
}

/// The items of `[a, b][Math.floor(Math.random() * 2)]`.
fn drawn(text: &str) -> Option<Vec<Value>> {
    let mut rest = text.strip_prefix('[')?;
    let mut items = Vec::new();
    loop {
        let (item, after) = scalar(rest)?;
        items.push(item);
        match after.strip_prefix(", ") {
            Some(more) => rest = more,
            None => {
                let end = format!("][Math.floor(Math.random() * {})]", items.len());
                return (after == end).then_some(items);
            }
        }
    }
}

/// What a line says that stands behind a request.
pub(super) fn after(line: &str) -> Option<After> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix("keep(") {
        return extract(rest.strip_suffix(");")?).map(After::Extract);
    }
    let rest = line.strip_prefix("pm.test(")?.strip_suffix(");")?;
    let what = quoted(rest)?.1.strip_prefix(", () => ")?.strip_prefix("pm.expect(")?;
    if what == "pm.response.code).to.be.below(400)" {
        return Some(After::Nothing);
    }
    check(what).map(After::Check)
}

/// A check, of what follows `pm.expect(`.
fn check(what: &str) -> Option<Check> {
    let none = Check::default();
    if let Some(codes) = what.strip_prefix("pm.response.code).to.be.oneOf([") {
        let codes: Option<Vec<u16>> =
            codes.strip_suffix("])")?.split(", ").map(|code| code.parse().ok()).collect();
        let status = match codes?.as_slice() {
            [one] => StatusSet::One(*one),
            many => StatusSet::Many(many.to_vec()),
        };
        return Some(Check { status: Some(status), ..none });
    }
    if let Some(rest) = what.strip_prefix("pm.response.text()).to.include(") {
        let (text, end) = quoted(rest)?;
        return (end == ")").then_some(Check { body_contains: Some(text), ..none });
    }
    if let Some(rest) = what.strip_prefix("pm.response.text()).to.match(new RegExp(") {
        let (pattern, end) = quoted(rest)?;
        return (end == "))").then(|| Check { body_matches: Some(original(&pattern)), ..none });
    }
    let limit = |rest: &str| rest.strip_suffix(").to.equal(true)").map(str::to_owned);
    if let Some(rest) = what.strip_prefix("pm.response.responseTime ") {
        return Some(Check { time: Some(limit(rest)? + "ms"), ..none });
    }
    if let Some(rest) = what.strip_prefix("pm.response.size().body ") {
        return Some(Check { size: Some(limit(rest)? + "b"), ..none });
    }
    let (subject, rest) = match what.strip_prefix("Number(") {
        Some(number) => {
            let (subject, rest) = subject(number)?;
            (subject, rest.strip_prefix(')')?)
        }
        None => subject(what)?,
    };
    let (op, value) = compared(rest)?;
    Some(Check { op: Some(op), value, ..subject })
}

/// What is compared: a value of the answer's JSON, or a header.
fn subject(text: &str) -> Option<(Check, &str)> {
    if let Some((path, rest)) = found(text) {
        return Some((Check { json: Some(path), ..Check::default() }, rest));
    }
    let (name, rest) = quoted(text.strip_prefix("pm.response.headers.get(")?)?;
    Some((Check { header: Some(name), ..Check::default() }, rest.strip_prefix(')')?))
}

/// How it is compared, and with what.
fn compared(rest: &str) -> Option<(CheckOp, Option<Value>)> {
    if rest == ").to.not.equal(undefined)" {
        return Some((CheckOp::Exists, None));
    }
    for (start, end, op) in [
        (").to.eql(", ")", CheckOp::Eq),
        (").to.not.eql(", ")", CheckOp::Ne),
        (").to.include(", ")", CheckOp::Contains),
        (" > ", ").to.equal(true)", CheckOp::Gt),
        (" >= ", ").to.equal(true)", CheckOp::Ge),
        (" < ", ").to.equal(true)", CheckOp::Lt),
        (" <= ", ").to.equal(true)", CheckOp::Le),
    ] {
        if let Some(value) = rest.strip_prefix(start) {
            let (value, after) = scalar(value)?;
            return (after == end).then_some((op, Some(value)));
        }
    }
    None
}

fn extract(text: &str) -> Option<Extract> {
    let (name, rest) = quoted(text)?;
    let rest = rest.strip_prefix(", ")?;
    let of = |from| Extract { name, from, path: None, pattern: None, key: None, default: None };
    let (mut extract, rest) = if let Some((path, rest)) = found(rest) {
        (Extract { path: Some(path), ..of(ExtractFrom::Json) }, rest)
    } else if let Some(rest) =
        rest.strip_prefix("(({ 0: all, 1: group }) => (group === undefined ? all : group))(new RegExp(")
    {
        let (pattern, rest) = quoted(rest)?;
        let rest = rest.strip_prefix(").exec(pm.response.text()) || {})")?;
        (Extract { pattern: Some(original(&pattern)), ..of(ExtractFrom::Regex) }, rest)
    } else if let Some(rest) = rest.strip_prefix("pm.response.headers.get(") {
        let (key, rest) = quoted(rest)?;
        (Extract { key: Some(key), ..of(ExtractFrom::Header) }, rest.strip_prefix(')')?)
    } else if let Some(rest) = rest.strip_prefix("cookie(") {
        let (key, rest) = quoted(rest)?;
        (Extract { key: Some(key), ..of(ExtractFrom::Cookie) }, rest.strip_prefix(')')?)
    } else {
        (of(ExtractFrom::Status), rest.strip_prefix("pm.response.code")?)
    };
    if !rest.is_empty() {
        let (default, end) = quoted(rest.strip_prefix(" ?? ")?)?;
        end.is_empty().then_some(())?;
        extract.default = Some(default);
    }
    Some(extract)
}

/// The JSONPath of `found(answer, ['a', 0, null])`.
fn found(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix("found(answer, [")?;
    let mut path = String::from("$");
    while !rest.starts_with(']') {
        let (key, after) = scalar(rest)?;
        path.push_str(&step(&key)?);
        rest = after.strip_prefix(", ").unwrap_or(after);
    }
    Some((path, rest.strip_prefix("])")?))
}

/// A value that a line begins with, and what follows it.
fn scalar(text: &str) -> Option<(Value, &str)> {
    if let Some(rest) = text.strip_prefix("JSON.parse(") {
        let (json, rest) = quoted(rest)?;
        return Some((serde_json::from_str(&json).ok()?, rest.strip_prefix(')')?));
    }
    if text.starts_with('\'') {
        return quoted(text).map(|(text, rest)| (Value::from(text), rest));
    }
    let end = text.find([',', ')', ']']).unwrap_or(text.len());
    let (value, rest) = text.split_at(end);
    let value: Value = serde_json::from_str(value).ok()?;
    (!value.is_array() && !value.is_object()).then_some((value, rest))
}

/// A text in single quotes that a line begins with, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix('\'')?;
    let mut units: Vec<u16> = Vec::new();
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        let code = |text: Option<&str>| u16::from_str_radix(text?, 16).ok();
        match c {
            '\'' => return Some((String::from_utf16(&units).ok()?, &rest[at + 1..])),
            '\\' => {
                let (digits, unit) = match chars.next()?.1 {
                    'n' => (0, u16::from(b'\n')),
                    'r' => (0, u16::from(b'\r')),
                    't' => (0, u16::from(b'\t')),
                    'x' => (2, code(rest.get(at + 2..at + 4))?),
                    'u' => (4, code(rest.get(at + 2..at + 6))?),
                    other @ ('\'' | '\\') => (0, u16::try_from(u32::from(other)).ok()?),
                    _ => return None,
                };
                units.push(unit);
                (0..digits).for_each(|_| {
                    chars.next();
                });
            }
            c => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_panics(text in "(pm\\.test\\('|keep\\('a', |pm\\.variables\\.set\\('a', )?[a-z'\\\\(){}\\[\\],.> 0-9é]{0,40}(\\);)?") {
            after(&text);
            before(&text);
        }
    }

    #[test]
    fn a_text_in_quotes_is_read_to_its_end() {
        assert_eq!(quoted(r"'it\'s \x3c\ud83d\ude00\n', x"), Some(("it's <😀\n".to_owned(), ", x")));
        for wrong in ["'", r"'\", r"'\u00'", r"'\ud83d'", r"'\q'", "a'"] {
            assert_eq!(quoted(wrong), None, "{wrong}");
        }
    }
}
