//! Secrets become variables of the environment: none of them gets into the document.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde_json::Value;

use super::{Draft, identifier, literal};
use crate::loadtest::{
    mask::is_secret,
    types::{Auth, Basic, Request},
};

/// Begins what stands for a template while a URL or body is taken apart: it is nobody's secret.
pub(in crate::convert::import) const MARK: &str = "maidmark";

impl Draft {
    /// A reference to a variable of the environment, which the user is told to give.
    pub(in crate::convert::import) fn env(&mut self, wish: &str, what: &str) -> String {
        let name = env_name(wish);
        self.env.entry(name.clone()).or_insert_with(|| what.to_owned());
        format!("${{env:{name}}}")
    }

    /// How many variables of the environment there are.
    pub(in crate::convert::import) fn count_env(&self) -> usize {
        self.env.len()
    }

    /// Forgets variables of the environment beyond so many: what reads them has something else to stand for it.
    pub(in crate::convert::import) fn forget_env(&mut self, count: usize) {
        self.env.truncate(count);
    }

    /// A reference to a variable that stands for this secret; another secret gets another one.
    pub(in crate::convert::import) fn secret(&mut self, wish: &str, what: &str, secret: &str) -> String {
        if let Some(reference) = self.secrets.get(secret) {
            return reference.clone();
        }
        let mut name = env_name(wish);
        let mut number = 2;
        while self.env.contains_key(&name) {
            name = format!("{}_{number}", env_name(wish));
            number += 1;
        }
        let reference = self.env(&name, what);
        self.secrets.insert(secret.to_owned(), reference.clone());
        reference
    }

    /// Takes over a header that carries credentials; whether it was one.
    pub(in crate::convert::import) fn credentials(
        &mut self,
        request: &mut Request,
        place: &str,
        name: &str,
        value: &str,
    ) -> bool {
        if name.eq_ignore_ascii_case("authorization") {
            self.authorization(request, place, value);
            return true;
        }
        if !is_secret(name) || value.is_empty() || name.len() > 500 {
            return false;
        }
        let reference = self.secret(name, &format!("the header {name}"), value);
        self.make(place, format!("the value of the header {name} is read from {reference}"));
        request.headers.insert(name.to_owned(), reference);
        true
    }

    fn authorization(&mut self, request: &mut Request, place: &str, value: &str) {
        let (scheme, rest) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
        let rest = rest.trim();
        if scheme.is_empty() {
            return;
        }
        if scheme.eq_ignore_ascii_case("bearer") && !rest.is_empty() {
            let reference = self.secret("API_TOKEN", "the bearer token", rest);
            self.make(place, format!("the bearer token is read from {reference}"));
            request.auth = Some(Auth { bearer: Some(reference), basic: None });
            return;
        }
        let pair = || String::from_utf8(BASE64.decode(rest).ok()?).ok();
        if scheme.eq_ignore_ascii_case("basic")
            && let Some(pair) = pair()
            && let Some((user, password)) = pair.split_once(':')
        {
            request.auth = Some(self.basic(place, user, password));
            return;
        }
        let reference = self.secret("AUTHORIZATION", "the header Authorization, whole", value);
        self.make(place, format!("the header Authorization is read from {reference}"));
        request.headers.insert("Authorization".to_owned(), reference);
    }

    /// Basic credentials with the password out of sight.
    pub(in crate::convert::import) fn basic(&mut self, place: &str, user: &str, password: &str) -> Auth {
        let password = if password.is_empty() {
            String::new()
        } else {
            let reference = self.secret("API_PASSWORD", &format!("the password of {user}"), password);
            self.make(place, format!("the password is read from {reference}"));
            reference
        };
        Auth { bearer: None, basic: Some(Basic { username: literal(user), password }) }
    }

    /// The value of a field: as a text that stands for itself, or as a variable where its name says that it is secret.
    pub(in crate::convert::import) fn field(&mut self, place: &str, name: &str, value: &str) -> String {
        if value.is_empty() || value.starts_with(MARK) || !is_secret(name) {
            return literal(value);
        }
        let reference = self.secret(name, &format!("the field {name}"), value);
        self.make(place, format!("the value of {name} is read from {reference}"));
        reference
    }

    /// A JSON body whose texts stand for themselves, and whose secrets are variables.
    pub(in crate::convert::import) fn json(&mut self, place: &str, value: Value) -> Value {
        match value {
            Value::Object(map) => {
                let entry = |(key, value): (String, Value)| {
                    let value = match value {
                        Value::String(text) => Value::String(self.field(place, &key, &text)),
                        other => self.json(place, other),
                    };
                    (literal(&key), value)
                };
                Value::Object(map.into_iter().map(entry).collect())
            }
            Value::Array(list) => {
                Value::Array(list.into_iter().map(|value| self.json(place, value)).collect())
            }
            other => super::literal_json(other),
        }
    }
}

/// A name of the environment: `X-Api-Key` becomes `X_API_KEY`.
fn env_name(wish: &str) -> String {
    let name = identifier(wish).to_ascii_uppercase();
    // MAID's own settings are no variables of a test.
    if name.starts_with("MAID_") { format!("TEST_{name}") } else { name }
}
