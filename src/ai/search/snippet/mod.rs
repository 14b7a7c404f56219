//! The part of a text that shows why it was found.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::fulltext::{Asked, is_unseen, tokens};

/// About how long a part is, in characters.
const LONG: usize = 200;
/// Characters before the first word that is marked.
const BEFORE: usize = 40;
/// Most words that are marked.
const MOST_MARKS: usize = 40;

/// A text with the words marked that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Marked {
    /// The text, plain: whoever shows it as a page escapes it.
    #[schema(example = "Shop checkout, p95 212 ms")]
    pub text: String,
    /// Where the words are, each as its first character and the one behind its last, counted in characters of
    /// Unicode.
    #[schema(example = json!([[5, 13]]))]
    pub marks: Vec<[usize; 2]>,
}

/// All of a short text.
#[must_use]
pub fn whole(text: &str, asked: Option<&Asked>) -> Marked {
    let text: String = text.chars().map(plain).filter(|c| !is_unseen(*c)).collect();
    let marks = asked.map_or_else(Vec::new, |asked| marks(&text, asked));
    Marked { text, marks }
}

/// The part of `text` where the first word stands that is asked for, else its beginning.
#[must_use]
pub fn part(text: &str, asked: Option<&Asked>) -> Marked {
    let first = asked.and_then(|asked| tokens(text).find(|token| asked.takes(&token.word)));
    let at = first.map_or(0, |token| token.at.start);
    let begins = start(text, at);
    let rest = &text[begins..];
    let length = rest.char_indices().nth(LONG).map_or(rest.len(), |(end, _)| {
        // Not in the middle of a word, where there is a gap near.
        rest[..end].rfind(char::is_whitespace).filter(|gap| *gap > end / 2).unwrap_or(end)
    });
    let (before, after) = (if begins > 0 { "… " } else { "" }, if length < rest.len() { " …" } else { "" });
    whole(&format!("{before}{}{after}", &rest[..length]), asked)
}

/// Where a part begins that shows what stands at `at`: with a word.
fn start(text: &str, at: usize) -> usize {
    let before = text[..at].char_indices().rev().nth(BEFORE).map_or(0, |(start, _)| start);
    match before {
        0 => 0,
        _ => text[before..at].find(char::is_whitespace).map_or(at, |gap| {
            let gap = before + gap;
            gap + text[gap..].chars().next().map_or(0, char::len_utf8)
        }),
    }
}

fn marks(text: &str, asked: &Asked) -> Vec<[usize; 2]> {
    let found = tokens(text).filter(|token| asked.takes(&token.word)).take(MOST_MARKS);
    let (mut bytes, mut characters) = (0, 0);
    let mut count = |to: usize| {
        characters += text[bytes..to].chars().count();
        bytes = to;
        characters
    };
    found.map(|token| [count(token.at.start), count(token.at.end)]).collect()
}

/// A line's end and whatever else controls a terminal is a space.
fn plain(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(marked: &Marked) -> Vec<String> {
        let of = |[from, to]: &[usize; 2]| marked.text.chars().skip(*from).take(to - from).collect();
        marked.marks.iter().map(of).collect()
    }

    #[test]
    fn words_are_marked_where_they_stand() {
        let asked = Asked::of("größe order");
        let found = whole("Größe: die Orders\nvon <b>Order</b>", asked.as_ref());
        assert_eq!(marked(&found), ["Größe", "Orders", "Order"]);
        assert_eq!(found.text, "Größe: die Orders von <b>Order</b>");
        assert_eq!(whole("nothing", None).marks, Vec::<[usize; 2]>::new());
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_word() {
        let text = format!("{}the checkout is slow {}", "before it ".repeat(50), "and after it ".repeat(50));
        let found = part(&text, Asked::of("checkout").as_ref());
        assert_eq!(marked(&found), ["checkout"]);
        assert!(found.text.starts_with("… ") && found.text.ends_with(" …"), "{}", found.text);
        assert!(found.text.chars().count() <= LONG + 4, "{}", found.text);
        assert_eq!(part("short", None).text, "short");
    }

    proptest! {
        #[test]
        fn marks_lie_in_the_text_in_order(text in "\\PC{0,400}", query in "\\PC{1,10}") {
            let asked = Asked::of(&query);
            let found = part(&text, asked.as_ref());
            let long = found.text.chars().count();
            prop_assert!(found.marks.is_sorted() && found.marks.iter().all(|[from, to]| from < to && *to <= long));
        }
    }
}
