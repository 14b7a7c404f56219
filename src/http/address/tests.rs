use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use proptest::{collection::vec, prelude::*, sample::select};

use super::*;

/// Trusts the machine itself, a network, and a single address.
fn proxies() -> TrustedProxies {
    TrustedProxies::new(&["127.0.0.1", "10.0.0.0/8", "2001:db8:ffff::1"].map(str::to_owned))
        .expect("networks")
}

fn address(peer: &str, headers: &[(&str, &str)]) -> ClientAddress {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(name.parse().expect("a name"), HeaderValue::from_str(value).expect("a value"));
    }
    ClientAddress::new(Some(ip(peer)), false, &map, &proxies())
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

#[test]
fn nobody_is_believed_who_is_not_trusted() {
    for header in ["x-forwarded-for", "forwarded", "x-forwarded-proto"] {
        for value in ["127.0.0.1", "for=127.0.0.1;proto=https", "https"] {
            let found = address("203.0.113.9", &[(header, value)]);
            assert_eq!(found, ClientAddress { ip: ip("203.0.113.9"), https: false, proxied: false });
        }
    }
    let own = [("x-forwarded-for", "127.0.0.1")];
    let mut map = HeaderMap::new();
    map.append(HeaderName::from_static(own[0].0), HeaderValue::from_static(own[0].1));
    let nobody = ClientAddress::new(None, false, &map, &proxies());
    assert!(nobody.ip.is_unspecified() && !nobody.proxied, "a peer without an address is none of ours");
}

#[test]
fn the_first_from_the_right_that_is_not_trusted_is_the_client() {
    for (list, client) in [
        ("198.51.100.7", "198.51.100.7"),
        ("1.1.1.1, 198.51.100.7", "198.51.100.7"),
        ("1.1.1.1, 198.51.100.7, 10.1.2.3 ,10.0.0.9", "198.51.100.7"),
        ("garbage, 198.51.100.7", "198.51.100.7"),
        ("198.51.100.7:4711", "198.51.100.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:4711, 2001:db8:ffff::1", "2001:db8::7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("10.7.7.7, 10.0.0.9", "10.7.7.7"),
    ] {
        let found = address("127.0.0.1", &[("x-forwarded-for", list)]);
        assert_eq!((found.ip, found.proxied), (ip(client), true), "{list}");
    }
    let spread = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "198.51.100.7, 10.0.0.9")];
    assert_eq!(address("127.0.0.1", &spread).ip, ip("198.51.100.7"), "over two headers");
    assert_eq!(address("::ffff:127.0.0.1", &spread).ip, ip("198.51.100.7"), "by IPv6");
}

#[test]
fn what_cannot_be_read_leaves_the_peer() {
    let long = "9".repeat(5000);
    let chain = vec!["10.0.0.1"; 17].join(",");
    for list in [
        "",
        ",",
        "unknown",
        "198.51.100.7,",
        "198.51.100.7:99999",
        "[::1",
        "[::1]x",
        "[127.0.0.1]",
        "1.2.3",
        "01.2.3.4",
        "x, 10.0.0.9",
        &long,
        &chain,
    ] {
        assert_eq!(address("127.0.0.1", &[("x-forwarded-for", list)]).ip, ip("127.0.0.1"), "{list}");
    }
    for element in [
        "for=unknown",
        "for=_hidden",
        "for=",
        "for",
        "by=198.51.100.7",
        "for=198.51.100.7;for=198.51.100.8",
        "for=\"198.51.100.7",
        "for=198.51.100.7\"",
        "for=\"198.51.100.7\\\"\"",
        "for=198.51.100.7;",
        "for=198.51.100.7;;proto=http",
        "f r=198.51.100.7",
        "host=\"a,for=198.51.100.7\"",
    ] {
        assert_eq!(address("127.0.0.1", &[("forwarded", element)]).ip, ip("127.0.0.1"), "{element}");
    }
}

#[test]
fn forwarded_is_read_too() {
    for (list, client, https) in [
        ("for=198.51.100.7", "198.51.100.7", false),
        ("For=\"[2001:db8::7]:4711\";Proto=HTTPS;by=10.0.0.9", "2001:db8::7", true),
        ("for=1.1.1.1;proto=https, for=198.51.100.7;proto=http", "198.51.100.7", false),
        ("for=198.51.100.7;proto=https, for=10.0.0.9;proto=http", "198.51.100.7", true),
        ("for=\", for=198.51.100.7;proto=https", "198.51.100.7", true),
    ] {
        let found = address("127.0.0.1", &[("forwarded", list)]);
        assert_eq!((found.ip, found.https), (ip(client), https), "{list}");
    }
}

#[test]
fn a_proxys_own_list_is_not_outdone_by_a_clients_other_one() {
    let found = |plain, marked| address("127.0.0.1", &[("x-forwarded-for", plain), ("forwarded", marked)]).ip;
    assert_eq!(found("198.51.100.7", "for=1.1.1.1"), ip("127.0.0.1"));
    assert_eq!(found("198.51.100.7", "for=garbage"), ip("127.0.0.1"));
    assert_eq!(found("198.51.100.7", "for=198.51.100.7"), ip("198.51.100.7"));
}

