//! The target policy where connections are made.

use std::{net::IpAddr, sync::Arc};

use maid::engine::{
    policy::{DenyRule, PreflightError, TargetPolicy},
    transport::{FailureKind, HttpShared, Origin, Resolver},
};
use url::Url;

use super::client::{LOCAL, User, answer, failure, settings};
use crate::support::byte_server::{ByteServer, always};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

fn policy(allow: &[&str]) -> TargetPolicy {
    let allow: Vec<String> = allow.iter().map(|&entry| entry.to_owned()).collect();
    TargetPolicy::new(&allow, Vec::new(), Vec::new()).expect("readable entries")
}

#[tokio::test]
async fn a_name_is_judged_by_where_it_leads() {
    let metadata = [IpAddr::from([169, 254, 169, 254])];
    let mut user = User::with(&settings(), policy(&["evil.test", "0.0.0.0/0"]), &[("evil.test", &metadata)]);
    let exchange = user.get("http://evil.test/").await;
    assert_eq!(exchange.bytes_out, 0);
    let (kind, message) = failure(exchange);
    assert_eq!(kind, FailureKind::Policy);
    assert!(
        message.contains("evil.test (which is 169.254.169.254) is a cloud metadata address"),
        "{message}"
    );
}

#[tokio::test]
async fn maid_s_own_listener_is_no_target() {
    let server = ByteServer::start(vec![always(OK)]);
    let policy = TargetPolicy::new(&[], vec![server.address()], Vec::new()).expect("no entries");
    let mut user = User::with(&settings(), policy, &[]);
    let url = format!("http://0.0.0.0:{}/", server.address().port());
    for url in [server.url(), url] {
        assert!(failure(user.get(&url).await).1.contains("MAID's own listener"));
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn the_unspecified_address_is_loopback() {
    let server = ByteServer::start(vec![always(OK)]);
    let mut user = User::with(&settings(), TargetPolicy::default(), &[]);
    assert_eq!(answer(user.get(&format!("http://0.0.0.0:{}/", server.address().port())).await).status, 200);
}

#[tokio::test]
async fn the_next_address_is_tried_when_one_refuses() {
    let server = ByteServer::start(vec![always(OK)]);
    let addresses = [IpAddr::from([127, 0, 0, 9]), IpAddr::from([10, 0, 0, 1]), LOCAL[0]];
    let mut user = User::with(&settings(), TargetPolicy::default(), &[("many.test", &addresses)]);
    let url = format!("http://many.test:{}/", server.address().port());
    assert_eq!(answer(user.get(&url).await).status, 200);
    assert!(server.requests()[0].contains("host: many.test:"));
}

#[tokio::test]
async fn ignored_urls_are_never_sent() {
    let server = ByteServer::start(vec![always(OK)]);
    let rule = DenyRule::new("url:*/logout", |_, path| path == "/logout");
    let policy = TargetPolicy::new(&[], Vec::new(), vec![rule]).expect("no entries");
    let mut user = User::with(&settings(), policy, &[]);
    let (kind, message) = failure(user.get(&format!("{}/logout?x=y", server.url())).await);
    assert_eq!(kind, FailureKind::Policy);
    assert!(message.contains("url:*/logout in .maidignore"), "{message}");
    assert_eq!(server.connections(), 0);
    assert_eq!(answer(user.get(&server.url()).await).status, 200);
}

#[tokio::test]
async fn preflight_judges_all_targets_before_the_first_packet() {
    let names = [("in.test", IpAddr::from([10, 1, 1, 1])), ("out.test", IpAddr::from([9, 9, 9, 9]))];
    let names = names.map(|(name, ip)| (name.to_owned(), vec![ip]));
    let shared = HttpShared::with_resolver(&settings(), policy(&["10.0.0.0/8"]), Resolver::with_fixed(names))
        .expect("usable settings");
    let origins = |urls: &[&str]| -> Vec<Arc<Origin>> {
        let parse = |url: &&str| Origin::from_url(&Url::parse(url).expect("a URL")).expect("an origin");
        urls.iter().map(parse).map(Arc::new).collect()
    };
    assert_eq!(shared.preflight(&origins(&["http://in.test/", "http://127.0.0.1:1/"])).await, Ok(()));
    let refused = shared.preflight(&origins(&["http://in.test/", "http://out.test/"])).await;
    assert!(matches!(&refused, Err(PreflightError::Refused(_))), "{refused:?}");
    let unknown =
        shared.preflight(&origins(&["http://shop.invalid/"])).await.expect_err("unknown").to_string();
    assert!(unknown.starts_with("the host shop.invalid does not resolve"), "{unknown}");
}
