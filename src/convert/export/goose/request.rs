//! Requests in Rust.

use super::super::{
    literal::{comment, rust},
    program::{Call, Check, Compare, Escaped, Extract, Found, Key, Leads, Part, Payload, Source, Text, keys},
    sentence,
};
use crate::{
    convert::LeftOut,
    loadtest::{
        template::{self, Item},
        types::ExtractFrom,
    },
};

/// A text as an expression of type `String`.
pub(super) fn text(text: &Text) -> String {
    match text.as_slice() {
        [] => "String::new()".to_owned(),
        [Part::Fixed(text)] => format!("{}.to_owned()", rust(text)),
        [one] => part(one),
        parts => format!("[{}].concat()", parts.iter().map(part).collect::<Vec<_>>().join(", ")),
    }
}

/// Texts as elements of a list.
pub(super) fn list(texts: &[Text]) -> String {
    texts.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn part(part: &Part) -> String {
    match part {
        Part::Fixed(text) => format!("{}.to_owned()", rust(text)),
        Part::Moving(source, escape) => {
            let value = value(source);
            match escape {
                Escaped::None => format!("as_text(&{value})"),
                Escaped::Json => format!("as_json(&{value})"),
                Escaped::JsonValue => format!("as_json_value(&{value})"),
                Escaped::Path => format!("as_path(&{value})"),
                Escaped::Query => format!("as_query(&{value})"),
                Escaped::Form => format!("as_form(&{value})"),
                Escaped::Header => format!("as_header(&{value})"),
            }
        }
    }
}

fn value(source: &Source) -> String {
    match source {
        Source::Env(name) => format!("env({})", rust(name)),
        Source::Slot(name) => format!("user.slot({})?", rust(name)),
        Source::Cell(feeder, column) => format!("user.cell({feeder}, {})?", rust(column)),
        Source::Call(call) => match call {
            template::Call::Uuid => "uuid()".to_owned(),
            template::Call::Now => "now()".to_owned(),
            template::Call::NowUnix => "now_unix()".to_owned(),
            template::Call::NowUnixMs => "now_unix_ms()".to_owned(),
            template::Call::RandomInt(low, high) => format!("random_int({low}, {high})"),
            template::Call::RandomChoice(items) => {
                format!("random_choice(&[{}])", items.iter().map(item).collect::<Vec<_>>().join(", "))
            }
        },
    }
}

/// A value as JSON.
fn item(item: &Item) -> String {
    match item.bare_json {
        true => rust(&item.text),
        false => rust(&serde_json::Value::from(&*item.text).to_string()),
    }
}

/// A function that puts a request together; `None` where Goose has no such method.
pub(super) fn function(name: &str, call: &Call, hosts: &str, notes: &mut Vec<LeftOut>) -> Option<String> {
    let Some(method) = method(&call.method) else {
        let method = &call.method;
        notes.push(LeftOut::new(
            call.place.as_str(),
            format!("Goose sends no {method}: the request is left out"),
        ));
        return None;
    };
    let target = text(&call.target);
    let url = match call.leads {
        Leads::Path => format!("user.host(&{hosts}) + &{target}"),
        Leads::Whole => target,
        Leads::Told => format!("whole(user.host(&{hosts}), {target})"),
    };
    let mut out = format!(
        "// {}\nfn {name}(user: &mut Memory) -> Result<Request, Missing> {{\n    Ok(Request {{\n",
        comment(&call.label)
    );
    let mut put = |key: &str, value: &str| out.push_str(&format!("        {key}: {value},\n"));
    put("name", &rust(&call.label));
    put("method", &format!("GooseMethod::{method}"));
    put("url", &url);
    put("headers", &block(headers(call)));
    put("body", &body(call, notes));
    put("timeout_ms", &call.timeout_ms.to_string());
    put("checks", &block(call.checks.iter().filter_map(|one| check(one, notes)).collect()));
    put("extracts", &block(call.extracts.iter().filter_map(|one| extract(one, notes)).collect()));
    out.push_str("    })\n}\n");
    Some(out)
}

fn block(lines: Vec<String>) -> String {
    if lines.is_empty() {
        return "vec![]".to_owned();
    }
    let lines: String = lines.iter().map(|line| format!("            {line},\n")).collect();
    format!("vec![\n{lines}        ]")
}

fn method(method: &str) -> Option<&'static str> {
    Some(match method {
        "DELETE" => "Delete",
        "GET" => "Get",
        "HEAD" => "Head",
        "PATCH" => "Patch",
        "POST" => "Post",
        "PUT" => "Put",
        _ => return None,
    })
}

