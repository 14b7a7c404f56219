//! Reads what somebody wants from a test, in English or German, without a model: every fact with its place.
//!
//! A text becomes tokens, tokens become quantities, and a quantity gets a meaning from the words around it. What stands
//! in quotes, in blocks of code and in bodies is never taken for load. The text is material and gives no orders: a host
//! that an instruction to MAID itself names, or that is refused or only referred to, is listed and not used. The same
//! text is always read alike.

mod activity;
mod address;
mod again;
mod apart;
mod bound;
mod clean;
mod clock;
mod correct;
mod counted;
mod credentials;
mod denied;
mod failure;
mod far;
mod judged;
mod level;
mod lexicon;
mod linked;
mod mind;
mod number;
mod once;
mod part;
mod people;
mod port;
mod quantity;
mod refuse;
mod requests;
mod rest;
mod said;
mod sent;
mod settings;
mod share;
mod stage;
mod steps;
mod table;
mod target;
#[cfg(test)]
pub(super) mod tests;
mod threshold;
mod token;
mod told;
mod turn;
mod withdraw;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub use self::{
    activity::Activity,
    clean::{MAX_TEXT, TextError, clean},
};
use self::{quantity::Quantity, token::Token};
use super::roles::{Role, Sure, Told};
use crate::loadtest::types::{HttpVersion, Stage};

/// A place in the text: bytes of its UTF-8, the end not included, and what stands there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TextSpan)]
pub struct Span {
    /// First byte.
    #[schema(example = 41)]
    pub start: usize,
    /// Byte behind the last.
    #[schema(example = 50)]
    pub end: usize,
    /// What stands there.
    #[schema(example = "30 users")]
    pub text: String,
}

/// A fact with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact<T> {
    /// The fact.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// Something that was understood and not used, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = GeneratorUnused)]
pub struct Unused {
    /// Where it stands.
    pub span: Span,
    /// Why it was not used.
    #[schema(example = "stands in quotes or in a body, which is never read as load")]
    pub reason: String,
}

/// A request that the text names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// Its method, where the text names one.
    pub method: Option<String>,
    /// Its path, with its query.
    pub path: String,
    /// Its host, where it stands with the request itself.
    pub host: Option<String>,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its JSON body.
    pub json: Option<Value>,
    /// Its form.
    pub form: Option<Vec<(String, String)>>,
    /// Whether it follows on the one before, in one go.
    pub follows: bool,
}

impl Wanted {
    /// The method that it is sent with.
    #[must_use]
    pub fn method(&self) -> &str {
        let body = self.json.is_some() || self.form.is_some();
        self.method.as_deref().unwrap_or(if body { "POST" } else { "GET" })
    }
}

/// Credentials: what stands here is a reference to the environment wherever it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// A bearer token.
    Bearer(String),
    /// A user name and a password.
    Basic(String, String),
}

/// What a share of the traffic belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// A request that the text names, by its number.
    Request(usize),
    /// Something that people do.
    Activity(Activity),
}

/// Users, requests per second, or how a rate is to be taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Load {
    /// Users.
    pub users: Vec<Fact<u32>>,
    /// Requests per second that are to be sent.
    pub rate: Vec<Fact<f64>>,
    /// Most requests per second.
    pub limit: Vec<Fact<f64>>,
    /// Users started per second.
    pub hatch: Vec<Fact<f64>>,
    /// How long, in milliseconds.
    pub time: Vec<Fact<u64>>,
    /// Passes of each user.
    pub iterations: Vec<Fact<u32>>,
    /// Steps, and whether they are of requests per second.
    pub stages: Vec<Fact<Stage>>,
    /// Whether the steps are of requests per second, and not of users.
    pub stages_of_rate: bool,
    /// Requests in all.
    pub total: Vec<Fact<f64>>,
}

