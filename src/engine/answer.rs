//! An answer as checks and extractions read it: the body is parsed once, and only when asked for.

use std::{borrow::Cow, cell::OnceCell};

use http::HeaderMap;
use serde_json::Value;

use super::transport::Answer;

/// A view of one answer.
#[derive(Debug)]
pub struct View<'a> {
    answer: &'a Answer,
    /// Response time in microseconds.
    pub total_us: u32,
    json: OnceCell<Option<Value>>,
}

impl<'a> View<'a> {
    /// A view of `answer`, which took `total_us`.
    #[must_use]
    pub const fn new(answer: &'a Answer, total_us: u32) -> Self {
        Self { answer, total_us, json: OnceCell::new() }
    }

    /// Status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.answer.status
    }

    /// Body, empty when there is none.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.answer.body.as_deref().unwrap_or_default()
    }

    /// Size of the body in bytes as received.
    #[must_use]
    pub const fn body_len(&self) -> u64 {
        self.answer.body_len
    }

    /// Body as text; bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.body())
    }

    /// Body as JSON, when it is JSON.
    #[must_use]
    pub fn json(&self) -> Option<&Value> {
        self.json.get_or_init(|| serde_json::from_slice(self.body()).ok()).as_ref()
    }

    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers()?.get(name)?.to_str().ok()
    }

    /// Headers, when they were kept.
    #[must_use]
    pub fn headers(&self) -> Option<&'a HeaderMap> {
        self.answer.headers.as_deref()
    }
}
