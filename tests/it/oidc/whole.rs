//! The whole way: MAID, a real provider, and a browser between them.

use maid::auth::Role;
use serde_json::json;

use super::{
    browser::{Browser, parameter},
    door::Place,
    node::NodeProvider,
    provider,
};

#[test]
fn somebody_signs_in() {
    let place = Place::take();
    let real = NodeProvider::start(&place.url, "company");
    let roles = json!({"role_claim": "groups", "roles": {"load-admins": "admin"}, "tenant": "blue"});
    let door = place.open(&[provider("company", &real.issuer, &roles)]);
    let mut browser = Browser::new();

    let begun = browser.get(&door.login("company"));
    assert_eq!(begun.status, 302, "{begun:?}");
    let kept = begun.cookie("maid_oidc").expect("the flow is kept");
    for flag in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=600"] {
        assert!(kept.contains(flag), "{kept}");
    }
    let to = begun.location.expect("a way to the provider");
    assert!(to.as_str().starts_with(&format!("{}/auth?", real.issuer)), "{to}");
    assert_eq!(parameter(&to, "code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(parameter(&to, "response_type").as_deref(), Some("code"));
    assert_eq!(parameter(&to, "scope").as_deref(), Some("openid profile email"));
    for secret in ["state", "nonce", "code_challenge"] {
        assert!(parameter(&to, secret).is_some_and(|value| value.len() >= 22), "{secret}: {to}");
    }

    let callback = browser.up_to_callback(&to, "ada");
    let back = browser.get(&callback);
    assert_eq!(back.status, 302, "{back:?}");
    assert_eq!(back.location.as_ref().map(|to| to.path()), Some("/runs"));
    assert!(back.cookie("session").is_some() && back.cookie("seen").is_some(), "{back:?}");
    assert!(back.cookie("maid_oidc").is_some_and(|cookie| cookie.contains("Max-Age=0")), "{back:?}");
    let who = door.last();
    assert_eq!((who.provider.as_str(), who.issuer.as_str()), ("company", real.issuer.as_str()));
    assert_eq!((who.subject.as_str(), who.name.as_str()), ("ada", "Ada Lovelace"));
    assert_eq!((who.email.as_deref(), who.email_verified), (Some("ada@example.com"), true));
    assert_eq!((who.role, who.tenant.as_str()), (Role::Admin, "blue"));
    let visit = door.guests.came.lock().expect("nobody panics with it")[0].1.clone();
    assert!(visit.address.is_some_and(|address| address.is_loopback()));
}

#[test]
fn a_public_client_needs_no_secret() {
    let place = Place::take();
    let real = NodeProvider::with(&place.url, "company", &json!({"token_endpoint_auth_method": "none"}));
    let door = place.open(&[provider("company", &real.issuer, &json!({"client_secret": null}))]);
    assert_eq!(Browser::new().sign_in(&door.login("company"), "vera").status, 302);
    assert_eq!(door.last().name, "Vera Rubin");
}

#[test]
fn a_wrong_secret_lets_nobody_in_and_is_not_told() {
    let place = Place::take();
    let real = NodeProvider::start(&place.url, "company");
    let door = place.open(&[provider("company", &real.issuer, &json!({"client_secret": "letmein99"}))]);
    let refused = Browser::new().sign_in(&door.login("company"), "ada");
    assert_eq!((refused.status, refused.problem().as_str()), (401, "sign_in_failed"));
    let told = format!("{refused:?} {:?} {}", door.last_refused(), door.last_refused());
    assert!(!told.contains("letmein99") && told.contains("invalid_client"), "{told}");
    assert!(!refused.body.contains("invalid_client"), "what a provider says is for the log: {refused:?}");
}

#[test]
fn two_providers_are_used_at_once() {
    let place = Place::take();
    let (red, blue) = (NodeProvider::start(&place.url, "red"), NodeProvider::start(&place.url, "blue"));
    let tenant = |tenant| json!({"tenant": tenant});
    let door = place.open(&[
        provider("red", &red.issuer, &tenant("red-team")),
        provider("blue", &blue.issuer, &tenant("blue-team")),
    ]);
    let (mut ada, mut vera) = (Browser::new(), Browser::new());
    let ada_back = ada.up_to_callback(&door.login("red"), "ada");
    let vera_back = vera.up_to_callback(&door.login("blue"), "vera");
    assert_eq!(vera.get(&vera_back).status, 302);
    let who = door.last();
    assert_eq!((who.subject.as_str(), who.issuer.as_str()), ("vera", blue.issuer.as_str()));
    assert_eq!(who.tenant, "blue-team");
    assert_eq!(ada.get(&ada_back).status, 302);
    let who = door.last();
    assert_eq!((who.subject.as_str(), who.issuer.as_str()), ("ada", red.issuer.as_str()));
    assert_eq!(who.tenant, "red-team");
}

#[test]
fn a_provider_that_is_down_is_in_nobodys_way() {
    let place = Place::take();
    let real = NodeProvider::start(&place.url, "company");
    let gone = Place::take().url;
    let door =
        place.open(&[provider("gone", &gone, &json!({})), provider("company", &real.issuer, &json!({}))]);
    let mut browser = Browser::new();
    let down = browser.get(&door.login("gone"));
    assert_eq!((down.status, down.problem().as_str()), (502, "provider_unavailable"));
    assert!(!down.body.contains(&gone), "{down:?}");
    assert_eq!(browser.sign_in(&door.login("company"), "ada").status, 302);
}

#[test]
fn a_key_that_was_changed_at_the_provider_is_found() {
    let place = Place::take();
    let real = NodeProvider::start(&place.url, "company");
    let door = place.open(&[provider("company", &real.issuer, &json!({}))]);
    assert_eq!(Browser::new().sign_in(&door.login("company"), "ada").status, 302);
    real.rotate();
    let back = Browser::new().sign_in(&door.login("company"), "vera");
    assert_eq!(back.status, 302, "{back:?}");
    assert_eq!(door.last().subject, "vera");
}
