//! An entry of a recording as a request.

use serde_json::Value;

use super::{
    archive::{Entry, PostData},
    correlate::Correlation,
    filter::Kept,
    place,
};
use crate::{
    convert::import::draft::{Draft, Sent, Text, add_query, group, is_of_the_message, literal},
    loadtest::types::{Auth, Body, Request},
};

/// Headers that a browser makes up, or that belong to what it kept.
const OF_THE_BROWSER: [&str; 20] = [
    "user-agent",
    "accept-language",
    "accept-charset",
    "referer",
    "origin",
    "dnt",
    "upgrade-insecure-requests",
    "cache-control",
    "pragma",
    "priority",
    "if-none-match",
    "if-modified-since",
    "if-range",
    "cookie",
    "cookie2",
    "purpose",
    "save-data",
    "viewport-width",
    "sec-gpc",
    "x-client-data",
];

/// The request of an entry, unless it cannot be sent. Values that an earlier answer gave become templates.
pub(super) fn request(
    entry: &Entry<'_>,
    kept: &Kept,
    main: &str,
    correlation: &mut Correlation,
    draft: &mut Draft,
) -> Option<Request> {
    let place = place(kept.index, entry);
    let (path, shown) = path(kept, main, correlation);
    let mut request = Request::of(&path);
    let method = entry.request.method.as_ref();
    request.method = (method != "GET").then(|| method.to_owned());
    query(&mut request, kept, &place, correlation, draft);
    for header in &entry.request.headers {
        let value = header.value.as_deref().unwrap_or_default();
        self::header(&mut request, &place, &header.name, value, correlation, draft);
    }
    if let Some((user, password)) = &kept.address.credentials {
        request.auth = Some(draft.basic(&place, user, password));
    }
    if let Some(sent) = &entry.request.post_data
        && let Err(why) = body(&mut request, &place, sent, correlation, draft)
    {
        draft.leave_out(place, why);
        return None;
    }
    request.name = Some(format!("{method} {shown}"));
    draft.sendable(&place, request)
}

/// The path, and what it is measured under.
fn path(kept: &Kept, main: &str, correlation: &mut Correlation) -> (String, String) {
    let (mut path, mut shown) = (Text::default(), Vec::new());
    if kept.address.origin != main {
        path.literal(&kept.address.origin);
    }
    for (index, part) in kept.address.path.split('/').enumerate() {
        if index > 0 {
            path.literal("/");
        }
        match correlation.taken(part) {
            Some(template) => {
                shown.push(template.replace("{{ ", "{").replace(" }}", "}"));
                path.template(&template);
            }
            None => {
                shown.push(group(part));
                path.literal(part);
            }
        }
    }
    (path.finish(), shown.join("/"))
}

fn query(request: &mut Request, kept: &Kept, place: &str, correlation: &mut Correlation, draft: &mut Draft) {
    let Some(query) = &kept.address.query else { return };
    let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
    if !pairs.iter().any(|(_, value)| correlation.knows(value)) {
        return draft.query(request, place, query);
    }
    for (name, value) in pairs.iter().filter(|(name, _)| name.len() <= 500) {
        let value = correlation.taken(value).unwrap_or_else(|| draft.field(place, name, value));
        add_query(&mut request.query, literal(name), value);
    }
}

fn header(
    request: &mut Request,
    place: &str,
    name: &str,
    value: &str,
    correlation: &mut Correlation,
    draft: &mut Draft,
) {
    let lower = name.to_ascii_lowercase();
    if lower == "accept-encoding" {
        draft.compression = true;
    }
    let browsers_accept = lower == "accept" && (value.contains(',') || value == "*/*");
    if lower.starts_with(':')
        || lower.starts_with("sec-")
        || lower.starts_with("proxy-")
        || OF_THE_BROWSER.contains(&lower.as_str())
        || is_of_the_message(&lower)
        || lower == "content-type"
        || browsers_accept
    {
        return;
    }
    if lower == "authorization"
        && let Some((scheme, token)) = value.split_once(' ')
        && scheme.eq_ignore_ascii_case("bearer")
        && let Some(template) = correlation.taken(token.trim())
    {
        request.auth = Some(Auth { bearer: Some(template), basic: None });
        return;
    }
    match correlation.taken(value) {
        Some(template) => draft.header(request, place, name, template),
        None => draft.sent_header(request, place, name, value),
    }
}

/// Gives a request its body.
///
/// # Errors
/// Why it cannot be sent.
fn body(
    request: &mut Request,
    place: &str,
    sent: &PostData<'_>,
    correlation: &mut Correlation,
    draft: &mut Draft,
) -> Result<(), String> {
    let kind = sent.mime_type.as_deref().unwrap_or_default();
    if kind.to_ascii_lowercase().starts_with("multipart/") {
        return Err(
            "multipart forms are not sent yet: write it by hand, with `body.file` or `body.form`".to_owned()
        );
    }
    if sent.encoding.as_deref() == Some("base64") {
        return Err("its body is binary: put it into a file, and use `body.file`".to_owned());
    }
    let mut text = sent.text.as_deref().unwrap_or_default().to_owned();
    let params = sent.params.as_deref().unwrap_or_default();
    if text.is_empty() {
        if params.iter().any(|param| param.file_name.is_some()) {
            return Err("it uploads a file, which is not sent yet".to_owned());
        }
        let pairs =
            params.iter().map(|param| (param.name.as_ref(), param.value.as_deref().unwrap_or_default()));
        text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    }
    if text.is_empty() {
        return Ok(());
    }
    let (marked, marks) = correlation.mark(kind, &text);
    let text = marked.as_deref().unwrap_or(&text);
    draft.body(request, place, &Sent { kind: Some(kind).filter(|kind| !kind.is_empty()), text });
    if let Some(body) = request.body.as_mut().filter(|_| !marks.is_empty()) {
        unmark(body, &marks);
    }
    Ok(())
}

/// Puts templates where marks stand for them.
fn unmark(body: &mut Body, marks: &[(String, String)]) {
    let put = |text: &mut String| {
        for (mark, template) in marks {
            if text.contains(mark.as_str()) {
                *text = text.replace(mark.as_str(), template);
            }
        }
    };
    body.json.iter_mut().for_each(|value| in_json(value, &put));
    body.form.iter_mut().flatten().for_each(|(_, value)| put(value));
    body.text.iter_mut().for_each(put);
}

fn in_json(value: &mut Value, put: &impl Fn(&mut String)) {
    match value {
        Value::String(text) => put(text),
        Value::Array(list) => list.iter_mut().for_each(|value| in_json(value, put)),
        Value::Object(map) => map.values_mut().for_each(|value| in_json(value, put)),
        _ => {}
    }
}
