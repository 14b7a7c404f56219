//! What is known by its form.

use std::{net::IpAddr, sync::LazyLock};

use regex::{Regex, RegexBuilder};

/// Finds one kind of thing.
pub(super) struct Finder {
    /// What it is called in a stand-in.
    pub(super) kind: &'static str,
    /// Where one may be; the group `hidden` is what is hidden of it.
    pub(super) pattern: Regex,
    /// Whether it is one.
    pub(super) is_one: fn(&str) -> bool,
}

/// Secrets first: what holds one is not taken apart further.
pub(super) static FINDERS: LazyLock<Vec<Finder>> = LazyLock::new(|| {
    let any: fn(&str) -> bool = |_| true;
    vec![
        finder(
            "secret",
            r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\z)",
            any,
        ),
        // Keys that say what they are by how they begin.
        finder(
            "secret",
            r"\b(?:sk|pk|rk|mk|hf|gh[pousr]|github_pat|glpat|xox[abeprs]|npm|pypi|dop_v1|shp[as]t)[-_][A-Za-z0-9_-]{16,}",
            any,
        ),
        finder("secret", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{30,}", any),
        // "the password is hunter2", "Passwort: hunter2", "with token 'abc'"
        finder(
            "secret",
            r#"(?i)\b(?:password|passphrase|passwort|kennwort|passcode|secret|api[ -]?key|token|pin)(?:\s*[:=]\s*|\s+(?:is|ist|lautet|von|of)\s+["'“„`]?|\s+["'“„`])(?<hidden>[^\s"'”“`,;]{3,}[^\s"'”“`,;.!?)])"#,
            |text| !text.starts_with("***") && !text.starts_with('['),
        ),
        finder("secret", r"\b[A-Za-z0-9+/_=-]{24,}\b", is_random),
        finder("email", r"[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+", any),
        finder("iban", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", is_iban),
        finder("card", r"\b\d(?:[ -]?\d){12,18}\b", is_card),
        finder("id", r"\b\d{3}-\d{2}-\d{4}\b", any),
        finder(
            "phone",
            r"(?:\+\d{1,3}|\b00\d{2}|\(0\d{1,5}\)|\b0\d{2,5})[ /.-]?\(?\d{1,5}\)?(?:[ /.-]?\d{2,5}){1,4}\b",
            is_phone,
        ),
        finder("address", r"\b\d{1,3}(?:\.\d{1,3}){3}\b", is_address),
        finder(
            "address",
            r"(?:\b[0-9A-Fa-f]{1,4}:|::)(?:[0-9A-Fa-f]{0,4}:){1,6}[0-9A-Fa-f]{1,4}",
            is_address,
        ),
        finder(
            "name",
            r"\b(?:Herrn?|Frau|Fr\.|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Prof\.?)\s+(?<hidden>\p{Lu}[\p{L}'-]+(?:\s+\p{Lu}[\p{L}'-]+)?)",
            any,
        ),
    ]
});

fn finder(kind: &'static str, pattern: &str, is_one: fn(&str) -> bool) -> Finder {
    let built = RegexBuilder::new(pattern).size_limit(4 << 20).dfa_size_limit(1 << 20).build();
    Finder { kind, pattern: built.expect("a fixed pattern that the tests compile"), is_one }
}

/// Whether nobody would write it by hand: letters of both sizes and digits, or many digits of a hash.
fn is_random(text: &str) -> bool {
    let has = |is: fn(&char) -> bool| text.chars().filter(is).count();
    let (digits, small, large) =
        (has(char::is_ascii_digit), has(char::is_ascii_lowercase), has(char::is_ascii_uppercase));
    let hex = text.len() >= 32 && text.chars().all(|c| c.is_ascii_hexdigit());
    (hex && digits > 4) || (digits >= 3 && small >= 3 && large >= 3)
}

/// By its check digits (ISO 7064, mod 97-10).
fn is_iban(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    // Digits of other scripts are none of an IBAN's.
    if !plain.is_ascii() || !(15..=34).contains(&plain.len()) {
        return false;
    }
    let turned = plain[4..].chars().chain(plain[..4].chars());
    let rest = turned.fold(0_u32, |rest, c| {
        let value = c.to_digit(36).unwrap_or(0);
        (rest * if value > 9 { 100 } else { 10 } + value) % 97
    });
    rest == 1
}

/// By its check digit (Luhn).
fn is_card(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let doubled = |at: usize, digit: u32| match at % 2 {
        0 => digit,
        _ if digit > 4 => digit * 2 - 9,
        _ => digit * 2,
    };
    let sum: u32 = digits.iter().rev().enumerate().map(|(at, digit)| doubled(at, *digit)).sum();
    (13..=19).contains(&digits.len()) && sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

/// Seven digits at least: shorter ones are numbers of something else.
fn is_phone(text: &str) -> bool {
    (7..=15).contains(&text.chars().filter(char::is_ascii_digit).count())
}

/// An address of a machine or a person; this machine's own is everybody's.
fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok_and(|address| !address.is_loopback() && !address.is_unspecified())
}
