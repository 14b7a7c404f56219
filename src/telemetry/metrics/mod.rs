//! Metrics in the OpenMetrics text form, for `GET /metrics`. `docs/operations.md` has their table.
//!
//! Counters of the server are kept as things happen; everything else is asked for at each scrape.
//! Series of a run are there while it runs, so that what stores them ends with it.

mod family;
mod http;
mod process;
mod run;
mod server;

use std::{
    fmt,
    future::Future,
    sync::{Arc, atomic::Ordering},
};

use prometheus_client::{
    encoding::text,
    metrics::{gauge::Gauge, info::Info},
    registry::Registry,
};

pub(super) use self::http::Http;
use self::{
    process::Process,
    run::Runs,
    server::{DatabaseUse, Server},
};
use crate::{bus::Bus, db::Db};

/// The media type of [`Metrics::text`].
pub(super) const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All that can be scraped; a clone is the same.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    http: Http,
    runs: Arc<Runs>,
    websockets: Gauge,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("runs", &self.runs).finish_non_exhaustive()
    }
}

impl Metrics {
    /// Metrics of this process, of `bus` and of `db`.
    #[must_use]
    pub fn new(bus: &Bus, db: &Db) -> Self {
        let db = db.clone();
        Self::of(bus, move || {
            let pool = db.pool();
            DatabaseUse { open: pool.size, idle: pool.idle, max: pool.max, failures: db.failures() }
        })
    }

    fn of(bus: &Bus, database: impl Fn() -> DatabaseUse + Send + Sync + 'static) -> Self {
        let mut registry = Registry::default();
        let maid = registry.sub_registry_with_prefix("maid");
        maid.register("build", "MAID itself", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
        let http = Http::registered(maid.sub_registry_with_prefix("http"));
        let websockets = Gauge::default();
        maid.register("websockets_open", "WebSockets that are open", websockets.clone());
        let runs = Arc::new(Runs::default());
        registry.register_collector(Box::new(Arc::clone(&runs)));
        registry.register_collector(Box::new(Server::new(bus.clone(), database)));
        registry.register_collector(Box::new(Process::default()));
        Self { registry: Arc::new(registry), http, runs, websockets }
    }

    /// Follows what `bus` tells about runs, from now on and until the bus is gone.
    pub fn follow(&self, bus: &Bus) -> impl Future<Output = ()> + Send + 'static {
        Arc::clone(&self.runs).follow(bus)
    }

    /// Everything, as a scrape gets it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // A string takes whatever is written to it.
        text::encode(&mut text, &self.registry).ok();
        text
    }

    /// Counts a WebSocket for as long as the answer is kept.
    #[must_use]
    pub fn websocket(&self) -> OpenWebSocket {
        self.websockets.inc();
        OpenWebSocket(self.websockets.clone())
    }

    /// How many WebSockets are open.
    #[must_use]
    pub fn websockets_open(&self) -> usize {
        usize::try_from(self.websockets.inner().load(Ordering::Relaxed)).unwrap_or(0)
    }

    pub(super) fn http(&self) -> &Http {
        &self.http
    }
}

/// An open WebSocket; dropped, it is closed.
#[derive(Debug)]
pub struct OpenWebSocket(Gauge);

impl Drop for OpenWebSocket {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests;
