//! A text in pieces: words, numbers, URLs, paths, bodies, quoted parts.

use std::ops::Range;

use serde_json::Value;

use super::{
    address::{host, in_path, mail, url},
    number,
};

/// What a piece is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Word,
    /// A number, with letters that stand right behind it in `glued`.
    Number {
        value: f64,
        glued: String,
    },
    /// An http URL, put right.
    Url(String),
    /// A path on a host.
    Path,
    /// JSON that is an object or a list.
    Json(Value),
    /// `a=b&c=d`.
    Pairs(Vec<(String, String)>),
    /// A header with its value.
    Header(String, String),
    /// `${env:NAME}` or `$NAME`.
    Env(String),
    /// What stands in quotes or in a block of code.
    Quoted,
    /// A mail address, a ticket: nothing to read.
    Opaque,
    Mark(char),
    Newline,
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// It in small letters.
    pub(super) low: String,
    /// It as it is written.
    pub(super) raw: String,
}

impl Token {
    pub(super) fn ends_sentence(&self) -> bool {
        matches!(self.kind, Kind::Mark('.' | ';' | '!' | '?') | Kind::Newline)
    }

    pub(super) fn ends_clause(&self) -> bool {
        self.ends_sentence() || self.kind == Kind::Mark(',')
    }
}

/// Quotes, and what closes each.
const QUOTES: [(char, &[char]); 6] =
    [('"', &['"']), ('„', &['“', '”', '"']), ('“', &['”', '"']), ('«', &['»']), ('»', &['«']), ('`', &['`'])];
/// Words that are cut short, and have a dot behind them.
const ABBREVIATIONS: [&str; 22] = [
    "sek", "sec", "min", "mins", "std", "hrs", "ca", "circa", "approx", "bzw", "inkl", "max", "mind", "resp",
    "req", "anfr", "usw", "etc", "vgl", "evtl", "ggf", "tsd",
];
/// Names of settings, which stand before `=` as names of form fields do.
const SETTINGS: [&str; 48] = [
    "target",
    "host",
    "hosts",
    "url",
    "base",
    "base_url",
    "baseurl",
    "users",
    "user",
    "vus",
    "vu",
    "nutzer",
    "duration",
    "dauer",
    "time",
    "rate",
    "rps",
    "paths",
    "path",
    "timeout",
    "request_timeout",
    "redirects",
    "max_redirects",
    "http",
    "http_version",
    "think_time",
    "think",
    "iterations",
    "concurrency",
    "ramp_up",
    "p95",
    "p99",
    "threads",
    "ziel",
    "loops",
    "loop",
    "pause",
    "delay",
    "req_timeout",
    "spawn_rate",
    "hatch_rate",
    "spawn",
    "hatch",
    "rate_limit",
    "limit",
    "max_rps",
    "p90",
    "clients",
];
/// Headers whose names have no `-`.
const HEADERS: [&str; 7] = ["accept", "authorization", "cookie", "origin", "referer", "range", "pragma"];

/// Whether what stands in quotes in these bytes is read all the same.
type Opens<'a> = &'a dyn Fn(Range<usize>) -> bool;

/// The pieces of a text; `opens` says which quoted parts are read like what stands around them.
pub(super) fn tokens(text: &str, opens: Opens<'_>) -> Vec<Token> {
    let mut out = Vec::new();
    scan(text, (0, text.len()), true, opens, &mut out);
    without_abbreviations(&mut out);
    out
}

/// Takes the dots of `60 Sek. abbrechen` out: they end no sentence.
fn without_abbreviations(tokens: &mut Vec<Token>) {
    let dots: Vec<bool> = (0..tokens.len())
        .map(|at| {
            let short = at.checked_sub(1).is_some_and(|before| {
                ABBREVIATIONS.contains(&tokens[before].low.as_str()) && tokens[before].end == tokens[at].start
            });
            let goes_on = tokens.get(at + 1).is_some_and(|next| {
                next.kind == Kind::Mark(',')
                    || next.raw.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
            });
            tokens[at].kind == Kind::Mark('.') && short && goes_on
        })
        .collect();
    let mut dots = dots.into_iter();
    tokens.retain(|_| !dots.next().unwrap_or_default());
}

fn push(text: &str, kind: Kind, start: usize, end: usize, out: &mut Vec<Token>) {
    let raw = text[start..end].to_owned();
    out.push(Token { kind, start, end, low: raw.to_lowercase(), raw });
}

