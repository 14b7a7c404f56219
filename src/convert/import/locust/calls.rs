//! What Locust gives its users, and what Python has itself.

use std::rc::Rc;

use super::super::script::{
    Machine, Part, Piece, Value,
    tree::{At, Call},
    whole,
};
use crate::{convert::import::draft::literal, loadtest::types::Request};

/// Most numbers of a `range`.
const MAX_RANGE: i64 = 10_000;

/// What a path stands for that is no function.
pub(super) fn native(machine: &mut Machine<'_>, path: &str, _: At) -> Option<Value> {
    if let Some(name) = path.strip_prefix("os.environ.")
        && !matches!(name, "get" | "setdefault")
    {
        return Some(environment(machine, name));
    }
    match path {
        "self.user" | "self.parent" | "self._user" => Some(Value::Me),
        "__name__" => Some(Value::text("locustfile")),
        "requests.codes.ok" => Some(Value::whole(200)),
        _ => None,
    }
}

fn environment(machine: &mut Machine<'_>, name: &str) -> Value {
    Value::template(machine.draft.env(name, &format!("`{name}` of the environment, which the file reads")))
}

/// Something of an answer.
pub(super) fn part(part: &Part, name: &str) -> Option<Part> {
    Some(match (part, name) {
        (Part::Whole, "status_code") => Part::Status,
        (Part::Whole, "ok") => Part::Good,
        (Part::Whole, "text" | "content") => Part::Body,
        (Part::Whole, "headers") => Part::Headers,
        (Part::Whole, "cookies") => Part::Cookies,
        (Part::Whole, "elapsed") => Part::Timings,
        // What FastHttpUser and `self.rest` have of JSON.
        (Part::Whole, "js") => Part::Json("$".to_owned(), None),
        _ => return None,
    })
}

/// A call of something that Locust or Python gives.
pub(super) fn call(machine: &mut Machine<'_>, path: &str, call: &Call, at: At) -> Option<Value> {
    if let Some(method) = path.strip_prefix("self.client.") {
        return client(machine, method, call, at);
    }
    if matches!(path, "self.rest" | "self.rest_") {
        return Some(sent(machine, None, call, 0, at));
    }
    let last = path.rsplit('.').next().unwrap_or(path);
    if matches!(path.split('.').next(), Some("logging" | "logger" | "log" | "print" | "warnings")) {
        return Some(Value::Nothing);
    }
    match path {
        "time.sleep" | "gevent.sleep" | "sleep" | "self.wait" | "self._sleep" => {
            let length = machine.arg(call, 0, "seconds").unwrap_or(Value::Nothing);
            machine.pause(&length, at);
            return Some(Value::Nothing);
        }
        "os.getenv" | "os.environ.get" => {
            let name = machine.arg(call, 0, "key")?.as_str()?.to_owned();
            return Some(match machine.arg(call, 1, "default") {
                Some(default) if !matches!(default, Value::Nothing | Value::Unknown(_)) => {
                    machine.note(
                        at,
                        format!("`{name}` of the environment is not read: its default is written out"),
                    );
                    default
                }
                _ => environment(machine, &name),
            });
        }
        "self.interrupt"
        | "locust.between"
        | "locust.constant"
        | "locust.constant_pacing"
        | "locust.constant_throughput" => return Some(Value::Nothing),
        _ => {}
    }
    if last == "HttpSession"
        || path.starts_with("requests.")
        || path.starts_with("httpx.")
        || path.starts_with("urllib.request")
    {
        machine.list_code(at, "sends by a session of its own and not as a user: it is not carried over");
        return Some(Value::Unknown(at));
    }
    random(machine, path, call).or_else(|| python(machine, path, call, at))
}

/// `self.client.*`.
fn client(machine: &mut Machine<'_>, method: &str, call: &Call, at: At) -> Option<Value> {
    match method {
        "get" | "post" | "put" | "patch" | "delete" | "head" | "options" => {
            Some(sent(machine, Some(&method.to_ascii_uppercase()), call, 0, at))
        }
        "request" => Some(sent(machine, None, call, 0, at)),
        "headers.update" => {
            match machine.arg(call, 0, "")? {
                Value::Object(map) => {
                    machine
                        .usual_headers
                        .extend(map.iter().map(|(name, value)| (name.clone(), value.clone())));
                }
                _ => machine.list_code(at, "sets headers that are known only when it runs"),
            }
            Some(Value::Nothing)
        }
        "cookies.clear" => {
            machine.list_code(at, "is not carried over: each user keeps its cookies");
            Some(Value::Nothing)
        }
        _ => None,
    }
}

