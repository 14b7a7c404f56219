//! Where a text changes its mind about a number: "no wait, 80", "50 users - hang on, only 40", "70 reichen".

use super::{Reader, quantity::Kind, token::Kind as Piece};

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
    /// Whether the token before this one, fillers left out, puts right what was said before; and where that begins.
    pub(super) fn cue(&self, from: usize) -> Option<usize> {
        let (mut at, mut marks, mut unknown) = (from, 0, 0);
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
                ("or" | "but", "rather" | "better" | "actually" | "say") => at - 1,
                ("sagen", "wir") if at > 1 && self.word(at - 2) == "oder" => at - 2,
                ("let's" | "let’s" | "lets", "say") if at > 1 && self.word(at - 2) == "or" => at - 2,
                ("second", "thought" | "thoughts") => at - 1,
                (_, "no" | "wait" | "halt" | "stop" | "warte") if marks > 0 => at,
                (_, cue) if CUES.contains(&cue) => at,
                _ if FILLERS.contains(&word) => continue,
                // An exclamation between marks: `nee, Mensch, 70`.
                _ if marks > 0 && unknown == 0 && self.stands_alone(at) => {
                    unknown += 1;
                    continue;
                }
                _ => return None,
            };
            return Some(begins);
        }
        None
    }

    /// Whether a word stands between marks.
    fn stands_alone(&self, at: usize) -> bool {
        let mark = |at: usize| self.tokens.get(at).is_some_and(|token| matches!(token.kind, Piece::Mark(_)));
        mark(at + 1) && at.checked_sub(1).is_some_and(mark)
    }

    /// Whether a number stands for one that was said before. A sentence of its own that begins with a mere "no" and says
    /// everything anew stands beside the first: which counts is asked.
    pub(super) fn puts_right(&self, at: usize) -> bool {
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
        let enough = matches!(self.quantities[at].kind, Kind::Bare(_) | Kind::Users(_)) && self.is_enough(to);
        // `sorry, I swapped the digits, it's fifty-three`
        let told = from > 0
            && matches!(self.quantities[at].kind, Kind::Bare(_) | Kind::Users(_))
            && (self.is_word(from - 1, &["it's", "it’s", "sind", "are", "is", "waren"])
                || from > 1 && self.word(from - 2) == "it" && self.word(from - 1) == "is")
            && self.has(
                self.sentence_start(from),
                from,
                &[
                    "sorry",
                    "vertippt",
                    "vertan",
                    "falsch",
                    "wrong",
                    "swapped",
                    "verwechselt",
                    "mistake",
                    "zahlendreher",
                ],
            );
        let Some(cue) = self.cue(from) else { return after || enough || told };
        let plain = self.is_word(cue, &["no", "nein", "ach", "oh"]);
        let ends = |at: usize| self.tokens.get(at).is_some_and(super::token::Token::ends_sentence);
        let ellipsis = cue > 1 && ends(cue - 1) && self.tokens[cue - 2].kind == Piece::Mark('.');
        let own_sentence = cue > 0 && ends(cue - 1) && !ellipsis;
        !(plain && own_sentence) || matches!(self.quantities[at].kind, Kind::Bare(_))
    }

    /// `50 users - hang on, the licence only covers 40. So 40 users.`: of two that count the same with such words between them, the
    /// later one is meant, wherever it stands.
    pub(super) fn overruled(&mut self) {
        for at in 0..self.quantities.len() {
            let long = |kind: &Kind| matches!(kind, Kind::Time(millis, _) if *millis >= 10_000.0);
            let kind = self.quantities[at].kind.clone();
            if self.used[at] || !(matches!(kind, Kind::Users(_)) || long(&kind)) {
                continue;
            }
            let later = (at + 1..self.quantities.len()).find(|&later| {
                let other = &self.quantities[later].kind;
                !self.used[later]
                    && std::mem::discriminant(other) == std::mem::discriminant(&kind)
                    && (matches!(kind, Kind::Users(_)) || long(other))
                    && self.quantities[later].from < self.quantities[at].to + 24
                    && self.changes_its_mind(self.quantities[at].to, self.quantities[later].from)
            });
            if let Some(later) = later {
                let text = self.span(self.quantities[later].from, self.quantities[later].to).text;
                // What stands between and counts nothing belongs to the change of mind.
                for between in at + 1..later {
                    if matches!(self.quantities[between].kind, Kind::Bare(_)) {
                        self.void(between, &format!("was put right by `{text}`"));
                    }
                }
                self.void(at, &format!("was put right by `{text}`"));
            }
        }
    }

    /// Whether words between two places take back what was said before them.
    fn changes_its_mind(&self, from: usize, to: usize) -> bool {
        const PAIRS: &[(&str, &str)] = &[
            ("hang", "on"),
            ("hold", "on"),
            ("no", "wait"),
            ("nee", "warte"),
            ("nein", "warte"),
            ("ach", "komm"),
            ("ach", "was"),
            ("ach", "nein"),
            ("ach", "nee"),
            ("moment", "mal"),
            ("scratch", "that"),
            ("my", "mistake"),
            ("mein", "fehler"),
            ("doch", "lieber"),
            ("nein", "moment"),
            ("no", "moment"),
            ("moment", "nein"),
            ("no", "sorry"),
            ("oh", "wait"),
            ("actually", "no"),
            ("make", "that"),
            ("doch", "nicht"),
            ("wait", "no"),
        ];
        const ALONE: &[&str] = &[
            "quatsch",
            "correction",
            "korrektur",
            "blödsinn",
            "vertan",
            "verschrieben",
            "tippfehler",
            "typo",
            "whoops",
            "oops",
            "ups",
        ];
        // `hold on for 10 minutes` is a step.
        let holds = |at: usize| self.word(at) == "hold" && self.is_word(at + 2, &["for", "at", "to", "für"]);
        (from..to).any(|at| {
            PAIRS.contains(&(self.word(at), self.word(at + 1))) && !holds(at)
                || self.is_word(at, ALONE)
                || self.tokens[at].kind == Piece::Mark(',')
                    && PAIRS.contains(&(self.word(at.wrapping_sub(1)), self.word(at + 1)))
        })
    }

    /// `70 reichen`, `320 sind's`, `80 will do`.
    fn is_enough(&self, to: usize) -> bool {
        let word = self.word(to);
        let two = |first: &[&str], second: &[&str]| first.contains(&word) && self.is_word(to + 1, second);
        word.starts_with("reich")
            || word.starts_with("genüg")
            || matches!(word, "sind's" | "sind’s" | "tun's" | "tun’s" | "suffice" | "suffices")
            || two(&["will", "would", "should"], &["do", "suffice"])
            || two(&["is", "are"], &["enough", "plenty"])
            || two(&["tun"], &["es"])
    }

    /// Takes out the number that this one stands for.
    pub(super) fn right(&mut self, at: usize) {
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
        let same = self.quantities[old].kind.clone();
        for before in 0..=old {
            if self.quantities[before].kind == same {
                self.void(before, &format!("was put right by `{text}`"));
            }
        }
    }
}
