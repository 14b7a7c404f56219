//! A server from its start to its end.

use std::{
    fs::DirBuilder,
    future::ready,
    net::{SocketAddr, TcpListener},
    os::unix::fs::DirBuilderExt,
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use actix_web::{dev::ServerHandle, web::ServiceConfig};
use tokio::{
    runtime::Handle,
    sync::Notify,
    task::{JoinHandle, spawn_blocking},
    time,
};

use super::{AppState, StartError, mount, openapi, tls::Tls};
use crate::{
    ai::{Inside, search::Changes},
    audit::{Audit, AuditKey},
    auth::{
        Auth, Vouched,
        oidc::{Oidc, OidcSite, PATIENCE},
        secret::{Purpose, RootSecret},
        users::FirstAdmin,
    },
    bus::{Bus, Capabilities},
    config::{Config, Layered, Origin, Sources},
    convert::Conversions,
    db::{Db, InstanceLock},
    deeplinks::Deeplinks,
    http::{Problem, Surface, address::TrustedProxies, idempotency::Idempotency},
    limits::Limits,
    live::Live,
    loadtest::secret::Secret,
    prompts::Prompts,
    recipes::{Recipes, library::Library},
    runs::{
        self, DryRuns, Runs,
        active::{self, Context, Slot, Spool},
        capability,
        store::Store,
    },
    settings::Settings,
    telemetry::{Health, Metrics, Tracing},
};

/// How often answers that were kept long enough are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(600);
/// Connections that may wait to be accepted.
const BACKLOG: u32 = 4096;

/// What a server is started with.
#[derive(Debug)]
pub struct Start {
    /// The configuration.
    pub layered: Layered,
    /// Where it was read from.
    pub sources: Sources,
    /// The process's log, whose level follows the configuration.
    pub tracing: Option<Tracing>,
}

/// A server that runs.
#[derive(Debug)]
pub struct Server {
    state: AppState,
    first_admin: FirstAdmin,
    addr: SocketAddr,
    /// `http` or `https`.
    scheme: &'static str,
    http: ServerHandle,
    /// None once it has ended by itself.
    serving: Option<JoinHandle<std::io::Result<()>>>,
    tasks: Vec<JoinHandle<()>>,
    tracing: Option<Tracing>,
    // Released last: until then no other server may use the folder.
    _lock: InstanceLock,
}

/// Why a server ended by itself.
#[derive(Debug, thiserror::Error)]
#[error("the server ended: {0}")]
pub struct Ending(String);

impl Server {
    /// Starts a server. It is in order when this returns: the database is migrated, what a server
    /// before it left behind is put right, and the address answers.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(start: Start) -> Result<Self, StartError> {
        let config = Arc::new(start.layered.config().clone());
        for (key, folder) in
            [("server.data_dir", &config.server.data_dir), ("server.files_dir", &config.server.files_dir)]
        {
            make(folder).map_err(|cause| unusable(&start.layered, key, folder, cause))?;
        }
        let tls = Tls::open(&config.server.tls)?;
        let lock = InstanceLock::take(&config.server.data_dir)?;
        let listener = listen(&config)?;
        let addr = listener.local_addr().map_err(StartError::System)?;
        let tracing = start.tracing.clone();
        let state = put_together(start, &lock, addr).await?;
        let first_admin = if config.auth.required { state.auth.users.first().await? } else { None };
        let mut tasks = background(&state, tracing.clone());
        let (http, serving) = serve(&state, listener, tls.as_ref())?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        tasks.extend(tls.map(|tls| tokio::spawn(tls.follow())));
        tracing::info!(%addr, "MAID {} listens on {addr}", env!("CARGO_PKG_VERSION"));
        Ok(Self {
            state,
            first_admin,
            addr,
            scheme,
            http,
            serving: Some(serving),
            tasks,
            tracing,
            _lock: lock,
        })
    }

    /// Address that it listens on.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Address for people, with a name that this machine can be reached by.
    #[must_use]
    pub fn url(&self) -> String {
        let (scheme, addr) = (self.scheme, self.addr);
        match addr.ip().is_unspecified() {
            true => format!("{scheme}://localhost:{}", addr.port()),
            false => format!("{scheme}://{addr}"),
        }
    }

    /// Password of the user `admin`, where this start has made them up. Nobody else ever sees it.
    #[must_use]
    pub const fn first_admin(&self) -> Option<&Secret> {
        self.first_admin.as_ref()
    }

    /// What its modules share.
    #[must_use]
    pub const fn state(&self) -> &AppState {
        &self.state
    }

    /// Waits until it ends by itself, which it should not.
    pub async fn ended(&mut self) -> Ending {
        let Some(serving) = &mut self.serving else { return Ending("it had ended already".to_owned()) };
        let ended = serving.await;
        self.serving = None;
        match ended {
            Ok(Ok(())) => Ending("it was told to".to_owned()),
            Ok(Err(error)) => Ending(error.to_string()),
            Err(error) => Ending(error.to_string()),
        }
    }

    /// Ends it in good order: the active run ends and is stored, then connections close, then the
    /// database.
    pub async fn stop(self) {
        let grace = self.state.settings.current().server.shutdown_grace.get();
        self.state.runs.shut_down(grace).await;
        self.state.live.close();
        self.http.stop(true).await;
        if let Some(serving) = self.serving {
            serving.await.ok();
        }
        self.tasks.iter().for_each(JoinHandle::abort);
        self.state.auth.note().await;
        self.state.audit.flush().await;
        if let Err(error) = self.state.db.close().await {
            tracing::warn!(%error, "the database does not close as it should: {error}");
        }
        tracing::info!("MAID has ended");
        if let Some(tracing) = self.tracing {
            // What is left of the traces is sent; a collector that is gone is not waited for for long.
            spawn_blocking(move || tracing.finish()).await.ok();
        }
    }
}

