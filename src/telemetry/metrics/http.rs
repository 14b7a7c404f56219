//! Metrics of the HTTP server, by route pattern, method and class of status.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

/// Upper bounds of the buckets, in seconds: fine where a dashboard waits, coarse where a report is made.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

type Labels = [(&'static str, String); 3];
type Times = Family<Labels, Histogram, fn() -> Histogram>;

/// Requests to this server.
#[derive(Clone, Debug)]
pub(in crate::telemetry) struct Http {
    requests: Family<Labels, Counter>,
    times: Times,
    in_flight: Gauge,
}

impl Http {
    pub(super) fn registered(registry: &mut Registry) -> Self {
        let times: fn() -> Histogram = || Histogram::new(SECONDS);
        let this = Self {
            requests: Family::default(),
            times: Family::new_with_constructor(times),
            in_flight: Gauge::default(),
        };
        registry.register("requests", "Requests that were answered", this.requests.clone());
        registry.register_with_unit(
            "request_duration",
            "Time until the head of the answer",
            Unit::Seconds,
            this.times.clone(),
        );
        registry.register("requests_in_flight", "Requests that are being answered", this.in_flight.clone());
        this
    }

    /// Counts a request as in flight for as long as the answer is kept.
    pub(in crate::telemetry) fn begin(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// Counts an answer.
    pub(in crate::telemetry) fn observe(
        &self,
        method: &Method,
        route: &str,
        status: StatusCode,
        took: Duration,
    ) {
        let labels = [
            ("method", known(method).to_owned()),
            ("route", route.to_owned()),
            ("status", format!("{}xx", status.as_u16() / 100)),
        ];
        self.requests.get_or_create(&labels).inc();
        self.times.get_or_create(&labels).observe(took.as_secs_f64());
    }
}

/// The method, and one word for all that anybody can make up.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("OTHER")
}

/// A request in flight; dropped, it is answered or given up.
pub(in crate::telemetry) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}
