//! HTTP/1.1 on the user's own task: one write, one wake-up and one read for a small answer.
//!
//! Written by hand because generating requests is what MAID exists for and nine tenths of its cost
//! are system calls; hyper is the reference that the tests hold it against.

mod chunked;
mod fault;
mod head;
mod reader;
mod scratch;
mod wire;

use std::{
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Instant,
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use self::reader::{Progress, Reader};
pub(super) use self::{
    fault::{Fault, MAX_HEAD},
    head::{Framing, Head, Want},
    reader::{Keeper, Read},
    wire::{Parts, Wire, fields, render_head},
};
use super::{
    Failure, FailureKind,
    io::Stream,
    tally::{Tally, add},
    tls_error,
    watch::Watch,
};

/// An answer, and whether its connection can carry another request.
#[derive(Debug)]
pub(super) struct Passed {
    pub(super) read: Read,
    pub(super) reusable: bool,
}

/// No answer.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) failure: Failure,
    /// The connection ended before a byte of an answer: on a reused connection this may only mean
    /// that the server had closed it in the meantime.
    pub(super) before_answer: bool,
}

/// One request and its answer, under way.
struct Pass<'a> {
    stream: &'a mut Stream,
    wire: Wire<'a>,
    wire_len: usize,
    reader: Reader,
    written: usize,
    received: u64,
    /// The server takes no more of the request. Its answer may be there all the same.
    refused: bool,
    sent_at: Option<Instant>,
    first_at: Option<Instant>,
    /// The whole answer came in one read, so that the clock need not be read again.
    at_once: bool,
}

/// Sends one request and reads its answer, and says when its last byte came. What it took from
/// `started` is added to `tally`, also when it failed.
pub(super) async fn pass(
    stream: &mut Stream,
    wire: Wire<'_>,
    want: Want,
    started: Instant,
    tally: &mut Tally,
    watch: &mut Watch<'_>,
) -> Result<(Passed, Instant), Broken> {
    let mut pass = Pass {
        stream,
        wire,
        wire_len: wire.len(),
        reader: Reader::new(want),
        written: 0,
        received: 0,
        refused: false,
        sent_at: None,
        first_at: None,
        at_once: false,
    };
    let outcome = poll_fn(|cx| pass.poll(cx, watch)).await;
    let ended = pass.note(started, tally);
    match outcome {
        Ok(surplus) => pass.into_passed(surplus).map(|passed| (passed, ended)),
        Err(failure) => {
            let before_answer =
                pass.received == 0 && matches!(failure, Failure::Failed { kind: FailureKind::Closed, .. });
            Err(Broken { failure, before_answer })
        }
    }
}

impl Pass<'_> {
    fn poll(&mut self, cx: &mut Context<'_>, watch: &mut Watch<'_>) -> Poll<Result<bool, Failure>> {
        self.poll_send(cx);
        if let Poll::Ready(outcome) = self.poll_answer(cx) {
            return Poll::Ready(outcome);
        }
        watch.poll_ended(cx).map(|ended| {
            let doing = if self.sent_at.is_none() {
                "before all of the request was sent"
            } else if self.received == 0 {
                "without an answer"
            } else {
                "in the middle of the answer"
            };
            Err(watch.failure(ended, doing, self.written > 0))
        })
    }

    /// Sends as much as the socket takes. An error is no failure yet: the server may have answered
    /// (413, say) and closed without reading the rest.
    fn poll_send(&mut self, cx: &mut Context<'_>) {
        while self.sent_at.is_none() && !self.refused {
            let is_written = self.written == self.wire_len;
            let step =
                if is_written { Pin::new(&mut *self.stream).poll_flush(cx) } else { self.poll_write(cx) };
            match step {
                Poll::Pending => return,
                Poll::Ready(Err(_)) => self.refused = true,
                Poll::Ready(Ok(())) if is_written => self.sent_at = Some(Instant::now()),
                Poll::Ready(Ok(())) => {}
            }
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let stream = Pin::new(&mut *self.stream);
        let wrote = match self.wire.single() {
            Some(bytes) => ready!(stream.poll_write(cx, &bytes[self.written..]))?,
            None => ready!(stream.poll_write_vectored(cx, &self.wire.rest(self.written)))?,
        };
        if wrote == 0 {
            return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
        }
        self.written += wrote;
        Poll::Ready(Ok(()))
    }

    /// Reads until the answer is complete; says whether there was more than that.
    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool, Failure>> {
        loop {
            match ready!(scratch::with(|space| self.poll_read(cx, space))) {
                Ok(Some(Ok(Progress::More))) => {}
                Ok(Some(Ok(Progress::Done { surplus }))) => return Poll::Ready(Ok(surplus)),
                Ok(Some(Err(fault))) => return Poll::Ready(Err(fault.into())),
                Ok(None) => return Poll::Ready(self.end(None)),
                Err(error) => return Poll::Ready(self.end(Some(&error))),
            }
        }
    }

    /// Reads once; `None` at the end of the connection.
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        space: &mut [u8],
    ) -> Poll<io::Result<Option<Result<Progress, Fault>>>> {
        let mut buf = ReadBuf::new(space);
        ready!(Pin::new(&mut *self.stream).poll_read(cx, &mut buf))?;
        let bytes = buf.filled();
        if bytes.is_empty() {
            return Poll::Ready(Ok(None));
        }
        let is_first = self.first_at.is_none();
        if is_first {
            self.first_at = Some(Instant::now());
        }
        self.received += bytes.len() as u64;
        let progress = self.reader.feed(bytes);
        self.at_once = is_first && matches!(progress, Ok(Progress::Done { .. }));
        Poll::Ready(Ok(Some(progress)))
    }

    /// The connection has ended.
    fn end(&self, error: Option<&io::Error>) -> Result<bool, Failure> {
        if let Some(failure) = error.and_then(tls_error::while_reading) {
            return Err(failure);
        }
        // Many TLS servers close without saying goodbye, which rustls reports as an error.
        let orderly = error.is_none_or(|error| error.kind() == io::ErrorKind::UnexpectedEof);
        if orderly && self.reader.is_complete_at_end() {
            return Ok(false);
        }
        let how = if orderly { "closed" } else { "reset" };
        let when = match (self.received, self.reader.has_head()) {
            (0, _) => "without an answer",
            (_, false) => "in the middle of the answer's head",
            (_, true) => "in the middle of the answer's body",
        };
        Err(Failure::new(FailureKind::Closed, format!("the server {how} the connection {when}")))
    }

    /// Adds what it took to `tally`; the moment of the last byte.
    fn note(&self, started: Instant, tally: &mut Tally) -> Instant {
        tally.bytes_out += self.written as u64;
        tally.bytes_in += self.received;
        let now = self.first_at.filter(|_| self.at_once).unwrap_or_else(Instant::now);
        let sent = self.sent_at.unwrap_or(now);
        add(&mut tally.timings.send, sent.saturating_duration_since(started));
        if let Some(first) = self.first_at {
            // An answer may begin before the request is sent.
            add(&mut tally.timings.wait, first.saturating_duration_since(sent));
            add(&mut tally.timings.receive, now.saturating_duration_since(first));
        }
        now
    }

    fn into_passed(self, surplus: bool) -> Result<Passed, Broken> {
        let whole = self.sent_at.is_some();
        match self.reader.into_read() {
            Some(read) => {
                let reusable = read.head.keep_alive && whole && !surplus;
                Ok(Passed { read, reusable })
            }
            None => Err(Broken { failure: Fault::StatusLine.into(), before_answer: false }),
        }
    }
}
