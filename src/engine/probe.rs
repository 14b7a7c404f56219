//! A few requests, one after another, to see how fast a target answers before anybody sends it load.
//!
//! Only what reads is sent: GET and HEAD without a body, and only what needs no value of an earlier answer. The
//! requests go the way of a run: the same client, the same policy, name by name and address by address.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use http::{HeaderName, HeaderValue, Method};
use tokio::time::timeout;

use super::{
    plan::{Body, HeaderSource, Headers, Plan, PlanError, RequestPlan, To, basic_credentials, compile},
    policy::{PreflightError, TargetPolicy},
    run::http_settings,
    signal::{Stage, StopSignal},
    transport::{Call, Failure, HttpCall, HttpShared, HttpTransport, Origin, TlsError, Transport as _},
};
use crate::loadtest::{
    template::{Item, ItemRef, Scope, Template},
    valid::ValidLoadTest,
};

/// Most requests of a probe.
pub const MAX_REQUESTS: usize = 10;
/// Longest time that a probe sends for.
pub const MAX_TIME: Duration = Duration::from_secs(2);
/// Redirects that a request of a probe follows at most.
const MAX_REDIRECTS: u8 = 2;

/// What a probe has seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Probed {
    /// Requests that were sent, the failed ones included.
    pub sent: usize,
    /// Response times of those that were answered below 400, in milliseconds, as they came.
    pub answered_ms: Vec<f64>,
    /// Why the last one that failed did.
    pub failed: Option<String>,
}

impl Probed {
    /// The slowest answer, in milliseconds.
    #[must_use]
    pub fn slowest_ms(&self) -> Option<f64> {
        self.answered_ms.iter().copied().max_by(f64::total_cmp)
    }

    /// The average answer, in milliseconds.
    #[must_use]
    pub fn mean_ms(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a few requests")]
        let count = self.answered_ms.len() as f64;
        (count > 0.0).then(|| self.answered_ms.iter().sum::<f64>() / count)
    }
}

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The target policy forbids a host, or a host does not resolve.
    #[error(transparent)]
    Target(#[from] PreflightError),
    /// The document cannot be turned into a plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// TLS settings are unusable.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// There is nothing that only reads.
    #[error(
        "nothing in this test only reads: a probe sends GET and HEAD alone, to the test's own hosts, and none that need \
         a value of an earlier answer"
    )]
    NothingToSend,
}

/// Sends a few of the test's requests to its first host, one after another, within [`MAX_REQUESTS`] and [`MAX_TIME`],
/// and no further one once `go_on` says no.
///
/// # Errors
/// The policy, a name that does not resolve, a test without a request that only reads. A target that does not answer is
/// no error: what it did is in what comes back.
pub async fn probe(
    test: &ValidLoadTest,
    policy: TargetPolicy,
    go_on: impl Fn() -> bool,
) -> Result<Probed, ProbeError> {
    let plan = compile(test, &[])?;
    let mut calls = ready(&plan);
    if calls.is_empty() {
        return Err(ProbeError::NothingToSend);
    }
    let closed = calls.iter().find_map(|one| policy.check_url(&one.origin.host, &one.target).err());
    calls.retain(|one| policy.check_url(&one.origin.host, &one.target).is_ok());
    let origin = match (calls.first(), closed) {
        (Some(first), _) => Arc::clone(&first.origin),
        (None, Some(refusal)) => return Err(ProbeError::Target(refusal.into())),
        (None, None) => return Err(ProbeError::NothingToSend),
    };
    let shared = HttpShared::new(&http_settings(test, false), policy)?;
    let looked_up = timeout(MAX_TIME, shared.preflight(std::slice::from_ref(&origin))).await;
    looked_up.map_err(|_| PreflightError::Unresolved {
        host: origin.host.clone(),
        reason: format!("no answer from the name server within {MAX_TIME:?}"),
    })??;
    Ok(send(&calls, HttpTransport::new(Arc::new(shared), 0), go_on).await)
}

