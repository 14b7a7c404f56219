//! HTTP calls: connections, redirects, cookies and one retry around the two protocols.

use std::{borrow::Cow, mem, sync::Arc, time::Instant};

use ::http::header;

use super::{
    Answer, Call, Exchange, Failure, FailureKind, HttpCall, HttpShared, Origin, Transport,
    connect::{self, Connection},
    connections::Connections,
    cookies::Cookies,
    decode,
    http1::{self, Parts, Read, Want, Wire},
    http2,
    redirect::{self, Hop},
    tally::{Tally, micros},
    watch::{Timer, Watch},
};
use crate::engine::signal::UserSignal;

/// Largest head buffer that a user keeps between requests.
const KEPT_HEAD: usize = 2048;

/// One user's HTTP client.
#[derive(Debug)]
pub struct HttpTransport {
    shared: Arc<HttpShared>,
    user: usize,
    connections: Connections,
    cookies: Cookies,
    timer: Timer,
    /// Where heads are rendered that the plan could not render once for all.
    head: Vec<u8>,
}

/// An answer at the end of all redirects.
struct Reached {
    read: Read,
    ended: Instant,
    redirects: u8,
    moved_to: Option<Arc<Origin>>,
}

impl HttpTransport {
    /// The client of user number `user`; users with different numbers spread over a name's
    /// addresses. Opens nothing yet.
    #[must_use]
    pub fn new(shared: Arc<HttpShared>, user: usize) -> Self {
        Self {
            shared,
            user,
            connections: Connections::default(),
            cookies: Cookies::default(),
            timer: Timer::default(),
            head: Vec::new(),
        }
    }

    async fn reach(
        &mut self,
        call: &HttpCall<'_>,
        started: Instant,
        tally: &mut Tally,
        watch: &mut Watch<'_>,
    ) -> Result<Reached, Failure> {
        let (read, ended) = self.hop(call, started, tally, watch).await?;
        if read.head.location.is_some() {
            return Box::pin(self.follow(call, read, tally, watch)).await;
        }
        Ok(Reached { read, ended, redirects: 0, moved_to: None })
    }

    async fn follow(
        &mut self,
        call: &HttpCall<'_>,
        mut read: Read,
        tally: &mut Tally,
        watch: &mut Watch<'_>,
    ) -> Result<Reached, Failure> {
        let mut hop = Hop::first(call);
        let mut redirects = 0;
        let mut ended = Instant::now();
        while let Some(location) = read.head.location {
            if redirects == call.redirects {
                return Err(redirect::too_many(call.redirects));
            }
            redirects += 1;
            hop = hop.next(read.head.status, &location)?;
            let next = HttpCall {
                origin: &hop.origin,
                method: &hop.method,
                target: &hop.target,
                headers: &hop.headers,
                body: if hop.with_body { call.body } else { &[] },
                wire: None,
                ..*call
            };
            (read, ended) = self.hop(&next, Instant::now(), tally, watch).await?;
        }
        let moved_to = (hop.origin != *call.origin).then_some(hop.origin);
        Ok(Reached { read, ended, redirects, moved_to })
    }

    /// Sends one request and reads its answer, on the open connection or a new one.
    async fn hop(
        &mut self,
        call: &HttpCall<'_>,
        started: Instant,
        tally: &mut Tally,
        watch: &mut Watch<'_>,
    ) -> Result<(Read, Instant), Failure> {
        self.shared
            .policy
            .check_url(&call.origin.host, call.target)
            .map_err(|refusal| Failure::new(FailureKind::Policy, refusal.to_string()))?;
        if call.wire.is_none() && !is_clean(call.target) {
            let message = "the path must begin with a slash and hold no space and no control character; \
                           percent-encode them";
            return Err(Failure::new(FailureKind::Template, message));
        }
        let mut open = self.connections.take(call.origin).await;
        let mut started = started;
        loop {
            if watch.is_cut() {
                return Err(Failure::Interrupted { sent: tally.bytes_out > 0 });
            }
            let reused = open.is_some();
            let mut connection = match open.take() {
                Some(connection) => connection,
                None => {
                    let opened =
                        Box::pin(connect::open(&self.shared, self.user, call.origin, tally, watch)).await?;
                    started = Instant::now();
                    opened
                }
            };
            match self.pass(&mut connection, call, started, tally, watch).await {
                Ok((passed, ended)) => {
                    if passed.reusable {
                        self.connections.keep(call.origin, connection);
                    }
                    self.cookies.store(&passed.read.head.cookies, call.origin, call.target);
                    return Ok((passed.read, ended));
                }
                // The server may close an idle connection at any time, also just now.
                Err(broken) if broken.before_answer && reused && call.method.is_idempotent() => {}
                Err(broken) => return Err(broken.failure),
            }
        }
    }

