//! Puts back what stand-ins stand for.

use serde_json::Value;

use crate::ai::chat::overlap;

/// Longest stand-in, in bytes: what is held back of a stream at most.
const LONGEST: usize = 24;

/// Knows what stands for what.
#[derive(Clone, Debug, Default)]
pub struct Restorer {
    /// Stand-ins and what they stand for.
    pairs: Vec<(String, String)>,
    number: u32,
    /// What may be the beginning of a stand-in.
    held: String,
}

impl Restorer {
    /// Stand-ins are numbered from `taken` on.
    pub(super) fn new(taken: u32) -> Self {
        Self { number: taken, ..Self::default() }
    }

    /// What stands for `text`.
    pub(super) fn stand_in(&mut self, kind: &str, text: &str) -> &str {
        let at = self.pairs.iter().position(|(_, known)| known == text).unwrap_or_else(|| {
            self.number += 1;
            self.pairs.push((format!("[{kind}-{}]", self.number), text.to_owned()));
            self.pairs.len() - 1
        });
        &self.pairs[at].0
    }

    /// A whole text.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let mut restored = String::with_capacity(text.len());
        let mut rest = text;
        // One pass: what is put back is not looked through again.
        while let Some(at) = rest.find('[') {
            restored.push_str(&rest[..at]);
            rest = &rest[at..];
            match self.pairs.iter().find(|(stand_in, _)| rest.starts_with(stand_in.as_str())) {
                Some((stand_in, original)) => {
                    restored.push_str(original);
                    rest = &rest[stand_in.len()..];
                }
                None => {
                    restored.push('[');
                    rest = &rest[1..];
                }
            }
        }
        restored + rest
    }

    /// A JSON document: within its texts, so that it stays one. What is none is a text.
    #[must_use]
    pub fn document(&self, text: &str) -> String {
        if self.pairs.is_empty() {
            return text.to_owned();
        }
        match serde_json::from_str::<Value>(text) {
            Ok(value) => self.value(value).to_string(),
            Err(_) => self.text(text),
        }
    }

    fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => {
                fields.into_iter().map(|(key, value)| (self.text(&key), self.value(value))).collect()
            }
            other => other,
        }
    }

    /// The next part of a text that comes in parts.
    pub fn push(&mut self, part: &str) -> String {
        self.held.push_str(part);
        let kept = self.pairs.iter().map(|(stand_in, _)| overlap(&self.held, stand_in)).max().unwrap_or(0);
        debug_assert!(kept < LONGEST);
        let rest = self.held.split_off(self.held.len() - kept);
        let ready = std::mem::replace(&mut self.held, rest);
        self.text(&ready)
    }

    /// What was held back, for nothing comes any more.
    pub fn rest(&mut self) -> String {
        std::mem::take(&mut self.held)
    }
}
