//! Recipes that a text is near to in meaning, where no word of it names one: "hunting for spare parts by number" is searching.
//!
//! What the text says beside hosts, numbers and rules is compared with what people say who mean a recipe
//! (`assets/ai/phrases.yaml`; of recipes of one's own, title and summary). The nearest recipe counts where it is near enough, and clearly
//! nearer than the next one.

mod german;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::LazyLock};

use super::{
    draft::{Candidate, ENOUGH, Known, enough, writes},
    filler::Nearest,
    reader::{Fact, Reading, Span},
    roles::{Sure, Told},
};
use crate::loadtest::parse;

/// How sure a recipe is that is meant, as it was learned; and one of which there is hardly a doubt.
const LEARNED: f32 = 0.5;
const LEARNED_WELL: f32 = 0.8;
/// Least nearness, as the cosine of two vectors, of a recipe that is meant.
const NEAR: f32 = 0.36;
/// How much nearer it is at least than the next recipe.
const CLEAR: f32 = 0.08;
/// The same where there is hardly a doubt.
const SURE: (f32, f32) = (0.45, 0.12);
/// Most of a text that is compared, in bytes: the model reads no more.
const MOST: usize = 1000;

/// Words of every load test, which say nothing of what is done in it.
const OF_TESTS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "teste",
    "testen",
    "load",
    "loadtest",
    "lasttest",
    "performance",
    "performancetest",
    "benchmark",
];

/// What people say, by recipe.
static PHRASES: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let text = include_str!("../../../../assets/ai/phrases.yaml");
    let read = parse::parse(text, "phrases.yaml").and_then(|parsed| parsed.read());
    read.expect("a test reads the phrases of the binary")
});

/// What came of looking.
#[derive(Default)]
pub(super) struct Lifted {
    /// The recipe that no word of the text has named, where it is meant.
    pub(super) unnamed: Option<String>,
    /// Why it could not be looked for.
    pub(super) degraded: Option<String>,
}

/// Lifts the recipe that a text without paths means: as it was learned, or else by what it is near to.
pub(super) async fn lift(
    nearest: Option<&dyn Nearest>,
    told: &Told,
    text: &str,
    reading: &Reading,
    known: &[Known],
    ranked: &mut Vec<Candidate>,
) -> Lifted {
    if !reading.requests.is_empty() {
        return Lifted::default();
    }
    if let Some(Sure { value, sure }) = told.recipe().filter(|told| told.sure >= LEARNED) {
        let runnable =
            |one: &&Known| Some(one.id.as_str()) == value && one.checked.recipe().requires.is_none();
        let found = known.iter().find(runnable).map(|known| Found { known, sure: sure >= LEARNED_WELL });
        let unnamed = found.and_then(|found| raise(&found, known, ranked));
        // Nobody has taught the model recipes of one's own: those are compared all the same.
        let own: Vec<Known> = known.iter().filter(|one| one.is_own()).cloned().collect();
        let lifted = match nearest.filter(|_| reading.says_more && !own.is_empty()) {
            Some(nearest) => lift_nearest(nearest, text, reading, &own, ranked).await,
            None => Lifted::default(),
        };
        return Lifted { unnamed: lifted.unnamed.or(unnamed), degraded: lifted.degraded };
    }
    match nearest.filter(|_| reading.says_more) {
        Some(nearest) => lift_nearest(nearest, text, reading, known, ranked).await,
        // Where the text names nothing that people do, no recipe can be near to it.
        None => Lifted::default(),
    }
}

/// Lifts the recipe that a text is near to.
async fn lift_nearest(
    nearest: &dyn Nearest,
    text: &str,
    reading: &Reading,
    known: &[Known],
    ranked: &mut Vec<Candidate>,
) -> Lifted {
    let failed = |why: String| Lifted { degraded: Some(why), ..Lifted::default() };
    let said = said(text, reading);
    let said = german::in_english(&said).unwrap_or(said);
    if said.is_empty() {
        return Lifted::default();
    }
    let runnable = known.iter().filter(|one| one.checked.recipe().requires.is_none());
    let phrases: Vec<(&Known, String)> =
        runnable.flat_map(|one| about(one).map(move |text| (one, text))).collect();
    let among = phrases.iter().map(|(_, phrase)| phrase.clone()).collect();
    let scores = match nearest.rank(said, among).await {
        Ok(scores) if scores.len() == phrases.len() => scores,
        Ok(_) => return failed("the sentence vectors are of another number than the recipes".to_owned()),
        Err(error) => return failed(format!("{error}: recipes were found by their words")),
    };
    let Some(found) = best(phrases.iter().map(|(one, _)| *one).zip(scores)) else { return Lifted::default() };
    tracing::debug!(recipe = found.known.id, "the text is near to the recipe `{}`", found.known.id);
    Lifted { unnamed: raise(&found, known, ranked), degraded: None }
}

