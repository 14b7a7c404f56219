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
pub(in crate::ai::generator) const ENOUGH: u32 = 3;
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
    ("ramp-up", &["ramp-up-test", "rampentest", "hochlauftest"]),
];
/// The first words of kinds that need a second one such as `test`.
const FIRST: &[(&str, &str)] = &[
    ("smoke", "smoke"),
    ("sanity", "smoke"),
    ("stress", "stress"),
    ("spike", "spike"),
    ("recovery", "recovery"),
    ("sustained", "sustained"),
    ("ramp-up", "ramp-up"),
    ("leak", "soak"),
    ("capacity", "breakpoint"),
];
const TEST: &[&str] =
    &["test", "tests", "testing", "testen", "run", "check", "checks", "tested", "lauf", "testing", "probe"];
/// How much the word speaks for a recipe that writes by GraphQL, where GraphQL speaks for both.
const MUTATES: u32 = 3;
/// How much the name of a kind speaks for its recipe.
const BY_KIND: u32 = 4;

/// What a service does that has too much of it.
const BREAKS: &[&str] = &[
    "breaks",
    "break",
    "collapses",
    "collapse",
    "crashes",
    "crash",
    "dies",
    "zusammenbricht",
    "zusammenbrechen",
    "zusammenklappt",
    "aufgibt",
    "umfällt",
    "umkippt",
    "knie",
    "schlapp",
    "schlappmacht",
    "kapituliert",
    "abschmiert",
    "abraucht",
    "zusammenbruch",
    "nachgibt",
    "platt",
    "buckles",
    "chokes",
    "melts",
];
/// The same where it stands behind `until`.
const GIVES_IN: &[&str] =
    &["fails", "fail", "gibt", "fällt", "klappt", "bricht", "stops", "geht", "goes", "nicht"];
/// What says that it is looked for.
const UNTIL: &[&str] = &["until", "till", "bis", "wann", "welcher", "wieviel", "wieviele"];
const PAIRS: &[(&str, &str)] = &[
    ("at", "what"),
    ("at", "which"),
    ("how", "many"),
    ("how", "much"),
    ("wie", "viele"),
    ("wie", "viel"),
    ("how", "far"),
];
/// What says that it is looked for in requests per second.
const RATES: &[&str] = &[
    "rate",
    "rps",
    "requests",
    "throughput",
    "anfragen",
    "anfragerate",
    "durchsatz",
    "aufrufe",
    "calls",
    "req",
];

/// Whether the text wants to know what is too much: `push it until it breaks`, `at what rate does it fall over?`.
fn too_much(words: &[&str]) -> Option<&'static str> {
    let pair =
        |first: &str, second: &str| words.windows(2).any(|two| two[0].starts_with(first) && two[1] == second);
    let breaks = words.iter().any(|word| BREAKS.contains(word))
        || ["fall", "topple", "keel"].iter().any(|verb| pair(verb, "over"))
        || ["give", "pack", "fold"].iter().any(|verb| pair(verb, "up"))
        || pair("fall", "apart");
    let asks = words.iter().any(|word| UNTIL.contains(word))
        || words.windows(2).any(|two| PAIRS.contains(&(two[0], two[1])));
    let gives_in = words
        .iter()
        .position(|word| matches!(*word, "until" | "till" | "bis"))
        .is_some_and(|at| words.iter().skip(at + 1).take(6).any(|word| GIVES_IN.contains(word)));
    if !(breaks && asks || gives_in) {
        return None;
    }
    Some(if words.iter().any(|word| RATES.contains(word)) { "breakpoint" } else { "stress" })
}

/// The kind of test that a text names.
fn kind(words: &[&str]) -> Option<&'static str> {
    let long: Vec<&str> = words.iter().copied().filter(|word| word.len() > 2).collect();
    named_kind(&long).or_else(|| too_much(words)).or_else(|| lasts(words))
}

/// Whether the text wants to know what only time shows.
fn lasts(words: &[&str]) -> Option<&'static str> {
    let leak = words.iter().any(|word| {
        matches!(*word, "leak" | "leaks" | "leaking" | "overnight") || word.starts_with("speicherleck")
    });
    let night = words.windows(2).any(|two| two == ["über", "nacht"]);
    (leak || night).then_some("soak")
}

fn named_kind(words: &[&str]) -> Option<&'static str> {
    words.iter().enumerate().find_map(|(at, word)| {
        if at > 0
            && matches!(
                words[at - 1],
                "no" | "not" | "kein" | "keine" | "keinen" | "nicht" | "without" | "ohne"
            )
        {
            return None;
        }
        let next = words.get(at + 1).copied().unwrap_or_default();
        let two = FIRST.iter().find(|(first, _)| first == word && TEST.contains(&next)).map(|(_, id)| *id);
        let named = |names: &[&str]| {
            names.iter().any(|name| {
                word == name || name.len() > 7 && word.strip_prefix(name).is_some_and(|rest| rest.len() < 3)
            })
        };
        KINDS.iter().find(|(_, names)| named(names)).map(|(id, _)| *id).or(two)
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
        low.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| !word.is_empty()).collect();
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
    let denied = |at: usize| {
        at > 0 && matches!(words[at - 1], "no" | "not" | "without" | "keine" | "ohne" | "nicht" | "never")
    };
    let mutation = words.iter().position(|word| word.starts_with("mutation"));
    let mutates = known.id == "graphql-mutation" && mutation.is_some_and(|at| !denied(at));
    let hinted = hinted + if mutates { MUTATES } else { 0 };
    let recipe = known.checked.recipe();
    // Recipes of one's own are found by what they are called: nothing else is known of them.
    let own = known.is_own();
    let title = recipe.title.to_lowercase();
    let named = title
        .split_whitespace()
        .filter(|word| word.len() > 3 && *word != "with")
        .filter(|word| words.contains(word))
        .count();
    let tagged = recipe.tags.iter().filter(|tag| words.contains(&tag.as_str())).count();
    let by_name = u32::try_from(named * 2 + tagged * 2).unwrap_or(u32::MAX);
    let alone = reading.activities.is_empty() && reading.requests.is_empty();
    let kind = if alone && kind(words) == Some(known.id.as_str()) { BY_KIND } else { 0 };
    activities + hinted + kind + if own { by_name } else { by_name.min(1) }
}
