//! A LoadTest as YAML that a person likes to read.
//!
//! Keys stand in the order of the schema, and nothing is spelled out that would be so anyway. What is written is read
//! again as the same LoadTest: a text is left without quotes only where every reader of YAML, 1.1 or 1.2, takes it for
//! a text.

use serde_json::{Map, Number, Value};

use crate::loadtest::types::{LoadTest, Target};

/// Longest line that a list or mapping may take to stand on one.
const WIDTH: usize = 100;
/// Keys whose lists and mappings stand on one line where they fit.
const SHORT: [&str; 16] = [
    "hosts",
    "tls",
    "headers",
    "stages",
    "arrival",
    "data",
    "think_time",
    "query",
    "form",
    "auth",
    "extract",
    "check",
    "json",
    "variables",
    "graphql",
    "thresholds",
];

/// The document of a LoadTest.
#[must_use]
pub fn write(loadtest: &LoadTest) -> String {
    let mut out = String::new();
    block(&brief(loadtest), 0, false, &mut out);
    out
}

/// A LoadTest as a value without what would be so anyway.
#[must_use]
pub fn brief(loadtest: &LoadTest) -> Value {
    let mut value = serde_json::to_value(loadtest).expect("a LoadTest has text keys and finite numbers");
    if let Some(root) = value.as_object_mut() {
        without(root, "scheduler", &Value::from("round_robin"));
        without(root, "rate_limit", &Value::from(0.0));
        without(root, "abort_on_threshold", &Value::from(false));
        root.get_mut("rate_limit").into_iter().for_each(whole);
        root.get_mut("target").and_then(Value::as_object_mut).into_iter().for_each(brief_target);
        root.get_mut("load").and_then(Value::as_object_mut).into_iter().for_each(brief_load);
        for source in parts(root, "data") {
            without(source, "mode", &Value::from("sequential"));
        }
        for scenario in parts(root, "scenarios") {
            without(scenario, "weight", &Value::from(1));
            for list in ["on_start", "transactions", "on_stop"] {
                parts(scenario, list).for_each(|part| without(part, "weight", &Value::from(1)));
            }
        }
    }
    value
}

fn parts<'a>(map: &'a mut Map<String, Value>, key: &str) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    map.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

fn without(map: &mut Map<String, Value>, key: &str, default: &Value) {
    if map.get(key) == Some(default) {
        map.shift_remove(key);
    }
}

fn brief_target(target: &mut Map<String, Value>) {
    let usual = serde_json::to_value(Target::of(Vec::new())).unwrap_or_default();
    for (key, default) in usual.as_object().into_iter().flatten().filter(|(key, _)| *key != "hosts") {
        if let (Some(own), Some(default)) =
            (target.get_mut(key).and_then(Value::as_object_mut), default.as_object())
        {
            default.iter().for_each(|(key, default)| without(own, key, default));
            without(target, key, &Value::Object(Map::new()));
        }
        without(target, key, default);
    }
}

fn brief_load(load: &mut Map<String, Value>) {
    without(load, "measure", &Value::from("all"));
    load.values_mut().for_each(whole);
    if let Some(arrival) = load.get_mut("arrival").and_then(Value::as_object_mut) {
        without(arrival, "late", &Value::from("queue"));
    }
}

/// Makes `50.0` the `50` that was meant, in what holds no body.
fn whole(value: &mut Value) {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Array(list) => list.iter_mut().for_each(whole),
        Value::Object(map) => map.values_mut().for_each(whole),
        Value::Number(number) if number.is_f64() => {
            let found = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < EXACT);
            #[expect(clippy::cast_possible_truncation, reason = "within 2^53 and without a fraction")]
            if let Some(float) = found {
                *number = Number::from(float as i64);
            }
        }
        _ => {}
    }
}

