//! The list of modules, and the web application made from it.
//!
//! A module registers its handlers through utoipa, so that a route without documentation does not
//! compile. What else is true of every route and answer lies around them here, once.

use std::{io, net::TcpListener, sync::Arc, thread, time::Duration};

use actix_web::{
    App, Error, HttpRequest, HttpServer,
    body::MessageBody,
    dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::{Compress, from_fn},
    web::{self, Data, ServiceConfig},
};
use rustls::ServerConfig;
use utoipa_actix_web::{AppExt, scope, service_config};

use super::docs;
use crate::{
    ai, audit, auth, config, convert, deeplinks,
    http::{
        BodyLimits, Edges, Surface, address,
        frame::{self, API},
        idle,
        trace::RequestSpan,
    },
    limits, live, plugin, prompts, recipes, runs, settings, telemetry, ui,
};

/// Most threads that serve HTTP where the configuration does not say: the rest is the engine's.
const MOST_WORKERS: usize = 4;

/// How long a client may take to see that its connection is closed.
const GOODBYE: Duration = Duration::from_secs(2);

/// How long a connection may rest between two requests.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// How long requests under way may take to be answered when the server ends: what they started is
/// stored by then.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// A part of MAID with routes.
#[derive(Clone, Copy)]
pub struct Module {
    /// What its routes are listed under in the document.
    pub tag: &'static str,
    /// What it is for, in a sentence.
    pub about: &'static str,
    /// Whether its paths begin at `/api/maid`, rather than at the root.
    pub under_api: bool,
    /// Registers its handlers.
    pub routes: fn(&mut service_config::ServiceConfig<'_>),
}

/// Every module of MAID, in the order of the document.
pub const MODULES: &[Module] = &[
    Module {
        tag: "runs",
        about: "Load tests: started, watched, stopped, looked up, compared.",
        under_api: true,
        routes: runs::routes,
    },
    Module { tag: "live", about: "What happens, as it happens.", under_api: true, routes: live::routes },
    Module {
        tag: "auth",
        about: "Who is let in: signing in, with a password or elsewhere, and sessions.",
        under_api: true,
        routes: auth::routes,
    },
    Module {
        tag: "users",
        about: "People: registered, made, changed, kept out.",
        under_api: true,
        routes: auth::users::routes,
    },
    Module {
        tag: "keys",
        about: "API keys, with which programs come in.",
        under_api: true,
        routes: auth::keys::routes,
    },
    Module {
        tag: "recipes",
        about: "The library: LoadTests with parameters, and what is known about running them well.",
        under_api: true,
        routes: recipes::routes,
    },
    Module {
        tag: "recipe generator",
        about: "Help with writing a test: what to begin with, what is wrong or could be better, sensible values.",
        under_api: true,
        routes: |config| {
            ai::generator::routes(config);
            recipes::generator::routes(config);
        },
    },
    Module {
        tag: "analysis",
        about: "What a run shows: what was found, with figures, and what to run next.",
        under_api: false,
        routes: ai::analysis::routes,
    },
    Module {
        tag: "convert",
        about: "LoadTests of what other tools write, and for other tools to run.",
        under_api: true,
        routes: convert::routes,
    },
    Module {
        tag: "prompts",
        about: "The prompt library: written, versioned, shared, found, used.",
        under_api: true,
        routes: prompts::routes,
    },
    Module {
        tag: "deeplinks",
        about: "Links to tests that are ready to run, which never start by themselves; and presets, tests with a name.",
        under_api: true,
        routes: deeplinks::routes,
    },
    Module {
        tag: "ai",
        about: "Models inside MAID, and what they are for.",
        under_api: true,
        routes: ai::routes,
    },
    Module {
        tag: "search",
        about: "Runs, recipes and prompts, found by their words and by what they mean; and how a test has changed.",
        under_api: true,
        routes: ai::search::routes,
    },
    Module {
        tag: "inference",
        about: "What models make of words: text and speech.",
        under_api: false,
        routes: ai::inference::routes,
    },
    Module {
        tag: "pictures",
        about: "Pictures of runs, and of texts.",
        under_api: false,
        routes: ai::pictures::routes,
    },
    Module {
        tag: "settings",
        about: "The configuration of this server.",
        under_api: true,
        routes: settings::routes,
    },
    Module {
        tag: "audit",
        about: "Who did what, sealed so that nobody can change it unseen.",
        under_api: true,
        routes: audit::routes,
    },
    Module {
        tag: "ai",
        about: "What a model is for, as services of their own.",
        under_api: false,
        routes: ai::generator::openai_routes,
    },
    Module {
        tag: "plugin",
        about: "What MAID is, and its engine's switch.",
        under_api: false,
        routes: plugin::routes,
    },
    Module {
        tag: "openai",
        about: "The models of this server, as clients of OpenAI's API ask them.",
        under_api: false,
        routes: ai::openai_routes,
    },
    Module {
        tag: "deeplink page",
        about: "The page that a link opens.",
        under_api: false,
        routes: deeplinks::page::routes,
    },
    Module { tag: "ui", about: "The admin UI.", under_api: false, routes: ui::routes },
    Module {
        tag: "operations",
        about: "For whatever watches over MAID.",
        under_api: false,
        routes: telemetry::routes,
    },
    Module { tag: "docs", about: "What describes this API.", under_api: false, routes: docs::routes },
];

/// The application: `modules`, with what `provide` gives their handlers as data.
pub fn app<P: FnOnce(&mut ServiceConfig)>(
    modules: &[Module],
    surface: &Arc<Surface>,
    limits: BodyLimits,
    edges: &Arc<Edges>,
    provide: P,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<P>>,
        Error = Error,
        InitError = (),
    > + use<P>,
> {
    let api = scope(API).configure(|config| register(modules, true, config));
    let (around, elsewhere, edges) = (surface.clone(), surface.clone(), edges.clone());
    App::new()
        .app_data(limits)
        .app_data(Data::from(surface.clone()))
        .configure(provide)
        .into_utoipa_app()
        .service(api)
        .configure(|config| register(modules, false, config))
        .into_app()
        .default_service(web::to(move |request: HttpRequest| frame::refuse(elsewhere.clone(), request)))
        .wrap(Compress::default())
        .wrap(from_fn(limits::enforce))
        .wrap(from_fn(auth::authenticate))
        .wrap(from_fn(move |request, next| frame::frame(around.clone(), edges.clone(), request, next)))
        .wrap(from_fn(telemetry::measure))
        .wrap(RequestSpan::middleware())
        .wrap(from_fn(address::note))
        .wrap(from_fn(idle::busy))
}

/// Serves `modules` on `listener` within the bounds that `config` sets, by TLS where it is given. The server runs once it is
/// awaited, takes no signals, and is stopped by its handle.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve(
    modules: &'static [Module],
    surface: Arc<Surface>,
    config: &config::Server,
    listener: TcpListener,
    tls: Option<ServerConfig>,
    provide: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
) -> io::Result<Server> {
    let limits = BodyLimits { max_body: config.max_body, patience: config.client_timeout.get() };
    let workers = match config.workers {
        0 => thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS),
        workers => usize::from(workers),
    };
    live::bound_waiting(&listener, live::Timing::STALLED_FOR)?;
    // The framework's clock ticks twice a second.
    let patience = config.client_timeout.get().max(Duration::from_secs(1));
    let edges = Arc::new(Edges::new(&config.cors_origins, config.tls.hsts.get()));
    let server = HttpServer::new(move || app(modules, &surface, limits, &edges, provide.clone()))
        .workers(workers)
        // The bound is for all of them together.
        .max_connections(config.max_connections.div_ceil(workers))
        .client_request_timeout(patience)
        .keep_alive(KEEP_ALIVE)
        .client_disconnect_timeout(GOODBYE)
        // Whoever leaves frees what was at work for them: a model, a dry run. HTTP clients do not close one half, and what
        // must come to its end has a task of its own.
        .h1_allow_half_closed(false)
        .on_connect(idle::watch(KEEP_ALIVE + patience))
        .shutdown_timeout(LAST_ANSWERS.as_secs())
        .tls_handshake_timeout(patience)
        .disable_signals();
    let server = match tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls)?,
        None => server.listen(listener)?,
    };
    Ok(server.run())
}

fn register(modules: &[Module], under_api: bool, config: &mut service_config::ServiceConfig<'_>) {
    for module in modules.iter().filter(|module| module.under_api == under_api) {
        (module.routes)(config);
    }
}
