//! From figures to an answer, in the language of the question.

use jiff::Timestamp;

use super::{
    Measured, Trend, TrendRun, Verdict,
    reading::{Before, Language, Reading},
    subject::Subject,
};
use crate::reports::{
    compare::Measure,
    number::{ms, rate},
};

/// What was found of runs.
#[derive(Debug, Default)]
pub struct Figures {
    /// When the newest run of the test began.
    pub newest: Option<Timestamp>,
    /// The newest run compared with each of those before, the newest of them first.
    pub compared: Vec<Measure>,
    /// The runs with their values.
    pub runs: Vec<TrendRun>,
    /// Why runs may not be comparable.
    pub notes: Vec<String>,
}

/// The answer to `reading` that `figures` give.
pub fn answer(reading: &Reading, subject: Option<Subject>, figures: Figures) -> Trend {
    let (from, until) = match reading.before {
        Before::Between(from, until) => (Some(from), Some(until)),
        Before::Run | Before::Baseline => (None, None),
    };
    let first = figures.compared.first();
    let verdict = verdict(&figures);
    let mut notes = figures.notes.clone();
    let language = reading.language;
    let subject_name = subject.as_ref().map(|of| of.request.clone().unwrap_or_else(|| of.test.clone()));
    let answer = match (&subject_name, first) {
        (None, _) => unknown(reading),
        (Some(name), None) => missing(reading, name, figures.newest),
        (Some(name), Some(first)) => told(reading, name, first, verdict, figures.compared.len()),
    };
    if let Some(subject) = &subject {
        notes.extend(others(&subject.also, language, true));
        notes.extend(others(&subject.other_tests, language, false));
    }
    Trend {
        answer,
        verdict,
        measure: reading.measure,
        test: subject.as_ref().map(|subject| subject.test.clone()),
        request: subject.and_then(|subject| subject.request),
        from,
        until,
        before: first.map(|first| first.a),
        now: first.map(|first| first.b),
        change: first.and_then(|first| first.change),
        runs: figures.runs,
        notes,
    }
}

/// What the newest run says beside the ones before: a change counts where it is beyond noise against the run
/// next to it in time, and the newest value lies outside of what all of them had.
fn verdict(figures: &Figures) -> Verdict {
    let Some(first) = figures.compared.first() else { return Verdict::NotEnough };
    let outside = figures.compared.iter().all(|other| other.a < first.b)
        || figures.compared.iter().all(|other| other.a > first.b);
    match first.beyond_noise {
        None => Verdict::Untested,
        Some(true) if outside && first.is_worse() => Verdict::Worse,
        Some(true) if outside => Verdict::Better,
        Some(_) => Verdict::Same,
    }
}

fn unknown(reading: &Reading) -> String {
    let asked = reading.subject.join(" ");
    match reading.language {
        Language::English if asked.is_empty() => "Nothing has run yet that could be compared.".to_owned(),
        Language::German if asked.is_empty() => {
            "Es gibt noch keinen Lauf, der sich vergleichen ließe.".to_owned()
        }
        Language::English => format!("No test and no request of one has this in its name: {asked}."),
        Language::German => format!("Kein Test und keine Anfrage eines Tests hat dies im Namen: {asked}."),
    }
}

fn missing(reading: &Reading, name: &str, newest: Option<Timestamp>) -> String {
    let day = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M").to_string();
    let newest = newest.map(day).unwrap_or_default();
    let (english, german) = match reading.before {
        Before::Run => (
            "there is no earlier run of this test".to_owned(),
            "es gibt keinen früheren Lauf dieses Tests".to_owned(),
        ),
        Before::Baseline => (
            "no earlier run of this test is its baseline".to_owned(),
            "kein früherer Lauf dieses Tests ist als Vergleichsmaßstab (baseline) gesetzt".to_owned(),
        ),
        Before::Between(from, until) => (
            format!("a run of it between {} and {} UTC is needed, and a later one", day(from), day(until)),
            format!("nötig sind ein Lauf zwischen {} und {} UTC und ein späterer", day(from), day(until)),
        ),
    };
    match reading.language {
        Language::English => {
            format!("There is not enough to tell about {name}: {english}. The newest run began {newest} UTC.")
        }
        Language::German => {
            format!("Für {name} reichen die Daten nicht: {german}. Der neueste Lauf begann {newest} UTC.")
        }
    }
}

