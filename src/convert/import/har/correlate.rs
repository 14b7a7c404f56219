//! Values that an answer gave and a later request sent: tokens, ids. Each user needs its own, so they are taken from the
//! answer when the test runs.
//!
//! First the values are gathered that requests send at all; only these are looked for in answers, so that what is kept
//! is bounded by what was sent.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{archive::Entry, filter::Kept, place};
use crate::{
    convert::import::draft::{Draft, MARK, form_pairs, identifier, is_of_the_message},
    loadtest::{
        limit,
        types::{Extract, ExtractFrom},
    },
};

/// Shortest value that is looked for: shorter ones are found by chance.
const SHORTEST: usize = 8;
/// Longest one.
const LONGEST: usize = 8192;
/// Largest answer that is looked into, in bytes.
const LARGEST_ANSWER: usize = 4 << 20;
/// Most values that are looked for, and most that are taken.
const MOST_WANTED: usize = 100_000;
const MOST_TAKEN: usize = 200;
/// Most values that are taken from one answer.
const MOST_OF_ANSWER: usize = 50;

/// Where a value comes from.
struct Producer {
    index: usize,
    name: Option<String>,
    wish: String,
    extract: Extract,
    uses: usize,
}

/// What is known about the values of a recording, in the order of its requests.
pub(super) struct Correlation {
    /// Values that some request sends.
    wanted: HashSet<String>,
    /// Those that were sent before any answer gave them: the client's own.
    own: HashSet<String>,
    found: HashMap<String, Producer>,
    /// Names that were given, in their order.
    named: Vec<String>,
    /// How many values are taken from each answer.
    taken_of: HashMap<usize, usize>,
}

