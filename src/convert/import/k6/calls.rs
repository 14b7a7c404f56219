//! What k6 gives its scripts: sending, checking, waiting, and what JavaScript has itself.

use super::super::script::{
    Act, Machine, Part, Piece, Value,
    tree::{At, Call},
    whole,
};
use crate::loadtest::types::{Check, Request, StatusSet};

/// What a path stands for that is no function.
pub(super) fn native(machine: &mut Machine<'_>, path: &str, at: At) -> Option<Value> {
    if let Some(name) = path.strip_prefix("__ENV.") {
        return Some(Value::template(machine.draft.env(name, &format!("`__ENV.{name}` of the script"))));
    }
    match path {
        "__VU"
        | "__ITER"
        | "k6/execution.vu.idInTest"
        | "k6/execution.vu.idInInstance"
        | "k6/execution.scenario.iterationInTest"
        | "k6/execution.vu.iterationInScenario"
        | "k6/execution.vu.iterationInInstance"
        | "k6/execution.scenario.iterationInInstance" => {
            machine.list(at, format!("`{path}` counts users or passes: a random number stands for it"));
            Some(Value::Between(1.0, 1_000_000.0, true))
        }
        "NaN" | "Infinity" => Some(Value::Unknown(at)),
        _ => None,
    }
}

/// Something of an answer.
pub(super) fn part(part: &Part, name: &str) -> Option<Part> {
    Some(match (part, name) {
        (Part::Whole, "status") => Part::Status,
        (Part::Whole, "body") => Part::Body,
        (Part::Whole, "timings") => Part::Timings,
        (Part::Whole, "headers") => Part::Headers,
        (Part::Whole, "cookies") => Part::Cookies,
        (Part::Timings, "duration") => Part::Millis,
        _ => return None,
    })
}

/// A call of something that k6 or JavaScript gives.
pub(super) fn call(machine: &mut Machine<'_>, path: &str, call: &Call, at: At) -> Option<Value> {
    if let Some(name) = path.strip_prefix("k6/http.") {
        return http(machine, name, call, at);
    }
    match path {
        "k6.check" => return Some(check(machine, call, at)),
        "k6.sleep" => {
            let length = machine.arg(call, 0, "").unwrap_or(Value::Nothing);
            machine.pause(&length, at);
            return Some(Value::Nothing);
        }
        "k6.group" => return Some(group(machine, call, at)),
        "k6.fail" => return Some(Value::Nothing),
        "open" | "k6/data.SharedArray" | "k6/experimental/fs.open" | "papaparse.parse" => {
            if !matches!(path, "papaparse.parse") {
                machine.list_code(at, "reads a data file, which is not read here: put the file under `data`");
            }
            return Some(Value::Data(at));
        }
        _ => {}
    }
    if path.starts_with("console.") {
        return Some(Value::Nothing);
    }
    // What counts for itself in a report, and what it counts.
    if let Some(kind) = path.strip_prefix("k6/metrics.") {
        machine.list_code(at, "is a metric of the script's own: it is not carried over");
        return Some(Value::Native(format!("metric {kind}")));
    }
    if path.starts_with("metric ") {
        return Some(Value::Nothing);
    }
    language(machine, path, call, at).or_else(|| utility(machine, path, call, at))
}

/// `http.*`.
fn http(machine: &mut Machine<'_>, name: &str, call: &Call, at: At) -> Option<Value> {
    let method = match name {
        "get" | "post" | "put" | "patch" | "head" | "options" => name.to_ascii_uppercase(),
        "del" => "DELETE".to_owned(),
        "request" | "asyncRequest" => {
            let method = machine.arg(call, 0, "")?;
            let Some(method) = method.as_str().map(str::to_ascii_uppercase) else {
                machine.list_code(at, "sends by a method that is known only when it runs: it is left out");
                return Some(machine.send(None, at));
            };
            return Some(sent(machine, &method, call, 1, at));
        }
        "batch" => return Some(batch(machine, call, at)),
        "url" => return machine.arg(call, 0, ""),
        "expectedStatuses" => return Some(expected(machine, call)),
        "file" => return Some(Value::Data(at)),
        _ => return None,
    };
    Some(sent(machine, &method, call, 0, at))
}

