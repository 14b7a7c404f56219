//! Bodies of requests.

use indexmap::IndexMap;
use serde_json::Value;

use super::text::{Variables, has_variable};
use crate::{
    convert::import::draft::{Draft, Sent, fits, literal, written},
    loadtest::{
        mask::is_secret,
        types::{Body, Graphql, Request},
    },
};

/// Gives a request its body.
///
/// # Errors
/// Why it cannot be sent.
pub(super) fn add(
    body: &Value,
    request: &mut Request,
    place: &str,
    variables: &mut Variables,
    draft: &mut Draft,
) -> Result<(), String> {
    if body.is_null() || body["disabled"] == true {
        return Ok(());
    }
    match body["mode"].as_str().unwrap_or_default() {
        "raw" => raw(body, request, place, variables, draft),
        "urlencoded" => fields(body, request, place, variables, draft),
        "graphql" => return graphql(&body["graphql"], request, place, variables, draft),
        "formdata" => {
            return Err("multipart forms are not sent yet: write it by hand, with `body.form`".to_owned());
        }
        "file" => return Err("its body is a file, which is not read: use `body.file`".to_owned()),
        "" => {}
        other => return Err(format!("bodies of the kind `{other}` are not known")),
    }
    Ok(())
}

fn raw(body: &Value, request: &mut Request, place: &str, variables: &mut Variables, draft: &mut Draft) {
    let text = body["raw"].as_str().unwrap_or_default();
    if text.is_empty() {
        return;
    }
    let named = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let language = body["options"]["raw"]["language"].as_str().unwrap_or_default();
    let kind = match (named, language) {
        (Some((_, kind)), _) => kind.clone(),
        (None, "json") => "application/json".to_owned(),
        (None, "xml") => "application/xml".to_owned(),
        (None, "html") => "text/html".to_owned(),
        (None, "javascript") => "application/javascript".to_owned(),
        _ => "text/plain".to_owned(),
    };
    request.headers.retain(|name, _| !name.eq_ignore_ascii_case("content-type"));
    if !has_variable(text) {
        return draft.body(request, place, &Sent { kind: Some(&kind), text });
    }
    let bits = variables.bits(text, place, draft);
    // `{"id": {{id}}}` is no JSON before it is filled in, and stays a text where nobody knows what `id` is.
    let json = if kind.contains("json") { draft.filled_json(place, &bits) } else { None };
    if let Some(value) = json {
        if !kind.eq_ignore_ascii_case("application/json") {
            draft.header(request, place, "Content-Type", literal(&kind));
        }
        request.body = Some(Body { json: Some(value), ..Body::default() });
        return;
    }
    draft.header(request, place, "Content-Type", literal(&kind));
    request.body = Some(Body { text: Some(written(&bits)), ..Body::default() });
}

/// A value with its variables as templates, and its secrets as variables of the environment.
fn filled_in(value: Value, name: &str, place: &str, variables: &mut Variables, draft: &mut Draft) -> Value {
    match value {
        Value::String(text) if has_variable(&text) => {
            let whole = variables.text(&text, place, draft);
            // A template that is all of a text would lose its quotes where the value is a number.
            Value::String(whole)
        }
        Value::String(text) => Value::String(draft.field(place, name, &text)),
        Value::Array(list) => Value::Array(
            list.into_iter().map(|value| filled_in(value, name, place, variables, draft)).collect(),
        ),
        Value::Object(map) => {
            let entry = |(key, value): (String, Value)| {
                let value = filled_in(value, &key, place, variables, draft);
                (variables.text(&key, place, draft), value)
            };
            Value::Object(map.into_iter().map(entry).collect())
        }
        other => other,
    }
}

fn fields(body: &Value, request: &mut Request, place: &str, variables: &mut Variables, draft: &mut Draft) {
    let mut form = IndexMap::new();
    for pair in body["urlencoded"].as_array().into_iter().flatten().filter(|pair| pair["disabled"] != true) {
        let (name, value) =
            (pair["key"].as_str().unwrap_or_default(), pair["value"].as_str().unwrap_or_default());
        if name.is_empty() || name.len() > 500 {
            continue;
        }
        let value = match has_variable(value) {
            false if is_secret(name) => draft.field(place, name, value),
            _ => variables.text(value, place, draft),
        };
        if form.insert(variables.text(name, place, draft), value).is_some() {
            draft.leave_out(place, format!("the field `{name}` is there twice: the last one is sent"));
        }
    }
    request.headers.retain(|name, _| !name.eq_ignore_ascii_case("content-type"));
    request.body = Some(Body { form: Some(form), ..Body::default() });
}

fn graphql(
    written: &Value,
    request: &mut Request,
    place: &str,
    variables: &mut Variables,
    draft: &mut Draft,
) -> Result<(), String> {
    let query = variables.text(written["query"].as_str().unwrap_or_default(), place, draft);
    let given = match &written["variables"] {
        Value::String(text) if text.trim().is_empty() => Value::Null,
        Value::String(text) => match serde_json::from_str(text) {
            Ok(value) => value,
            Err(_) => {
                return Err("the variables of its GraphQL query are no JSON: write them by hand".to_owned());
            }
        },
        other => other.clone(),
    };
    let given = match given {
        Value::Object(map) if fits(&Value::Object(map.clone())) => map,
        Value::Null => serde_json::Map::new(),
        _ => return Err("the variables of its GraphQL query are no object: write them by hand".to_owned()),
    };
    let named = given.into_iter().map(|(key, value)| {
        let value = filled_in(value, &key, place, variables, draft);
        (key, value)
    });
    let given = named.collect();
    request.headers.retain(|name, _| !name.eq_ignore_ascii_case("content-type"));
    request.body = Some(Body { graphql: Some(Graphql { query, variables: given }), ..Body::default() });
    Ok(())
}