fn make(folder: &Path) -> std::io::Result<()> {
    // What is stored is nobody else's business.
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn unusable(layered: &Layered, key: &'static str, folder: &Path, cause: std::io::Error) -> StartError {
    let origin = layered.origins().find(|(known, _)| *known == key);
    let origin = origin.map_or(Origin::Default, |(_, origin)| origin.clone());
    StartError::Folder { path: folder.to_owned(), key, origin, cause }
}

fn listen(config: &Config) -> Result<TcpListener, StartError> {
    let addr = SocketAddr::new(config.server.host, config.server.port);
    let failed = |cause| StartError::Listen { addr, cause };
    let domain = socket2::Domain::for_address(addr);
    let socket = socket2::Socket::new(domain, socket2::Type::STREAM, None).map_err(failed)?;
    // A server that is started again must not wait for connections of the one before.
    socket.set_reuse_address(true).map_err(failed)?;
    socket.set_nonblocking(true).map_err(failed)?;
    socket.bind(&addr.into()).map_err(failed)?;
    socket.listen(BACKLOG.cast_signed()).map_err(failed)?;
    Ok(socket.into())
}

/// Makes what the modules share, and puts right what a server before this one left behind.
async fn put_together(start: Start, lock: &InstanceLock, addr: SocketAddr) -> Result<AppState, StartError> {
    let Start { layered, sources, .. } = start;
    let config = Arc::new(layered.config().clone());
    let data_dir = &config.server.data_dir;
    let (db, bus) = (migrated(&config).await?, Bus::default());
    let spool = spooled(&layered, data_dir)?;
    let secret = RootSecret::open(&config.auth.secret, data_dir)?;
    let audit = written_down(&db, &secret, data_dir);
    let settings = Settings::new(sources, layered, (db.clone(), audit.clone()), Handle::current());
    let auth = Auth::open(db.clone(), settings.changes(), &secret, audit.clone()).await?;
    let oidc = elsewhere(&config, &secret, &auth)?;
    let prompts = Prompts::new(&db, settings.changes(), &secret, audit.clone());
    let store = recovered(&spool, &db, lock).await?;
    let recipes = Recipes::new(db.clone(), &Library::built_in(), audit.clone(), settings.changes());
    let deeplinks = Deeplinks::new(&db, &secret, recipes.clone(), audit.clone(), settings.changes());
    let runs = Runs::new(Context {
        store,
        bus: bus.clone(),
        audit: audit.clone(),
        auth: auth.clone(),
        recipes: recipes.clone(),
        deeplinks: deeplinks.clone(),
        slot: Slot::default(),
        spool,
        config: settings.changes(),
        instance: lock.id(),
        own: Arc::new(OnceLock::from(vec![addr])),
        runtime: Handle::current(),
        dry_runs: DryRuns::default(),
        trim: Arc::new(Notify::new()),
    });
    let idempotency = repeatable(&db, &config, &secret, lock);
    settle(&idempotency, &runs).await?;
    let limits = Limits::new(&config.rate_limit);
    let (capabilities, live) = followed(&config, &runs, (&auth, &limits));
    let ai = Inside::new((&config, settings.changes()), &db, &recipes, (&bus, &audit))?;
    let (health, metrics) = (health(&db, &config, &runs), metrics(&bus, &db, &live));
    Ok(AppState {
        proxies: TrustedProxies::new(&config.server.trusted_proxies)?,
        config,
        db,
        bus,
        audit,
        auth,
        oidc,
        capabilities,
        runs,
        recipes,
        conversions: Conversions::default(),
        prompts,
        deeplinks,
        ai,
        settings,
        live,
        idempotency,
        metrics,
        health,
        limits,
    })
}

/// Where results wait that the database does not take.
fn spooled(layered: &Layered, data_dir: &Path) -> Result<Spool, StartError> {
    Spool::open(data_dir).map_err(|cause| unusable(layered, "server.data_dir", data_dir, cause))
}

/// The database, brought up to date.
async fn migrated(config: &Config) -> Result<Db, StartError> {
    let db = Db::connect(&config.database, &config.server.data_dir).await?;
    db.migrate().await?;
    Ok(db)
}

/// Where it is written down who did what.
fn written_down(db: &Db, secret: &RootSecret, data_dir: &Path) -> Audit {
    let key = AuditKey::new(secret.key(Purpose::Audit), data_dir);
    Audit::start(db.clone(), key, &Handle::current())
}

/// What requests with a key are answered by.
fn repeatable(db: &Db, config: &Config, secret: &RootSecret, lock: &InstanceLock) -> Idempotency {
    let kept = config.history.idempotency_ttl.get();
    Idempotency::new(db.clone(), kept, lock.id(), Handle::current()).keyed(&secret.key(Purpose::Idempotency))
}

/// What can be called and followed over a WebSocket.
fn followed(config: &Config, runs: &Runs, (auth, limits): (&Auth, &Limits)) -> (Arc<Capabilities>, Live) {
    let mut capabilities = Capabilities::default();
    capability::register(&mut capabilities, runs);
    let capabilities = Arc::new(capabilities);
    let (bus, most) = (runs.context().bus.clone(), config.server.max_websockets);
    let live = Live::new(bus, Arc::clone(&capabilities), Arc::new(runs.clone()), most);
    (capabilities, live.guarded(auth.clone(), limits.clone()))
}

/// Where people can sign in besides here.
fn elsewhere(config: &Config, secret: &RootSecret, auth: &Auth) -> Result<OidcSite, StartError> {
    let public_url = config.server.public_url.as_deref();
    let oidc = Oidc::new(&config.auth.oidc, &secret.key(Purpose::Oidc), PATIENCE)?;
    Ok(OidcSite::new(oidc, public_url, Vouched::new(auth.clone(), public_url)))
}

/// The history, put right after a server that ended uncleanly.
async fn recovered(spool: &Spool, db: &Db, lock: &InstanceLock) -> Result<Store, StartError> {
    let store = Store::new(db.clone());
    let stored = spool.empty_into(&store).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "results go on waiting in the spool: {error}");
        0
    });
    let lost = store.recover(lock.id(), active::now()).await?;
    if stored + lost.len() > 0 {
        tracing::warn!(
            stored,
            lost = lost.len(),
            "after an unclean end: results stored from the spool: {stored}, runs that have failed: {}",
            lost.len()
        );
    }
    Ok(store)
}

