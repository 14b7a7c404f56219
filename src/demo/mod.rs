//! The demo shop: a small web shop on loopback to try load tests on, and the target of MAID's own
//! tests.
//!
//! It keeps everything in memory, within bounds; its catalogue is the same at every start; and it
//! counts the requests that reach it, so that MAID's totals can be held against the target's own.

mod assets;
mod at_hand;
mod bank;
mod capacity;
mod catalogue;
mod credentials;
mod description;
mod error;
mod feed;
mod graphql;
mod items;
mod kept;
mod paging;
mod routes;
mod sessions;
mod site;
mod tally;
mod trouble;
mod uploads;
mod webhooks;

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use actix_web::{
    App, HttpServer,
    dev::{ServerHandle, Service as _},
    error::ErrorServiceUnavailable,
    middleware::Compress,
    rt::{System, time::sleep},
};

pub use self::{
    at_hand::{AtHand, PORT},
    sessions::PASSWORD,
    tally::Requests,
    trouble::{Failing, Slow, Trouble, TroubleError},
};
use self::{routes::Parts, tally::Tally};

/// Threads that serve; few, because the shop usually shares its machine with the generator.
const WORKERS: usize = 2;
/// Connections that may wait to be accepted, for tests that start many users at once.
const BACKLOG: u32 = 4096;
/// How long an idle connection is kept, as common servers do it.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// A running demo shop, which stops when it is dropped.
#[derive(Debug)]
pub struct Shop {
    addr: SocketAddr,
    tally: Arc<Tally>,
    server: ServerHandle,
    thread: Option<thread::JoinHandle<()>>,
}

impl Shop {
    /// Starts a shop on its own threads. Port 0 takes a free one.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub fn start(addr: SocketAddr) -> io::Result<Self> {
        Self::in_trouble(addr, Trouble::default())
    }

    /// Starts a shop of which some operations are slow or fail.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub fn in_trouble(addr: SocketAddr, trouble: Trouble) -> io::Result<Self> {
        let tally = Arc::new(Tally::default());
        let (sender, receiver) = mpsc::sync_channel(1);
        let counted = Arc::clone(&tally);
        let thread = thread::Builder::new().name("demo-shop".to_owned()).spawn(move || {
            System::new().block_on(async move {
                match listen(addr, counted, Arc::new(trouble)) {
                    Ok((addr, server)) => {
                        let told = sender.send(Ok((addr, server.handle())));
                        // A server that fails later ends the thread; its users see refused connections.
                        if told.is_ok() {
                            server.await.ok();
                        }
                    }
                    Err(error) => {
                        sender.send(Err(error)).ok();
                    }
                }
            });
        })?;
        let (addr, server) = receiver.recv().map_err(|_| io::Error::other("the shop's thread ended"))??;
        Ok(Self { addr, tally, server, thread: Some(thread) })
    }

    /// Address that the shop listens on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Base URL of the shop.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Requests that have reached the shop so far.
    #[must_use]
    pub fn requests(&self) -> Requests {
        self.tally.requests()
    }

    /// Stops the shop and waits until its threads have ended.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // The order is sent when the future is made; its answer is the end of the thread.
        drop(self.server.stop(false));
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.end();
    }
}

fn listen(
    addr: SocketAddr,
    tally: Arc<Tally>,
    trouble: Arc<Trouble>,
) -> io::Result<(SocketAddr, actix_web::dev::Server)> {
    let parts = Parts::default();
    let server = HttpServer::new(move || {
        let (tally, trouble, parts) = (Arc::clone(&tally), Arc::clone(&trouble), parts.clone());
        App::new().configure(|app| parts.configure(app)).wrap(Compress::default()).wrap_fn(
            move |request, next| {
                let pattern = request.match_pattern();
                tally.count(request.method().as_str(), pattern.as_deref());
                let hit = trouble.hit(request.method().as_str(), pattern.as_deref());
                let answer = next.call(request);
                async move {
                    if !hit.delay.is_zero() {
                        sleep(hit.delay).await;
                    }
                    if hit.fails {
                        Err(ErrorServiceUnavailable("in trouble, as was asked for"))
                    } else {
                        answer.await
                    }
                }
            },
        )
    })
    .workers(WORKERS)
    .backlog(BACKLOG)
    .keep_alive(KEEP_ALIVE)
    .disable_signals()
    .bind(addr)?;
    let addr = server.addrs().first().copied().ok_or_else(|| io::Error::other("no address was bound"))?;
    Ok((addr, server.run()))
}
