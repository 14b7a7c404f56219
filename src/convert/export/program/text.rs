//! Texts with templates in them, as parts of which a program puts them together.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::loadtest::{
    template::{Call, Escape, Item, Names, Piece, pieces},
    valid::ValidLoadTest,
};

/// A text: its parts, one after another. Neighbouring fixed parts are joined.
pub type Text = Vec<Part>;

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Fixed, and escaped already for the place that it goes to.
    Fixed(String),
    /// Known only when the program runs.
    Moving(Source, Escaped),
}

/// Where a part that moves comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A variable of the environment.
    Env(String),
    /// A value that an earlier answer gave.
    Slot(String),
    /// A cell of the present row of a feeder, by the feeder's place.
    Cell(usize, String),
    /// A function.
    Call(Call),
}

/// How a moving part is escaped, as [`Escape`] does it.
pub type Escaped = Escape;

/// A text that is the same for every request.
#[must_use]
pub fn fixed(text: &str) -> Text {
    if text.is_empty() { Vec::new() } else { vec![Part::Fixed(text.to_owned())] }
}

/// The text of a host that reads the environment; `None` when it is no template.
pub(super) fn host(text: &str) -> Option<Text> {
    let mut parts: Text = Vec::new();
    for piece in pieces(text.trim_end_matches('/')).ok()? {
        parts.push(match piece {
            Piece::Text(text) => Part::Fixed(text),
            Piece::Env(name) => Part::Moving(Source::Env(name), Escape::None),
            _ => return None,
        });
    }
    Some(parts)
}

