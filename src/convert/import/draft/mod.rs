//! A LoadTest in the making: what every importer fills, and the last step of all of them.

mod body;
mod filled;
mod finish;
mod headers;
mod names;
mod secrets;
mod sound;
mod text;
mod url;

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::Value;

pub(super) use self::{
    body::{Sent, fits, form_pairs},
    filled::{Bit, choice, step, written},
    headers::is_of_the_message,
    names::{Unique, group, identifier, short},
    secrets::MARK,
    text::{Text, insert, literal, literal_json, plain},
    url::{Address, add_query},
};
use super::{dto::Made, error::ImportError};
use crate::{
    convert::LeftOut,
    loadtest::{
        span::Span,
        types::{HttpVersion, Load, Scenario, Scheduler, ThinkTime},
    },
};

/// Most items that are listed; further ones are counted.
const MAX_LISTED: usize = 5000;
/// Longest message of an item, in characters: it may repeat what is in the document.
const LONGEST: usize = 300;

/// A LoadTest in the making.
pub(super) struct Draft {
    /// What the document is called in messages.
    pub(super) source: String,
    /// Name of the test.
    pub(super) name: String,
    /// Base URLs, the first being the one that counts.
    pub(super) hosts: Vec<String>,
    pub(super) variables: IndexMap<String, Value>,
    pub(super) scenarios: Vec<Scenario>,
    /// What the test is for.
    pub(super) description: Option<String>,
    /// Whether certificates are not to be checked.
    pub(super) insecure: bool,
    pub(super) compression: bool,
    pub(super) redirects: Option<u8>,
    pub(super) http_version: HttpVersion,
    /// Whether users keep cookies.
    pub(super) cookies: bool,
    /// Headers of every request.
    pub(super) headers: IndexMap<String, String>,
    /// How much load the document itself asks for.
    pub(super) load: Option<Load>,
    pub(super) scheduler: Scheduler,
    pub(super) rate_limit: f64,
    pub(super) thresholds: Vec<String>,
    /// Whether a threshold that fails ends the run.
    pub(super) abort: bool,
    /// Variables of the environment that stand for whole base URLs, as they are referred to.
    pub(super) base_urls: HashSet<String>,
    /// Requests, operations or commands that were found.
    pub(super) found: usize,
    pub(super) made: Vec<Made>,
    left_out: Vec<LeftOut>,
    left_out_more: usize,
    /// Variables of the environment, with what they are for.
    env: IndexMap<String, String>,
    /// Secrets that have a variable already.
    secrets: IndexMap<String, String>,
    /// Names that templates use.
    names: HashSet<String>,
}

impl Draft {
    pub(super) fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            name: String::new(),
            hosts: Vec::new(),
            variables: IndexMap::new(),
            scenarios: Vec::new(),
            description: None,
            insecure: false,
            compression: false,
            redirects: None,
            http_version: HttpVersion::Auto,
            cookies: true,
            headers: IndexMap::new(),
            load: None,
            scheduler: Scheduler::default(),
            rate_limit: 0.0,
            thresholds: Vec::new(),
            abort: false,
            base_urls: HashSet::new(),
            found: 0,
            made: Vec::new(),
            left_out: Vec::new(),
            left_out_more: 0,
            env: IndexMap::new(),
            secrets: IndexMap::new(),
            names: HashSet::new(),
        }
    }

    /// Lists something that is not carried over.
    pub(super) fn leave_out(&mut self, place: impl Into<String>, message: impl Into<String>) {
        if self.left_out.len() < MAX_LISTED {
            self.left_out.push(LeftOut::new(bounded(place.into()), bounded(message.into())));
        } else {
            self.left_out_more += 1;
        }
    }

    /// Lists something that was made of more than what is written.
    pub(super) fn make(&mut self, place: impl Into<String>, message: impl Into<String>) {
        if self.made.len() < MAX_LISTED {
            self.made.push(Made { place: bounded(place.into()), message: bounded(message.into()) });
        }
    }

    /// An error about the whole document.
    pub(super) fn refuse(&self, message: impl Into<String>) -> ImportError {
        ImportError::whole(&self.source, message)
    }

    /// A name for templates that nothing else has.
    pub(super) fn template_name(&mut self, wish: &str) -> String {
        let wish = identifier(wish);
        let mut name = wish.clone();
        let mut number = 2;
        while !self.names.insert(name.clone()) {
            name = format!("{wish}_{number}");
            number += 1;
        }
        name
    }
}

/// A text of bounded length without control characters.
fn bounded(text: String) -> String {
    if text.len() <= LONGEST && !text.contains(char::is_control) {
        return text;
    }
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let mut short: String = text.chars().map(clean).take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// A pause between transactions, for formats that record none.
pub(super) fn some_thinking() -> ThinkTime {
    ThinkTime { min: Span::from_millis(500), max: Span::from_secs(2) }
}
