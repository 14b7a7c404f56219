//! MAID's own log lines and traces, by `tracing`.

use std::sync::Arc;

use tokio::sync::watch;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{FilterExt, FilterFn, LevelFilter, Targets},
    fmt::MakeWriter,
    layer::SubscriberExt,
    reload,
    util::SubscriberInitExt,
};

use super::trace::Exporter;
use crate::config::{Config, LogFormat, Telemetry};

/// The running log, and the export of traces where one is configured. Dropped, it sends what is left.
#[derive(Clone, Debug)]
#[must_use = "no traces are sent once it is dropped"]
pub struct Tracing {
    filter: reload::Handle<EnvFilter, Registry>,
    exporter: Option<Arc<Exporter>>,
    /// Why there is no exporter though there should be one.
    refused: Option<String>,
}

/// Sends log lines to `writer`, which the command line makes stderr. The first call in a process wins.
pub fn init<W>(telemetry: &Telemetry, writer: W) -> Tracing
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let (subscriber, tracing) = subscriber(telemetry, writer);
    // A second call changes nothing, which is what tests want.
    subscriber.try_init().ok();
    if let Some(error) = &tracing.refused {
        tracing::warn!("no traces are sent, telemetry.otlp cannot be used: {error}");
    }
    tracing
}

/// What [`init`] makes the process's own, for whoever wants it elsewhere.
pub fn subscriber<W>(telemetry: &Telemetry, writer: W) -> (impl Subscriber + Send + Sync, Tracing)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let (filter, handle) = reload::Layer::new(filter(&telemetry.log));
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false);
    let lines = match telemetry.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    let (exporter, refused) = match Exporter::start(&telemetry.otlp) {
        Ok(exporter) => (exporter.map(Arc::new), None),
        Err(error) => (None, Some(error.to_string())),
    };
    // What is traced does not depend on what is logged, and the exporter's own requests are not traced.
    let ours = Targets::new().with_target("maid", LevelFilter::INFO);
    let traces = exporter.as_deref().map(|exporter| exporter.layer().with_filter(ours));
    let lines = lines.with_filter(filter.or(spans()));
    let subscriber = Registry::default().with(lines).with(traces);
    (subscriber, Tracing { filter: handle, exporter, refused })
}

impl Tracing {
    /// Logs by `log` from now on.
    pub fn set_log(&self, log: &str) {
        match self.filter.reload(filter(log)) {
            Ok(()) => tracing::info!(log, "telemetry.log is now `{log}`"),
            // The subscriber is gone, or another one was first: there is no log to change.
            Err(error) => tracing::debug!("telemetry.log stays as it is: {error}"),
        }
    }

    /// Follows `telemetry.log` for as long as the configuration can change.
    pub async fn follow(self, mut changes: watch::Receiver<Arc<Config>>) {
        let mut log = changes.borrow_and_update().telemetry.log.clone();
        while changes.changed().await.is_ok() {
            let now = changes.borrow_and_update().telemetry.log.clone();
            if now != log {
                self.set_log(&now);
                log = now;
            }
        }
    }

    /// Sends the traces that are left; takes as long as the collector does, at most
    /// `telemetry.otlp.timeout`. Blocks.
    pub fn finish(&self) {
        self.exporter.iter().for_each(|exporter| exporter.finish());
    }
}

/// MAID's own spans: whatever is logged, a line names its request and its run.
fn spans() -> FilterFn {
    let ours = |about: &Metadata<'_>| {
        about.is_span() && *about.level() <= Level::INFO && about.target().starts_with("maid")
    };
    FilterFn::new(ours as fn(&Metadata<'_>) -> bool).with_max_level_hint(LevelFilter::INFO)
}

/// The filter was checked when the configuration was loaded. What mistral.rs has to say while all is well is of interest
/// to whoever asks for it by name.
fn filter(log: &str) -> EnvFilter {
    match log.contains("mistralrs") {
        true => EnvFilter::builder().parse_lossy(log),
        false => {
            EnvFilter::builder().parse_lossy(format!("{log},mistralrs_core=error,mistralrs_quant=error"))
        }
    }
}
