//! The live measures of a run on a server, for the display.

use std::{io, sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use reqwest::header::AUTHORIZATION;
use rustls::pki_types::ServerName;
use serde::Deserialize;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::watch,
    time,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::{
    client_async,
    tungstenite::{self, Message, client::IntoClientRequest, handshake::client::Request},
};
use url::{Host, Url};
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
    let (url, stream) = match connect(client).await {
        Ok(connected) => connected,
        Err(error) => return Some(error.to_string()),
    };
    let mut request = match url.as_str().into_client_request() {
        Ok(request) => request,
        Err(error) => return Some(error.to_string()),
    };
    request.headers_mut().extend(client.authorization().map(|value| (AUTHORIZATION, value)));
    let told = match stream {
        Stream::Plain(stream) => listen_on(request, stream, run_id, publish).await,
        Stream::Tls(stream) => listen_on(request, stream, run_id, publish).await,
    };
    told.err().map(|error| error.to_string())
}

/// A connection to a server.
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Connects as the requests of `client` do.
async fn connect(client: &Client) -> io::Result<(Url, Stream)> {
    let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidInput, what);
    let mut url = client.url().route("api/maid/ws").map_err(|error| wrong(error.to_string()))?;
    let port = url.port_or_known_default().ok_or_else(|| wrong("no port".to_owned()))?;
    let host = url.host().map(|host| match host {
        Host::Domain(name) => name.to_owned(),
        Host::Ipv4(ip) => ip.to_string(),
        Host::Ipv6(ip) => ip.to_string(),
    });
    let host = host.ok_or_else(|| wrong("no host".to_owned()))?;
    let stream = TcpStream::connect((host.as_str(), port)).await?;
    let Some(tls) = client.tls() else {
        url.set_scheme("ws").ok();
        return Ok((url, Stream::Plain(stream)));
    };
    url.set_scheme("wss").ok();
    let name = ServerName::try_from(host).map_err(|error| wrong(error.to_string()))?;
    let stream = TlsConnector::from(tls).connect(name, stream).await?;
    Ok((url, Stream::Tls(Box::new(stream))))
}

async fn listen_on<S: AsyncRead + AsyncWrite + Unpin>(
    request: Request,
    stream: S,
    run_id: Uuid,
    publish: &watch::Sender<Arc<Snapshot>>,
) -> Result<(), tungstenite::Error> {
    let (mut socket, _) = client_async(request, stream).await?;
    socket.send(Message::text(r#"{"subscribe":["maid:metrics"]}"#)).await?;
    while let Some(message) = socket.next().await {
        let Message::Text(text) = message? else { continue };
        let Ok(told) = serde_json::from_str::<Told>(&text) else { continue };
        if told.topic != "maid:metrics" || told.run_id != Some(run_id) {
            continue;
        }
        if let Ok(metrics) = serde_json::from_value::<MetricsEvent>(told.data) {
            publish.send_replace(Arc::new(metrics.into()));
        }
    }
    Ok(())
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
