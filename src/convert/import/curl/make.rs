//! A request of a command line.

use super::{
    flags::{Data, Line},
    shell::{Piece, Word},
};
use crate::{
    convert::import::draft::{Address, Bit, Draft, Sent, add_query, group, literal, written},
    loadtest::types::{Auth, Basic, Body, Request},
};

/// Stands for `$NAME` in a URL while it is cut; no URL holds it.
const OPEN: &str = "maidmarkopen";
const CLOSE: &str = "maidmarkclose";
/// Begins a template between the two, of which every byte is written as two digits.
const FILLED: &str = "0";

/// The request that a command line sends, unless it cannot be sent.
pub(super) fn request(line: &Line, draft: &mut Draft) -> Option<Request> {
    let place = line.place.as_str();
    if let Some(why) = &line.refused {
        draft.leave_out(place, why.clone());
        return None;
    }
    let mut request = target(line.urls.first()?, place, draft)?;
    // Those of the URL are the last that curl looks at.
    let of_url = request.auth.take();
    for word in &line.headers {
        header(word, &mut request, place, draft);
    }
    credentials(line, &mut request, draft);
    if request.auth.is_none() && !authorized(&request) {
        request.auth = of_url;
    }
    if line.get {
        for (name, value) in line.data.iter().flat_map(|data| pairs(data, draft)).collect::<Vec<_>>() {
            if name.len() > 500 {
                draft.leave_out(place, "the name of a parameter is longer than 500 bytes: shorten it");
            } else {
                add_query(&mut request.query, name, value);
            }
        }
    } else if !line.data.is_empty() {
        body(line, &mut request, draft);
    }
    request.method = match &line.method {
        Some(method) => Some(method.clone()),
        None if line.head => Some("HEAD".to_owned()),
        None if line.get || line.data.is_empty() => None,
        None => Some("POST".to_owned()),
    };
    request.timeout = line.timeout;
    request.redirects = line.redirects.filter(|_| line.follow);
    let path = request.path.split('?').next().unwrap_or_default();
    request.name = Some(format!("{} {}", request.method(), group(path).replace("${env:", "{")));
    draft.sendable(place, request)
}

/// The path, the query and the host that a URL names.
fn target(word: &Word, place: &str, draft: &mut Draft) -> Option<Request> {
    if let Some(Piece::Filled(_)) = word.0.first() {
        return Some(Request::of(&text(word, draft)));
    }
    let mut text = String::new();
    for piece in &word.0 {
        match piece {
            Piece::Text(part) => text.push_str(part),
            // A base URL in a variable cannot be known.
            Piece::Env(name) if text.is_empty() => {
                text.push_str("http://unknown.invalid");
                let message = format!("the base URL is in ${name}: the test's own host is sent to instead");
                draft.make(place, message);
            }
            Piece::Env(name) => {
                text.push_str(OPEN);
                text.push_str(name);
                text.push_str(CLOSE);
            }
            Piece::Filled(bit) => {
                let template = written(std::slice::from_ref(bit));
                let hex: String = template.bytes().map(|byte| format!("{byte:02x}")).collect();
                text.push_str(&format!("{OPEN}{FILLED}{hex}{CLOSE}"));
            }
            Piece::Pair(_) => {}
        }
    }
    let address = match Address::of(&text) {
        Ok(address) => address,
        Err(why) => {
            draft.leave_out(place, why);
            return None;
        }
    };
    if address.origin.contains(OPEN) {
        draft.leave_out(place, "its host is made of a variable: write the host out, or give it with --host");
        return None;
    }
    let unknown = address.origin == "http://unknown.invalid";
    if draft.hosts.is_empty() && !unknown {
        draft.hosts.push(address.origin.clone());
    }
    let host =
        if unknown { address.origin.clone() } else { draft.hosts.first().cloned().unwrap_or_default() };
    let mut request = Request::of(&referring(&address.path_from(&host), place, draft));
    if let Some(query) = &address.query {
        draft.query(&mut request, place, query);
        for value in request.query.values_mut() {
            refer(value, place, draft);
        }
        request.path = referring(&request.path, place, draft);
    }
    if let Some((user, password)) = &address.credentials {
        request.auth = Some(draft.basic(place, user, password));
    }
    Some(request)
}

fn refer(value: &mut serde_json::Value, place: &str, draft: &mut Draft) {
    match value {
        serde_json::Value::String(text) => *text = referring(text, place, draft),
        serde_json::Value::Array(list) => list.iter_mut().for_each(|value| refer(value, place, draft)),
        _ => {}
    }
}

