//! Metrics of this process, under the names that Prometheus gives them everywhere.

use std::{
    fmt, fs,
    time::{SystemTime, UNIX_EPOCH},
};

use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage};
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, registry::Unit};

use super::family::{Family, Labels};
use crate::engine::health;

const CPU: Family = Family::with_unit(
    "process_cpu",
    &Unit::Seconds,
    "CPU time that the process has used, the engine's included",
);
const MEMORY: Family = Family::with_unit("process_resident_memory", &Unit::Bytes, "Resident memory");
const FILES: Family = Family::new("process_open_fds", "Open files and sockets");
const MOST_FILES: Family = Family::new("process_max_fds", "Open files and sockets that the system allows");
const STARTED: Family =
    Family::with_unit("process_start_time", &Unit::Seconds, "When the server started, since 1970");

/// This process.
#[derive(Debug)]
pub(super) struct Process {
    started: f64,
}

impl Default for Process {
    fn default() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: since.as_secs_f64() }
    }
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let one = |value: f64| [(Labels::new(), value)];
        CPU.counter(&mut encoder, cpu_seconds().map(one).into_iter().flatten())?;
        MEMORY.gauge(&mut encoder, one(health::resident_bytes() as f64))?;
        let files = fs::read_dir("/proc/self/fd").ok().map(|entries| entries.count() as f64);
        FILES.gauge(&mut encoder, files.map(one).into_iter().flatten())?;
        let most = getrlimit(Resource::RLIMIT_NOFILE).ok().map(|(soft, _)| soft as f64);
        MOST_FILES.gauge(&mut encoder, most.map(one).into_iter().flatten())?;
        STARTED.gauge(&mut encoder, one(self.started))
    }
}

fn cpu_seconds() -> Option<f64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF).ok()?;
    let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Some(seconds(usage.user_time()) + seconds(usage.system_time()))
}
