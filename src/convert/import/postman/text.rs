//! Texts with `{{variables}}` in them, which Postman fills in.

use std::collections::HashMap;

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use super::own::{Before, Source};
use crate::{
    convert::import::draft::{Bit, Draft, literal, written},
    loadtest::mask::is_secret,
};

/// Most variables of a collection.
const MAX_VARIABLES: usize = 1000;
/// Most variables that a variable leads through.
const MAX_CHAIN: usize = 10;

/// Longest text that variables are put into, in bytes.
const MAX_LENGTH: usize = 100_000;

/// The variables of a collection, and those that its scripts set.
pub(super) struct Variables {
    /// Values of the collection, by Postman's name.
    given: IndexMap<String, String>,
    /// Names of templates, by Postman's name.
    named: HashMap<String, String>,
    /// Those of the collection that are used.
    used: IndexSet<String>,
    /// Those that scripts set: extracted values.
    set: HashMap<String, String>,
    /// Those that a script sets before a request, and for it alone.
    before: HashMap<String, Before>,
}

/// What Postman's own variables are here.
const DYNAMIC: [(&str, &str); 7] = [
    ("$guid", "{{ uuid() }}"),
    ("$randomUUID", "{{ uuid() }}"),
    ("$timestamp", "{{ now(\"unix\") }}"),
    ("$isoTimestamp", "{{ now() }}"),
    ("$randomInt", "{{ random_int(0, 1000) }}"),
    ("$randomBoolean", "{{ random_choice(\"true\", \"false\") }}"),
    ("$randomAlphaNumeric", "{{ random_choice(\"a\", \"b\", \"c\", \"1\", \"2\", \"3\") }}"),
];

impl Variables {
    /// The variables of a collection.
    pub(super) fn of(root: &Value, draft: &mut Draft) -> Self {
        let mut given = IndexMap::new();
        for variable in root["variable"].as_array().into_iter().flatten() {
            let name = variable["key"].as_str().or(variable["id"].as_str()).unwrap_or_default();
            if name.is_empty() || variable["disabled"] == true {
                continue;
            }
            if given.len() >= MAX_VARIABLES {
                draft.leave_out("variable", format!("there are more than {MAX_VARIABLES} variables"));
                break;
            }
            let value = match &variable["value"] {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                other => other.to_string(),
            };
            given.insert(name.to_owned(), value);
        }
        Self {
            given,
            named: HashMap::new(),
            used: IndexSet::new(),
            set: HashMap::new(),
            before: HashMap::new(),
        }
    }

    /// The name that a script's value is extracted under.
    pub(super) fn extracted(&mut self, name: &str, draft: &mut Draft) -> String {
        if let Some(known) = self.set.get(name) {
            return known.clone();
        }
        let made = draft.template_name(name);
        self.set.insert(name.to_owned(), made.clone());
        made
    }

    /// Takes a variable that is set before the request alone.
    pub(super) fn set_before(&mut self, name: String, value: Before) {
        if self.before.len() < MAX_VARIABLES {
            self.before.insert(name, value);
        }
    }

    /// Forgets the variables that were set before the last request.
    pub(super) fn forget(&mut self) {
        self.before.clear();
    }

    /// Whether a text is a variable, and perhaps more, that is set before the request.
    pub(super) fn begins_with_one(&self, text: &str) -> bool {
        match pieces(text).as_slice() {
            [Piece::Text(""), Piece::Variable(name), ..] => self.before.contains_key(*name),
            _ => false,
        }
    }

    /// The fixed text of a text, where all its variables are known ones: for what must be known before anything is sent.
    pub(super) fn resolved(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..MAX_CHAIN {
            let mut whole = String::new();
            let mut changed = false;
            for piece in pieces(&text) {
                match piece {
                    Piece::Variable(name)
                        if self.given.contains_key(name) && !self.set.contains_key(name) =>
                    {
                        whole.push_str(&self.given[name]);
                        changed = true;
                    }
                    Piece::Variable(name) => whole.push_str(&format!("{{{{{name}}}}}")),
                    Piece::Text(text) => whole.push_str(text),
                }
                // Variables that hold each other twice would grow for ever.
                if whole.len() > MAX_LENGTH {
                    return text;
                }
            }
            text = whole;
            if !changed {
                break;
            }
        }
        text
    }

