//! The columns of each log, and the values of a line.

use std::{borrow::Cow, fmt, fmt::Write as _, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderName, HeaderValue};

use super::entry::{Entry, ExchangeEntry, FailureEntry, RequestEntry, Took};
use crate::{
    engine::{
        plan::{Plan, RequestName},
        recorder::{NO_STATUS, ms},
    },
    loadtest::mask::Mask,
};

/// What a log file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogKind {
    /// A line for each finished request.
    Request,
    /// A line for each finished transaction.
    Transaction,
    /// A line for each finished pass through a scenario.
    Scenario,
    /// A line for each failure.
    Error,
    /// Each failed exchange with heads and bodies.
    Debug,
}

impl fmt::Display for LogKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "request log",
            Self::Transaction => "transaction log",
            Self::Scenario => "scenario log",
            Self::Error => "error log",
            Self::Debug => "debug log",
        })
    }
}

impl LogKind {
    /// The columns of its lines.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Request => REQUEST,
            Self::Error => ERROR,
            Self::Debug => DEBUG,
            Self::Transaction => TRANSACTION,
            Self::Scenario => SCENARIO,
        }
    }
}

/// Columns of the request log; they keep their names and places.
const REQUEST: &[&str] = &[
    "elapsed_ms",
    "user",
    "scenario",
    "transaction",
    "request",
    "method",
    "url",
    "status",
    "response_ms",
    "corrected_ms",
    "blocked_ms",
    "dns_ms",
    "connect_ms",
    "tls_ms",
    "send_ms",
    "wait_ms",
    "receive_ms",
    "bytes_out",
    "bytes_in",
    "redirects",
    "failed",
    "error_kind",
    "error_message",
];

/// Columns of the error log; they keep their names and places.
const ERROR: &[&str] = &[
    "elapsed_ms",
    "user",
    "scenario",
    "transaction",
    "request",
    "method",
    "url",
    "status",
    "response_ms",
    "error_kind",
    "error_message",
    "body_excerpt",
];

/// Columns of the debug log; they keep their names and places.
const DEBUG: &[&str] = &[
    "elapsed_ms",
    "user",
    "scenario",
    "transaction",
    "request",
    "method",
    "url",
    "status",
    "response_ms",
    "error_kind",
    "error_message",
    "request_head",
    "request_body",
    "request_body_bytes",
    "response_head",
    "response_body",
    "response_body_bytes",
    "response_body_base64",
];

/// Columns of the transaction log; they keep their names and places.
const TRANSACTION: &[&str] = &["elapsed_ms", "user", "scenario", "transaction", "pass", "took_ms", "failed"];

/// Columns of the scenario log; they keep their names and places.
const SCENARIO: &[&str] = &["elapsed_ms", "user", "scenario", "pass", "took_ms", "failed"];

/// A value of a line.
#[derive(Debug)]
pub enum Value<'a> {
    None,
    Flag(bool),
    Count(u64),
    Ms(f64),
    Text(Cow<'a, str>),
}

impl<'a> Value<'a> {
    fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    fn us(us: u32) -> Self {
        Self::Ms(ms(us.into()))
    }
}

/// What the numbers in an entry stand for.
#[derive(Debug)]
pub struct Names {
    requests: Vec<RequestName>,
    transactions: Vec<(Arc<str>, Arc<str>)>,
    mask: Mask,
}

impl Names {
    pub fn of(plan: &Plan) -> Self {
        Self {
            requests: plan.requests.clone(),
            transactions: plan.transactions.clone(),
            mask: plan.mask.clone(),
        }
    }

    /// The line that a log of `kind` gets for `entry`, if any.
    pub fn line<'a>(&'a self, kind: LogKind, entry: &'a Entry) -> Option<Vec<Value<'a>>> {
        match (kind, entry) {
            (LogKind::Request, Entry::Request(request)) => self.request(request),
            (LogKind::Error, Entry::Request(request)) => self.error(request),
            (LogKind::Debug, Entry::Request(request)) => self.debug(request),
            (LogKind::Transaction, Entry::Transaction(took)) => Some(self.took(took, true)),
            (LogKind::Scenario, Entry::Scenario(took)) => Some(self.took(took, false)),
            _ => None,
        }
    }

    fn request<'a>(&'a self, entry: &'a RequestEntry) -> Option<Vec<Value<'a>>> {
        let sample = entry.sample.as_ref()?;
        let t = &sample.timings;
        let mut line = self.beginning(entry);
        line.push(sample.from_intended_us.map_or(Value::None, Value::us));
        line.extend([t.blocked, t.dns, t.connect, t.tls, t.send, t.wait, t.receive].map(Value::us));
        line.extend([
            Value::Count(sample.bytes_out.into()),
            Value::Count(sample.bytes_in),
            Value::Count(entry.redirects.into()),
            Value::Flag(entry.failure.is_some()),
        ]);
        line.extend(cause(entry.failure.as_ref()));
        Some(line)
    }

    fn error<'a>(&'a self, entry: &'a RequestEntry) -> Option<Vec<Value<'a>>> {
        let failure = entry.failure.as_ref()?;
        let mut line = self.beginning(entry);
        line.extend(cause(Some(failure)));
        let excerpt = self.mask.beginning(&String::from_utf8_lossy(&failure.excerpt));
        line.push(Value::Text(excerpt.into()));
        Some(line)
    }

