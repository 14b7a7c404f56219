//! What the generator itself went through, and whether it was the bottleneck.

use std::time::Duration;

use super::{
    assemble::{as_f64, round},
    ending::{Ending, SlotCounts},
};
use crate::engine::{
    health::{BUSY, cores},
    outcome::{DispatchLag, Generator},
    recorder::{Collector, ms, quantile_ms},
};

/// Dispatch lag at which the generator counts as the bottleneck, p99 in milliseconds.
const LAG_MS: f64 = 10.0;

/// Samples of the lag below which its p99 is only the largest of a few.
const LAG_SAMPLES: u64 = 100;

/// Share of the open model's slots that may be missed without a warning.
const MISSED: f64 = 0.01;

/// Sums the generator up.
pub(super) fn generator(ending: &Ending) -> Generator {
    let (collector, machine) = (&ending.collector, ending.machine);
    let lag = DispatchLag {
        p50: quantile_ms(&collector.lag, 0.50),
        p99: quantile_ms(&collector.lag, 0.99),
        max: if collector.lag.is_empty() { 0.0 } else { ms(collector.lag.max()) },
    };
    let cores = cores();
    let limited_because = limits(machine.cpu_percent, ending.shared.workers.min(cores), lag.p99, collector);
    Generator {
        cpu_percent: round(machine.cpu_percent),
        cpu_us_per_request: round(micros(machine.cpu) / as_f64(collector.totals.finished.max(1))),
        rss_mb: round(as_f64(machine.peak_rss) / 1e6),
        open_fds: machine.peak_files,
        dispatch_lag_ms: lag,
        late: collector.late,
        dropped: ending.slots.map_or(0, SlotCounts::missed),
        limited: !limited_because.is_empty(),
        limited_because,
        cores: u32::try_from(cores).unwrap_or(u32::MAX),
        fd_limit: machine.fd_limit,
    }
}

/// Why the generator, not the target, was the bottleneck; one sentence each.
pub(super) fn limits(cpu_percent: f64, workers: usize, lag_p99: f64, collector: &Collector) -> Vec<String> {
    let mut because = Vec::new();
    let busy = cpu_percent / 100.0 / as_f64(workers as u64);
    if busy > BUSY {
        because.push(format!(
            "{workers} of MAID's threads were {:.0} % busy (limit {:.0} %): use fewer users, a simpler test, \
             more threads (load.workers) or more cores",
            busy * 100.0,
            BUSY * 100.0
        ));
    }
    if lag_p99 > LAG_MS && collector.lag.len() >= LAG_SAMPLES {
        because.push(format!(
            "requests that were due waited {lag_p99:.1} ms for a free thread at p99 (limit {LAG_MS} ms): the \
             machine is short of CPU"
        ));
    }
    because.extend(collector.errors.exhausted());
    because
}

/// What makes the figures mean something else than they seem to, one sentence each.
pub(super) fn warnings(ending: &Ending) -> Vec<String> {
    let Some(slots) = ending.slots else { return Vec::new() };
    let SlotCounts { due, sent } = slots;
    if as_f64(slots.missed()) <= MISSED * as_f64(due) {
        return Vec::new();
    }
    let users = ending.shared.plan.load.users_max;
    vec![format!(
        "{due} requests were due and {sent} were sent: all {users} users were busy or the target was too slow; \
         this is not the load that was asked for (raise load.arrival.max_users, or lower the rate)"
    )]
}

fn micros(span: Duration) -> f64 {
    span.as_secs_f64() * 1e6
}
