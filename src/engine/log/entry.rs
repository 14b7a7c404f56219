//! What users put into the queue: owned, and no larger than the files that want it need.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::engine::{
    plan::RequestPlan,
    recorder::Sample,
    transport::{Answer, EXCERPT_LEN, FailureKind, HttpCall, MAX_DEBUG_BODY, Origin},
};

/// Where in the run something happened.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Microseconds since the start of the run.
    pub at_us: u64,
    /// Number of the user, from 0.
    pub user: u32,
    /// Place of the transaction in the plan.
    pub transaction: u32,
}

/// A finished request, borrowed from the user who sent it.
#[derive(Debug)]
pub struct Finished<'a> {
    pub place: Place,
    /// Place of the request's name in the plan.
    pub request: u32,
    /// What was sent.
    pub call: HttpCall<'a>,
    /// What was measured; `None` when it could not be sent.
    pub sample: Option<&'a Sample>,
    /// The answer, when there was one.
    pub answer: Option<&'a Answer>,
    /// Why it failed, if it did.
    pub failure: Option<&'a (FailureKind, Arc<str>)>,
}

impl<'a> Finished<'a> {
    /// A request that could not be written down.
    pub fn unsent(
        place: Place,
        plan: &'a RequestPlan,
        origin: &'a Arc<Origin>,
        failure: &'a (FailureKind, Arc<str>),
    ) -> Self {
        let call = HttpCall {
            origin,
            method: &plan.method,
            target: "",
            headers: &[],
            body: &[],
            wire: None,
            lines: &[],
            timeout: plan.timeout,
            redirects: plan.redirects,
            keep_body: false,
            keep_headers: false,
        };
        Self { place, request: plan.id, call, sample: None, answer: None, failure: Some(failure) }
    }
}

/// How long a transaction, or a pass through a scenario, took.
#[derive(Clone, Copy, Debug)]
pub struct Took {
    pub place: Place,
    /// Number of the pass, from 0.
    pub pass: usize,
    /// How long it took, in microseconds.
    pub took_us: u32,
    /// Whether a failed request ended it, or one of its transactions.
    pub failed: bool,
}

/// A line in the making.
#[derive(Debug)]
pub enum Entry {
    Request(Box<RequestEntry>),
    Transaction(Box<Took>),
    Scenario(Box<Took>),
}

#[derive(Debug)]
pub struct RequestEntry {
    pub place: Place,
    pub request: u32,
    pub method: Method,
    pub origin: Arc<Origin>,
    pub target: Box<str>,
    pub redirects: u8,
    pub sample: Option<Sample>,
    pub failure: Option<FailureEntry>,
}

#[derive(Debug)]
pub struct FailureEntry {
    pub kind: FailureKind,
    pub message: Arc<str>,
    pub excerpt: Box<[u8]>,
    pub exchange: Option<ExchangeEntry>,
}

/// A whole exchange, bodies cut.
#[derive(Debug)]
pub struct ExchangeEntry {
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Box<[u8]>,
    pub body_len: u64,
    pub answer_headers: Option<HeaderMap>,
    pub answer_body: Box<[u8]>,
    pub answer_len: u64,
}

impl Entry {
    /// Copies what the files want of a request.
    pub fn request(finished: &Finished<'_>, whole: bool) -> Self {
        let body = finished.answer.map_or(&[][..], |a| a.body.as_deref().unwrap_or(&a.excerpt));
        let failure = finished.failure.map(|(kind, message)| FailureEntry {
            kind: *kind,
            message: Arc::clone(message),
            excerpt: beginning(body, EXCERPT_LEN),
            exchange: whole.then(|| ExchangeEntry::of(finished, body)),
        });
        Self::Request(Box::new(RequestEntry {
            place: finished.place,
            request: finished.request,
            method: finished.call.method.clone(),
            origin: Arc::clone(finished.call.origin),
            target: finished.call.target.into(),
            redirects: finished.answer.map_or(0, |answer| answer.redirects),
            sample: finished.sample.copied(),
            failure,
        }))
    }

    /// About how much memory it takes while it waits.
    pub fn weight(&self) -> usize {
        let Self::Request(request) = self else { return size_of::<Took>() };
        let failure = request.failure.as_ref().map_or(0, |failure| {
            let exchange = failure.exchange.as_ref().map_or(0, ExchangeEntry::weight);
            failure.excerpt.len() + exchange
        });
        size_of::<RequestEntry>() + request.target.len() + failure
    }
}

impl ExchangeEntry {
    fn of(finished: &Finished<'_>, body: &[u8]) -> Self {
        let (call, answer) = (&finished.call, finished.answer);
        Self {
            headers: call.headers.iter().cloned().chain(call.fields()).collect(),
            body: beginning(call.body, MAX_DEBUG_BODY),
            body_len: call.body.len() as u64,
            answer_headers: answer.and_then(|answer| answer.headers.as_deref()).cloned(),
            answer_body: beginning(body, MAX_DEBUG_BODY),
            answer_len: answer.map_or(0, |answer| answer.body_len),
        }
    }

    fn weight(&self) -> usize {
        let sent: usize = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        let answered = self.answer_headers.iter().flatten().map(|(_, value)| 32 + value.len()).sum::<usize>();
        sent + answered + self.body.len() + self.answer_body.len()
    }
}

fn beginning(bytes: &[u8], most: usize) -> Box<[u8]> {
    bytes[..bytes.len().min(most)].into()
}
