//! Requests as calls of curl.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::{
    literal::bash,
    names::Names,
    program::{
        Call, Check, Compare, Dialect, Escaped, Extract, Found, Key, Leads, Part, Payload, Program, Scene,
        Source, Text, keys, portable,
    },
    sentence,
};
use crate::{
    convert::LeftOut,
    loadtest::{
        template::{self, Item},
        types::{ExtractFrom, HttpVersion},
    },
};

/// The variables of the shell that values of a scenario are kept in.
pub(super) struct Slots(BTreeMap<String, String>);

impl Slots {
    pub(super) fn of(scene: &Scene, taken: &mut Names) -> Self {
        let extracts = scene.acts.iter().flat_map(|act| &act.calls).flat_map(|call| &call.extracts);
        let mut slots = BTreeMap::new();
        for extract in extracts {
            slots.entry(extract.name.clone()).or_insert_with(|| format!("v_{}", taken.of(&extract.name)));
        }
        Self(slots)
    }

    /// The variable of a value.
    fn variable(&self, name: &str) -> &str {
        self.0.get(name).map_or("v_", String::as_str)
    }
}

/// Writes texts of one test.
struct Writer<'a> {
    program: &'a Program<'a>,
    slots: &'a Slots,
    /// Variables that the text needs.
    needed: BTreeSet<String>,
}

impl Writer<'_> {
    /// A text as one word.
    fn word(&mut self, text: &Text) -> String {
        if text.is_empty() {
            return "''".to_owned();
        }
        text.iter().map(|part| self.part(part)).collect()
    }

    fn part(&mut self, part: &Part) -> String {
        let (source, escape) = match part {
            Part::Fixed(text) => return bash(text),
            Part::Moving(source, escape) => (source, *escape),
        };
        match source {
            Source::Env(name) => escaped(&format!("\"${name}\""), escape, false),
            Source::Slot(name) => {
                let variable = self.slots.variable(name).to_owned();
                let word = match escape {
                    Escaped::JsonValue => format!("\"${{{variable}_json}}\""),
                    _ => escaped(&format!("\"${variable}\""), escape, false),
                };
                self.needed.insert(variable);
                word
            }
            Source::Cell(feeder, column) => {
                let row = &self.program.rows[*feeder].first;
                let cell = row.iter().find(|(name, _)| name == column).map(|(_, item)| item);
                cell.map_or_else(|| "''".to_owned(), |item| bash(&fixed(item, escape)))
            }
            Source::Call(call) => match call {
                template::Call::Uuid => escaped("\"$(uuid)\"", escape, false),
                template::Call::Now => escaped("\"$(now)\"", escape, false),
                template::Call::NowUnix => escaped("\"$(now_unix)\"", escape, true),
                template::Call::NowUnixMs => escaped("\"$(now_unix_ms)\"", escape, true),
                template::Call::RandomInt(low, high) => {
                    escaped(&format!("\"$(random_int {low} {high})\""), escape, true)
                }
                template::Call::RandomChoice(items) => choice(items, escape),
            },
        }
    }
}

/// One of these. In the place of a JSON value, each is written as one.
fn choice(items: &[Item], escape: Escaped) -> String {
    let json = escape == Escaped::JsonValue;
    let item = |item: &Item| bash(&if json { fixed(item, escape) } else { item.text.to_string() });
    let items = items.iter().map(item).collect::<Vec<_>>().join(" ");
    if json {
        return format!("\"$(choose_json {items})\"");
    }
    escaped(&format!("\"$(choose {items})\""), escape, false)
}

fn fixed(item: &Item, escape: Escaped) -> String {
    let mut out = String::new();
    match item.bare_json {
        true => escape.bare(&item.text, &mut out),
        false => escape.text(&item.text, &mut out),
    }
    out
}

/// A word, escaped for its place; `bare` where JSON writes it without quotes.
fn escaped(word: &str, escape: Escaped, bare: bool) -> String {
    let function = match escape {
        Escaped::None => return word.to_owned(),
        Escaped::JsonValue if bare => return word.to_owned(),
        Escaped::Json => "as_json",
        Escaped::JsonValue => "as_json_value",
        Escaped::Path => "as_path",
        Escaped::Query => "as_query",
        Escaped::Form => "as_form",
        Escaped::Header => "as_header",
    };
    format!("\"$({function} {word})\"")
}

