//! What a question about a trend asks for: a measure, a time to compare with, and what it is about.
//!
//! English and German, by words alone. What is not understood is left for the name of the test or the request, and
//! nothing is made up: a question without a time asks about the run before.

use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::fulltext::tokens;

/// Most units that a question may go back.
const FARTHEST: i64 = 1000;

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TrendMeasure)]
pub enum Measured {
    /// The median response time, ms.
    P50,
    /// The 95th percentile of the response time, ms.
    P95,
    /// The 99th percentile of the response time, ms.
    P99,
    /// Failures by requests, 0 to 1.
    ErrorRate,
    /// Requests per second.
    Rps,
}

/// The language of a question, and of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// German.
    German,
}

/// What the newest run is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// The run before it.
    Run,
    /// The baseline of its test.
    Baseline,
    /// Runs of this time: from the first moment to before the second.
    Between(Timestamp, Timestamp),
}

/// A question, as it was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What is asked about.
    pub measure: Measured,
    /// What the newest run is compared with.
    pub before: Before,
    /// The words that are left: what it is about.
    pub subject: Vec<String>,
    /// The language.
    pub language: Language,
}

/// A length of the calendar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Year,
}

const GERMAN: &[&str] = &[
    "ist",
    "sind",
    "als",
    "langsamer",
    "langsam",
    "schneller",
    "schnell",
    "letzte",
    "letzten",
    "letzter",
    "letztes",
    "letztem",
    "vorige",
    "vorigen",
    "vor",
    "gestern",
    "heute",
    "die",
    "der",
    "das",
    "wie",
    "hat",
    "haben",
    "fehler",
    "mehr",
    "weniger",
    "woche",
    "wochen",
    "monat",
    "monaten",
    "monate",
    "tag",
    "tagen",
    "tage",
    "jahr",
    "durchsatz",
    "antwortzeit",
    "suche",
    "geworden",
    "wurde",
];

/// Words that carry the question and nothing of what it is about.
const ASKING: &[&str] = &[
    "lower",
    "change",
    "changed",
    "different",
    "geändert",
    "verändert",
    "anders",
    "higher",
    "vs",
    "von",
    "als",
    "am",
    "an",
    "and",
    "any",
    "are",
    "average",
    "bei",
    "beim",
    "better",
    "besser",
    "compared",
    "das",
    "dem",
    "den",
    "der",
    "did",
    "die",
    "does",
    "ein",
    "eine",
    "einem",
    "einer",
    "es",
    "ever",
    "fewer",
    "for",
    "geworden",
    "get",
    "getting",
    "got",
    "had",
    "haben",
    "has",
    "hat",
    "have",
    "höher",
    "how",
    "im",
    "in",
    "is",
    "ist",
    "it",
    "its",
    "jetzt",
    "less",
    "mal",
    "mehr",
    "more",
    "niedriger",
    "noch",
    "now",
    "of",
    "often",
    "on",
    "our",
    "run",
    "runs",
    "schlechter",
    "seit",
    "seinem",
    "since",
    "sind",
    "so",
    "test",
    "tests",
    "than",
    "that",
    "the",
    "then",
    "time",
    "times",
    "to",
    "und",
    "unser",
    "unsere",
    "verglichen",
    "vergleich",
    "viel",
    "war",
    "was",
    "weniger",
    "were",
    "wie",
    "with",
    "worse",
    "wurde",
    "zeit",
    "zu",
];

/// Reads a question that is asked at `now`.
#[must_use]
pub fn read(question: &str, now: Timestamp) -> Reading {
    let mut words: Vec<String> = tokens(question).map(|token| token.word).collect();
    let german = words.iter().filter(|word| GERMAN.contains(&word.as_str())).count();
    let language =
        if german >= 2 || (german == 1 && words.len() < 4) { Language::German } else { Language::English };
    let now = now.to_zoned(TimeZone::UTC);
    let before = before(&mut words, &now).unwrap_or(Before::Run);
    let measure = measure(&mut words).unwrap_or(Measured::P95);
    words.retain(|word| !ASKING.contains(&word.as_str()));
    words.dedup();
    Reading { measure, before, subject: words, language }
}

/// Words of each measure, the most exact first: "p99 slower" asks about p99.
const MEASURES: [(Measured, &[&str]); 6] = [
    (Measured::P50, &["p50", "median"]),
    (Measured::P99, &["p99"]),
    (Measured::P95, &["p95"]),
    (
        Measured::ErrorRate,
        &[
            "error",
            "errors",
            "failure",
            "failures",
            "fail",
            "fails",
            "failing",
            "failed",
            "fehler",
            "fehlerrate",
            "fehlerhaft",
            "ausfälle",
            "rate",
        ],
    ),
    (
        Measured::Rps,
        &["rps", "throughput", "durchsatz", "requests", "anfragen", "second", "sekunde", "per", "pro"],
    ),
    (
        Measured::P95,
        &[
            "slow",
            "slower",
            "fast",
            "faster",
            "quick",
            "quicker",
            "latency",
            "response",
            "responses",
            "langsam",
            "langsamer",
            "schnell",
            "schneller",
            "antwortzeit",
            "antwortzeiten",
            "latenz",
        ],
    ),
];

