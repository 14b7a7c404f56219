//! The text of a prompt, cut at its places.

use super::variable::Values;

/// What a place begins with.
const OPEN: &str = "{{";
/// What a place ends with.
const CLOSE: &str = "}}";
/// Longest text that comes of filling values in, in bytes: a value may be in many places.
const LONGEST: usize = 1 << 20;
/// Mistakes that are told at once.
const MOST_WRONG: usize = 20;

/// A text, cut at its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place(String),
}

impl Template {
    /// Cuts a text at its places.
    ///
    /// # Errors
    /// Every `{{` that begins no place, with where it is.
    pub(super) fn parse(text: &str) -> Result<Self, Vec<String>> {
        let (mut pieces, mut wrong) = (Vec::new(), Vec::new());
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(OPEN) {
            let (before, inside) = (&rest[..at], &rest[at + OPEN.len()..]);
            if let Some(before) = before.strip_suffix('\\') {
                plain.push_str(before);
                plain.push_str(OPEN);
                rest = inside;
                continue;
            }
            plain.push_str(before);
            if let Some((name, after)) = place(inside) {
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Place(name.to_owned()));
                rest = after;
            } else {
                if wrong.len() < MOST_WRONG {
                    wrong.push(misplaced(text, text.len() - rest.len() + at));
                }
                rest = inside;
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        if wrong.is_empty() { Ok(Self(pieces)) } else { Err(wrong) }
    }

    /// The names of its places; one that is there twice comes twice.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Place(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The text with `values` in its places. What they hold is not looked at.
    ///
    /// # Errors
    /// When it gets too long.
    pub(super) fn fill(&self, values: &Values) -> Result<String, String> {
        let mut filled = String::new();
        for piece in &self.0 {
            let more = match piece {
                Piece::Text(text) => text,
                Piece::Place(name) => {
                    values.get(name).ok_or_else(|| format!("`{name}` is no variable of the prompt"))?
                }
            };
            if filled.len() + more.len() > LONGEST {
                return Err(format!("make the text longer than {LONGEST} bytes; give shorter ones"));
            }
            filled.push_str(more);
        }
        Ok(filled)
    }
}

/// The name of the place whose inside begins here, and what follows it.
fn place(inside: &str) -> Option<(&str, &str)> {
    let line = inside.find('\n').map_or(inside, |end| &inside[..end]);
    let end = line.find(CLOSE)?;
    let name = line[..end].trim();
    is_name(name).then_some((name, &inside[end + CLOSE.len()..]))
}

/// Whether `text` can be the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn misplaced(text: &str, at: usize) -> String {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!(
        "line {line}, column {column}: `{{{{` begins no place: write `{{{{ name }}}}` with a name of small letters, \
         digits and `_`, or `\\{{{{` for the two characters themselves"
    )
}