/// A request with its checks and extractions.
pub(super) fn written(
    program: &Program<'_>,
    scene: &Scene,
    call: &Call,
    slots: &Slots,
    notes: &mut Vec<LeftOut>,
) -> String {
    let mut writer = Writer { program, slots, needed: BTreeSet::new() };
    let mut arguments = vec![format!("request {}", bash(&call.label))];
    let host = program.hosts_of(scene).first().map(|host| writer.word(host)).unwrap_or_default();
    let target = writer.word(&call.target);
    arguments.push(match call.leads {
        Leads::Path => format!("--url {host}{target}"),
        Leads::Whole => format!("--url {target}"),
        Leads::Told => format!("--url \"$(whole {host} {target})\""),
    });
    arguments.extend(method(call));
    arguments.extend(headers(call, &mut writer));
    arguments.extend(body(call, &mut writer, notes));
    arguments.extend(options(program, call, notes));
    let mut out = String::new();
    if !writer.needed.is_empty() {
        let needed: Vec<&str> = writer.needed.iter().map(String::as_str).collect();
        out.push_str(&format!("    needs {} || return\n", needed.join(" ")));
    }
    out.push_str(&format!("    {} || return\n", arguments.join(" \\\n        ")));
    // Everything is judged and taken before a failed request ends its transaction.
    let mut after: Vec<String> = Vec::new();
    if !call.status_checked() {
        after.push("passes".to_owned());
    }
    after.extend(call.checks.iter().filter_map(|one| check(one, notes)));
    after.extend(call.extracts.iter().filter_map(|one| extract(one, slots, notes)));
    if !after.is_empty() {
        out.push_str("    local before=$failures\n");
        after.iter().for_each(|line| out.push_str(&format!("    {line}\n")));
        out.push_str("    ((failures == before)) || return\n");
    }
    out
}

/// A method is only named where curl would take another one: a named one is kept through redirects.
fn method(call: &Call) -> Option<String> {
    let usual = if call.body.is_some() { "POST" } else { "GET" };
    match call.method.as_str() {
        method if method == usual => None,
        "HEAD" if call.body.is_none() => Some("--head".to_owned()),
        "POST" => Some("--data-raw ''".to_owned()),
        method => Some(format!("--request {}", bash(method))),
    }
}

fn headers(call: &Call, writer: &mut Writer<'_>) -> Vec<String> {
    let mut out = Vec::new();
    if let Some((user, password)) = &call.basic {
        let both = format!("{}:{}", writer.word(user), writer.word(password));
        out.push(format!("--header \"Authorization: Basic $(printf '%s' {both} | base64 -w 0)\""));
    }
    for (name, value) in &call.headers {
        let value = match value.is_empty() {
            // A colon alone would take the header away.
            true => bash(&format!("{name};")),
            false => format!("{}{}", bash(&format!("{name}: ")), writer.word(value)),
        };
        out.push(format!("--header {value}"));
    }
    let typed = call.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if !typed && (call.body.is_some() || call.method == "POST") {
        out.push("--header Content-Type:".to_owned());
    }
    out
}

fn body(call: &Call, writer: &mut Writer<'_>, notes: &mut Vec<LeftOut>) -> Option<String> {
    match call.body.as_ref()? {
        Payload::Text(text) => {
            if text.iter().any(|part| matches!(part, Part::Fixed(text) if text.contains('\0'))) {
                notes.push(LeftOut::new(
                    call.place.key("body").as_str(),
                    "bash has no text with a NUL in it: U+FFFD stands for it; put the body into a file",
                ));
            }
            Some(format!("--data-raw {}", writer.word(text)))
        }
        Payload::File(name) => {
            notes.push(LeftOut::new(
                call.place.key("body").key("file").as_str(),
                format!("the script reads {name}: put it into the folder that it is run in"),
            ));
            let name = if name.starts_with('/') { name.clone() } else { format!("./{name}") };
            Some(format!("--data-binary {}", bash(&format!("@{name}"))))
        }
    }
}