    async fn pass(
        &mut self,
        connection: &mut Connection,
        call: &HttpCall<'_>,
        started: Instant,
        tally: &mut Tally,
        watch: &mut Watch<'_>,
    ) -> Result<(http1::Passed, Instant), http1::Broken> {
        let want = self.want(call);
        let lines = self.lines(call);
        let parts = || Parts {
            origin: call.origin,
            method: call.method,
            target: call.target,
            headers: call.headers,
            body_len: call.body.len(),
            lines: &lines,
        };
        match (connection, call.wire) {
            (Connection::Http1(stream), Some(bytes)) => {
                let wire = Wire::rendered(bytes, &lines);
                http1::pass(stream, wire, want, started, tally, watch).await
            }
            (Connection::Http1(stream), None) => {
                let mut head = mem::take(&mut self.head);
                http1::render_head(&parts(), &mut head);
                let wire = Wire::head_and_body(&head, call.body);
                let passed = http1::pass(stream, wire, want, started, tally, watch).await;
                if head.capacity() <= KEPT_HEAD {
                    self.head = head;
                }
                passed
            }
            (Connection::Http2(http2), _) => {
                let request = http2::request(&parts(), call.body);
                Box::pin(http2.pass(request, want, started, tally, watch)).await
            }
        }
    }

    fn want(&self, call: &HttpCall<'_>) -> Want {
        Want {
            head_only: *call.method == ::http::Method::HEAD,
            headers: call.keep_headers || self.shared.debug,
            body: call.keep_body,
            debug: self.shared.debug,
            location: call.redirects > 0,
            cookies: self.shared.cookies,
        }
    }

    /// The `Cookie` line that the user's cookies come to, line end included; empty where none go with the call.
    pub(in crate::engine) fn cookies(&self, call: &HttpCall<'_>) -> Vec<u8> {
        match call.headers.iter().any(|(name, _)| *name == header::COOKIE) {
            true => Vec::new(),
            false => self.cookies.line(call.origin, call.target),
        }
    }

    /// The call's own lines, and the user's cookies. A `Cookie` header that the document gives itself
    /// stands alone.
    fn lines<'a>(&self, call: &HttpCall<'a>) -> Cow<'a, [u8]> {
        if self.cookies.is_empty() || call.headers.iter().any(|(name, _)| *name == header::COOKIE) {
            return Cow::Borrowed(call.lines);
        }
        let mut lines = self.cookies(call);
        lines.extend_from_slice(call.lines);
        Cow::Owned(lines)
    }
}

/// A line end from a data row must not become a header, or a request, of its own.
fn is_clean(target: &str) -> bool {
    target.starts_with('/') && target.bytes().all(|byte| byte > b' ' && byte != 0x7f)
}

impl Transport for HttpTransport {
    async fn exchange(&mut self, call: &Call<'_>, signal: &UserSignal) -> Exchange {
        let Call::Http(call) = call;
        let started = Instant::now();
        let mut tally = Tally::default();
        let mut timer = mem::take(&mut self.timer);
        let mut watch = Watch::new(&mut timer, signal, started, call.timeout);
        let reached = self.reach(call, started, &mut tally, &mut watch).await;
        self.timer = timer;
        let ended = reached.as_ref().map_or_else(|_| Instant::now(), |reached| reached.ended);
        tally.timings.total = micros(ended.saturating_duration_since(started));
        Exchange {
            started,
            timings: tally.timings,
            bytes_in: tally.bytes_in,
            bytes_out: tally.bytes_out,
            result: reached.and_then(|reached| answer(reached, call.keep_body)),
        }
    }
}

fn answer(reached: Reached, keep_body: bool) -> Result<Answer, Failure> {
    let Reached { read: Read { head, kept, body_len }, redirects, moved_to, .. } = reached;
    let (body, excerpt) = if keep_body {
        (Some(decode::body(head.encoding.as_deref(), kept)?), Vec::new())
    } else {
        (None, kept)
    };
    Ok(Answer { status: head.status, headers: head.headers, body, excerpt, body_len, redirects, moved_to })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{policy::TargetPolicy, transport::HttpSettings};

    #[test]
    fn an_idle_user_is_small() {
        assert!(size_of::<HttpTransport>() <= 128, "{}", size_of::<HttpTransport>());
        assert!(size_of::<Connection>() <= 64, "{}", size_of::<Connection>());
    }

    #[test]
    fn a_request_under_way_is_small() {
        let shared = HttpShared::new(&HttpSettings::default(), TargetPolicy::default());
        let mut user = HttpTransport::new(Arc::new(shared.expect("usable settings")), 0);
        let url = url::Url::parse("http://127.0.0.1/").expect("a URL");
        let call = HttpCall {
            origin: &Arc::new(Origin::from_url(&url).expect("an origin")),
            method: &::http::Method::GET,
            target: "/",
            headers: &[],
            body: &[],
            wire: None,
            lines: &[],
            timeout: std::time::Duration::from_secs(1),
            redirects: 0,
            keep_body: false,
            keep_headers: false,
        };
        let signal = crate::engine::signal::StopSignal::new().user();
        let size = size_of_val(&user.exchange(&Call::Http(&call), &signal));
        assert!(size <= 2048, "{size}");
    }

    #[test]
    fn paths_that_would_smuggle_are_not_clean() {
        assert!(is_clean("/a?b=c%20d") && is_clean("/\u{fc}"));
        for target in ["", "a", "/a b", "/a\r\nHost: b", "/\0", "http://a.test/"] {
            assert!(!is_clean(target), "{target:?}");
        }
    }
}
