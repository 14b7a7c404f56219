//! A server with the live stream alone, a bus to publish on, and capabilities of all kinds.

use std::{
    future::pending,
    net::{Ipv4Addr, TcpListener},
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    HttpMessage, HttpServer,
    body::MessageBody,
    dev::ServiceRequest,
    middleware::Next,
    web::{self, Data},
};
use maid::{
    app::{
        mount::{self, Module},
        openapi,
    },
    auth::{Principal, Scope},
    bus::{
        Bus, Capabilities, Capability, Event, LogEvent, LogLevel, MetricsEvent, RunPhase, StatusEvent, Topic,
    },
    config,
    engine::outcome::Series,
    http::{BodyLimits, Code, Problem, Surface},
    live::{self, Live, Present, Stats, Timing},
};
use serde_json::{Value, json};
use utoipa_actix_web::{scope, service_config::ServiceConfig};
use uuid::Uuid;

use crate::http::Site;

/// As an admin at `/api/maid/ws`, and as somebody who may only read at `/api/maid/reader/ws`.
const MODULES: &[Module] = &[
    Module { tag: "live", about: "Runs as they happen.", under_api: true, routes: live::routes },
    Module { tag: "reader", about: "The same.", under_api: true, routes: as_reader },
];

fn as_reader(config: &mut ServiceConfig<'_>) {
    let reader = scope("/reader").configure(live::routes);
    config.service(reader.wrap(actix_web::middleware::from_fn(only_reads)));
}

async fn only_reads<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<actix_web::dev::ServiceResponse<B>, actix_web::Error> {
    let reader = Principal { scopes: [Scope::Read].into(), ..Principal::development() };
    request.extensions_mut().insert(reader);
    next.call(request).await
}

/// The run whose series is known.
pub const RUN: Uuid = Uuid::from_u128(7);

struct Known;

impl Present for Known {
    fn status(&self) -> StatusEvent {
        StatusEvent { accepting: true, ..StatusEvent::default() }
    }

    fn series(&self, run_id: Uuid) -> Option<Arc<Series>> {
        let series = Series { step_s: 1, at_s: vec![0, 1], requests: vec![10, 20], ..Series::default() };
        (run_id == RUN).then(|| Arc::new(series))
    }
}

pub struct Server {
    pub bus: Bus,
    pub live: Live,
    pub site: Site,
}

impl Server {
    pub fn start() -> Self {
        Self::with(100, Timing::default())
    }

    /// One that cuts a connection whose client takes nothing for `stalled_for`.
    pub fn impatient(stalled_for: Duration) -> Self {
        let (bus, live) = parts(100, Timing::default());
        let data = Data::new(live.clone());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        live::bound_waiting(&listener, stalled_for).expect("the system knows the options");
        let address = listener.local_addr().expect("its address");
        let site = Site::run(address, move || {
            let surface = Arc::new(Surface::new(&openapi::as_json(&openapi::describe(MODULES))));
            let limits = BodyLimits { max_body: 1024, patience: Duration::from_secs(1) };
            let provide = move |config: &mut web::ServiceConfig| {
                config.app_data(data.clone());
            };
            let app = move || mount::app(MODULES, &surface, limits, &Arc::default(), provide.clone());
            HttpServer::new(app).workers(1).disable_signals().listen(listener).expect("it listens").run()
        });
        Self { bus, live, site }
    }

    pub fn with(most: usize, timing: Timing) -> Self {
        let (bus, live) = parts(most, timing);
        let data = Data::new(live.clone());
        let site = Site::of(MODULES, config::Server::default(), move |config| {
            config.app_data(data.clone());
        });
        Self { bus, live, site }
    }

    pub fn log(&self, level: LogLevel, message: impl Into<String>) {
        self.bus.publish(Some(RUN), Event::Log(LogEvent { level, message: message.into() }));
    }

    pub fn metrics(&self, requests: u64) {
        let metrics = MetricsEvent { phase: RunPhase::Maintain, requests, ..MetricsEvent::default() };
        self.bus.publish(Some(RUN), Event::Metrics(metrics.into()));
    }

    pub fn status(&self, requests: u64) {
        let status = StatusEvent { run_id: Some(RUN), requests, ..StatusEvent::default() };
        self.bus.publish(Some(RUN), Event::Status(status));
    }

    /// Number of the last message of a topic.
    pub fn last(&self, topic: Topic) -> u64 {
        self.bus.newest(topic).map_or(0, |newest| newest.seq)
    }

    /// Waits until what is counted is as it should be.
    pub async fn until(&self, what: &str, mut is: impl FnMut(Stats) -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        while !is(self.live.stats()) {
            assert!(Instant::now() < end, "{what}: {:?}", self.live.stats());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

fn parts(most: usize, timing: Timing) -> (Bus, Live) {
    let bus = Bus::default();
    let live = Live::with_timing(bus.clone(), Arc::new(capabilities()), Arc::new(Known), most, timing);
    (bus, live)
}

fn capabilities() -> Capabilities {
    let mut known = Capabilities::default();
    let of = |name, scope| Capability { name, summary: "For tests.", scope };
    known.register(of("test.echo", Scope::Read), |principal: Principal, body: Value| async move {
        Ok(json!({"by": principal.id, "body": body}))
    });
    known.register(of("test.write", Scope::Write), |_, _| async { Ok(json!("written")) });
    known.register(of("test.picky", Scope::Read), |_, _| async {
        Err(Problem::new(Code::InvalidBody, "it takes nothing"))
    });
    known.register(of("test.endless", Scope::Read), |_, _| pending());
    known.register(of("test.broken", Scope::Read), |_, _| async { panic!("a defect") });
    known.register(of("test.long", Scope::Read), |_, _| async { Ok(json!("x".repeat(2 << 20))) });
    known
}