/// The variables of the environment that templates and hosts read.
pub(super) fn env_of(written: &Value) -> Vec<String> {
    fn gather(value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::String(text) => {
                let found = pieces(text).unwrap_or_default();
                names.extend(found.into_iter().filter_map(|piece| match piece {
                    Piece::Env(name) => Some(name),
                    _ => None,
                }));
            }
            Value::Array(list) => list.iter().for_each(|value| gather(value, names)),
            Value::Object(map) => map.values().for_each(|value| gather(value, names)),
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    gather(written, &mut names);
    names.into_iter().collect()
}

/// Writes texts of one scenario.
pub(super) struct Writer<'a> {
    valid: &'a ValidLoadTest,
    names: &'a Names,
    parts: Text,
    /// What could not be written.
    pub(super) wrong: Vec<String>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(valid: &'a ValidLoadTest, scenario: usize) -> Self {
        Self { valid, names: valid.names(scenario), parts: Vec::new(), wrong: Vec::new() }
    }

    /// Takes the text that was written so far.
    pub(super) fn take(&mut self) -> Text {
        std::mem::take(&mut self.parts)
    }

    /// A text, escaped for a place.
    pub(super) fn whole(&mut self, text: &str, escape: Escape) -> Text {
        self.text(text, escape);
        self.take()
    }

    /// Appends what is escaped already.
    pub(super) fn raw(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.parts.last_mut() {
            Some(Part::Fixed(before)) => before.push_str(text),
            _ => self.parts.push(Part::Fixed(text.to_owned())),
        }
    }

    /// Appends a text that may hold templates.
    pub(super) fn text(&mut self, text: &str, escape: Escape) {
        match pieces(text) {
            Ok(pieces) => pieces.into_iter().for_each(|piece| self.piece(piece, escape)),
            // Validation has compiled it before.
            Err(error) => self.wrong.push(error.to_string()),
        }
    }

    fn piece(&mut self, piece: Piece, escape: Escape) {
        match piece {
            Piece::Text(text) => self.string(&text, escape),
            Piece::Env(name) => self.parts.push(Part::Moving(Source::Env(name), escape)),
            Piece::Value(item) => self.item(&item, escape),
            Piece::Call(call) => self.parts.push(Part::Moving(Source::Call(call), escape)),
            Piece::Name(keys) => self.name(&keys, escape),
        }
    }

    fn string(&mut self, text: &str, escape: Escape) {
        let mut out = String::new();
        escape.text(text, &mut out);
        self.raw(&out);
    }

    fn item(&mut self, item: &Item, escape: Escape) {
        let mut out = String::new();
        match item.bare_json {
            true => escape.bare(&item.text, &mut out),
            false => escape.text(&item.text, &mut out),
        }
        self.raw(&out);
    }

    fn name(&mut self, keys: &[String], escape: Escape) {
        let Some((name, rest)) = keys.split_first() else { return };
        if self.names.slot(name).is_some() {
            return self.parts.push(Part::Moving(Source::Slot(name.clone()), escape));
        }
        if let Some(value) = self.valid.loadtest().variables.get(name) {
            return match within(value, rest).cloned() {
                Some(value) => self.variable(&value, keys, escape),
                None => self.wrong.push(format!("`{}` has no value", keys.join("."))),
            };
        }
        let feeder = self.valid.feeders().iter().position(|feeder| feeder.name() == name);
        match (feeder, rest) {
            (Some(feeder), [column]) => {
                self.parts.push(Part::Moving(Source::Cell(feeder, column.clone()), escape));
            }
            _ => self.wrong.push(format!("`{}` has no value", keys.join("."))),
        }
    }

    /// A variable stands where it is used: it is the same for every request.
    fn variable(&mut self, value: &Value, keys: &[String], escape: Escape) {
        match value {
            Value::String(text) if escape == Escape::JsonValue => self.quoted(text),
            Value::String(text) => self.text(text, escape),
            Value::Array(_) | Value::Object(_) if matches!(escape, Escape::None | Escape::JsonValue) => {
                self.json_of_variable(value);
            }
            Value::Array(_) | Value::Object(_) if value.to_string().contains("${env:") => {
                self.wrong.push(format!(
                    "the variable `{}` is a list or object that reads the environment: write its parts where they are \
                     used",
                    keys.join(".")
                ));
            }
            other => self.item(&Item::from_json(other), escape),
        }
    }

    fn json_of_variable(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.quoted(text),
            Value::Array(list) => {
                self.raw("[");
                for (index, value) in list.iter().enumerate() {
                    self.raw(if index > 0 { "," } else { "" });
                    self.json_of_variable(value);
                }
                self.raw("]");
            }
            Value::Object(map) => {
                self.raw("{");
                for (index, (key, value)) in map.iter().enumerate() {
                    self.raw(if index > 0 { ",\"" } else { "\"" });
                    self.string(key, Escape::Json);
                    self.raw("\":");
                    self.json_of_variable(value);
                }
                self.raw("}");
            }
            other => self.raw(&other.to_string()),
        }
    }

    fn quoted(&mut self, text: &str) {
        self.raw("\"");
        self.text(text, Escape::Json);
        self.raw("\"");
    }

    /// Appends JSON, whose strings may hold templates; a string that is one template alone is its value.
    pub(super) fn json(&mut self, value: &Value) {
        match value {
            Value::String(text) => match pieces(text).as_deref() {
                Ok([alone @ (Piece::Name(_) | Piece::Call(_) | Piece::Value(_))]) => {
                    self.piece(alone.clone(), Escape::JsonValue);
                }
                _ => self.quoted(text),
            },
            Value::Array(list) => {
                self.raw("[");
                for (index, value) in list.iter().enumerate() {
                    self.raw(if index > 0 { "," } else { "" });
                    self.json(value);
                }
                self.raw("]");
            }
            Value::Object(map) => self.object(map.iter()),
            other => self.raw(&other.to_string()),
        }
    }

    /// Appends a JSON object.
    pub(super) fn object<'v>(&mut self, entries: impl Iterator<Item = (&'v String, &'v Value)>) {
        self.raw("{");
        for (index, (key, value)) in entries.enumerate() {
            self.raw(if index > 0 { ",\"" } else { "\"" });
            self.text(key, Escape::Json);
            self.raw("\":");
            self.json(value);
        }
        self.raw("}");
    }
}

fn within<'v>(mut value: &'v Value, keys: &[String]) -> Option<&'v Value> {
    for key in keys {
        value = match value {
            Value::Object(map) => map.get(key)?,
            Value::Array(list) => list.get(key.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}
