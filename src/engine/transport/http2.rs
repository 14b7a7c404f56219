//! HTTP/2 through hyper: one connection for each user, one request at a time on it.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
    time::Instant,
};

use ::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, Version, header};
use http_body_util::{BodyExt, Full};
use hyper::{
    body::{Bytes, Incoming},
    client::conn::http2::{Builder, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::task::{JoinSet, coop::consume_budget};

use super::{
    Failure, FailureKind,
    http1::{Broken, Fault, Framing, Head, Keeper, MAX_HEAD, Parts, Passed, Read, Want, fields},
    io::Stream,
    metered::{Metered, Traffic},
    redirect::is_redirect,
    tally::{Tally, add},
    watch::Watch,
};

/// An HTTP/2 connection. Dropping it ends the tasks that drive it.
#[derive(Debug)]
pub(super) struct Http2 {
    sender: SendRequest<Full<Bytes>>,
    tasks: Tasks,
    traffic: Arc<Traffic>,
    /// Bytes in and out that have been put to earlier requests.
    accounted: (u64, u64),
}

/// Runs hyper's tasks for one connection.
#[derive(Clone, Debug, Default)]
struct Tasks(Arc<Mutex<JoinSet<()>>>);

impl<F> hyper::rt::Executor<F> for Tasks
where
    F: Future + Send + 'static,
{
    fn execute(&self, task: F) {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(async {
            task.await;
        });
    }
}

impl Drop for Http2 {
    fn drop(&mut self) {
        self.tasks.0.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }
}

impl Http2 {
    /// Begins HTTP/2 on a stream.
    pub(super) async fn open(stream: Stream, watch: &mut Watch<'_>) -> Result<Self, Failure> {
        let tasks = Tasks::default();
        let traffic = Arc::new(Traffic::default());
        let io = TokioIo::new(Metered::new(stream, Arc::clone(&traffic)));
        let mut builder = Builder::new(tasks.clone());
        builder.max_header_list_size(u32::try_from(MAX_HEAD).expect("64 KB fit in 32 bits"));
        let handshake = builder.handshake(io);
        let (sender, driver) = match watch.race(handshake).await {
            Ok(Ok(opened)) => opened,
            Ok(Err(error)) => return Err(failure(&error, false)),
            Err(ended) => return Err(watch.failure(ended, "in the HTTP/2 handshake", false)),
        };
        hyper::rt::Executor::execute(&tasks, driver);
        Ok(Self { sender, tasks, traffic, accounted: (0, 0) })
    }

    /// Whether the server has ended the connection.
    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Sends a [`request`] and reads its answer, and says when its last byte came. hyper does not
    /// tell when the request is written, so that sending counts as waiting.
    pub(super) async fn pass(
        &mut self,
        request: Result<Request<Full<Bytes>>, Failure>,
        want: Want,
        started: Instant,
        tally: &mut Tally,
        watch: &mut Watch<'_>,
    ) -> Result<(Passed, Instant), Broken> {
        let mut first_at = None;
        let outcome = match request {
            Ok(request) => watch.race(self.answer(request, want, &mut first_at)).await,
            Err(failure) => Ok(Err(failure)),
        };
        let ended = Instant::now();
        self.account(tally);
        let first = first_at.unwrap_or(ended);
        add(&mut tally.timings.wait, first.saturating_duration_since(started));
        add(&mut tally.timings.receive, ended.saturating_duration_since(first));
        let failure = match outcome {
            Ok(Ok(read)) => return Ok((Passed { read, reusable: !self.is_closed() }, ended)),
            Ok(Err(failure)) => failure,
            Err(early) if first_at.is_none() => watch.failure(early, "without an answer", true),
            Err(early) => watch.failure(early, "in the middle of the answer", true),
        };
        if let (Failure::Failed { .. }, Some(cause)) = (&failure, self.traffic.broken.get()) {
            return Err(Broken { failure: cause.clone(), before_answer: false });
        }
        let closed = matches!(failure, Failure::Failed { kind: FailureKind::Closed, .. });
        Err(Broken { failure, before_answer: closed && first_at.is_none() })
    }

    async fn answer(
        &mut self,
        request: Request<Full<Bytes>>,
        want: Want,
        first_at: &mut Option<Instant>,
    ) -> Result<Read, Failure> {
        let response = self.sender.send_request(request).await.map_err(|error| failure(&error, false))?;
        *first_at = Some(Instant::now());
        receive(response, want).await
    }

    /// Puts the bytes since the last request to this one; the first one pays for the handshake.
    fn account(&mut self, tally: &mut Tally) {
        let now = (self.traffic.read.load(Ordering::Relaxed), self.traffic.written.load(Ordering::Relaxed));
        tally.bytes_in += now.0 - self.accounted.0;
        tally.bytes_out += now.1 - self.accounted.1;
        self.accounted = now;
    }
}

pub(super) fn request(parts: &Parts<'_>, body: &[u8]) -> Result<Request<Full<Bytes>>, Failure> {
    let uri = format!("{}{}", parts.origin, parts.target);
    let mut request = Request::builder().version(Version::HTTP_2).method(parts.method.clone()).uri(uri);
    for (name, value) in parts.headers.iter().filter(|(name, _)| !is_of_connection(name)) {
        request = request.header(name, value);
    }
    for (name, value) in fields(parts.lines) {
        request = request.header(name, value);
    }
    request.body(Full::new(Bytes::copy_from_slice(body))).map_err(|_| {
        Failure::new(FailureKind::Protocol, "the request cannot be sent by HTTP/2: its URL is malformed")
    })
}

/// Headers that HTTP/2 has no use for; the host is in the URL.
fn is_of_connection(name: &HeaderName) -> bool {
    [header::HOST, header::CONNECTION, header::TRANSFER_ENCODING, header::UPGRADE, header::TE].contains(name)
        || matches!(name.as_str(), "keep-alive" | "proxy-connection")
}

async fn receive(response: Response<Incoming>, want: Want) -> Result<Read, Failure> {
    let (parts, mut body) = response.into_parts();
    let status = parts.status.as_u16();
    let head = head(status, parts.headers, want);
    let (mut kept, mut body_len) = (Vec::new(), 0);
    let mut keeper =
        Keeper { kept: &mut kept, len: &mut body_len, whole: want.body, excerpt: want.excerpt(status) };
    while let Some(frame) = body.frame().await {
        // Lets the deadline be looked at under a flood.
        consume_budget().await;
        let frame = frame.map_err(|error| failure(&error, true))?;
        if let Some(bytes) = frame.data_ref() {
            keeper.take(bytes)?;
        }
    }
    Ok(Read { head, kept, body_len })
}

fn head(status: u16, headers: HeaderMap, want: Want) -> Head {
    let first = |name: HeaderName| headers.get(name).map(|value| value.as_bytes().into());
    let all = |name: HeaderName| headers.get_all(name).iter().map(|value| value.as_bytes().into());
    Head {
        status,
        framing: Framing::UntilClose,
        keep_alive: true,
        location: if want.location && is_redirect(status) { first(header::LOCATION) } else { None },
        encoding: if want.body { joined(&headers, header::CONTENT_ENCODING) } else { None },
        cookies: if want.cookies { all(header::SET_COOKIE).collect() } else { Vec::new() },
        headers: want.headers.then(|| Box::new(headers)),
    }
}

/// The values of a field that is a list, which may come in several lines.
fn joined(headers: &HeaderMap, name: HeaderName) -> Option<Box<[u8]>> {
    let values: Vec<&[u8]> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
    (!values.is_empty()).then(|| values.join(&b',').into())
}

/// hyper's errors name the layer that saw them; the innermost one says what happened.
fn failure(error: &hyper::Error, has_head: bool) -> Failure {
    let when = if has_head { "in the middle of the answer's body" } else { "without an answer" };
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let text: String = cause.to_string().chars().take(200).collect();
    let gone = error.is_canceled()
        || error.is_closed()
        || error.is_incomplete_message()
        || cause.is::<io::Error>()
        || text.contains("not a result of an error");
    if gone {
        return Failure::new(FailureKind::Closed, format!("the server closed the HTTP/2 connection {when}"));
    }
    if text.contains("header list size") || text.contains("headers too large") {
        return Fault::LargeHead.into();
    }
    Failure::new(FailureKind::Protocol, format!("HTTP/2: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_codings_of_a_body_count() {
        let mut headers = HeaderMap::new();
        let want = Want { body: true, ..Want::default() };
        assert_eq!(head(200, headers.clone(), want).encoding, None);
        headers.append(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        headers.append(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        assert_eq!(head(200, headers.clone(), want).encoding.as_deref(), Some(b"br,gzip".as_slice()));
        assert_eq!(head(200, headers, Want::default()).encoding, None);
    }
}
