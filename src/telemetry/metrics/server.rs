//! Metrics of the bus and of the database's connections.

use std::fmt;

use prometheus_client::{collector::Collector, encoding::DescriptorEncoder};

use super::family::{Family, Labels};
use crate::bus::{Bus, Topic};

const PUBLISHED: Family = Family::new("maid_bus_messages", "Messages published");
const MISSED: Family =
    Family::new("maid_bus_messages_missed", "Messages that subscribers were too slow to take");
const SUBSCRIBERS: Family = Family::new("maid_bus_subscribers", "Subscribers");
const CONNECTIONS: Family = Family::new("maid_database_connections", "Open connections to the database");
const MOST: Family =
    Family::new("maid_database_connections_max", "Connections to the database that are allowed");
const FAILURES: Family = Family::new("maid_database_query_failures", "Queries of the database that failed");

/// How the database's connections are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DatabaseUse {
    /// Open connections.
    pub(super) open: u32,
    /// Of those, how many wait for work.
    pub(super) idle: u32,
    /// Most there may be.
    pub(super) max: u32,
    /// Queries that failed so far.
    pub(super) failures: u64,
}

/// The bus and the database.
pub(super) struct Server {
    bus: Bus,
    database: Box<dyn Fn() -> DatabaseUse + Send + Sync>,
}

impl Server {
    pub(super) fn new(bus: Bus, database: impl Fn() -> DatabaseUse + Send + Sync + 'static) -> Self {
        Self { bus, database: Box::new(database) }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}

impl Collector for Server {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let topics: Vec<(Topic, u64, u64, usize)> = self.bus.stats().collect();
        let label = |topic: Topic| vec![("topic", topic.name().to_owned())];
        let each = |value: fn(&(Topic, u64, u64, usize)) -> f64| {
            topics.iter().map(|of| (label(of.0), value(of))).collect::<Vec<_>>()
        };
        PUBLISHED.counter(&mut encoder, each(|of| of.1 as f64))?;
        MISSED.counter(&mut encoder, each(|of| of.2 as f64))?;
        SUBSCRIBERS.gauge(&mut encoder, each(|of| of.3 as f64))?;
        let DatabaseUse { open, idle, max, failures } = (self.database)();
        let state = |state: &str, count: u32| (vec![("state", state.to_owned())], f64::from(count));
        CONNECTIONS.gauge(&mut encoder, [state("idle", idle), state("in_use", open.saturating_sub(idle))])?;
        MOST.gauge(&mut encoder, [(Labels::new(), f64::from(max))])?;
        FAILURES.counter(&mut encoder, [(Labels::new(), failures as f64)])
    }
}
