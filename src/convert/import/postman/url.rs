//! The URL of a request, with variables in it.

use serde_json::Value;

use super::text::{Variables, decoded, has_variable};
use crate::{
    convert::import::draft::{Address, Draft, add_query, literal},
    loadtest::types::Request,
};

/// The request of a URL: its host, path and query.
pub(super) fn request(
    url: &Value,
    place: &str,
    variables: &mut Variables,
    draft: &mut Draft,
) -> Option<Request> {
    let raw = url.as_str().or(url["raw"].as_str()).unwrap_or_default().trim();
    let raw = raw.split('#').next().unwrap_or_default();
    let (base, query) = raw.split_once('?').unwrap_or((raw, ""));
    let (host, path) = match split(base, place, variables, draft) {
        Ok(parts) => parts,
        Err(why) => {
            draft.leave_out(place, why);
            return None;
        }
    };
    let host = match host {
        Some(host) if draft.hosts.is_empty() => {
            draft.hosts.push(host);
            String::new()
        }
        // A host may hold braces; in front of a path it stands in a template.
        Some(host) if draft.hosts[0] != host => literal(&host),
        _ => String::new(),
    };
    let path = with_parts(&path, url, variables, place, draft);
    let path = if path.is_empty() { "/".to_owned() } else { path };
    let mut request = Request::of(&format!("{host}{path}"));
    match url["query"].as_array() {
        Some(pairs) => {
            for pair in pairs.iter().filter(|pair| pair["disabled"] != true) {
                let (name, value) = (pair["key"].as_str().unwrap_or_default(), &pair["value"]);
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let value = if value == "null" { String::new() } else { value };
                parameter(&mut request, name, &value, place, variables, draft);
            }
        }
        None => {
            for pair in query.split('&').filter(|pair| !pair.is_empty()) {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                parameter(&mut request, name, value, place, variables, draft);
            }
        }
    }
    Some(request)
}

fn parameter(
    request: &mut Request,
    name: &str,
    value: &str,
    place: &str,
    variables: &mut Variables,
    draft: &mut Draft,
) {
    if name.is_empty() || name.len() > 500 {
        return;
    }
    let value = match has_variable(value) {
        true => variables.decoded(value, place, draft),
        false => draft.field(place, name, &decoded(value)),
    };
    let name = variables.decoded(name, place, draft);
    add_query(&mut request.query, name, value);
}

/// Host and path. The host is none where only whoever runs the test knows it.
fn split(
    base: &str,
    place: &str,
    variables: &Variables,
    draft: &mut Draft,
) -> Result<(Option<String>, String), String> {
    if base.is_empty() {
        return Err("has no URL".to_owned());
    }
    if variables.begins_with_one(base) {
        return Ok((None, base.to_owned()));
    }
    // What stands before the first slash of the path.
    let scheme = base.find("://").filter(|at| !base[..*at].contains('/'));
    let start = scheme.map_or(0, |at| at + 3);
    let end = base[start..].find('/').map_or(base.len(), |at| start + at);
    let (host, path) = base.split_at(end);
    let resolved = variables.resolved(host);
    if has_variable(&resolved) {
        draft.make(
            place,
            format!("the collection does not say what {resolved} is: the test's own host is sent to"),
        );
        return Ok((None, path.to_owned()));
    }
    let address = Address::of(&resolved)?;
    let before = address.path.trim_end_matches('/');
    Ok((Some(address.origin), format!("{before}{path}")))
}

/// The path as it is written in a document: `:id` is a variable of the request.
fn with_parts(path: &str, url: &Value, variables: &mut Variables, place: &str, draft: &mut Draft) -> String {
    let parts = path.split('/').map(|part| {
        let Some(name) = part.strip_prefix(':').filter(|name| !name.is_empty()) else {
            return variables.text(&part.replace('#', "%23"), place, draft);
        };
        let known = url["variable"].as_array().into_iter().flatten();
        let value = known.filter(|of| of["key"] == name).find_map(|of| match &of["value"] {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
        match value {
            Some(value) => variables.text(&value, place, draft),
            None => {
                draft
                    .leave_out(place, format!("`:{name}` has no value in the collection: `1` stands for it"));
                "1".to_owned()
            }
        }
    });
    parts.collect::<Vec<_>>().join("/")
}