/// A request: the method first where it is not known yet, then the URL, then what has names.
fn sent(machine: &mut Machine<'_>, method: Option<&str>, call: &Call, first: usize, at: At) -> Value {
    let (method, first) = match method {
        Some(method) => (method.to_owned(), first),
        None => match machine
            .arg(call, first, "method")
            .and_then(|method| method.as_str().map(str::to_ascii_uppercase))
        {
            Some(method) => (method, first + 1),
            None => {
                machine.list_code(at, "sends by a method that is known only when it runs: it is left out");
                return machine.send(None, at);
            }
        },
    };
    let url = machine
        .arg(call, first, "url")
        .or_else(|| machine.arg(call, first, "path"))
        .unwrap_or(Value::Unknown(at));
    let Some(mut request) = machine.request(&method, &url, at) else { return machine.send(None, at) };
    for (name, value) in machine.usual_headers.clone() {
        machine.header(&mut request, &name, &value, at);
    }
    let mut bodies: Vec<(&str, Value)> = Vec::new();
    for (place, arg) in call.args.iter().enumerate() {
        // `post(url, data, json)`
        let name = match (&arg.name, place.checked_sub(first)) {
            (Some(name), _) => name.as_str(),
            (None, Some(1)) if method != "GET" => "data",
            (None, Some(2)) => "json",
            _ => continue,
        };
        if matches!(name, "url" | "path" | "method") {
            continue;
        }
        let value = machine.eval(&arg.value);
        if matches!(name, "json" | "data") {
            bodies.push((if name == "json" { "json" } else { "data" }, value));
        } else if !option(machine, &mut request, name, &value, at) {
            return machine.send(None, at);
        }
    }
    // Headers say what a body of text is, wherever they stand.
    for (kind, value) in bodies {
        body(machine, &mut request, kind, &value, at);
    }
    machine.send(Some(request), at)
}

/// What a request is told by name; whether it can be sent so.
fn option(machine: &mut Machine<'_>, request: &mut Request, name: &str, value: &Value, at: At) -> bool {
    match (name, value) {
        (_, Value::Nothing) | ("catch_response" | "stream" | "context", _) => {}
        ("name", value) => {
            let pieces = machine.pieces(value, at);
            let text = machine.marked(&pieces);
            let text = machine.resolved(&literal(&text));
            request.name = Some(super::super::script::spoken(&text));
        }
        ("headers", headers) => machine.headers(request, headers, at),
        ("params", params) => machine.params(request, params, at),
        ("auth", Value::List(pair)) if pair.len() == 2 => {
            let (user, password) = (pair[0].clone(), pair[1].clone());
            machine.basic(request, &user, &password, at);
        }
        ("timeout", value) => {
            let longest = value.items().iter().filter_map(Value::as_f64).reduce(f64::max);
            match value.as_f64().or(longest) {
                Some(seconds) => machine.timeout(request, seconds, at),
                None => machine.list(at, "its timeout is known only when it runs"),
            }
        }
        ("allow_redirects", value) => match value.truth() {
            Some(false) => request.redirects = Some(0),
            Some(true) => {}
            None => machine.list(at, "whether it follows redirects is known only when it runs"),
        },
        ("verify", Value::Bool(false)) => machine.draft.insecure = true,
        ("cookies", Value::Object(cookies)) => {
            let mut pieces = Vec::new();
            for (name, value) in cookies.as_ref() {
                let before = if pieces.is_empty() { "" } else { "; " };
                pieces.push(Piece::Fixed(format!("{before}{name}=")));
                let more = machine.pieces(value, at);
                pieces.extend(more);
            }
            machine.header(request, "Cookie", &Value::Text(pieces), at);
        }
        ("files", _) => {
            machine.list(
                at,
                "multipart bodies are not sent yet: it is left out; write it by hand, with `body.form`",
            );
            return false;
        }
        (name, _) => machine.list(at, format!("the argument `{name}` is not carried over")),
    }
    true
}

fn body(machine: &mut Machine<'_>, request: &mut Request, kind: &str, value: &Value, at: At) {
    match (kind, value) {
        (_, Value::Nothing) => {}
        ("json", value) => machine.json_body(request, value, at),
        (_, form @ Value::Object(_)) => machine.form(request, form, at),
        (_, Value::Data(_)) => {
            machine.list(at, "its body is a file, which is not read: add it with `body.file`")
        }
        (_, text) => machine.text_body(request, text, None, at),
    }
}

/// `random.*`.
fn random(machine: &mut Machine<'_>, path: &str, call: &Call) -> Option<Value> {
    let name = path.strip_prefix("random.").or_else(|| path.strip_prefix("secrets."))?;
    let number = |machine: &mut Machine<'_>, place: usize| {
        machine.arg(call, place, "").and_then(|value| value.as_f64())
    };
    Some(match name {
        "choice" => match machine.arg(call, 0, "")? {
            Value::List(list) if !list.is_empty() => Value::Pick(list),
            Value::Data(data) => Value::Data(data),
            _ => return None,
        },
        "randint" => {
            let (from, to) = (number(machine, 0)?, number(machine, 1)?);
            (from <= to).then_some(Value::Between(from, to, true))?
        }
        "randrange" => {
            let (from, to) = match (number(machine, 0)?, number(machine, 1)) {
                (from, Some(to)) => (from, to),
                (to, None) => (0.0, to),
            };
            (from < to).then_some(Value::Between(from, to - 1.0, true))?
        }
        "uniform" => {
            let (from, to) = (number(machine, 0)?, number(machine, 1)?);
            Value::Between(from.min(to), from.max(to), false)
        }
        "random" => Value::Between(0.0, 1.0, false),
        _ => return None,
    })
}

