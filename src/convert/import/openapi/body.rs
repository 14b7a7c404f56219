//! Request bodies: an example where there is one, else one that the schema takes.

use serde_json::Value;

use super::{
    document::{Spec, entries},
    operation::Operation,
    schema::{Samples, example},
};
use crate::{
    convert::import::draft::{Draft, fits, literal, literal_json},
    loadtest::types::{Body, Request},
};

/// Gives a request its body, where the operation takes one.
///
/// # Errors
/// Why the operation cannot be sent.
pub(super) fn add(
    spec: &Spec<'_>,
    operation: &Operation<'_>,
    request: &mut Request,
    draft: &mut Draft,
) -> Result<(), String> {
    let Some(written) = operation.value.get("requestBody") else { return Ok(()) };
    let body = spec.resolve(written).map_err(|broken| broken.0)?;
    let place = format!("{}.requestBody", operation.place);
    let Some((kind, media)) = best(body) else {
        let kinds: Vec<&str> = entries(&body["content"]).map(|(kind, _)| kind.as_str()).take(5).collect();
        let message = format!("bodies of {} are not made", kinds.join(", "));
        if kinds.is_empty() {
            return Ok(());
        }
        if body["required"] == true {
            return Err(format!("{message}: add the request by hand, with `body.file` or `body.text`"));
        }
        draft.leave_out(place, format!("{message}: it is sent without a body"));
        return Ok(());
    };
    let mut samples = Samples::new(spec, &place);
    let value = match example(spec, media) {
        Some(example) => example.clone(),
        None => samples.value(&media["schema"], ""),
    };
    samples.tell(draft);
    if !fits(&value) {
        return Err("its example is nested too deep, or has keys that are too long: shorten it".to_owned());
    }
    let nothing = value.as_object().is_some_and(serde_json::Map::is_empty) || value.is_null();
    if nothing && body["required"] != true {
        return Ok(());
    }
    let essence = kind.split(';').next().unwrap_or_default().trim();
    request.body = Some(if essence == "application/x-www-form-urlencoded" {
        form(value).ok_or("the fields of its form are not known")?
    } else if is_json(essence) {
        if essence != "application/json" {
            draft.header(request, &place, "Content-Type", literal(essence));
        }
        Body { json: Some(literal_json(value)), ..Body::default() }
    } else {
        draft.header(request, &place, "Content-Type", literal(essence));
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Body { text: Some(literal(&text)), ..Body::default() }
    });
    Ok(())
}

fn is_json(kind: &str) -> bool {
    kind == "application/json"
        || kind == "text/json"
        || kind.ends_with("+json")
        || kind == "*/*"
        || kind == "application/*"
}

/// The media type that is sent, with what is said about it.
fn best(body: &Value) -> Option<(&str, &Value)> {
    let rank = |kind: &str| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        match essence {
            "application/json" => Some(0),
            "application/x-www-form-urlencoded" => Some(2),
            json if is_json(json) => Some(1),
            "text/plain" => Some(3),
            text if text.starts_with("text/") => Some(4),
            _ => None,
        }
    };
    let ranked = entries(&body["content"]).filter_map(|(kind, media)| Some((rank(kind)?, kind, media)));
    let (_, kind, media) = ranked.min_by_key(|(rank, ..)| *rank)?;
    Some((if kind.contains('*') { "application/json" } else { kind }, media))
}

/// A form of the fields of an object.
fn form(value: Value) -> Option<Body> {
    let Value::Object(map) = value else { return None };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let fields = map
        .iter()
        .filter(|(name, _)| name.len() <= 500)
        .map(|(name, value)| (literal(name), literal(&text(value))));
    Some(Body { form: Some(fields.collect()), ..Body::default() })
}
