//! From what was read to a test: the requests of the text, or a recipe that does what the text speaks of.

mod load;
mod own;
mod provenance;
mod rank;
mod recipe;
mod rules;
mod settings;
mod sound;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

pub(super) use self::{
    load::apply as apply_load,
    own::{request, trace, whole},
    provenance::complete,
    rank::{ENOUGH, enough},
    recipe::{does, keep_rules, preview, start, writes},
    rules::{apply as apply_rules, is_of, remove as remove_rules},
    settings::apply as apply_settings,
};
pub use self::{
    provenance::{Provenance, Source},
    rank::{Candidate, rank},
};
use super::reader::{Reading, Span, Unused};
use crate::{loadtest::types::LoadTest, recipes::document::Checked};

/// Something that somebody has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = GeneratorQuestion)]
pub struct Question {
    /// What it is about: `host`, `users`, `time`, `rate`, `hosts`, `iterations`, `requests`.
    #[schema(example = "host")]
    pub about: String,
    /// The question.
    #[schema(example = "Which host is to be tested? Give its URL, such as http://127.0.0.1:8080")]
    pub text: String,
    /// What the text offers as answers.
    pub candidates: Vec<Span>,
}

/// A recipe that can be built on.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its id.
    pub id: String,
    /// The recipe.
    pub checked: Checked,
}

impl Known {
    /// Whether somebody has written it: those of the library have names for ids.
    #[must_use]
    pub fn is_own(&self) -> bool {
        uuid::Uuid::try_parse(&self.id).is_ok()
    }
}

/// A test in the making, with where each field comes from.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The test.
    pub loadtest: LoadTest,
    /// Where fields come from.
    pub provenance: Vec<Provenance>,
    /// What somebody has to say.
    pub questions: Vec<Question>,
    /// What was understood and not used.
    pub unused: Vec<Unused>,
    /// What somebody should know.
    pub notes: Vec<String>,
    /// The recipe that it is built on.
    pub recipe: Option<String>,
    /// Where fields come from of which nothing else is said.
    pub(super) base: Source,
    /// Places of facts that a model has told.
    pub(super) by_model: Vec<Span>,
}

/// Users of a test whose text names none.
pub const USERS: u32 = 10;
/// How long they run, in seconds, where the text does not say.
pub const RUN_TIME_S: u64 = 30;

impl Draft {
    /// A draft on `loadtest`, whose fields come from `base`.
    pub(super) fn new(loadtest: LoadTest, base: Source, recipe: Option<String>) -> Self {
        Self {
            loadtest,
            provenance: Vec::new(),
            questions: Vec::new(),
            unused: Vec::new(),
            notes: Vec::new(),
            recipe,
            base,
            by_model: Vec::new(),
        }
    }

    /// Notes that a field comes from the text.
    pub(super) fn said(&mut self, path: impl Into<String>, span: &Span) {
        let source = if self.by_model.contains(span) { Source::Model } else { Source::Text };
        self.comes(path, source, Some(span.clone()));
    }

    pub(super) fn comes(&mut self, path: impl Into<String>, source: Source, span: Option<Span>) {
        let path = path.into();
        self.provenance.retain(|known| known.path != path);
        let recipe = (source == Source::Recipe).then(|| self.recipe.clone()).flatten();
        self.provenance.push(Provenance { path, source, span, recipe });
    }

    /// Whether a field comes from the text.
    #[must_use]
    pub fn is_from_text(&self, path: &str) -> bool {
        self.provenance
            .iter()
            .any(|one| one.path == path && matches!(one.source, Source::Text | Source::Model))
    }

    pub(super) fn ask(&mut self, about: &str, text: impl Into<String>, candidates: Vec<Span>) {
        if !self.questions.iter().any(|known| known.about == about) {
            self.questions.push(Question { about: about.to_owned(), text: text.into(), candidates });
        }
    }
}

/// Makes a test of what was read, on `recipe` where the text names no requests of its own.
#[must_use]
pub fn draft(reading: &Reading, recipe: Option<&Known>) -> Draft {
    let built =
        recipe.filter(|_| reading.requests.is_empty()).and_then(|known| recipe::draft(reading, known));
    let mut draft = built.unwrap_or_else(|| own::draft(reading));
    draft.by_model.clone_from(&reading.by_model);
    finish(&mut draft, reading);
    draft
}

/// What every draft goes through once its requests are there.
fn finish(draft: &mut Draft, reading: &Reading) {
    hosts(draft, reading);
    settings::apply(draft, reading);
    load::apply(draft, reading);
    rules::apply(draft, reading);
    close(draft, reading);
}

/// Takes over what was not used, looks whether the test is sound, and asks for a host.
pub(super) fn close(draft: &mut Draft, reading: &Reading) {
    draft.unused.extend(reading.unused.iter().cloned());
    draft.notes.extend(reading.notes.iter().cloned());
    draft.notes.extend(reading.secrets.values().cloned());
    if reading.is_foreign() {
        draft.ask(
            "language",
            "Only English and German are read, and little of this is either: say it in one of them",
            Vec::new(),
        );
    }
    if draft.loadtest.target.hosts.is_empty() {
        draft.ask(
            "host",
            "Which host is to be tested? Give its URL, such as http://127.0.0.1:8080",
            Vec::new(),
        );
    }
    sound::repair(draft);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    draft.notes.retain(|note| seen.insert(note.clone()));
}

fn hosts(draft: &mut Draft, reading: &Reading) {
    let own: BTreeSet<&str> = reading.requests.iter().filter_map(|one| one.value.host.as_deref()).collect();
    let spread = own.len() <= 1 && reading.hosts.len() > 1 && own.is_empty();
    let wanted = if spread { reading.hosts.len() } else { 1 };
    let hosts: Vec<_> = reading.hosts.iter().take(wanted.min(100)).cloned().collect();
    draft.loadtest.target.hosts = hosts.iter().map(|host| host.value.clone()).collect();
    for (index, host) in hosts.iter().enumerate() {
        draft.said(format!("/target/hosts/{index}"), &host.span);
    }
    for other in reading.hosts.iter().skip(wanted) {
        if !own.contains(other.value.as_str()) {
            draft.ask(
                "hosts",
                "The text names several hosts: which one is to be tested, or all of them?",
                reading.hosts.iter().map(|host| host.span.clone()).collect(),
            );
        }
    }
}
