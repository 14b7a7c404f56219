//! What never leaves the machine: secrets and personal data, and the words that the policy names.
//!
//! Secrets that are known by the name beside them become `***`. Everything else becomes a stand-in such as `[email-1]`, the
//! same for the same text, and where a stand-in comes back in the answer, what it stands for is put in its place again.
//!
//! What has a form is found: addresses, numbers, keys. A person's name in the middle of a sentence has none.

mod find;
mod restore;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use self::find::FINDERS;
pub use self::restore::Restorer;
use super::chat::{Prompt, Request, Shape, Tool};
use crate::loadtest::mask::hide_named;

/// Most memory that the pattern of the policy's words may take, in bytes.
const LARGEST_PATTERN: usize = 4 << 20;

/// Hides what must not leave, by the words of a policy.
#[derive(Clone, Debug, Default)]
pub struct Masker {
    words: Option<Regex>,
}

/// A request without what must not leave.
#[derive(Clone, Debug)]
pub struct Masked {
    /// The request.
    pub request: Request,
    /// What puts things back.
    pub restorer: Restorer,
    /// Whether anything was hidden.
    pub any: bool,
}

impl Masker {
    /// Hides `words` too, however they are written.
    #[must_use]
    pub fn new(words: &[String]) -> Self {
        if words.is_empty() {
            return Self::default();
        }
        let mut words: Vec<String> = words.iter().map(|word| regex::escape(word.trim())).collect();
        // Of two words that begin alike, the longer one is meant.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let pattern =
            RegexBuilder::new(&words.join("|")).case_insensitive(true).size_limit(LARGEST_PATTERN).build();
        Self { words: Some(pattern.unwrap_or_else(|_| EVERYTHING.clone())) }
    }

    /// `request` without what must not leave.
    #[must_use]
    pub fn mask(&self, request: &Request) -> Masked {
        let mut hiding = Hiding { masker: self, restorer: Restorer::new(taken(request)), any: false };
        let prompt = match &request.prompt {
            Prompt::Text(text) => Prompt::Text(hiding.text(text)),
            Prompt::Chat(turns) => {
                let mut turns = turns.clone();
                turns.iter_mut().for_each(|turn| turn.text = hiding.text(&turn.text));
                Prompt::Chat(turns)
            }
        };
        let shape = match &request.shape {
            Shape::Free => Shape::Free,
            Shape::Json(schema) => Shape::Json(hiding.value(schema)),
            Shape::TextOrCall(tools) => Shape::TextOrCall(hiding.tools(tools)),
            Shape::Call(tools) => Shape::Call(hiding.tools(tools)),
        };
        let stop = request.stop.iter().map(|stop| hiding.text(stop)).collect();
        let masked = Request { prompt, shape, stop, ..request.clone() };
        Masked { request: masked, any: hiding.any, restorer: hiding.restorer }
    }
}

/// Stands in for words that make no pattern: rather nothing than one of them.
static EVERYTHING: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?s).+").expect("a fixed pattern"));

/// Numbers that stand-ins in the texts of whoever asks have already.
fn taken(request: &Request) -> u32 {
    static STAND_IN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\[[a-z]+-(\d{1,6})\]").expect("a fixed pattern"));
    let highest = |text: &str| {
        let found = STAND_IN.captures_iter(text).filter_map(|found| found[1].parse::<u32>().ok());
        found.max().unwrap_or(0)
    };
    match &request.prompt {
        Prompt::Text(text) => highest(text),
        Prompt::Chat(turns) => turns.iter().map(|turn| highest(&turn.text)).max().unwrap_or(0),
    }
}

struct Hiding<'a> {
    masker: &'a Masker,
    restorer: Restorer,
    any: bool,
}

impl Hiding<'_> {
    fn text(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        if let Some(words) = &self.masker.words {
            text = self.replace(&text, "word", words, |_| true);
        }
        let named = hide_named(&text);
        self.any |= named != text;
        text = named;
        for finder in FINDERS.iter() {
            text = self.replace(&text, finder.kind, &finder.pattern, finder.is_one);
        }
        text
    }

    fn replace(&mut self, text: &str, kind: &str, pattern: &Regex, is_one: fn(&str) -> bool) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut after = 0;
        for found in pattern.captures_iter(text) {
            // Where a pattern says what is hidden of what it finds, that, else all of it.
            let Some(hidden) = found.name("hidden").or_else(|| found.get(0)) else { continue };
            if hidden.start() < after || !is_one(hidden.as_str()) {
                continue;
            }
            shown.push_str(&text[after..hidden.start()]);
            shown.push_str(self.restorer.stand_in(kind, hidden.as_str()));
            (after, self.any) = (hidden.end(), true);
        }
        shown.push_str(&text[after..]);
        shown
    }

    fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(key, value)| (key.clone(), self.value(value))).collect()
            }
            other => other.clone(),
        }
    }

    fn tools(&mut self, tools: &[Tool]) -> Vec<Tool> {
        let one = |tool: &Tool| Tool {
            name: tool.name.clone(),
            description: self.text(&tool.description),
            parameters: self.value(&tool.parameters),
        };
        tools.iter().map(one).collect()
    }
}
