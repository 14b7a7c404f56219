//! Rules about failures, `at most 2 % errors`, `jede tausendste Anfrage darf schiefgehen`, `zero failures tolerated`, and
//! parts of all that are to be in time: `half of all responses in under 80 ms`.

use super::{
    Reader,
    lexicon::{REQUESTS, like},
    quantity::Kind,
    threshold::{AT_MOST, OVER, UNDER, WITHIN, time},
    token::Kind as Piece,
};
use crate::ai::generator::roles::Role;

const ERRORS: &[&str] = &[
    "error",
    "errors",
    "failure",
    "failures",
    "fail",
    "fails",
    "failed",
    "failing",
    "err",
    "errs",
    "fehler",
    "fehlern",
    "fehlerquote",
    "fehlerrate",
    "error-rate",
    "fehlschläge",
    "fehlschlägen",
    "ausfälle",
    "ausfällen",
    "fehlschlagen",
    "fehlschlägt",
    "fehlgeschlagen",
    "fehlgeschlagene",
    "fehlgeschlagenen",
    "schiefgehen",
    "schiefgeht",
    "schief",
    "schieflaufen",
    "scheitern",
    "scheitert",
    "misslingen",
    "misslingt",
    "fehlerhaft",
    "fehlerhafte",
    "fehlerhaften",
    "wrong",
    "break",
    "breaks",
    "broken",
    "unsuccessful",
    "erroring",
    "danebengehen",
    "danebengeht",
    "daneben",
    "5xx",
    "kaputt",
    "kaputtgehen",
    "faulty",
    "fehlversuche",
    "fehleranteil",
    "patzer",
    "aussteiger",
    "error-quote",
    "errored",
    "eror",
    "erors",
];
/// Long words for errors, which are read through slips.
const LONG: &[&str] =
    &["fehlerrate", "fehlerquote", "fehleranteil", "fehlgeschlagen", "error-rate", "failures"];
const SUCCESS: &[&str] = &[
    "success",
    "erfolgsquote",
    "erfolgsrate",
    "erfolgreich",
    "successful",
    "successfully",
    "verfügbarkeit",
    "availability",
    "succeed",
    "succeeds",
    "gelingen",
    "klappen",
    "erfolg",
];
const NONE: &[&str] = &[
    "no",
    "zero",
    "without",
    "keine",
    "keinen",
    "keinerlei",
    "kein",
    "keiner",
    "ohne",
    "null",
    "0",
    "nothing",
    "nichts",
    "none",
    "any",
    "never",
    "not",
    "nicht",
    "nie",
];
/// What may stand between none and failures.
const BETWEEN: &[&str] = &[
    "any",
    "einen",
    "single",
    "einzigen",
    "einziger",
    "einzige",
    "one",
    "ein",
    "eine",
    "a",
    "request",
    "requests",
    "anfrage",
    "anfragen",
    "aufruf",
    "aufrufe",
    "call",
    "calls",
    "may",
    "must",
    "can",
    "should",
    "darf",
    "dürfen",
    "soll",
    "sollen",
    "kann",
    "is",
    "are",
    "allowed",
    "to",
    "of",
    "them",
    "davon",
    "go",
    "goes",
    "http",
    "server",
    "an",
    "at",
    "all",
    "response",
    "responses",
    "ever",
    "antwort",
    "wird",
    "gar",
    "auch",
    "nur",
];

