//! `maid run --server URL`: a run or a dry run on a server, shown here as if it ran here.

mod client;
mod deeplinks;
mod error;
mod link;
mod tls;
mod watch;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::{runtime, sync::Notify, time};
use uuid::Uuid;

use self::client::Client;
pub(super) use self::{
    client::ServerUrl,
    deeplinks::{Links, Listed, Made},
    error::RemoteError,
    link::Followed,
};
use super::{error::CliError, live::Display, session::Session};
use crate::{
    engine::{dry_run::DryRun, outcome::Outcome},
    loadtest::{parse::Document, secret::Secret},
};

/// How often a server is asked whether a run is over, where nothing tells so by itself.
const ASK: Duration = Duration::from_millis(500);
/// How long a server may be away in mid-run before the client gives up. The run goes on without it.
const PATIENCE: Duration = Duration::from_secs(60);

/// The variable of the environment with an API key: on a command line everybody on the machine could
/// read it.
const API_KEY: &str = "MAID_API_KEY";

/// The API key of the environment.
pub(super) fn api_key() -> Option<Secret> {
    std::env::var(API_KEY).ok().filter(|key| !key.is_empty()).map(Secret::new)
}

/// What is asked of the server.
pub(super) struct Order {
    /// File with an authority that the server's certificate may be from, besides the system's.
    pub(super) ca_file: Option<PathBuf>,
    /// An API key or an access token, for a server that asks whoever comes who they are.
    pub(super) credential: Option<Secret>,
    /// The test, flags applied.
    pub(super) document: Document,
    /// Values that it may read.
    pub(super) env: BTreeMap<String, Secret>,
    /// What is written down about the run.
    pub(super) notes: Option<String>,
    /// Whether it may wait for its turn.
    pub(super) queue: bool,
}

impl Order {
    /// The test with its values, as every request has it that sends one.
    fn test(&self) -> Value {
        let env = self.env.iter().map(|(name, value)| (name.clone(), Value::from(value.expose())));
        json!({"loadtest": self.document.value(), "env": Value::Object(env.collect())})
    }
}

/// Runs `order` on the server at `url` and shows it until it is over.
pub(super) fn run(session: &Session<'_>, url: &ServerUrl, order: Order) -> Result<Outcome, CliError> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let client = Client::new(url.clone(), order.ca_file.as_deref(), order.credential.as_ref())?;
    let outcome = runtime.block_on(on_server(session, client, order));
    runtime.shutdown_background();
    Ok(outcome?)
}

/// Has the server at `url` walk once through the test of `order`; `None` where ^C came first. Whoever closes the
/// connection ends it.
pub(super) fn dry_run(
    session: &Session<'_>,
    url: &ServerUrl,
    order: &Order,
) -> Result<Option<DryRun>, CliError> {
    let client = Client::new(url.clone(), order.ca_file.as_deref(), order.credential.as_ref())?;
    let asked = Arc::new(Notify::new());
    let stop = Arc::clone(&asked);
    session.interrupt.arm(move || stop.notify_one());
    waiting(async {
        tokio::select! {
            walked = client.dry_run(order) => walked.map(Some),
            () = asked.notified() => Ok(None),
        }
    })
}

async fn on_server(session: &Session<'_>, client: Client, order: Order) -> Result<Outcome, RemoteError> {
    let started = client.start(&order).await?;
    let run_id = started.run_id;
    session.screen.note(&format!("run {run_id} is {} on {}", words(started.is_queued()), client.url()));
    let asked = Arc::new(Notify::new());
    let (stop, screen) = (Arc::clone(&asked), session.screen.clone());
    session.interrupt.arm(move || {
        screen.say(
            "stopping: the server gives requests under way some time, then the results follow; \
             ^C again leaves at once, and the run ends without you",
        );
        stop.notify_one();
    });
    let (publish, snapshots) = tokio::sync::watch::channel(Arc::default());
    let display = Display::follow(session.screen, snapshots);
    let shown = tokio::spawn(watch::show(client.clone(), run_id, publish));
    let over = until_over(&client, run_id, &asked).await;
    shown.abort();
    drop(display);
    over?;
    client.outcome(run_id).await
}

/// Waits for the answer to one question.
fn waiting<T>(question: impl Future<Output = Result<T, RemoteError>>) -> Result<T, CliError> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(question);
    // A name that is still being looked up for a question that was given up is not waited for.
    runtime.shutdown_background();
    Ok(answer?)
}

const fn words(queued: bool) -> &'static str {
    if queued { "queued" } else { "started" }
}

/// Waits until the run is over, and stops it when asked to. A server that is away for a moment is
/// waited for.
async fn until_over(client: &Client, run_id: Uuid, asked: &Notify) -> Result<(), RemoteError> {
    let mut away = None::<time::Instant>;
    let mut due = time::interval(ASK);
    loop {
        tokio::select! {
            _ = due.tick() => {}
            () = asked.notified() => match client.stop(run_id).await {
                // A server that is away for a moment is asked again.
                Err(error) if error.is_passing() => asked.notify_one(),
                stopped => stopped?,
            },
        }
        match client.is_over(run_id).await {
            Ok(true) => return Ok(()),
            Ok(false) => away = None,
            Err(error) if error.is_passing() => {
                let since = *away.get_or_insert_with(time::Instant::now);
                if since.elapsed() > PATIENCE {
                    return Err(error);
                }
            }
            Err(error) => return Err(error),
        }
    }
}
