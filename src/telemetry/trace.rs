//! Traces of MAID's own work, sent to a collector by OTLP (HTTP, protobuf).
//!
//! Spans wait in a bounded queue and are sent in batches by a thread of their own. A collector that
//! cannot be reached costs the spans that do not fit, and one warning a minute.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SpanData, Tracer},
};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;

use crate::config::Otlp;

/// Spans that wait to be sent; what comes beyond them is dropped.
const QUEUE: usize = 2048;
/// Spans in a batch.
const BATCH: usize = 512;
/// Longest time that a span waits for its batch to fill.
const DELAY: Duration = Duration::from_secs(2);
/// How often a collector that fails is complained about.
const WARN_EVERY: Duration = Duration::from_secs(60);

/// The thread that sends spans.
pub(super) struct Exporter {
    provider: SdkTracerProvider,
    timeout: Duration,
}

impl fmt::Debug for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exporter").finish_non_exhaustive()
    }
}

impl Exporter {
    /// Starts it where a collector is configured.
    pub(super) fn start(otlp: &Otlp) -> Result<Option<Self>, ExporterBuildError> {
        let Some(endpoint) = otlp.endpoint.as_deref() else { return Ok(None) };
        let exporter = Patient { exporter: sender(endpoint, otlp)?, told: Mutex::default() };
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUE)
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(DELAY)
            .build();
        let processor = BatchSpanProcessor::builder(exporter).with_batch_config(batches).build();
        let resource = Resource::builder()
            .with_service_name(otlp.service_name.clone())
            .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(otlp.sample)));
        let provider = SdkTracerProvider::builder()
            .with_span_processor(processor)
            .with_resource(resource)
            .with_sampler(sampler)
            .build();
        Ok(Some(Self { provider, timeout: otlp.timeout.get() }))
    }

    /// What turns spans of `tracing` into spans of a trace.
    pub(super) fn layer<S>(&self) -> OpenTelemetryLayer<S, Tracer>
    where
        S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    {
        tracing_opentelemetry::layer()
            .with_location(false)
            .with_threads(false)
            .with_tracer(self.provider.tracer("maid"))
    }

    /// Sends what is left and ends the thread. A second time, nothing is left.
    pub(super) fn finish(&self) {
        self.provider.shutdown_with_timeout(self.timeout).ok();
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        self.finish();
    }
}

fn sender(endpoint: &str, otlp: &Otlp) -> Result<SpanExporter, ExporterBuildError> {
    let endpoint = endpoint.trim_end_matches('/');
    let url =
        if endpoint.ends_with("/v1/traces") { endpoint.to_owned() } else { format!("{endpoint}/v1/traces") };
    // The builder decodes percent signs, which headers do not have.
    let headers: HashMap<String, String> =
        otlp.headers.iter().map(|(name, value)| (name.clone(), value.expose().replace('%', "%25"))).collect();
    SpanExporter::builder()
        .with_http()
        .with_endpoint(url)
        .with_timeout(otlp.timeout.get())
        .with_headers(headers)
        .build()
}

/// An exporter that loses what the collector does not take, and says so once a minute.
#[derive(Debug)]
struct Patient<E> {
    exporter: E,
    told: Mutex<Told>,
}

#[derive(Debug, Default)]
struct Told {
    at: Option<Instant>,
    /// Spans lost since.
    lost: usize,
}

impl<E: opentelemetry_sdk::trace::SpanExporter> opentelemetry_sdk::trace::SpanExporter for Patient<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        if let Err(error) = self.exporter.export(batch).await {
            self.lost(spans, &error);
        }
        Ok(())
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

impl<E> Patient<E> {
    fn lost(&self, spans: usize, error: &dyn std::error::Error) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.lost += spans;
        if told.at.is_some_and(|at| at.elapsed() < WARN_EVERY) {
            return;
        }
        let lost = std::mem::take(&mut told.lost);
        told.at = Some(Instant::now());
        tracing::warn!(lost, "the collector at telemetry.otlp.endpoint took no traces: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::{io, sync::Arc};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<String>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("nobody panicked").push_str(&String::from_utf8_lossy(bytes));
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_collector_that_fails_is_complained_about_once_a_minute() {
        let lines = Lines::default();
        let written = lines.clone();
        let subscriber =
            tracing_subscriber::fmt().with_writer(move || written.clone()).with_ansi(false).finish();
        let patient = Patient { exporter: (), told: Mutex::default() };
        tracing::subscriber::with_default(subscriber, || {
            (0..1000).for_each(|_| patient.lost(10, &io::Error::other("refused")));
            patient.told.lock().expect("nobody panicked").at = Instant::now().checked_sub(WARN_EVERY);
            patient.lost(1, &io::Error::other("refused"));
        });
        let text = lines.0.lock().expect("nobody panicked").clone();
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains("lost=10 ") || text.contains("lost=10\n"), "{text}");
        assert!(text.contains("lost=9991"), "what was lost meanwhile is told too: {text}");
    }
}
