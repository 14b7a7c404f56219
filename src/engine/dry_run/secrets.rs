//! What of an answer is secret: what is taken from it under a name, or from a place, that says so, and what stands in
//! JSON under such a name.

use serde_json::Value;

use crate::{
    engine::{
        answer::View,
        extract::{ExtractPlan, Source},
        plan::RequestPlan,
        transport::Answer,
    },
    loadtest::mask::is_secret,
};

/// Values of an answer that are remembered: each is looked for in all that follows. Whatever stands beside its name is
/// hidden without that.
const MOST: usize = 16;

/// The secret values of an answer.
pub(super) fn of(plan: &RequestPlan, answer: &Answer, took_us: u32) -> Vec<String> {
    let view = View::new(answer, took_us);
    let taken = plan.extracts.iter().filter(|extract| is_secret_extract(extract));
    let mut found: Vec<String> =
        taken.filter_map(|extract| Some(extract.source.find(&view)?.text.into())).collect();
    let body = answer.body.as_deref().unwrap_or(&answer.excerpt);
    if let Ok(json) = serde_json::from_slice::<Value>(body) {
        under_names(&json, false, &mut found);
    }
    found
}

/// Whether what is taken is secret.
pub(super) fn is_secret_extract(extract: &ExtractPlan) -> bool {
    let from = match &extract.source {
        Source::Cookie(_) => return true,
        Source::Header(name) => is_secret(name),
        Source::Json(_) | Source::Regex(_) => is_secret_place(&extract.place),
        Source::Status => false,
    };
    from || is_secret(&extract.name)
}

/// Whether a place, a path or a pattern, names something secret.
pub(super) fn is_secret_place(place: &str) -> bool {
    is_secret(place) || place.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').any(is_secret)
}

/// Texts and numbers at any depth below a name that is secret.
fn under_names(value: &Value, secret: bool, found: &mut Vec<String>) {
    if found.len() >= MOST {
        return;
    }
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| under_names(value, secret || is_secret(key), found));
        }
        Value::Array(list) => list.iter().for_each(|value| under_names(value, secret, found)),
        Value::String(text) if secret => found.push(text.clone()),
        Value::Number(number) if secret => found.push(number.to_string()),
        _ => {}
    }
}