    /// A text as it is written in a document.
    pub(super) fn text(&mut self, text: &str, place: &str, draft: &mut Draft) -> String {
        written(&self.bits(text, place, draft))
    }

    /// A text that is percent-encoded between its variables, as it is written in a document.
    pub(super) fn decoded(&mut self, text: &str, place: &str, draft: &mut Draft) -> String {
        let mut bits = self.bits(text, place, draft);
        for bit in &mut bits {
            if let Bit::Fixed(text) = bit {
                *text = decoded(text);
            }
        }
        written(&bits)
    }

    /// The parts of a text.
    pub(super) fn bits(&mut self, text: &str, place: &str, draft: &mut Draft) -> Vec<Bit> {
        let bit = |piece| match piece {
            Piece::Text(text) => Bit::Fixed(text.to_owned()),
            Piece::Variable(name) => {
                Bit::Moving { template: self.template(name, place, draft), typed: self.is_typed(name) }
            }
        };
        pieces(text).into_iter().map(bit).collect()
    }

    /// Whether a variable that stands in JSON without quotes keeps its type where it is filled in.
    fn is_typed(&self, name: &str) -> bool {
        match self.before.get(name) {
            Some(before) => before.typed,
            None => self.set.contains_key(name) || matches!(name, "$timestamp" | "$randomInt"),
        }
    }

    /// What fills a variable in.
    fn template(&mut self, name: &str, place: &str, draft: &mut Draft) -> String {
        if let Some(Before { source, .. }) = self.before.get(name).cloned() {
            return match source {
                Source::Template(template) => template,
                Source::Variable(name) if self.before.contains_key(&name) => literal(""),
                Source::Variable(name) => self.template(&name, place, draft),
            };
        }
        if let Some((_, template)) = DYNAMIC.iter().find(|(known, _)| *known == name) {
            return (*template).to_owned();
        }
        if name.starts_with('$') {
            draft.leave_out(place, format!("`{{{{{name}}}}}` is made up by Postman: a text stands for it"));
            return literal("text");
        }
        if let Some(extracted) = self.set.get(name) {
            return format!("{{{{ {extracted} }}}}");
        }
        if !self.given.contains_key(name) {
            return draft.env(name, &format!("the variable `{name}`, which the collection does not set"));
        }
        self.used.insert(name.to_owned());
        let known = self.named.get(name).cloned();
        let made = known.unwrap_or_else(|| {
            let made = draft.template_name(name);
            self.named.insert(name.to_owned(), made.clone());
            made
        });
        format!("{{{{ {made} }}}}")
    }

    /// Gives the test the variables that are used. Secrets are read from the environment.
    pub(super) fn finish(mut self, draft: &mut Draft) {
        for name in std::mem::take(&mut self.used) {
            let value = self.resolved(&self.given[&name]);
            let value = if value.is_empty() && !is_secret(&name) {
                String::new()
            } else if is_secret(&name) {
                let reference = draft.env(&name, &format!("the variable `{name}` of the collection"));
                draft.make(format!("variable {name}"), format!("its value is read from {reference}"));
                reference
            } else {
                literal(&value)
            };
            if let Some(made) = self.named.get(&name) {
                draft.variables.insert(made.clone(), Value::String(value));
            }
        }
    }
}

enum Piece<'a> {
    Text(&'a str),
    Variable(&'a str),
}

/// A text without its percent-encoding, where it is one that ends in text.
pub(super) fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8().map_or_else(|_| text.to_owned(), Into::into)
}

/// A text cut at its variables.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, end)) = after.split_once("}}") else { break };
        let name = name.trim();
        if name.is_empty() || name.len() > 100 || name.contains(['{', '}', '\n', '"']) {
            let cut = before.len() + 2;
            pieces.push(Piece::Text(&rest[..cut]));
            rest = &rest[cut..];
            continue;
        }
        pieces.push(Piece::Text(before));
        pieces.push(Piece::Variable(name));
        rest = end;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// Whether a text holds a variable.
pub(super) fn has_variable(text: &str) -> bool {
    pieces(text).iter().any(|piece| matches!(piece, Piece::Variable(_)))
}