fn sent(machine: &mut Machine<'_>, method: &str, call: &Call, first: usize, at: At) -> Value {
    let url = machine.arg(call, first, "").unwrap_or(Value::Unknown(at));
    // get and head have no body; their second argument are the parameters.
    let bare = first == 0 && matches!(method, "GET" | "HEAD");
    let body = if bare { None } else { machine.arg(call, first + 1, "") };
    let params = machine.arg(call, first + if bare { 1 } else { 2 }, "");
    one(machine, method, &url, body, params, at)
}

fn one(
    machine: &mut Machine<'_>,
    method: &str,
    url: &Value,
    body: Option<Value>,
    params: Option<Value>,
    at: At,
) -> Value {
    let Some(mut request) = machine.request(method, url, at) else { return machine.send(None, at) };
    if let Some(params) = params {
        self::params(machine, &mut request, &params, at);
    }
    match body {
        None | Some(Value::Nothing) => {}
        Some(Value::Data(_)) => {
            machine
                .list(at, "its body is a file, which is not read: it is left out; add it with `body.file`");
            return machine.send(None, at);
        }
        Some(object @ Value::Object(_)) => {
            let has_file = matches!(&object, Value::Object(map) if map.values().any(|value| matches!(value, Value::Data(_))));
            if has_file {
                machine.list(
                    at,
                    "multipart forms are not sent yet: it is left out; write it by hand, with `body.form`",
                );
                return machine.send(None, at);
            }
            machine.form(&mut request, &object, at);
        }
        Some(text) => machine.text_body(&mut request, &text, None, at),
    }
    machine.send(Some(request), at)
}

/// The parameters of a request: headers, tags, timeout and the like.
fn params(machine: &mut Machine<'_>, request: &mut Request, params: &Value, at: At) {
    let Value::Object(map) = params else {
        if !matches!(params, Value::Nothing) {
            machine.list(at, "its parameters are known only when it runs: they are left out");
        }
        return;
    };
    for (key, value) in map.as_ref() {
        match (key.as_str(), value) {
            ("headers", headers) => machine.headers(request, headers, at),
            ("tags", Value::Object(tags)) => {
                for (tag, value) in tags.as_ref() {
                    match (tag.as_str(), value.as_str()) {
                        ("name", Some(name)) => request.name = Some(name.to_owned()),
                        _ => machine
                            .list(at, format!("the tag `{tag}` is not kept: requests have a name alone")),
                    }
                }
            }
            ("timeout", value) => match super::load::duration(value) {
                Some(span) => machine.timeout(request, span.get().as_secs_f64(), at),
                None => machine.list(at, "its timeout is known only when it runs"),
            },
            ("redirects", value) => {
                let most = value.as_f64().and_then(whole).and_then(|most| u8::try_from(most).ok());
                request.redirects = most.map(|most| most.min(20));
            }
            ("cookies", Value::Object(cookies)) => cookie(machine, request, cookies, at),
            ("responseCallback", Value::List(codes)) => {
                let codes: Vec<u16> =
                    codes.iter().filter_map(|code| u16::try_from(whole(code.as_f64()?)?).ok()).collect();
                if (1..=100).contains(&codes.len()) {
                    let check = Check { status: Some(StatusSet::Many(codes)), ..Check::default() };
                    request.check.push(check);
                }
            }
            ("responseType", _) => {}
            (key, _) => machine.list(at, format!("the parameter `{key}` is not carried over")),
        }
    }
}

fn cookie(
    machine: &mut Machine<'_>,
    request: &mut Request,
    cookies: &indexmap::IndexMap<String, Value>,
    at: At,
) {
    let mut all = Vec::new();
    for (name, value) in cookies {
        let value = value.get("value").cloned().unwrap_or_else(|| value.clone());
        let mut pieces = vec![Piece::Fixed(format!("{}{name}=", if all.is_empty() { "" } else { "; " }))];
        pieces.extend(machine.pieces(&value, at));
        all.extend(pieces);
    }
    machine.header(request, "Cookie", &Value::Text(all), at);
}

