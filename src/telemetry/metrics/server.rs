//! Metrics of the bus, of WebSockets and of the database's connections.

use std::fmt;

use prometheus_client::{collector::Collector, encoding::DescriptorEncoder};

use super::family::{Family, Labels};
use crate::{
    bus::{Bus, Topic},
    live::Stats,
};

const PUBLISHED: Family = Family::new("maid_bus_messages", "Messages published");
const MISSED: Family =
    Family::new("maid_bus_messages_missed", "Messages that subscribers in the process were too slow to take");
const SUBSCRIBERS: Family = Family::new("maid_bus_subscribers", "Subscribers");
const OPEN: Family = Family::new("maid_websockets_open", "WebSockets that are open");
const OPENED: Family = Family::new("maid_websockets_opened", "WebSockets that were opened");
const REFUSED: Family = Family::new("maid_websockets_refused", "WebSockets that were one too many");
const SENT: Family = Family::new("maid_websocket_messages", "Messages sent to WebSockets");
const NOT_TAKEN: Family =
    Family::new("maid_websocket_messages_missed", "Messages that WebSocket clients were too slow to take");
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

/// What is asked at each scrape.
pub(super) struct Sources {
    pub(super) bus: Bus,
    pub(super) database: Box<dyn Fn() -> DatabaseUse + Send + Sync>,
    pub(super) websockets: Box<dyn Fn() -> Stats + Send + Sync>,
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources").finish_non_exhaustive()
    }
}

impl Collector for Sources {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.encode_bus(&mut encoder)?;
        self.encode_websockets(&mut encoder)?;
        self.encode_database(&mut encoder)
    }
}

impl Sources {
    fn encode_bus(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let topics: Vec<(Topic, u64, u64, usize)> = self.bus.stats().collect();
        let label = |topic: Topic| vec![("topic", topic.name().to_owned())];
        let each = |value: fn(&(Topic, u64, u64, usize)) -> f64| {
            topics.iter().map(|of| (label(of.0), value(of))).collect::<Vec<_>>()
        };
        PUBLISHED.counter(encoder, each(|of| of.1 as f64))?;
        MISSED.counter(encoder, each(|of| of.2 as f64))?;
        SUBSCRIBERS.gauge(encoder, each(|of| of.3 as f64))
    }

    fn encode_websockets(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let Stats { open, opened, refused, sent, missed, mistakes: _ } = (self.websockets)();
        OPEN.gauge(encoder, [(Labels::new(), open as f64)])?;
        for (family, count) in [(OPENED, opened), (REFUSED, refused), (SENT, sent), (NOT_TAKEN, missed)] {
            family.counter(encoder, [(Labels::new(), count as f64)])?;
        }
        Ok(())
    }

    fn encode_database(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let DatabaseUse { open, idle, max, failures } = (self.database)();
        let state = |state: &str, count: u32| (vec![("state", state.to_owned())], f64::from(count));
        CONNECTIONS.gauge(encoder, [state("idle", idle), state("in_use", open.saturating_sub(idle))])?;
        MOST.gauge(encoder, [(Labels::new(), f64::from(max))])?;
        FAILURES.counter(encoder, [(Labels::new(), failures as f64)])
    }
}