/// Writes a mapping, `indent` columns in. Its first line is begun already after a dash.
fn block(value: &Value, indent: usize, begun: bool, out: &mut String) {
    let Value::Object(map) = value else {
        flow(value, out);
        out.push('\n');
        return;
    };
    for (index, (key, value)) in map.iter().enumerate() {
        if index > 0 || !begun {
            pad(indent, out);
        }
        text(key, out);
        out.push(':');
        under(value, indent, SHORT.contains(&key.as_str()), out);
    }
}

/// Writes what follows `key:`.
fn under(value: &Value, indent: usize, may_be_short: bool, out: &mut String) {
    if let Value::String(lines) = value
        && let Some(mark) = literal(lines)
    {
        out.push_str(mark);
        for line in lines.lines() {
            if !line.is_empty() {
                pad(indent + 2, out);
                out.push_str(line);
            }
            out.push('\n');
        }
        return;
    }
    let plural = matches!(value, Value::Object(map) if !map.is_empty())
        || matches!(value, Value::Array(list) if !list.is_empty());
    if !plural || fits(value, indent, may_be_short, out) {
        out.push(' ');
        flow(value, out);
        out.push('\n');
        return;
    }
    out.push('\n');
    match value {
        Value::Array(list) => items(list, indent + 2, may_be_short, out),
        other => block(other, indent + 2, false, out),
    }
}

fn items(list: &[Value], indent: usize, may_be_short: bool, out: &mut String) {
    for item in list {
        pad(indent, out);
        out.push_str("- ");
        let nested = matches!(item, Value::Object(map) if !map.is_empty());
        if nested && !fits(item, indent + 2, may_be_short, out) {
            block(item, indent + 2, true, out);
        } else if let Value::Array(inner) = item
            && !inner.is_empty()
            && !fits(item, indent + 2, may_be_short, out)
        {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
            items(inner, indent + 2, may_be_short, out);
        } else {
            flow(item, out);
            out.push('\n');
        }
    }
}

/// Whether a list or mapping goes on the line that is being written. Lists of plain values always may.
fn fits(value: &Value, indent: usize, may_be_short: bool, out: &str) -> bool {
    let plain = |value: &Value| !value.is_array() && !value.is_object();
    let is_short = match value {
        Value::Array(list) => list.iter().all(plain) || may_be_short && list.iter().all(Value::is_number),
        Value::Object(map) => may_be_short && map.len() <= 5,
        _ => true,
    };
    let line = out.rfind('\n').map_or(out.len(), |end| out.len() - end - 1).max(indent);
    is_short && width(value, WIDTH.saturating_sub(line)).is_some()
}

/// What is left of `room` after a value on one line; `None` where it does not fit. Looks at no more than fits.
fn width(value: &Value, room: usize) -> Option<usize> {
    match value {
        Value::Null => room.checked_sub(4),
        Value::Bool(_) => room.checked_sub(5),
        Value::Number(number) => room.checked_sub(number.to_string().len()),
        Value::String(text) if text.contains('\n') => None,
        Value::String(text) => room.checked_sub(text.len() + 2),
        Value::Array(list) => {
            list.iter().try_fold(room.checked_sub(2)?, |room, value| width(value, room.checked_sub(2)?))
        }
        Value::Object(map) => map.iter().try_fold(room.checked_sub(4)?, |room, (key, value)| {
            width(value, room.checked_sub(key.len() + 4)?)
        }),
    }
}

/// Writes a value on one line.
fn flow(value: &Value, out: &mut String) {
    match value {
        Value::String(value) => text(value, out),
        Value::Array(list) => {
            out.push('[');
            for (index, value) in list.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                flow(value, out);
            }
            out.push(']');
        }
        Value::Object(map) if map.is_empty() => out.push_str("{}"),
        Value::Object(map) => {
            out.push_str("{ ");
            for (index, (key, value)) in map.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                text(key, out);
                out.push_str(": ");
                flow(value, out);
            }
            out.push_str(" }");
        }
        other => out.push_str(&other.to_string()),
    }
}

fn pad(columns: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', columns));
}

/// Writes a text, in quotes where it needs them.
fn text(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
    } else if text.contains(['"', '\\']) && !text.contains('\'') && !text.contains(special) {
        out.push('\'');
        out.push_str(text);
        out.push('\'');
    } else {
        quoted(text, out);
    }
}

