//! Secrets that are known by the name beside them: `token=...`, `"password": "..."`, `Cookie: ...`.

use std::{borrow::Cow, sync::LazyLock};

use percent_encoding::percent_decode_str;
use regex::{Captures, Regex, RegexBuilder};

use crate::loadtest::secret::MASK;

/// Most memory that a pattern may take, in bytes, and what it remembers while it searches: patterns
/// stay for as long as the process. Counted repetitions of letters of all scripts take megabytes.
const LARGEST: usize = 256 << 10;

/// Names of values that are secret.
static SECRET_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)pass(word|wd|phrase)?$|pwd|passw|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key|(^|[-_])auth(orization|entication)?($|[-_])|^(set-)?cookie$|session[-_]?id|signature|jwt|bearer",
    )
});
/// Credentials in a URL.
pub(super) static IN_URL: LazyLock<Regex> = LazyLock::new(|| pattern(r"://[^/\s@?#{}$]+@"));
/// A JSON key and its string or number; the end of either may be cut off.
static JSON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?<before>"(?<name>(?:[^"\\]|\\.)+)"\s*:\s*)(?:(?<text>"(?:[^"\\]|\\.)+)|-?\d[\d.eE+-]*)"#)
});
/// The same inside a JSON string.
static ESCAPED_JSON: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?<before>\\+"(?<name>[^"\\]+)\\+"\s*:\s*\\+")[^"\\]+"#));
/// A query parameter, form field or attribute.
static PAIR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?<before>(?:^|[?&;,\s"'(#])(?<name>[\w.\[\]%+-]+)=["']?)[^&\s"'<>;\\]+"#));
/// A header as it is written in a message.
static FIELD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^(?<before>(?<name>[A-Za-z0-9_-]+):[ \t]*)\S.*$"));
/// Credentials with their scheme before them.
static SCHEME: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?<before>(?:basic|bearer)\s+)(?<value>[A-Za-z0-9_.~+/=-]{8,})"));
/// A JSON Web Token.
static JWT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*)?"));

pub(super) fn pattern(text: &str) -> Regex {
    let built = RegexBuilder::new(text).size_limit(LARGEST).dfa_size_limit(LARGEST).build();
    built.expect("a fixed pattern that the tests compile")
}

/// Whether a value of this name is secret.
pub(crate) fn is_secret(name: &str) -> bool {
    SECRET_NAME.is_match(name)
}

/// Hides the values of secret names, and credentials that are known by their form.
pub(crate) fn hide(text: &str) -> String {
    let text = IN_URL.replace_all(text, format!("://{MASK}@"));
    let text = by_name(&JSON, &text, |found| {
        // A string keeps its end, a number becomes a string.
        let end = if found.name("text").is_some() { "" } else { "\"" };
        format!("{}\"{MASK}{end}", &found["before"])
    });
    let keep_start: Replace = |found| format!("{}{MASK}", &found["before"]);
    let text = by_name(&ESCAPED_JSON, &text, keep_start);
    let text = by_name(&PAIR, &text, keep_start);
    let text = by_name(&FIELD, &text, keep_start);
    let text = SCHEME.replace_all(&text, |found: &Captures<'_>| {
        let value = &found["value"];
        format!("{}{}", &found["before"], if is_word(value) { value } else { MASK })
    });
    JWT.replace_all(&text, MASK).into_owned()
}

type Replace = fn(&Captures<'_>) -> String;

fn by_name<'a>(pattern: &Regex, text: &'a str, replace: Replace) -> Cow<'a, str> {
    pattern.replace_all(text, |found: &Captures<'_>| {
        let name = percent_decode_str(&found["name"]).decode_utf8_lossy();
        if is_secret(&name) { replace(found) } else { found[0].to_owned() }
    })
}

/// Whether it reads as prose does: "basic authentication" holds no credentials.
fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_secret_names_are_hidden_in_every_form() {
        let cases = [
            ("http://h/x?token=abc&page=1", "http://h/x?token=***&page=1"),
            ("http://h/x?page=1&api%5Fkey=a%20b#end", "http://h/x?page=1&api%5Fkey=***"),
            ("http://h/cb#access_token=abc&state=1", "http://h/cb#access_token=***&state=1"),
            ("http://ada:pw@h/", "http://***@h/"),
            (r#"{"token": "a\"b", "n": 1}"#, r#"{"token": "***", "n": 1}"#),
            (r#"{"pin_secret":12,"ok":true}"#, r#"{"pin_secret":"***","ok":true}"#),
            (r#"{"page":"1","accessToken":"cut o"#, r#"{"page":"1","accessToken":"***"#),
            (r#"{"sent":"{\"password\":\"abc\"}"}"#, r#"{"sent":"{\"password\":\"***\"}"}"#),
            ("user=ada&password=a+b", "user=ada&password=***"),
            ("Host: h\r\nCookie: sid=1; b=2\r\n", "Host: h\r\nCookie: ***\n"),
            ("you sent Bearer a1b2c3d4", "you sent Bearer ***"),
            ("basic authentication is required", "basic authentication is required"),
            ("as eyJhbGciOi.eyJzdWIi.c2ln here", "as *** here"),
            ("status 404", "status 404"),
        ];
        for (text, hidden) in cases {
            assert_eq!(hide(text), hidden);
            assert_eq!(hide(hidden), hidden, "twice");
        }
    }
}
