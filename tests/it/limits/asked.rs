//! The middleware, asked by principals of every kind from addresses of every kind.

use std::{collections::BTreeSet, net::SocketAddr};

use actix_web::{
    App, Error, HttpMessage, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::{Next, from_fn},
    test::{TestRequest, call_service, init_service, read_body_json},
    web,
};
use maid::{
    auth::{Credential, Principal, PrincipalKind},
    config::RateLimit,
    http::{
        ClientAddress,
        address::{self, TrustedProxies},
    },
    limits::{self, Limits},
};
use serde_json::Value;

/// Three at once for a key, four for an address, six for a user, and nothing comes back soon.
const SMALL: RateLimit = RateLimit {
    enabled: true,
    key_per_minute: 1,
    key_burst: 3,
    address_per_minute: 1,
    address_burst: 4,
    user_per_minute: 1,
    user_burst: 6,
};

const KEY: &str = "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a";
const OTHER: &str = "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6b";

/// Takes the principal for whom a test says that it is.
async fn believe<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let told = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let principal = told("kind").map(|kind| Principal {
        id: told("id").unwrap_or_default().to_owned(),
        name: "somebody".to_owned(),
        kind: match kind {
            "key" => PrincipalKind::ApiKey,
            "user" => PrincipalKind::User,
            "development" => PrincipalKind::Development,
            _ => PrincipalKind::Anonymous,
        },
        scopes: BTreeSet::new(),
        credential: match kind {
            "key" => told("id").and_then(|id| id.parse().ok()).map_or(Credential::Place, Credential::Key),
            _ => Credential::Place,
        },
        ..Principal::development()
    });
    if let Some(principal) = principal {
        request.extensions_mut().insert(principal);
    }
    next.call(request).await
}

async fn seen(address: web::ReqData<ClientAddress>) -> HttpResponse {
    HttpResponse::Ok().body(address.ip.to_string())
}

/// Sends requests from `peer` with `headers` until one is refused; how many passed.
macro_rules! passing {
    ($site:expr, $peer:expr, $headers:expr) => {{
        let mut passed = 0;
        while passed < 100 {
            let response = call_service(&$site, request($peer, $headers).to_request()).await;
            if response.status() == 429 {
                break;
            }
            assert_eq!(response.status(), 200);
            passed += 1;
        }
        passed
    }};
}

/// An application of which nothing but its limits matters.
macro_rules! site {
    () => {{
        let trusted = ["127.0.0.1".to_owned(), "10.0.0.0/8".to_owned()];
        let proxies = TrustedProxies::new(&trusted).expect("networks");
        init_service(
            App::new()
                .app_data(web::Data::new(Limits::new(&SMALL)))
                .app_data(web::Data::new(proxies))
                .default_service(web::to(seen))
                .wrap(from_fn(limits::enforce))
                .wrap(from_fn(believe))
                .wrap(from_fn(address::note)),
        )
        .await
    }};
}

fn request(peer: &str, headers: &[(&str, &str)]) -> TestRequest {
    let peer: SocketAddr = peer.parse().expect("an address");
    let request = TestRequest::get().uri("/anything").peer_addr(peer);
    headers.iter().fold(request, |request, (name, value)| request.append_header((*name, *value)))
}

const STRANGER: &str = "198.51.100.7:4000";

#[actix_web::test]
async fn each_kind_has_its_limit_over_all_routes() {
    let site = site!();
    assert_eq!(passing!(site, STRANGER, &[("kind", "key"), ("id", KEY)]), 3);
    assert_eq!(passing!(site, STRANGER, &[("kind", "key"), ("id", OTHER)]), 3, "another key");
    assert_eq!(passing!(site, "198.51.100.8:1", &[("kind", "key"), ("id", KEY)]), 0, "from wherever");
    assert_eq!(passing!(site, STRANGER, &[("kind", "user"), ("id", KEY)]), 6);
    assert_eq!(passing!(site, STRANGER, &[]), 4, "nobody who is known");
    assert_eq!(passing!(site, STRANGER, &[("kind", "anonymous")]), 0, "nor does that help");
    assert_eq!(
        passing!(site, STRANGER, &[("kind", "key"), ("id", "no-id")]),
        0,
        "what has no id is an address"
    );
    let elsewhere = request(STRANGER, &[]).uri("/other").to_request();
    assert_eq!(call_service(&site, elsewhere).await.status(), 429);
}

#[actix_web::test]
async fn what_is_left_is_told_with_every_answer() {
    let site = site!();
    let headers = [("kind", "key"), ("id", KEY)];
    for left in ["2", "1", "0"] {
        let response = call_service(&site, request(STRANGER, &headers).to_request()).await;
        let told = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        assert_eq!(told("ratelimit-limit"), Some("3"));
        assert_eq!(told("ratelimit-remaining"), Some(left));
        assert!(
            told("ratelimit-reset").is_some_and(|seconds| seconds.parse::<u32>().is_ok_and(|s| s <= 180))
        );
        assert_eq!(told("retry-after"), None);
    }
    let response = call_service(&site, request(STRANGER, &headers).to_request()).await;
    assert_eq!(response.status(), 429);
    let told =
        |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok().map(str::to_owned));
    assert_eq!(told("content-type").as_deref(), Some("application/problem+json"));
    assert_eq!(told("ratelimit-remaining").as_deref(), Some("0"));
    let retry: u32 = told("retry-after").and_then(|text| text.parse().ok()).expect("a number");
    assert!((1..=60).contains(&retry), "{retry}");
    let body: Value = read_body_json(response).await;
    assert_eq!((&body["code"], &body["status"]), (&"rate_limited".into(), &429.into()));
    assert_eq!(body["retry_after_s"], retry);
}

#[actix_web::test]
async fn probes_and_this_machine_are_not_limited() {
    let site = site!();
    for path in ["/healthz", "/readyz"] {
        for _ in 0..20 {
            let response = call_service(&site, request(STRANGER, &[]).uri(path).to_request()).await;
            assert_eq!(response.status(), 200, "{path}");
            assert!(!response.headers().contains_key("ratelimit-limit"));
        }
    }
    let here = [("kind", "development"), ("id", "dev")];
    assert_eq!(passing!(site, "[::1]:4000", &here), 100);
    assert_eq!(passing!(site, "[::1]:4000", &[]), 100);
    assert_eq!(passing!(site, STRANGER, &[]), 4, "nor did all that cost anybody else");
}

#[actix_web::test]
async fn an_address_is_the_one_that_a_trusted_proxy_tells() {
    let site = site!();
    let told = |list| [("x-forwarded-for", list)];
    assert_eq!(passing!(site, "10.0.0.1:4000", &told("198.51.100.7")), 4);
    assert_eq!(
        passing!(site, "10.0.0.1:4000", &told("1.1.1.1, 198.51.100.7")),
        0,
        "what it adds does not help"
    );
    assert_eq!(passing!(site, "10.0.0.2:4000", &told("198.51.100.8")), 4);
    assert_eq!(passing!(site, STRANGER, &told("198.51.100.9")), 0, "the same one, without the proxy");
    assert_eq!(passing!(site, "127.0.0.1:4000", &told("127.0.0.1")), 4, "a proxy of this machine is a proxy");
    assert_eq!(passing!(site, "[2001:db8::1]:4000", &[]), 4);
    assert_eq!(passing!(site, "[2001:db8::ffff]:4000", &[]), 0, "the same network");
    assert_eq!(passing!(site, "[2001:db8:0:1::1]:4000", &[]), 4);
}
