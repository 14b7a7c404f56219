//! Parameters of an operation: in its path, its query and its headers.

use indexmap::IndexMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::{
    document::{Spec, entries, items},
    operation::Operation,
    schema::{Samples, example},
};
use crate::{
    convert::import::draft::{Draft, Text, literal},
    loadtest::types::Request,
};

/// What is left as it is in a part of a path.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Headers that are said elsewhere.
const ELSEWHERE: [&str; 3] = ["accept", "content-type", "authorization"];

/// Gives a request its path, query and headers. `found` are values that are taken from an answer, by parameter.
///
/// # Errors
/// Why it cannot be sent.
pub(super) fn add(
    spec: &Spec<'_>,
    operation: &Operation<'_>,
    base: &str,
    found: &IndexMap<String, String>,
    request: &mut Request,
    draft: &mut Draft,
) -> Result<(), String> {
    let mut in_path = IndexMap::new();
    for (key, parameter) in all(spec, operation, draft) {
        let (place, name) = (format!("{}.parameters.{key}", operation.place), text(parameter, "name"));
        let required = parameter["required"] == true;
        match text(parameter, "in") {
            "path" => {
                in_path.insert(name, value(spec, parameter, &place, draft));
            }
            "query" if required || has_example(spec, parameter) => {
                let value = value(spec, parameter, &place, draft);
                query(parameter, name, value, &place, request, draft);
            }
            "header" if ELSEWHERE.iter().any(|known| name.eq_ignore_ascii_case(known)) => {}
            "header" if required || has_example(spec, parameter) => {
                let value = value(spec, parameter, &place, draft);
                draft.header(request, &place, name, literal(&flat(&value)));
            }
            "cookie" if required => {
                let value = literal(&flat(&value(spec, parameter, &place, draft)));
                draft.header(request, &place, "Cookie", format!("{name}={value}"));
            }
            _ => {}
        }
    }
    request.path = path(operation, base, &in_path, found, draft)?;
    Ok(())
}

/// The parameters of an operation, its own before those of its path.
fn all<'a>(spec: &Spec<'a>, operation: &Operation<'a>, draft: &mut Draft) -> IndexMap<String, &'a Value> {
    let mut all = IndexMap::new();
    let written = [("", operation.value), ("path item ", operation.item)];
    for (of, holder) in written {
        for (index, written) in items(&holder["parameters"]).enumerate() {
            match spec.resolve(written) {
                Ok(parameter) => {
                    let key = format!("{}.{}", text(parameter, "in"), text(parameter, "name"));
                    if !text(parameter, "name").is_empty() {
                        all.entry(key).or_insert(parameter);
                    }
                }
                Err(broken) => {
                    draft.leave_out(format!("{}.{of}parameters[{index}]", operation.place), broken.0);
                }
            }
        }
    }
    all
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// The schema of a parameter, which may stand under a media type.
fn schema(parameter: &Value) -> &Value {
    match entries(&parameter["content"]).next() {
        Some((_, media)) => &media["schema"],
        None => &parameter["schema"],
    }
}

fn has_example(spec: &Spec<'_>, parameter: &Value) -> bool {
    example(spec, parameter).is_some()
        || spec.resolve(schema(parameter)).is_ok_and(|schema| schema.get("example").is_some())
}

/// A value for a parameter: its example, else one that its schema takes.
fn value(spec: &Spec<'_>, parameter: &Value, place: &str, draft: &mut Draft) -> Value {
    if let Some(example) = example(spec, parameter) {
        return example.clone();
    }
    let mut samples = Samples::new(spec, place);
    let value = samples.value(schema(parameter), text(parameter, "name"));
    samples.tell(draft);
    match value {
        Value::Null => Value::from("1"),
        value => value,
    }
}

/// A value for a parameter of an operation's path, as text.
pub(super) fn in_path(spec: &Spec<'_>, operation: &Operation<'_>, name: &str) -> Option<String> {
    let written = items(&operation.value["parameters"]).chain(items(&operation.item["parameters"]));
    let mut known = written.filter_map(|written| spec.resolve(written).ok());
    let parameter = known.find(|of| text(of, "in") == "path" && text(of, "name") == name)?;
    let made = match example(spec, parameter) {
        Some(example) => example.clone(),
        None => Samples::new(spec, "").value(schema(parameter), name),
    };
    Some(flat(&made)).filter(|text| !text.is_empty() && !made.is_null())
}

/// A value as the text of a path part or header: lists are joined by commas.
fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(flat).collect::<Vec<_>>().join(","),
        Value::Object(map) => {
            let pairs = map.iter().flat_map(|(key, value)| [key.clone(), flat(value)]);
            pairs.collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}

fn query(parameter: &Value, name: &str, value: Value, place: &str, request: &mut Request, draft: &mut Draft) {
    if name.len() > 500 {
        return draft.leave_out(place, "its name is longer than 500 bytes");
    }
    let explode = parameter["explode"] != false;
    let name = literal(name);
    match value {
        _ if parameter.get("content").is_some() => {
            request.query.insert(name, Value::String(literal(&value.to_string())));
        }
        Value::Array(list)
            if explode && text(parameter, "style").is_empty() | (text(parameter, "style") == "form") =>
        {
            let list = list.iter().take(100).map(|value| Value::String(literal(&flat(value))));
            request.query.insert(name, list.collect());
        }
        Value::Array(list) => {
            let between = match text(parameter, "style") {
                "spaceDelimited" => " ",
                "pipeDelimited" => "|",
                _ => ",",
            };
            let joined = list.iter().map(flat).collect::<Vec<_>>().join(between);
            request.query.insert(name, Value::String(literal(&joined)));
        }
        Value::Object(map) if text(parameter, "style") == "deepObject" => {
            for (key, value) in map.iter().filter(|(key, _)| key.len() < 400) {
                request
                    .query
                    .insert(format!("{name}[{}]", literal(key)), Value::String(literal(&flat(value))));
            }
        }
        Value::Object(map) if explode => {
            for (key, value) in map.iter().filter(|(key, _)| key.len() < 400) {
                request.query.insert(literal(key), Value::String(literal(&flat(value))));
            }
        }
        Value::Number(number) => {
            request.query.insert(name, Value::Number(number));
        }
        Value::Bool(value) => {
            request.query.insert(name, Value::Bool(value));
        }
        other => {
            request.query.insert(name, Value::String(literal(&flat(&other))));
        }
    }
}

/// The path with its parameters filled in.
fn path(
    operation: &Operation<'_>,
    base: &str,
    values: &IndexMap<&str, Value>,
    found: &IndexMap<String, String>,
    draft: &mut Draft,
) -> Result<String, String> {
    let mut path = Text::default();
    path.template(base);
    let mut rest = operation.path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or("its path has a `{` without a `}`")?;
        path.literal(&encoded(before));
        match (found.get(name), values.get(name)) {
            (Some(name), _) => {
                path.template(&format!("{{{{ {name} }}}}"));
            }
            (None, Some(value)) => {
                let text = flat(value);
                let text = if text.is_empty() { "1" } else { &text };
                path.literal(&utf8_percent_encode(text, PART).to_string());
            }
            (None, None) => {
                let message =
                    format!("no parameter says what `{{{name}}}` in the path is: `1` stands for it");
                draft.leave_out(operation.place.clone(), message);
                path.literal("1");
            }
        }
        rest = after;
    }
    path.literal(&encoded(rest));
    Ok(path.finish())
}

/// A part of a path that is no parameter: a `#` would end it.
fn encoded(text: &str) -> String {
    text.replace('#', "%23").replace('{', "%7B").replace('}', "%7D")
}
