//! JavaScript.

use std::fmt::Write as _;

/// A string in single quotes.
#[must_use]
pub fn javascript(text: &str) -> String {
    let mut out = String::from("'");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // A page that shows the script inside an element is not ended by it.
            '<' if matches!(chars.peek(), Some('/' | '!')) => out.push_str("\\x3c"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || super::hidden(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").expect("a String takes everything");
                }
            }
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}
