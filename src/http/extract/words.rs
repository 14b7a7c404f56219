//! What serde says about a wrong value, in words that say what to do.

use crate::{
    http::FieldError,
    loadtest::nearest::{listed, nearest},
};

/// Longest text of one message, in bytes: it may hold what the client sent.
const LONGEST: usize = 300;

/// The place of an error and what is wrong there, from serde's own `message` about the value at `path`.
pub(super) fn field_error(path: &str, message: &str) -> FieldError {
    let quoted = quoted(message);
    let first = quoted.first().copied().unwrap_or_default();
    let rest = quoted.get(1..).unwrap_or_default();
    let (path, message) = if message.starts_with("missing field ") {
        (joined(path, first), "is missing; give it a value".to_owned())
    } else if message.starts_with("duplicate field ") {
        (joined(path, first), "is given twice; give it once".to_owned())
    } else if message.starts_with("unknown field ") {
        (joined(path, first), unknown(first, rest))
    } else if message.starts_with("unknown variant ") {
        (path.to_owned(), format!("`{}` is not known here; {}", bounded(first), instead(first, rest)))
    } else {
        let found = ["invalid type: ", "invalid value: ", "invalid length "]
            .into_iter()
            .find_map(|start| message.strip_prefix(start));
        (path.to_owned(), found.map_or_else(|| message.to_owned(), plain))
    };
    let path = if path == "." { String::new() } else { path };
    FieldError { path: bounded(&path), message: bounded(&message) }
}

/// `found`, which ends with Rust's name of what was expected, in words that are no Rust.
fn plain(found: &str) -> String {
    let Some((found, expected)) = found.rsplit_once(", expected ") else { return format!("found {found}") };
    let expected = match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "usize" => "a whole number from 0",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" | "map" => "an object",
        "unit" => "null",
        other if other.starts_with("struct ") => "an object",
        other => other,
    };
    format!("found {found}, expected {expected}")
}

/// Words for a name that is not one of `known`.
pub(super) fn unknown(name: &str, known: &[&str]) -> String {
    format!("is not known here; {}", instead(name, known))
}

fn instead(name: &str, known: &[&str]) -> String {
    if known.is_empty() {
        return "nothing is taken; leave it out".to_owned();
    }
    match nearest(name, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("known are {}", listed(known.iter().copied())),
    }
}

/// What stands in backquotes in `message`. The client's own text comes first and may hold some
/// itself; names that are known hold none.
fn quoted(message: &str) -> Vec<&str> {
    let (own, known) = ["`, expected ", "`, there are no "]
        .into_iter()
        .find_map(|end| message.split_once(end))
        .unwrap_or((message, ""));
    let own = own.split_once('`').map(|(_, own)| own.trim_end_matches('`'));
    own.into_iter().chain(known.split('`').skip(1).step_by(2)).collect()
}

/// `path` of a part of what lies at `parent`.
fn joined(parent: &str, name: &str) -> String {
    let own = format!(".{name}");
    match parent {
        "" | "." => name.to_owned(),
        // Where a name itself was refused, the place may already end with it.
        parent if parent == name || parent.ends_with(&own) => parent.to_owned(),
        parent => format!("{parent}{own}"),
    }
}

/// `text`, cut where it is too long to read.
fn bounded(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let mut end = LONGEST;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}...", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(path: &str, message: &str) -> String {
        let error = field_error(path, message);
        format!("{}: {}", error.path, error.message)
    }

    #[test]
    fn serdes_words_become_words_that_help() {
        for (path, message, told) in [
            (
                "load",
                "unknown field `usres`, expected `users` or `rate`",
                "load.usres: is not known here; did you mean `users`?",
            ),
            (
                ".",
                "unknown field `x`, there are no fields",
                "x: is not known here; nothing is taken; leave it out",
            ),
            (
                "",
                "unknown field `a`b`, expected one of `users`, `rate`",
                "a`b: is not known here; known are `users`, `rate`",
            ),
            ("load", "missing field `users`", "load.users: is missing; give it a value"),
            ("load.users", "duplicate field `users`", "load.users: is given twice; give it once"),
            (
                "mode",
                "unknown variant `opne`, expected `open` or `closed`",
                "mode: `opne` is not known here; did you mean `open`?",
            ),
            (
                "n",
                "invalid type: string \"a\", expected u8",
                "n: found string \"a\", expected a whole number from 0 to 255",
            ),
            ("at", "is not a time", "at: is not a time"),
        ] {
            assert_eq!(words(path, message), told);
        }
    }

    #[test]
    fn what_the_client_sent_is_cut() {
        let long = "ü".repeat(5_000_000);
        let told = words("", &format!("unknown field `{long}`, expected `users`"));
        assert!(told.len() < 1000, "{} bytes", told.len());
    }
}
