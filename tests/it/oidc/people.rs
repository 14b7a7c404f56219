//! Who is let in, as what, and where they go.

use maid::auth::Role;
use serde_json::json;

use super::{browser::Browser, door::Place, node::NodeProvider, provider};

#[test]
fn roles_come_from_a_claim_at_any_depth() {
    let place = Place::take();
    let real = NodeProvider::start(&place.url, "company");
    let further = json!({
        "role_claim": "realm_access.roles",
        "roles": {"load-admins": "admin", "staff": "operator"},
        "default_role": null,
    });
    let door = place.open(&[provider("company", &real.issuer, &further)]);
    for (who, role) in [("vera", Role::Operator), ("ada", Role::Admin)] {
        assert_eq!(Browser::new().sign_in(&door.login("company"), who).status, 302);
        assert_eq!(door.last().role, role, "{who}");
    }
    let refused = Browser::new().sign_in(&door.login("company"), "noone");
    assert_eq!((refused.status, refused.problem().as_str()), (403, "forbidden"));
    assert!(refused.body.contains("has no role in MAID; ask whoever runs it"), "{refused:?}");
    assert_eq!(refused.cookie("session"), None);
    assert_eq!(door.count(), 2);
}

#[test]
fn only_verified_addresses_of_the_domains_are_let_in() {
    let place = Place::take();
    let real = NodeProvider::start(&place.url, "company");
    let further = json!({"allowed_email_domains": ["example.com"]});
    let door = place.open(&[provider("company", &real.issuer, &further)]);
    assert_eq!(Browser::new().sign_in(&door.login("company"), "vera").status, 302);
    for who in ["otto", "mallory"] {
        let refused = Browser::new().sign_in(&door.login("company"), who);
        assert_eq!((refused.status, refused.problem().as_str()), (403, "forbidden"), "{who}");
    }
    assert_eq!(door.count(), 1);
}

#[test]
fn whoever_gives_up_is_told_so_and_may_try_again() {
    let place = Place::take();
    let real = NodeProvider::start(&place.url, "company");
    let door = place.open(&[provider("company", &real.issuer, &json!({}))]);
    let mut browser = Browser::new();
    let back = browser.give_up(&door.login("company"));
    let refused = browser.get(&back);
    assert_eq!((refused.status, refused.problem().as_str()), (401, "sign_in_failed"));
    assert!(refused.body.contains("sign in again"), "{refused:?}");
    assert!(!refused.body.contains("access_denied"), "what a provider says is for the log: {refused:?}");
    assert_eq!(browser.sign_in(&door.login("company"), "ada").status, 302);
}

#[test]
fn nobody_is_led_away() {
    let place = Place::take();
    let door = place.open(&[provider("company", "http://127.0.0.1:1", &json!({}))]);
    for away in [
        "//evil.test",
        "https://evil.test/",
        "/%5Cevil.test",
        "/%09/evil.test",
        "%2F%2Fevil.test",
        "%0d%0aset-cookie:a=b",
        "runs",
    ] {
        let refused = Browser::new().get(&door.at(&format!("/auth/oidc/company/login?return_to={away}")));
        assert_eq!((refused.status, refused.problem().as_str()), (400, "bad_query"), "{away}");
        assert_eq!(refused.cookies, Vec::<String>::new(), "{away}");
    }
}

#[test]
fn providers_are_listed_without_what_is_theirs() {
    let place = Place::take();
    let door = place.open(&[
        provider("a", "https://a.example.com", &json!({})),
        provider("b", "https://b.example.com", &json!({})),
    ]);
    let listed = Browser::new().get(&door.at("/auth/oidc"));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&listed.body).expect("JSON"),
        json!({"providers": [{"id": "a", "name": "Account at a"}, {"id": "b", "name": "Account at b"}]})
    );
    for path in ["/auth/oidc/c/login", "/auth/oidc/c/callback?code=a&state=b"] {
        let missing = Browser::new().get(&door.at(path));
        assert_eq!((missing.status, missing.problem().as_str()), (404, "not_found"), "{path}");
    }
}

#[test]
fn without_a_public_url_nobody_is_sent_anywhere() {
    let place = Place::take();
    let door = place.open_as(&[provider("company", "https://id.example.com", &json!({}))], None);
    let refused = Browser::new().get(&door.login("company"));
    assert_eq!((refused.status, refused.problem().as_str()), (502, "provider_unavailable"));
    assert!(refused.body.contains("server.public_url"), "{refused:?}");
}

#[test]
fn over_tls_the_cookie_is_the_hosts_alone() {
    let place = Place::take();
    let real = NodeProvider::start("https://maid.example.com/sub", "company");
    let door = place
        .open_as(&[provider("company", &real.issuer, &json!({}))], Some("https://maid.example.com/sub/"));
    let begun = Browser::new().get(&door.login("company"));
    let kept = begun.cookie("__Host-maid_oidc").expect("the flow is kept");
    assert!(kept.contains("; Secure") && kept.contains("; Path=/;") && !kept.contains("Domain"), "{kept}");
    let to = begun.location.expect("a way to the provider");
    let back = super::browser::parameter(&to, "redirect_uri");
    assert_eq!(back.as_deref(), Some("https://maid.example.com/sub/api/maid/auth/oidc/company/callback"));
}
