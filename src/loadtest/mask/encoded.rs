//! A secret in a text, in whatever encoding it stands there: as it is, percent-encoded, as a form
//! field, inside JSON, inside HTML, or in a mixture of these.

use std::ops::Range;

/// Characters of a secret that must stand at the end of a text that was cut off there.
const CUT: usize = 4;

/// Where `secret` first stands in `text`. With `cut`, its beginning at the very end counts too.
pub(super) fn find(text: &str, secret: &str, cut: bool) -> Option<Range<usize>> {
    text.char_indices().find_map(|(at, _)| {
        let length = length_at(&text[at..], secret, cut).filter(|length| *length > 0)?;
        Some(at..at + length)
    })
}

/// How far `secret` reaches when `text` begins with it. One character can stand in several ways,
/// of which one may be the beginning of another: all are followed.
fn length_at(text: &str, secret: &str, cut: bool) -> Option<usize> {
    let mut ends = vec![0];
    for (read, c) in secret.chars().enumerate() {
        if cut && read >= CUT && ends.contains(&text.len()) {
            return Some(text.len());
        }
        let mut next: Vec<usize> = Vec::new();
        for at in ends {
            next.extend(forms(&text[at..], c).map(|length| at + length));
        }
        next.sort_unstable();
        next.dedup();
        if next.is_empty() {
            return None;
        }
        ends = next;
    }
    ends.last().copied()
}

/// Lengths of the forms of `c` that `text` begins with.
fn forms(text: &str, c: char) -> impl Iterator<Item = usize> {
    let plain = text.starts_with(c).then(|| c.len_utf8());
    // Headers are sent without them.
    let dropped = c.is_control().then_some(0);
    let plus = (c == ' ' && text.starts_with('+')).then_some(1);
    let percent = percent(text, c);
    let (json, html) = (short_escape(c), entities(c));
    let named = json.into_iter().chain(html.iter().copied()).filter(|form| text.starts_with(form));
    let named: Vec<usize> = named.map(str::len).collect();
    [plain, dropped, plus, percent, unicode_escape(text, c)].into_iter().flatten().chain(named)
}

fn percent(text: &str, c: char) -> Option<usize> {
    let mut bytes = [0; 4];
    let form: String = c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")).collect();
    starts_with(text, &form)
}

fn unicode_escape(text: &str, c: char) -> Option<usize> {
    let mut units = [0; 2];
    let form: String = c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04X}")).collect();
    starts_with(text, &form)
}

/// Hexadecimal digits may be of either case.
fn starts_with(text: &str, form: &str) -> Option<usize> {
    let start = text.as_bytes().get(..form.len())?;
    start.eq_ignore_ascii_case(form.as_bytes()).then_some(form.len())
}

const fn short_escape(c: char) -> Option<&'static str> {
    Some(match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '/' => "\\/",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\u{8}' => "\\b",
        '\u{c}' => "\\f",
        _ => return None,
    })
}

const fn entities(c: char) -> &'static [&'static str] {
    match c {
        '&' => &["&amp;", "&#38;", "&#x26;"],
        '<' => &["&lt;", "&#60;", "&#x3c;", "&#x3C;"],
        '>' => &["&gt;", "&#62;", "&#x3e;", "&#x3E;"],
        '"' => &["&quot;", "&#34;", "&#x22;"],
        '\'' => &["&#39;", "&#x27;", "&apos;"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_secret_is_found_in_every_encoding() {
        let secret = "p%2 \"é\\/<&";
        for text in [
            secret,
            "p%252%20%22%C3%A9%5C%2F%3C%26",
            "p%252+%22%c3%a9%5c/%3c%26",
            r#"p%2 \"\u00e9\\\/<&"#,
            "p%2 &quot;é\\/&lt;&amp;",
        ] {
            assert_eq!(find(&format!("a {text}!"), secret, false), Some(2..2 + text.len()), "{text}");
        }
        assert_eq!(find("p%2 \"é", secret, false), None);
    }

    #[test]
    fn a_secret_that_is_cut_off_is_found_at_the_end_alone() {
        assert_eq!(find("x hunt", "hunter22", true), Some(2..6));
        assert_eq!(find("x hun", "hunter22", true), None);
        assert_eq!(find("x hunt x", "hunter22", true), None);
    }

    proptest! {
        #[test]
        fn what_is_found_lies_within_the_text(text in ".{0,40}", secret in ".{4,8}", cut: bool) {
            if let Some(range) = find(&text, &secret, cut) {
                prop_assert!(text.get(range).is_some());
            }
            let holds_it = format!("{text}{secret}");
            prop_assert!(find(&holds_it, &secret, cut).is_some());
        }
    }
}
