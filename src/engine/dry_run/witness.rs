//! Who writes down what a dry run sends and receives.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::{
    MAX_REQUESTS,
    secrets::{self, is_secret_place},
    seen::{Checked, Extracted, Field, Message, Part, Reply, Step, StepFailure},
};
use crate::{
    engine::{
        answer::View,
        log::Finished,
        plan::{CheckName, Moment, Plan, RequestName, RequestPlan},
        recorder::ms,
        transport::{Answer, FailureKind, decode_beginning},
    },
    loadtest::{
        mask::{Mask, is_secret},
        secret::MASK,
    },
};

/// Bytes of a body that are shown.
const MAX_BODY: usize = 16 * 1024;
/// Bytes of all bodies that are shown.
const MAX_BODIES: usize = 2 * 1024 * 1024;
/// Secret values of answers that are remembered.
const MAX_REMEMBERED: usize = 64;
/// Characters of a value that are shown.
const MAX_VALUE: usize = 1000;

/// Writes down every exchange of a dry run. A run has none.
#[derive(Debug)]
pub(in crate::engine) struct Witness {
    requests: Vec<RequestName>,
    transactions: Vec<(Arc<str>, Arc<str>)>,
    checks: Vec<CheckName>,
    notes: Mutex<Notes>,
}

#[derive(Debug)]
struct Notes {
    steps: Vec<Step>,
    /// Hides what the document calls secret, and what answers have given that is.
    mask: Mask,
    /// Values that answers have given it.
    remembered: usize,
    /// Requests that may still be sent.
    left: usize,
    /// Whether one was not sent any more.
    full: bool,
    /// Cookies that go with the request that is about to be sent.
    cookies: Vec<u8>,
    /// Bytes of bodies that may still be shown.
    room: usize,
}

impl Witness {
    pub(super) fn of(plan: &Plan) -> Self {
        Self {
            requests: plan.requests.clone(),
            transactions: plan.transactions.clone(),
            checks: plan.checks.clone(),
            notes: Mutex::new(Notes {
                steps: Vec::new(),
                mask: plan.mask.clone(),
                remembered: 0,
                left: MAX_REQUESTS,
                full: false,
                cookies: Vec::new(),
                room: MAX_BODIES,
            }),
        }
    }

    /// Whether one more request may be sent.
    pub(in crate::engine) fn lets_through(&self) -> bool {
        let mut notes = self.notes();
        let left = notes.left.checked_sub(1);
        notes.full = left.is_none();
        notes.left = left.unwrap_or(0);
        left.is_some()
    }

    /// Whether a request was not sent because there had been too many.
    pub(super) fn is_full(&self) -> bool {
        self.notes().full
    }

    /// Everything that was written down; nothing is left behind.
    pub(super) fn take(&self) -> Vec<Step> {
        std::mem::take(&mut self.notes().steps)
    }

    /// Notes the `Cookie` line that goes with the request that is sent next.
    pub(in crate::engine) fn goes_with(&self, cookies: Vec<u8>) {
        self.notes().cookies = cookies;
    }

