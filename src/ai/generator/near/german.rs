//! German texts in English words, as far as that is needed to say what they are about: the model for embeddings has read next to
//! nothing but English.

use std::{collections::BTreeMap, sync::LazyLock};

use crate::loadtest::parse;

/// Beginnings of German words, with what they mean.
pub(super) static GLOSSARY: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let text = include_str!("../../../../assets/ai/glossary.yaml");
    let read = parse::parse(text, "glossary.yaml").and_then(|parsed| parsed.read());
    read.expect("a test reads the glossary of the binary")
});
/// Words that stand in every German text.
const GERMAN: &[&str] = &[
    "der", "die", "das", "den", "dem", "des", "und", "mit", "auf", "für", "ist", "sind", "ein", "eine",
    "einen", "einer", "nicht", "im", "zu", "von", "wir", "ihr", "sie", "bitte", "soll", "sollen", "bei",
    "dann", "noch", "wie", "es", "sich", "aus", "man", "mal", "unser", "unsere", "unserem", "unseren",
    "gegen", "lang", "bis", "als", "auch", "so", "aber", "oder", "kunden", "leute", "nutzer",
];
/// Words that stand in every English one.
const ENGLISH: &[&str] = &[
    "the", "a", "an", "and", "with", "on", "for", "is", "are", "of", "to", "in", "it", "we", "our", "please",
    "should", "at", "that", "this", "they", "you", "my", "as", "by", "be", "or", "but", "from", "people",
    "users", "i",
];

/// What a German text is about, in English; None where the text is not German.
pub(super) fn in_english(text: &str) -> Option<String> {
    let low = text.to_lowercase();
    let words: Vec<&str> =
        low.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let count = |of: &[&str]| words.iter().filter(|word| of.contains(word)).count();
    let german = count(GERMAN) > count(ENGLISH)
        || count(ENGLISH) == 0 && words.iter().any(|word| meaning(word).is_some());
    german.then(|| words.iter().filter_map(|word| meaning(word)).collect::<Vec<_>>().join(" "))
}

/// What a word means, by its longest beginning that is known; compounds by what they end in.
fn meaning(word: &str) -> Option<&'static str> {
    let begins = || GLOSSARY.iter().filter(|(stem, _)| word.starts_with(stem.as_str()));
    let ends = || GLOSSARY.iter().filter(|(stem, _)| stem.len() > 3 && word.ends_with(stem.as_str()));
    let longest = |found: &(&'static String, &'static String)| found.0.len();
    let found = begins().max_by_key(longest).or_else(|| ends().max_by_key(longest))?;
    Some(found.1.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn german_is_told_in_english() {
        let said = in_english("Die Leute suchen bei uns Ersatzteile und legen sie in den Einkaufskorb");
        assert_eq!(said.as_deref(), Some("people search spare parts put shopping"));
        assert_eq!(in_english("People search for spare parts with the app"), None);
        assert_eq!(in_english("Rauchtest").as_deref(), Some("smoke"));
    }

    #[test]
    fn the_glossary_is_of_beginnings() {
        for (stem, meaning) in GLOSSARY.iter() {
            assert!(stem.chars().count() > 1 && *stem == stem.to_lowercase(), "{stem}");
            assert!(!meaning.trim().is_empty(), "{stem}");
        }
    }
}
