//! Texts as literals of other languages: whatever a text holds, what reads the literal gets the text back.

mod bash;
mod javascript;
mod python;
mod rust;

pub use self::{bash::bash, javascript::javascript, python::python, rust::rust};

/// A text for a comment of one line: line breaks and other control characters become spaces.
#[must_use]
pub fn comment(text: &str) -> String {
    let plain =
        |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || hidden(c) { ' ' } else { c };
    text.chars().map(plain).collect()
}

/// Characters that change how the text around them is shown, and so could hide what a program does.
pub(crate) const fn hidden(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests;