    /// Notes a request that is over, or that could not be written down.
    pub(in crate::engine) fn saw(&self, plan: &RequestPlan, moment: Moment, finished: &Finished<'_>) {
        let (scenario, transaction) = &self.transactions[finished.place.transaction as usize];
        let notes = &mut *self.notes();
        let cookies = std::mem::take(&mut notes.cookies);
        let took_us = finished.sample.map_or(0, |sample| sample.timings.total);
        // What an answer has given is hidden in it, and from then on.
        if let Some(answer) = finished.answer.filter(|_| notes.remembered < MAX_REMEMBERED) {
            let found = secrets::of(plan, answer, took_us);
            notes.remembered += found.len();
            notes.mask = notes.mask.with(found);
        }
        let shown = Shown { mask: notes.mask.clone(), checks: &self.checks };
        let (extracts, checks) =
            finished.answer.map(|answer| shown.judged(plan, answer, took_us)).unwrap_or_default();
        let was_sent = finished.sample.is_some_and(|sample| sample.bytes_out > 0);
        notes.steps.push(Step {
            scenario: scenario.to_string(),
            transaction: transaction.to_string(),
            part: match moment {
                Moment::Start => Part::OnStart,
                Moment::Loop => Part::Transactions,
                Moment::Stop => Part::OnStop,
            },
            request: shown.mask.text(&self.requests[plan.id as usize].name),
            method: finished.call.method.to_string(),
            url: shown.mask.text(&format!("{}{}", finished.call.origin, finished.call.target)),
            sent: was_sent.then(|| shown.sent(finished, &cookies, &mut notes.room)),
            answer: finished.answer.map(|answer| shown.reply(answer, took_us, &mut notes.room)),
            extracts,
            checks,
            failure: finished.failure.map(|failure| shown.failure(failure)),
        });
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How things are shown: without secrets.
struct Shown<'a> {
    mask: Mask,
    checks: &'a [CheckName],
}

impl Shown<'_> {
    /// Looks again at what the session has judged, and tells what it found.
    fn judged(&self, plan: &RequestPlan, answer: &Answer, took_us: u32) -> (Vec<Extracted>, Vec<Checked>) {
        let view = View::new(answer, took_us);
        let extracts = plan.extracts.iter().map(|extract| {
            let found = extract.source.find(&view);
            let value = found.as_ref().or(extract.default.as_ref());
            Extracted {
                name: extract.name.to_string(),
                from: self.mask.text(&extract.place),
                value: value.map(|item| match secrets::is_secret_extract(extract) {
                    true => MASK.to_owned(),
                    false => self.value(&extract.name, &item.text),
                }),
                is_default: found.is_none() && extract.default.is_some(),
            }
        });
        let checks = plan.checks.iter().map(|check| Checked {
            check: self.checks[check.id].words.clone(),
            passed: check.subject.holds(&view),
            found: check.subject.found(&view).map(|found| match is_secret_place(&check.subject.place()) {
                true => MASK.to_owned(),
                false => self.value("found", &found),
            }),
        });
        (extracts.collect(), checks.collect())
    }

    fn sent(&self, finished: &Finished<'_>, cookies: &[u8], room: &mut usize) -> Message {
        let call = &finished.call;
        let cookies = cookies.strip_prefix(b"cookie: ").map(<[u8]>::trim_ascii);
        let cookies = cookies.and_then(|line| Some((header::COOKIE, HeaderValue::from_bytes(line).ok()?)));
        let fields = call.headers.iter().cloned().chain(cookies).chain(call.fields());
        let headers = fields.map(|(name, value)| self.field(&name, &value)).collect();
        self.message(headers, (call.body, call.body.len() as u64), room)
    }

    fn reply(&self, answer: &Answer, took_us: u32, room: &mut usize) -> Reply {
        let none = HeaderMap::new();
        let fields = answer.headers.as_deref().unwrap_or(&none);
        let headers = fields.iter().map(|(name, value)| self.field(name, value)).collect();
        let encoding = fields.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes);
        // What nothing reads is kept as it was received, and only its beginning.
        let (body, whole) = match &answer.body {
            Some(body) => (body.clone(), true),
            None => {
                let all = answer.excerpt.len() as u64 == answer.body_len;
                (decode_beginning(encoding, &answer.excerpt, MAX_BODY + 1), all)
            }
        };
        let mut message = self.message(headers, (&body, answer.body_len), room);
        message.body_cut |= !whole;
        Reply { status: answer.status, redirects: answer.redirects, response_ms: ms(took_us.into()), message }
    }

    fn message(&self, headers: Vec<Field>, (body, body_bytes): (&[u8], u64), room: &mut usize) -> Message {
        let shown = &body[..body.len().min(MAX_BODY).min(*room)];
        *room -= shown.len();
        let body_cut = shown.len() < body.len();
        Message { headers, body: text(shown).map(|text| self.mask.beginning(text)), body_bytes, body_cut }
    }

    fn field(&self, name: &HeaderName, value: &HeaderValue) -> Field {
        let value = String::from_utf8_lossy(value.as_bytes());
        Field { name: name.to_string(), value: self.value(name.as_str(), &value) }
    }

    /// A value of a name, its secrets masked: those that the name tells as well.
    fn value(&self, name: &str, value: &str) -> String {
        if is_secret(name) && !value.is_empty() {
            return MASK.to_owned();
        }
        let cut: String = value.chars().take(MAX_VALUE).collect();
        let line = self.mask.beginning(&format!("{name}: {cut}"));
        line.strip_prefix(name).and_then(|line| line.strip_prefix(": ")).unwrap_or(&line).to_owned()
    }

    fn failure(&self, (kind, message): &(FailureKind, Arc<str>)) -> StepFailure {
        StepFailure { kind: kind.name().to_owned(), message: self.mask.text(message) }
    }
}

/// The text that bytes are, but for a character that a cut went through; `None` when they are no text.
fn text(bytes: &[u8]) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&bytes[..error.valid_up_to()]).ok(),
        Err(_) => None,
    }
}
