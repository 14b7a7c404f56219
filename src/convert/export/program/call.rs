//! One request: where it goes, with which headers and body, put together as MAID does it before a run.

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    answer::{self, Check, Extract},
    millis,
    text::{Part, Text, Writer},
};
use crate::{
    convert::LeftOut,
    loadtest::{
        place::Path,
        template::Escape,
        types::{Body, Request},
        valid::ValidLoadTest,
    },
};

/// Encodings that MAID asks for.
const ENCODINGS: &str = "gzip, deflate, br, zstd";

/// A request, worked out.
#[derive(Debug)]
pub struct Call {
    /// Where it is in the document.
    pub place: Path,
    /// Name that metrics are kept under.
    pub label: String,
    /// Method.
    pub method: String,
    /// Path and query behind the host, or a whole URL.
    pub target: Text,
    /// Which of the two `target` is.
    pub leads: Leads,
    /// Headers, without that of `basic`.
    pub headers: Vec<(String, Text)>,
    /// Credentials of a Basic header: user and password, where no other header takes their place.
    pub basic: Option<(Text, Text)>,
    /// Body.
    pub body: Option<Payload>,
    /// Longest time, in milliseconds.
    pub timeout_ms: u64,
    /// Redirects to follow.
    pub redirects: u8,
    /// What is taken from the answer.
    pub extracts: Vec<Extract>,
    /// What the answer must be.
    pub checks: Vec<Check>,
    /// The request as it is written.
    pub written: Request,
}

/// Where a target leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// To a path on the host.
    Path,
    /// To a URL of its own.
    Whole,
    /// Wherever its first part says when it is sent: on the host where that begins with `/`.
    Told,
}

impl Leads {
    fn of(target: &Text) -> Self {
        match target.first() {
            Some(Part::Fixed(text)) if text.starts_with('/') => Self::Path,
            Some(Part::Moving(..)) => Self::Told,
            _ => Self::Whole,
        }
    }
}

/// A body.
#[derive(Clone, Debug)]
pub enum Payload {
    /// Text, JSON or a form.
    Text(Text),
    /// The bytes of a file, by its name as written.
    File(String),
}

impl Call {
    /// Whether a check on the status says what passes; otherwise 400 and above fail.
    #[must_use]
    pub fn status_checked(&self) -> bool {
        self.checks.iter().any(|check| matches!(check.found, answer::Found::Status(_)))
    }

    /// Statuses that a check names.
    pub fn statuses(&self) -> impl Iterator<Item = u16> {
        self.checks
            .iter()
            .flat_map(|check| match &check.found {
                answer::Found::Status(codes) => codes.as_slice(),
                _ => &[],
            })
            .copied()
    }
}

pub(super) fn call(
    valid: &ValidLoadTest,
    scenario: usize,
    request: &Request,
    place: Path,
    left_out: &mut Vec<LeftOut>,
) -> Call {
    let target = &valid.loadtest().target;
    let mut writer = Writer::new(valid, scenario);
    writer.text(&request.path, Escape::Path);
    query(&request.query, if request.path.contains('?') { "&" } else { "?" }, &mut writer);
    let to = writer.take();
    let body = request.body.as_ref().and_then(|body| payload(body, &mut writer));
    let (headers, basic) = headers(valid, request, &mut writer);
    let wrong = std::mem::take(&mut writer.wrong);
    left_out.extend(wrong.into_iter().map(|message| LeftOut::new(place.as_str(), message)));
    Call {
        label: request.label().into_owned(),
        method: request.method().to_owned(),
        leads: Leads::of(&to),
        target: to,
        headers,
        basic,
        body,
        timeout_ms: millis(request.timeout.unwrap_or(target.timeout).get()),
        redirects: request.redirects.unwrap_or(target.redirects),
        extracts: answer::extracts(request, &place),
        checks: answer::checks(request, &place),
        written: request.clone(),
        place,
    }
}

fn query(params: &IndexMap<String, Value>, first: &str, writer: &mut Writer<'_>) {
    let mut before = first;
    for (name, value) in params {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values.iter().filter(|value| !value.is_null()) {
            writer.raw(before);
            before = "&";
            writer.text(name, Escape::Query);
            writer.raw("=");
            match value {
                Value::String(text) => writer.text(text, Escape::Query),
                other => writer.text(&other.to_string(), Escape::Query),
            }
        }
    }
}

fn payload(body: &Body, writer: &mut Writer<'_>) -> Option<Payload> {
    if let Some(json) = &body.json {
        writer.json(json);
    } else if let Some(form) = &body.form {
        for (index, (name, value)) in form.iter().enumerate() {
            writer.raw(if index > 0 { "&" } else { "" });
            writer.text(name, Escape::Form);
            writer.raw("=");
            writer.text(value, Escape::Form);
        }
    } else if let Some(text) = &body.text {
        writer.text(text, Escape::None);
    } else if let Some(graphql) = &body.graphql {
        writer.raw("{\"query\":\"");
        writer.text(&graphql.query, Escape::Json);
        writer.raw("\",\"variables\":");
        writer.object(graphql.variables.iter());
        writer.raw("}");
    } else {
        return body.file.as_ref().map(|file| Payload::File(file.display().to_string()));
    }
    Some(Payload::Text(writer.take()))
}

/// Names and values.
type Headers = Vec<(String, Text)>;

/// Headers by the name of the first that gave one, in the order in which MAID sends them.
fn headers(
    valid: &ValidLoadTest,
    request: &Request,
    writer: &mut Writer<'_>,
) -> (Headers, Option<(Text, Text)>) {
    let target = &valid.loadtest().target;
    let mut headers: IndexMap<String, (String, Text)> = IndexMap::new();
    let mut put = |name: &str, text: Text| {
        headers.insert(name.to_ascii_lowercase(), (name.to_owned(), text));
    };
    if target.compression {
        put("Accept-Encoding", super::fixed(ENCODINGS));
    }
    if let Some(kind) = content_type(request) {
        put("Content-Type", super::fixed(kind));
    }
    if let Some(token) = request.auth.as_ref().and_then(|auth| auth.bearer.as_ref()) {
        put("Authorization", writer.whole(&format!("Bearer {token}"), Escape::Header));
    }
    for (name, text) in target.headers.iter().chain(&request.headers) {
        put(name, writer.whole(text, Escape::Header));
    }
    let basic = request.auth.as_ref().and_then(|auth| auth.basic.as_ref());
    let basic = basic.filter(|_| !headers.contains_key("authorization")).map(|basic| {
        (writer.whole(&basic.username, Escape::None), writer.whole(&basic.password, Escape::None))
    });
    (headers.into_values().collect(), basic)
}

fn content_type(request: &Request) -> Option<&'static str> {
    let body = request.body.as_ref()?;
    Some(if body.json.is_some() || body.graphql.is_some() {
        "application/json"
    } else if body.form.is_some() {
        "application/x-www-form-urlencoded"
    } else if body.text.is_some() {
        "text/plain; charset=utf-8"
    } else {
        "application/octet-stream"
    })
}