/// What became of starts that the server before was working on.
async fn settle(idempotency: &Idempotency, runs: &Runs) -> Result<(), StartError> {
    let look = async |tenant: String, id| match runs.started_as(&tenant, id).await? {
        Some(status) => runs::started(id, status).map(Some),
        None => Ok(None),
    };
    let settled =
        idempotency.settle(look).await.map_err(|problem: Problem| StartError::Settle(problem.to_string()))?;
    if settled > 0 {
        tracing::warn!(settled, "after an unclean end: requests with a key that are settled: {settled}");
    }
    Ok(())
}

/// Forgets answers that were kept long enough, for ever.
async fn forget(idempotency: Idempotency) {
    loop {
        time::sleep(FORGET_EVERY).await;
        if let Err(error) = idempotency.purge().await {
            tracing::debug!(%error, "old answers cannot be forgotten for now: {error}");
        }
    }
}

fn background(state: &AppState, tracing: Option<Tracing>) -> Vec<JoinHandle<()>> {
    let context = state.runs.context();
    let changes = Changes([state.recipes.changes(), state.prompts.changes()]);
    let mut tasks = vec![
        tokio::spawn(active::work(context.clone())),
        tokio::spawn(active::upkeep(context.clone())),
        tokio::spawn(forget(state.idempotency.clone())),
        tokio::spawn(state.auth.clone().upkeep()),
        tokio::spawn(state.prompts.clone().upkeep()),
        tokio::spawn(state.deeplinks.clone().upkeep()),
        tokio::spawn(state.ai.models.clone().upkeep()),
        tokio::spawn(state.ai.models.clone().follow_policy()),
        tokio::spawn(state.ai.usage.clone().upkeep()),
        tokio::spawn(state.ai.search.clone().upkeep(state.bus.clone(), changes)),
        tokio::spawn(state.audit.clone().retain(state.settings.changes())),
        tokio::spawn(state.metrics.follow(&state.bus)),
        tokio::spawn(state.limits.clone().follow(state.settings.changes())),
    ];
    tasks.extend(tracing.map(|tracing| tokio::spawn(tracing.follow(state.settings.changes()))));
    tasks
}

