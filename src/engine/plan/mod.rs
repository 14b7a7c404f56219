//! A LoadTest worked out as far as it can be before the first packet: names are numbers, templates
//! are split and resolved, requests that never differ are bytes.

mod check;
mod compile;
mod load;
mod request;
mod target;

use std::{sync::Arc, time::Duration};

use http::{HeaderName, HeaderValue, Method};

pub use self::{
    compile::compile,
    load::{Hatch, LoadPlan},
    target::{Aim, aim},
};
pub(super) use self::{request::basic_credentials, target::path_and_query};
use super::{check::CheckPlan, extract::ExtractPlan, recorder::NO_HOST, transport::Origin};
use crate::loadtest::{
    feeder::Feeder,
    mask::Mask,
    template::Template,
    types::{Scheduler, TraceContext},
};

/// Why a valid LoadTest cannot be turned into a plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// No scenario has the selected name.
    #[error("no scenario is named {0}; the document has {1}")]
    NoScenario(String, String),
    /// Something that validation lets through only by mistake.
    #[error("{0}")]
    Invalid(String),
}

/// Everything that a run does.
#[derive(Debug)]
pub struct Plan {
    /// Order of scenarios and transactions.
    pub scheduler: Scheduler,
    /// How much load.
    pub load: LoadPlan,
    /// Requests per second over all users.
    pub rate_limit: Option<f64>,
    /// Whether totals leave the ramps out.
    pub steady: bool,
    /// Whether a user stays on the host that a redirect led to.
    pub sticky_redirects: bool,
    /// Which trace requests belong to.
    pub trace_context: TraceContext,
    /// Whether the run ends when a threshold fails.
    pub abort_on_threshold: bool,
    /// What users do.
    pub scenarios: Vec<ScenarioPlan>,
    /// Hosts that are told apart, as base URLs; empty where there is only one.
    pub hosts: Vec<String>,
    /// Names that requests are measured under.
    pub requests: Vec<RequestName>,
    /// Scenario and name of each transaction.
    pub transactions: Vec<(Arc<str>, Arc<str>)>,
    /// Each check.
    pub checks: Vec<CheckName>,
    /// Hides secrets in what is shown of the run.
    pub mask: Mask,
    /// Data that feeds templates.
    pub feeders: Vec<Arc<Feeder>>,
}

/// A name that requests are measured under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestName {
    /// The name.
    pub name: String,
    /// HTTP method of the first request of that name.
    pub method: String,
    /// Scenarios that send it, by number.
    pub scenarios: Vec<usize>,
}

/// Where a check belongs and what reports call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckName {
    /// Request, by number.
    pub request: u32,
    /// Scenario, by number.
    pub scenario: usize,
    /// The check in words.
    pub words: String,
}

/// What one kind of user does.
#[derive(Debug)]
pub struct ScenarioPlan {
    /// Name of the scenario.
    pub name: Arc<str>,
    /// Share of users.
    pub weight: u32,
    /// Numbers among the plan's hosts of the hosts that its users are spread over.
    pub hosts: Vec<u8>,
    /// Pause between transactions.
    pub think_time: Option<(Duration, Duration)>,
    /// Number of extracted values that a user keeps.
    pub slots: usize,
    /// Feeders of which a user keeps one row for its life.
    pub bound: Vec<bool>,
    /// Number of requests, for the cadence that a user keeps of each.
    pub requests: usize,
    /// Transactions in the order of the document: on_start, loop, on_stop.
    pub transactions: Vec<TransactionPlan>,
}

impl ScenarioPlan {
    /// The number of the host that the user `index` sends to, or [`NO_HOST`].
    #[must_use]
    pub fn host_of(&self, index: u32) -> u8 {
        match self.hosts.len() {
            0 => NO_HOST,
            hosts => self.hosts[index as usize % hosts],
        }
    }

    /// What Goose divides all weights of the scenario by.
    #[must_use]
    pub fn unit(&self) -> u32 {
        self.transactions.iter().map(|transaction| transaction.weight).fold(0, gcd).max(1)
    }
}

/// Greatest common divisor.
pub(super) const fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// When a transaction runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Once, before the loop.
    Start,
    /// In the loop.
    Loop,
    /// Once, after the loop.
    Stop,
}

