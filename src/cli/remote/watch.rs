//! The live measures of a run on a server, for the display.

use std::{sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio::{sync::watch, time};
use tokio_tungstenite::{connect_async, tungstenite::Message};
use uuid::Uuid;

use super::client::Client;
use crate::{
    bus::{MetricsEvent, RunPhase},
    engine::live::{Phase, Snapshot},
};

/// How long to wait before a lost connection is made again.
const AGAIN: Duration = Duration::from_secs(1);

/// What comes over the WebSocket, as far as the display needs it.
#[derive(Deserialize)]
struct Told {
    topic: String,
    run_id: Option<Uuid>,
    data: serde_json::Value,
}

/// Shows the run's measures until it is told to stop. A connection that is lost is made again.
pub(super) async fn show(client: Client, run_id: Uuid, publish: watch::Sender<Arc<Snapshot>>) {
    loop {
        if let Some(error) = listen(&client, run_id, &publish).await {
            tracing::debug!(%error, "the live connection is lost: {error}");
        }
        time::sleep(AGAIN).await;
    }
}

async fn listen(client: &Client, run_id: Uuid, publish: &watch::Sender<Arc<Snapshot>>) -> Option<String> {
    let mut url = client.url().route("api/maid/ws").ok()?;
    let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
    url.set_scheme(scheme).ok()?;
    let (mut socket, _) = match connect_async(url.as_str()).await {
        Ok(connected) => connected,
        Err(error) => return Some(error.to_string()),
    };
    let subscribe = r#"{"subscribe":["maid:metrics"]}"#;
    if let Err(error) = socket.send(Message::text(subscribe)).await {
        return Some(error.to_string());
    }
    while let Some(message) = socket.next().await {
        let text = match message {
            Ok(Message::Text(text)) => text,
            Ok(_) => continue,
            Err(error) => return Some(error.to_string()),
        };
        let Ok(told) = serde_json::from_str::<Told>(&text) else { continue };
        if told.topic != "maid:metrics" || told.run_id != Some(run_id) {
            continue;
        }
        if let Ok(metrics) = serde_json::from_value::<MetricsEvent>(told.data) {
            publish.send_replace(Arc::new(metrics.into()));
        }
    }
    None
}

/// The measures as the display takes them.
impl From<MetricsEvent> for Snapshot {
    fn from(event: MetricsEvent) -> Self {
        Self {
            phase: match event.phase {
                RunPhase::Increase => Phase::Increase,
                RunPhase::Maintain => Phase::Maintain,
                RunPhase::Decrease => Phase::Decrease,
                RunPhase::Idle => Phase::Idle,
                RunPhase::Shutdown | RunPhase::Completed | RunPhase::Failed | RunPhase::Stopped => {
                    Phase::Shutdown
                }
            },
            elapsed_s: event.elapsed_s,
            progress: event.progress,
            users: event.users,
            users_planned: event.users_planned,
            requests: event.requests,
            failures: event.failures,
            rps: event.rps,
            failures_per_s: event.failures_per_s,
            p50_ms: event.p50_ms,
            p95_ms: event.p95_ms,
            p99_ms: event.p99_ms,
            generator_cpu_percent: event.generator_cpu_percent,
            top_errors: event.top_errors.into_iter().map(|error| (error.message, error.count)).collect(),
            ..Self::default()
        }
    }
}