fn serve(
    state: &AppState,
    listener: TcpListener,
    tls: Option<&Tls>,
) -> Result<(ServerHandle, JoinHandle<std::io::Result<()>>), StartError> {
    let surface = Arc::new(Surface::new(&openapi::as_json(&openapi::openapi())));
    let shared = state.clone();
    let provide = move |config: &mut ServiceConfig| shared.provide(config);
    let tls = tls.map(Tls::server_config);
    let http = mount::serve(mount::MODULES, surface, &state.config.server, listener, tls, provide)
        .map_err(StartError::System)?;
    let handle = http.handle();
    Ok((handle, tokio::spawn(http)))
}

/// What MAID measures of itself.
fn metrics(bus: &Bus, db: &Db, live: &Live) -> Metrics {
    let live = live.clone();
    Metrics::new(bus, db, move || live.stats())
}

/// What has to be in order for work to be taken.
fn health(db: &Db, config: &Config, runs: &Runs) -> Health {
    let (accepting, runs) = (runs.clone(), runs.clone());
    Health::builder()
        .database(db)
        .writable(config.server.data_dir.clone())
        .engine(move || accepting.context().slot.accepts())
        .check("server", move || {
            let ends = runs.context().slot.is_closing();
            ready(if ends { Err("is about to end".to_owned()) } else { Ok("serves".to_owned()) })
        })
        .build()
}
