//! Names of users.

use std::{fmt, str::FromStr};

use crate::auth::DEFAULT_TENANT;

/// Longest name, and longest name of a tenant, in characters.
pub const LONGEST: usize = 64;

/// A name that a user can have: letters, digits and `.`, `_`, `-`, `@`, `+`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be 1 to {LONGEST} characters: letters, digits, `.`, `_`, `-`, `@` and `+`, a letter or digit first"
)]
pub struct NoName;

impl Username {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is compared.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for Username {
    type Err = NoName;

    fn from_str(text: &str) -> Result<Self, NoName> {
        // ASCII alone: two names that look alike are one name.
        let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        let all = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-@+".contains(&byte));
        if first && all && text.len() <= LONGEST { Ok(Self(text.to_owned())) } else { Err(NoName) }
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text can be the name of a tenant.
#[must_use]
pub fn is_tenant(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// Tenant and name of who signs in as `alice`, or `acme/alice`.
#[must_use]
pub fn qualified(text: &str) -> (&str, &str) {
    text.split_once('/').unwrap_or((DEFAULT_TENANT, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for good in ["a", "alice", "Alice.B", "a_b-c+d@example.com", "7of9"] {
            assert!(good.parse::<Username>().is_ok(), "{good}");
        }
        for bad in ["", " alice", "al ice", "-rf", "@", "аlice", "a/b", "a\0", &"a".repeat(65)] {
            assert!(bad.parse::<Username>().is_err(), "{bad}");
        }
        assert_eq!("Alice".parse::<Username>().expect("a name").key(), "alice");
    }

    #[test]
    fn a_tenant_may_stand_before_it() {
        assert_eq!(qualified("alice"), ("default", "alice"));
        assert_eq!(qualified("acme/alice"), ("acme", "alice"));
    }
}
