//! Credentials that say nothing: API keys, refresh tokens, cookies, invitations, and links to prompts.
//!
//! `maid_<kind>_<id>_<secret><check>`: 22 characters of the id of the row, 32 characters of secret (190
//! bits), 6 characters of CRC-32 over all before. The kind and the check let scanners of code and
//! logs find leaked ones without asking anybody. All in base 62, so that a double click selects it.

use std::fmt;

use ring::hmac;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::secret::{self, KEY};

/// Digits of base 62.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Digits of an id: 62^22 is more than 2^128.
const ID: usize = 22;
/// Digits of a secret: 190 bits.
const SECRET: usize = 32;
/// Digits of a check: 62^6 is more than 2^32.
const CHECK: usize = 6;
/// Length of a hash, in bytes.
pub const HASH: usize = 32;

/// What a credential is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An API key.
    ApiKey,
    /// Prolongs a session.
    Refresh,
    /// A browser's session.
    Cookie,
    /// Lets somebody register.
    Invitation,
    /// Shows a prompt to whoever has its link.
    Prompt,
}

impl Kind {
    const ALL: [Self; 5] = [Self::ApiKey, Self::Refresh, Self::Cookie, Self::Invitation, Self::Prompt];

    /// What a credential of this kind begins with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::ApiKey => "maid_live_",
            Self::Refresh => "maid_refresh_",
            Self::Cookie => "maid_session_",
            Self::Invitation => "maid_invite_",
            Self::Prompt => "maid_prompt_",
        }
    }
}

/// A credential as it is sent. It is shown once, when it is made, and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Opaque {
    /// What it is for.
    pub kind: Kind,
    /// The row that it belongs to.
    pub id: Uuid,
    text: String,
}

impl Opaque {
    /// A new one for the row `id`.
    #[must_use]
    pub fn make(kind: Kind, id: Uuid) -> Self {
        let mut text = format!("{}{}_", kind.prefix(), digits(id.as_u128(), ID));
        while text.len() < kind.prefix().len() + ID + 1 + SECRET {
            // 248 is the last multiple of 62 in a byte: every digit is as likely as any other.
            let random = secret::random::<64>().into_iter().filter(|byte| *byte < 248);
            let room = kind.prefix().len() + ID + 1 + SECRET - text.len();
            text.extend(random.take(room).map(|byte| char::from(DIGITS[usize::from(byte) % 62])));
        }
        text.push_str(&check(&text));
        Self { kind, id, text }
    }

    /// Reads one; None for anything that cannot be one, a mistyped one included.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let kind = Kind::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()))?;
        let rest = &text[kind.prefix().len()..];
        if rest.len() != ID + 1 + SECRET + CHECK || !rest.is_ascii() {
            return None;
        }
        let (checked, sum) = text.split_at(text.len() - CHECK);
        let (id, secret) = rest.split_once('_')?;
        let sound = secret.bytes().all(|byte| byte.is_ascii_alphanumeric()) && check(checked) == sum;
        let id = number(id).filter(|_| sound && id.len() == ID)?;
        Some(Self { kind, id: Uuid::from_u128(id), text: text.to_owned() })
    }

    /// The credential itself, for the one answer that shows it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}***", self.kind.prefix())
    }
}

/// Hashes credentials for the database. Keyed, so that whoever can write rows cannot make one.
#[derive(Clone)]
pub struct Hashes(hmac::Key);

impl Hashes {
    /// Hashes with this key.
    #[must_use]
    pub fn new(key: &[u8; KEY]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The hash of a credential.
    #[must_use]
    pub fn of(&self, credential: &Opaque) -> [u8; HASH] {
        let mut hash = [0; HASH];
        hash.copy_from_slice(hmac::sign(&self.0, credential.text.as_bytes()).as_ref());
        hash
    }

    /// Whether `hash` is that of `credential`, in the same time whatever the answer.
    #[must_use]
    pub fn fits(&self, credential: &Opaque, hash: &[u8]) -> bool {
        self.of(credential).ct_eq(hash).into()
    }
}

impl fmt::Debug for Hashes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hashes(***)")
    }
}

fn check(text: &str) -> String {
    digits(crc32fast::hash(text.as_bytes()).into(), CHECK)
}

/// A number in base 62, with zeros before it.
fn digits(mut number: u128, length: usize) -> String {
    let mut digits = vec![b'0'; length];
    for digit in digits.iter_mut().rev() {
        // Less than 62.
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

/// What a text in base 62 means; None for another text, and for one beyond 128 bits.
fn number(text: &str) -> Option<u128> {
    text.bytes().try_fold(0_u128, |number, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            b'a'..=b'z' => byte - b'a' + 36,
            _ => return None,
        };
        number.checked_mul(62)?.checked_add(u128::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_has_the_form_that_scanners_know() {
        let key = Opaque::make(Kind::ApiKey, Uuid::now_v7());
        let form = regex::Regex::new("^maid_live_[0-9A-Za-z]{22}_[0-9A-Za-z]{38}$").expect("a pattern");
        assert!(form.is_match(key.expose()), "{}", key.expose());
        assert_eq!(format!("{key:?}"), "maid_live_***");
        assert_ne!(key, Opaque::make(Kind::ApiKey, key.id));
    }

    #[test]
    fn a_hash_needs_the_key() {
        let (key, other) = (Hashes::new(&[1; KEY]), Hashes::new(&[2; KEY]));
        let credential = Opaque::make(Kind::Refresh, Uuid::now_v7());
        let hash = key.of(&credential);
        assert!(key.fits(&credential, &hash) && !other.fits(&credential, &hash));
        assert!(!key.fits(&Opaque::make(Kind::Refresh, credential.id), &hash));
        assert!(!key.fits(&credential, &hash[1..]));
    }

    proptest! {
        #[test]
        fn what_is_made_is_read(id: u128, kind in 0..Kind::ALL.len()) {
            let made = Opaque::make(Kind::ALL[kind], Uuid::from_u128(id));
            prop_assert_eq!(Opaque::parse(made.expose()), Some(made.clone()));
        }

        #[test]
        fn anything_else_is_not(text in "\\PC{0,120}") {
            prop_assert_eq!(Opaque::parse(&text), None);
            prop_assert_eq!(Opaque::parse(&format!("maid_live_{text}")), None);
        }

        #[test]
        fn one_wrong_character_is_noticed(id: u128, at in 0_usize..71, with in "[0-9A-Za-z_]") {
            let made = Opaque::make(Kind::ApiKey, Uuid::from_u128(id));
            let mut text = made.expose().to_owned();
            text.replace_range(at..=at, &with);
            prop_assert_eq!(Opaque::parse(&text).is_some(), text == made.expose());
        }

        #[test]
        fn a_piece_is_not_the_whole(id: u128, length in 0_usize..71) {
            let made = Opaque::make(Kind::ApiKey, Uuid::from_u128(id));
            prop_assert_eq!(Opaque::parse(&made.expose()[..length]), None);
        }
    }
}
