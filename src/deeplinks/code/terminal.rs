//! A code as text for a terminal: two modules a character.

use super::{CodeError, Grid};

/// `text` as lines of half blocks. What is light in the code is drawn, as terminals are dark; readers take the inverse
/// as well, which is what they see on a light one.
///
/// # Errors
/// When the text is too long.
pub fn terminal(text: &str) -> Result<String, CodeError> {
    let grid = Grid::of(text)?;
    let mut lines = String::new();
    for y in (0..grid.side).step_by(2) {
        for x in 0..grid.side {
            // There is an odd number of rows: below the last one nothing is drawn.
            let below = y + 1 < grid.side && !grid.is_dark(x, y + 1);
            lines.push(match (!grid.is_dark(x, y), below) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        lines.push('\n');
    }
    Ok(lines)
}