/// Cuts what stands from `at` to `end`.
fn scan(text: &str, (mut at, end): (usize, usize), outer: bool, opens: Opens<'_>, out: &mut Vec<Token>) {
    while at < end {
        let rest = &text[at..end];
        let Some(c) = rest.chars().next() else { return };
        let before = text[..at].chars().next_back();
        if c == '\n' {
            push(text, Kind::Newline, at, at + 1, out);
            at += 1;
        } else if c.is_whitespace() {
            at += c.len_utf8();
        } else if let Some(next) = outer.then(|| fenced(text, (at, end), opens, out)).flatten() {
            at = next;
        } else if c == '>' && outer && text[..at].trim_end_matches([' ', '\t']).ends_with(['\n']) {
            // What somebody else has written, as mails quote it.
            let length = rest.find('\n').unwrap_or(rest.len());
            if opens(at..at + length) {
                at += 1;
                continue;
            }
            push(text, Kind::Quoted, at, at + length, out);
            at += length;
        } else if rest.starts_with("....") {
            // `Users ...... 4`
            let length = run(rest, |c| c == '.');
            push(text, Kind::Mark(':'), at, at + length, out);
            at += length;
        } else if c == '#' && outer && is_comment(text, at) {
            let length = rest.find('\n').unwrap_or(rest.len());
            push(text, Kind::Quoted, at, at + length, out);
            at += length;
        } else if rest.starts_with("<!--") {
            let length = rest.find("-->").map_or(rest.len(), |length| length + 3);
            push(text, Kind::Quoted, at, at + length, out);
            at += length;
        } else if let Some(next) = outer.then(|| quoted(text, (at, end), opens, out)).flatten() {
            at = next;
        } else {
            let (kind, length) = match piece(rest, c, before) {
                // Settings in the form of JSON, and no body.
                (Kind::Json(_), length) if opens(at..at + length) => (Kind::Mark(c), c.len_utf8()),
                (Kind::Pairs(_) | Kind::Header(..), length) if opens(at..at + length) => {
                    (Kind::Word, word(rest))
                }
                found => found,
            };
            push(text, kind, at, at + length, out);
            at += length;
        }
    }
}