impl Reader<'_> {
    /// Whether a word speaks of failures.
    fn fails(&self, from: usize, to: usize) -> bool {
        let long = |word: &str| word.chars().count() >= 8 && like(word, LONG);
        let ending = |word: &str| {
            let full = word.strip_suffix("hn").map(|stem| format!("{stem}hen"));
            full.is_some_and(|full| ERRORS.contains(&full.as_str()))
        };
        let slipped = |word: &str| {
            const NONE_OF_THEM: &[&str] = &["fehlen", "fehlt", "fehlte", "fehlten", "mirrors", "fehlern"];
            word.chars().count() >= 5 && !NONE_OF_THEM.contains(&word) && like(word, &["errors", "fehler"])
        };
        self.has(from, to, ERRORS)
            || (from..to.min(self.tokens.len())).any(|at| slipped(self.word(at)))
            || (from..to.min(self.tokens.len())).any(|at| long(self.word(at)) || ending(self.word(at)))
    }

    /// `error rate below 1 %`, `at most 2 % errors`, `one in a thousand may fail`, and `success rate above 99 %`.
    pub(super) fn errors(&mut self, at: usize, share: f64) -> bool {
        if self.role(at) == Some(Role::Nothing) {
            return false;
        }
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let (start, end) =
            (self.sentence_start(from), self.sentence_end(to.min(self.tokens.len().saturating_sub(1))));
        let near = start.max(from.saturating_sub(8));
        let before = self.quantities[..at]
            .iter()
            .rev()
            .find(|before| before.to <= from)
            .map_or(near, |before| near.max(before.to));
        let next = self.quantities.get(at + 1).map_or(end, |next| next.from.min(end));
        let reach = next.min(to + 8);
        let errors =
            self.fails(near, from) && !self.fails_of_another(at, near, from) || self.fails(to, reach);
        let timed = self.part_of(at).is_some();
        let success = self.has(near, from, SUCCESS) || !timed && share > 50.0 && self.has(to, reach, SUCCESS);
        if !(errors || success) || timed && !self.fails(before, from) || share > 100.0 {
            return false;
        }
        // `last time we had 2 % errors` is what was.
        let allows =
            |at: usize| self.is_word(at, &["darf", "dürfen", "may", "must", "should", "soll", "muss"]);
        if self.is_past(self.clause_start(from), from) && !(start..end).any(allows) {
            return true;
        }
        self.used[at] = true;
        let allowed = (before..reach)
            .any(|at| self.is_word(at, &["darf", "dürfen", "may", "can", "kann", "nur", "only"]));
        let op = self.upper(before, from).or_else(|| self.upper(to, reach).filter(|op| *op == "<="));
        let op = op.or_else(|| allowed.then_some("<=")).unwrap_or("<");
        let least = self.has(before, from, &["least", "mindestens", "wenigstens", "minimum"]);
        let (share, op) = match success && !errors {
            true => (100.0 - share, if least { "<=" } else { "<" }),
            false => (share, op),
        };
        let share = (share * 1e6).round() / 1e6;
        if share <= 0.0 {
            self.rule("failures", "== 0".to_owned(), None, from, to);
        } else {
            self.rule("error_rate", format!("{op} {share}%"), None, from, to);
        }
        true
    }

    /// Whether failures before a number belong to the number before it, with a comma between.
    fn fails_of_another(&self, at: usize, near: usize, from: usize) -> bool {
        let Some(before) = at.checked_sub(1).map(|before| &self.quantities[before]) else { return false };
        let comma = (before.to..from).any(|at| self.tokens[at].ends_clause());
        before.from >= near && comma && !self.fails(before.to, from)
    }

    /// The time that a part of all is to be answered in: `95 % under half a second`.
    pub(super) fn part_of(&self, at: usize) -> Option<usize> {
        let to = self.quantities[at].to;
        let next = self.quantities.get(at + 1).filter(|_| !self.used[at + 1])?;
        let end = self.sentence_end(to.min(self.tokens.len() - 1));
        if !matches!(next.kind, Kind::Time(..))
            || next.from > to + 10
            || next.from >= end
            || self.fails(to, next.from)
        {
            return None;
        }
        let bound = self.upper(to, next.from).is_some()
            || self.has(to, next.from, UNDER)
            || self.has(to, next.from, WITHIN)
            || self.is_word(next.from - 1, &["in", "within", "binnen", "after", "nach"])
                && (to..next.from).any(|at| like(self.word(at), REQUESTS));
        let waits = self.has(to, next.from, super::settings::THINK);
        let counts = (to..next.from).any(|at| matches!(self.tokens[at].kind, Piece::Url(_)));
        (bound && !waits && !counts).then_some(at + 1)
    }

    /// `half of all responses in under 80 ms`, `at most 5 % may take longer than 300 ms`.
    pub(super) fn part_timed(&mut self, at: usize, share: f64) {
        let Some(next) = self.part_of(at) else { return };
        let Kind::Time(millis, _) = self.quantities[next].kind else { return };
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let until = self.quantities[next].from;
        let start = self.clause_start(from).max(from.saturating_sub(5));
        let slower = self.has(to, until, OVER)
            && !self.has(to, until, &["no", "not", "nicht", "never", "kein", "nie"]);
        let rare = self.has(start, from, AT_MOST)
            || self.has(
                start,
                from,
                &["only", "nur", "less", "fewer", "weniger", "more", "mehr", "höchstens"],
            );
        let (share, op) = if slower && (rare || share <= 10.0) {
            (100.0 - share, "<=")
        } else if slower {
            return;
        } else {
            (share, self.upper(to, until).unwrap_or("<"))
        };
        if !(0.0..100.0).contains(&share) || share <= 0.0 {
            return;
        }
        let share = (share * 1e4).round() / 1e4;
        (self.used[at], self.used[next]) = (true, true);
        let end = self.quantities[next].to;
        let of = self.narrowed(to, until).or_else(|| self.just_before(from));
        self.rule(&format!("p{share}"), format!("{op} {}", time(millis)), of, from, end);
    }

    /// `no errors`, `ohne Fehler`, `kein einziger Fehler`, `zero failures tolerated`, `no request may fail`, `fehlerfrei`.
    pub(super) fn none(&mut self) {
        for at in 0..self.tokens.len() {
            if self.fails(at, at + 1) && self.is_none_behind(at) {
                self.no_failures(at, at + 5);
                continue;
            }
            if self.is_word(at, &["fehlerfrei", "error-free", "fehlerlos", "failure-free"]) {
                self.no_failures(at, at + 1);
                continue;
            }
            if !self.is_word(at, NONE) || self.is_order(at) {
                continue;
            }
            let (mut noun, mut unknown) = (at + 1, 0);
            // What must not fail may be called anything: `not a single hand-in may fail`.
            let single = self.has(at, at + 3, &["single", "einziger", "einzige", "einziges"]);
            while noun < at + 7
                && (self.is_word(noun, BETWEEN)
                    || single
                        && unknown == 0
                        && self
                            .tokens
                            .get(noun)
                            .is_some_and(|token| token.kind == Piece::Word && !self.fails(noun, noun + 1)))
            {
                unknown += usize::from(!self.is_word(noun, BETWEEN));
                noun += 1;
            }
            if !self.is_word(noun, ERRORS)
                || self.is_word(noun + 1, &["rate", "quote", "code", "codes", "page", "pages"])
            {
                continue;
            }
            // `not fail` needs what must not; `any fail` says what happens then.
            let speaks = (at + 1..noun).any(|at| like(self.word(at), REQUESTS))
                || (self.sentence_start(at)..at).any(|at| like(self.word(at), REQUESTS));
            let weak = self.is_word(at, &["not", "nicht", "nie", "never", "any", "none"]);
            let single = self.has(at + 1, noun, &["single", "einziger", "einzigen", "einzige", "ein", "one"]);
            let condition = self.word(at) == "any";
            if condition || weak && !speaks && !single {
                continue;
            }
            self.no_failures(at, noun + 1);
        }
    }

    /// `failures must be 0`, `Fehler dürfen gar keine kommen`, `errors: none`.
    fn is_none_behind(&self, at: usize) -> bool {
        const MUST: &[&str] = &[
            "must", "dürfen", "dürfn", "darf", "may", "should", "be", "sind", "are", "=", ":", "==", "soll",
            "sollen", "müssen",
        ];
        let end = self.sentence_end(at).min(at + 5);
        let none = (at + 1..end).find(|&at| self.is_word(at, &["0", "zero", "none", "keine", "null"]));
        none.is_some_and(|none| {
            let unit = self.tokens.get(none + 1).is_some_and(|next| {
                matches!(next.kind, Piece::Mark('%' | '.' | ','))
                    && next.start == self.tokens[none].end
                    && next.kind == Piece::Mark('%')
            });
            !unit && self.has(at + 1, none, MUST)
        })
    }

    fn no_failures(&mut self, from: usize, to: usize) {
        for at in 0..self.quantities.len() {
            let one = &self.quantities[at];
            if one.from >= from && one.to <= to && matches!(one.kind, Kind::Bare(_)) {
                self.used[at] = true;
            }
        }
        self.rule("failures", "== 0".to_owned(), None, from, to.min(self.tokens.len()));
    }
}
