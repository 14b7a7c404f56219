//! Closes connections that nothing comes of.
//!
//! The web framework gives a client a deadline for the first head on a connection, and closes one on
//! which nothing arrives. In between there is a gap: bytes that arrive now and then, of a second head
//! that never ends or of a body that nobody reads any more, keep a connection for ever. So each
//! connection is watched from outside: one on which no request was under way for long enough is told
//! that its client has ended, and what is still to be sent to it is sent.

use std::{any::Any, cell::Cell, net::Shutdown, rc::Rc, time::Duration};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{Extensions, ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
    rt,
};
use socket2::{SockRef, Socket};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep_until},
};

/// A connection that is watched; in the data of the connection, and gone with it.
#[derive(Debug)]
struct Watched {
    presence: Rc<Presence>,
    watch: JoinHandle<()>,
}

#[derive(Debug)]
struct Presence {
    /// Requests under way.
    busy: Cell<u32>,
    idle_since: Cell<Instant>,
}

/// What a server does with each connection that it accepts: one without a request for `patience` is
/// closed. A connection that is not a plain one is left alone.
pub fn watch(patience: Duration) -> impl Fn(&dyn Any, &mut Extensions) + Clone + Send + Sync + 'static {
    move |connection, data| {
        let socket =
            connection.downcast_ref::<rt::net::TcpStream>().map(|stream| SockRef::from(stream).try_clone());
        // Without a descriptor left there are more urgent things than this one connection.
        let Some(Ok(socket)) = socket else { return };
        let presence = Rc::new(Presence { busy: Cell::new(0), idle_since: Cell::new(Instant::now()) });
        let watch = rt::spawn(close_when_idle(socket, Rc::clone(&presence), patience));
        data.insert(Watched { presence, watch });
    }
}

/// Tells the watch over a connection that a request is under way, for
/// `actix_web::middleware::from_fn`.
///
/// # Errors
/// Those of the route.
pub async fn busy<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let under_way = request.conn_data::<Watched>().map(|watched| UnderWay::new(&watched.presence));
    let answer = next.call(request).await;
    if let Ok(response) = &answer
        && response.status() == StatusCode::SWITCHING_PROTOCOLS
        && let Some(watched) = response.request().conn_data::<Watched>()
    {
        // From now on it is another protocol, with deadlines of its own.
        watched.watch.abort();
    }
    drop(under_way);
    answer
}

async fn close_when_idle(socket: Socket, presence: Rc<Presence>, patience: Duration) {
    loop {
        let until = match presence.busy.get() {
            0 => presence.idle_since.get() + patience,
            _ => Instant::now() + patience,
        };
        if until <= Instant::now() {
            // Fails where it has ended by itself.
            socket.shutdown(Shutdown::Read).ok();
            return;
        }
        sleep_until(until).await;
    }
}

/// A request under way, also one that is given up in the middle.
struct UnderWay(Rc<Presence>);

impl UnderWay {
    fn new(presence: &Rc<Presence>) -> Self {
        presence.busy.set(presence.busy.get() + 1);
        Self(Rc::clone(presence))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.busy.set(self.0.busy.get().saturating_sub(1));
        self.0.idle_since.set(Instant::now());
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.watch.abort();
    }
}
