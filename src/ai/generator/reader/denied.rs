//! Numbers that the words around them deny: `15 minutes are too short, it has to be 40`, `don't run it for two hours like last
//! time`, `I once talked about 400, ignore that`, and numbers that only count the lines of a list.

use super::{
    Reader,
    people::is_user,
    quantity::Kind,
    token::{Kind as Piece, Token},
};

/// What is said of too much or too little of something.
const TOO: &[&str] = &[
    "short", "few", "little", "low", "long", "many", "much", "high", "kurz", "wenig", "wenige", "viel",
    "viele", "lang", "hoch", "niedrig", "knapp", "gering",
];
/// What stands behind `not` and its like where it is about a bound, and not about the number.
const BOUNDS: &[&str] = &[
    "more", "over", "above", "exceed", "beyond", "than", "longer", "mehr", "über", "länger", "als", "fewer",
    "less", "below", "under", "unter", "weniger", "until", "before", "bevor", "bis", "only", "just", "nur",
];
/// What nobody is to do with a number.
const USE: &[&str] =
    &["use", "run", "make", "take", "send", "do", "put", "want", "need", "start", "nimm", "nehmt", "nehmen"];

impl Reader<'_> {
    /// Takes out the numbers that words deny.
    pub(super) fn denied(&mut self) {
        for at in 0..self.quantities.len() {
            if self.used[at] {
                continue;
            }
            let (from, to) = (self.quantities[at].from, self.quantities[at].to);
            if self.counts_a_line(from, to) {
                self.void(at, "counts the lines of a list");
            } else if self.is_numbered(from) {
                self.void(at, "is the number of something, and counts nothing");
            } else if self.is_too_much(to) || self.is_wrong(to) {
                self.denied_for_another(at);
            } else if self.is_not_to_be_used(from) && self.is_said_anew(at) || self.is_to_be_ignored(to) {
                self.void(at, "is what is not meant");
            }
        }
    }

    /// `rather than 10`, `instead of 10 minutes`, `statt 10 Minuten`, `statt unter 400`.
    pub(super) fn is_stood_for(&self, from: usize) -> bool {
        let word = |back: usize| from.checked_sub(back).map_or("", |at| self.word(at));
        let unit = usize::from(matches!(word(1), "under" | "unter" | "below" | "über" | "over"));
        let unit = unit + usize::from(matches!(word(1 + unit), "der" | "den" | "die" | "the"));
        matches!(word(1 + unit), "statt" | "anstatt" | "anstelle")
            || matches!((word(2 + unit), word(1 + unit)), ("rather", "than") | ("instead", "of"))
    }

    /// `2. stay at 200`, `3) back down`, where a line before it has the number before.
    fn counts_a_line(&self, from: usize, to: usize) -> bool {
        let begins = |at: usize| at == 0 || self.tokens[at - 1].kind == Piece::Newline;
        let closes = |at: usize| {
            let mark = self.tokens.get(at).filter(|mark| matches!(mark.kind, Piece::Mark('.' | ')')));
            mark.is_some_and(|mark| mark.start == self.tokens[at - 1].end)
        };
        let of_line = |at: usize| match self.tokens[at].kind {
            Piece::Number { value, .. } if begins(at) && closes(at + 1) => Some(value),
            _ => None,
        };
        let Some(value) = of_line(from).filter(|_| to == from + 1) else { return false };
        let lines = (0..self.tokens.len()).filter_map(of_line);
        lines.filter(|other| (other - value).abs() < 1.5).count() > 1
    }

    /// `15 minutes are too short`, `30 Nutzer sind zu wenig`.
    fn is_too_much(&self, to: usize) -> bool {
        let end = self.clause_end(to.min(self.tokens.len() - 1)).min(to + 4);
        (to..end).any(|at| self.is_word(at, &["too", "zu"]) && self.is_word(at + 1, TOO))
    }

    /// `die 10 Minuten stimmen nicht`, `50 is wrong`.
    fn is_wrong(&self, to: usize) -> bool {
        let end = self.clause_end(to.min(self.tokens.len() - 1)).min(to + 5);
        (to..end).any(|at| {
            self.is_word(at, &["stimmt", "stimmen", "passt", "passen"]) && self.has(at + 1, end, &["nicht"])
                || self.is_word(at, &["is", "are", "was", "were", "ist", "sind", "war", "waren"])
                    && self.is_word(at + 1, &["wrong", "falsch", "incorrect"])
        })
    }

    /// `Nr. 17`, `ticket 4711`, `Build 20931`.
    fn is_numbered(&self, from: usize) -> bool {
        const NAMES: &[&str] =
            &["nr", "ticket", "build", "kundennr", "ticketnr", "auftrag", "auftragsnr", "vorgang"];
        let dot = usize::from(from > 0 && self.tokens[from - 1].kind == Piece::Mark('.'));
        let named = |back: usize| from.checked_sub(back).is_some_and(|at| self.is_word(at, NAMES));
        let alone = self.tokens.get(from + 1).is_none_or(|next| next.kind != Piece::Word);
        named(1 + dot) && alone
    }

    /// The number behind one that is too much counts the same, and what was said before of as much goes as well.
    fn denied_for_another(&mut self, at: usize) {
        let old = self.quantities[at].kind.clone();
        let near = |next: usize| self.quantities[next].from <= self.quantities[at].to + 14;
        let next = Some(at + 1).filter(|&next| next < self.quantities.len() && near(next));
        let Some(next) = next else { return };
        let new = match (&old, &self.quantities[next].kind) {
            (Kind::Users(_), Kind::Bare(value) | Kind::Users(value)) => Kind::Users(*value),
            (Kind::Time(_, unit), Kind::Bare(value)) => Kind::Time(value * unit, *unit),
            (Kind::Time(..), Kind::Time(..)) => self.quantities[next].kind.clone(),
            (Kind::Rate(_), Kind::Bare(value) | Kind::Rate(value)) => Kind::Rate(*value),
            _ => return,
        };
        self.quantities[next].kind = new;
        for before in 0..=at {
            if self.quantities[before].kind == old {
                self.void(before, "is what is not meant");
            }
        }
    }

    /// `don't use 1,000 users either`, `and not the 1000 users of last week either`.
    fn is_not_to_be_used(&self, from: usize) -> bool {
        const DO_NOT: &[&str] = &["don't", "don’t", "dont", "not", "nicht", "never", "kein", "keine", "no"];
        let start = self.clause_start(from).max(from.saturating_sub(7));
        let Some(not) = (start..from).rev().find(|&at| self.is_word(at, DO_NOT)) else { return false };
        let bound = self.has(not + 1, from, BOUNDS);
        let far = from > not + 3 && !self.has(not + 1, from, USE);
        !bound && !far && !self.is_word(not, &["no", "kein", "keine"])
    }

    /// Whether another number of the same kind, that nothing denies, stands behind it.
    fn is_said_anew(&self, at: usize) -> bool {
        let like = |kind: &Kind| match (&self.quantities[at].kind, kind) {
            (Kind::Time(old, _), Kind::Time(new, _)) => *old >= 10_000.0 && *new >= 10_000.0,
            (old, new) => {
                matches!(new, Kind::Users(_) | Kind::Rate(_))
                    && std::mem::discriminant(old) == std::mem::discriminant(new)
            }
        };
        let free =
            |other: &usize| !self.used[*other] && !self.is_not_to_be_used(self.quantities[*other].from);
        (at + 1..self.quantities.len()).filter(free).any(|other| like(&self.quantities[other].kind))
    }

    /// `I know I once talked about 400, ignore that`.
    fn is_to_be_ignored(&self, to: usize) -> bool {
        let to = to + usize::from(is_user(self.word(to)));
        let comma = self.tokens.get(to).is_some_and(Token::ends_clause);
        comma
            && self.is_word(to + 1, &["ignore", "forget", "vergiss", "vergesst", "ignoriere", "ignoriert"])
            && self.is_word(to + 2, &["that", "it", "das", "es", "this", "them", "die"])
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;

    fn users_and_seconds(text: &str) -> (Vec<u32>, Vec<u64>) {
        let load = read(text).load;
        (
            load.users.iter().map(|fact| fact.value).collect(),
            load.time.iter().map(|fact| fact.value / 1000).collect(),
        )
    }

    #[test]
    fn what_is_denied_does_not_count() {
        for (text, wanted) in [
            (
                "GET http://127.0.0.1:1/a, 15 minutes, 110 users.\nPS: 15 minutes are too short, it has to be 40.",
                (110, 2400),
            ),
            ("http://127.0.0.1:1/a: 30 Nutzer sind zu wenig, nimm 45, 10 Minuten", (45, 600)),
            (
                "Don't run this for two hours like last time, and don't use 1,000 users either. I want 2,000 users and half \
                 an hour on http://127.0.0.1:1/a",
                (2000, 1800),
            ),
            (
                "Not the 1000 users of last week either. Only 90 users on http://127.0.0.1:1/a, 18 minutes",
                (90, 1080),
            ),
            ("http://127.0.0.1:1/a, 40 users, an hour. I once talked about 400, ignore that", (40, 3600)),
            ("http://127.0.0.1:1/a, 40 users, not more than 5 minutes", (40, 300)),
        ] {
            let (users, seconds) = users_and_seconds(text);
            assert_eq!(
                (users.as_slice(), seconds.as_slice()),
                ([wanted.0].as_slice(), [wanted.1].as_slice()),
                "{text}"
            );
        }
    }

    #[test]
    fn numbers_of_lines_are_none() {
        let text = "http://127.0.0.1:1/a\n 1. climb from nothing to 200 users over 3 minutes\n 2. stay at 200 for 12 minutes\n 3. \
                    back down to zero within 2 minutes";
        let steps: Vec<(u64, f64)> = read(text)
            .load
            .stages
            .iter()
            .map(|step| (step.value.duration.get().as_secs(), step.value.target))
            .collect();
        assert_eq!(steps, [(180, 200.0), (720, 200.0), (120, 0.0)]);
    }
}
