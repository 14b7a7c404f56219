//! Requests of a collection.

use serde_json::{Value, json};

use super::{
    super::{
        literal::javascript,
        program::{Call, Escaped, Leads, Part, Payload, Program, Scene, Source, Text},
    },
    script,
};
use crate::{
    convert::LeftOut,
    loadtest::{
        template::{self, Item},
        types::Body,
    },
};

/// What has to be worked out before a request is sent: the name of a variable, and an expression.
pub(super) type Before = Vec<(String, String)>;

/// A text with variables of Postman, and those that a script has to set before.
pub(super) fn text(program: &Program<'_>, text: &Text) -> (String, Before) {
    let mut writer = Writer { program, before: Vec::new() };
    let text = writer.text(text);
    (text, writer.before)
}

struct Writer<'a> {
    program: &'a Program<'a>,
    before: Before,
}

impl Writer<'_> {
    fn text(&mut self, text: &Text) -> String {
        text.iter().map(|part| self.part(part)).collect()
    }

    fn part(&mut self, part: &Part) -> String {
        let (source, escape) = match part {
            Part::Fixed(text) => return text.clone(),
            Part::Moving(source, escape) => (source, *escape),
        };
        match (source, escape) {
            (Source::Env(name), Escaped::None | Escaped::Header) => format!("{{{{{name}}}}}"),
            (Source::Slot(name), Escaped::None | Escaped::Header) if script::plain(name) => {
                format!("{{{{{name}}}}}")
            }
            (Source::Call(template::Call::Uuid), Escaped::JsonValue) => "\"{{$guid}}\"".to_owned(),
            (Source::Call(template::Call::Uuid), _) => "{{$guid}}".to_owned(),
            (Source::Call(template::Call::NowUnix), _) => "{{$timestamp}}".to_owned(),
            (Source::Cell(feeder, column), _) => {
                let row = &self.program.rows[*feeder].first;
                let cell = row.iter().find(|(name, _)| name == column);
                cell.map(|(_, item)| fixed(item, escape)).unwrap_or_default()
            }
            _ => self.scripted(&script::value(source, escape)),
        }
    }

    /// A target whose first part says whether it is one of the host.
    fn told(&mut self, host: &str, text: &Text) -> String {
        let Some((Part::Moving(source, escape), rest)) = text.split_first() else { return self.text(text) };
        let expression = script::value(source, *escape);
        let first = self.scripted(&format!("whole({}, {expression})", javascript(host)));
        first + &rest.iter().map(|part| self.part(part)).collect::<String>()
    }

    /// The variable that an expression is put into before the request.
    fn scripted(&mut self, expression: &str) -> String {
        let name = format!("maid_{}", self.before.len() + 1);
        self.before.push((name.clone(), expression.to_owned()));
        format!("{{{{{name}}}}}")
    }
}

fn fixed(item: &Item, escape: Escaped) -> String {
    let mut out = String::new();
    match item.bare_json {
        true => escape.bare(&item.text, &mut out),
        false => escape.text(&item.text, &mut out),
    }
    out
}

/// A request as an item.
pub(super) fn item(program: &Program<'_>, scene: &Scene, call: &Call, notes: &mut Vec<LeftOut>) -> Value {
    let mut writer = Writer { program, before: Vec::new() };
    let host = match program.scenes.iter().position(|other| std::ptr::eq(other, scene)) {
        Some(index) if !scene.hosts.is_empty() => format!("{{{{host_{index}}}}}"),
        _ => "{{host}}".to_owned(),
    };
    let target = match call.leads {
        Leads::Told => writer.told(&host, &call.target),
        _ => writer.text(&call.target),
    };
    let url = if call.leads == Leads::Path { url(&host, &target) } else { Value::from(target.as_str()) };
    let mut headers: Vec<Value> = Vec::new();
    let mut bearer = None;
    for (name, value) in &call.headers {
        let value = writer.text(value);
        match value.strip_prefix("Bearer ").filter(|_| name == "Authorization" && by_auth(call)) {
            Some(token) => bearer = Some(token.to_owned()),
            None => headers.push(json!({ "key": name, "value": value })),
        }
    }
    let mut request = json!({ "method": call.method, "header": headers, "url": url });
    if let Some(token) = bearer {
        request["auth"] =
            json!({ "type": "bearer", "bearer": [{ "key": "token", "value": token, "type": "string" }] });
    } else if let Some((user, password)) = &call.basic {
        request["auth"] = json!({ "type": "basic", "basic": [
            { "key": "username", "value": writer.text(user), "type": "string" },
            { "key": "password", "value": writer.text(password), "type": "string" },
        ]});
    }
    if let Some(body) = body(call, &mut writer, notes) {
        request["body"] = body;
    }
    literal_braces(call, notes);
    let path = target.split('?').next().unwrap_or_default();
    if path.split('/').any(|part| part.starts_with(':') && part.contains("{{")) {
        let message = "a part of its path begins with `:` and moves: Postman takes it for a variable";
        notes.push(LeftOut::new(call.place.as_str(), message));
    }
    let mut item = json!({ "name": call.label, "request": request });
    if call.redirects != program.loadtest().target.redirects {
        item["protocolProfileBehavior"] = behaviour(call.redirects);
    }
    let events = script::events(call, &writer.before, notes);
    if !events.is_empty() {
        item["event"] = Value::from(events);
    }
    item
}

