//! Values for `${env:NAME}` that nobody has given yet, so that a document can be checked without them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{parse::Document, secret::Secret, validate::is_template};

/// What stands for a variable of the environment that is given later.
const STAND_IN: &str = "stand-in";

/// Where a document uses the environment outside of its templates.
#[derive(Clone, Debug, Default)]
pub struct EnvUses {
    /// Names that decide what the document says, such as a number of users, with a place of each. Nothing
    /// can stand for these.
    pub fixed: BTreeMap<String, String>,
    /// Names that hosts begin with.
    whole_hosts: BTreeSet<String>,
}

impl EnvUses {
    /// Those of `document`.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let mut uses = Self::default();
        uses.walk(document.value(), &mut Vec::new());
        uses
    }

    /// What is given of what `document` reads, and something that stands for the rest. A host that begins with
    /// a variable has to be a URL with it.
    #[must_use]
    pub fn environment(
        &self,
        document: &Document,
        given: &BTreeMap<String, Secret>,
    ) -> BTreeMap<String, Secret> {
        let mut env = BTreeMap::new();
        for name in document.env_names() {
            let value = match given.get(&name) {
                Some(value) => value.clone(),
                None if self.fixed.contains_key(&name) => continue,
                None if self.whole_hosts.contains(&name) => Secret::new(format!("http://{STAND_IN}")),
                None => Secret::new(STAND_IN.to_owned()),
            };
            env.insert(name, value);
        }
        env
    }

    /// `keys` are those of the path, without places in lists.
    fn walk(&mut self, value: &Value, keys: &mut Vec<String>) {
        match value {
            Value::String(text) if text.contains("${env:") => self.text(text, keys),
            Value::Array(list) => list.iter().for_each(|value| self.walk(value, keys)),
            Value::Object(map) => {
                for (key, value) in map {
                    keys.push(key.clone());
                    if !is_template(keys) {
                        self.walk(value, keys);
                    }
                    keys.pop();
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, keys: &[String]) {
        let host = matches!(keys, [one, two] if two == "hosts" && (one == "target" || one == "scenarios"));
        for part in text.split("${env:").skip(1) {
            let Some((name, _)) = part.split_once('}') else { continue };
            if !host {
                self.fixed.insert(name.to_owned(), keys.join("."));
            } else if text.starts_with(&format!("${{env:{name}}}")) {
                self.whole_hosts.insert(name.to_owned());
            }
        }
    }
}
