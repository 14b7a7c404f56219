//! What a text must be before it is read: not too long, and nothing in it that nobody sees.

/// Longest text, in bytes.
pub const MAX_TEXT: usize = 32 * 1024;
/// Most invisible characters that are taken out before the text is refused.
const MOST_INVISIBLE: usize = 16;

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It is too long.
    #[error("is {0} bytes long, and {MAX_TEXT} is the most that is read: describe the test in fewer words")]
    TooLong(usize),
    /// There is nothing in it.
    #[error(
        "is empty: say what to test, such as `GET /products on http://127.0.0.1:8080 with 20 users for 1 minute`"
    )]
    Empty,
    /// It holds what nobody sees.
    #[error(
        "holds {count} invisible characters, the first (U+{code:04X}) at byte {at}: what nobody sees is not read; \
         write the text anew"
    )]
    Invisible {
        /// How many.
        count: usize,
        /// Which one is the first.
        code: u32,
        /// Where it stands.
        at: usize,
    },
}

/// Whether a character is there and not seen, or turns others around.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0x00AD | 0x034F | 0x061C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180E
        | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
        | 0xE0000..=0xE0FFF)
        || c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// The text without a few invisible characters, which a note names with their places.
///
/// # Errors
/// It is empty, too long, or holds many of them.
pub fn clean(text: &str) -> Result<(String, Vec<String>), TextError> {
    if text.len() > MAX_TEXT {
        return Err(TextError::TooLong(text.len()));
    }
    let hidden: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| is_invisible(*c)).collect();
    if let Some((at, c)) = hidden.first().filter(|_| hidden.len() > MOST_INVISIBLE) {
        return Err(TextError::Invisible { count: hidden.len(), code: u32::from(*c), at: *at });
    }
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    if seen.trim().is_empty() {
        return Err(TextError::Empty);
    }
    let note = |(at, c): &(usize, char)| {
        format!("an invisible character (U+{:04X}) at byte {at} was taken out", u32::from(*c))
    };
    Ok((seen, hidden.iter().map(note).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_taken_out_or_refused() {
        let (text, notes) = clean("50\u{200B}0 users\u{202E}").expect("a text");
        assert_eq!(text, "500 users");
        assert_eq!(
            notes,
            [
                "an invisible character (U+200B) at byte 2 was taken out",
                "an invisible character (U+202E) at byte 12 was taken out"
            ]
        );
        let many = format!("a{}", "\u{E0041}".repeat(40));
        assert_eq!(clean(&many), Err(TextError::Invisible { count: 40, code: 0xE0041, at: 1 }));
        assert_eq!(clean(" \u{200B} "), Err(TextError::Empty));
        assert_eq!(clean(&"x".repeat(MAX_TEXT + 1)), Err(TextError::TooLong(MAX_TEXT + 1)));
    }
}
