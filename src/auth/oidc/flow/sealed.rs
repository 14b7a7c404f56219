//! The cookie that a browser keeps while its user is at the provider: sealed, so that nobody reads or makes one.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::auth::sealed::Sealer;

/// How long somebody may take at the provider, in seconds.
pub const PATIENCE_S: i64 = 600;

/// What is sealed, so that nothing else that the same key sealed is taken for it.
const PURPOSE: &[u8] = b"maid oidc flow 1";

/// Largest cookie, in bytes: browsers keep no larger one.
const LARGEST: usize = 4096;

/// A sign-in that is under way.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// The provider that it was begun with; no other one may finish it.
    pub provider: String,
    /// What the callback has to bring.
    pub state: String,
    /// What the id token has to bring.
    pub nonce: String,
    /// What the code is exchanged with (PKCE).
    pub verifier: String,
    /// Where to go afterwards.
    pub return_to: String,
    /// Until when, in seconds of Unix time.
    pub expires: i64,
}

/// What seals flows.
#[derive(Debug)]
pub struct Seal(Sealer);

impl Seal {
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Sealer::new(key))
    }

    /// `flow` as a cookie's value.
    pub fn close(&self, flow: &Flow) -> String {
        let text = serde_json::to_vec(flow).expect("texts and numbers can be written");
        BASE64_URL_SAFE_NO_PAD.encode(self.0.seal(PURPOSE, text))
    }

    /// What `cookie` holds; nothing, if it was not sealed here or is over at `now`.
    pub fn open(&self, cookie: &str, now: i64) -> Option<Flow> {
        if cookie.len() > LARGEST {
            return None;
        }
        let text = self.0.open(PURPOSE, &BASE64_URL_SAFE_NO_PAD.decode(cookie).ok()?)?;
        let flow: Flow = serde_json::from_slice(&text).ok()?;
        (now < flow.expires).then_some(flow)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn flow() -> Flow {
        Flow {
            provider: "keycloak".into(),
            state: "s".repeat(22),
            nonce: "n".repeat(22),
            verifier: "v".repeat(43),
            return_to: "/runs".into(),
            expires: PATIENCE_S,
        }
    }

    #[test]
    fn what_is_sealed_is_had_back_until_it_is_over() {
        let seal = Seal::new(&[7; 32]);
        let cookie = seal.close(&flow());
        assert!(seal.open(&cookie, PATIENCE_S - 1) == Some(flow()));
        assert!(seal.open(&cookie, PATIENCE_S).is_none());
        assert!(!cookie.contains("keycloak"));
        assert_ne!(cookie, seal.close(&flow()), "no two cookies are alike");
        assert!(Seal::new(&[8; 32]).open(&cookie, 0).is_none(), "another key opens nothing");
    }

    #[test]
    fn the_largest_flow_is_a_cookie() {
        let flow = Flow { return_to: format!("/{}", "a".repeat(999)), provider: "p".repeat(40), ..flow() };
        assert!(Seal::new(&[7; 32]).close(&flow).len() < LARGEST - 100);
    }

    proptest! {
        #[test]
        fn a_cookie_that_was_changed_anywhere_is_refused(at in 0_usize..300, with in "[A-Za-z0-9_-]") {
            let seal = Seal::new(&[7; 32]);
            let cookie = seal.close(&flow());
            let at = at % cookie.len();
            let changed = format!("{}{with}{}", &cookie[..at], &cookie[at + 1..]);
            prop_assert!(changed == cookie || seal.open(&changed, 0).is_none());
            prop_assert!(seal.open(&cookie[..at], 0).is_none());
        }

        #[test]
        fn any_text_is_refused(text in ".{0,200}") {
            prop_assert!(Seal::new(&[7; 32]).open(&text, 0).is_none());
        }
    }
}
