//! How text is made safe for the place it goes to.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// The place that a template's text goes to. Everything in the template is escaped, its fixed
/// text as well as what is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Nowhere special: a text body.
    None,
    /// Inside a JSON string.
    Json,
    /// In the place of a JSON value: strings are quoted, everything else stands as it is.
    JsonValue,
    /// A path or URL. What cannot stand in one is percent-encoded; `/ ? & = %41` keep their
    /// meaning, so that a link taken from an answer works. Text that may hold anything belongs
    /// into `query`.
    Path,
    /// A query parameter's name or value.
    Query,
    /// A form field's name or value.
    Form,
    /// A header's value: control characters, line breaks above all, are dropped.
    Header,
}

const IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Escape {
    /// Appends a string's text.
    pub(crate) fn text(self, text: &str, out: &mut String) {
        match self {
            Self::None => out.push_str(text),
            Self::Json => json(text, out),
            Self::JsonValue => {
                out.push('"');
                json(text, out);
                out.push('"');
            }
            Self::Path => path(text, out),
            Self::Query => out.extend(utf8_percent_encode(text, IN_QUERY)),
            Self::Form => form(text, out),
            Self::Header => out.extend(text.chars().filter(|c| !c.is_control() || *c == '\t')),
        }
    }

    /// Appends a number, boolean or other value that JSON writes without quotes.
    pub(crate) fn bare(self, text: &str, out: &mut String) {
        match self {
            Self::None | Self::JsonValue => out.push_str(text),
            other => other.text(text, out),
        }
    }
}

fn json(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c < ' ' || c == '"' || c == '\\') {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            control => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.push_str("\\u00");
                out.push(char::from(HEX[usize::from(control >> 4)]));
                out.push(char::from(HEX[usize::from(control & 15)]));
            }
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// A `%` that begins no escape is escaped itself.
fn path(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.extend(utf8_percent_encode(&rest[..at], IN_PATH));
        let digits = rest.as_bytes().get(at + 1..at + 3);
        let escaped = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        out.push_str(if escaped { "%" } else { "%25" });
        rest = &rest[at + 1..];
    }
    out.extend(utf8_percent_encode(rest, IN_PATH));
}

fn form(text: &str, out: &mut String) {
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push('+');
        }
        out.extend(utf8_percent_encode(word, IN_QUERY));
    }
}
