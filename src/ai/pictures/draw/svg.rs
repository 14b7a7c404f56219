//! What the library leaves of a drawing of lines, made fit to be shown: smaller, and with words for those who do
//! not see it.

use super::Words;

/// The drawing `text` as it is shown, `width` by `height` pixels large.
#[must_use]
pub fn finished(text: &str, (width, height): (u32, u32), words: &Words) -> String {
    // The library begins with its own size, which is that of its units.
    let (head, rest) = text.split_once('>').unwrap_or(("", text));
    let units = head.split("viewBox=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"{units}\" \
         role=\"img\" aria-labelledby=\"maid-title maid-description\">\n<title id=\"maid-title\">{}</title>\n\
         <desc id=\"maid-description\">{}</desc>{rest}",
        escaped(&words.title),
        escaped(&words.description)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
