//! What a text takes back of its own numbers: what it puts right ("no wait, 80"), what it compares with ("half as many as
//! last week's 400"), what belongs to an order to MAID itself, and what it says is not meant.

use super::{
    Reader,
    activity::of_word,
    lexicon::{is_other_user, is_user},
    quantity::Kind,
    token::Kind as Piece,
};

/// What may stand between a word that puts something right and what stands for it.
const FILLERS: &[&str] = &[
    "make", "it", "that", "to", "rather", "doch", "lieber", "besser", "better", "gesagt", "auf", "use",
    "only", "nur", "mit", "with", "for", "für", "at", "on", "an", "bitte", "please", "take", "nimm", "mach",
    "machen", "wir", "eher", "say", "sagen", "let's", "of", "be", "should", "es", "sollen", "sind", "it's",
    "get", "post", "we", "want", "just",
];
/// Words that put right what stands before them.
const CUES: &[&str] = &[
    "sorry",
    "pardon",
    "correction",
    "korrektur",
    "quatsch",
    "oops",
    "ups",
    "verzeihung",
    "entschuldigung",
    "vertan",
    "blödsinn",
    "unsinn",
    "falsch",
    "nonsense",
    "äh",
    "ähm",
    "uh",
    "hmm",
    "besser",
    "lieber",
    "rather",
    "better",
    "nein",
    "nee",
    "nope",
    "stattdessen",
    "actually",
    "eigentlich",
    "vielmehr",
    "beziehungsweise",
    "typo",
    "tippfehler",
    "korrigiere",
    "err",
    "apologies",
    "doch",
    "eher",
    "tschuldigung",
    "whoops",
    "argh",
    "mist",
];

