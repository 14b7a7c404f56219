//! Findings as they are put together: figures first, sentences made of them.

use serde_json::Value;

use crate::{
    engine::outcome::{Figure, Finding, Kind, NextTest, Severity, Unit},
    number,
};

/// A figure of the evidence.
pub(super) fn figure(name: impl Into<String>, value: f64, unit: Unit) -> Figure {
    let value = if value.is_finite() { value } else { 0.0 };
    Figure { name: name.into(), value, unit, text: shown(value, unit) }
}

/// A value with its unit, for people.
fn shown(value: f64, unit: Unit) -> String {
    let whole = || number::count(value.max(0.0).round() as u64);
    match unit {
        Unit::Ms => number::ms(value),
        Unit::S => number::span(value),
        Unit::Share => number::percent(value),
        Unit::Count => whole(),
        Unit::Status => format!("{value:.0}"),
        Unit::PerSecond => format!("{}/s", number::rate(value)),
        Unit::Users => number::plural(value.max(0.0).round() as u64, "user", "users"),
        Unit::Times => format!("{} times", number::three_digits(value)),
    }
}

/// A finding under way.
pub(super) struct Draft(Finding);

impl Draft {
    pub fn new(kind: Kind, severity: Severity, confidence: f64) -> Self {
        Self(Finding {
            id: String::new(),
            kind,
            severity,
            confidence: (confidence * 100.0).round() / 100.0,
            title: String::new(),
            explanation: String::new(),
            request: None,
            host: None,
            from_s: None,
            to_s: None,
            evidence: Vec::new(),
            follows_from: None,
            weak: false,
            next_test: NextTest::default(),
        })
    }

    /// Adds a figure and answers how it is told.
    pub fn figure(&mut self, name: impl Into<String>, value: f64, unit: Unit) -> String {
        let figure = figure(name, value, unit);
        let text = figure.text.clone();
        self.0.evidence.push(figure);
        text
    }

    pub fn request(mut self, request: Option<String>) -> Self {
        self.0.request = request;
        self
    }

    pub fn host(mut self, host: Option<String>) -> Self {
        self.0.host = host;
        self
    }

    pub fn at(mut self, from_s: f64, to_s: Option<f64>) -> Self {
        self.0.from_s = Some(from_s);
        self.0.to_s = to_s;
        self
    }

    /// What to run next.
    pub fn next(mut self, text: impl Into<String>, load: Option<Value>) -> Self {
        self.0.next_test = NextTest { text: text.into(), load };
        self
    }

    pub fn told(mut self, title: impl Into<String>, explanation: impl Into<String>) -> Finding {
        self.0.title = title.into();
        self.0.explanation = explanation.into();
        self.0
    }
}

/// A request's name as it stands in a title.
pub(super) fn named(request: Option<&str>, else_: &str) -> String {
    request.map_or_else(|| else_.to_owned(), |name| short(name).to_owned())
}

/// A name of a document's, cut where it is longer than a line takes.
pub(super) fn short(name: &str) -> &str {
    const LONGEST: usize = 120;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => &name[..end],
        None => name,
    }
}