/// `# users = 10`: a line of settings that does not count.
fn is_comment(text: &str, at: usize) -> bool {
    let begins = text[..at].rsplit('\n').next().is_some_and(|line| line.trim().is_empty());
    let line = text[at..].lines().next().unwrap_or_default().trim_start_matches(['#', ' ']);
    let name = line.split('=').next().filter(|name| name.len() < line.len()).map(str::trim);
    begins
        && name.is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

/// A block between three backticks.
fn fenced(text: &str, (at, end): (usize, usize), opens: Opens<'_>, out: &mut Vec<Token>) -> Option<usize> {
    let rest = text[at..end].strip_prefix("```")?;
    let length = rest.find("```").unwrap_or(rest.len());
    let block = &rest[..length];
    let inner = block.trim_start_matches(|c: char| c.is_ascii_alphanumeric()).trim();
    let next = (at + 3 + length + 3).min(end);
    if opens(at + 3..at + 3 + length) {
        scan(text, (at + 3, at + 3 + length), true, opens, out);
        return Some(next);
    }
    let kind = match serde_json::from_str::<Value>(inner) {
        Ok(value) if value.is_object() || value.is_array() => Kind::Json(value),
        _ => Kind::Quoted,
    };
    push(text, kind, at, next, out);
    Some(next)
}

/// A part in quotes. A URL, a method with a path, a header and a body in quotes are still what they are.
fn quoted(text: &str, (at, end): (usize, usize), opens: Opens<'_>, out: &mut Vec<Token>) -> Option<usize> {
    let rest = &text[at..end];
    let open = rest.chars().next()?;
    let (_, closing) = QUOTES.iter().find(|(quote, _)| *quote == open)?;
    let inside = &rest[open.len_utf8()..];
    let length = inside.find(*closing)?;
    let close = inside[length..].chars().next()?;
    let (from, to) = (at + open.len_utf8(), at + open.len_utf8() + length);
    let mut inner = Vec::new();
    scan(text, (from, to), false, opens, &mut inner);
    let whole = |token: &Token| {
        matches!(
            token.kind,
            Kind::Url(_) | Kind::Path | Kind::Json(_) | Kind::Header(..) | Kind::Env(_) | Kind::Pairs(_)
        )
    };
    let takes = match inner.as_slice() {
        [one] => whole(one),
        [method, one] => is_method(&method.raw) && whole(one),
        _ => false,
    };
    if takes {
        out.append(&mut inner);
    } else if opens(from..to) {
        scan(text, (from, to), true, opens, out);
    } else {
        push(text, Kind::Quoted, at, to + close.len_utf8(), out);
    }
    Some(to + close.len_utf8())
}

/// Whether a word is a method of HTTP as it is written.
pub(super) fn is_method(word: &str) -> bool {
    matches!(word, "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS")
}

fn piece(rest: &str, c: char, before: Option<char>) -> (Kind, usize) {
    let free = before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '-' | '_' | '.' | '@' | '='));
    if c == '{' || c == '[' {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        if let Some(Ok(value)) = values.next()
            && is_body(&value)
        {
            return (Kind::Json(value), values.byte_offset());
        }
    }
    if c == '$'
        && let Some(found) = env(rest)
    {
        return found;
    }
    let given = before == Some('=');
    // `.5 s`
    if c == '.' && before.is_none_or(|c| c.is_whitespace() || c == '<') {
        let length = run(&rest[1..], |c| c.is_ascii_digit());
        let letters = run(&rest[1 + length..], char::is_alphabetic);
        if let Some(value) = rest[..=length].parse().ok().filter(|_| (1..4).contains(&length)) {
            let glued = rest[1 + length..1 + length + letters].to_lowercase();
            return (Kind::Number { value, glued }, 1 + length + letters);
        }
    }
    if c == '/' && (free || given) {
        let length = in_path(rest, &[';', '"', '“', '”', '`', ')', '[', '<', '*', '…']);
        return (Kind::Path, trimmed(rest, length).max(1));
    }
    if given && let Some(found) = url(rest) {
        return found;
    }
    if c.is_alphanumeric() && free {
        if let Some(found) = url(rest).or_else(|| mail(rest)).or_else(|| host(rest)).or_else(|| pairs(rest)) {
            return found;
        }
        if c.is_ascii_digit() {
            return digits(rest);
        }
        if let Some(found) = header(rest) {
            return found;
        }
    }
    if c.is_ascii_digit() {
        return digits(rest);
    }
    if let Some(value) = vulgar(c) {
        return (Kind::Number { value, glued: String::new() }, c.len_utf8());
    }
    if c.is_alphabetic() {
        return (Kind::Word, word(rest));
    }
    (Kind::Mark(c), c.len_utf8())
}

/// Whether JSON is a body: `[ ]` is a box to tick, and `[1]` a footnote.
fn is_body(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(list) => list.len() > 1 || list.iter().any(|one| one.is_object() || one.is_array()),
        _ => false,
    }
}

pub(super) fn run(rest: &str, takes: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !takes(c)).unwrap_or(rest.len())
}

/// Without what ends a sentence.
pub(super) fn trimmed(rest: &str, length: usize) -> usize {
    rest[..length].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '"', '*', '>', ']', '«', '»']).len()
}

fn word(rest: &str) -> usize {
    let mut length = 0;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let inside = c.is_alphanumeric()
            || c == '_'
            || matches!(c, '-' | '’' | '\'') && next.is_some_and(char::is_alphanumeric) && at > 0;
        if !inside {
            break;
        }
        length = at + c.len_utf8();
    }
    length.max(1)
}

/// A fraction that is one sign.
fn vulgar(c: char) -> Option<f64> {
    match c {
        '¼' => Some(0.25),
        '½' => Some(0.5),
        '¾' => Some(0.75),
        _ => None,
    }
}

/// Digits in groups of three with an apostrophe between: `10'000`.
fn grouped(rest: &str) -> Option<(Kind, usize)> {
    let length = run(rest, |c| c.is_ascii_digit() || matches!(c, '\'' | '’'));
    let groups: Vec<&str> = rest[..length].split(['\'', '’']).collect();
    let sound = groups.len() > 1
        && (1..=3).contains(&groups[0].len())
        && groups[1..].iter().all(|group| group.len() == 3)
        && !rest[length..].starts_with(char::is_alphanumeric);
    let value = groups.concat().parse().ok().filter(|_| sound)?;
    Some((Kind::Number { value, glued: String::new() }, length))
}