fn headers(call: &Call) -> Vec<String> {
    let basic = call
        .basic
        .as_ref()
        .map(|(user, password)| format!("(\"Authorization\", basic(&{}, &{}))", text(user), text(password)));
    let others = call.headers.iter().map(|(name, value)| format!("({}, {})", rust(name), text(value)));
    basic.into_iter().chain(others).collect()
}

fn body(call: &Call, notes: &mut Vec<LeftOut>) -> String {
    match &call.body {
        None => "None".to_owned(),
        Some(Payload::Text(body)) => format!("Some({}.into_bytes())", text(body)),
        Some(Payload::File(name)) => {
            notes.push(LeftOut::new(
                call.place.key("body").key("file").as_str(),
                format!("{name} becomes part of the program: put it beside the source"),
            ));
            format!("Some(include_bytes!({}).to_vec())", rust(name))
        }
    }
}

fn path(path: &str, place: &str, notes: &mut Vec<LeftOut>) -> Option<String> {
    let Some(keys) = keys(path) else {
        notes.push(LeftOut::new(place, sentence::path(path)));
        return None;
    };
    let key = |key: &Key| match key {
        Key::Name(name) => format!("Key::Name({})", rust(name)),
        Key::Place(place) => format!("Key::Place({place})"),
        Key::Any => "Key::Any".to_owned(),
    };
    Some(format!("&[{}]", keys.iter().map(key).collect::<Vec<_>>().join(", ")))
}

/// A regular expression that is compiled once.
fn pattern(pattern: &str) -> String {
    format!(
        "{{ static PATTERN: LazyLock<Regex> = LazyLock::new(|| Regex::new({}).expect(\"a regular expression\")); \
         &PATTERN }}",
        rust(pattern)
    )
}

fn compared(compare: &Compare) -> String {
    format!("\"{}\", {}", compare.symbol(), rust(&compare.value.to_string()))
}

fn check(check: &Check, notes: &mut Vec<LeftOut>) -> Option<String> {
    let place = check.place.as_str();
    Some(match &check.found {
        Found::Status(codes) => {
            let codes: Vec<String> = codes.iter().map(u16::to_string).collect();
            format!("Check::Status(&[{}])", codes.join(", "))
        }
        Found::Json(of, compare) => {
            format!("Check::Json({}, {})", path(of, place, notes)?, compared(compare))
        }
        Found::Header(name, compare) => format!("Check::Header({}, {})", rust(name), compared(compare)),
        Found::Contains(text) => format!("Check::Contains({})", rust(text)),
        Found::Matches(of) => format!("Check::Matches({})", pattern(of)),
        Found::Time(limit) => format!("Check::Time(\"{}\", {:?})", sentence::op(limit.op), limit.value),
        Found::Size(_) => {
            notes.push(LeftOut::new(
                place,
                "Goose tells the size of no answer as it came: the check is left out",
            ));
            return None;
        }
    })
}

fn extract(extract: &Extract, notes: &mut Vec<LeftOut>) -> Option<String> {
    let from = match extract.from {
        ExtractFrom::Json => format!("From::Json({})", path(&extract.what, extract.place.as_str(), notes)?),
        ExtractFrom::Regex => format!("From::Regex({})", pattern(&extract.what)),
        ExtractFrom::Header => format!("From::Header({})", rust(&extract.what)),
        ExtractFrom::Cookie => format!("From::Cookie({})", rust(&extract.what)),
        ExtractFrom::Status => "From::Status".to_owned(),
    };
    let otherwise =
        extract.default.as_ref().map_or_else(|| "None".to_owned(), |text| format!("Some({})", rust(text)));
    Some(format!("Extract({}, {from}, {otherwise})", rust(&extract.name)))
}