/// Puts a recipe before others. Its id, where it was not there before.
fn raise(found: &Found<'_>, known: &[Known], ranked: &mut Vec<Candidate>) -> Option<String> {
    let named = ranked.first().filter(|first| enough(first.score)).cloned();
    let may = may_write(found, named.as_ref(), known) || !writes(found.known);
    // More than a word that may mean something else, such as `catalogue`; and one that is quite sure more than several.
    let points = if found.sure { 2 * ENOUGH + 1 } else { ENOUGH + 1 };
    let mut unnamed = None;
    match ranked.iter_mut().find(|one| one.id == found.known.id) {
        Some(one) => one.score += points,
        None => {
            unnamed = Some(found.known.id.clone());
            let title = found.known.checked.recipe().title.clone();
            // Without a second witness, a model that fills in is asked.
            let score = if may { points } else { ENOUGH - 1 };
            ranked.push(Candidate { id: found.known.id.clone(), title, score, used: false });
        }
    }
    ranked.sort_by_key(|one| std::cmp::Reverse(one.score));
    unnamed
}

/// Whether nearness is enough for a recipe that writes: a vague one is no order to write, unless the words of the text name another
/// one that writes as well.
fn may_write(found: &Found<'_>, named: Option<&Candidate>, known: &[Known]) -> bool {
    let named = named.and_then(|named| known.iter().find(|one| one.id == named.id));
    found.sure || named.is_some_and(writes)
}

/// What people say who mean a recipe.
fn about(known: &Known) -> impl Iterator<Item = String> {
    let recipe = known.checked.recipe();
    let phrases = PHRASES.get(&known.id).cloned();
    // A recipe of one's own is known by its title alone, and one of the library that has no phrases is for nobody's words.
    let title = || {
        if known.is_own() { vec![format!("{}. {}", recipe.title, recipe.summary)] } else { Vec::new() }
    };
    phrases.unwrap_or_else(title).into_iter()
}

/// A recipe that is near.
struct Found<'k> {
    known: &'k Known,
    /// Whether there is hardly a doubt.
    sure: bool,
}

/// The nearest recipe, where it is near enough and clearly the nearest.
fn best<'k>(scores: impl Iterator<Item = (&'k Known, f32)>) -> Option<Found<'k>> {
    let mut nearest: Vec<(&Known, f32)> = Vec::new();
    for (one, score) in scores {
        match nearest.iter_mut().find(|(known, _)| known.id == one.id) {
            Some((_, best)) => *best = best.max(score),
            None => nearest.push((one, score)),
        }
    }
    nearest.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (known, score) = *nearest.first()?;
    let ahead = score - nearest.get(1).map_or(0.0, |next| next.1);
    (score >= NEAR && ahead >= CLEAR).then_some(Found { known, sure: score >= SURE.0 && ahead >= SURE.1 })
}

/// What a text says beside hosts, numbers and rules.
fn said(text: &str, reading: &Reading) -> String {
    let mut out = String::new();
    let mut at = 0;
    for (start, end) in understood(reading) {
        if start >= at {
            out.push_str(text.get(at..start).unwrap_or_default());
            out.push(' ');
        }
        at = at.max(end);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    let tells = |word: &&str| {
        let plain: String = word.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        plain.contains(char::is_alphabetic) && !OF_TESTS.contains(&plain.as_str())
    };
    let words: Vec<&str> = out.split_whitespace().filter(tells).collect();
    let out = words.join(" ");
    out[..out.floor_char_boundary(MOST)].to_owned()
}

/// The places of what was understood, in order.
fn understood(reading: &Reading) -> Vec<(usize, usize)> {
    fn of<T>(facts: &[Fact<T>]) -> impl Iterator<Item = &Span> {
        facts.iter().map(|fact| &fact.span)
    }
    fn one<T>(fact: &Option<Fact<T>>) -> impl Iterator<Item = &Span> {
        fact.iter().map(|fact| &fact.span)
    }
    let load = &reading.load;
    let spans = of(&reading.hosts)
        .chain(of(&load.users))
        .chain(of(&load.rate))
        .chain(of(&load.limit))
        .chain(of(&load.hatch))
        .chain(of(&load.time))
        .chain(of(&load.iterations))
        .chain(of(&load.stages))
        .chain(of(&load.total))
        .chain(of(&reading.thresholds))
        .chain(one(&reading.think))
        .chain(one(&reading.timeout))
        .chain(one(&reading.redirects))
        .chain(one(&reading.http))
        .chain(one(&reading.credentials))
        .chain(reading.unused.iter().map(|unused| &unused.span));
    let mut places: Vec<(usize, usize)> = spans.map(|span| (span.start, span.end)).collect();
    places.sort_unstable();
    places
}