/// A group of requests.
#[derive(Debug)]
pub struct TransactionPlan {
    /// Place among all transactions of the plan.
    pub id: u32,
    /// Name of the transaction.
    pub name: Arc<str>,
    /// When it runs.
    pub moment: Moment,
    /// Place in the pass; 0 is last.
    pub sequence: u32,
    /// How often it runs in a pass.
    pub weight: u32,
    /// Its requests.
    pub requests: Vec<RequestPlan>,
}

/// One request.
#[derive(Debug)]
pub struct RequestPlan {
    /// Place of its name among all names of the plan.
    pub id: u32,
    /// Place among the requests of its scenario.
    pub place: usize,
    /// Method.
    pub method: Method,
    /// Where it goes.
    pub to: To,
    /// Headers other than Host, Content-Length and Cookie.
    pub headers: Headers,
    /// Body.
    pub body: Body,
    /// Longest time.
    pub timeout: Duration,
    /// Redirects to follow.
    pub redirects: u8,
    /// Whether something reads the body.
    pub keep_body: bool,
    /// Whether something reads the headers.
    pub keep_headers: bool,
    /// Which headers of the trace context it leaves to MAID.
    pub traced: Traced,
    /// Whether a check decides which status passes; else 400 and above fail.
    pub status_checked: bool,
    /// What the answer must be.
    pub checks: Vec<CheckPlan>,
    /// What is taken from the answer.
    pub extracts: Vec<ExtractPlan>,
}

/// Which headers of the trace context MAID adds to a request, where the test asks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traced {
    /// None: it names `traceparent` itself.
    Not,
    /// `traceparent`: it names `tracestate` itself.
    Parent,
    /// Both.
    Whole,
}

impl Traced {
    /// What the headers of a request leave to MAID.
    fn besides(headers: &Headers) -> Self {
        let named = |wanted: &str| match headers {
            Headers::Fixed(fields) => fields.iter().any(|(name, _)| name == wanted),
            Headers::Rendered(fields) => fields.iter().any(|(name, _)| name == wanted),
        };
        match (named("traceparent"), named("tracestate")) {
            (true, _) => Self::Not,
            (false, true) => Self::Parent,
            (false, false) => Self::Whole,
        }
    }
}

/// Where a request goes.
#[derive(Debug)]
pub enum To {
    /// To the user's host: one place for each host of the scenario.
    Hosts(Vec<Place>),
    /// To a whole URL, whatever the user's host is.
    Absolute(Place),
    /// To what is known only when it is rendered: a whole URL, or a path on the user's host.
    Rendered {
        /// The URL or path.
        template: Template,
        /// Each host of the scenario, with the path that comes before every request's own.
        hosts: Vec<(Arc<Origin>, String)>,
    },
}

impl To {
    /// The first host that it goes to as far as that is known before the run.
    #[must_use]
    pub fn host(&self) -> Option<&Arc<Origin>> {
        match self {
            Self::Rendered { hosts, .. } => hosts.first().map(|(origin, _)| origin),
            known => known.places().first().map(|place| &place.origin),
        }
    }

    /// Every place that is known before the run.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        match self {
            Self::Hosts(places) => places,
            Self::Absolute(place) => std::slice::from_ref(place),
            Self::Rendered { .. } => &[],
        }
    }
}

/// A request's place on one host.
#[derive(Debug)]
pub struct Place {
    /// The host.
    pub origin: Arc<Origin>,
    /// Path and query.
    pub target: Template,
    /// The whole request as HTTP/1.1 bytes, when it never differs.
    pub wire: Option<Box<[u8]>>,
}

/// Headers of a request.
#[derive(Debug)]
pub enum Headers {
    /// Always the same.
    Fixed(Vec<(HeaderName, HeaderValue)>),
    /// Some are rendered.
    Rendered(Vec<(HeaderName, HeaderSource)>),
}

/// Where a header's value comes from.
#[derive(Debug)]
pub enum HeaderSource {
    /// Always the same.
    Fixed(HeaderValue),
    /// A template.
    Template(Template),
    /// Basic credentials: user name and password.
    Basic(Template, Template),
}

/// Body of a request.
#[derive(Debug)]
pub enum Body {
    /// Always the same; most often empty.
    Fixed(Box<[u8]>),
    /// A template.
    Template(Template),
}
