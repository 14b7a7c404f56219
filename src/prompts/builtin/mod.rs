//! The prompts that MAID comes with: files in `assets/prompts`, a part of the binary. They can be read,
//! used and forked, and not be changed.

use uuid::{Builder, Uuid};

use super::{
    document::{Checked, Prompt},
    finding::words,
};
use crate::{db::words::Words, http::Digest, loadtest::parse::parse};

macro_rules! files {
    ($($id:literal)+) => {
        [$(($id, include_str!(concat!("../../../assets/prompts/", $id, ".yaml")))),+]
    };
}

/// The files with their ids, in the order of lists.
const FILES: [(&str, &str); 26] = files! {
    "describe-smoke-test"
    "describe-steady-load"
    "describe-ramp-and-stages"
    "describe-open-arrivals"
    "describe-spike"
    "describe-soak"
    "describe-breakpoint"
    "describe-user-journey"
    "describe-rest-crud"
    "describe-graphql"
    "describe-from-access-log"
    "describe-idempotent-payments"
    "lasttest-beschreiben"
    "lastspitze-beschreiben"
    "refine-thresholds"
    "refine-realism"
    "analyse-run"
    "analyse-errors"
    "analyse-tail-latency"
    "analyse-generator-limits"
    "analyse-capacity"
    "ergebnis-auswerten"
    "compare-runs"
    "compare-releases"
    "report-for-management"
    "report-incident"
};

/// Version of all built-in prompts: they change with MAID alone.
pub const VERSION: u64 = 1;

/// A prompt that MAID comes with.
#[derive(Debug)]
pub struct BuiltIn {
    /// Its id, the name of its file.
    pub id: &'static str,
    /// What rows refer to it by.
    pub key: Uuid,
    /// What is written.
    pub checked: Checked,
    /// What it is found by.
    pub words: Words,
}

/// The prompts that MAID comes with.
#[derive(Debug)]
pub struct BuiltIns(Vec<BuiltIn>);

impl BuiltIns {
    /// Reads all of them.
    #[must_use]
    pub fn read() -> Self {
        Self(FILES.into_iter().map(|(id, text)| one(id, text)).collect())
    }

    /// All of them, in the order of lists.
    #[must_use]
    pub fn all(&self) -> &[BuiltIn] {
        &self.0
    }

    /// The one of this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&BuiltIn> {
        self.0.iter().find(|one| one.id == id)
    }

    /// The one that rows refer to by `key`.
    #[must_use]
    pub fn by_key(&self, key: Uuid) -> Option<&BuiltIn> {
        self.0.iter().find(|one| one.key == key)
    }

    /// What rows refer to them by.
    #[must_use]
    pub fn keys(&self) -> Vec<Uuid> {
        self.0.iter().map(|one| one.key).collect()
    }
}

fn one(id: &'static str, text: &str) -> BuiltIn {
    let prompt: Prompt = parse(text, id)
        .and_then(|document| document.read())
        .expect("a file of assets/prompts is a prompt, as a test checks");
    let checked = prompt.check().expect("a file of assets/prompts is right, as a test checks");
    BuiltIn { id, key: key(id), words: words(checked.prompt()), checked }
}

/// The same id for the same name, for ever, and none that time gives out: those are of version 7.
fn key(id: &str) -> Uuid {
    let sum = Digest::of(format!("maid.prompt.{id}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&sum.as_bytes()[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::prompts::document::PromptCategory;

    #[test]
    fn every_file_is_a_prompt_that_is_right() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/prompts");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the folder is there")
            .map(|file| file.expect("a file").file_name().to_string_lossy().replace(".yaml", ""))
            .collect();
        assert_eq!(files, FILES.iter().map(|(id, _)| (*id).to_owned()).collect(), "the list and the folder");
        let mut titles = BTreeSet::new();
        for (id, text) in FILES {
            let prompt: Prompt = parse(text, id)
                .and_then(|document| document.read())
                .unwrap_or_else(|problems| panic!("{problems}"));
            assert!(titles.insert(prompt.title.clone()), "{id}: `{}` is there twice", prompt.title);
            assert!(!prompt.description.is_empty() && !prompt.tags.is_empty(), "{id} says what it is");
            assert!(!["search", "analytics", "shared"].contains(&id), "{id} is a route");
            let checked = prompt.check().unwrap_or_else(|wrong| panic!("{id}: {wrong:#?}"));
            let text = checked
                .fill(&serde_json::Map::new(), true)
                .unwrap_or_else(|wrong| panic!("{id}: {wrong:#?}"));
            assert!(text.len() > 400, "{id} says what is wanted, and what not");
        }
    }

    #[test]
    fn there_are_enough_of_each_kind_in_both_languages() {
        let all = BuiltIns::read();
        let count = |matches: &dyn Fn(&Prompt) -> bool| {
            all.all().iter().filter(|one| matches(one.checked.prompt())).count()
        };
        let describing = count(&|one| one.category == PromptCategory::Describe);
        assert!(describing >= 10, "{describing}");
        assert!(all.all().len() - describing >= 10, "{}", all.all().len());
        assert!(count(&|one| one.tags.iter().any(|tag| tag == "german")) >= 3);
        assert!(PromptCategory::ALL.into_iter().all(|category| count(&|one| one.category == category) > 0));
    }

    #[test]
    fn their_keys_stay_what_they_are() {
        assert_eq!(key("analyse-run").get_version_num(), 8);
        assert_eq!(key("analyse-run"), key("analyse-run"));
        assert_ne!(key("analyse-run"), key("analyse-errors"));
        let all = BuiltIns::read();
        assert_eq!(all.keys().into_iter().collect::<BTreeSet<_>>().len(), all.all().len());
        assert!(all.keys().into_iter().all(|key| all.by_key(key).is_some()));
    }
}