impl Reader<'_> {
    /// Takes numbers out that are nobody's, and puts right what the text puts right.
    pub(super) fn correct(&mut self) {
        for at in 0..self.quantities.len() {
            let (from, to) = (self.quantities[at].from, self.quantities[at].to);
            if self.is_order(from) {
                self.void(at, "stands in an instruction to MAID itself: a text gives no orders");
            } else if self.is_negated(from, to) {
                self.void(at, "is what is not meant");
                self.takes_after(at);
            }
        }
        for at in 1..self.quantities.len() {
            if !self.used[at] && self.puts_right(at) {
                self.right(at);
            }
        }
        self.compared();
        self.some_of_them();
        self.bystanders();
    }

    fn void(&mut self, at: usize, reason: &str) {
        if !self.used[at] {
            self.used[at] = true;
            let (from, to) = (self.quantities[at].from, self.quantities[at].to);
            self.unused(from, to, reason);
        }
    }

    /// A bare number behind `but` counts what the one before it does.
    fn takes_after(&mut self, at: usize) {
        let Some(next) = self.quantities.get(at + 1) else { return };
        let Kind::Bare(value) = next.kind else { return };
        if next.from <= self.quantities[at].to + 5 {
            self.quantities[at + 1].kind = match self.quantities[at].kind {
                Kind::Users(_) => Kind::Users(value),
                Kind::Time(_, unit) => Kind::Time(value * unit, unit),
                Kind::Rate(_) => Kind::Rate(value),
                _ => return,
            };
        }
    }

    /// `not 500 users but 50`, `nicht 5, sondern 10`.
    fn is_negated(&self, from: usize, to: usize) -> bool {
        let near = (1..=2).any(|back| {
            from.checked_sub(back).is_some_and(|at| {
                let between = (at + 1..from)
                    .all(|at| self.is_word(at, &["with", "mit", "für", "for", "the", "die", "use"]));
                between && self.is_word(at, &["not", "nicht"])
            })
        });
        let end = (to + 8).min(self.tokens.len());
        near && self.has(to, end.min(self.sentence_end(to.min(self.tokens.len() - 1))), &["but", "sondern"])
    }

    /// Whether the token before this one, fillers left out, puts right what was said before; and where that begins.
    pub(super) fn cue(&self, from: usize) -> Option<usize> {
        let (mut at, mut marks) = (from, 0);
        for _ in 0..6 {
            at = at.checked_sub(1)?;
            let (word, before) = (self.word(at), at.checked_sub(1).map_or("", |before| self.word(before)));
            match self.tokens[at].kind {
                Piece::Mark(',' | ':' | '-' | '–' | '—' | '…' | '!' | '.') => {
                    marks += 1;
                    continue;
                }
                Piece::Word => {}
                _ => return None,
            }
            let begins = match (before, word) {
                ("no" | "oh" | "nein" | "ach" | "oops", "wait" | "warte" | "halt") => at - 1,
                ("i" | "ich", "mean" | "meant" | "meine" | "meinte")
                | ("scratch" | "make" | "strike", "that" | "it") => at - 1,
                ("ach", "nein" | "quatsch") | ("oder", "nein" | "besser" | "doch" | "lieber") => at - 1,
                ("or" | "but", "rather" | "better" | "actually") => at - 1,
                ("second", "thought" | "thoughts") => at - 1,
                (_, "no" | "wait" | "halt" | "stop" | "warte") if marks > 0 => at,
                (_, cue) if CUES.contains(&cue) => at,
                _ if FILLERS.contains(&word) => continue,
                _ => return None,
            };
            return Some(begins);
        }
        None
    }

    /// Whether a number stands for one that was said before. A sentence of its own that begins with a mere "no" and says
    /// everything anew stands beside the first: which counts is asked.
    fn puts_right(&self, at: usize) -> bool {
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let mut behind = to;
        while self
            .tokens
            .get(behind)
            .is_some_and(|token| matches!(token.kind, Piece::Mark(',' | '-' | '–' | '—')))
        {
            behind += 1;
        }
        let after = self.is_word(behind, &["i", "ich"])
            && self.is_word(behind + 1, &["mean", "meant", "meinte"])
            || self.is_word(behind, &["meine", "meinte", "meinten"])
                && self.is_word(behind + 1, &["ich", "wir"]);
        let Some(cue) = self.cue(from) else { return after };
        let plain = self.is_word(cue, &["no", "nein", "ach", "oh"]);
        let ends = |at: usize| self.tokens.get(at).is_some_and(super::token::Token::ends_sentence);
        let ellipsis = cue > 1 && ends(cue - 1) && self.tokens[cue - 2].kind == Piece::Mark('.');
        let own_sentence = cue > 0 && ends(cue - 1) && !ellipsis;
        !(plain && own_sentence) || matches!(self.quantities[at].kind, Kind::Bare(_))
    }

    /// Takes out the number that this one stands for.
    fn right(&mut self, at: usize) {
        let value = |kind: &Kind| match kind {
            Kind::Users(value)
            | Kind::Rate(value)
            | Kind::Hatch(value)
            | Kind::Times(value)
            | Kind::Bare(value) => Some(*value),
            Kind::Time(millis, unit) => Some(millis / unit),
            Kind::Percent(value) => Some(*value),
            _ => None,
        };
        let Some(new) = value(&self.quantities[at].kind) else { return };
        let kind = std::mem::discriminant(&self.quantities[at].kind);
        let bare = matches!(self.quantities[at].kind, Kind::Bare(_));
        let fits = |other: &usize| {
            let old = &self.quantities[*other].kind;
            let known = value(old).is_some() && (!bare || !matches!(old, Kind::Percent(_)));
            !self.used[*other] && known && (bare || std::mem::discriminant(old) == kind)
        };
        let adjacent = at - 1;
        let was_bare =
            !bare && !self.used[adjacent] && matches!(self.quantities[adjacent].kind, Kind::Bare(_));
        let far = |other: &usize| {
            value(&self.quantities[*other].kind)
                .map_or(f64::INFINITY, |old| (old.max(0.01) / new.max(0.01)).ln().abs())
        };
        let mut found = (0..at).rev().find(fits);
        if bare && let Some(nearest) = found {
            // A number alone stands for the one that it is like, unless that is not clear.
            let like = (0..at).rev().filter(fits).min_by(|one, other| far(one).total_cmp(&far(other)));
            found = like.filter(|like| far(like) + 1.0 < far(&nearest)).or(found);
        }
        if was_bare && self.quantities[adjacent].to + 8 > self.quantities[at].from {
            found = Some(adjacent);
        }
        let Some(old) = found else { return };
        let text = self.span(self.quantities[at].from, self.quantities[at].to).text;
        self.quantities[at].kind = match (self.quantities[old].kind.clone(), bare) {
            (Kind::Users(_), true) => Kind::Users(new),
            (Kind::Rate(_), true) => Kind::Rate(new),
            (Kind::Hatch(_), true) => Kind::Hatch(new),
            (Kind::Times(_), true) => Kind::Times(new),
            (Kind::Time(_, unit), true) => Kind::Time(new * unit, unit),
            _ => self.quantities[at].kind.clone(),
        };
        self.void(old, &format!("was put right by `{text}`"));
    }

    /// `half as many as last week's 400`, `gestern 300 Nutzer, heute doppelt so viele`.
    fn compared(&mut self) {
        for at in 0..self.quantities.len() {
            let factor = match self.quantities[at].kind {
                Kind::Factor(factor) => factor,
                Kind::Part(part) if self.is_word(self.quantities[at].to, &["davon", "dessen"]) => part,
                _ => continue,
            };
            let Some(of) = self.compared_with(at).filter(|_| !self.used[at]) else { continue };
            self.quantities[at].kind = match self.quantities[of].kind {
                Kind::Users(value) | Kind::Bare(value) => Kind::Users((value * factor).round()),
                Kind::Rate(value) => Kind::Rate(value * factor),
                _ => continue,
            };
            self.quantities[at].to = self.quantities[at].to.max(self.quantities[at].from + 1);
            self.void(of, "is only what something else is compared with");
        }
    }

    /// The number that `as many` is about.
    fn compared_with(&self, at: usize) -> Option<usize> {
        let to = self.quantities[at].to;
        let many = (to..to + 3).any(|at| {
            self.is_word(
                at,
                &["many", "much", "viele", "viel", "that", "davon", "dessen", "soviele", "soviel", "number"],
            )
        }) || self.is_word(to.saturating_sub(1), &["doppelte", "dreifache", "double"]);
        if !many {
            return None;
        }
        let end = self.sentence_end(to.min(self.tokens.len() - 1));
        let pivot = (to + 1..end).find(|&at| self.is_word(at, &["as", "wie", "als", "than"]) && at > to + 1);
        let counts = |at: &usize| {
            !self.used[*at]
                && matches!(self.quantities[*at].kind, Kind::Users(_) | Kind::Rate(_) | Kind::Bare(_))
        };
        if let Some(pivot) = pivot {
            let behind = (at + 1..self.quantities.len())
                .find(|next| self.quantities[*next].from > pivot && self.quantities[*next].from <= pivot + 6);
            if let Some(behind) = behind.filter(counts) {
                let plain = (to..self.quantities[behind].from).all(|at| {
                    of_word(self.word(at)).is_none()
                        && !matches!(self.tokens[at].kind, Piece::Path | Piece::Url(_))
                });
                return plain.then_some(behind);
            }
        }
        let was =
            |before: &usize| !matches!(self.quantities[*before].kind, Kind::Bare(_)) && self.was(*before);
        (0..at).rev().filter(counts).find(was)
    }

    /// Whether the sentence of a number speaks of what was.
    fn was(&self, at: usize) -> bool {
        let from = self.quantities[at].from;
        let (start, end) = (self.sentence_start(from), self.sentence_end(from));
        self.has(start, end, super::said::PAST) || self.describes(at)
    }

    /// `Visitors browse. 30 of them`: users, unless the text says how many there are in all.
    fn some_of_them(&mut self) {
        for at in 0..self.quantities.len() {
            let Kind::Some(some) = self.quantities[at].kind else { continue };
            let all = self.quantities.iter().enumerate().find_map(|(other, one)| match one.kind {
                Kind::Users(users) if !self.used[other] && users > some => Some(users),
                _ => None,
            });
            self.quantities[at].kind = all.map_or(Kind::Users(some), |all| Kind::Part(some / all));
        }
    }

    /// `We have 200 employees. Test with 50 users`: those that are only there, where others are users.
    fn bystanders(&mut self) {
        let noun = |at: usize| {
            let to = self.quantities[at].to.saturating_sub(1);
            (!self.used[at] && matches!(self.quantities[at].kind, Kind::Users(_)))
                .then(|| self.word(to).to_owned())
        };
        let core: Vec<usize> = (0..self.quantities.len())
            .filter(|at| noun(*at).is_some_and(|noun| is_user(&noun) && !is_other_user(&noun)))
            .collect();
        let others: Vec<usize> = (0..self.quantities.len())
            .filter(|at| noun(*at).is_some_and(|noun| is_other_user(&noun)))
            .filter(|at| {
                let from = self.quantities[*at].from;
                let apart = |core: &usize| {
                    self.sentence_start(self.quantities[*core].from) != self.sentence_start(from)
                };
                !core.is_empty() && core.iter().all(apart)
            })
            .collect();
        for at in others {
            self.void(at, "counts others than the users of the test");
        }
    }
}