fn told(reading: &Reading, name: &str, first: &Measure, verdict: Verdict, runs: usize) -> String {
    let (now, before) = (value(reading.measure, first.b), value(reading.measure, first.a));
    let change = first.change.map_or_else(String::new, |change| format!(" ({:+.0} %)", change * 100.0));
    let german = reading.language == Language::German;
    let what = quality(reading.measure, verdict, german);
    let measure = label(reading.measure, german);
    let told = if german {
        format!("{name} ist {what}: {measure} {now}, zuvor {before}{change}.")
    } else {
        format!("{name} is {what}: {measure} {now}, and {before} before{change}.")
    };
    format!("{told} {}", confidence(verdict, runs, german))
}

const fn quality(measure: Measured, verdict: Verdict, german: bool) -> &'static str {
    match (measure, verdict, german) {
        (_, Verdict::Same, false) => "not different beyond noise",
        (_, Verdict::Same, true) => "nicht messbar anders",
        (_, Verdict::Untested | Verdict::NotEnough, false) => "measured, and not judged",
        (_, Verdict::Untested | Verdict::NotEnough, true) => "gemessen, aber nicht beurteilt",
        (Measured::ErrorRate, Verdict::Worse, false) => "failing more often",
        (Measured::ErrorRate, Verdict::Worse, true) => "häufiger fehlerhaft",
        (Measured::ErrorRate, Verdict::Better, false) => "failing less often",
        (Measured::ErrorRate, Verdict::Better, true) => "seltener fehlerhaft",
        (Measured::Rps, Verdict::Worse, false) => "served less often",
        (Measured::Rps, Verdict::Worse, true) => "seltener bedient worden",
        (Measured::Rps, Verdict::Better, false) => "served more often",
        (Measured::Rps, Verdict::Better, true) => "häufiger bedient worden",
        (_, Verdict::Worse, false) => "slower",
        (_, Verdict::Worse, true) => "langsamer",
        (_, Verdict::Better, false) => "faster",
        (_, Verdict::Better, true) => "schneller",
    }
}

fn confidence(verdict: Verdict, runs: usize, german: bool) -> String {
    match (verdict, german) {
        (Verdict::Worse | Verdict::Better, false) if runs > 1 => {
            format!("That is more than noise, and outside of what {runs} runs had then.")
        }
        (Verdict::Worse | Verdict::Better, true) if runs > 1 => {
            format!("Das ist mehr als Rauschen und liegt außerhalb dessen, was {runs} Läufe damals zeigten.")
        }
        (Verdict::Worse | Verdict::Better, false) => {
            "That is more than noise within one run; a second run would confirm it.".to_owned()
        }
        (Verdict::Worse | Verdict::Better, true) => {
            "Das ist mehr als Rauschen innerhalb eines Laufs; ein zweiter Lauf würde es bestätigen."
                .to_owned()
        }
        (Verdict::Same, false) => "A difference of this size is also there between equal runs.".to_owned(),
        (Verdict::Same, true) => {
            "Ein Unterschied dieser Größe kommt auch zwischen gleichen Läufen vor.".to_owned()
        }
        (_, false) => {
            "A run has one such figure and no sample of them, so there is no test for it.".to_owned()
        }
        (_, true) => "Ein Lauf hat davon nur einen Wert, deshalb gibt es dafür keinen Test.".to_owned(),
    }
}

const fn label(measure: Measured, german: bool) -> &'static str {
    match (measure, german) {
        (Measured::P50, false) => "median",
        (Measured::P50, true) => "Median",
        (Measured::P95, _) => "p95",
        (Measured::P99, _) => "p99",
        (Measured::ErrorRate, false) => "error rate",
        (Measured::ErrorRate, true) => "Fehlerrate",
        (Measured::Rps, false) => "requests per second",
        (Measured::Rps, true) => "Anfragen pro Sekunde",
    }
}

fn value(measure: Measured, value: f64) -> String {
    match measure {
        Measured::ErrorRate => format!("{:.2} %", value * 100.0),
        Measured::Rps => rate(value),
        Measured::P50 | Measured::P95 | Measured::P99 => ms(value),
    }
}

fn others(others: &[String], language: Language, requests: bool) -> Option<String> {
    if others.is_empty() {
        return None;
    }
    let names = others.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
    Some(match (language, requests) {
        (Language::English, true) => format!("the question fits other requests of the test as well: {names}"),
        (Language::German, true) => format!("die Frage passt auch auf andere Anfragen des Tests: {names}"),
        (Language::English, false) => {
            format!("the question fits other tests as well, which ran before: {names}")
        }
        (Language::German, false) => {
            format!("die Frage passt auch auf andere Tests, die früher liefen: {names}")
        }
    })
}
