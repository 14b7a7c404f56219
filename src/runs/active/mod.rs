//! The active run of this process: its start, its watchers, its way into the history, and what
//! waits for its turn.

mod begin;
mod follow;
mod journal;
mod publish;
mod queue;
mod slot;
mod spool;
mod upkeep;

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
};

use tokio::{
    runtime::Handle,
    sync::{Notify, watch},
};
use uuid::Uuid;

pub use self::{
    begin::{Began, begin, check, now},
    journal::Journal,
    publish::{all_metrics, metrics},
    slot::{ActiveRun, Occupancy, Refused, Slot, Stop},
    spool::Spool,
};
pub use self::{
    queue::{recount, work},
    upkeep::upkeep,
};
use super::{dry_run::DryRuns, record::NewRun, store::Store};
use crate::{
    audit::Audit,
    auth::Auth,
    bus::{Bus, Event, StatusEvent},
    config::Config,
    deeplinks::Deeplinks,
    recipes::Recipes,
};

/// What everything around the active run works with.
#[derive(Clone, Debug)]
pub struct Context {
    /// The history.
    pub store: Store,
    /// Where everything is told.
    pub bus: Bus,
    /// Where it is written down who did what.
    pub audit: Audit,
    /// Who may still do what.
    pub auth: Auth,
    /// The library.
    pub recipes: Recipes,
    /// Links that lead to tests.
    pub deeplinks: Deeplinks,
    /// The place for the active run.
    pub slot: Slot,
    /// Where results wait that the database does not take.
    pub spool: Spool,
    /// The configuration as it is now.
    pub config: watch::Receiver<Arc<Config>>,
    /// This server, for the rows that are its own.
    pub instance: Uuid,
    /// Addresses that this server listens on.
    pub own: Arc<OnceLock<Vec<SocketAddr>>>,
    /// The runtime that outlives every request.
    pub runtime: Handle,
    /// The places for dry runs.
    pub dry_runs: DryRuns,
    /// Told when there may be something to trim.
    pub trim: Arc<Notify>,
}

impl Context {
    /// The configuration as it is now.
    #[must_use]
    pub fn config(&self) -> Arc<Config> {
        Arc::clone(&self.config.borrow())
    }

    /// Addresses that this server listens on.
    #[must_use]
    pub fn own(&self) -> Vec<SocketAddr> {
        self.own.get().cloned().unwrap_or_default()
    }

    /// Tells watchers the state as it is now.
    pub fn tell_status(&self) {
        self.tell(self.slot.status());
    }

    /// Tells whoever may see it where a run, or the server, is.
    pub(super) fn tell(&self, status: StatusEvent) {
        match status.tenant_id.clone() {
            Some(tenant) => self.bus.publish_for(&tenant, status.run_id, Event::Status(status)),
            None => self.bus.publish(None, Event::Status(status)),
        }
    }

    /// A log for the run `run_id`.
    #[must_use]
    pub fn journal(&self, run: &NewRun) -> Journal {
        Journal::new(self.bus.clone(), (run.tenant_id.clone(), run.id), self.config().history.max_logs)
    }
}
