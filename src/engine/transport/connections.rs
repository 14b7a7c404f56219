//! A user's open connections.

use std::{future::poll_fn, sync::Arc, task::Poll};

use super::{Origin, connect::Connection};

/// Most connections that one user keeps: its own host and a few that redirects led to.
pub(in crate::engine) const MAX_OPEN: usize = 4;

/// Connections by origin. The first origin is the user's home and is never given up for another.
#[derive(Debug, Default)]
pub(super) struct Connections(Vec<(Arc<Origin>, Option<Connection>)>);

impl Connections {
    /// Takes the connection to `origin` out, if there is one that the server has not ended. A call
    /// that is dropped half-way thus never leaves a half-read connection behind.
    pub(super) async fn take(&mut self, origin: &Arc<Origin>) -> Option<Connection> {
        let mut connection = self.slot(origin)?.take()?;
        let stale = match &mut connection {
            Connection::Http1(stream) => poll_fn(|cx| Poll::Ready(stream.is_stale(cx))).await,
            Connection::Http2(http2) => http2.is_closed(),
        };
        (!stale).then_some(connection)
    }

    /// Keeps a connection for the next call.
    pub(super) fn keep(&mut self, origin: &Arc<Origin>, connection: Connection) {
        if let Some(slot) = self.slot(origin) {
            *slot = Some(connection);
            return;
        }
        if self.0.len() >= MAX_OPEN {
            self.0.remove(1);
        }
        self.0.reserve_exact(1);
        self.0.push((Arc::clone(origin), Some(connection)));
    }

    fn slot(&mut self, origin: &Arc<Origin>) -> Option<&mut Option<Connection>> {
        let same = |known: &Arc<Origin>| Arc::ptr_eq(known, origin) || known == origin;
        self.0.iter_mut().find(|(known, _)| same(known)).map(|(_, slot)| slot)
    }
}