impl Correlation {
    /// Gathers what requests send.
    pub(super) fn wanting<'k>(entries: &[Entry<'_>], kept: impl Iterator<Item = &'k Kept>) -> Self {
        let mut wanted = HashSet::new();
        for one in kept {
            each_sent(&entries[one.index], one, &mut |value| {
                if wanted.len() < MOST_WANTED && is_distinctive(value) && !wanted.contains(value) {
                    wanted.insert(value.to_owned());
                }
            });
        }
        Self {
            wanted,
            own: HashSet::new(),
            found: HashMap::new(),
            named: Vec::new(),
            taken_of: HashMap::new(),
        }
    }

    /// Whether an earlier answer gave this value.
    pub(super) fn knows(&self, value: &str) -> bool {
        self.found.contains_key(value)
    }

    /// The template for a value that an earlier answer gave.
    pub(super) fn taken(&mut self, value: &str) -> Option<String> {
        if !self.found.contains_key(value) {
            if self.wanted.contains(value) {
                self.own.insert(value.to_owned());
            }
            return None;
        }
        let producer = self.found.get_mut(value)?;
        if producer.name.is_none() {
            let of_answer = self.taken_of.entry(producer.index).or_insert(0);
            if self.named.len() >= MOST_TAKEN || *of_answer >= MOST_OF_ANSWER {
                return None;
            }
            *of_answer += 1;
            let wish = identifier(&producer.wish);
            let mut name = wish.clone();
            let mut number = 2;
            while self.named.contains(&name) {
                name = format!("{wish}_{number}");
                number += 1;
            }
            self.named.push(name.clone());
            producer.name = Some(name);
        }
        producer.uses += 1;
        producer.name.as_ref().map(|name| format!("{{{{ {name} }}}}"))
    }

    /// A body in which marks stand for values that earlier answers gave, and the template of each mark.
    pub(super) fn mark(&mut self, kind: &str, text: &str) -> (Option<String>, Vec<(String, String)>) {
        let mut values = Vec::new();
        each_of_body(kind, text, &mut |value| values.push(value.to_owned()));
        let (mut marked, mut marks) = (text.to_owned(), Vec::new());
        values.sort_unstable_by_key(|value| std::cmp::Reverse(value.len()));
        values.dedup();
        for value in values {
            // Values that are written otherwise in the body than they read are left as they are.
            if let Some(template) = self.taken(&value)
                && marked.contains(&value)
            {
                let mark = format!("{MARK}{}{MARK}", marks.len());
                marked = marked.replace(&value, &mark);
                marks.push((mark, template));
            }
        }
        if marks.is_empty() { (None, marks) } else { (Some(marked), marks) }
    }

    /// Looks into the answer of an entry for values that requests send.
    pub(super) fn learn(&mut self, index: usize, entry: &Entry<'_>) {
        if self.wanted.is_empty() {
            return;
        }
        for header in &entry.response.headers {
            let value = header.value.as_deref().unwrap_or_default();
            if header.name.eq_ignore_ascii_case("set-cookie") {
                if let Some((name, value)) = value.split(';').next().and_then(|pair| pair.split_once('=')) {
                    self.gave(index, value.trim(), name.trim(), ExtractFrom::Cookie, name.trim());
                }
            } else if !is_of_the_message(&header.name) {
                self.gave(index, value, &header.name, ExtractFrom::Header, &header.name);
            }
        }
        let kind = entry.response.kind();
        if !(kind.contains("json") || kind == "text/html") {
            return;
        }
        let Some(text) = entry.response.content.text(LARGEST_ANSWER) else { return };
        if kind == "text/html" {
            self.learn_html(index, &text);
        } else if let Ok(value) = serde_json::from_str::<Value>(&text) {
            self.learn_json(index, &value, &mut "$".to_owned(), "value");
        }
    }

    fn learn_json(&mut self, index: usize, value: &Value, path: &mut String, key: &str) {
        let length = path.len();
        match value {
            Value::String(text) => self.gave(index, text, key, ExtractFrom::Json, path),
            Value::Number(number) => self.gave(index, &number.to_string(), key, ExtractFrom::Json, path),
            Value::Array(list) => {
                for (at, value) in list.iter().enumerate() {
                    path.push_str(&format!("[{at}]"));
                    self.learn_json(index, value, path, key);
                    path.truncate(length);
                }
            }
            Value::Object(map) => {
                for (key, value) in map {
                    let plain = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                    path.push_str(&if plain {
                        format!(".{key}")
                    } else {
                        format!("[{}]", Value::from(key.as_str()))
                    });
                    self.learn_json(index, value, path, key);
                    path.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// Hidden fields and `meta` elements, where pages keep their tokens.
    fn learn_html(&mut self, index: usize, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find('<') {
            rest = &rest[at + 1..];
            let is_field = ["input", "meta"]
                .iter()
                .any(|name| rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)));
            if !is_field {
                continue;
            }
            let element = &rest[..rest.find('>').unwrap_or(rest.len())];
            let value = attribute(element, "value").or_else(|| attribute(element, "content"));
            if let (Some(name), Some(value)) = (attribute(element, "name"), value)
                && self.wanted.contains(value)
                && let Some(pattern) = element.split_once(value).map(|(before, _)| before)
            {
                let pattern = format!(r#"<{}([^"'>]+)"#, regex::escape(pattern));
                self.gave(index, value, name, ExtractFrom::Regex, &pattern);
            }
        }
    }

    fn gave(&mut self, index: usize, value: &str, wish: &str, from: ExtractFrom, at: &str) {
        if !self.wanted.contains(value) || self.own.contains(value) || self.found.contains_key(value) {
            return;
        }
        let at = Some(at.to_owned());
        let mut extract =
            Extract { name: String::new(), from, path: None, pattern: None, key: None, default: None };
        let fits = match from {
            ExtractFrom::Json => {
                extract.path = at;
                limit::json_path(extract.path.as_deref().unwrap_or_default()).is_ok()
            }
            ExtractFrom::Regex => {
                extract.pattern = at;
                limit::regex(extract.pattern.as_deref().unwrap_or_default()).is_ok()
            }
            ExtractFrom::Header => {
                extract.key = at;
                http::HeaderName::from_bytes(wish.as_bytes()).is_ok()
            }
            ExtractFrom::Cookie | ExtractFrom::Status => {
                extract.key = at;
                !wish.is_empty()
            }
        };
        if fits {
            let producer = Producer { index, name: None, wish: wish.to_owned(), extract, uses: 0 };
            self.found.insert(value.to_owned(), producer);
        }
    }

    /// What is to be taken from which answer, by entry.
    pub(super) fn finish(self, entries: &[Entry<'_>], draft: &mut Draft) -> HashMap<usize, Vec<Extract>> {
        let mut used: Vec<Producer> =
            self.found.into_values().filter(|producer| producer.name.is_some()).collect();
        used.sort_by(|a, b| (a.index, &a.name).cmp(&(b.index, &b.name)));
        let mut extracts: HashMap<usize, Vec<Extract>> = HashMap::new();
        for producer in used {
            let name = producer.name.unwrap_or_default();
            let extract = Extract { name: name.clone(), ..producer.extract };
            let of = extract.path.as_ref().or(extract.pattern.as_ref()).or(extract.key.as_ref());
            draft.make(
                place(producer.index, &entries[producer.index]),
                format!(
                    "`{name}` is taken from its answer ({}), and sent {} later",
                    of.map(String::as_str).unwrap_or_default(),
                    if producer.uses == 1 { "once".to_owned() } else { format!("{} times", producer.uses) }
                ),
            );
            extracts.entry(producer.index).or_default().push(extract);
        }
        extracts
    }
}

/// Whether a value can hardly be the same by chance: long, and not just a word.
fn is_distinctive(value: &str) -> bool {
    let long = (SHORTEST..=LONGEST).contains(&value.len());
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let lower = value.bytes().any(|byte| byte.is_ascii_lowercase());
    let upper = value.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
    let one_word = value.bytes().all(|byte| byte.is_ascii_graphic());
    // A date or time is the same in many places.
    let is_time = value.len() <= 30
        && value.starts_with("20")
        && value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b':' | b'T' | b'Z' | b'.' | b'+'))
        && value.contains('-');
    long && one_word
        && !is_time
        && !value.contains("://")
        && (digits >= 2 || lower && upper && value.len() >= 16)
}

/// Calls `take` with each value that an entry sends.
fn each_sent(entry: &Entry<'_>, kept: &Kept, take: &mut dyn FnMut(&str)) {
    kept.address.path.split('/').for_each(&mut *take);
    for (_, value) in
        url::form_urlencoded::parse(kept.address.query.as_deref().unwrap_or_default().as_bytes())
    {
        take(&value);
    }
    for header in &entry.request.headers {
        let value = header.value.as_deref().unwrap_or_default();
        // The engine keeps cookies itself.
        if !header.name.eq_ignore_ascii_case("cookie") && !is_of_the_message(&header.name) {
            let bare = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
            take(bare.map_or(value, |(_, token)| token.trim()));
        }
    }
    if let Some(sent) = &entry.request.post_data {
        let kind = sent.mime_type.as_deref().unwrap_or_default();
        each_of_body(kind, sent.text.as_deref().unwrap_or_default(), take);
        sent.params.iter().flatten().filter_map(|param| param.value.as_deref()).for_each(take);
    }
}

/// Calls `take` with each value of a body.
fn each_of_body(kind: &str, text: &str, take: &mut dyn FnMut(&str)) {
    if kind.contains("json") {
        if let Ok(value) = serde_json::from_str::<Value>(text) {
            each_text(&value, take);
        }
    } else if kind.contains("urlencoded") {
        for (_, value) in form_pairs(text).unwrap_or_default() {
            take(&value);
        }
    }
}

fn each_text(value: &Value, take: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => take(text),
        Value::Array(list) => list.iter().for_each(|value| each_text(value, take)),
        Value::Object(map) => map.values().for_each(|value| each_text(value, take)),
        _ => {}
    }
}

/// The value of an element's attribute in quotes.
fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = element;
    loop {
        let at = rest.find(name)?;
        let alone = rest[..at].ends_with(|c: char| c.is_ascii_whitespace());
        rest = &rest[at + name.len()..];
        let Some(after) = rest.trim_start().strip_prefix('=').filter(|_| alone) else { continue };
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        return after[1..].split(quote).next();
    }
}
