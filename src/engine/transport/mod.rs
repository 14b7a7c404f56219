//! How a user's requests reach the target.
//!
//! Everything that can carry a request implements [`Transport`]: a call goes in, an [`Exchange`]
//! with timings, bytes and an answer or a failure comes out. WebSocket, server-sent events, gRPC
//! and SQL become further variants of [`Call`] and further transports; recorder, checks and
//! extraction see nothing but exchanges.
//!
//! A user owns an [`HttpTransport`], all users of a run share an [`HttpShared`]. `http` goes through
//! the hops of a call; `connect` opens connections (`resolve`, policy, `tls`); `http1` is the
//! hand-written hot path, `http2` the one through hyper; `watch` ends calls at their deadline and
//! with the run. `redirect`, `cookies` and `decode` do nothing for answers that do not need them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use ::http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::signal::UserSignal;

mod connect;
mod connections;
mod cookies;
mod decode;
mod http;
mod http1;
mod http2;
mod io;
mod metered;
mod origin;
mod redirect;
mod resolve;
mod shared;
mod tally;
mod tls;
mod tls_error;
mod tls_unverified;
mod trace;
mod watch;

pub(super) use self::{connections::MAX_OPEN, decode::beginning as decode_beginning};
pub use self::{
    http::HttpTransport,
    origin::{Origin, OriginError},
    resolve::Resolver,
    shared::{HttpSettings, HttpShared},
    tls::{Pem, TlsError, TlsSettings},
    trace::TraceLines,
};

/// Largest body that is kept for checks and extraction, decompressed: 16 MB.
pub const MAX_KEPT_BODY: usize = 16 * 1024 * 1024;

/// Bytes of a body that are kept as an example when the status is 400 or above.
pub const EXCERPT_LEN: usize = 512;

/// Bytes of every body that are kept for a debug log.
pub const MAX_DEBUG_BODY: usize = 64 * 1024;

/// Something that carries a user's calls. One value belongs to one user.
pub trait Transport: Send {
    /// Carries out one call. Never panics, never runs longer than the call's timeout; ends early
    /// with [`Failure::Interrupted`] when `signal` says that the run is being ended.
    fn exchange(&mut self, call: &Call<'_>, signal: &UserSignal) -> impl Future<Output = Exchange> + Send;
}

/// One thing to send.
#[derive(Clone, Copy, Debug)]
pub enum Call<'a> {
    /// An HTTP request.
    Http(&'a HttpCall<'a>),
}

/// An HTTP request, ready to send.
#[derive(Clone, Copy, Debug)]
pub struct HttpCall<'a> {
    /// Where it goes.
    pub origin: &'a Arc<Origin>,
    /// Its method.
    pub method: &'a Method,
    /// Path and query, percent-encoded.
    pub target: &'a str,
    /// Headers. Content-Length and Transfer-Encoding must not be among them; Host and Cookie are
    /// added when they are not.
    pub headers: &'a [(HeaderName, HeaderValue)],
    /// Body bytes.
    pub body: &'a [u8],
    /// The whole request as HTTP/1.1 bytes, head and body, when it has been rendered already: the
    /// hot path. The other fields must say the same; HTTP/2 and redirects are made from them.
    pub wire: Option<&'a [u8]>,
    /// Whole header lines that differ from one request to the next, each with its line end; they are
    /// sent besides `headers`, with redirects too, and are not part of `wire`.
    pub lines: &'a [u8],
    /// Longest time, redirects included.
    pub timeout: Duration,
    /// Redirects to follow.
    pub redirects: u8,
    /// Whether checks or extraction read the body; otherwise it is counted and dropped.
    pub keep_body: bool,
    /// Whether checks or extraction read the headers.
    pub keep_headers: bool,
}

impl HttpCall<'_> {
    /// The further lines as fields.
    pub(in crate::engine) fn fields(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        http1::fields(self.lines).filter_map(|(name, value)| {
            Some((HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?))
        })
    }

    /// The call as HTTP/1.1 bytes, to be rendered once and given as `wire` from then on. The
    /// target must be percent-encoded: a rendered call is sent unseen.
    #[must_use]
    pub fn to_wire(&self) -> Vec<u8> {
        let parts = http1::Parts {
            origin: self.origin,
            method: self.method,
            target: self.target,
            headers: self.headers,
            body_len: self.body.len(),
            lines: &[],
        };
        let mut wire = Vec::new();
        http1::render_head(&parts, &mut wire);
        wire.extend_from_slice(self.body);
        wire
    }
}

