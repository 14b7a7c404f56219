//! Gathers problems while a document is checked.

use std::collections::{BTreeMap, HashSet};

use crate::loadtest::{
    place::{Path, SourceMap},
    problem::{Problem, Problems},
    secret::{MASK, Secret},
    template::TemplateError,
};

/// Shorter values are no secrets, and hiding them would garble messages.
const SHORTEST_SECRET: usize = 4;

/// The problems found so far. Each stage is silent about a place where an earlier one found
/// something: a mistake is told once.
pub(super) struct Findings {
    pub(super) map: SourceMap,
    problems: Problems,
    settled: HashSet<String>,
}

impl Findings {
    pub(super) fn new(name: String, map: SourceMap) -> Self {
        Self { map, problems: Problems::none(name), settled: HashSet::new() }
    }

    /// Begins the next stage.
    pub(super) fn next_stage(&mut self) {
        self.settled.extend(self.problems.list().iter().map(|problem| problem.path.clone()));
    }

    /// Adds a problem with a value.
    pub(super) fn add(&mut self, path: &Path, message: impl Into<String>) {
        self.add_meaning(path, message, None::<String>);
    }

    /// Adds a problem with a value, and what was probably meant.
    pub(super) fn add_meaning(
        &mut self,
        path: &Path,
        message: impl Into<String>,
        suggestion: Option<impl Into<String>>,
    ) {
        if !self.settled.contains(path.as_str()) {
            self.problems.push(Problem::new(path, self.map.value(path), message).meaning(suggestion));
        }
    }

    /// Adds a problem with a key.
    pub(super) fn add_key(&mut self, path: &Path, message: impl Into<String>, suggestion: Option<&str>) {
        self.problems.push(Problem::new(path, self.map.key(path), message).meaning(suggestion));
    }

    /// Adds what is wrong with a template.
    pub(super) fn add_template(&mut self, path: &Path, error: &TemplateError) {
        self.add_meaning(path, error.to_string(), error.suggestion());
    }

    /// Gives the value of a result, or adds its error.
    pub(super) fn keep<T>(&mut self, path: &Path, result: Result<T, impl ToString>) -> Option<T> {
        result.map_err(|error| self.add(path, error.to_string())).ok()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// All problems in the order of the text, without any value of the environment.
    pub(super) fn finish(mut self, env: &BTreeMap<String, Secret>) -> Problems {
        let secrets: Vec<&str> =
            env.values().map(Secret::expose).filter(|secret| secret.len() >= SHORTEST_SECRET).collect();
        self.problems
            .finish(|text| secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, MASK)));
        self.problems
    }
}
