//! Keeps count of a stream that something else reads and writes.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Failure, FailureKind, io::Stream, tls_error};

/// Bytes of one connection so far.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    pub(super) read: AtomicU64,
    pub(super) written: AtomicU64,
    /// Why the connection is of no use, where that is known better here: hyper may pass on only
    /// that it is gone.
    pub(super) broken: OnceLock<Failure>,
}

/// A stream that keeps its [`Traffic`].
#[derive(Debug)]
pub(super) struct Metered {
    stream: Stream,
    traffic: Arc<Traffic>,
}

impl Metered {
    pub(super) const fn new(stream: Stream, traffic: Arc<Traffic>) -> Self {
        Self { stream, traffic }
    }
}

/// A server's first frame is SETTINGS (RFC 9113, 3.4), whose type is in the fourth byte.
fn may_be_http2(first: &[u8]) -> bool {
    const SETTINGS: u8 = 4;
    first.get(3).is_none_or(|kind| *kind == SETTINGS)
}

impl AsyncRead for Metered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        if let Err(error) = ready!(Pin::new(&mut self.stream).poll_read(cx, buf)) {
            if let Some(failure) = tls_error::while_reading(&error) {
                self.traffic.broken.get_or_init(|| failure);
            }
            return Poll::Ready(Err(error));
        }
        let bytes = &buf.filled()[before..];
        if self.traffic.read.fetch_add(bytes.len() as u64, Ordering::Relaxed) == 0 && !may_be_http2(bytes) {
            let message = "the server does not speak HTTP/2 here; see target.http_version";
            self.traffic.broken.get_or_init(|| Failure::new(FailureKind::Protocol, message));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Metered {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        self.traffic.written.fetch_add(written as u64, Ordering::Relaxed);
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write_vectored(cx, parts))?;
        self.traffic.written.fetch_add(written as u64, Ordering::Relaxed);
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
