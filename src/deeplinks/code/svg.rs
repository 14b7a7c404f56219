//! A code as a drawing: one path, sharp in every size.

use std::fmt::Write;

use super::{CodeError, Grid};

/// `text` as an SVG document whose title is the text.
///
/// # Errors
/// When the text is too long.
pub fn svg(text: &str) -> Result<String, CodeError> {
    let grid = Grid::of(text)?;
    let side = grid.side;
    let mut path = String::new();
    for y in 0..side {
        let mut x = 0;
        for run in grid.row(y).chunk_by(|a, b| a == b) {
            if run[0] {
                let wide = run.len();
                // Writing to memory cannot fail.
                let _ = write!(path, "M{x} {y}h{wide}v1h-{wide}z");
            }
            x += run.len();
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" \
         role=\"img\"><title>{}</title><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" \
         d=\"{path}\"/></svg>\n",
        escaped(text)
    ))
}

/// `text` as it stands between tags. Characters that XML has no way to write become U+FFFD.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\t' | '\n' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
