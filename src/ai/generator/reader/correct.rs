//! What a text takes back of its own numbers: what it puts right ("no wait, 80"), what it compares with ("half as many as
//! last week's 400"), what belongs to an order to MAID itself, and what it says is not meant.

use super::{
    Reader,
    activity::of_word,
    people::{is_other_user, is_user},
    quantity::Kind,
    token::Kind as Piece,
};

/// What says that users are there together.
const AT_ONCE: &[&str] = &[
    "simultaneous",
    "concurrent",
    "simultaneously",
    "concurrently",
    "parallel",
    "gleichzeitig",
    "gleichzeitige",
    "gleichzeitigen",
    "parallele",
    "parallelen",
    "virtual",
    "virtuelle",
    "virtuellen",
    "once",
    "zeitgleich",
    "moment",
];

/// Why a number that another one is compared with is not used.
const COMPARED: &str = "is only what something else is compared with";

impl Reader<'_> {
    /// Takes numbers out that are nobody's, and puts right what the text puts right.
    pub(super) fn correct(&mut self) {
        for at in 0..self.quantities.len() {
            let (from, to) = (self.quantities[at].from, self.quantities[at].to);
            if self.is_date(from, to) {
                self.void(at, "is a date");
            } else if self.is_forgotten(from) {
                self.void(at, "is taken back");
                self.takes_after(at);
            } else if self.is_order(from) {
                self.void(at, "stands in an instruction to MAID itself: a text gives no orders");
            } else if self.is_negated(from, to) {
                self.void(at, "is what is not meant");
                self.takes_after(at);
            }
        }
        self.denied();
        self.left_as_they_were();
        for at in 1..self.quantities.len() {
            if !self.used[at] && self.puts_right(at) {
                self.right(at);
            }
        }
        self.overruled();
        self.compared();
        self.some_of_them();
        self.bystanders();
        self.at_once();
    }

    pub(super) fn void(&mut self, at: usize, reason: &str) {
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

    /// `60 users... no wait, leave the users as they were`: nothing is changed.
    fn left_as_they_were(&mut self) {
        for at in 0..self.tokens.len() {
            if !self.is_word(at, &["leave", "keep", "lass", "lasst", "lassen", "belass", "belassen"]) {
                continue;
            }
            let end = self.clause_end(at).min(at + 8);
            let as_before = (at + 1..end).any(|at| {
                self.word(at) == "as" && self.is_word(at + 1, &["they", "it", "is", "before", "are"])
                    || self.word(at) == "wie"
                        && self.is_word(at + 1, &["gehabt", "bisher", "sie", "vorher", "er", "es"])
                    || self.is_word(at, &["unchanged", "unverändert", "so"])
            });
            let users = (at + 1..end).any(|at| is_user(self.word(at)));
            if !(as_before && users) {
                continue;
            }
            for one in 0..self.quantities.len() {
                let before =
                    self.quantities[one].to <= at && self.sentence_start(at) <= self.quantities[one].to + 4;
                if before && matches!(self.quantities[one].kind, Kind::Users(_)) {
                    self.void(one, "is taken back: the users stay as they were");
                }
            }
        }
    }

    /// `24 November`, `am 3. Mai`, `March 14th`.
    fn is_date(&self, from: usize, to: usize) -> bool {
        const MONTHS: &[&str] = &[
            "january",
            "february",
            "march",
            "april",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
            "januar",
            "jänner",
            "februar",
            "märz",
            "mai",
            "juni",
            "juli",
            "oktober",
            "dezember",
            "jan",
            "feb",
            "sept",
            "nov",
            "dez",
            "dec",
            "oct",
        ];
        if to > from + 1 {
            return false;
        }
        let raw = self.tokens[from].raw.as_bytes();
        let closed = self
            .tokens
            .get(to)
            .is_some_and(|token| token.kind == Piece::Mark('.') && token.start == self.tokens[from].end);
        // `03.07.`
        if raw.len() == 5 && raw[2] == b'.' && closed {
            return true;
        }
        let dot = usize::from(self.tokens.get(to).is_some_and(|token| token.kind == Piece::Mark('.')));
        self.is_word(to, MONTHS)
            || self.word(to) == "of" && self.is_word(to + 1, MONTHS)
            || dot > 0 && self.is_word(to + dot, MONTHS)
            || from > 0 && self.is_word(from - 1, MONTHS) && self.word(to) != "users"
    }

    /// `scratch the ten minutes`, `vergesst die 500 User`: nobody's rules, but a number.
    fn is_forgotten(&self, from: usize) -> bool {
        const FORGET: &[&str] = &[
            "forget",
            "scratch",
            "skip",
            "vergiss",
            "vergesst",
            "vergessen",
            "streich",
            "streicht",
            "streiche",
            "strike",
            "ignore",
            "ignoriere",
            "ignoriert",
            "disregard",
        ];
        let mut at = from;
        while at > 0
            && self.is_word(
                at - 1,
                &["the", "die", "den", "das", "sie", "about", "my", "meine", "those", "diese", "that"],
            )
        {
            at -= 1;
        }
        at > 0 && self.is_word(at - 1, FORGET)
    }

    /// `not 500 users but 50`, `nicht 5, sondern 10`.
    fn is_negated(&self, from: usize, to: usize) -> bool {
        let near = (1..=2).any(|back| {
            from.checked_sub(back).is_some_and(|at| {
                let between = (at + 1..from).all(|at| {
                    self.is_word(at, &["with", "mit", "für", "for", "the", "die", "use", "usual", "üblichen"])
                });
                between && self.is_word(at, &["not", "nicht"])
            })
        });
        let end = (to + 8).min(self.tokens.len());
        let until = self.sentence_end(to.min(self.tokens.len() - 1));
        // `not an hour like last time, 20 minutes`
        let directly = from > 0 && self.is_word(from - 1, &["not", "nicht"]);
        let same = self.quantities.iter().any(|one| {
            one.from > to && one.to <= until && matches!(one.kind, Kind::Time(..) | Kind::Users(_))
        });
        let like = self.has(to, until.min(to + 3), &["like", "wie", "again", "mehr", "anymore"]);
        near && self.has(to, end.min(until), &["but", "sondern"]) || directly && same && like
    }

    /// `half as many as last week's 400`, `gestern 300 Nutzer, heute doppelt so viele`.
    fn compared(&mut self) {
        for at in 0..self.quantities.len() {
            let to = self.quantities[at].to;
            let factor = match self.quantities[at].kind {
                Kind::Factor(factor) => factor,
                Kind::Part(part) if self.is_word(to, &["davon", "dessen"]) || self.is_of_users(to) => part,
                _ => continue,
            };
            if self.used[at] {
                continue;
            }
            if let Some((of, millis)) = self.as_long_as(at) {
                self.quantities[at].kind = Kind::Time(millis * factor, 60e3);
                self.void(of, COMPARED);
                continue;
            }
            let Some(of) = self.compared_with(at) else { continue };
            self.quantities[at].kind = match self.quantities[of].kind {
                Kind::Users(value) | Kind::Bare(value) => Kind::Users((value * factor).round()),
                Kind::Rate(value) => Kind::Rate(value * factor),
                _ => continue,
            };
            self.quantities[at].to = self.quantities[at].to.max(self.quantities[at].from + 1);
            self.void(of, COMPARED);
        }
    }

    /// `half the users`, `die Hälfte der Nutzer`.
    fn is_of_users(&self, to: usize) -> bool {
        let noun = to + usize::from(self.is_word(to, &["of", "the", "der", "von"]));
        noun > to && is_user(self.word(noun)) || self.word(noun) == "the" && is_user(self.word(noun + 1))
    }

    /// `dreimal so lange` as what was: that time, and its milliseconds.
    fn as_long_as(&self, at: usize) -> Option<(usize, f64)> {
        let to = self.quantities[at].to;
        let long = self.has(to, to + 3, &["long", "lang", "lange", "länger", "longer"]);
        let was = |before: &usize| !self.used[*before] && self.was(*before);
        (0..at).rev().filter(|_| long).filter(was).find_map(|before| match self.quantities[before].kind {
            Kind::Time(millis, _) => Some((before, millis)),
            _ => None,
        })
    }

    /// Whether a number is only there to compare another one with.
    pub(super) fn is_compared_with(&self, at: usize) -> bool {
        let place = self.span(self.quantities[at].from, self.quantities[at].to);
        self.reading.unused.iter().any(|one| one.span == place && one.reason == COMPARED)
    }

    /// The number that `as many` is about.
    fn compared_with(&self, at: usize) -> Option<usize> {
        let to = self.quantities[at].to;
        let many = (to..to + 3).any(|at| {
            self.is_word(
                at,
                &["many", "much", "viele", "viel", "that", "davon", "dessen", "soviele", "soviel", "number"],
            )
        }) || self.is_word(to.saturating_sub(1), &["doppelte", "dreifache", "double"])
            || self.is_of_users(to);
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
        self.is_past(start, end) || self.describes(at)
    }

    /// `Visitors browse. 30 of them`: users, unless the text says how many there are in all.
    fn some_of_them(&mut self) {
        for at in 0..self.quantities.len() {
            let Kind::Some(some) = self.quantities[at].kind else { continue };
            let all = self.quantities.iter().enumerate().find_map(|(other, one)| match one.kind {
                Kind::Users(users) if !self.used[other] && users > some => Some(users),
                _ => None,
            });
            let (from, to) = (self.quantities[at].from, self.quantities[at].to);
            // `600 of them at the same moment` are those of the test, however many there are in all.
            let at_once =
                self.has(from, to + 5, AT_ONCE) && self.clause_end(to.min(self.tokens.len() - 1)) >= to;
            let all = all.filter(|_| !at_once);
            self.quantities[at].kind = all.map_or(Kind::Users(some), |all| Kind::Part(some / all));
        }
    }

    /// `Our 350 customers complain. Run 30 simultaneous users`: where one sentence says how many are there at once, those of others
    /// are not.
    fn at_once(&mut self) {
        for at in 0..self.quantities.len() {
            if let (Kind::Bare(value), true) =
                (&self.quantities[at].kind, self.is_those(self.quantities[at].from))
            {
                self.quantities[at].kind = Kind::Users(*value);
            }
        }
        let users: Vec<usize> = (0..self.quantities.len())
            .filter(|at| !self.used[*at] && matches!(self.quantities[*at].kind, Kind::Users(_)))
            .collect();
        let at_once = |at: &usize| {
            let one = &self.quantities[*at];
            self.has(one.from, one.to + 4, AT_ONCE)
                || self.is_those(one.from)
                || self.word(one.to) == "at"
                    && self.word(one.to + 1) == "a"
                    && self.word(one.to + 2) == "time"
        };
        let [one] = users.iter().copied().filter(at_once).collect::<Vec<_>>()[..] else { return };
        let sentence = self.sentence_start(self.quantities[one].from);
        let steps = self.has(
            0,
            self.tokens.len(),
            &["ramp", "ramps", "ramping", "rampe", "hochfahren", "steigern", "climb", "increase"],
        );
        for at in users {
            let apart = self.sentence_start(self.quantities[at].from) != sentence;
            if at != one && apart && !steps && at < one && !self.is_out_of(self.quantities[at].from) {
                self.void(at, "counts others than those that are there at once");
            }
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