/// How many redirects are followed.
pub(super) fn behaviour(redirects: u8) -> Value {
    match redirects {
        0 => json!({ "followRedirects": false }),
        most => json!({ "followRedirects": true, "maxRedirects": most }),
    }
}

/// Whether the Authorization header comes of `auth`.
fn by_auth(call: &Call) -> bool {
    let own = call.written.headers.keys().any(|name| name.eq_ignore_ascii_case("authorization"));
    !own && call.written.auth.as_ref().is_some_and(|auth| auth.bearer.is_some())
}

/// A URL as Postman takes it apart.
fn url(host: &str, target: &str) -> Value {
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let path: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let mut url = json!({ "raw": format!("{host}{target}"), "host": [host], "path": path });
    // A part that begins with a colon is a variable there: it is its own value.
    let named = path.iter().filter_map(|part| Some((part, part.strip_prefix(':')?)));
    let own: Vec<Value> = named
        .filter(|(part, name)| !name.is_empty() && !part.contains("{{"))
        .map(|(part, name)| json!({ "key": name, "value": part }))
        .collect();
    if !own.is_empty() {
        url["variable"] = Value::from(own);
    }
    if let Some(query) = query {
        let pairs: Vec<Value> = query
            .split('&')
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                json!({ "key": key, "value": value })
            })
            .collect();
        url["query"] = Value::from(pairs);
    }
    url
}

fn body(call: &Call, writer: &mut Writer<'_>, notes: &mut Vec<LeftOut>) -> Option<Value> {
    let language = |body: &Body| if body.text.is_some() { "text" } else { "json" };
    match (call.body.as_ref()?, &call.written.body) {
        (Payload::File(name), _) => {
            notes.push(LeftOut::new(
                call.place.key("body").key("file").as_str(),
                format!("Postman reads {name}: choose it there"),
            ));
            Some(json!({ "mode": "file", "file": { "src": name } }))
        }
        (Payload::Text(text), Some(written)) if written.form.is_some() => {
            // Postman encodes fields itself.
            let raw = writer.text(&unencoded(text));
            let fields: Vec<Value> = raw
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| {
                    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                    json!({ "key": decoded(key), "value": decoded(value), "type": "text" })
                })
                .collect();
            Some(json!({ "mode": "urlencoded", "urlencoded": fields }))
        }
        (Payload::Text(text), written) => {
            let raw = writer.text(text);
            let language = written.as_ref().map_or("text", language);
            Some(json!({ "mode": "raw", "raw": raw, "options": { "raw": { "language": language } } }))
        }
    }
}

/// The text of a form whose moving parts are put in as they are.
fn unencoded(text: &Text) -> Text {
    let part = |part: &Part| match part {
        Part::Moving(source, Escaped::Form) => Part::Moving(source.clone(), Escaped::None),
        other => other.clone(),
    };
    text.iter().map(part).collect()
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

/// Postman has no way to write two braces that are no variable.
fn literal_braces(call: &Call, notes: &mut Vec<LeftOut>) {
    let texts = call.headers.iter().map(|(_, value)| value).chain([&call.target]);
    let body = match &call.body {
        Some(Payload::Text(text)) => Some(text),
        _ => None,
    };
    let braces =
        |text: &Text| text.iter().any(|part| matches!(part, Part::Fixed(text) if text.contains("{{")));
    if texts.chain(body).any(braces) {
        notes.push(LeftOut::new(
            call.place.as_str(),
            "`{{` stands for itself here, and Postman may take what follows for a variable",
        ));
    }
}
