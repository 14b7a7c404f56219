//! Credentials: every one is a variable of the environment that the user is told to give.

use serde_json::Value;

use super::{
    document::{Spec, entries, items},
    operation::Operation,
};
use crate::{
    convert::import::draft::{Draft, literal},
    loadtest::types::{Auth, Basic, Request},
};

/// Gives a request the credentials that its operation wants: the first combination that can be given.
pub(super) fn add(spec: &Spec<'_>, operation: &Operation<'_>, request: &mut Request, draft: &mut Draft) {
    let wanted = operation.value.get("security").or_else(|| spec.root.get("security"));
    let Some(wanted) = wanted.filter(|wanted| items(wanted).next().is_some()) else { return };
    let known = |choice: &&Value| entries(choice).all(|(name, _)| scheme(spec, name).is_some_and(supported));
    let wants = |choice: &&Value| entries(choice).next().is_some();
    let Some(choice) = items(wanted).filter(known).find(wants) else {
        if !items(wanted).any(|choice| choice.as_object().is_some_and(serde_json::Map::is_empty)) {
            let message =
                "none of its security schemes is supported: bearer, basic and keys are; it is sent without";
            draft.leave_out(format!("{}.security", operation.place), message);
        }
        return;
    };
    for (name, _) in entries(choice) {
        if let Some(scheme) = scheme(spec, name) {
            apply(name, scheme, request, draft);
        }
    }
}

fn scheme<'a>(spec: &Spec<'a>, name: &str) -> Option<&'a Value> {
    spec.resolve(spec.root.get("components")?.get("securitySchemes")?.get(name)?).ok()
}

fn text<'a>(scheme: &'a Value, key: &str) -> &'a str {
    scheme[key].as_str().unwrap_or_default()
}

fn supported(scheme: &Value) -> bool {
    match text(scheme, "type") {
        "oauth2" | "openIdConnect" => true,
        "http" => ["bearer", "basic"].iter().any(|known| text(scheme, "scheme").eq_ignore_ascii_case(known)),
        "apiKey" => {
            (1..500).contains(&text(scheme, "name").len())
                && matches!(text(scheme, "in"), "header" | "query" | "cookie")
        }
        _ => false,
    }
}

fn apply(name: &str, scheme: &Value, request: &mut Request, draft: &mut Draft) {
    match text(scheme, "type") {
        "http" if text(scheme, "scheme").eq_ignore_ascii_case("basic") => {
            let username = draft.env("API_USER", &format!("the user name of `{name}`"));
            let password = draft.env("API_PASSWORD", &format!("the password of `{name}`"));
            request.auth = Some(Auth { bearer: None, basic: Some(Basic { username, password }) });
        }
        "apiKey" => {
            let key = draft.secret("API_KEY", &format!("the key of `{name}`"), &format!("scheme {name}"));
            let place = format!("components.securitySchemes.{name}");
            match text(scheme, "in") {
                "query" => {
                    request.query.insert(literal(text(scheme, "name")), Value::String(key));
                }
                "cookie" => draft.header(
                    request,
                    &place,
                    "Cookie",
                    format!("{}={key}", literal(text(scheme, "name"))),
                ),
                _ => draft.header(request, &place, text(scheme, "name"), key),
            }
        }
        _ => {
            let token =
                draft.secret("API_TOKEN", &format!("a bearer token for `{name}`"), &format!("scheme {name}"));
            request.auth = Some(Auth { bearer: Some(token), basic: None });
        }
    }
    // A header that a scheme named as well would be sent twice.
    if request.auth.is_some() {
        request.headers.retain(|name, _| !name.eq_ignore_ascii_case("authorization"));
    }
}
