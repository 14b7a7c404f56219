//! Requests in JavaScript.

use super::super::{
    literal::javascript,
    program::{
        Call, Check, Compare, Dialect, Escaped, Extract, Found, Key, Leads, Part, Payload, Source, Text,
        keys, portable,
    },
    sentence,
};
use crate::{
    convert::LeftOut,
    loadtest::{
        span::Span,
        template::{self, Item},
        types::ExtractFrom,
    },
};

/// A text as an expression.
pub(super) fn text(text: &Text) -> String {
    if text.is_empty() {
        return "''".to_owned();
    }
    text.iter().map(part).collect::<Vec<_>>().join(" + ")
}

/// Texts as elements of a list.
pub(super) fn list(texts: &[Text]) -> String {
    texts.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn part(part: &Part) -> String {
    match part {
        Part::Fixed(text) => javascript(text),
        Part::Moving(source, escape) => {
            let value = value(source);
            match escape {
                Escaped::None => format!("asText({value})"),
                Escaped::Json => format!("asJson({value})"),
                Escaped::JsonValue => format!("asJsonValue({value})"),
                Escaped::Path => format!("asPath({value})"),
                Escaped::Query => format!("asQuery({value})"),
                Escaped::Form => format!("asForm({value})"),
                Escaped::Header => format!("asHeader({value})"),
            }
        }
    }
}

fn value(source: &Source) -> String {
    match source {
        Source::Env(name) => format!("env({})", javascript(name)),
        Source::Slot(name) => format!("user.slot({})", javascript(name)),
        Source::Cell(feeder, column) => format!("user.cell(DATA_{feeder}, {})", javascript(column)),
        Source::Call(call) => match call {
            template::Call::Uuid => "uuid()".to_owned(),
            template::Call::Now => "now()".to_owned(),
            template::Call::NowUnix => "nowUnix()".to_owned(),
            template::Call::NowUnixMs => "nowUnixMs()".to_owned(),
            template::Call::RandomInt(low, high) => format!("randomInt({low}, {high})"),
            template::Call::RandomChoice(items) => {
                format!("randomChoice([{}])", items.iter().map(item).collect::<Vec<_>>().join(", "))
            }
        },
    }
}

fn item(item: &Item) -> String {
    if item.bare_json { item.text.to_string() } else { javascript(&item.text) }
}

/// JSON as JavaScript. A member named `__proto__` would be something else in a script.
pub(super) fn json(json: &str) -> String {
    if json.contains("__proto__") {
        return format!("JSON.parse({})", javascript(json));
    }
    sentence::visible(json)
}

/// A call that sends a request and says whether it passed.
pub(super) fn send(call: &Call, hosts: &str, left_out: &mut Vec<LeftOut>) -> String {
    let url = match call.leads {
        Leads::Path => format!("user.host({hosts}) + {}", text(&call.target)),
        Leads::Whole => text(&call.target),
        Leads::Told => format!("whole(user.host({hosts}), {})", text(&call.target)),
    };
    let mut out = format!(
        "send({{\n    name: {},\n    id: {},\n    method: {},\n    url: {url},\n",
        javascript(&call.label),
        javascript(&sentence::id(&call.label)),
        javascript(&call.method),
    );
    let headers = headers(call);
    if !headers.is_empty() {
        out.push_str(&format!("    headers: {{\n{headers}    }},\n"));
    }
    match &call.body {
        Some(Payload::Text(body)) => out.push_str(&format!("    body: {},\n", text(body))),
        Some(Payload::File(name)) => out.push_str(&format!("    body: FILES[{}],\n", javascript(name))),
        None => {}
    }
    let timeout = Span::from_millis(call.timeout_ms.max(1));
    out.push_str(&format!("    timeout: '{timeout}',\n    redirects: {},\n", call.redirects));
    if call.status_checked() {
        let codes: Vec<String> = call.statuses().map(|code| code.to_string()).collect();
        out.push_str(&format!("    statuses: [{}],\n", codes.join(", ")));
    }
    out.push_str(&lines("checks", call.checks.iter().filter_map(|one| check(one, left_out))));
    out.push_str(&lines("extract", call.extracts.iter().filter_map(|one| extract(one, left_out))));
    out.push_str("  })");
    out
}

fn lines(key: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.map(|line| format!("      [{line}],\n")).collect();
    if lines.is_empty() { String::new() } else { format!("    {key}: [\n{}    ],\n", lines.concat()) }
}

fn headers(call: &Call) -> String {
    let mut out = String::new();
    if let Some((user, password)) = &call.basic {
        let both = format!("{} + ':' + {}", text(user), text(password));
        out.push_str(&format!("      Authorization: 'Basic ' + encoding.b64encode({both}),\n"));
    }
    for (name, value) in &call.headers {
        out.push_str(&format!("      {}: {},\n", javascript(name), text(value)));
    }
    out
}

fn path(path: &str, place: &str, left_out: &mut Vec<LeftOut>) -> Option<String> {
    let Some(keys) = keys(path) else {
        left_out.push(LeftOut::new(place, sentence::path(path)));
        return None;
    };
    let keys: Vec<String> = keys
        .iter()
        .map(|key| match key {
            Key::Name(name) => javascript(name),
            Key::Place(place) => place.to_string(),
            Key::Any => "null".to_owned(),
        })
        .collect();
    Some(format!("[{}]", keys.join(", ")))
}

fn pattern(pattern: &str, place: &str, left_out: &mut Vec<LeftOut>) -> Option<String> {
    let portable = portable(pattern, Dialect::JavaScript).filter(|pattern| !pattern.is_empty());
    if portable.is_none() {
        left_out.push(LeftOut::new(place, sentence::pattern(pattern)));
    }
    portable.map(|pattern| format!("new RegExp({})", javascript(&pattern)))
}

fn compared(compare: &Compare) -> String {
    format!("'{}', {}", compare.symbol(), json(&compare.value.to_string()))
}

fn check(check: &Check, left_out: &mut Vec<LeftOut>) -> Option<String> {
    let place = check.place.as_str();
    let what = match &check.found {
        Found::Status(codes) => {
            let codes: Vec<String> = codes.iter().map(u16::to_string).collect();
            format!("'status', [{}]", codes.join(", "))
        }
        Found::Json(of, compare) => format!("'json', {}, {}", path(of, place, left_out)?, compared(compare)),
        Found::Header(name, compare) => format!("'header', {}, {}", javascript(name), compared(compare)),
        Found::Contains(text) => format!("'contains', {}", javascript(text)),
        Found::Matches(of) => format!("'matches', {}", pattern(of, place, left_out)?),
        Found::Time(limit) => format!("'time', '{}', {}", sentence::op(limit.op), limit.value),
        Found::Size(_) => {
            left_out.push(LeftOut::new(
                place,
                "k6 tells the size of no answer as it came: the check is left out",
            ));
            return None;
        }
    };
    // k6 keeps two colons for groups.
    Some(format!("{}, {what}", javascript(&check.words.replace("::", ":"))))
}

fn extract(extract: &Extract, left_out: &mut Vec<LeftOut>) -> Option<String> {
    let place = extract.place.as_str();
    let (kind, what) = match extract.from {
        ExtractFrom::Json => ("json", path(&extract.what, place, left_out)?),
        ExtractFrom::Regex => ("regex", pattern(&extract.what, place, left_out)?),
        ExtractFrom::Header => ("header", javascript(&extract.what)),
        ExtractFrom::Cookie => ("cookie", javascript(&extract.what)),
        ExtractFrom::Status => ("status", "undefined".to_owned()),
    };
    let otherwise =
        extract.default.as_ref().map(|text| format!(", {}", javascript(text))).unwrap_or_default();
    Some(format!("{}, '{kind}', {what}{otherwise}", javascript(&extract.name)))
}
