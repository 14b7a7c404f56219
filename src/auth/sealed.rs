//! What is kept where others could read or change it: encrypted with AES-256-GCM, each thing bound to what it
//! is.

use std::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::secret::{self, KEY};

/// Encrypts and decrypts. A random nonce will do for what is made by people: it may not be used for more
/// than 2^32 things with one key.
pub(super) struct Sealer(LessSafeKey);

impl Sealer {
    /// A sealer with this key.
    pub(super) fn new(key: &[u8; KEY]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, key).expect("the key has the length that AES-256 takes");
        Self(LessSafeKey::new(key))
    }

    /// `text`, encrypted as what `name` says that it is: a random nonce, then the text and its tag.
    pub(super) fn seal(&self, name: &[u8], mut text: Vec<u8>) -> Vec<u8> {
        let nonce = secret::random::<NONCE_LEN>();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(name), &mut text)
            .expect("it is far shorter than what can be sealed");
        [nonce.as_slice(), &text].concat()
    }

    /// What was sealed as `name`; None where it was sealed with another key, as something else, or changed.
    pub(super) fn open(&self, name: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut text = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.0.open_in_place(nonce, Aad::from(name), &mut text).ok()?.len();
        text.truncate(length);
        Some(text)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(***)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn only_what_was_sealed_as_this_is_opened(text: Vec<u8>, at: prop::sample::Index, bit in 0..8_u8) {
            let sealer = Sealer::new(&[1; KEY]);
            let sealed = sealer.seal(b"a", text.clone());
            prop_assert_eq!(sealer.open(b"a", &sealed), Some(text));
            prop_assert_eq!(sealer.open(b"b", &sealed), None);
            prop_assert_eq!(Sealer::new(&[2; KEY]).open(b"a", &sealed), None);
            let mut changed = sealed.clone();
            changed[at.index(sealed.len())] ^= 1 << bit;
            prop_assert_eq!(sealer.open(b"a", &changed), None);
            prop_assert_eq!(sealer.open(b"a", &sealed[..at.index(sealed.len())]), None);
        }
    }
}
