//! What counts one, and is no number: `ein Nutzer`, `each of them once`, `jeder genau einmal`.

use super::{Reader, number, people::is_user, told::WELL};
use crate::ai::generator::roles::Role;

impl Reader<'_> {
    /// Whether a token is part of a number.
    fn is_of_number(&self, at: usize) -> bool {
        self.quantities.iter().any(|one| (one.from..one.to).contains(&at))
    }

    /// `ein Nutzer, hundert Durchläufe`: an article that counts.
    pub(super) fn one_told(&mut self) {
        let one = |at: usize| {
            let label = self.labels.label(self.tokens[at].start..self.tokens[at].end)?;
            let users = label.value == Role::Users && label.sure >= WELL;
            (users && number::article(self.word(at)) && is_user(self.word(at + 1))).then_some(at)
        };
        let found = (0..self.tokens.len()).filter(|&at| !self.is_of_number(at)).find_map(one);
        if let Some(at) = found.filter(|_| self.reading.load.users.is_empty()) {
            let fact = self.fact(1, at, at + 2);
            self.reading.load.users.push(fact);
        }
    }

    /// `each of them once`, `jeder einmal`: passes in words that are no numbers.
    pub(super) fn once_told(&mut self) {
        let once = |reader: &Self, at: usize| {
            let place = reader.tokens[at].start..reader.tokens[at].end;
            let label = reader.labels.label(place)?;
            let passes = label.value == Role::Passes && label.sure >= WELL;
            (passes && reader.is_word(at, &["once", "einmal", "one", "ein", "eine", "einen"])).then_some(at)
        };
        let found = (0..self.tokens.len()).filter(|&at| !self.is_of_number(at)).find_map(|at| once(self, at));
        if let Some(at) = found.filter(|_| self.reading.load.iterations.is_empty()) {
            let fact = self.fact(1, at, at + 1);
            self.reading.load.iterations.push(fact);
        }
    }

    /// `every one of them goes through this exactly once`, `jeder genau einmal`.
    pub(super) fn exactly_once(&mut self) {
        let each = ["each", "every", "everyone", "everybody", "jeder", "jede", "jedes", "alle", "all"];
        let once = |at: usize| {
            at > 0
                && self.is_word(at, &["once", "einmal"])
                && self.is_word(at - 1, &["exactly", "just", "only", "precisely", "genau", "nur"])
                && !self.is_word(at + 1, &["per", "pro", "every", "a", "each", "in", "alle", "je", "am"])
                && self.has(self.sentence_start(at), at, &each)
        };
        // `jeder nur ein einziges Mal`
        let single = |at: usize| {
            at > 1
                && self.word(at) == "mal"
                && self.word(at - 1) == "einziges"
                && self.has(self.sentence_start(at), at, &each)
        };
        let found = (0..self.tokens.len()).find(|&at| once(at) || single(at));
        if let Some(at) = found.filter(|_| self.reading.load.iterations.is_empty()) {
            let fact = self.fact(1, at - 1, at + 1);
            self.reading.load.iterations.push(fact);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{read, read_told};
    use crate::ai::generator::roles::tests::marked;

    #[test]
    fn an_article_may_count() {
        let (text, told) =
            marked("nur /ping auf http://127.0.0.1:1, ⟦users|ein Nutzer⟧, ⟦passes|hundert⟧ Durchläufe");
        let load = read_told(&text, &told).load;
        assert_eq!((load.users[0].value, load.iterations[0].value), (1, 100));
        let load = read("ein Nutzer reicht auf http://127.0.0.1:1").load;
        assert_eq!(load.users.iter().map(|fact| fact.value).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn once_is_a_number_of_passes() {
        for (text, passes) in [
            (
                "GET http://127.0.0.1:1/a, 500 users, and every one of them goes through this exactly once",
                [1].as_slice(),
            ),
            ("http://127.0.0.1:1/a, 5 Nutzer, jeder genau einmal", &[1]),
            ("http://127.0.0.1:1/a, 5 Nutzer, jeder nur ein einziges Mal", &[1]),
            ("http://127.0.0.1:1/a, ten users, fifty goes each", &[50]),
            ("PATCH http://127.0.0.1:1/a x20, 4 users", &[20]),
            ("http://127.0.0.1:1/a, 5 users, each only once per second", &[]),
        ] {
            let found: Vec<u32> = read(text).load.iterations.iter().map(|fact| fact.value).collect();
            assert_eq!(found, passes, "{text}");
        }
    }
}
