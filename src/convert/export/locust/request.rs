//! Requests in Python.

use serde_json::Value;

use super::super::{
    literal::python,
    program::{
        Call, Check, Compare, Dialect, Escaped, Extract, Found, Key, Leads, Part, Payload, Source, Text,
        keys, portable,
    },
    sentence,
};
use crate::{
    convert::LeftOut,
    loadtest::{
        template::{self, Item},
        types::ExtractFrom,
    },
};

/// A text as an expression.
pub(super) fn text(text: &Text) -> String {
    if text.is_empty() {
        return "\"\"".to_owned();
    }
    text.iter().map(part).collect::<Vec<_>>().join(" + ")
}

/// Texts as elements of a list.
pub(super) fn list(texts: &[Text]) -> String {
    texts.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn part(part: &Part) -> String {
    match part {
        Part::Fixed(text) => python(text),
        Part::Moving(source, escape) => {
            let value = value(source);
            match escape {
                Escaped::None => format!("as_text({value})"),
                Escaped::Json => format!("as_json({value})"),
                Escaped::JsonValue => format!("as_json_value({value})"),
                Escaped::Path => format!("as_path({value})"),
                Escaped::Query => format!("as_query({value})"),
                Escaped::Form => format!("as_form({value})"),
                Escaped::Header => format!("as_header({value})"),
            }
        }
    }
}

fn value(source: &Source) -> String {
    match source {
        Source::Env(name) => format!("env({})", python(name)),
        Source::Slot(name) => format!("self.slot({})", python(name)),
        Source::Cell(feeder, column) => format!("self.cell(DATA_{feeder}, {})", python(column)),
        Source::Call(call) => match call {
            template::Call::Uuid => "new_uuid()".to_owned(),
            template::Call::Now => "now()".to_owned(),
            template::Call::NowUnix => "now_unix()".to_owned(),
            template::Call::NowUnixMs => "now_unix_ms()".to_owned(),
            template::Call::RandomInt(low, high) => format!("random.randint({low}, {high})"),
            template::Call::RandomChoice(items) => {
                format!("random.choice([{}])", items.iter().map(item).collect::<Vec<_>>().join(", "))
            }
        },
    }
}

fn item(item: &Item) -> String {
    if item.bare_json { item.text.to_string() } else { python(&item.text) }
}

/// JSON as Python.
fn json(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => python(text),
        other => format!("json.loads({})", python(&other.to_string())),
    }
}

/// A method that puts a request together.
pub(super) fn function(name: &str, call: &Call, left_out: &mut Vec<LeftOut>) -> String {
    let mut out = format!("    def {name}(self):\n        return {{\n");
    let mut put = |key: &str, value: String| out.push_str(&format!("            \"{key}\": {value},\n"));
    put("name", python(&call.label));
    put("method", python(&call.method));
    let target = text(&call.target);
    put(
        "url",
        match call.leads {
            Leads::Path => format!("self.base + {target}"),
            Leads::Whole => target,
            Leads::Told => format!("whole(self.base, {target})"),
        },
    );
    let headers = headers(call);
    if !headers.is_empty() {
        put("headers", format!("{{\n{headers}            }}"));
    }
    match &call.body {
        Some(Payload::Text(body)) => put("body", text(body)),
        Some(Payload::File(name)) => {
            put("body", format!("Path(__file__).with_name({}).read_bytes()", python(name)));
            left_out.push(LeftOut::new(
                call.place.key("body").key("file").as_str(),
                format!("the file reads {name}: put it beside it"),
            ));
        }
        None => {}
    }
    put("timeout", format!("{}.{:03}", call.timeout_ms / 1000, call.timeout_ms % 1000));
    put("redirects", call.redirects.to_string());
    for (key, lines) in [
        ("checks", call.checks.iter().filter_map(|one| check(one, left_out)).collect::<Vec<_>>()),
        ("extract", call.extracts.iter().filter_map(|one| extract(one, left_out)).collect()),
    ] {
        if !lines.is_empty() {
            let lines: String = lines.iter().map(|line| format!("                ({line}),\n")).collect();
            put(key, format!("[\n{lines}            ]"));
        }
    }
    out.push_str("        }\n\n");
    out
}

fn headers(call: &Call) -> String {
    let mut out = String::new();
    if let Some((user, password)) = &call.basic {
        let both = format!("({} + \":\" + {}).encode()", text(user), text(password));
        out.push_str(&format!(
            "                \"Authorization\": \"Basic \" + base64.b64encode({both}).decode(),\n"
        ));
    }
    for (name, value) in &call.headers {
        out.push_str(&format!("                {}: {},\n", python(name), text(value)));
    }
    out
}

fn path(path: &str, place: &str, left_out: &mut Vec<LeftOut>) -> Option<String> {
    let Some(keys) = keys(path) else {
        left_out.push(LeftOut::new(place, sentence::path(path)));
        return None;
    };
    let keys: String = keys
        .iter()
        .map(|key| match key {
            Key::Name(name) => python(name) + ", ",
            Key::Place(place) => format!("{place}, "),
            Key::Any => "None, ".to_owned(),
        })
        .collect();
    Some(format!("({keys})"))
}

fn pattern(pattern: &str, place: &str, left_out: &mut Vec<LeftOut>) -> Option<String> {
    let portable = portable(pattern, Dialect::Python);
    if portable.is_none() {
        left_out.push(LeftOut::new(place, sentence::pattern(pattern)));
    }
    portable.map(|pattern| python(&pattern))
}

fn compared(compare: &Compare) -> String {
    format!("\"{}\", {}", compare.symbol(), json(&compare.value))
}

fn check(check: &Check, left_out: &mut Vec<LeftOut>) -> Option<String> {
    let place = check.place.as_str();
    let what = match &check.found {
        Found::Status(codes) => {
            let codes: Vec<String> = codes.iter().map(u16::to_string).collect();
            format!("\"status\", [{}]", codes.join(", "))
        }
        Found::Json(of, compare) => {
            format!("\"json\", {}, {}", path(of, place, left_out)?, compared(compare))
        }
        Found::Header(name, compare) => format!("\"header\", {}, {}", python(name), compared(compare)),
        Found::Contains(text) => format!("\"contains\", {}", python(text)),
        Found::Matches(of) => format!("\"matches\", {}", pattern(of, place, left_out)?),
        Found::Time(limit) => format!("\"time\", \"{}\", {}", sentence::op(limit.op), limit.value),
        Found::Size(_) => {
            left_out.push(LeftOut::new(
                place,
                "Locust tells the size of no answer as it came: the check is left out",
            ));
            return None;
        }
    };
    Some(format!("{}, {what}", python(&check.words)))
}

fn extract(extract: &Extract, left_out: &mut Vec<LeftOut>) -> Option<String> {
    let place = extract.place.as_str();
    let (kind, what) = match extract.from {
        ExtractFrom::Json => ("json", path(&extract.what, place, left_out)?),
        ExtractFrom::Regex => ("regex", pattern(&extract.what, place, left_out)?),
        ExtractFrom::Header => ("header", python(&extract.what)),
        ExtractFrom::Cookie => ("cookie", python(&extract.what)),
        ExtractFrom::Status => ("status", "None".to_owned()),
    };
    let otherwise = extract.default.as_ref().map(|text| format!(", {}", python(text))).unwrap_or_default();
    Some(format!("{}, \"{kind}\", {what}{otherwise}", python(&extract.name)))
}
