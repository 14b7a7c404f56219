//! MAID's own log lines, by `tracing`.

use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

use crate::config::{LogFormat, Telemetry};

/// Sends log lines to `writer`, which the command line makes stderr. The first call in a process wins.
pub fn init<W>(telemetry: &Telemetry, writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // The filter was checked when the configuration was loaded.
    let filter = EnvFilter::builder().parse_lossy(&telemetry.log);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(false);
    let set = match telemetry.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    // A second call changes nothing, which is what tests want.
    set.ok();
}
