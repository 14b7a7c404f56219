//! Credentials of requests, which folders hand down.

use serde_json::Value;

use super::text::{Variables, has_variable};
use crate::{
    convert::import::draft::Draft,
    loadtest::types::{Auth, Basic, Request},
};

/// Gives a request the credentials that it or what holds it says.
pub(super) fn add(
    auth: Option<&Value>,
    request: &mut Request,
    place: &str,
    variables: &mut Variables,
    draft: &mut Draft,
) {
    let Some(auth) = auth else { return };
    let kind = auth["type"].as_str().unwrap_or_default();
    let field = |name: &str| field(&auth[kind], name);
    let mut secret = |wish: &str, what: &str, value: &str| match (value.is_empty(), has_variable(value)) {
        (true, _) => draft.env(wish, what),
        (false, true) => variables.text(value, place, draft),
        (false, false) => {
            let reference = draft.secret(wish, what, value);
            draft.make(place, format!("{what} is read from {reference}"));
            reference
        }
    };
    match kind {
        "" | "noauth" => {}
        "bearer" => {
            let token = secret("API_TOKEN", "the bearer token", &field("token"));
            request.auth = Some(Auth { bearer: Some(token), basic: None });
        }
        "oauth2" => {
            let token = secret("API_TOKEN", "the bearer token", &field("accessToken"));
            request.auth = Some(Auth { bearer: Some(token), basic: None });
        }
        "basic" => {
            let password = secret("API_PASSWORD", "the password", &field("password"));
            let username = variables.text(&field("username"), place, draft);
            request.auth = Some(Auth { bearer: None, basic: Some(Basic { username, password }) });
        }
        "apikey" => {
            let key = secret("API_KEY", "the key", &field("value"));
            let name = field("key");
            if name.is_empty() || has_variable(&name) || name.len() > 500 {
                draft.leave_out(place, "its key is sent under a name that is not known: write it by hand");
            } else if field("in") == "query" {
                request.query.insert(crate::convert::import::draft::literal(&name), Value::String(key));
            } else {
                draft.header(request, place, &name, key);
            }
        }
        other => draft
            .leave_out(place, format!("credentials of the kind `{other}` are not made: it is sent without")),
    }
    if request.auth.is_some() {
        request.headers.retain(|name, _| !name.eq_ignore_ascii_case("authorization"));
    }
}

/// A field of credentials: v2.0 writes an object, v2.1 a list of pairs.
fn field(holder: &Value, name: &str) -> String {
    let found = holder
        .get(name)
        .or_else(|| holder.as_array()?.iter().find(|pair| pair["key"] == name).map(|pair| &pair["value"]));
    match found {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

/// Adds a header; one without variables may be a secret.
pub(super) fn header(
    request: &mut Request,
    place: &str,
    name: &str,
    value: &str,
    variables: &mut Variables,
    draft: &mut Draft,
) {
    if !has_variable(value) {
        return draft.sent_header(request, place, name.trim(), value.trim());
    }
    let value = variables.text(value.trim(), place, draft);
    match value.strip_prefix("Bearer ").filter(|_| name.eq_ignore_ascii_case("authorization")) {
        Some(token) => request.auth = Some(Auth { bearer: Some(token.trim().to_owned()), basic: None }),
        None => draft.header(request, place, name.trim(), value),
    }
}
