use proptest::prelude::*;

use super::*;

fn policy(allow: &[&str]) -> TargetPolicy {
    let allow: Vec<String> = allow.iter().map(|&entry| entry.to_owned()).collect();
    let own = vec!["0.0.0.0:43121".parse().expect("an address")];
    TargetPolicy::new(&allow, own, Vec::new()).expect("readable entries")
}

fn allows(policy: &TargetPolicy, host: &str, address: &str) -> bool {
    policy.check_address(host, address.parse().expect("an address")).is_ok()
}

#[test]
fn loopback_alone_is_allowed_by_default() {
    let policy = policy(&[]);
    for address in
        ["127.0.0.1:80", "127.9.9.9:80", "[::1]:80", "[::ffff:127.0.0.1]:80", "0.0.0.0:80", "[::]:80"]
    {
        assert!(allows(&policy, "localhost", address), "{address}");
    }
    for address in ["10.0.0.1:80", "8.8.8.8:80", "[2001:db8::1]:80", "[::ffff:8.8.8.8]:80"] {
        assert!(!allows(&policy, "localhost", address), "{address}");
    }
}

#[test]
fn some_addresses_are_never_allowed() {
    let policy = policy(&["0.0.0.0/0", "::/0", "evil.test"]);
    for address in [
        "169.254.169.254:80",
        "169.254.1.1:80",
        "100.100.100.200:80",
        "[fe80::1]:80",
        "[fd00:ec2::254]:80",
        "[fd00:ec2::23]:80",
        "[fd00:ec2:ffff::1]:80",
        "[fd20:ce::254]:80",
        "[::ffff:169.254.169.254]:80",
        "[64:ff9b::a9fe:a9fe]:80",
        "[2002:a9fe:a9fe::]:80",
        "[::a9fe:a9fe]:80",
        "224.0.0.1:80",
        "[ff02::1]:80",
        "255.255.255.255:80",
        "0.1.2.3:80",
        "127.0.0.1:43121",
        "[::1]:43121",
        "0.0.0.0:43121",
        "[::ffff:127.0.0.1]:43121",
    ] {
        let refusal = policy.check_address("evil.test", address.parse().expect("an address"));
        assert!(matches!(refusal, Err(Refusal::Never { .. })), "{address}: {refusal:?}");
    }
    assert!(allows(&policy, "x", "8.8.8.8:80") && allows(&policy, "x", "[2001:db8::1]:80"));
    assert!(allows(&policy, "x", "[fd00:ec3::1]:80"), "a private network");
}

#[test]
fn entries_allow_what_they_say() {
    let cases = [
        ("shop.test", "SHOP.test.", "10.0.0.1:80", true),
        ("shop.test", "a.shop.test", "10.0.0.1:80", false),
        ("*.shop.test", "a.b.shop.test", "10.0.0.1:80", true),
        ("*.shop.test", "shop.test", "10.0.0.1:80", false),
        ("*.shop.test", "evilshop.test", "10.0.0.1:80", false),
        ("shop.test:8080", "shop.test", "10.0.0.1:80", false),
        ("shop.test:8080", "shop.test", "10.0.0.1:8080", true),
        ("10.0.0.0/8", "any.test", "10.255.0.1:80", true),
        ("10.0.0.0/8", "any.test", "11.0.0.1:80", false),
        ("10.0.0.0/8:443", "any.test", "10.0.0.1:80", false),
        ("10.0.0.0/8", "any.test", "[::ffff:10.0.0.1]:80", true),
        ("::ffff:10.0.0.0/104", "any.test", "10.0.0.1:80", true),
        ("192.168.1.5", "192.168.1.5", "192.168.1.5:80", true),
        ("192.168.1.5", "192.168.1.6", "192.168.1.6:80", false),
        ("2001:db8::/32", "any.test", "[2001:db8:1::1]:80", true),
        ("[2001:db8::1]:81", "any.test", "[2001:db8::1]:81", true),
        ("2001:db8::1", "any.test", "[2001:db8::2]:80", false),
        ("0.0.0.0/0", "any.test", "9.9.9.9:80", true),
        ("0.0.0.0/0", "any.test", "[2001:db8::1]:80", false),
    ];
    for (entry, host, address, expected) in cases {
        assert_eq!(allows(&policy(&[entry]), host, address), expected, "{entry} for {host} at {address}");
    }
}