/// `http.batch([['GET', url], {method, url, body, params}, url])`: one after another here.
fn batch(machine: &mut Machine<'_>, call: &Call, at: At) -> Value {
    let all = machine.arg(call, 0, "").unwrap_or(Value::Unknown(at));
    let entries: Vec<(String, Value)> = match &all {
        Value::List(list) => {
            list.iter().enumerate().map(|(index, one)| (index.to_string(), one.clone())).collect()
        }
        Value::Object(map) => map.iter().map(|(key, one)| (key.clone(), one.clone())).collect(),
        _ => {
            machine.list_code(at, "sends requests that are known only when it runs: they are left out");
            return Value::Unknown(at);
        }
    };
    if entries.len() > 1 {
        machine.list(
            at,
            format!(
                "{} requests are sent at once by `http.batch`: they are sent one after another",
                entries.len()
            ),
        );
    }
    let mut answers = indexmap::IndexMap::new();
    for (key, entry) in entries {
        let of = |place: usize, name: &str| match &entry {
            Value::List(list) => list.get(place).cloned(),
            Value::Object(map) => map.get(name).cloned(),
            _ => None,
        };
        let method = of(0, "method").and_then(|method| method.as_str().map(str::to_ascii_uppercase));
        let answer = match &entry {
            Value::List(_) | Value::Object(_) => {
                let url = of(1, "url").unwrap_or(Value::Unknown(at));
                one(machine, method.as_deref().unwrap_or("GET"), &url, of(2, "body"), of(3, "params"), at)
            }
            url => one(machine, "GET", url, None, None, at),
        };
        answers.insert(key, answer);
    }
    match all {
        Value::List(_) => Value::list(answers.into_values().collect()),
        _ => Value::Object(std::rc::Rc::new(answers)),
    }
}

/// The statuses that count as passed.
fn expected(machine: &mut Machine<'_>, call: &Call) -> Value {
    let mut codes = Vec::new();
    for arg in &call.args {
        let value = machine.eval(&arg.value);
        let edge = |name: &str| value.get(name).and_then(Value::as_f64).and_then(whole);
        match (edge("min"), edge("max"), &value) {
            (Some(min), Some(max), _) if max - min < 100 => codes.extend((min..=max).map(Value::whole)),
            (None, None, Value::Number(_)) => codes.push(value),
            // What is below 400 passes anyway.
            _ => return Value::list(Vec::new()),
        }
    }
    Value::list(codes)
}

fn check(machine: &mut Machine<'_>, call: &Call, at: At) -> Value {
    let (answer, tests) = (machine.arg(call, 0, ""), machine.arg(call, 1, ""));
    let (Some(answer), Some(Value::Object(tests))) = (answer, tests) else {
        machine.list_code(at, "checks what is known only when it runs");
        return Value::Bool(true);
    };
    for (name, test) in tests.as_ref() {
        machine.named_check(name, test, &answer, at);
    }
    Value::Bool(true)
}

fn group(machine: &mut Machine<'_>, call: &Call, at: At) -> Value {
    let name = machine.arg(call, 0, "");
    let name = name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_else(|| "group".to_owned());
    let Some(Value::Function(function, sees)) = machine.arg(call, 1, "") else {
        machine.list_code(at, "is a group of nothing that is known");
        return Value::Unknown(at);
    };
    machine.acts.push(Act::Group(name));
    let value = machine.run(&function, sees, Vec::new());
    machine.acts.push(Act::EndGroup);
    value
}