    fn debug<'a>(&'a self, entry: &'a RequestEntry) -> Option<Vec<Value<'a>>> {
        let failure = entry.failure.as_ref()?;
        let exchange = failure.exchange.as_ref()?;
        let mut line = self.beginning(entry);
        line.extend(cause(Some(failure)));
        line.extend(sent(entry, exchange, &self.mask));
        line.extend(answered(entry, exchange, &self.mask));
        Some(line)
    }

    /// The columns that all logs of requests begin with.
    fn beginning<'a>(&'a self, entry: &'a RequestEntry) -> Vec<Value<'a>> {
        let (scenario, transaction) = &self.transactions[entry.place.transaction as usize];
        let sample = entry.sample.as_ref();
        let status = sample.map(|sample| sample.status).filter(|status| *status != NO_STATUS);
        vec![
            Value::Ms(ms(entry.place.at_us)),
            Value::Count(entry.place.user.into()),
            Value::text(scenario),
            Value::text(transaction),
            Value::text(&self.requests[entry.request as usize].name),
            Value::text(entry.method.as_str()),
            Value::Text(url(entry, &self.mask).into()),
            status.map_or(Value::None, |status| Value::Count(status.into())),
            sample.map_or(Value::None, |sample| Value::us(sample.timings.total)),
        ]
    }

    fn took<'a>(&'a self, took: &Took, with_transaction: bool) -> Vec<Value<'a>> {
        let (scenario, transaction) = &self.transactions[took.place.transaction as usize];
        let mut line = vec![
            Value::Ms(ms(took.place.at_us)),
            Value::Count(took.place.user.into()),
            Value::text(scenario),
        ];
        line.extend(with_transaction.then(|| Value::text(transaction)));
        line.extend([Value::Count(took.pass as u64), Value::us(took.took_us), Value::Flag(took.failed)]);
        line
    }
}

fn cause(failure: Option<&FailureEntry>) -> [Value<'_>; 2] {
    match failure {
        Some(failure) => [Value::text(failure.kind.name()), Value::text(&failure.message)],
        None => [Value::None, Value::None],
    }
}

/// The URL, secrets masked.
fn url(entry: &RequestEntry, mask: &Mask) -> String {
    mask.text(&format!("{}{}", entry.origin, entry.target))
}

fn sent<'a>(entry: &RequestEntry, exchange: &ExchangeEntry, mask: &Mask) -> [Value<'a>; 3] {
    let mut head = format!("{} {}\nhost: {}\n", entry.method, url(entry, mask), entry.origin.authority);
    exchange.headers.iter().for_each(|(name, value)| field(&mut head, (name, value), mask));
    [
        Value::Text(head.into()),
        body(&exchange.body, mask).map_or_else(
            || Value::Text(BASE64_STANDARD.encode(&exchange.body).into()),
            |text| Value::Text(text.into()),
        ),
        Value::Count(exchange.body_len),
    ]
}

fn answered<'a>(entry: &RequestEntry, exchange: &ExchangeEntry, mask: &Mask) -> [Value<'a>; 4] {
    let Some(headers) = &exchange.answer_headers else {
        return [Value::None, Value::None, Value::None, Value::Flag(false)];
    };
    let mut head = format!("{}\n", entry.sample.as_ref().map_or(NO_STATUS, |sample| sample.status));
    headers.iter().for_each(|(name, value)| field(&mut head, (name, value), mask));
    let text = body(&exchange.answer_body, mask);
    let is_binary = text.is_none();
    [
        Value::Text(head.into()),
        Value::Text(text.unwrap_or_else(|| BASE64_STANDARD.encode(&exchange.answer_body)).into()),
        Value::Count(exchange.answer_len),
        Value::Flag(is_binary),
    ]
}

fn field(head: &mut String, (name, value): (&HeaderName, &HeaderValue), mask: &Mask) {
    let line = format!("{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    // Writing to a string cannot fail.
    let _ = writeln!(head, "{}", mask.text(&line));
}

/// A body as text, its secrets masked; `None` when it is no text. A character that the cut went
/// through is left out.
fn body(bytes: &[u8], mask: &Mask) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    Some(mask.beginning(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8]) -> Option<String> {
        body(bytes, &Mask::default())
    }

    #[test]
    fn a_body_is_text_up_to_the_cut_or_no_text() {
        assert_eq!(shown("aü".as_bytes()).as_deref(), Some("aü"));
        assert_eq!(shown(&"aü".as_bytes()[..2]).as_deref(), Some("a"));
        assert_eq!(shown(&[0xff, b'a']), None);
        assert_eq!(shown(br#"{"password": "x1"}"#).as_deref(), Some(r#"{"password": "***"}"#));
    }

    #[test]
    fn secret_headers_show_their_name_alone() {
        let mut head = String::new();
        for name in
            ["authorization", "cookie", "set-cookie", "x-api-key", "proxy-authorization", "x-auth-token"]
        {
            let value = HeaderValue::from_static("s3cret");
            field(&mut head, (&HeaderName::from_static(name), &value), &Mask::default());
        }
        let (name, value) = (HeaderName::from_static("accept"), HeaderValue::from_static("text/html"));
        field(&mut head, (&name, &value), &Mask::default());
        assert!(
            !head.contains("s3cret") && head.contains("set-cookie: ***") && head.contains("text/html"),
            "{head}"
        );
    }
}