/// What Python has itself.
fn python(machine: &mut Machine<'_>, path: &str, call: &Call, at: At) -> Option<Value> {
    let first = |machine: &mut Machine<'_>| machine.arg(call, 0, "").unwrap_or(Value::Nothing);
    Some(match path {
        "str" => {
            let value = first(machine);
            Value::Text(machine.pieces(&value, at))
        }
        "int" | "round" | "math.floor" | "math.ceil" => match first(machine) {
            Value::Between(from, to, false) => {
                Value::Between(from.floor(), (to.ceil() - 1.0).max(from.floor()), true)
            }
            value => match value.as_f64() {
                Some(number) => Value::float(match path {
                    "round" => number.round(),
                    "math.ceil" => number.ceil(),
                    _ => number.trunc(),
                })?,
                None => value,
            },
        },
        "float" => {
            let value = first(machine);
            value.as_f64().and_then(Value::float).unwrap_or(value)
        }
        "len" => match first(machine) {
            Value::List(list) => Value::whole(i64::try_from(list.len()).ok()?),
            Value::Part(answer, Part::Json(path, _)) => Value::Part(answer, Part::Length(path)),
            Value::Part(answer, Part::Body) => Value::Part(answer, Part::Body),
            _ => return None,
        },
        "list" | "tuple" | "set" | "iter" | "itertools.cycle" => first(machine),
        "range" => {
            let edge = |machine: &mut Machine<'_>, place: usize| {
                machine.arg(call, place, "").and_then(|value| value.as_f64()).and_then(whole)
            };
            let (from, to) = match (edge(machine, 0)?, edge(machine, 1)) {
                (from, Some(to)) => (from, to),
                (to, None) => (0, to),
            };
            let step = edge(machine, 2).unwrap_or(1);
            if step < 1 || to.checked_sub(from)? > MAX_RANGE {
                return None;
            }
            let step = usize::try_from(step).ok()?;
            Value::list((from..to).step_by(step).map(Value::whole).collect())
        }
        _ => return collection(machine, path, call, at).or_else(|| outside(machine, path, call, at)),
    })
}

/// Lists and dictionaries.
fn collection(machine: &mut Machine<'_>, path: &str, call: &Call, _: At) -> Option<Value> {
    let first = |machine: &mut Machine<'_>| machine.arg(call, 0, "").unwrap_or(Value::Nothing);
    Some(match path {
        "enumerate" => {
            let list = first(machine);
            let pair = |(index, value): (usize, &Value)| {
                Value::list(vec![Value::whole(i64::try_from(index).unwrap_or(0)), value.clone()])
            };
            match &list {
                Value::List(list) => Value::list(list.iter().enumerate().map(pair).collect()),
                _ => return None,
            }
        }
        "dict" => {
            let mut map = match first(machine) {
                Value::Object(map) => map.as_ref().clone(),
                _ => indexmap::IndexMap::new(),
            };
            for arg in &call.args {
                if let Some(name) = &arg.name {
                    map.insert(name.clone(), machine.eval(&arg.value));
                }
            }
            Value::Object(Rc::new(map))
        }
        _ => return None,
    })
}

/// JSON, times, files and the like.
fn outside(machine: &mut Machine<'_>, path: &str, call: &Call, at: At) -> Option<Value> {
    let first = |machine: &mut Machine<'_>| machine.arg(call, 0, "").unwrap_or(Value::Nothing);
    Some(match path {
        "json.dumps" => {
            let value = first(machine);
            machine.json_text(&value, at)
        }
        "json.loads" => match first(machine) {
            Value::Part(answer, Part::Body) => Value::Part(answer, Part::Json("$".to_owned(), None)),
            Value::Data(data) => Value::Data(data),
            _ => return None,
        },
        "uuid.uuid4" | "uuid.uuid1" => Value::template("{{ uuid() }}"),
        "time.time" => Value::template("{{ now(\"unix\") }}"),
        "datetime.now" | "datetime.utcnow" | "datetime.datetime.now" | "datetime.datetime.utcnow" => {
            Value::Native("date".to_owned())
        }
        "date.isoformat" => Value::template("{{ now() }}"),
        "open" | "csv.reader" | "csv.DictReader" | "next" | "pathlib.Path" | "json.load" => {
            match call.args.first().map(|arg| machine.eval(&arg.value)) {
                Some(Value::Data(data)) => Value::Data(data),
                _ if path == "next" => return None,
                _ => {
                    machine.list_code(
                        at,
                        "reads a data file, which is not read here: put the file under `data`",
                    );
                    Value::Data(at)
                }
            }
        }
        path if path.starts_with("super") => {
            if path != "super" {
                machine.list_code(at, "calls what a parent class does: it is not carried over");
            }
            Value::Native("super".to_owned())
        }
        _ => return None,
    })
}
