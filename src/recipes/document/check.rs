//! Whether a recipe is right: what people read is there, and its places and parameters match.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Checked, ParameterType, Recipe, fill::places, parameter::Parameter};
use crate::loadtest::{
    parse::Document,
    place::Path,
    problem::{Problem, Problems},
};

/// Most parameters, tags, and lines of advice.
const MOST: (usize, usize, usize) = (50, 20, 20);
/// Longest title, summary and line of advice, in characters.
const LONGEST: (usize, usize, usize) = (200, 2000, 1000);

/// Checks everything at once but the LoadTest itself, which is checked when it is filled in.
pub(super) fn check(document: &Document) -> Result<Checked, Problems> {
    let recipe: Recipe = document.read()?;
    let loadtest = document.part("loadtest").unwrap_or_else(|| document.clone());
    let mut findings = Findings { document, problems: Problems::none(document.name()) };
    findings.words(&recipe);
    findings.parameters(&recipe.parameters);
    findings.places(&recipe);
    if findings.problems.is_empty() { Ok(Checked { recipe, loadtest }) } else { Err(findings.problems) }
}

struct Findings<'a> {
    document: &'a Document,
    problems: Problems,
}

impl Findings<'_> {
    fn add(&mut self, path: &Path, message: impl Into<String>) {
        self.problems.push(Problem::new(path, self.document.places().value(path), message));
    }

    fn words(&mut self, recipe: &Recipe) {
        let root = Path::root();
        let (title, summary, line) = LONGEST;
        self.text(&root.key("title"), &recipe.title, title);
        self.text(&root.key("summary"), &recipe.summary, summary);
        let tags = root.key("tags");
        if recipe.tags.len() > MOST.1 {
            self.add(&tags, format!("must be at most {} tags", MOST.1));
        }
        for (index, tag) in recipe.tags.iter().enumerate() {
            if !is_tag(tag) {
                let message =
                    "must be 1 to 40 small letters, digits and `-`, and begin with a letter or digit";
                self.add(&tags.index(index), message);
            }
        }
        for (key, lines) in [("best_practices", &recipe.best_practices), ("good_result", &recipe.good_result)]
        {
            let path = root.key(key);
            if lines.len() > MOST.2 {
                self.add(&path, format!("must be at most {} lines", MOST.2));
            }
            for (index, text) in lines.iter().enumerate() {
                self.text(&path.index(index), text, line);
            }
        }
    }

    fn text(&mut self, path: &Path, text: &str, most: usize) {
        if text.trim().is_empty() || text.chars().count() > most {
            self.add(path, format!("must be 1 to {most} characters"));
        } else if text.chars().any(|c| c.is_control() && c != '\n') {
            self.add(path, "must not contain control characters");
        }
    }

    fn parameters(&mut self, parameters: &[Parameter]) {
        let root = Path::root().key("parameters");
        if parameters.len() > MOST.0 {
            self.add(&root, format!("must be at most {} parameters", MOST.0));
        }
        let mut names = BTreeSet::new();
        for (index, one) in parameters.iter().enumerate() {
            let path = root.index(index);
            if !is_name(&one.name) {
                let message = "must be 1 to 40 small letters, digits and `_`, and begin with a letter";
                self.add(&path.key("name"), message);
            } else if !names.insert(one.name.as_str()) {
                self.add(&path.key("name"), format!("`{}` is declared twice", one.name));
            }
            self.text(&path.key("help"), &one.help, 500);
            self.bounds(&path, one);
            self.values(&path, one);
        }
    }

    /// What a parameter says about its values fits its kind.
    fn bounds(&mut self, path: &Path, one: &Parameter) {
        let is_choice = one.kind == ParameterType::Choice;
        if is_choice && one.choices.is_empty() {
            self.add(path, "a choice needs `choices`");
        }
        if !is_choice && !one.choices.is_empty() {
            self.add(&path.key("choices"), "only a choice has choices");
        }
        let free = Parameter { min: None, max: None, ..one.clone() };
        for (key, bound) in [("min", &one.min), ("max", &one.max)] {
            let Some(bound) = bound else { continue };
            let path = path.key(key);
            match one.kind {
                ParameterType::Integer | ParameterType::Number if !bound.is_number() => {
                    self.add(&path, "must be a number");
                }
                ParameterType::Integer | ParameterType::Number => {}
                ParameterType::Duration => {
                    if let Err(message) = free.take(bound) {
                        self.add(&path, message);
                    }
                }
                _ => self.add(&path, "only numbers and durations have bounds"),
            }
        }
    }

    /// A default or an example is there, and would be taken.
    fn values(&mut self, path: &Path, one: &Parameter) {
        if one.required && one.default.is_some() {
            self.add(&path.key("default"), "what is required has no default: leave out one of the two");
        }
        if one.required && one.example.is_none() {
            self.add(
                path,
                "what is required needs an `example`, so that the recipe can be checked and shown",
            );
        }
        if !one.required && one.default.is_none() {
            self.add(path, "must have a `default`, or be `required`");
        }
        for (key, value) in [("default", &one.default), ("example", &one.example)] {
            if let Some(Err(message)) = value.as_ref().map(|value| one.take(value)) {
                self.add(&path.key(key), message);
            }
        }
    }

    /// Each parameter is used, and each use is of a parameter.
    fn places(&mut self, recipe: &Recipe) {
        let mut used = BTreeMap::new();
        gather(&recipe.loadtest, &Path::root().key("loadtest"), &mut used);
        for (index, one) in recipe.parameters.iter().enumerate() {
            if !used.contains_key(one.name.as_str()) {
                let path = Path::root().key("parameters").index(index).key("name");
                let message = format!(
                    "nothing uses it: write `${{param:{}}}` in the LoadTest, or leave it out",
                    one.name
                );
                self.add(&path, message);
            }
        }
        for (name, path) in used {
            if recipe.parameters.iter().all(|one| one.name != name) {
                self.add(
                    &path,
                    format!("`${{param:{name}}}` is used and not declared: add it to `parameters`"),
                );
            }
        }
    }
}

/// The names in a value, each with where it is used first.
fn gather<'a>(value: &'a Value, path: &Path, names: &mut BTreeMap<&'a str, Path>) {
    match value {
        Value::String(text) => {
            for name in places(text).filter_map(|place| place.name) {
                names.entry(name).or_insert_with(|| path.clone());
            }
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, value)| gather(value, &path.index(index), names));
        }
        Value::Object(map) => map.iter().for_each(|(key, value)| gather(value, &path.key(key), names)),
        _ => {}
    }
}

/// Whether a text can be a tag.
pub(in crate::recipes) fn is_tag(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