/// What JavaScript has itself.
fn language(machine: &mut Machine<'_>, path: &str, call: &Call, at: At) -> Option<Value> {
    let first = |machine: &mut Machine<'_>| machine.arg(call, 0, "").unwrap_or(Value::Nothing);
    Some(match path {
        "Math.random" => Value::Between(0.0, 1.0, false),
        "Math.floor" | "Math.ceil" | "Math.round" | "Math.trunc" | "parseInt" => match first(machine) {
            Value::Between(from, to, false) => rounded(path, from, to),
            value => match value.as_f64() {
                Some(number) => Value::float(match path {
                    "Math.ceil" => number.ceil(),
                    "Math.round" => number.round(),
                    "Math.floor" => number.floor(),
                    _ => number.trunc(),
                })?,
                None => value,
            },
        },
        "Number" | "parseFloat" => {
            let value = first(machine);
            value.as_f64().and_then(Value::float).unwrap_or(value)
        }
        "String" => {
            let value = first(machine);
            Value::Text(machine.pieces(&value, at))
        }
        "encodeURIComponent" | "encodeURI" => {
            let value = first(machine);
            match value.as_str() {
                Some(text) => Value::text(encoded(text, path == "encodeURIComponent")),
                // Templates are encoded where they stand in a query or path.
                None => Value::Text(machine.pieces(&value, at)),
            }
        }
        "JSON.stringify" => {
            let value = first(machine);
            machine.json_text(&value, at)
        }
        "JSON.parse" => match first(machine) {
            Value::Part(answer, Part::Body) => Value::Part(answer, Part::Json("$".to_owned(), None)),
            Value::Data(data) => Value::Data(data),
            _ => Value::Unknown(at),
        },
        "Date.now" => Value::template("{{ now(\"unix_ms\") }}"),
        "Date" => Value::Native("date".to_owned()),
        "date.toISOString" => Value::template("{{ now() }}"),
        "date.getTime" => Value::template("{{ now(\"unix_ms\") }}"),
        "Object.keys" => match first(machine) {
            Value::Object(map) => Value::list(map.keys().map(Value::text).collect()),
            _ => Value::Unknown(at),
        },
        "Object.assign" => {
            let mut all = indexmap::IndexMap::new();
            for arg in &call.args {
                let Value::Object(map) = machine.eval(&arg.value) else { return Some(Value::Unknown(at)) };
                all.extend(map.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            Value::Object(std::rc::Rc::new(all))
        }
        "crypto.randomUUID" => Value::template("{{ uuid() }}"),
        _ => return None,
    })
}

/// Random numbers, rounded.
fn rounded(path: &str, from: f64, to: f64) -> Value {
    match path {
        "Math.ceil" => Value::Between(from.floor() + 1.0, to.ceil(), true),
        "Math.round" => Value::Between(from.round(), to.round(), true),
        _ => Value::Between(from.floor(), (to.ceil() - 1.0).max(from.floor()), true),
    }
}

fn encoded(text: &str, component: bool) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'!')
        .remove(b'~')
        .remove(b'*')
        .remove(b'\'')
        .remove(b'(')
        .remove(b')');
    const WHOLE: &AsciiSet = &COMPONENT
        .remove(b';')
        .remove(b',')
        .remove(b'/')
        .remove(b'?')
        .remove(b':')
        .remove(b'@')
        .remove(b'&')
        .remove(b'=')
        .remove(b'+')
        .remove(b'$')
        .remove(b'#');
    utf8_percent_encode(text, if component { COMPONENT } else { WHOLE }).to_string()
}

/// Libraries for k6, and its own `encoding`.
fn utility(machine: &mut Machine<'_>, path: &str, call: &Call, at: At) -> Option<Value> {
    let name = path.rsplit('.').next().unwrap_or(path);
    let number = |machine: &mut Machine<'_>, place: usize| {
        machine.arg(call, place, "").and_then(|value| value.as_f64())
    };
    match (path, name) {
        (_, "randomIntBetween") => {
            let (from, to) = (number(machine, 0)?, number(machine, 1)?);
            (from <= to).then_some(Value::Between(from, to, true))
        }
        (_, "randomItem") => match machine.arg(call, 0, "")? {
            Value::List(list) if !list.is_empty() => Some(Value::Pick(list)),
            Value::Data(data) => Some(Value::Data(data)),
            _ => None,
        },
        (_, "uuidv4") => Some(Value::template("{{ uuid() }}")),
        (_, "randomString") => {
            machine.list_code(at, "makes a random text: a UUID stands for it");
            Some(Value::template("{{ uuid() }}"))
        }
        ("k6/encoding.b64encode", _) => {
            use base64::{Engine as _, engine::general_purpose::STANDARD};
            let value = machine.arg(call, 0, "")?;
            match value.as_str() {
                Some(text) => Some(Value::text(STANDARD.encode(text))),
                None => Some(Value::Native("base64".to_owned())),
            }
        }
        ("k6/execution.test.abort", _) => Some(Value::Nothing),
        _ => None,
    }
}
