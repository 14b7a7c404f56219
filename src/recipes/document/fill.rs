//! Puts the values of parameters into a LoadTest, as values and never as pieces of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    Filled,
    parameter::{Given, Parameter, Values},
};
use crate::loadtest::{
    is_template,
    nearest::nearest,
    parse::Document,
    place::Path,
    problem::{Problem, Problems},
    secret::Secret,
};

const OPEN: &str = "${param:";

/// A place for a value, in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// Where it begins, in bytes.
    start: usize,
    /// Where what follows it begins.
    end: usize,
    /// The parameter; none where it is not finished.
    pub(super) name: Option<&'a str>,
}

/// The places in a text.
pub(super) fn places(text: &str) -> impl Iterator<Item = Place<'_>> {
    text.match_indices(OPEN).map(|(start, _)| {
        let inside = start + OPEN.len();
        let length = text[inside..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let end = inside + length.unwrap_or(text.len() - inside);
        let closed = text[end..].starts_with('}') && end > inside;
        Place { start, end: end + usize::from(closed), name: closed.then_some(&text[inside..end]) }
    })
}

/// Fills `values` in.
pub(super) fn fill(
    document: &Document,
    parameters: &[Parameter],
    values: &Values,
) -> Result<Filled, Problems> {
    let mut filling = Filling {
        document,
        parameters,
        values,
        variables: Map::new(),
        env: BTreeMap::new(),
        problems: Problems::none(document.name()),
    };
    let mut value = document.value().clone();
    filling.walk(&mut value, &Path::root(), &mut Vec::new());
    let Filling { variables, env, problems, .. } = filling;
    if !problems.is_empty() {
        return Err(problems);
    }
    define(&mut value, variables);
    Ok(Filled { document: document.with_value(value), env })
}

/// Adds `variables` to those of the LoadTest; none of them has the name of one that is there.
fn define(loadtest: &mut Value, variables: Map<String, Value>) {
    if let Value::Object(loadtest) = loadtest
        && !variables.is_empty()
        && let Value::Object(known) = loadtest.entry("variables").or_insert_with(|| Value::Object(Map::new()))
    {
        known.extend(variables);
    }
}

struct Filling<'a> {
    document: &'a Document,
    parameters: &'a [Parameter],
    values: &'a Values,
    variables: Map<String, Value>,
    env: BTreeMap<String, Secret>,
    problems: Problems,
}

impl Filling<'_> {
    /// `keys` are those of the path, without places in lists.
    fn walk(&mut self, value: &mut Value, path: &Path, keys: &mut Vec<String>) {
        match value {
            Value::String(text) if text.contains(OPEN) => {
                let filled = self.text(text, path, keys);
                *value = filled;
            }
            Value::Array(list) => {
                for (index, value) in list.iter_mut().enumerate() {
                    self.walk(value, &path.index(index), keys);
                }
            }
            Value::Object(map) => {
                for (key, value) in map {
                    if key.contains(OPEN) {
                        self.problem(
                            &path.key(key),
                            "a key cannot hold a parameter, only values can".to_owned(),
                        );
                    }
                    keys.push(key.clone());
                    self.walk(value, &path.key(key), keys);
                    keys.pop();
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, path: &Path, keys: &[String]) -> Value {
        let is_template = within_template(keys);
        let mut out = String::new();
        let mut at = 0;
        for place in places(text) {
            let Some(given) = self.given(place, path) else { continue };
            let inside = is_template && is_open(&text[..place.start]);
            let name = place.name.unwrap_or_default();
            let piece = match given {
                Given::Plain(value) if place.start == 0 && place.end == text.len() && !needs_text(keys) => {
                    return value;
                }
                Given::Plain(Value::String(text)) => text,
                Given::Plain(value) => value.to_string(),
                Given::Text(_) | Given::Secret(_) if inside => {
                    let message = format!(
                        "`{name}` stands between `{{{{` and `}}}}`, where only a number can: use it as a whole"
                    );
                    self.problem(path, message);
                    continue;
                }
                Given::Secret(secret) => self.secret(name, secret),
                Given::Text(value) if is_template => self.variable(name, value, path),
                Given::Text(value) => value,
            };
            out.push_str(&text[at..place.start]);
            out.push_str(&piece);
            at = place.end;
        }
        out.push_str(&text[at..]);
        Value::String(out)
    }

    fn given(&mut self, place: Place<'_>, path: &Path) -> Option<Given> {
        let Some(name) = place.name else {
            self.problem(path, "`${param:` is not finished: write `${param:NAME}`".to_owned());
            return None;
        };
        let given = self.values.get(name).cloned();
        if given.is_none() {
            let known = self.parameters.iter().map(|one| one.name.as_str());
            let problem = self.at(path, format!("`{name}` is no parameter of the recipe: declare it"));
            self.problems.push(problem.meaning(nearest(name, known)));
        }
        given
    }

    /// A template escapes what a variable holds, so that it goes nowhere but where it was put.
    fn variable(&mut self, name: &str, value: String, path: &Path) -> String {
        if self.document.value()["variables"].get(name).is_some() {
            let message = format!("`{name}` is the name of a variable and of a parameter: rename one");
            self.problem(path, message);
        }
        self.variables.insert(name.to_owned(), Value::String(value));
        format!("{{{{ {name} }}}}")
    }

    fn secret(&mut self, name: &str, secret: Secret) -> String {
        let variable = self.parameters.iter().find(|one| one.name == name).map(Parameter::variable);
        let variable = variable.unwrap_or_default();
        let place = format!("${{env:{variable}}}");
        self.env.insert(variable, secret);
        place
    }

    fn at(&self, path: &Path, message: String) -> Problem {
        Problem::new(path, self.document.places().value(path), message)
    }

    fn problem(&mut self, path: &Path, message: String) {
        let problem = self.at(path, message);
        self.problems.push(problem);
    }
}

/// Whether templates are filled in at a place. Variables are what they are filled in with.
fn within_template(keys: &[String]) -> bool {
    keys.first().is_none_or(|first| first != "variables")
        && (1..=keys.len()).any(|end| is_template(&keys[..end]))
}

/// Whether only text can stand at a place: a path, the text of a body.
fn needs_text(keys: &[String]) -> bool {
    matches!(keys.last().map(String::as_str), Some("path" | "text" | "name" | "description"))
}

/// Whether `{{` was opened and not closed.
fn is_open(text: &str) -> bool {
    text.rfind("{{").is_some_and(|open| !text[open..].contains("}}"))
}
