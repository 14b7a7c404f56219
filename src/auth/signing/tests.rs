//! Tokens that are good, and all the ways in which they are not.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::config;

const TTL: Duration = Duration::from_secs(900);
const KEY_TTL: Duration = Duration::from_secs(3600);

async fn database(folder: &tempfile::TempDir) -> Db {
    let db = Db::connect(&config::Database::default(), folder.path()).await.expect("a database");
    db.migrate().await.expect("its tables");
    db
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn clock() -> AuthClock {
    AuthClock::since(Timestamp::UNIX_EPOCH)
}

async fn signing(db: &Db) -> Signing {
    Signing::open(db.clone(), &[7; KEY], clock()).await.expect("its keys")
}

async fn token(signing: &Signing) -> String {
    signing.issue((Uuid::from_u128(1), Uuid::from_u128(2)), TTL, KEY_TTL).await.expect("a token").0
}

/// The token with its head and claims changed, and its signature left.
fn changed(token: &str, change: impl FnOnce(&mut Value, &mut Value)) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let read = |part: &str| -> Value {
        serde_json::from_slice(&BASE64.decode(part).expect("base 64")).expect("JSON")
    };
    let (mut head, mut claims) = (read(parts[0]), read(parts[1]));
    change(&mut head, &mut claims);
    let write = |part: &Value| BASE64.encode(part.to_string());
    format!("{}.{}.{}", write(&head), write(&claims), parts[2])
}

#[tokio::test]
async fn a_token_says_who_and_in_which_session() {
    let folder = folder();
    let signing = signing(&database(&folder).await).await;
    let (token, ttl) =
        signing.issue((Uuid::from_u128(1), Uuid::from_u128(2)), TTL, KEY_TTL).await.expect("it");
    assert_eq!(ttl, TTL);
    let claims = signing.read(&token).await.expect("it is good");
    assert_eq!((claims.sub, claims.sid), (Uuid::from_u128(1), Uuid::from_u128(2)));
    let header = decode_header(&token).expect("a head");
    assert_eq!((header.alg, header.typ.as_deref()), (Algorithm::EdDSA, Some("at+jwt")));
}

#[tokio::test]
async fn whatever_is_changed_is_refused() {
    let folder = folder();
    let signing = signing(&database(&folder).await).await;
    let token = token(&signing).await;
    let unsigned = token.rsplit_once('.').expect("three parts").0;
    let refused = [
        changed(&token, |head, _| head["alg"] = json!("none")),
        format!(
            "{}.",
            changed(&token, |head, _| head["alg"] = json!("none")).rsplit_once('.').expect("it").0
        ),
        changed(&token, |head, _| head["alg"] = json!("HS256")),
        changed(&token, |head, _| head["kid"] = json!("another")),
        changed(&token, |head, _| head["typ"] = json!("JWT")),
        changed(&token, |_, claims| claims["sub"] = json!(Uuid::from_u128(9))),
        changed(&token, |_, claims| claims["exp"] = json!(i64::MAX)),
        changed(&token, |_, claims| claims["aud"] = json!("another")),
        format!("{unsigned}."),
        format!("{unsigned}.{}", "A".repeat(86)),
        String::new(),
        "a.b.c".to_owned(),
        "x".repeat(LONGEST + 1),
    ];
    for token in refused {
        assert_eq!(signing.read(&token).await, Err(Refusal::Foreign), "{token}");
    }
}

