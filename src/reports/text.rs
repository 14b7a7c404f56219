//! Text from elsewhere made safe to show: names and messages may come from a server that lies.

use std::borrow::Cow;

/// `text` on one line, without control characters: no escape sequence reaches a terminal.
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_hidden) {
        Cow::Owned(text.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Control characters, and the marks that turn the direction of text around.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// [`plain`] text, cut to `width` columns with `…`.
pub fn cut(text: &str, width: usize) -> String {
    console::truncate_str(&plain(text), width, "…").into_owned()
}

/// Lines of at most `width` columns, broken between words; a longer word is cut.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let safe = plain(text);
    for word in safe.split_inclusive(' ') {
        let fits =
            |line: &String| console::measure_text_width(&format!("{line}{}", word.trim_end())) <= width;
        match lines.last_mut() {
            Some(line) if fits(line) || word.trim().is_empty() => line.push_str(word),
            _ => lines.push(word.to_owned()),
        }
    }
    lines.iter().map(|line| cut(line.trim_end(), width)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_but_text() {
        assert_eq!(plain("a\u{1b}[31mb\r\nc\u{202e}"), "a [31mb  c ");
        assert_eq!(cut("checkout", 5), "chec…");
        assert_eq!(cut("日本語の名前", 5), "日本…");
    }
}
