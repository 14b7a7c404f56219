//! The texts of a request, a few at a time, so that who asks about one does not wait for who asks about hundreds.

use super::{Done, EmbedError, Embedded, bert::Bert};

/// Texts that are computed together.
const TOGETHER: usize = 8;
/// The same of a request that others may overtake.
const STEP: usize = 4;

/// A request for vectors, and how far it is.
pub(super) struct Batch {
    texts: Vec<String>,
    /// Which are left, the longest first: texts of like length go together, so that little is computed of what fills them up.
    left: Vec<usize>,
    embedded: Embedded,
    done: Done<Embedded>,
}

impl Batch {
    pub(super) fn new(texts: Vec<String>, done: Done<Embedded>) -> Self {
        let mut left: Vec<usize> = (0..texts.len()).collect();
        left.sort_by_key(|&at| std::cmp::Reverse(texts[at].len()));
        let embedded = Embedded { vectors: vec![Vec::new(); texts.len()], tokens: 0 };
        Self { texts, left, embedded, done }
    }

    /// Whether it is computed at once.
    pub(super) fn is_short(&self) -> bool {
        self.texts.len() <= TOGETHER
    }

    /// Computes some of what is left, and answers when that is all: None then, or where nobody wants it any more.
    pub(super) fn step(mut self, bert: &Bert) -> Option<Self> {
        if self.done.is_closed() {
            return None;
        }
        let together = if self.is_short() { TOGETHER } else { STEP };
        let some = self.left.split_off(self.left.len().saturating_sub(together));
        let words = some.iter().map(|&at| self.texts[at].as_str()).collect();
        match bert.embed(words) {
            Ok((vectors, tokens)) => {
                self.embedded.tokens += tokens;
                some.into_iter().zip(vectors).for_each(|(at, vector)| self.embedded.vectors[at] = vector);
            }
            Err(error) => {
                self.done.send(Err(EmbedError::Load(error.to_string()))).ok();
                return None;
            }
        }
        if self.left.is_empty() {
            self.done.send(Ok(self.embedded)).ok();
            return None;
        }
        Some(self)
    }

    pub(super) fn fail(self, error: EmbedError) {
        self.done.send(Err(error)).ok();
    }
}
