//! What of the model's writing is the answer: up to a text to stop at, or to the end of its document.

use super::{Shape, Whole};

/// Reads along, and holds back what may be the beginning of a text to stop at.
#[derive(Debug)]
pub struct Written {
    shape: Shape,
    stop: Vec<String>,
    /// Known from the first character on, for a document.
    document: Option<Option<Whole>>,
    held: String,
    complete: bool,
}

impl Written {
    /// For an answer of this form that ends at one of `stop`.
    #[must_use]
    pub fn new(shape: Shape, stop: Vec<String>) -> Self {
        Self { shape, stop, document: None, held: String::new(), complete: false }
    }

    /// Takes what the model wrote; gives what is known to be of the answer, and whether it is complete.
    pub fn push(&mut self, text: &str) -> (String, bool) {
        if self.complete {
            return (String::new(), true);
        }
        let first = text.chars().find(|c| !c.is_whitespace());
        if self.document.is_none() && first.is_some() {
            self.document = Some(self.shape.is_document(first).then(Whole::default));
        }
        if let Some(Some(whole)) = &mut self.document {
            let end = whole.push(text);
            self.complete = end.is_some();
            return (text[..end.unwrap_or(text.len())].to_owned(), self.complete);
        }
        self.held.push_str(text);
        if let Some(at) = self.stop.iter().filter_map(|stop| self.held.find(stop.as_str())).min() {
            self.held.truncate(at);
            self.complete = true;
            return (std::mem::take(&mut self.held), true);
        }
        let kept = self.stop.iter().map(|stop| overlap(&self.held, stop)).max().unwrap_or(0);
        let rest = self.held.split_off(self.held.len() - kept);
        (std::mem::replace(&mut self.held, rest), false)
    }

    /// What was held back and is of the answer after all, for nothing comes any more.
    pub fn rest(&mut self) -> String {
        std::mem::take(&mut self.held)
    }
}

/// Bytes at the end of `text` that `stop` begins with.
pub fn overlap(text: &str, stop: &str) -> usize {
    let longest = text.len().min(stop.len().saturating_sub(1));
    let fits = |&length: &usize| stop.is_char_boundary(length) && text.ends_with(&stop[..length]);
    (1..=longest).rev().find(fits).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(shape: Shape, stop: &[&str], pieces: &[&str]) -> (String, bool) {
        let mut written = Written::new(shape, stop.iter().map(|&stop| stop.to_owned()).collect());
        let mut text = String::new();
        for piece in pieces {
            let (more, complete) = written.push(piece);
            text.push_str(&more);
            if complete {
                return (text, true);
            }
        }
        (text + &written.rest(), false)
    }

    #[test]
    fn an_answer_ends_before_the_text_to_stop_at_however_it_is_cut() {
        assert_eq!(read(Shape::Free, &["END"], &["one E", "N", "D two"]), ("one ".to_owned(), true));
        assert_eq!(read(Shape::Free, &["END"], &["one EN", "T two"]), ("one ENT two".to_owned(), false));
        assert_eq!(read(Shape::Free, &["ENDE", "ND"], &["E", "N", "D"]), ("E".to_owned(), true));
    }

    #[test]
    fn a_document_ends_with_its_last_brace() {
        let shape = Shape::Json(json!({ "type": "object" }));
        assert_eq!(read(shape, &["}"], &[" {\"a\"", ": {}", "} and on"]), (" {\"a\": {}}".to_owned(), true));
    }

    proptest! {
        #[test]
        fn no_character_is_lost(text in "[aEND ü]{0,40}", cuts in proptest::collection::vec(1..6_usize, 1..40)) {
            let chars: Vec<char> = text.chars().collect();
            let (mut pieces, mut at) = (Vec::new(), 0);
            for cut in cuts.iter().cycle() {
                if at >= chars.len() { break }
                let end = (at + cut).min(chars.len());
                pieces.push(chars[at..end].iter().collect::<String>());
                at = end;
            }
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            let expected = text.split("END").next().unwrap_or_default();
            prop_assert_eq!(read(Shape::Free, &["END"], &pieces).0, expected);
        }
    }
}
