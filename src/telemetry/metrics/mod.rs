//! Metrics in the OpenMetrics text form, for `GET /metrics`. `docs/operations.md` has their table.
//!
//! Counters of the server are kept as things happen; everything else is asked for at each scrape.
//! Series of a run are there while it runs, so that what stores them ends with it.

mod family;
mod http;
mod process;
mod run;
mod server;

use std::{fmt, future::Future, sync::Arc};

use prometheus_client::{encoding::text, metrics::info::Info, registry::Registry};

pub(super) use self::http::Http;
use self::{
    process::Process,
    run::Runs,
    server::{DatabaseUse, Sources},
};
use crate::{bus::Bus, db::Db, live::Stats};

/// The media type of [`Metrics::text`].
pub(super) const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All that can be scraped; a clone is the same.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    http: Http,
    runs: Arc<Runs>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("runs", &self.runs).finish_non_exhaustive()
    }
}

impl Metrics {
    /// Metrics of this process, of `bus`, of `db`, and of the WebSockets that `websockets` tells about.
    #[must_use]
    pub fn new(bus: &Bus, db: &Db, websockets: impl Fn() -> Stats + Send + Sync + 'static) -> Self {
        let db = db.clone();
        let database = move || {
            let pool = db.pool();
            DatabaseUse { open: pool.size, idle: pool.idle, max: pool.max, failures: db.failures() }
        };
        Self::of(Sources { bus: bus.clone(), database: Box::new(database), websockets: Box::new(websockets) })
    }

    fn of(sources: Sources) -> Self {
        let mut registry = Registry::default();
        let maid = registry.sub_registry_with_prefix("maid");
        maid.register("build", "MAID itself", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
        let http = Http::registered(maid.sub_registry_with_prefix("http"));
        let runs = Arc::new(Runs::default());
        registry.register_collector(Box::new(Arc::clone(&runs)));
        registry.register_collector(Box::new(sources));
        registry.register_collector(Box::new(Process::default()));
        Self { registry: Arc::new(registry), http, runs }
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

    pub(super) fn http(&self) -> &Http {
        &self.http
    }
}

#[cfg(test)]
mod tests;