fn digits(rest: &str) -> (Kind, usize) {
    if let Some(found) = grouped(rest) {
        return found;
    }
    let length = run(rest, |c| c.is_ascii_digit() || matches!(c, '.' | ','));
    // `1..3 s` are two numbers.
    let length = rest[..length].find("..").unwrap_or(length);
    let length = rest[..length].trim_end_matches(['.', ',']).len();
    let behind = &rest[length..];
    let glued = run(behind, |c| c.is_alphanumeric() || c == 'µ');
    let dashed =
        behind[glued..].starts_with('-') && behind[glued + 1..].starts_with(char::is_alphabetic) && glued > 0;
    if let Some(part) = behind.chars().next().and_then(vulgar)
        && let Some(value) = number::digits(&rest[..length])
    {
        let sign = behind.chars().next().map_or(0, char::len_utf8);
        let letters = run(&behind[sign..], char::is_alphanumeric);
        let glued = behind[sign..sign + letters].to_lowercase();
        return (Kind::Number { value: value + part, glued }, length + sign + letters);
    }
    let Some(value) = number::digits(&rest[..length]).filter(|_| !dashed) else {
        return (Kind::Opaque, word(rest).max(length));
    };
    (Kind::Number { value, glued: behind[..glued].to_lowercase() }, length + glued)
}

fn pairs(rest: &str) -> Option<(Kind, usize)> {
    let length = run(rest, |c| !c.is_whitespace() && !matches!(c, ',' | ';' | '"' | '`' | ')'));
    let length = trimmed(rest, length);
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']');
        (!name.is_empty() && name.chars().all(plain)).then(|| (name.to_owned(), value.to_owned()))
    };
    let pairs: Option<Vec<_>> = rest[..length].split('&').map(pair).collect();
    // `users=64` is no form but a setting.
    let pairs = pairs.filter(|pairs| {
        pairs.len() > 1 || pairs.iter().all(|(name, _)| !SETTINGS.contains(&name.to_lowercase().as_str()))
    })?;
    Some((Kind::Pairs(pairs), length))
}

fn header(rest: &str) -> Option<(Kind, usize)> {
    let name = run(rest, |c| c.is_ascii_alphanumeric() || c == '-');
    let behind = rest[name..].strip_prefix(':')?;
    let known = HEADERS.contains(&rest[..name].to_ascii_lowercase().as_str());
    // `NFR-12: ...` is a requirement, and `Tenant-Id: 4` a header.
    let titled = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && !part[1..].contains(|c: char| c.is_ascii_digit())
    };
    let x = rest[..name].starts_with("X-") || rest[..name].starts_with("x-");
    let named = rest[..name].contains('-')
        && (x
            || rest[..name].split('-').all(titled)
                && rest[..name].contains(|c: char| c.is_ascii_lowercase()));
    if !(known || named) {
        return None;
    }
    let space = run(behind, |c| c == ' ');
    let value = &behind[space..];
    // `Ramp-up: 5m`, `QA-Test: 100 users`
    let settings = !known && !x;
    if settings && value.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut length = run(value, |c| !c.is_whitespace() && !matches!(c, ',' | ';'));
    if matches!(value[..length].to_ascii_lowercase().as_str(), "bearer" | "basic") {
        let more = value[length..].len() - value[length..].trim_start_matches(' ').len();
        length += more + run(&value[length + more..], |c| !c.is_whitespace() && !matches!(c, ',' | ';'));
    }
    let length = value[..length].trim_end_matches(['.', '"', '`', '\'', ')', ']', '}']).len();
    let length = if value.starts_with("${") {
        run(value, |c| c != '}').saturating_add(1).min(value.len())
    } else {
        length
    };
    // A name with a hyphen and a colon behind it may as well say what a URL is: `Kurz-Dienst: http://...`
    if length == 0
        || !known
            && (value.starts_with("http") && value.contains("://")
                || is_method(&value[..length])
                || value.starts_with('/'))
    {
        return None;
    }
    let kind = Kind::Header(rest[..name].to_owned(), value[..length].to_owned());
    Some((kind, name + 1 + space + length))
}

fn env(rest: &str) -> Option<(Kind, usize)> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if let Some(inner) = rest.strip_prefix("${") {
        let name = inner.strip_prefix("env:").unwrap_or(inner);
        let length = run(name, plain);
        let whole = length > 0 && name[length..].starts_with('}');
        return whole.then(|| (Kind::Env(name[..length].to_owned()), rest.len() - name.len() + length + 1));
    }
    let name = rest.strip_prefix('$')?;
    let length = run(name, plain);
    let begins = name.starts_with(|c: char| c.is_ascii_uppercase());
    (length > 1 && begins).then(|| (Kind::Env(name[..length].to_owned()), length + 1))
}