/// What a follow-up turn asks for beside facts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Turn {
    /// What is to come in.
    pub add: Vec<Fact<Activity>>,
    /// What is to go.
    pub remove: Vec<Fact<Activity>>,
    /// Paths that are to go.
    pub remove_paths: Vec<Fact<String>>,
    /// Paths that others stand for: `/b statt /a`.
    pub swapped_paths: Vec<Fact<String>>,
    /// Words that are to go, whatever they stand for: perhaps a part of a path of the test that is there.
    pub remove_words: Vec<Fact<String>>,
    /// By how much users are to be multiplied.
    pub times_users: Option<Fact<f64>>,
    /// What stands for another value: `statt 2 Minuten 5`.
    pub replaced_time: Option<Fact<(u64, u64)>>,
    /// The same for users.
    pub replaced_users: Option<Fact<(u32, u32)>>,
    /// The same for a number of which nobody says what it counts.
    pub replaced_number: Option<Fact<(f64, f64)>>,
    /// By how much a rate is to be multiplied.
    pub times_rate: Option<Fact<f64>>,
    /// By how much the time is to be multiplied.
    pub times_time: Option<Fact<f64>>,
    /// How long the highest level is to be held, in milliseconds.
    pub hold: Option<Fact<u64>>,
    /// How high the highest level is to be.
    pub top: Option<Fact<f64>>,
    /// What is to be judged by, and what was until now.
    pub judged: Option<Fact<(String, String)>>,
    /// Measures whose rules are to go; `*` is all of them.
    pub drop_rules: Vec<Fact<String>>,
    /// Whether users are to come instead of a rate.
    pub no_rate: bool,
    /// Whether the hosts of the test stay beside those of the text.
    pub more_hosts: bool,
    /// Whether requests of the text come in the place of what is there.
    pub swaps: bool,
    /// Whether requests of the text come beside what is there.
    pub adds: bool,
    /// Whether steps of the text come behind those that are there.
    pub appends: bool,
    /// The limit of the only rule about times, in milliseconds, where the text does not name the rule.
    pub limit: Option<Fact<u64>>,
    /// The port of the target.
    pub port: Option<Fact<u16>>,
    /// Whether the shares are to be turned round.
    pub reversed: Option<Fact<()>>,
}

/// Everything that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Base URLs that are to be sent to.
    pub hosts: Vec<Fact<String>>,
    /// Requests.
    pub requests: Vec<Fact<Wanted>>,
    /// Headers that all requests are sent with.
    pub headers: Vec<Fact<(String, String)>>,
    /// How much load.
    pub load: Load,
    /// Shortest and longest pause, in milliseconds.
    pub think: Option<Fact<(u64, u64)>>,
    /// Longest time for a request, in milliseconds.
    pub timeout: Option<Fact<u64>>,
    /// Redirects that are followed.
    pub redirects: Option<Fact<u8>>,
    /// The version of HTTP.
    pub http: Option<Fact<HttpVersion>>,
    /// Pass or fail rules, with what each is narrowed to.
    pub thresholds: Vec<Fact<Rule>>,
    /// Shares of the traffic.
    pub shares: Vec<Fact<(Item, f64)>>,
    /// What people do.
    pub activities: Vec<Fact<Activity>>,
    /// Credentials.
    pub credentials: Option<Fact<Credentials>>,
    /// Variables of the environment that stand for secrets of the text, with what was done.
    pub secrets: BTreeMap<String, String>,
    /// What a follow-up turn asks for.
    pub turn: Turn,
    /// Numbers of which the reader cannot tell what they count.
    pub unclear: Vec<Fact<f64>>,
    /// Places of facts that a model has told.
    pub by_model: Vec<Span>,
    /// What was understood and not used.
    pub unused: Vec<Unused>,
    /// What somebody should know: a typing error that was put right, a scheme that was assumed.
    pub notes: Vec<String>,
    /// Words that were read, of all words: below, it is perhaps another language.
    pub known_words: (usize, usize),
    /// Whether it says anything beside hosts, numbers, units and words of load tests.
    pub says_more: bool,
}

impl Reading {
    /// Whether the text is perhaps of a language that is not read.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        let (known, all) = self.known_words;
        all >= 6 && known * 6 < all
    }
}

/// A pass or fail rule, and what it is narrowed to.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The measure, such as `p95`.
    pub measure: String,
    /// Operator and value, such as `< 300ms`.
    pub limit: String,
    /// What it is narrowed to.
    pub of: Option<Item>,
}

/// What is read by several parts, one after another.
struct Reader<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    quantities: Vec<Quantity>,
    /// Quantities that have a meaning.
    used: Vec<bool>,
    /// What a model says of the text.
    labels: &'t Told,
    /// What a model is sure that each quantity is for.
    told: Vec<Option<Sure<Role>>>,
    /// URLs, with what each is for.
    urls: Vec<target::Found>,
    /// Where requests and activities stand, in order.
    items: Vec<(usize, Item)>,
    reading: Reading,
    /// Whether the text changes a test that is there.
    follows: bool,
}

/// Most words, marks and bodies of a text that are looked at: each is compared with those around it.
const MOST_TOKENS: usize = 3000;
/// Most numbers, for the same reason.
const MOST_NUMBERS: usize = 300;

/// Reads a text that [`clean`] has let through.
#[must_use]
pub fn read(text: &str) -> Reading {
    read_told(text, &Told::default())
}

/// The same with what a model says of the numbers.
#[must_use]
pub fn read_told(text: &str, told: &Told) -> Reading {
    read_turn(text, told, false)
}