/// Whether a text needs no quotes anywhere.
fn is_plain(text: &str) -> bool {
    /// What YAML 1.1 takes for something else than a text, beside numbers.
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let inside = |c: char| c.is_alphanumeric() || " _-./@+%&?=()^;$<>:".contains(c);
    let begins = |c: char| c.is_alphanumeric() || "/_$(^".contains(c);
    let number_like = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit())
            && !(text.bytes().all(|b| b.is_ascii_alphanumeric())
                && text.bytes().any(|b| matches!(b, b's' | b'm' | b'h')))
    };
    text.starts_with(begins)
        && text.chars().all(inside)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !number_like(text)
        && text.len() <= 1000
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// What can stand in no plain or single-quoted text.
fn special(c: char) -> bool {
    c.is_control() || matches!(c, '\u{FEFF}' | '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}')
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if special(c) => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// The mark of a block of lines, where a text can stand as one.
fn literal(text: &str) -> Option<&'static str> {
    let fits = |line: &str| line.is_empty() || !line.trim().is_empty() && !line.starts_with('\t');
    let bad = |c: char| special(c) && c != '\n' && c != '\t';
    let body = text.strip_suffix('\n').unwrap_or(text);
    let whole = body.contains('\n')
        && !body.starts_with(['\n', ' '])
        && !body.ends_with('\n')
        && !body.contains(bad)
        && body.split('\n').all(fits);
    whole.then_some(if text.ends_with('\n') { " |\n" } else { " |-\n" })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::loadtest::parse;

    fn read(value: &Value) -> Value {
        let mut out = String::new();
        block(value, 0, false, &mut out);
        parse::parse(&out, "a.yaml")
            .map_or_else(|wrong| panic!("{wrong}\n{out}"), |read| read.value().clone())
    }

    fn any_text() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[a-z0-9:#\\-{}\\[\\],&*!|>'\"%@` \n\t\\\\~?=.+_]{0,12}",
            "(yes|no|null|~|12|1e3|0x1F|0o7|1_000|12:30|2020-01-01|\\.5|\\.inf|-|- a|<<|=|\\{\\{ a \\}\\}|a: b|a #b)",
            "[a-z ]{1,6}(\n[a-z ]{0,6}){0,4}",
        ]
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_filter("finite", |float| float.is_finite()).prop_map(Value::from),
            any_text().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            let key = prop_oneof![Just("json".to_owned()), Just("check".to_owned()), any_text()];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((key, inner), 0..6)
                    .prop_map(|pairs| Value::from(Map::from_iter(pairs))),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(value in any_value(), key in any_text()) {
            let value = json!({ key: value.clone(), "json": [value] });
            prop_assert_eq!(read(&value), value);
        }
    }

    #[test]
    fn nothing_is_spelled_out_that_would_be_so_anyway() {
        let mut test = LoadTest::for_url("http://127.0.0.1:8080/a?b=1").expect("a URL");
        test.target.tls.verify = false;
        test.load.hatch_rate = Some(5.0);
        test.scenarios[0].transactions[0].requests[0].headers.insert("Accept".into(), "*/*".into());
        assert_eq!(
            write(&test),
            "version: 1\n\
             name: http://127.0.0.1:8080/a\n\
             target:\n  \
               hosts: [http://127.0.0.1:8080]\n  \
               tls: { verify: false }\n\
             load:\n  \
               users: 10\n  \
               hatch_rate: 5\n  \
               run_time: 10s\n\
             scenarios:\n  \
               - name: url\n    \
                 transactions:\n      \
                   - name: get\n        \
                     requests:\n          \
                       - path: /a?b=1\n            \
                         headers: { Accept: \"*/*\" }\n"
        );
        let again = parse::parse(&write(&test), "a.yaml").and_then(|read| read.read::<LoadTest>());
        assert_eq!(again.ok(), Some(test));
    }
}