/// Takes the words of a measure out.
fn measure(words: &mut Vec<String>) -> Option<Measured> {
    // These say something only beside another word of the measure.
    const WEAK: [&str; 6] = ["rate", "requests", "anfragen", "per", "pro", "second"];
    let strong = |names: &[&str], word: &str| names.contains(&word) && !WEAK.contains(&word);
    let mut found = None;
    for (measure, names) in MEASURES {
        let said = words.iter().any(|word| strong(names, word))
            || (measure == Measured::Rps && says(words, &["requests", "per"]))
            || (measure == Measured::Rps && says(words, &["anfragen", "pro"]));
        if said {
            words.retain(|word| !names.contains(&word.as_str()));
            found = found.or(Some(measure));
        }
    }
    found
}

fn says(words: &[String], together: &[&str]) -> bool {
    words.windows(together.len()).any(|some| some.iter().zip(together).all(|(word, one)| word == one))
}

/// Takes the words of a time out.
fn before(words: &mut Vec<String>, now: &Zoned) -> Option<Before> {
    for at in 0..words.len() {
        let (length, before) = match words[at].as_str() {
            "baseline" => (1, Some(Before::Baseline)),
            "yesterday" | "gestern" => (1, ago(Unit::Day, 1, now)),
            "today" | "heute" => (1, ago(Unit::Day, 0, now)),
            "previous" | "last" | "past" | "prior" | "before" | "letzte" | "letzten" | "letzter"
            | "letztes" | "letztem" | "vorige" | "voriger" | "vorigen" | "voriges" | "vorherige"
            | "vorherigen" | "vorher" | "zuvor" => match words.get(at + 1).and_then(|word| unit(word)) {
                Some(unit) => (2, ago(unit, 1, now)),
                None => (1, Some(Before::Run)),
            },
            "vor" => match number(words.get(at + 1)).zip(words.get(at + 2).and_then(|word| unit(word))) {
                Some((count, unit)) => (3, ago(unit, count, now)),
                None => continue,
            },
            _ => match (
                number(words.get(at)),
                words.get(at + 1).and_then(|word| unit(word)),
                words.get(at + 2),
            ) {
                (Some(count), Some(unit), Some(ago_word))
                    if matches!(ago_word.as_str(), "ago" | "earlier" | "before") =>
                {
                    (3, ago(unit, count, now))
                }
                _ => match date(&words[at..]) {
                    Some(date) => (3, between(date, date.checked_add(1.day()).ok())),
                    None => continue,
                },
            },
        };
        words.drain(at..at + length);
        return before;
    }
    None
}

/// A date as `2026-11-01` is cut into words.
fn date(words: &[String]) -> Option<Date> {
    let [year, month, day, ..] = words else { return None };
    let digits = |word: &str, count: usize| word.len() == count && word.bytes().all(|b| b.is_ascii_digit());
    let whole = digits(year, 4) && digits(month, 2) && digits(day, 2);
    if whole { Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok() } else { None }
}

fn number(word: Option<&String>) -> Option<i64> {
    match word?.as_str() {
        "a" | "an" | "one" | "ein" | "eine" | "einem" | "einer" => Some(1),
        "two" | "zwei" => Some(2),
        "three" | "drei" => Some(3),
        "four" | "vier" => Some(4),
        word => word.parse().ok().filter(|count| (0..=FARTHEST).contains(count)),
    }
}

fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "hour" | "hours" | "stunde" | "stunden" => Unit::Hour,
        "day" | "days" | "tag" | "tage" | "tagen" => Unit::Day,
        "week" | "weeks" | "woche" | "wochen" => Unit::Week,
        "month" | "months" | "monat" | "monate" | "monaten" | "monats" => Unit::Month,
        "year" | "years" | "jahr" | "jahre" | "jahren" => Unit::Year,
        _ => return None,
    })
}

/// The hour, day, week, month or year that lies `count` before the one of `now`: all of it, in UTC.
fn ago(unit: Unit, count: i64, now: &Zoned) -> Option<Before> {
    let today = now.date();
    match unit {
        Unit::Hour => {
            let first = now.with().minute(0).second(0).subsec_nanosecond(0).build().ok()?;
            let first = first.checked_sub(count.hours()).ok()?;
            let last = first.checked_add(1.hour()).ok()?;
            Some(Before::Between(first.timestamp(), last.timestamp()))
        }
        Unit::Day => {
            let day = today.checked_sub(count.days()).ok()?;
            between(day, day.checked_add(1.day()).ok())
        }
        Unit::Week => {
            let since_monday = i64::from(today.weekday().since(Weekday::Monday));
            let monday = today.checked_sub(since_monday.days()).ok()?.checked_sub(count.weeks()).ok()?;
            between(monday, monday.checked_add(1.week()).ok())
        }
        Unit::Month => {
            let first = today.first_of_month().checked_sub(count.months()).ok()?;
            between(first, first.checked_add(1.month()).ok())
        }
        Unit::Year => {
            let first = today.first_of_year().checked_sub(count.years()).ok()?;
            between(first, first.checked_add(1.year()).ok())
        }
    }
}

fn between(first: Date, behind: Option<Date>) -> Option<Before> {
    let at = |date: Date| date.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
    Some(Before::Between(at(first)?, at(behind?)?))
}
