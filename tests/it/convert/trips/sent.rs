//! A test as the list of what it sends, each request with all that holds for it.

use std::collections::BTreeMap;

use maid::loadtest::{
    limit::Limit,
    types::{Check, CheckOp, LoadTest, Request, Scenario, StatusSet, Transaction},
};

use super::texts::{Texts, plain};

/// A request with all that holds for it.
#[derive(Debug)]
pub struct Sent {
    /// Where it is in the document.
    pub place: String,
    /// Name that it is measured under.
    pub name: String,
    /// `on_start`, `transactions` or `on_stop`.
    pub moment: &'static str,
    /// How often it is sent beside the others, before a common divisor is taken out.
    pub weight: u64,
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    /// By small letters.
    pub headers: BTreeMap<String, String>,
    pub body: Option<String>,
    pub timeout: String,
    pub redirects: u8,
    /// In words, with the place of each.
    pub checks: Vec<(String, String)>,
    /// The same of what is taken from the answer.
    pub extracts: Vec<(String, String)>,
}

/// What a test sends, in the order of a user's life: its start, a pass, its end.
pub fn sent(test: &LoadTest) -> Vec<Sent> {
    let mut out = Vec::new();
    for (index, scenario) in test.scenarios.iter().enumerate() {
        for (moment, list) in [
            ("on_start", &scenario.on_start),
            ("transactions", &scenario.transactions),
            ("on_stop", &scenario.on_stop),
        ] {
            let mut acts: Vec<(usize, &Transaction)> = list.iter().enumerate().collect();
            if moment == "transactions" {
                acts.sort_by_key(|(_, act)| act.sequence.unwrap_or(u32::MAX));
            }
            for (at, act) in acts {
                for (request_at, request) in act.requests.iter().enumerate() {
                    let place = format!("scenarios[{index}].{moment}[{at}].requests[{request_at}]");
                    out.push(one(test, scenario, act, request, place, moment));
                }
            }
        }
    }
    out
}

fn one(
    test: &LoadTest,
    scenario: &Scenario,
    act: &Transaction,
    request: &Request,
    place: String,
    moment: &'static str,
) -> Sent {
    let texts = Texts::of(test);
    let headers = headers(test, request, &texts);
    let (mut path, query) = texts.target(request);
    // Where it goes to belongs to it where that is not the test's own host.
    let own = |host: &String| host.trim_end_matches('/').to_owned();
    if path.starts_with('/')
        && let Some(host) = scenario.hosts.first()
        && Some(own(host)) != test.target.hosts.first().map(own)
    {
        path = format!("{}{path}", texts.text(&own(host)));
    }
    let kind = headers.get("content-type").cloned().unwrap_or_default();
    let checks = request.check.iter().enumerate();
    let extracts = request.extract.iter().enumerate();
    Sent {
        name: request.label().trim().to_owned(),
        moment,
        weight: if moment == "transactions" { u64::from(scenario.weight) * u64::from(act.weight) } else { 0 },
        method: request.method().to_owned(),
        path,
        query,
        body: request.body.as_ref().map(|body| texts.body(body, &kind)),
        headers,
        timeout: request.timeout.unwrap_or(test.target.timeout).to_string(),
        redirects: request.redirects.unwrap_or(test.target.redirects),
        checks: checks.map(|(at, check)| (format!("{place}.check[{at}]"), in_words(check))).collect(),
        extracts: extracts
            .map(|(at, extract)| {
                let path = extract.path.as_deref().map(bracketed);
                let what = path.or_else(|| extract.pattern.clone()).or_else(|| extract.key.clone());
                let name = plain(&extract.name);
                let words = format!("{name} from {:?} {what:?}, else {:?}", extract.from, extract.default);
                (format!("{place}.extract[{at}]"), words)
            })
            .collect(),
        place,
    }
}

/// Headers by the name that is sent, with those of the body and of credentials.
fn headers(test: &LoadTest, request: &Request, texts: &Texts<'_>) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::new();
    let mut put =
        |name: &str, value: String| headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    if let Some(body) = &request.body {
        let json = body.json.is_some() || body.graphql.is_some();
        let kind = match (json, &body.form, &body.text) {
            (true, ..) => "application/json",
            (_, Some(_), _) => "application/x-www-form-urlencoded",
            (.., Some(_)) => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        };
        put("content-type", kind.to_owned());
    }
    if let Some(auth) = &request.auth {
        if let Some(basic) = &auth.basic {
            let pair = (texts.text(&basic.username), texts.text(&basic.password));
            put("authorization", format!("Basic of {pair:?}"));
        }
        if let Some(token) = &auth.bearer {
            put("authorization", format!("Bearer {}", texts.text(token)));
        }
    }
    for (name, value) in test.target.headers.iter().chain(&request.headers) {
        put(name, texts.text(value));
    }
    headers
}

fn in_words(check: &Check) -> String {
    let op = check.op.unwrap_or(if check.value.is_some() { CheckOp::Eq } else { CheckOp::Exists });
    let compared = || match op {
        CheckOp::Exists => "exists".to_owned(),
        _ => format!("{op:?} {}", check.value.clone().unwrap_or_default()),
    };
    let limit = |of: Result<Limit, _>| of.map_or_else(|_| "?".to_owned(), |limit| format!("{limit:?}"));
    match check {
        Check { status: Some(StatusSet::One(code)), .. } => format!("status {:?}", [*code]),
        Check { status: Some(StatusSet::Many(codes)), .. } => format!("status {codes:?}"),
        Check { json: Some(path), .. } => format!("{} {}", bracketed(path), compared()),
        Check { header: Some(name), .. } => format!("header {} {}", name.to_ascii_lowercase(), compared()),
        Check { body_contains: Some(text), .. } => format!("body contains {text:?}"),
        Check { body_matches: Some(pattern), .. } => format!("body matches {pattern:?}"),
        Check { time: Some(rule), .. } => format!("time {}", limit(Limit::time(rule))),
        other => format!("size {}", limit(Limit::size(other.size.as_deref().unwrap_or_default()))),
    }
}

/// A JSONPath in one way of writing it: `$.a['b']` is `$['a']['b']`.
fn bracketed(path: &str) -> String {
    let path = serde_json_path::JsonPath::parse(path).map(|path| path.to_string());
    path.unwrap_or_default()
}