#[tokio::test]
async fn the_right_key_does_not_make_a_wrong_token_right() {
    let folder = folder();
    let db = database(&folder).await;
    let signing = signing(&db).await;
    let good = token(&signing).await;
    let signer = signing.0.keys().signing.clone().expect("it signs");
    let now = clock().now().as_second();
    let right = json!({"iss": "maid", "aud": "maid", "sub": Uuid::from_u128(1), "sid": Uuid::from_u128(2),
        "iat": now, "nbf": now, "exp": now + 60});
    let sign = |change: &[(&str, Value)]| {
        let mut claims = right.clone();
        for (name, value) in change {
            claims[*name] = value.clone();
        }
        encode(&decode_header(&good).expect("a head"), &claims, &signer.key).expect("it is signed")
    };
    assert!(signing.read(&sign(&[])).await.is_ok());
    for (wrong, refusal) in [
        (("iss", json!("another")), Refusal::Foreign),
        (("aud", json!("another")), Refusal::Foreign),
        (("aud", json!(null)), Refusal::Foreign),
        (("nbf", json!(now + 3600)), Refusal::Foreign),
        (("iat", json!(now + 3600)), Refusal::Foreign),
        (("exp", json!(now)), Refusal::Expired),
        (("exp", json!(now - 3600)), Refusal::Foreign),
    ] {
        assert_eq!(signing.read(&sign(std::slice::from_ref(&wrong))).await, Err(refusal), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_revives_nothing() {
    let folder = folder();
    let db = database(&folder).await;
    let token = token(&signing(&db).await).await;
    let later = AuthClock::since(Timestamp::now() + SignedDuration::from_mins(16));
    later.note(&db).await.expect("it is noted");
    let again = AuthClock::open(&db).await.expect("it is read");
    let signing = Signing::open(db.clone(), &[7; KEY], again).await.expect("its keys");
    assert_eq!(signing.read(&token).await, Err(Refusal::Expired));
    clock().note(&db).await.expect("an earlier time is");
    assert!(AuthClock::open(&db).await.expect("it is read").now() > Timestamp::now(), "no reason to go back");
}

#[tokio::test]
async fn keys_change_and_old_tokens_live_on() {
    let folder = folder();
    let db = database(&folder).await;
    let (one, two) = (signing(&db).await, signing(&db).await);
    let first = token(&one).await;
    assert!(two.read(&first).await.is_ok(), "another server asks the database");

    let after = AuthClock::since(Timestamp::now() + SignedDuration::from_secs(3600 + 60));
    let later = Signing::open(db.clone(), &[7; KEY], after).await.expect("its keys");
    let second = token(&later).await;
    let kid = |token: &str| decode_header(token).expect("a head").kid;
    assert_ne!(kid(&first), kid(&second), "the first key is an hour old");
    assert_eq!(later.read(&first).await, Err(Refusal::Expired), "but its key is still known");

    let much_later = AuthClock::since(Timestamp::now() + SignedDuration::from_hours(2));
    let much_later = Signing::open(db.clone(), &[7; KEY], much_later).await.expect("its keys");
    much_later.purge().await.expect("it works");
    assert_eq!(much_later.read(&first).await, Err(Refusal::Foreign), "its key is gone");
}

#[tokio::test]
async fn no_token_outlives_its_key() {
    let folder = folder();
    let signing = signing(&database(&folder).await).await;
    token(&signing).await;
    let long = signing.issue((Uuid::nil(), Uuid::nil()), KEY_TTL * 10, KEY_TTL).await.expect("a token");
    assert!(long.1 <= KEY_TTL + TTL, "{long:?}");
}

#[tokio::test]
async fn another_secret_is_noticed() {
    let folder = folder();
    let db = database(&folder).await;
    token(&signing(&db).await).await;
    let other = Signing::open(db, &[8; KEY], clock()).await;
    assert!(matches!(other, Err(SigningError::OtherSecret)), "{other:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn one_wrong_character_is_noticed(at: prop::sample::Index, with in "[0-9A-Za-z_.-]") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (token, refused) = runtime.block_on(async {
            let folder = folder();
            let signing = signing(&database(&folder).await).await;
            let token = token(&signing).await;
            let at = at.index(token.len());
            let mut wrong = token.clone();
            wrong.replace_range(at..=at, &with);
            let refused = signing.read(&wrong).await.is_err();
            (wrong == token, refused)
        });
        prop_assert_eq!(!token, refused);
    }
}

#[tokio::test]
async fn a_token_that_was_checked_before_dies_in_time_all_the_same() {
    let folder = folder();
    let signing = signing(&database(&folder).await).await;
    let dead =
        signing.issue((Uuid::from_u128(1), Uuid::from_u128(2)), Duration::ZERO, KEY_TTL).await.expect("it").0;
    let alive = token(&signing).await;
    for _ in 0..3 {
        assert_eq!(signing.read(&dead).await, Err(Refusal::Expired));
        assert!(signing.read(&alive).await.is_ok());
        let forged = changed(&alive, |_, claims| claims["sub"] = json!(Uuid::from_u128(3)));
        assert_eq!(signing.read(&forged).await, Err(Refusal::Foreign));
    }
    assert_eq!(signing.0.tokens().len(), 2, "what is refused takes no room");
}
