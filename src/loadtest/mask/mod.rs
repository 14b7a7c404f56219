//! What is never shown: secrets in the document, and secrets in what comes of running it.

mod document;
mod encoded;
mod named;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, LazyLock},
};

use regex::Regex;
use serde_json::Value;
use url::Url;

pub(super) use self::document::masked;
pub use self::document::secrets;
pub(crate) use self::named::{hide as hide_named, is_secret};
use super::{
    secret::{MASK, Secret},
    validate::is_template,
};

/// Shorter values would be found everywhere.
const SHORTEST: usize = 4;

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| named::pattern(r"\$\{env:(\w+)\}"));

/// Hides secrets in texts of a run before they are stored or shown: the values of the environment
/// that the document sends or compares with, and whatever a name beside it says is secret.
///
/// Values that only shape the run, such as a host or a number of users, are no secrets, unless
/// their variable is named like one.
#[derive(Clone, Default)]
pub struct Mask {
    /// Longest first, so that one that holds another is hidden whole.
    secrets: Arc<[Secret]>,
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mask")
    }
}

impl Mask {
    /// The mask of a document as it is written.
    pub(super) fn new(document: &Value, env: &BTreeMap<String, Secret>, hosts: &[Url]) -> Self {
        let mut names = BTreeSet::new();
        references(document, &mut Vec::new(), &mut names);
        let origins: Vec<String> = hosts.iter().map(|host| host.origin().ascii_serialization()).collect();
        let values = names.iter().filter_map(|name| env.get(name)).map(|value| value.expose().trim());
        let mut secrets: Vec<&str> = values
            .filter(|value| value.len() >= SHORTEST)
            .filter(|value| origins.iter().all(|origin| !origin.contains(value)))
            .collect();
        secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.dedup();
        Self { secrets: secrets.into_iter().map(Secret::new).collect() }
    }

    /// The same mask, which hides these values as well, but for those that are too short.
    #[must_use]
    pub fn with(&self, values: impl IntoIterator<Item = String>) -> Self {
        let more = values
            .into_iter()
            .filter(|value| value.trim().len() >= SHORTEST)
            .map(|value| Secret::new(value.trim()));
        let mut secrets: Vec<Secret> = self.secrets.iter().cloned().chain(more).collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
        secrets.dedup_by(|a, b| a.expose() == b.expose());
        Self { secrets: secrets.into() }
    }

    /// A text without secrets.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        named::hide(&self.without_values(text, false))
    }

    /// The beginning of a longer text without secrets, the one that it may break off in included.
    #[must_use]
    pub fn beginning(&self, text: &str) -> String {
        // A character that was cut in two.
        let text = text.trim_end_matches(char::REPLACEMENT_CHARACTER);
        named::hide(&self.without_values(text, true))
    }

    fn without_values(&self, text: &str, cut: bool) -> String {
        let mut text = text.to_owned();
        for secret in &*self.secrets {
            let mut shown = String::new();
            let mut rest = text.as_str();
            while let Some(found) = encoded::find(rest, secret.expose(), cut) {
                shown.push_str(&rest[..found.start]);
                shown.push_str(MASK);
                rest = &rest[found.end..];
            }
            shown.push_str(rest);
            text = shown;
        }
        text
    }
}

/// Names of the variables whose values are secret. `keys` are those of the path, without places in
/// lists.
fn references(value: &Value, keys: &mut Vec<String>, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let found = REFERENCE.captures_iter(text).map(|found| found[1].to_owned());
            names.extend(found.filter(|name| is_sent(keys) || named::is_secret(name)));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, keys, names)),
        Value::Object(map) => {
            for (key, value) in map {
                // Names of headers, parameters and fields can be templates too.
                references(&Value::String(key.clone()), keys, names);
                keys.push(key.clone());
                references(value, keys, names);
                keys.pop();
            }
        }
        _ => {}
    }
}

/// Whether values at a place are sent, or compared with what is received.
fn is_sent(keys: &[String]) -> bool {
    let within = |last: usize| is_template(&keys[..last]);
    (1..=keys.len()).any(within)
        || keys.iter().any(|key| matches!(key.as_str(), "check" | "extract" | "hosts"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mask() -> Mask {
        let document = json!({
            "name": "${env:STAGE} run",
            "target": { "hosts": ["https://${env:STAGE}.test"] },
            "load": { "run_time": "${env:LENGTH}" },
            "thresholds": ["p95 < ${env:PIN_SECRET}"],
            "scenarios": [{ "transactions": [{ "requests": [{
                "path": "/x/${env:LONG}",
                "query": { "k": "${env:KEY}", "stage": "${env:STAGE}", "no": "${env:NO}" },
                "check": [{ "json": "$.a", "value": "${env:WANTED}" }]
            }] }] }]
        });
        let values = [
            ("STAGE", "staging"),
            ("LENGTH", "30 s now"),
            ("PIN_SECRET", "500ms"),
            ("LONG", "hunter22-and-more"),
            ("KEY", "hunter22"),
            ("NO", "no"),
            ("WANTED", "wanted\n"),
            ("UNUSED", "unused"),
        ];
        let env = values.map(|(name, value)| (name.to_owned(), Secret::new(value))).into();
        Mask::new(&document, &env, &["https://staging.test".parse().expect("a URL")])
    }

    #[test]
    fn values_that_are_sent_or_compared_are_hidden() {
        let shown =
            mask().text("staging 30 s now 500ms hunter22-and-more hunter22, no unused wanted hunter22");
        assert_eq!(shown, "staging 30 s now *** *** ***, no unused *** ***");
        assert_eq!(mask().beginning("then hunter22-an\u{fffd}"), "then ***");
    }

    #[test]
    fn the_mask_itself_shows_nothing() {
        assert_eq!(format!("{:?}", mask()), "Mask");
    }
}
