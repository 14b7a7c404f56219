//! Private keys as they lie in the database: encrypted with AES-256-GCM, each bound to its name.

use std::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::auth::secret::{self, KEY};

/// Encrypts and decrypts private keys.
pub(super) struct Sealer(LessSafeKey);

impl Sealer {
    pub(super) fn new(key: &[u8; KEY]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, key).expect("the key has the length that AES-256 takes");
        Self(LessSafeKey::new(key))
    }

    /// `seed`, encrypted under the name `kid`: a random nonce, then the text and its tag. A random
    /// nonce will do: a key is made a few times a year.
    pub(super) fn seal(&self, kid: &str, seed: &[u8; KEY]) -> Vec<u8> {
        let nonce = secret::random::<NONCE_LEN>();
        let mut text = seed.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(kid), &mut text)
            .expect("32 bytes are not too long");
        [nonce.as_slice(), &text].concat()
    }

    /// The seed that was sealed under `kid`; None where it was sealed with another key or name.
    pub(super) fn open(&self, kid: &str, sealed: &[u8]) -> Option<[u8; KEY]> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut text = text.to_vec();
        let opened = self.0.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(kid), &mut text);
        opened.ok()?.try_into().ok().map(|seed: &mut [u8; KEY]| *seed)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(***)")
    }
}
