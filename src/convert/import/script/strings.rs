//! Escapes in texts of both languages.

/// The text of an escape such as `\n`, `\x41` or `\u{1f600}`; what is no escape stands for itself.
pub(super) fn unescaped(escape: &str, python: bool) -> String {
    let rest = escape.strip_prefix('\\').unwrap_or(escape);
    let mut chars = rest.chars();
    let Some(first) = chars.next() else { return String::new() };
    let digits = chars.as_str();
    let of_code = |digits: &str, radix: u32| {
        let code = u32::from_str_radix(digits, radix).ok();
        code.map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER).to_string())
    };
    let kept = || if python { escape.to_owned() } else { rest.to_owned() };
    match first {
        'n' => "\n".to_owned(),
        'r' => "\r".to_owned(),
        't' => "\t".to_owned(),
        'b' => "\u{8}".to_owned(),
        'f' => "\u{c}".to_owned(),
        'v' => "\u{b}".to_owned(),
        'a' if python => "\u{7}".to_owned(),
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => String::new(),
        '\\' | '\'' | '"' | '`' => first.to_string(),
        'x' | 'U' => of_code(digits, 16).unwrap_or_else(kept),
        'u' => {
            let digits = digits.trim_start_matches('{').trim_end_matches('}');
            of_code(digits, 16).unwrap_or_else(kept)
        }
        '0'..='7' => of_code(rest, 8).unwrap_or_else(kept),
        _ => kept(),
    }
}

/// Joins the halves of characters that JavaScript writes as two escapes, `\ud83d\ude00`.
pub(super) fn surrogate(high: &str, low: &str) -> Option<char> {
    let half = |text: &str| u16::from_str_radix(text.strip_prefix("\\u")?, 16).ok();
    let (high, low) = (half(high)?, half(low)?);
    char::decode_utf16([high, low]).next()?.ok().filter(|c| u32::from(*c) > 0xFFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_characters() {
        for (escape, text) in [
            ("\\n", "\n"),
            ("\\x41", "A"),
            ("\\u00e9", "é"),
            ("\\u{1f600}", "😀"),
            ("\\'", "'"),
            ("\\0", "\0"),
        ] {
            assert_eq!(unescaped(escape, false), text, "{escape}");
        }
        assert_eq!(unescaped("\\d", false), "d");
        assert_eq!(unescaped("\\d", true), "\\d");
        assert_eq!(unescaped("\\U0001f600", true), "😀");
        assert_eq!(unescaped("\\ud800", false), "\u{fffd}");
        assert_eq!(surrogate("\\ud83d", "\\ude00"), Some('😀'));
        assert_eq!(surrogate("\\u0041", "\\u0042"), None);
    }
}
