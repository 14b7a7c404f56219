//! What questions are understood as.

use jiff::Timestamp;
use proptest::prelude::*;

use super::{
    Measured,
    reading::{Before, Language, read},
};

/// A Saturday.
fn now() -> Timestamp {
    "2026-11-21T15:30:00Z".parse().expect("a time")
}

fn between(from: &str, until: &str) -> Before {
    let at = |date: &str| date.parse().expect("a time");
    Before::Between(at(from), at(until))
}

type Case = (&'static str, Measured, Before, &'static [&'static str], Language);

/// Questions, and what is read of them.
fn cases() -> [Case; 12] {
    let (november, october) = ("2026-11-01T00:00:00Z", "2026-10-01T00:00:00Z");
    let last_week = between("2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z");
    let (english, german) = (Language::English, Language::German);
    [
        (
            "is checkout slower than last month?",
            Measured::P95,
            between(october, november),
            &["checkout"],
            english,
        ),
        ("Ist die Suche langsamer als letzte Woche?", Measured::P95, last_week, &["suche"], german),
        (
            "does POST /cart fail more often than yesterday",
            Measured::ErrorRate,
            between("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"),
            &["post", "cart"],
            english,
        ),
        (
            "Hat der Warenkorb mehr Fehler als vor 3 Tagen?",
            Measured::ErrorRate,
            between("2026-11-18T00:00:00Z", "2026-11-19T00:00:00Z"),
            &["warenkorb"],
            german,
        ),
        (
            "p99 of search compared to two weeks ago",
            Measured::P99,
            between("2026-11-02T00:00:00Z", "2026-11-09T00:00:00Z"),
            &["search"],
            english,
        ),
        ("Ist der Durchsatz von login niedriger als zuvor?", Measured::Rps, Before::Run, &["login"], german),
        ("are requests per second lower than the baseline", Measured::Rps, Before::Baseline, &[], english),
        ("faster?", Measured::P95, Before::Run, &[], english),
        (
            "is search slower than on 2026-11-01",
            Measured::P95,
            between(november, "2026-11-02T00:00:00Z"),
            &["search"],
            english,
        ),
        ("median of home vs last run", Measured::P50, Before::Run, &["home"], english),
        (
            "Wie war die Antwortzeit von Suche vor einer Stunde?",
            Measured::P95,
            between("2026-11-21T14:00:00Z", "2026-11-21T15:00:00Z"),
            &["suche"],
            german,
        ),
        (
            "is the api slower than last year",
            Measured::P95,
            between("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            &["api"],
            english,
        ),
    ]
}

#[test]
fn questions_of_both_languages_are_read() {
    for (question, measure, before, subject, language) in cases() {
        let read = read(question, now());
        assert_eq!((read.measure, read.before, read.language), (measure, before, language), "{question}");
        assert_eq!(read.subject, subject, "{question}");
    }
}

proptest! {
    #[test]
    fn no_question_is_too_odd(question in "\\PC{0,300}") {
        let reading = read(&question, now());
        prop_assert!(reading.subject.iter().all(|word| !word.is_empty()));
    }

    #[test]
    fn no_time_is_too_far(count in any::<i64>(), unit in "(hours|days|weeks|months|years)") {
        for at in [now(), Timestamp::MIN, Timestamp::MAX] {
            for question in [format!("slower than {count} {unit} ago"), format!("slower than vor {count} {unit}")] {
                let before = read(&question, at).before;
                prop_assert!(!matches!(before, Before::Between(from, until) if from >= until), "{question}");
            }
        }
    }
}