#[test]
fn unreadable_entries_are_refused_with_the_way_out() {
    for entry in [
        "",
        "*",
        "http://a.test",
        "10.0.0.0/33",
        "10.0.0/8",
        "a b",
        "a.test:0",
        "a.test:x",
        "*.*.a",
        "-/8",
        "[::1",
    ] {
        let error = TargetPolicy::new(&[entry.to_owned()], Vec::new(), Vec::new());
        let error = error.expect_err(entry).to_string();
        assert!(error.contains("--allow-target") && error.contains("load.targets.allow"), "{error}");
    }
}

#[test]
fn refusals_name_the_flag_and_the_setting() {
    let refusal = policy(&[]).check_address("db.test", "10.1.2.3:80".parse().expect("an address"));
    let text = refusal.expect_err("not allowed").to_string();
    assert_eq!(
        text,
        "db.test (which is 10.1.2.3) is not an allowed target: allow it with --allow-target db.test, or in \
         load.targets.allow (only loopback is allowed by default)"
    );
    let refusal = policy(&[]).check_address("[fe80::1]", "[fe80::1]:80".parse().expect("an address"));
    assert!(refusal.expect_err("never").to_string().starts_with("[fe80::1] is a link-local address"));
}

#[test]
fn ignored_urls_are_closed_however_they_are_spelt() {
    let rule =
        DenyRule::new("url:shop.test/logout", |host, path| host == "shop.test" && path.ends_with("/logout"));
    let policy = TargetPolicy::new(&[], Vec::new(), vec![rule]).expect("no entries");
    for target in ["/logout", "/a/logout?x", "/log%6Fut", "/a/../logout", "//logout", "/%2e%2e/logout#x"] {
        let closed = policy.check_url("shop.test", target).is_err();
        assert!(closed, "{target}");
    }
    assert!(policy.check_url("shop.test.", "/logout").is_err());
    assert!(policy.check_url("shop.test", "/login?next=/logout").is_ok());
}

#[test]
fn preflight_refuses_names_that_lead_elsewhere() {
    let local: IpAddr = [127, 0, 0, 1].into();
    let metadata: IpAddr = [169, 254, 169, 254].into();
    let policy = policy(&["shop.test"]);
    assert_eq!(policy.preflight("localhost", 80, Ok(&[local])), Ok(()));
    assert!(matches!(
        policy.preflight("shop.test", 80, Ok(&[local, metadata])),
        Err(PreflightError::Refused(_))
    ));
    assert!(matches!(policy.preflight("shop.test", 80, Err("no")), Err(PreflightError::Unresolved { .. })));
}

proptest! {
    #[test]
    fn no_entry_makes_it_panic_and_none_opens_what_is_never_allowed(entry in "[*a-z0-9.:/\\[\\]-]{0,30}|\\PC{0,20}") {
        if let Ok(policy) = TargetPolicy::new(&[entry], Vec::new(), Vec::new()) {
            prop_assert!(!allows(&policy, "a.test", "169.254.169.254:80"));
            prop_assert!(allows(&policy, "a.test", "127.0.0.1:80"));
        }
    }

    #[test]
    fn a_network_allows_exactly_its_addresses(ip in any::<u32>(), other in any::<u32>(), bits in 1..=32_u32) {
        let (ip, other) = (Ipv4Addr::from_bits(ip), Ipv4Addr::from_bits(other));
        let inside = (ip.to_bits() ^ other.to_bits()) >> (32 - bits) == 0;
        let policy = policy(&[&format!("{ip}/{bits}")]);
        let judged = policy.check_address("a.test", SocketAddr::new(other.into(), 80));
        let expected = inside || other.is_loopback() || other.is_unspecified();
        let is_never = matches!(judged, Err(Refusal::Never { .. }));
        prop_assert!(judged.is_ok() == expected || is_never);
    }
}