fn options(program: &Program<'_>, call: &Call, notes: &mut Vec<LeftOut>) -> Vec<String> {
    let target = &program.loadtest().target;
    let mut out = vec![format!("--max-time {}", seconds(call.timeout_ms))];
    if call.redirects > 0 {
        out.push(format!("--location --max-redirs {}", call.redirects));
    }
    if target.compression {
        out.push("--compressed".to_owned());
    }
    match target.http_version {
        HttpVersion::Auto => {}
        HttpVersion::Http1 => out.push("--http1.1".to_owned()),
        HttpVersion::Http2 => out.push("--http2-prior-knowledge".to_owned()),
    }
    if !target.tls.verify {
        out.push("--insecure".to_owned());
    }
    for (option, file) in [
        ("--cacert", &target.tls.ca_file),
        ("--cert", &target.tls.client_cert),
        ("--key", &target.tls.client_key),
    ] {
        if let Some(file) = file {
            let file = file.display().to_string();
            out.push(format!("{option} {}", bash(&file)));
            notes.push(LeftOut::new(
                "target.tls",
                format!("the script reads {file} from the folder that it is run in"),
            ));
        }
    }
    out
}

fn seconds(ms: u64) -> String {
    if ms.is_multiple_of(1000) { (ms / 1000).to_string() } else { format!("{}.{:03}", ms / 1000, ms % 1000) }
}

/// A path as steps of jq, each of which gives nothing where there is nothing.
fn steps(path: &str, place: &str, notes: &mut Vec<LeftOut>) -> Option<String> {
    let Some(keys) = keys(path) else {
        notes.push(LeftOut::new(place, sentence::path(path)));
        return None;
    };
    let step = |key: &Key| match key {
        Key::Name(name) => {
            let name = Value::from(name.as_str());
            format!(" | select(type == \"object\" and has({name})) | .[{name}]")
        }
        Key::Place(at) if *at >= 0 => format!(" | select(type == \"array\" and length > {at}) | .[{at}]"),
        Key::Place(at) => {
            format!(" | select(type == \"array\" and length >= {}) | .[{at}]", at.unsigned_abs())
        }
        Key::Any => " | .[]?".to_owned(),
    };
    Some(bash(&keys.iter().map(step).collect::<String>()))
}

fn pattern(pattern: &str, place: &str, notes: &mut Vec<LeftOut>) -> Option<String> {
    let portable = portable(pattern, Dialect::Perl);
    if portable.is_none() {
        notes.push(LeftOut::new(place, sentence::pattern(pattern)));
    }
    portable.map(|pattern| bash(&pattern))
}

fn check(check: &Check, notes: &mut Vec<LeftOut>) -> Option<String> {
    let place = check.place.as_str();
    let compared =
        |compare: &Compare| format!("{} {}", bash(compare.symbol()), bash(&compare.value.to_string()));
    Some(match &check.found {
        Found::Status(codes) => {
            let codes: Vec<String> = codes.iter().map(u16::to_string).collect();
            format!("status_in {}", codes.join(" "))
        }
        Found::Json(path, compare) => format!("json_is {} {}", steps(path, place, notes)?, compared(compare)),
        Found::Header(name, compare) => format!("header_is {} {}", bash(name), compared(compare)),
        Found::Contains(text) => format!("contains {}", bash(text)),
        Found::Matches(of) => format!("matches {}", pattern(of, place, notes)?),
        Found::Time(limit) => format!("in_time {} {}", bash(sentence::op(limit.op)), limit.value),
        Found::Size(limit) => format!("in_size {} {}", bash(sentence::op(limit.op)), limit.value),
    })
}

fn extract(extract: &Extract, slots: &Slots, notes: &mut Vec<LeftOut>) -> Option<String> {
    let place = extract.place.as_str();
    let name = slots.variable(&extract.name);
    let what = match extract.from {
        ExtractFrom::Json => format!("take_json {name} {}", steps(&extract.what, place, notes)?),
        ExtractFrom::Regex => format!("take_regex {name} {}", pattern(&extract.what, place, notes)?),
        ExtractFrom::Header => format!("take_header {name} {}", bash(&extract.what)),
        ExtractFrom::Cookie => format!("take_cookie {name} {}", bash(&extract.what)),
        ExtractFrom::Status => return Some(format!("take_status {name}")),
    };
    let otherwise = extract.default.as_ref().map(|text| format!(" {}", bash(text))).unwrap_or_default();
    Some(what + &otherwise)
}
