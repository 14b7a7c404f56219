//! Which recipes fit a text: by what people do in it, and by words of theirs that it has.

use serde::Serialize;
use utoipa::ToSchema;

use super::Known;
use crate::ai::generator::reader::{Activity, Reading};

/// A recipe that fits, more or less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = GeneratorCandidate)]
pub struct Candidate {
    /// Its id.
    #[schema(example = "checkout")]
    pub id: String,
    /// What people call it.
    #[schema(example = "E-commerce checkout")]
    pub title: String,
    /// How well it fits, compared with the others.
    #[schema(example = 7)]
    pub score: u32,
    /// Whether the test is built on it.
    pub used: bool,
}

/// Least score of a recipe that a test is built on.
const ENOUGH: u32 = 3;
/// Most that are listed.
const MOST: usize = 5;

/// Words that speak for a recipe, in German too.
const HINTS: &[(&str, &[&str])] = &[
    ("checkout", &["shop", "store", "laden", "onlineshop", "webshop", "e-commerce"]),
    ("spike", &["spike", "lastspitze", "ansturm"]),
    ("soak", &["soak", "dauertest", "langzeittest", "endurance"]),
    ("smoke", &["smoke", "rauchtest", "smoketest"]),
    ("stress", &["stress", "stresstest", "belastungsgrenze"]),
    ("breakpoint", &["breakpoint", "kapazitätsgrenze", "breaking"]),
    ("rest-crud", &["crud", "rest"]),
    ("graphql-query", &["graphql"]),
    ("social-feed", &["social", "feed", "timeline"]),
    ("paginated-api", &["pagination", "paginated", "seitenweise"]),
    ("multi-page-site", &["website", "webseite", "site", "homepage"]),
];
/// Kinds of test by their names. Where a text says nothing else of what to do, the recipe of that kind is meant.
const KINDS: &[(&str, &[&str])] = &[
    (
        "smoke",
        &[
            "smoketest",
            "rauchtest",
            "smoke-test",
            "sanity-check",
            "funktionstest",
            "smokecheck",
            "smoke-check",
        ],
    ),
    (
        "soak",
        &[
            "soak",
            "dauertest",
            "langzeittest",
            "endurance",
            "dauerlauf",
            "dauerlasttest",
            "ausdauertest",
            "soaktest",
            "soak-test",
            "dauerlast",
            "burn-in",
            "longevity",
            "langzeitlasttest",
            "dauerbelastung",
            "endurance-test",
        ],
    ),
    ("stress", &["stresstest", "stress-test", "stresstests"]),
    ("spike", &["spiketest", "spike-test", "lastspitzentest", "lastspitze"]),
    ("breakpoint", &["breakpoint", "breakpoint-test", "kapazitätstest"]),
    ("recovery", &["recovery-test", "erholungstest"]),
];
/// The first words of kinds that need a second one such as `test`.
const FIRST: &[(&str, &str)] = &[
    ("smoke", "smoke"),
    ("sanity", "smoke"),
    ("stress", "stress"),
    ("spike", "spike"),
    ("recovery", "recovery"),
    ("leak", "soak"),
    ("capacity", "breakpoint"),
];
const TEST: &[&str] =
    &["test", "tests", "testing", "testen", "run", "check", "checks", "tested", "lauf", "testing", "probe"];
/// How much the name of a kind speaks for its recipe.
const BY_KIND: u32 = 4;

/// The kind of test that a text names.
fn kind(words: &[&str]) -> Option<&'static str> {
    words.iter().enumerate().find_map(|(at, word)| {
        let next = words.get(at + 1).copied().unwrap_or_default();
        let two = FIRST.iter().find(|(first, _)| first == word && TEST.contains(&next)).map(|(_, id)| *id);
        KINDS.iter().find(|(_, names)| names.contains(word)).map(|(id, _)| *id).or(two)
    })
}

/// What people do, and the recipes that do it, with how much each speaks for it.
const DOES: &[(Activity, &[(&str, u32)])] = &[
    (Activity::Search, &[("search", 4), ("checkout", 2), ("quickstart", 1)]),
    (Activity::Login, &[("auth-bearer", 4), ("auth-basic", 1), ("checkout", 1)]),
    (Activity::Order, &[("checkout", 6), ("quickstart", 2)]),
    (Activity::Cart, &[("checkout", 5), ("quickstart", 2)]),
    (Activity::Browse, &[("checkout", 3), ("multi-page-site", 2), ("quickstart", 1)]),
    (Activity::Read, &[("rest-crud", 3)]),
    (Activity::Write, &[("rest-crud", 3)]),
    (Activity::Graphql, &[("graphql-query", 5), ("graphql-mutation", 3)]),
    (Activity::Upload, &[("file-upload", 5)]),
    (Activity::Feed, &[("social-feed", 4)]),
    (Activity::Webhook, &[("webhook-burst", 5)]),
    (Activity::Transfer, &[("banking-transfer", 5)]),
];

/// Whether a recipe with this score is one to build on.
pub(in crate::ai::generator) const fn enough(score: u32) -> bool {
    score >= ENOUGH
}

/// The recipes that fit a text, best first.
#[must_use]
pub fn rank(text: &str, reading: &Reading, known: &[Known]) -> Vec<Candidate> {
    let low = text.to_lowercase();
    let words: Vec<&str> =
        low.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| word.len() > 2).collect();
    let mut out: Vec<Candidate> = known
        .iter()
        .filter(|one| one.checked.recipe().requires.is_none())
        .map(|one| Candidate {
            id: one.id.clone(),
            title: one.checked.recipe().title.clone(),
            score: score(one, &words, reading),
            used: false,
        })
        .filter(|candidate| candidate.score > 0)
        .collect();
    // Stable: of equal ones, the order of the library.
    out.sort_by_key(|candidate| std::cmp::Reverse(candidate.score));
    out.truncate(MOST);
    out
}

fn score(known: &Known, words: &[&str], reading: &Reading) -> u32 {
    let done = |activity: Activity| {
        let recipes = DOES.iter().find(|(does, _)| *does == activity).map_or(&[][..], |(_, recipes)| recipes);
        recipes.iter().find(|(id, _)| *id == known.id).map_or(0, |(_, points)| *points)
    };
    let activities: u32 = reading.activities.iter().map(|activity| done(activity.value)).sum();
    let hints = HINTS.iter().filter(|(id, _)| *id == known.id).flat_map(|(_, hints)| *hints);
    let hinted = u32::from(hints.into_iter().any(|hint| words.contains(hint)));
    let recipe = known.checked.recipe();
    // Recipes of one's own are found by what they are called: nothing else is known of them.
    let own = known.id.contains('-') && known.id.len() == 36;
    let title = recipe.title.to_lowercase();
    let named = title
        .split_whitespace()
        .filter(|word| word.len() > 3 && *word != "with")
        .filter(|word| words.contains(word))
        .count();
    let tagged = recipe.tags.iter().filter(|tag| words.contains(&tag.as_str())).count();
    let by_name = u32::try_from(named * 2 + tagged * 2).unwrap_or(u32::MAX);
    let alone =
        reading.activities.is_empty() && reading.requests.is_empty() && reading.load.stages.is_empty();
    let kind = if alone && kind(words) == Some(known.id.as_str()) { BY_KIND } else { 0 };
    activities + hinted + kind + if own { by_name } else { by_name.min(1) }
}
