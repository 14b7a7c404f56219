//! Puts `${env:NAME}` into the values that are not templates, and makes `1e3` the whole number
//! that it is.
//!
//! Templates do it themselves, because a value from the environment may hold `{{` and must not
//! become a template by that.

use std::sync::Arc;

use serde_json::Value;

use super::findings::Findings;
use crate::loadtest::{
    place::Path,
    template::{Globals, Names, expand_env},
    valid::Context,
};

pub(super) fn expand(value: &mut Value, context: &Context, findings: &mut Findings) {
    let (env, env_refused) = (context.env.clone(), context.env_refused.clone());
    let globals = Globals { env, env_refused, ..Globals::default() };
    let names = Names::new(Arc::new(globals), []);
    Expansion { names, findings }.walk(value, &Path::root(), &mut Vec::new());
}

struct Expansion<'a> {
    names: Names,
    findings: &'a mut Findings,
}

impl Expansion<'_> {
    /// `keys` are those of the path, without places in lists.
    fn walk(&mut self, value: &mut Value, path: &Path, keys: &mut Vec<String>) {
        match value {
            Value::String(text) if text.contains("${env:") => {
                let mut tell = |error| self.findings.add_template(path, &error);
                if let Some(expanded) = expand_env(text, &self.names, &mut tell) {
                    *text = expanded;
                }
            }
            Value::Array(list) => {
                for (index, value) in list.iter_mut().enumerate() {
                    self.walk(value, &path.index(index), keys);
                }
            }
            Value::Object(map) => {
                for (key, value) in map {
                    keys.push(key.clone());
                    if !is_template(keys) {
                        self.walk(value, &path.key(key), keys);
                    }
                    keys.pop();
                }
            }
            Value::Number(number) => {
                if let Some(whole) = number.as_f64().filter(|_| number.is_f64()).and_then(whole) {
                    *number = whole.into();
                }
            }
            _ => {}
        }
    }
}

/// A whole number that a float holds exactly.
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "within 2^53 and without a fraction")]
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

/// Whether everything at a place is made of templates.
pub(crate) fn is_template(keys: &[String]) -> bool {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    match *keys {
        ["variables"] | ["target", "headers"] => true,
        ["scenarios", "on_start" | "transactions" | "on_stop", "requests", part] => {
            matches!(part, "path" | "query" | "headers" | "auth")
        }
        ["scenarios", "on_start" | "transactions" | "on_stop", "requests", "body", kind] => kind != "file",
        _ => false,
    }
}