/// Puts references to variables back into a text that was cut.
fn referring(text: &str, place: &str, draft: &mut Draft) -> String {
    let mut out = String::new();
    let mut referred = false;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN)
        && let Some((name, end)) = after.split_once(CLOSE)
    {
        out.push_str(before);
        match name.strip_prefix(FILLED) {
            Some(hex) => out.push_str(&template(hex)),
            None => {
                referred = true;
                out.push_str(&variable(name, draft));
            }
        }
        rest = end;
    }
    out.push_str(rest);
    if referred {
        draft.make(place, "variables of the shell are read from the environment");
    }
    out
}

/// A template whose bytes are written as digits.
fn template(hex: &str) -> String {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = hex.as_bytes().chunks(2).map(byte).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn variable(name: &str, draft: &mut Draft) -> String {
    draft.env(name, &format!("${name} of the command line"))
}

/// A word as a text of a document.
fn text(word: &Word, draft: &mut Draft) -> String {
    written(&bits(word, draft))
}

/// The parts of a word.
fn bits(word: &Word, draft: &mut Draft) -> Vec<Bit> {
    let bit = |piece: &Piece| match piece {
        Piece::Text(part) => vec![Bit::Fixed(part.clone())],
        Piece::Env(name) => vec![Bit::Moving { template: variable(name, draft), typed: false }],
        Piece::Filled(bit) => {
            // What a script of MAID reads from the environment is a variable like any other.
            let of = |bit: &Bit| match bit {
                Bit::Moving { template, .. } => {
                    template.strip_prefix("${env:")?.strip_suffix('}').map(str::to_owned)
                }
                Bit::Fixed(_) => None,
            };
            if let Some(name) = of(bit) {
                variable(&name, draft);
            }
            vec![bit.clone()]
        }
        Piece::Pair(word) => bits_of_pair(word),
    };
    word.0.iter().flat_map(bit).collect()
}

fn bits_of_pair(word: &Word) -> Vec<Bit> {
    vec![Bit::Fixed(word.plain())]
}

fn is_fixed(word: &Word) -> bool {
    word.0.iter().all(|piece| matches!(piece, Piece::Text(_)))
}

fn header(word: &Word, request: &mut Request, place: &str, draft: &mut Draft) {
    let plain = word.plain();
    if plain.starts_with('@') {
        return draft.leave_out(place, "-H names a file, which is not read: write the headers out");
    }
    let Some((name, value)) = plain.split_once(':') else {
        // `Name;` sends an empty one.
        if let Some(name) = plain.strip_suffix(';') {
            draft.header(request, place, name.trim(), String::new());
        } else {
            draft.leave_out(place, format!("`{}` is no header", plain.chars().take(40).collect::<String>()));
        }
        return;
    };
    let (name, value) = (name.trim(), value.trim());
    if name.contains('$') {
        return draft.leave_out(place, "the name of a header is in a variable: write it out");
    }
    if value.is_empty() {
        // `Name:` keeps curl from sending its own.
        return;
    }
    if name.eq_ignore_ascii_case("cookie") {
        return cookie(&word.clone(), request, place, draft);
    }
    if is_fixed(word) {
        return draft.sent_header(request, place, name, value);
    }
    let written = text(word, draft);
    let value = written.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default();
    match value.strip_prefix("Bearer ").filter(|_| name.eq_ignore_ascii_case("authorization")) {
        Some(token) => request.auth = Some(Auth { bearer: Some(token.trim().to_owned()), basic: None }),
        None => draft.header(request, place, name, value),
    }
}

/// Cookies of a session are secrets; each user is sent its own anyway.
fn cookie(word: &Word, request: &mut Request, place: &str, draft: &mut Draft) {
    let value = if is_fixed(word) {
        let plain = word.plain();
        let value = plain.strip_prefix("Cookie:").or_else(|| plain.strip_prefix("cookie:")).unwrap_or(&plain);
        let reference = draft.secret("COOKIE", "the header Cookie, such as `sid=...`", value.trim());
        draft.make(place, format!("the cookies are read from {reference}"));
        reference
    } else {
        let written = text(word, draft);
        written.trim_start_matches("Cookie:").trim_start_matches("cookie:").trim().to_owned()
    };
    draft.header(request, place, "Cookie", value);
}

fn credentials(line: &Line, request: &mut Request, draft: &mut Draft) {
    let place = line.place.as_str();
    if let Some(word) = &line.cookie {
        cookie(word, request, place, draft);
    }
    if (authorized(request) || request.auth.is_some()) && (line.bearer.is_some() || line.user.is_some()) {
        // As curl has it.
        let message = "the header Authorization is sent as it is written, and `-u` or `--oauth2-bearer` beside it is not";
        return draft.make(place, message);
    }
    if let Some(word) = &line.bearer {
        let token = match is_fixed(word) {
            true => draft.secret("API_TOKEN", "the bearer token", &word.plain()),
            false => text(word, draft),
        };
        request.auth = Some(Auth { bearer: Some(token), basic: None });
    } else if let Some(word) = &line.user {
        request.auth = Some(user(word, place, draft));
    }
}

/// Whether a header says who it is.
fn authorized(request: &Request) -> bool {
    request.headers.keys().any(|name| name.eq_ignore_ascii_case("authorization"))
}

/// `-u name:password`; where the password is missing, curl asks for it.
fn user(word: &Word, place: &str, draft: &mut Draft) -> Auth {
    let plain = word.plain();
    if is_fixed(word) {
        return match plain.split_once(':') {
            Some((user, password)) => draft.basic(place, user, password),
            None => {
                let password = draft.env("API_PASSWORD", &format!("the password of {plain}"));
                Auth { bearer: None, basic: Some(Basic { username: literal(&plain), password }) }
            }
        };
    }
    // The colon of `${env:NAME}` is none that parts name and password.
    let at = word.0.iter().position(|piece| matches!(piece, Piece::Text(text) if text.contains(':')));
    let (mut name, mut password) = (Vec::new(), Vec::new());
    for (index, piece) in word.0.iter().enumerate() {
        match piece {
            Piece::Text(text) if Some(index) == at => {
                let (before, after) = text.split_once(':').unwrap_or((text, ""));
                name.push(Piece::Text(before.to_owned()));
                password.push(Piece::Text(after.to_owned()));
            }
            other if at.is_none_or(|at| index < at) => name.push(other.clone()),
            other => password.push(other.clone()),
        }
    }
    let password = match is_fixed(&Word(password.clone())) {
        true if at.is_some() => draft.secret("API_PASSWORD", "the password", &Word(password).plain()),
        true => draft.env("API_PASSWORD", "the password"),
        false => text(&Word(password), draft),
    };
    Auth { bearer: None, basic: Some(Basic { username: text(&Word(name), draft), password }) }
}

fn body(line: &Line, request: &mut Request, draft: &mut Draft) {
    let place = line.place.as_str();
    let named = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let kind = match named {
        Some((_, kind)) => kind.clone(),
        None if line.json => "application/json".to_owned(),
        None => "application/x-www-form-urlencoded".to_owned(),
    };
    if line.json {
        request.headers.entry("Accept".to_owned()).or_insert_with(|| "application/json".to_owned());
    }
    let between = if line.json { "" } else { "&" };
    request.headers.retain(|name, _| !name.eq_ignore_ascii_case("content-type"));
    if line.data.iter().all(|data| is_fixed(&data.word)) {
        let parts: Vec<String> = line.data.iter().map(encoded).collect();
        let text = parts.join(between);
        return draft.body(request, place, &Sent { kind: Some(&kind), text: &text });
    }
    // With variables in it, a body is known only when it is sent.
    let mut parts: Vec<Bit> = Vec::new();
    for (index, data) in line.data.iter().enumerate() {
        parts.extend((index > 0).then(|| Bit::Fixed(between.to_owned())));
        parts.extend(bits(&data.word, draft));
    }
    let json = if kind.contains("json") { draft.filled_json(place, &parts) } else { None };
    if json.is_none() || !kind.eq_ignore_ascii_case("application/json") {
        draft.header(request, place, "Content-Type", literal(&kind));
    }
    let text = json.is_none().then(|| written(&parts));
    request.body = Some(Body { json, text, ..Body::default() });
}

/// A part of a body as it is sent.
fn encoded(data: &Data) -> String {
    let plain = data.word.plain();
    if !data.encode {
        return plain;
    }
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    match plain.split_once('=') {
        Some(("", value)) => encode(value),
        Some((name, value)) => format!("{name}={}", encode(value)),
        None => encode(&plain),
    }
}

/// The parameters that `-G` makes of data.
fn pairs(data: &Data, draft: &mut Draft) -> Vec<(String, String)> {
    if is_fixed(&data.word) {
        let sent = encoded(data);
        let pairs = url::form_urlencoded::parse(sent.as_bytes());
        return pairs.map(|(name, value)| (literal(&name), literal(&value))).collect();
    }
    let written = text(&data.word, draft);
    match written.split_once('=') {
        Some((name, value)) => vec![(name.to_owned(), value.to_owned())],
        None => vec![(written, String::new())],
    }
}
