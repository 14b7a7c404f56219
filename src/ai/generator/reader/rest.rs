//! What is left of a text when all else has been read: numbers that say nothing, quoted parts, what was too much.

use super::{
    MOST_NUMBERS, MOST_TOKENS, Reader, lexicon,
    quantity::{self, Quantity},
    token,
};

impl Reader<'_> {
    /// Says where a text has more words or numbers than are read.
    pub(super) fn tell_of_the_rest(&mut self, words: usize, numbers: usize) {
        for (what, there, most) in
            [("words and marks", words, MOST_TOKENS), ("numbers", numbers, MOST_NUMBERS)]
        {
            if there > most {
                self.reading
                    .notes
                    .push(format!("the text has {there} {what}: only the first {most} are read"));
            }
        }
    }

    /// Lists what nothing was made of.
    pub(super) fn rest(&mut self) {
        for at in 0..self.quantities.len() {
            if self.used[at] || matches!(self.quantities[at].kind, quantity::Kind::Stat(_)) {
                continue;
            }
            let Quantity { from, to, .. } = self.quantities[at];
            if let quantity::Kind::Bare(value) = self.quantities[at].kind
                && value > 0.0
                && self.reading.unclear.len() < 20
            {
                let fact = self.of(value, at);
                self.reading.unclear.push(fact);
            }
            self.unused(from, to, "a number that says nothing about the test, as far as can be told");
        }
        for at in 0..self.tokens.len() {
            if matches!(self.tokens[at].kind, token::Kind::Quoted) {
                self.unused(at, at + 1, "stands in quotes, and what is quoted is never read as load");
            }
        }
        self.password_of_nothing();
        let words = self.tokens.iter().filter(|token| token.kind == token::Kind::Word);
        let (mut known, mut all) = (0, 0);
        for token in words {
            all += 1;
            known += usize::from(lexicon::is_known(&token.low));
        }
        // A word that no other language has says more than many that are not listed.
        let ours = self.has(0, self.tokens.len(), lexicon::OURS);
        self.reading.known_words = (if ours { all } else { known }, all);
        self.reading.says_more = self.says_more();
        self.reading.unused.sort_by_key(|one| one.span.start);
        self.reading.unused.truncate(100);
    }
}
