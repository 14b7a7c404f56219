//! Gathers problems while a document is checked.

use std::collections::{BTreeMap, HashSet};

use crate::loadtest::{
    limit::LimitError,
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
    /// Where a stand-in is: nothing within says anything about what was written.
    guessed: HashSet<Path>,
    open: Open,
    patterns: usize,
}

/// What is not all known, because a stand-in took the place of something that would define it.
#[derive(Default)]
struct Open {
    /// Names that templates can use.
    names: bool,
    /// Requests and scenarios that thresholds can name.
    requests: bool,
}

/// Most regular expressions and JSONPaths of a document: compiling them takes time.
const MAX_PATTERNS: usize = 2000;

impl Findings {
    pub(super) fn new(name: String, map: SourceMap) -> Self {
        Self {
            map,
            problems: Problems::none(name),
            settled: HashSet::new(),
            guessed: HashSet::new(),
            open: Open::default(),
            patterns: 0,
        }
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
        if !self.settled.contains(path.as_str()) && !self.is_guessed(path) {
            let problem = Problem::new(path, self.map.value(path), message).meaning(suggestion);
            self.problems.push(problem.given_by(self.map.flag(path)));
        }
    }

    fn is_guessed(&self, path: &Path) -> bool {
        !self.guessed.is_empty() && path.holders().any(|path| self.guessed.contains(&path))
    }

    /// Keeps the later stages silent about a place that a guess stands in.
    pub(super) fn settle(&mut self, path: &Path) {
        self.settled.insert(path.as_str().to_owned());
    }

    /// Keeps the later stages silent about everything within a place where a stand-in is, and about
    /// names that were perhaps defined there. The problem itself must have been added before.
    pub(super) fn guess(&mut self, path: &Path) {
        const DEFINE: [&str; 6] = ["scenarios", "on_start", "transactions", "on_stop", "requests", "extract"];
        let text = path.as_str();
        let key = text.rsplit('.').next().and_then(|last| last.split('[').next()).unwrap_or_default();
        let defines = DEFINE.contains(&key);
        let globals = text.starts_with("variables") || text.starts_with("data");
        self.open.names |= globals || defines || key == "name" && text.contains(".extract[");
        self.open.requests |= text.starts_with("scenarios")
            && (defines && key != "extract" || ["name", "path", "method"].contains(&key));
        self.guessed.insert(path.clone());
    }

    /// Whether everything that a threshold can name is known.
    pub(super) const fn knows_requests(&self) -> bool {
        !self.open.requests
    }

    /// Whether further problems are only counted.
    pub(super) fn is_full(&self) -> bool {
        self.problems.more() > 0
    }

    /// Compiles a pattern, unless the document has too many of them.
    pub(super) fn pattern<T>(&mut self, path: &Path, compile: impl FnOnce() -> Result<T, LimitError>) {
        self.patterns += 1;
        if self.patterns <= MAX_PATTERNS {
            self.keep(path, compile());
        } else if self.patterns == MAX_PATTERNS + 1 {
            let message = format!(
                "this is one regular expression or JSONPath more than the {MAX_PATTERNS} that a document may hold: leave some out"
            );
            self.add(path, message);
        }
    }

    /// Adds a problem with a key.
    pub(super) fn add_key(&mut self, path: &Path, message: impl Into<String>, suggestion: Option<&str>) {
        self.problems.push(Problem::new(path, self.map.key(path), message).meaning(suggestion));
    }

    /// Adds what is wrong with a template.
    pub(super) fn add_template(&mut self, path: &Path, error: &TemplateError) {
        if !(self.open.names && error.is_unknown()) {
            self.add_meaning(path, error.to_string(), error.suggestion());
        }
    }

    /// Adds what is wrong with a template where a scenario fills it in.
    pub(super) fn add_template_in(&mut self, path: &Path, error: &TemplateError, scenario: &str) {
        if !(self.open.names && error.is_unknown()) {
            self.add_meaning(path, format!("{error} (in scenario `{scenario}`)"), error.suggestion());
        }
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