/// The same of a text that changes a test, where `follows`: what it says of the test that is there comes first.
#[must_use]
pub fn read_turn(text: &str, told: &Told, follows: bool) -> Reading {
    let mut tokens = port::join(text, token::tokens(text, &|place| told.counts(&place)));
    let words = tokens.len();
    tokens.truncate(MOST_TOKENS);
    let mut quantities = quantity::quantities(&tokens);
    let numbers = quantities.len();
    quantities.truncate(MOST_NUMBERS);
    let used = vec![false; quantities.len()];
    let mut reader = Reader {
        text,
        tokens,
        quantities,
        used,
        labels: told,
        told: Vec::new(),
        urls: Vec::new(),
        items: Vec::new(),
        reading: Reading::default(),
        follows,
    };
    reader.tell_of_the_rest(words, numbers);
    // What the words alone say, where a model says something as well.
    let plain = if told.is_empty() { Reading::default() } else { read(text) };
    let before: Vec<quantity::Kind> = reader.quantities.iter().map(|one| one.kind.clone()).collect();
    reader.correct();
    reader.targets();
    let voided = reader.used.clone();
    reader.far_port();
    reader.requests();
    reader.withdrawn();
    reader.activities();
    reader.credentials();
    reader.version();
    reader.redirects();
    reader.curl_timeout();
    reader.ask(&plain, before, &voided);
    reader.who_shares();
    if follows {
        reader.only(&[], Reader::turns);
        reader.again();
    }
    reader.take_told();
    if !follows {
        reader.only(&[], Reader::turns);
    }
    reader.only(&[Role::Bound], Reader::thresholds);
    reader.rules_told();
    reader.set_aside();
    if !follows {
        reader.only(&[], Reader::again);
    }
    reader.only(&[Role::Think, Role::Timeout], Reader::settings);
    reader.steps(&plain);
    if reader.reading.load.stages.is_empty() {
        reader.only(&[Role::StepTime, Role::StepTo], Reader::stages);
    }
    reader
        .only(&[Role::Users, Role::Passes, Role::Hatch, Role::Rate, Role::Limit, Role::Time], Reader::levels);
    reader.exactly_once();
    reader.rest();
    reader.reading
}

impl Reader<'_> {
    /// The place of the tokens from `from`, `to` not included.
    fn span(&self, from: usize, to: usize) -> Span {
        let start = self.tokens.get(from).map_or(self.text.len(), |token| token.start);
        let end = to.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.end);
        let end = end.max(start);
        Span { start, end, text: self.text[start..end].to_owned() }
    }

    fn fact<T>(&self, value: T, from: usize, to: usize) -> Fact<T> {
        Fact { value, span: self.span(from, to) }
    }

    /// A fact of a quantity.
    fn of<T>(&self, value: T, quantity: usize) -> Fact<T> {
        let Quantity { from, to, .. } = self.quantities[quantity];
        self.fact(value, from, to)
    }

    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.low.as_str())
    }

    fn is_word(&self, at: usize, words: &[&str]) -> bool {
        words.contains(&self.word(at))
    }

    /// The first token of the sentence that `at` stands in.
    fn sentence_start(&self, at: usize) -> usize {
        (0..at).rev().find(|&before| self.tokens[before].ends_sentence()).map_or(0, |before| before + 1)
    }

    /// The token behind the sentence that `at` stands in.
    fn sentence_end(&self, at: usize) -> usize {
        (at..self.tokens.len()).find(|&after| self.tokens[after].ends_sentence()).unwrap_or(self.tokens.len())
    }

    /// The first token of the clause that `at` stands in: behind a comma or the end of a sentence.
    fn clause_start(&self, at: usize) -> usize {
        (0..at).rev().find(|&before| self.tokens[before].ends_clause()).map_or(0, |before| before + 1)
    }

    /// The token behind the clause that `at` stands in.
    fn clause_end(&self, at: usize) -> usize {
        (at..self.tokens.len()).find(|&after| self.tokens[after].ends_clause()).unwrap_or(self.tokens.len())
    }

    /// Whether one of `words` is among the tokens from `from`, `to` not included.
    fn has(&self, from: usize, to: usize, words: &[&str]) -> bool {
        (from..to.min(self.tokens.len())).any(|at| self.is_word(at, words))
    }

    /// The same, where letters may have slipped.
    fn has_like(&self, from: usize, to: usize, words: &[&str]) -> bool {
        let slipped = |word: &str| {
            let length = word.chars().count();
            // A slip moves letters, or loses one: other lengths are other words.
            words
                .iter()
                .any(|known| known.chars().count().abs_diff(length) <= 1 && lexicon::like(word, &[known]))
        };
        (from..to.min(self.tokens.len())).any(|at| {
            self.is_word(at, words) || self.tokens[at].kind == token::Kind::Word && slipped(self.word(at))
        })
    }

    fn unused(&mut self, from: usize, to: usize, reason: &str) {
        let span = self.span(from, to);
        self.reading.unused.push(Unused { span, reason: reason.to_owned() });
    }
}