async fn send(calls: &[Ready<'_>], mut transport: HttpTransport, go_on: impl Fn() -> bool) -> Probed {
    let stop = StopSignal::new();
    let signal = stop.user();
    let until = Instant::now() + MAX_TIME;
    let mut probed = Probed::default();
    for ready in calls.iter().cycle().take(MAX_REQUESTS) {
        let left = until.saturating_duration_since(Instant::now());
        // Messages tell it to the user.
        let left = Duration::from_millis(u64::try_from(left.as_millis()).unwrap_or(u64::MAX));
        if left.is_zero() || !go_on() {
            break;
        }
        probed.sent += 1;
        let exchange = transport.exchange(&Call::Http(&ready.call(left)), &signal).await;
        match exchange.result {
            Ok(answer) if answer.status < 400 => {
                probed.answered_ms.push(f64::from(exchange.timings.total) / 1000.0);
            }
            Ok(answer) => probed.failed = Some(format!("it answered {}", answer.status)),
            Err(failure) => {
                probed.failed = Some(failure.to_string());
                // Whoever does not answer is not asked again.
                if let Failure::Failed { kind, .. } = failure
                    && kind.is_unreachable()
                {
                    break;
                }
            }
        }
    }
    stop.advance(Stage::Cut);
    probed
}

/// A request of the probe.
struct Ready<'p> {
    plan: &'p RequestPlan,
    origin: Arc<Origin>,
    target: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Ready<'_> {
    fn call(&self, left: Duration) -> HttpCall<'_> {
        HttpCall {
            origin: &self.origin,
            method: &self.plan.method,
            target: &self.target,
            headers: &self.headers,
            body: &[],
            wire: None,
            lines: &[],
            timeout: self.plan.timeout.min(left),
            redirects: self.plan.redirects.min(MAX_REDIRECTS),
            keep_body: false,
            keep_headers: false,
        }
    }
}

/// The requests that only read and need nothing that is not known yet, as often as the plan names them.
fn ready(plan: &Plan) -> Vec<Ready<'_>> {
    let transactions = plan.scenarios.iter().flat_map(|scenario| &scenario.transactions);
    let requests = transactions.flat_map(|transaction| &transaction.requests);
    requests.filter_map(of).take(MAX_REQUESTS).collect()
}

fn of(plan: &RequestPlan) -> Option<Ready<'_>> {
    let reads = plan.method == Method::GET || plan.method == Method::HEAD;
    let empty = matches!(&plan.body, Body::Fixed(body) if body.is_empty());
    let To::Hosts(places) = &plan.to else { return None };
    let place = places.first().filter(|_| reads && empty)?;
    let header = |(name, source): &(HeaderName, HeaderSource)| {
        let value = match source {
            HeaderSource::Fixed(value) => value.clone(),
            HeaderSource::Template(template) => HeaderValue::try_from(text(template)?).ok()?,
            HeaderSource::Basic(user, password) => {
                HeaderValue::try_from(basic_credentials(&text(user)?, &text(password)?)).ok()?
            }
        };
        Some((name.clone(), value))
    };
    let headers = match &plan.headers {
        Headers::Fixed(headers) => headers.clone(),
        Headers::Rendered(sources) => sources.iter().map(header).collect::<Option<_>>()?,
    };
    Some(Ready { plan, origin: Arc::clone(&place.origin), target: text(&place.target)?, headers })
}

/// A text, unless it needs what only a run has: a value of an answer, a row of a data file.
fn text(template: &Template) -> Option<String> {
    let mut text = String::new();
    template.render(&mut Nobody, &mut text).ok()?;
    Some(text)
}

/// Somebody who has seen no answer yet.
struct Nobody;

impl Scope for Nobody {
    fn extracted(&self, _: usize) -> Option<&Item> {
        None
    }

    fn cell(&mut self, _: usize, _: usize) -> Option<ItemRef<'_>> {
        None
    }

    fn random(&mut self) -> u64 {
        fastrand::u64(..)
    }

    fn now(&mut self) -> SystemTime {
        SystemTime::now()
    }
}

impl fmt::Debug for Ready<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").field("method", &self.plan.method).finish_non_exhaustive()
    }
}
