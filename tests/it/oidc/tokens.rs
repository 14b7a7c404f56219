//! Id tokens that must not be trusted, and some that must.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use maid::auth::oidc::{Oidc, OidcError, PATIENCE, Returned, SignedIn};
use ring::{digest, hmac};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{
    KEY,
    browser::parameter,
    forger::{Forger, Key, now, unsigned},
    provider,
};

const REDIRECT: &str = "http://127.0.0.1:1/api/maid/auth/oidc/company/callback";

/// A sign-in whose token is what `forge` makes of a right header and right claims.
fn attempt(forger: &Forger, forge: impl FnOnce(Value, Value) -> String) -> Result<SignedIn, OidcError> {
    let oidc =
        Oidc::new(&[provider("company", &forger.issuer, &json!({}))], &KEY, PATIENCE).expect("it is right");
    attempt_with(&oidc, forger, forge)
}

fn attempt_with(
    oidc: &Oidc,
    forger: &Forger,
    forge: impl FnOnce(Value, Value) -> String,
) -> Result<SignedIn, OidcError> {
    Runtime::new().expect("a runtime").block_on(async {
        let begun = oidc.begin("company", REDIRECT, None).await?;
        let header = json!({"alg": "EdDSA", "kid": "k1", "typ": "JWT"});
        let claims = json!({
            "iss": forger.issuer, "sub": "ada", "aud": "maid", "exp": now() + 300, "iat": now(),
            "nonce": parameter(&begun.url, "nonce"),
        });
        forger.hand_out(&forge(header, claims));
        let state = parameter(&begun.url, "state");
        let returned = Returned { code: Some("c".to_owned()), state, ..Returned::default() };
        oidc.finish("company", Some(&begun.cookie_value), returned, REDIRECT).await
    })
}

fn with(mut object: Value, key: &str, value: Value) -> Value {
    object[key] = value;
    object
}

/// Asserts that a token is refused, and that the log is told why.
fn assert_refused(what: &str, told: &str, forge: impl FnOnce(&Key, Value, Value) -> String) {
    let key = Key::ed25519(1);
    let forger = Forger::start(&key);
    let refused = attempt(&forger, |header, claims| forge(&key, header, claims)).expect_err(what);
    let OidcError::BadToken { provider, cause } = &refused else { panic!("{what}: {refused}") };
    assert_eq!(provider, "company");
    assert!(cause.contains(told), "{what}: {cause}");
}

#[test]
fn right_tokens_are_taken() {
    let key = Key::ed25519(1);
    let who =
        attempt(&Forger::start(&key), |header, claims| key.token(&header, &claims)).expect("it is right");
    assert_eq!((who.subject.as_str(), who.name.as_str(), who.return_to.as_str()), ("ada", "ada", "/"));

    let key = Key::p256();
    let half = |text: &str| BASE64.encode(&digest::digest(&digest::SHA256, text.as_bytes()).as_ref()[..16]);
    let who = attempt(&Forger::start(&key), |header, claims| {
        let claims = with(with(claims, "at_hash", json!(half("at"))), "azp", json!("maid"));
        key.token(&with(header, "alg", json!("ES256")), &claims)
    });
    assert_eq!(who.expect("it is right").subject, "ada");

    let refused = attempt(&Forger::start(&key), |header, claims| {
        let claims = with(claims, "at_hash", json!(half("another")));
        key.token(&with(header, "alg", json!("ES256")), &claims)
    });
    assert!(refused.expect_err("it belongs to another").to_string().contains("at_hash"));
}

#[test]
fn the_code_is_exchanged_with_its_verifier_and_the_secret_as_the_provider_takes_it() {
    for (methods, in_head) in
        [(json!(["client_secret_basic", "client_secret_post"]), true), (json!(["client_secret_post"]), false)]
    {
        let key = Key::ed25519(1);
        let forger = Forger::start(&key);
        forger.tell(|script| script.metadata["token_endpoint_auth_methods_supported"] = methods);
        attempt(&forger, |header, claims| key.token(&header, &claims)).expect("it is right");
        let sent = forger.script.lock().expect("nobody panics with it").exchange.clone();
        assert!(sent.contains("grant_type=authorization_code&code=c&code_verifier="), "{sent}");
        assert_eq!(sent.to_lowercase().contains("authorization: basic "), in_head, "{sent}");
        assert_eq!(sent.contains("client_secret=hunter2"), !in_head, "{sent}");
    }
}

#[test]
fn a_token_of_another_sign_in_is_refused() {
    assert_refused("another nonce", "nonce mismatch", |key, header, claims| {
        key.token(&header, &with(claims, "nonce", json!("another")))
    });
    assert_refused("no nonce", "missing nonce", |key, header, claims| {
        key.token(&header, &with(claims, "nonce", Value::Null))
    });
}

#[test]
fn a_token_of_another_client_is_refused() {
    for (audience, told) in [
        (json!("other"), "Invalid audiences"),
        (json!(["other"]), "Invalid audiences"),
        (json!([]), "Invalid audiences"),
        (json!(["maid", "other"]), "not a trusted audience"),
    ] {
        assert_refused(&audience.to_string(), told, |key, header, claims| {
            key.token(&header, &with(claims, "aud", audience.clone()))
        });
    }
    assert_refused("another azp", "another client", |key, header, claims| {
        key.token(&header, &with(claims, "azp", json!("other")))
    });
}

