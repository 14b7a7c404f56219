//! Knows when a JSON document that comes piece by piece is complete.
//!
//! Grammars keep a model on its way; they do not tell it to stop. Whoever reads along does.

/// Reads along. What comes is taken for well-formed, which the grammar sees to.
#[derive(Clone, Debug, Default)]
pub struct Whole {
    depth: u32,
    in_text: bool,
    escaped: bool,
    begun: bool,
    /// A number, `true`, `false` or `null` by itself has no end of its own.
    bare: bool,
}

impl Whole {
    /// Takes the next piece. Where the document ends within it, that place, in bytes.
    pub fn push(&mut self, piece: &str) -> Option<usize> {
        for (at, c) in piece.char_indices() {
            let after = at + c.len_utf8();
            if self.in_text {
                match c {
                    _ if self.escaped => self.escaped = false,
                    '\\' => self.escaped = true,
                    '"' => {
                        self.in_text = false;
                        if self.depth == 0 {
                            return Some(after);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match c {
                '"' if !self.bare => (self.in_text, self.begun) = (true, true),
                '{' | '[' => (self.depth, self.begun) = (self.depth + 1, true),
                '}' | ']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(after);
                    }
                }
                c if c.is_whitespace() && self.bare && self.depth == 0 => return Some(at),
                c if !c.is_whitespace() && !self.begun => (self.begun, self.bare) = (true, true),
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn documents() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[\\PC\"\\\\{}\\[\\]]{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 30, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::vec(("[a-z\"\\\\]{1,5}", inner), 0..5)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_document_is_complete_at_its_last_character_and_never_before(value in documents(), step in 1..7_usize) {
            let value = json!({ "value": value });
            let text = format!("{value}, and more");
            let mut whole = Whole::default();
            let chars: Vec<char> = text.chars().collect();
            let mut before = 0;
            let mut end = None;
            for piece in chars.chunks(step) {
                let piece: String = piece.iter().collect();
                if let Some(at) = whole.push(&piece) {
                    end = Some(before + at);
                    break;
                }
                before += piece.len();
            }
            prop_assert_eq!(end, Some(value.to_string().len()));
        }
    }

    #[test]
    fn texts_and_numbers_by_themselves_end_too() {
        assert_eq!(Whole::default().push("\"a\\\"b\" rest"), Some(6));
        assert_eq!(Whole::default().push("true\n"), Some(4));
        assert_eq!(Whole::default().push("12"), None, "more digits may come");
    }
}