#[test]
fn the_scheme_is_that_of_the_outer_connection() {
    let https = |list: &str, schemes: &[&str]| {
        let mut headers = vec![("x-forwarded-for", list)];
        headers.extend(schemes.iter().map(|scheme| ("x-forwarded-proto", *scheme)));
        address("127.0.0.1", &headers).https
    };
    assert!(https("198.51.100.7", &["https"]));
    assert!(https("198.51.100.7, 10.0.0.9", &["HTTPS"]), "one word for all");
    assert!(https("198.51.100.7, 10.0.0.9", &["https, http"]));
    assert!(https("198.51.100.7, 10.0.0.8, 10.0.0.9", &["http, https", "http,http"]));
    assert!(!https("198.51.100.7", &["https, http"]), "the left one is the client's word");
    assert!(!https("198.51.100.7, 10.0.0.8, 10.0.0.9", &["https, http"]), "too short to say");
    assert!(!https("198.51.100.7", &["ftp"]));
    assert!(address("127.0.0.1", &[("x-forwarded-proto", "https")]).https, "said of the proxy's own request");

    let encrypted = ClientAddress::new(Some(ip("203.0.113.9")), true, &HeaderMap::new(), &proxies());
    assert!(encrypted.https, "the connection itself");
}

/// What a client may write into a header.
fn written() -> impl Strategy<Value = Vec<u8>> {
    let near =
        "(([0-9a-f:.]{0,12}|for=|proto=https|\"|\\\\|;|,|10\\.0\\.0\\.1|127\\.0\\.0\\.1|\\[::1\\]| ){0,12})";
    prop_oneof![
        near.prop_map(String::into_bytes),
        vec((0x20_u8..=0xff).prop_filter("no DEL", |b| *b != 0x7f), 0..200)
    ]
}

fn outsider() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<u32>().prop_map(|bits| IpAddr::from(bits.to_be_bytes())),
        any::<u128>().prop_map(|bits| IpAddr::from(bits.to_be_bytes()).to_canonical()),
    ]
    .prop_filter("nobody we trust", |ip| !proxies().trust(*ip))
}

fn chain() -> impl Strategy<Value = Vec<&'static str>> {
    vec(select(vec!["10.0.0.9", "127.0.0.1", "2001:db8:ffff::1"]), 0..5)
}

/// What honest proxies make of what a client wrote: they add to it, on the same line or a new one.
fn list(written: &[u8], honest: &[String], same_line: bool) -> Vec<HeaderValue> {
    let honest = honest.join(", ").into_bytes();
    let lines = match same_line {
        true => vec![[written, b", ", &honest].concat()],
        false => vec![written.to_vec(), honest],
    };
    lines.iter().map(|line| HeaderValue::from_bytes(line).expect("a value")).collect()
}

proptest! {
    #[test]
    fn a_client_cannot_choose_its_address(
        written in written(), client in outsider(), chain in chain(), same_line: bool, marked: bool,
    ) {
        let hop = |ip: &str| match (marked, ip.contains(':')) {
            (false, _) => ip.to_owned(),
            (true, false) => format!("for={ip}"),
            (true, true) => format!("for=\"[{ip}]\""),
        };
        let honest: Vec<String> =
            std::iter::once(hop(&client.to_string())).chain(chain.iter().map(|ip| hop(ip))).collect();
        let name = if marked { "forwarded" } else { "x-forwarded-for" };
        let mut headers = HeaderMap::new();
        for value in list(&written, &honest, same_line) {
            headers.append(HeaderName::from_static(name), value);
        }
        let found = ClientAddress::new(Some(ip("10.0.0.1")), false, &headers, &proxies());
        prop_assert_eq!(found.ip, client);
    }

    #[test]
    fn nor_by_the_header_that_its_proxy_does_not_write(
        written in written(), client in outsider(), marked: bool,
    ) {
        let (own, other, value) = match (marked, client) {
            (true, IpAddr::V6(_)) => ("forwarded", "x-forwarded-for", format!("for=\"[{client}]\"")),
            (true, _) => ("forwarded", "x-forwarded-for", format!("for={client}")),
            (false, _) => ("x-forwarded-for", "forwarded", client.to_string()),
        };
        let mut headers = HeaderMap::new();
        headers.append(HeaderName::from_static(other), HeaderValue::from_bytes(&written).expect("a value"));
        headers.append(HeaderName::from_static(own), HeaderValue::from_str(&value).expect("a value"));
        let found = ClientAddress::new(Some(ip("10.0.0.1")), false, &headers, &proxies());
        prop_assert!(found.ip == client || found.ip == ip("10.0.0.1"), "{found:?}");
    }

    #[test]
    fn an_untrusted_peer_is_itself_whatever_it_writes(written in written(), peer in outsider()) {
        let mut headers = HeaderMap::new();
        for name in ["x-forwarded-for", "forwarded", "x-forwarded-proto"] {
            headers.append(HeaderName::from_static(name), HeaderValue::from_bytes(&written).expect("a value"));
        }
        let found = ClientAddress::new(Some(peer), false, &headers, &proxies());
        prop_assert_eq!(found, ClientAddress { ip: peer, https: false, proxied: false });
    }
}