#[test]
fn a_token_of_another_time_is_refused() {
    assert_refused("an hour old", "Expired", |key, header, claims| {
        key.token(&header, &with(claims, "exp", json!(now() - 3600)))
    });
    assert_refused("beyond the leeway", "Expired", |key, header, claims| {
        key.token(&header, &with(claims, "exp", json!(now() - 62)))
    });
    assert_refused("from the future", "future", |key, header, claims| {
        key.token(&header, &with(claims, "iat", json!(now() + 300)))
    });
    let key = Key::ed25519(1);
    let late = attempt(&Forger::start(&key), |header, claims| {
        key.token(&header, &with(with(claims, "exp", json!(now() - 30)), "iat", json!(now() + 30)))
    });
    assert!(late.is_ok(), "clocks that differ by half a minute are no reason: {late:?}");
}

#[test]
fn a_token_of_another_issuer_is_refused() {
    for other in ["https://evil.example.com", "http://127.0.0.1:1"] {
        assert_refused(other, "Invalid issuer", |key, header, claims| {
            key.token(&header, &with(claims, "iss", json!(other)))
        });
    }
    assert_refused("a slash more", "Invalid issuer", |key, header, claims| {
        let issuer = format!("{}/", claims["iss"].as_str().expect("text"));
        key.token(&header, &with(claims, "iss", json!(issuer)))
    });
}

#[test]
fn a_token_that_nobody_signed_is_refused() {
    for none in ["none", "None", "NONE"] {
        let key = Key::ed25519(1);
        let refused = attempt(&Forger::start(&key), |header, claims| {
            format!("{}.", unsigned(&with(header, "alg", json!(none)), &claims))
        });
        let refused = refused.expect_err(none);
        assert!(matches!(refused, OidcError::BadToken { .. } | OidcError::Unavailable { .. }), "{refused}");
    }
    assert_refused("an empty signature", "Signature", |_, header, claims| {
        format!("{}.", unsigned(&header, &claims))
    });
}

#[test]
fn a_token_that_somebody_else_signed_is_refused() {
    assert_refused("another key", "Signature", |_, header, claims| Key::ed25519(2).token(&header, &claims));
    assert_refused("changed afterwards", "Signature", |key, header, claims| {
        let token = key.token(&header, &claims);
        let signature = token.rsplit('.').next().expect("three parts").to_owned();
        format!("{}.{signature}", unsigned(&header, &with(claims, "sub", json!("root"))))
    });
    for secret in [b"hunter2".to_vec(), Key::ed25519(1).public("k1")["x"].to_string().into_bytes()] {
        assert_refused("a key that two know", "HS256", move |_, header, claims| {
            let text = unsigned(&with(header, "alg", json!("HS256")), &claims);
            let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), text.as_bytes());
            format!("{text}.{}", BASE64.encode(signature))
        });
    }
}

#[test]
fn a_token_that_names_nobody_is_refused() {
    assert_refused("an empty name", "names nobody", |key, header, claims| {
        key.token(&header, &with(claims, "sub", json!("")))
    });
    let long = "x".repeat(256);
    assert_refused("a long name", "names nobody", |key, header, claims| {
        key.token(&header, &with(claims, "sub", json!(long)))
    });
}

#[test]
fn an_answer_without_a_token_is_refused_without_being_told() {
    let key = Key::ed25519(1);
    let refused = attempt(&Forger::start(&key), |_, _| "this.is.s3cret-garbage".to_owned());
    let told = refused.expect_err("it is no token").to_string();
    assert!(told.contains("cannot be read") && !told.contains("s3cret"), "{told}");
}

#[test]
fn keys_are_read_once_and_again_for_an_unknown_one() {
    let (old, new) = (Key::ed25519(1), Key::ed25519(2));
    let forger = Forger::start(&old);
    let oidc =
        Oidc::new(&[provider("company", &forger.issuer, &json!({}))], &KEY, PATIENCE).expect("it is right");
    for _ in 0..3 {
        attempt_with(&oidc, &forger, |header, claims| old.token(&header, &claims)).expect("it is right");
    }
    assert_eq!((forger.asked("/jwks"), forger.asked("/token")), (1, 3));
    forger.tell(|script| script.jwks = json!({"keys": [old.public("k1"), new.public("k2")]}));
    let who =
        attempt_with(&oidc, &forger, |header, claims| new.token(&with(header, "kid", json!("k2")), &claims));
    assert_eq!(who.expect("its key is found").subject, "ada");
    assert_eq!(forger.asked("/jwks"), 2);
    // A key that is nowhere costs one look, and lets nobody in.
    let unknown = attempt_with(&oidc, &forger, |header, claims| {
        Key::ed25519(3).token(&with(header, "kid", json!("k3")), &claims)
    });
    assert!(unknown.expect_err("nobody knows it").to_string().contains("No matching key"));
    assert_eq!(forger.asked("/jwks"), 3);
}
