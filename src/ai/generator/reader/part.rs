//! Parts of all: `half of`, `99 out of 100`, `one in a thousand`, `jeder Fünfte`; and rates that are said by their
//! pace: `one request every two seconds`.

use super::{
    lexicon::{ADJECTIVES, REQUESTS, like, unit},
    number,
    people::is_user,
    quantity::{Kind, Tokens},
    token::Kind as Piece,
};

/// Words that say that one of so many is meant.
const EVERY: &[&str] = &["every", "each", "jeder", "jede", "jedes", "jeden", "jedem"];

/// Words that say that users come in.
pub(super) const NEW: &[&str] = &[
    "new",
    "nwe",
    "more",
    "another",
    "additional",
    "neue",
    "neuer",
    "neues",
    "neuen",
    "weitere",
    "weiteren",
    "zusätzliche",
    "zusätzlichen",
];

impl Tokens<'_> {
    /// A part of all.
    pub(super) fn part(&self, at: usize) -> Option<(Kind, usize)> {
        let found = self.half_of(at).or_else(|| self.named_part(at)).or_else(|| self.every_nth(at));
        let (part, to) = found.or_else(|| self.out_of(at)).or_else(|| self.per_mille(at))?;
        (part > 0.0 && part < 1.0).then_some((Kind::Part(part), to))
    }

    /// `half of`, `half the`, `die Hälfte`.
    fn half_of(&self, at: usize) -> Option<(f64, usize)> {
        let to = match (self.word(at), self.word(at + 1)) {
            ("half", "of") if !number::article(self.word(at + 2)) && !self.compares(at + 2) => at + 2,
            ("half", "the" | "our" | "all") if !self.compares(at + 2) => at + 1,
            ("hälfte" | "haelfte", next) if next != "davon" || !is_user(self.word(at + 2)) => at + 1,
            _ => return None,
        };
        unit(self.word(to)).is_none().then_some((0.5, to))
    }

    /// `half of that`, `half the number`: nothing is a part of that.
    fn compares(&self, at: usize) -> bool {
        matches!(
            self.word(at),
            "that"
                | "number"
                | "load"
                | "amount"
                | "hour"
                | "minute"
                | "day"
                | "last"
                | "rate"
                | "pace"
                | "time"
                | "duration"
                | "speed"
                | "throughput"
        )
    }

    /// `a quarter of`, `two thirds`, `ein Viertel`, `zwei Drittel`.
    fn named_part(&self, at: usize) -> Option<(f64, usize)> {
        let count = if number::article(self.word(at)) { Some(1.0) } else { number::word(self.word(at)) };
        let count = match &self.0.get(at)?.kind {
            Piece::Number { value, glued } if glued.is_empty() => Some(*value),
            _ => count,
        }?;
        let of = match self.word(at + 1) {
            "third" | "thirds" | "drittel" => 3.0,
            "quarter" | "quarters" | "viertel" => 4.0,
            "fifth" | "fifths" | "fünftel" => 5.0,
            "sixth" | "sechstel" => 6.0,
            "eighth" | "achtel" => 8.0,
            "tenth" | "tenths" | "zehntel" => 10.0,
            "hundredth" | "hundertstel" => 100.0,
            "thousandth" | "tausendstel" => 1000.0,
            _ => return None,
        };
        let timed = unit(self.word(at + 2)).is_some()
            || self.word(at + 2) == "of"
                && number::article(self.word(at + 3))
                && unit(self.word(at + 4)).is_some();
        (!timed).then_some((count / of, at + 2))
    }

    /// `every third`, `jeder Fünfte`, `jede tausendste`.
    fn every_nth(&self, at: usize) -> Option<(f64, usize)> {
        if !EVERY.contains(&self.word(at)) {
            return None;
        }
        if let Piece::Number { value, glued } = &self.0.get(at + 1)?.kind {
            let dotted = glued.is_empty() && self.mark(at + 2, '.') && at + 3 < self.0.len();
            let ordinal = matches!(glued.as_str(), "th" | "nd" | "rd" | "st" | "te" | "ter");
            return (ordinal || dotted).then(|| (1.0 / value, at + 2 + usize::from(dotted)));
        }
        let nth = number::ordinal(self.word(at + 1))?;
        let counted =
            like(self.word(at + 2), REQUESTS) || is_user(self.word(at + 2)) || self.word(at + 2) == "one";
        if self.word(at + 1) == "second" && !counted {
            return None;
        }
        (unit(self.word(at + 2)).is_none()).then_some((1.0 / nth, at + 2))
    }

    /// `99 out of 100`, `one in a thousand`, `neun von zehn`.
    fn out_of(&self, at: usize) -> Option<(f64, usize)> {
        let article = matches!(self.word(at), "one" | "einer" | "eine" | "eins" | "ein");
        let (some, next) = match self.number(at) {
            Some((value, "", next)) => (value, next),
            None if article => (1.0, at + 1),
            _ => return None,
        };
        let noun = usize::from(like(self.word(next), REQUESTS) || is_user(self.word(next)));
        let next = next + noun;
        let behind = match (self.word(next), self.word(next + 1)) {
            ("out", "of") => next + 2,
            ("in" | "von" | "aus" | "of", _) => next + 1,
            _ => return None,
        };
        let (all, glued, to) = self.number(behind).or_else(|| self.hundreds(behind))?;
        // `50 users in 10 seconds` is something else.
        let timed =
            unit(self.word(to)).is_some() || self.mark(to, '%') || is_user(self.word(to)) && noun == 1;
        let round =
            [5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0, 100_000.0, 1e6];
        let small = self.word(next) != "out" && some > 1.0;
        let known = round.iter().any(|one: &f64| (one - all).abs() < 0.5) || !small && all <= 20.0;
        (glued.is_empty() && !timed && known && some < all).then_some((some / all, to))
    }

    fn hundreds(&self, at: usize) -> Option<(f64, &str, usize)> {
        let article = number::article(self.word(at));
        let scale = number::scale(self.word(at + usize::from(article)))?;
        Some((scale, "", at + 1 + usize::from(article)))
    }

    /// `2 per mille`, `ein Promille`, `0,5 ‰`.
    fn per_mille(&self, at: usize) -> Option<(f64, usize)> {
        let (value, next) = match self.number(at) {
            Some((value, "", next)) => (value, next),
            None if number::article(self.word(at)) => (1.0, at + 1),
            _ => return None,
        };
        match (self.word(next), self.word(next + 1)) {
            ("promille", _) => Some((value / 1000.0, next + 1)),
            ("per", "mille" | "mil" | "thousand") => Some((value / 1000.0, next + 2)),
            _ if self.mark(next, '‰') => Some((value / 1000.0, next + 1)),
            _ => None,
        }
    }

    /// `a request every two seconds`, `alle zwei Sekunden eine Anfrage`.
    pub(super) fn paced(&self, at: usize) -> Option<(Kind, usize)> {
        if let Some((count, noun)) = self.one_or_more(at)
            && like(self.word(noun), REQUESTS)
            && let Some((millis, to)) = self.per(noun + 1).or_else(|| self.each_time(noun + 1))
        {
            return Some((Kind::Rate(count * 1000.0 / millis), to));
        }
        let (millis, to) = self.each_time(at).or_else(|| self.per(at))?;
        (to..to + 4).find_map(|from| {
            let (count, noun) = self.one_or_more(from)?;
            let stops = (to..from).any(|at| self.0.get(at).is_none_or(|token| token.ends_clause()));
            let pace = count * 1000.0 / millis;
            let counted = |kind| (!stops).then_some((kind, noun + 1));
            if like(self.word(noun), REQUESTS) {
                return counted(Kind::Rate(pace));
            }
            let new = (from..=noun).any(|at| NEW.contains(&self.word(at)));
            let added = (from..noun + 3).any(|at| {
                matches!(self.word(at), "dazu" | "hinzu" | "added" | "startet" | "starts" | "joins")
            });
            let new = new || added;
            let come = is_user(self.word(noun))
                || (from..noun + 3).any(|at| matches!(self.word(at), "ones" | "dazu" | "hinzu" | "added"));
            (new && come).then(|| counted(Kind::Hatch(pace))).flatten()
        })
    }

    /// A number or an article, with what describes behind it: the token of the noun.
    fn one_or_more(&self, at: usize) -> Option<(f64, usize)> {
        let (value, mut noun) = match self.number(at) {
            Some((value, "", next)) => (value, next),
            None if number::article(self.word(at)) => (1.0, at + 1),
            _ => return None,
        };
        while noun < at + 4
            && (ADJECTIVES.contains(&self.word(noun)) || matches!(self.word(noun), "get" | "post"))
        {
            noun += 1;
        }
        Some((value, noun)).filter(|(value, _)| *value > 0.0)
    }

    /// `every two seconds`, `alle 5 Minuten`, `per 10 s`: milliseconds, and the next token.
    pub(super) fn each_time(&self, at: usize) -> Option<(f64, usize)> {
        if !matches!(self.word(at), "every" | "each" | "alle" | "aller" | "jede" | "per" | "pro" | "je") {
            return None;
        }
        match self.time(at + 1) {
            Some((Kind::Time(millis, _), to)) if millis > 0.0 => Some((millis, to)),
            _ => None,
        }
    }
}