/// What became of a call.
#[derive(Debug)]
pub struct Exchange {
    /// When sending began.
    pub started: Instant,
    /// Parts of the response time.
    pub timings: Timings,
    /// Bytes received, heads included, what TLS adds left out.
    pub bytes_in: u64,
    /// Bytes sent, heads included, what TLS adds left out.
    pub bytes_out: u64,
    /// Answer or failure.
    pub result: Result<Answer, Failure>,
}

/// Parts of the response time in microseconds; a part that did not happen is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// Waiting for a free connection.
    pub blocked: u32,
    /// Resolving the name.
    pub dns: u32,
    /// TCP handshake.
    pub connect: u32,
    /// TLS handshake.
    pub tls: u32,
    /// Writing the request.
    pub send: u32,
    /// From the last byte sent to the first byte of the answer.
    pub wait: u32,
    /// From the first to the last byte of the answer.
    pub receive: u32,
    /// All of it.
    pub total: u32,
}

/// An answer from the target.
#[derive(Debug, Default)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers, when they were asked for.
    pub headers: Option<Box<HeaderMap>>,
    /// Body, decompressed, when it was asked for.
    pub body: Option<Vec<u8>>,
    /// The first [`EXCERPT_LEN`] bytes of a body that was not asked for, as received, when the
    /// status is 400 or above.
    pub excerpt: Vec<u8>,
    /// Size of the body in bytes as received, chunk framing left out.
    pub body_len: u64,
    /// Redirects that were followed.
    pub redirects: u8,
    /// Where the last redirect led, when it led to another origin.
    pub moved_to: Option<Arc<Origin>>,
}

/// Why there is no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// The run is being ended. `sent` says whether the target may have seen the request.
    #[error("interrupted")]
    Interrupted {
        /// Whether any byte of it had been written.
        sent: bool,
    },
    /// Anything else.
    #[error("{message}")]
    Failed {
        /// Group that it is counted under.
        kind: FailureKind,
        /// What happened, without anything that differs from one request to the next.
        message: Arc<str>,
    },
}

impl Failure {
    /// A failure of a kind.
    #[must_use]
    pub fn new(kind: FailureKind, message: impl Into<Arc<str>>) -> Self {
        Self::Failed { kind, message: message.into() }
    }
}

/// Groups of failures, as reports name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailureKind {
    /// The name does not resolve.
    Dns,
    /// No connection: refused, unreachable, or not answered in time.
    Connect,
    /// No connection, because this machine has no file or port left for it.
    Exhausted,
    /// TLS handshake or certificate.
    Tls,
    /// Not done in time.
    Timeout,
    /// The connection broke before the answer was complete.
    Closed,
    /// The answer is not HTTP, or breaks its rules.
    Protocol,
    /// More redirects than allowed, or one that cannot be followed.
    Redirect,
    /// The target policy or `.maidignore` forbids the address.
    Policy,
    /// The body cannot be decompressed.
    Decode,
    /// Answer is larger than MAID keeps.
    TooLarge,
    /// A status of 400 or above, or one that a check refuses.
    Status,
    /// A check failed.
    Check,
    /// An extraction found nothing.
    Extract,
    /// A template could not be filled in.
    Template,
}

impl FailureKind {
    /// Whether it says that there was no connection to send anything on.
    #[must_use]
    pub const fn is_unreachable(self) -> bool {
        matches!(self, Self::Dns | Self::Connect | Self::Tls)
    }

    /// Name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Exhausted => "exhausted",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Closed => "closed",
            Self::Protocol => "protocol",
            Self::Redirect => "redirect",
            Self::Policy => "policy",
            Self::Decode => "decode",
            Self::TooLarge => "too_large",
            Self::Status => "status",
            Self::Check => "check",
            Self::Extract => "extract",
            Self::Template => "template",
        }
    }
}
