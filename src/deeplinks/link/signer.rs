//! Signatures of links.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;

use super::Link;
use crate::auth::secret::KEY;

/// What is signed begins with this, so that a signature of another form never passes for one of this.
const FORM: &str = "maid link 1";

/// Signs links, and knows those that it has signed.
#[derive(Clone)]
pub struct Signer(hmac::Key);

impl Signer {
    /// A signer with this key.
    #[must_use]
    pub fn new(key: &[u8; KEY]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The signature of `link`.
    #[must_use]
    pub fn sign(&self, link: &Link) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, &signed(link)))
    }

    /// Whether `link` has the signature that belongs to it.
    #[must_use]
    pub fn signed(&self, link: &Link) -> bool {
        let signature = link.sig.as_deref().and_then(|sig| URL_SAFE_NO_PAD.decode(sig).ok());
        signature.is_some_and(|signature| hmac::verify(&self.0, &signed(link), &signature).is_ok())
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(***)")
    }
}

/// What is signed: each part with its name and length, so that no two links have the same.
fn signed(link: &Link) -> Vec<u8> {
    let expires = link.expires.map(|at| at.to_string());
    let parts = [
        ("link", &link.id),
        ("config", &link.config),
        ("recipe", &link.recipe),
        ("parameters", &link.parameters),
        ("preset", &link.preset),
        ("expires", &expires),
    ];
    let mut text = FORM.to_owned();
    for (name, value) in parts {
        if let Some(value) = value {
            text.push_str(&format!("\n{name} {} {value}", value.len()));
        }
    }
    text.into_bytes()
}
