//! Values as texts and as JSON, with templates where something is known only when the test runs.

use std::rc::Rc;

use serde_json::Value as Json;

use super::{
    eval::{shown, whole},
    machine::Machine,
    source::Language,
    tree::At,
    value::{Part, Piece, Value, append},
};
use crate::{
    convert::import::draft::{MARK, insert},
    loadtest::{
        limit,
        types::{Body, Extract, ExtractFrom, Request},
    },
};

/// Most members that one is picked of.
const MAX_PICKED: usize = 100;
/// Deepest JSON that is made of values.
const MAX_DEPTH: usize = 60;

impl Machine<'_> {
    /// A value as a text.
    pub(in crate::convert::import) fn pieces(&mut self, value: &Value, at: At) -> Vec<Piece> {
        let python = self.dialect.language == Language::Python;
        let fixed = |text: &str| vec![Piece::Fixed(text.to_owned())];
        let template = |text: String| vec![Piece::Template(text)];
        match value {
            Value::Text(pieces) => pieces.clone(),
            Value::Nothing => fixed(if python { "None" } else { "null" }),
            Value::Bool(true) => fixed(if python { "True" } else { "true" }),
            Value::Bool(false) => fixed(if python { "False" } else { "false" }),
            Value::Number(number) => fixed(&shown(number)),
            Value::Between(from, to, _) => match (whole(from.floor()), whole(to.floor())) {
                (Some(from), Some(to)) => template(format!("{{{{ random_int({from}, {to}) }}}}")),
                _ => self.stand_for(at),
            },
            Value::Pick(list) => match picked(list) {
                Some(made) => template(made),
                None => match list.first().cloned() {
                    Some(first) if !matches!(first, Value::Unknown(_) | Value::Pick(_)) => {
                        self.list_code(at, "is picked at random: the first one stands for all");
                        self.pieces(&first, at)
                    }
                    _ => self.stand_for(at),
                },
            },
            Value::Part(answer, part) => match self.extracted(*answer, part) {
                Some(name) => template(format!("{{{{ {name} }}}}")),
                None => self.stand_for(at),
            },
            Value::Unknown(own) | Value::Data(own) if *own != At::default() => self.stand_for(*own),
            _ => self.stand_for(at),
        }
    }

    /// A variable of the environment for what is known only when the script runs.
    fn stand_for(&mut self, at: At) -> Vec<Piece> {
        if self.quiet {
            return Vec::new();
        }
        let shown = self.source.excerpt(at);
        let mut words = shown.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let wish = words.rfind(|word| word.len() > 1 && !word.starts_with(|c: char| c.is_ascii_digit()));
        // What every shell has set already would not be missed.
        let usual = ["path", "home", "user", "shell", "pwd", "lang", "hostname"];
        let wish = match wish.unwrap_or("value") {
            word if usual.contains(&word.to_ascii_lowercase().as_str()) => format!("the_{word}"),
            word => word.to_owned(),
        };
        let reference = self.draft.secret(&wish, &format!("`{shown}` of the script"), &format!("\0{shown}"));
        self.list(at, format!("`{shown}` is known only when the script runs: {reference} stands for it"));
        vec![Piece::Template(reference)]
    }

    /// The name under which something is taken from an answer.
    pub(in crate::convert::import) fn extracted(&mut self, answer: usize, part: &Part) -> Option<String> {
        let (from, path, key) = match part {
            Part::Json(path, _) => (ExtractFrom::Json, Some(path.clone()), None),
            Part::Header(name) => (ExtractFrom::Header, None, Some(name.clone())),
            Part::Cookie(name) => (ExtractFrom::Cookie, None, Some(name.clone())),
            Part::Status => (ExtractFrom::Status, None, None),
            _ => return None,
        };
        let sent = self.sent.get(answer).filter(|sent| sent.kept && !self.quiet)?;
        let known =
            sent.request.extract.iter().find(|one| (one.from, &one.path, &one.key) == (from, &path, &key));
        if let Some(known) = known {
            return Some(known.name.clone());
        }
        let fits =
            path.as_ref().is_none_or(|path| super::compare::is_plain(path) && limit::json_path(path).is_ok())
                && key.as_ref().is_none_or(|key| http::HeaderName::from_bytes(key.as_bytes()).is_ok());
        if !fits || sent.request.extract.len() >= 100 {
            return None;
        }
        let last = |path: &str| {
            let mut words = path.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'));
            words
                .rfind(|word| !word.is_empty() && !word.starts_with(|c: char| c.is_ascii_digit()))
                .map(str::to_owned)
        };
        let wish = match part {
            Part::Json(_, Some(name)) => name.clone(),
            Part::Json(path, None) => last(path).unwrap_or_else(|| "answer".to_owned()),
            Part::Status => "status".to_owned(),
            _ => key.clone().unwrap_or_default(),
        };
        let name = self.draft.template_name(&wish);
        let extract = Extract { name: name.clone(), from, path, pattern: None, key, default: None };
        self.sent[answer].request.extract.push(extract);
        Some(name)
    }

    /// A text with marks where its templates are.
    pub(in crate::convert::import) fn marked(&mut self, pieces: &[Piece]) -> String {
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Fixed(text) => out.push_str(text),
                Piece::Template(template) => {
                    let known = self.marks.iter().position(|known| known == template);
                    let index = known.unwrap_or_else(|| {
                        self.marks.push(template.clone());
                        self.marks.len() - 1
                    });
                    out.push_str(&format!("{MARK}{index}x"));
                }
            }
        }
        out
    }

    /// A text, in which everything but its marks is as a document wants it, with the templates that they stand for.
    pub(in crate::convert::import) fn resolved(&self, text: &str) -> String {
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once(MARK) {
            out.push_str(before);
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let template = after[..digits].parse::<usize>().ok().and_then(|index| self.marks.get(index));
            match template.filter(|_| after[digits..].starts_with('x')) {
                Some(template) => {
                    insert(template, &mut out);
                    rest = &after[digits + 1..];
                }
                None => {
                    out.push_str(MARK);
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// Puts templates where a request has marks.
    pub(in crate::convert::import) fn resolve(&self, request: &mut Request) {
        request.path = self.resolved(&request.path);
        let query = std::mem::take(&mut request.query);
        request.query = query
            .into_iter()
            .map(|(name, value)| (self.resolved(&name), self.resolved_json(value)))
            .collect();
        request.headers.values_mut().for_each(|value| *value = self.resolved(value));
        let Some(body) = &mut request.body else { return };
        let Body { json, form, text, .. } = body;
        *json = json.take().map(|value| self.resolved_json(value));
        *text = text.take().map(|text| self.resolved(&text));
        *form = form.take().map(|form| {
            form.into_iter().map(|(name, value)| (self.resolved(&name), self.resolved(&value))).collect()
        });
    }

    fn resolved_json(&self, value: Json) -> Json {
        match value {
            Json::String(text) => Json::String(self.resolved(&text)),
            Json::Array(list) => {
                Json::Array(list.into_iter().map(|value| self.resolved_json(value)).collect())
            }
            Json::Object(map) => Json::Object(
                map.into_iter()
                    .map(|(key, value)| (self.resolved(&key), self.resolved_json(value)))
                    .collect(),
            ),
            other => other,
        }
    }

    /// A value as JSON with marks; a template that is a value of its own is a text.
    pub(in crate::convert::import) fn json(&mut self, value: &Value, at: At, depth: usize) -> Json {
        if depth > MAX_DEPTH || !self.may_go_on(at) {
            return Json::Null;
        }
        match value {
            Value::Nothing => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(number) => Json::Number(number.clone()),
            Value::List(list) => {
                Json::Array(list.iter().map(|value| self.json(value, at, depth + 1)).collect())
            }
            Value::Object(map) => {
                let entries = map.iter().filter(|(_, value)| !matches!(value, Value::Function(..)));
                Json::Object(
                    entries.map(|(key, value)| (key.clone(), self.json(value, at, depth + 1))).collect(),
                )
            }
            // A member that is picked of objects.
            Value::Pick(list) if matches!(list.first(), Some(Value::Object(_) | Value::List(_))) => {
                self.list_code(at, "picks one at random: the first one stands for all");
                let first = list.first().cloned().unwrap_or(Value::Nothing);
                self.json(&first, at, depth + 1)
            }
            other => {
                let pieces = self.pieces(other, at);
                Json::String(self.marked(&pieces))
            }
        }
    }

    /// A value as the text of its JSON.
    pub(in crate::convert::import) fn json_text(&mut self, value: &Value, at: At) -> Value {
        let text = self.json(value, at, 0).to_string();
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once(MARK) {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let template =
                after[..digits].parse::<usize>().ok().and_then(|index| self.marks.get(index)).cloned();
            append(&mut pieces, vec![Piece::Fixed(before.to_owned())]);
            match template {
                Some(template) => {
                    pieces.push(Piece::Template(template));
                    rest = after[digits..].strip_prefix('x').unwrap_or(&after[digits..]);
                }
                None => {
                    append(&mut pieces, vec![Piece::Fixed(MARK.to_owned())]);
                    rest = after;
                }
            }
        }
        append(&mut pieces, vec![Piece::Fixed(rest.to_owned())]);
        Value::Text(pieces)
    }

    /// `'%s of %d' % (a, b)`.
    pub(super) fn percent(&mut self, form: &Value, values: &Value, at: At) -> Value {
        let Value::Text(form) = form else { return Value::Unknown(at) };
        let list = match values {
            Value::List(list) => Rc::clone(list),
            other => Rc::new(vec![other.clone()]),
        };
        let mut values = list.iter();
        let mut out = Vec::new();
        for piece in form {
            let Piece::Fixed(text) = piece else {
                out.push(piece.clone());
                continue;
            };
            let mut rest = text.as_str();
            while let Some((before, after)) = rest.split_once('%') {
                append(&mut out, vec![Piece::Fixed(before.to_owned())]);
                match after.chars().next() {
                    Some('%') => append(&mut out, vec![Piece::Fixed("%".to_owned())]),
                    Some('s' | 'd' | 'i') => match values.next() {
                        Some(value) => {
                            let more = self.pieces(value, at);
                            append(&mut out, more);
                        }
                        None => return Value::Unknown(at),
                    },
                    _ => return Value::Unknown(at),
                }
                rest = &after[1..];
            }
            append(&mut out, vec![Piece::Fixed(rest.to_owned())]);
        }
        Value::Text(out)
    }
}

/// The template that picks one of a list; `None` where its members are no plain values, or too many.
fn picked(list: &[Value]) -> Option<String> {
    let member = |value: &Value| match value {
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Text(_) => {
            let text = value.as_str()?;
            let plain = !text.contains(['"', '\\', '{', '}', '$']) && !text.contains(char::is_control);
            plain.then(|| format!("\"{text}\""))
        }
        _ => None,
    };
    let members: Option<Vec<String>> = list.iter().map(member).collect();
    let members = members.filter(|members| (1..=MAX_PICKED).contains(&members.len()))?;
    let made = format!("{{{{ random_choice({}) }}}}", members.join(", "));
    (made.len() < 4000).then_some(made)
}

/// A name for people: templates stand in it as `{name}`.
pub(in crate::convert::import) fn spoken(text: &str) -> String {
    let mut out = text.to_owned();
    for (open, close) in [("{{ ", " }}"), ("${env:", "}")] {
        let (mut done, mut rest) = (String::new(), out.as_str());
        while let Some((before, after)) = rest.split_once(open) {
            let Some((inner, end)) = after.split_once(close) else { break };
            let inner = inner.split('(').next().unwrap_or(inner);
            done.push_str(&format!("{before}{{{inner}}}"));
            rest = end;
        }
        done.push_str(rest);
        out = done;
    }
    out
}
