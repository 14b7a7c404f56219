//! Callbacks that do not belong to the sign-in of the browser that brings them.

use maid::auth::oidc::OidcError;
use serde_json::json;
use url::Url;

use super::{
    browser::{Browser, Page, parameter, with_parameter},
    door::{Door, Place},
    node::NodeProvider,
    provider,
};

/// A server, a provider, and a browser that has come as far as the callback.
fn on_the_way() -> (Door, NodeProvider, Browser, Url) {
    let place = Place::take();
    let real = NodeProvider::start(&place.url, "company");
    let door = place.open(&[provider("company", &real.issuer, &json!({}))]);
    let mut browser = Browser::new();
    let callback = browser.up_to_callback(&door.login("company"), "ada");
    (door, real, browser, callback)
}

fn assert_stray(door: &Door, page: &Page, why: &'static str) {
    assert_eq!((page.status, page.problem().as_str()), (401, "sign_in_failed"), "{page:?}");
    assert!(page.body.contains("sign in again from the start"), "{page:?}");
    assert_eq!(door.last_refused(), OidcError::Stray(why));
    assert_eq!(page.cookie("session"), None);
}

#[test]
fn a_callback_is_good_once() {
    let (door, _real, mut browser, callback) = on_the_way();
    let cookies = browser.cookies.clone();
    assert_eq!(browser.get(&callback).status, 302);
    assert_stray(&door, &browser.get(&callback), "no cookie");
    // Whoever has kept the cookie gets no further.
    browser.cookies = cookies;
    assert_stray(&door, &browser.get(&callback), "it was finished before");
    assert_eq!(door.count(), 1);
}

#[test]
fn a_cookie_is_good_for_one_sign_in() {
    let (door, _real, mut browser, callback) = on_the_way();
    let cookies = browser.cookies.clone();
    assert_eq!(browser.get(&callback).status, 302);
    let other = Browser::new().up_to_callback(&door.login("company"), "vera");
    browser.cookies = cookies;
    // Another person's code, brought with the old state.
    let code = parameter(&other, "code").expect("a code");
    let mixed = with_parameter(&callback, "code", Some(&code));
    assert_stray(&door, &browser.get(&mixed), "it was finished before");
    assert_eq!(door.count(), 1);
}

#[test]
fn another_browsers_callback_is_refused() {
    let (door, _real, _browser, callback) = on_the_way();
    assert_stray(&door, &Browser::new().get(&callback), "no cookie");
    let mut victim = Browser::new();
    victim.up_to_callback(&door.login("company"), "vera");
    assert_stray(&door, &victim.get(&callback), "another state");
    assert_eq!(door.count(), 0, "nobody is signed in as somebody else without knowing");
}

#[test]
fn a_wrong_or_missing_state_is_refused() {
    let (door, _real, mut browser, callback) = on_the_way();
    let cookies = browser.cookies.clone();
    for state in [None, Some(""), Some("wrong")] {
        browser.cookies = cookies.clone();
        let page = browser.get(&with_parameter(&callback, "state", state));
        assert_stray(&door, &page, "another state");
    }
    browser.cookies = cookies;
    assert_eq!(browser.get(&callback).status, 302, "the right one is still good");
}

#[test]
fn a_cookie_that_was_changed_is_refused() {
    let (door, _real, mut browser, callback) = on_the_way();
    let kept = browser.cookies.get_any("127.0.0.1", "/", "maid_oidc").expect("a cookie").value().to_owned();
    let flipped = |at: usize| {
        let with = if kept.as_bytes()[at] == b'A' { "B" } else { "A" };
        format!("{}{with}{}", &kept[..at], &kept[at + 1..])
    };
    let changed = [flipped(0), flipped(kept.len() / 2), kept[..kept.len() - 2].to_owned(), "x".to_owned()];
    for cookie in changed {
        browser.cookies.parse(&format!("maid_oidc={cookie}; Path=/"), &callback).expect("a cookie");
        assert_stray(&door, &browser.get(&callback), "the cookie is over or was made up");
    }
    assert_eq!(door.count(), 0);
}

#[test]
fn an_answer_of_another_provider_is_refused() {
    let (door, _real, mut browser, callback) = on_the_way();
    assert!(parameter(&callback, "iss").is_some(), "this provider says who it is: {callback}");
    let other = with_parameter(&callback, "iss", Some("https://evil.example.com"));
    assert_stray(&door, &browser.get(&other), "another provider answers");

    let (door, _real, mut browser, callback) = on_the_way();
    let unsaid = with_parameter(&callback, "iss", None);
    assert_stray(&door, &browser.get(&unsaid), "another provider answers");
}

#[test]
fn what_one_provider_answers_is_not_taken_to_another() {
    let place = Place::take();
    let (red, blue) = (NodeProvider::start(&place.url, "red"), NodeProvider::start(&place.url, "blue"));
    let door =
        place.open(&[provider("red", &red.issuer, &json!({})), provider("blue", &blue.issuer, &json!({}))]);
    let mut browser = Browser::new();
    let callback = browser.up_to_callback(&door.login("red"), "ada");
    let elsewhere = callback.as_str().replace("/oidc/red/", "/oidc/blue/").parse().expect("a URL");
    assert_stray(&door, &browser.get(&elsewhere), "it was begun with another provider");
    assert_eq!(door.count(), 0);
}

#[test]
fn a_callback_says_each_thing_once() {
    let (door, _real, mut browser, callback) = on_the_way();
    let twice: Url = format!("{callback}&code=other").parse().expect("a URL");
    let refused = browser.get(&twice);
    assert_eq!((refused.status, refused.problem().as_str()), (400, "bad_query"));
    assert_eq!(door.count(), 0);
}
