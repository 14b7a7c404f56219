//! What a further sentence says of a test that is there, without saying it anew: `judge it by p99 rather than p95`, `half the
//! rate`, `wrong port, it's 8085`, `forget about the error rate`, `hold the plateau for 15 minutes`, `swap the ratio`.

use super::{Fact, Reader, quantity::Kind, settings::whole, token::Kind as Piece};

/// What says that something is not to be there any more.
pub(super) const GONE: &[&str] = &[
    "lose",
    "ditch",
    "axe",
    "cut",
    "chuck",
    "rid",
    "bin",
    "omit",
    "exclude",
    "fliegt",
    "forget",
    "drop",
    "remove",
    "without",
    "ohne",
    "vergiss",
    "vergesst",
    "streich",
    "streiche",
    "streicht",
    "entferne",
    "entfernen",
    "weg",
    "raus",
    "weglassen",
    "streichen",
    "skip",
    "scratch",
    "delete",
    "lass",
    "kill",
    "no",
    "entfällt",
    "entfallen",
    "keine",
    "kein",
    "rausnehmen",
    "herausnehmen",
    "rauslassen",
];
/// What a time of a held level belongs to.
const HELD: &[&str] = &[
    "hold",
    "holding",
    "plateau",
    "halten",
    "halte",
    "haltephase",
    "plateauphase",
    "haltezeit",
    "hold-phase",
    "gehalten",
    "steady",
    "plateaus",
];
/// What a number of users at the top is called.
const TOP: &[&str] = &["peak", "spitze", "maximum", "spitzenlast", "top", "gipfel"];
const RATE: &[&str] = &[
    "rate",
    "rps",
    "anfragerate",
    "requests",
    "anfragen",
    "durchsatz",
    "throughput",
    "load",
    "last",
    "tempo",
];
const LENGTH: &[&str] = &[
    "lang", "lange", "long", "duration", "dauer", "laufzeit", "länger", "longer", "time", "runtime", "zeit",
    "dauern", "laufen",
];
/// What stands before what is not to count any more.
pub(super) const THAN: &[&str] = &["than", "statt", "anstatt", "of", "als", "not", "nicht", "anstelle"];

/// What says that hosts and requests come beside those that are there.
const BESIDE: &[&str] = &[
    "also",
    "too",
    "both",
    "additionally",
    "well",
    "auch",
    "zusätzlich",
    "beide",
    "beiden",
    "außerdem",
    "add",
    "ergänze",
    "dazu",
    "noch",
    "plus",
];
/// What says that steps come behind those that are there.
const BEHIND: &[&str] = &[
    "danach",
    "afterwards",
    "anschließend",
    "abschließend",
    "finish",
    "finally",
    "zuletzt",
    "schluss",
    "ende",
    "end",
    "cool-down",
    "cooldown",
    "abklingen",
    "append",
];
/// What says that requests come in the place of others.
const INSTEAD: &[&str] = &[
    "replace", "replaces", "swap", "statt", "anstatt", "anstelle", "ersetze", "ersetzt", "tausche",
    "tauscht", "wrong", "falsche", "rather", "instead",
];

impl Reader<'_> {
    /// Finds what is said of a test that is there. In a first text nobody asks.
    pub(super) fn again(&mut self) {
        self.judged();
        self.dropped_rules();
        self.dropped_words();
        self.new_port();
        self.held();
        self.reversed();
        self.replaced_number();
        self.beside_or_instead();
        self.new_limit();
        self.reading.turn.no_rate = (0..self.tokens.len()).any(|at| {
            let instead = self.is_word(at, &["statt", "anstatt", "anstelle"])
                || self.word(at) == "instead" && self.word(at + 1) == "of";
            let rate = (at + 1..at + 6)
                .find(|&at| self.is_word(at, &["rate", "anfragerate", "ratensteuerung", "rps"]));
            instead
                && rate.is_some_and(|rate| {
                    !self.quantities.iter().any(|one| one.from > at && one.to <= rate + 1)
                })
        });
    }

    /// `please also test B`, `use /b rather than the list`: whether hosts and requests come beside those that are there.
    fn beside_or_instead(&mut self) {
        let within = |reader: &Self, at: usize, words: &[&str]| {
            reader.has(reader.sentence_start(at), reader.sentence_end(at), words)
        };
        // `a second server`, but not `60 per second`
        let second = |at: usize| {
            let (start, end) = (self.sentence_start(at), self.sentence_end(at));
            (start..end).any(|at| {
                self.word(at) == "second"
                    && self.is_word(at + 1, &["host", "server", "target", "one", "machine", "box"])
            })
        };
        self.reading.turn.more_hosts =
            self.urls.iter().any(|url| url.usable && (within(self, url.at, BESIDE) || second(url.at)));
        // `against B instead, and POST /jobs as well`
        let beside = |at: usize| self.has(self.clause_start(at), self.clause_end(at), BESIDE);
        // `80 statt 50` is about numbers.
        let number = |at: usize| self.quantities.iter().any(|one| (at + 1..at + 3).contains(&one.from));
        let instead = |at: usize| {
            let (start, end) = (self.sentence_start(at), self.sentence_end(at));
            let now = (start..at).any(|at| {
                self.is_word(at, &["path", "pfad"])
                    && (self.is_word(at + 2, &["now", "jetzt"]) || self.is_word(at - at.min(1), &["den"]))
            });
            now || (start..end).any(|at| self.is_word(at, INSTEAD) && !number(at))
        };
        let requests = || {
            self.items.iter().filter(|(_, item)| matches!(item, super::Item::Request(_))).map(|(at, _)| *at)
        };
        let swaps = requests().any(|at| instead(at) && !beside(at));
        let adds = requests().any(beside);
        let taken = !self.reading.turn.remove_paths.is_empty() || !self.reading.turn.remove_words.is_empty();
        self.reading.turn.appends = self.has(0, self.tokens.len(), BEHIND);
        (self.reading.turn.swaps, self.reading.turn.adds) = (swaps && !taken, adds);
    }

    /// `kill the likes`, `die Ärzte bitte raus`: what it is, only the test that is there can tell.
    fn dropped_words(&mut self) {
        for at in 0..self.tokens.len() {
            let behind = self.clause_end(at).min(at + 4);
            if self.tokens[at].kind == Piece::Path
                && self.has(
                    at + 1,
                    behind,
                    &["raus", "weg", "weglassen", "streichen", "entfernen", "entfällt", "out", "fliegt"],
                )
            {
                let fact = self.fact(self.tokens[at].raw.clone(), at, at + 1);
                self.reading.turn.remove_paths.push(fact);
            }
            let long = self.tokens[at].kind == Piece::Word && self.tokens[at].low.chars().count() > 3;
            let (start, end) =
                (self.clause_start(at).max(at.saturating_sub(3)), self.clause_end(at).min(at + 4));
            let gone = self.has(start, at, GONE)
                || self.has(
                    at + 1,
                    end,
                    &[
                        "raus",
                        "weg",
                        "weglassen",
                        "streichen",
                        "entfernen",
                        "entfällt",
                        "out",
                        "rausnehmen",
                        "herausnehmen",
                        "rauslassen",
                    ],
                );
            if long && gone && self.reading.turn.remove_words.len() < 20 {
                let fact = self.fact(self.tokens[at].low.clone(), at, at + 1);
                self.reading.turn.remove_words.push(fact);
            }
        }
    }

    /// `sorry, wrong port, it's 8085`, `Port 9000 statt 8080`.
    fn new_port(&mut self) {
        let Some(port) = (0..self.tokens.len()).find(|&at| self.word(at) == "port") else { return };
        let end = self.sentence_end(port);
        let wrong = self.has(self.sentence_start(port), end, &["wrong", "falsch", "falscher", "falschen"]);
        let numbers: Vec<usize> = (0..self.quantities.len())
            .filter(|&one| {
                let quantity = &self.quantities[one];
                matches!(quantity.kind, Kind::Bare(value) if value.fract() == 0.0 && (1.0..=65_535.0).contains(&value))
                    && !self.used[one]
                    && quantity.from > port
                    && quantity.to <= end
            })
            .collect();
        let (old, new): (Vec<usize>, Vec<usize>) =
            numbers.into_iter().partition(|&one| self.is_old_port(one));
        // `same host and port, make it 500`: a number far away is none.
        let near = |one: &usize| wrong || !old.is_empty() || self.quantities[*one].from < port + 4;
        let found = new.into_iter().find(near);
        old.into_iter().for_each(|one| self.used[one] = true);
        if let Some(one) = found
            && let Kind::Bare(value) = self.quantities[one].kind
            && self.reading.hosts.is_empty()
        {
            self.used[one] = true;
            self.reading.turn.port = u16::try_from(whole(value)).ok().map(|port| self.of(port, one));
        }
    }

    /// `statt 8080`, `statt Port 8080`, `rather than 8080`.
    fn is_old_port(&self, one: usize) -> bool {
        let from = self.quantities[one].from;
        let before = from - usize::from(from > 0 && self.word(from - 1) == "port");
        self.is_instead(before) || before > 0 && self.word(before - 1) == "than"
    }

    /// `hold the plateau for a quarter of an hour instead`.
    fn held(&mut self) {
        for at in 0..self.quantities.len() {
            let Kind::Time(millis, _) = self.quantities[at].kind else { continue };
            let (from, to) = (self.quantities[at].from, self.quantities[at].to);
            let (start, end) = (self.clause_start(from), self.clause_end(to.min(self.tokens.len() - 1)));
            if !self.used[at] && (self.has(start, from, HELD) || self.has(to, end, HELD)) {
                self.reading.turn.hold = Some(self.of(whole(millis), at));
            }
        }
    }

    /// `dreh das Verhältnis um`, `the other way round`.
    fn reversed(&mut self) {
        const TURN: &[&str] = &[
            "dreh",
            "drehe",
            "dreht",
            "kehr",
            "kehre",
            "tausch",
            "tausche",
            "vertausche",
            "swap",
            "reverse",
            "flip",
            "invert",
            "switch",
        ];
        const WHAT: &[&str] = &[
            "verhältnis",
            "ratio",
            "split",
            "shares",
            "weights",
            "anteile",
            "gewichte",
            "proportions",
            "mix",
            "aufteilung",
            "gewichtung",
        ];
        for at in 0..self.tokens.len() {
            let end = self.clause_end(at);
            let said = self.is_word(at, TURN) && self.has(at + 1, end.min(at + 6), WHAT)
                || self.word(at) == "other"
                    && self.word(at + 1) == "way"
                    && self.is_word(at + 2, &["round", "around"])
                || self.is_word(at, &["umgekehrt", "andersherum", "andersrum"]);
            if said && self.tokens[at].kind == Piece::Word {
                self.reading.turn.reversed = Some(self.fact((), at, end.max(at + 1)));
                return;
            }
        }
    }

    /// `180 statt 100`, `die Spitze auf 180`, where neither says what it counts.
    fn replaced_number(&mut self) {
        for at in 0..self.quantities.len() {
            let Kind::Bare(value) = self.quantities[at].kind else { continue };
            let from = self.quantities[at].from;
            if self.used[at] || value <= 0.0 {
                continue;
            }
            let other = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().find(|&other| {
                other < self.quantities.len()
                    && !self.used[other]
                    && matches!(self.quantities[other].kind, Kind::Bare(_))
            });
            let instead = self.is_instead(from);
            if let (true, Some(other)) = (instead, other)
                && let Kind::Bare(new) = self.quantities[other].kind
            {
                (self.used[at], self.used[other]) = (true, true);
                self.reading.turn.replaced_number = Some(self.of((value, new), other));
                continue;
            }
            let top = self.has(self.clause_start(from).max(from.saturating_sub(5)), from, TOP);
            let behind = self.quantities.get(at + 1).is_some_and(|next| self.is_instead(next.from));
            // `a maximum of 5 redirects` and `the top 10 products` are of something else.
            let to = self.quantities[at].to;
            let alone = self.tokens.get(to).is_none_or(|next| {
                next.ends_clause()
                    || !matches!(next.kind, Piece::Word)
                    || matches!(
                        next.low.as_str(),
                        "statt"
                            | "instead"
                            | "rather"
                            | "please"
                            | "bitte"
                            | "and"
                            | "und"
                            | "hoch"
                            | "gehen"
                    )
            });
            if top && !behind && alone {
                self.reading.turn.top = Some(self.of(value, at));
            }
        }
    }

    /// What a factor is about, where it is not users: the rate, or how long.
    pub(super) fn times_of(&mut self, at: usize, factor: f64) {
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let end = self.clause_end(to.min(self.tokens.len() - 1));
        let last = self.quantities.get(at + 1).map_or(end, |next| next.from.min(end));
        let start = self.clause_start(from).max(from.saturating_sub(3));
        let near = |words: &[&str]| self.has(start, from, words) || self.has(to, last.min(to + 4), words);
        if near(LENGTH) {
            self.used[at] = true;
            self.reading.turn.times_time = Some(self.of(factor, at));
        } else if near(RATE) {
            self.used[at] = true;
            self.reading.turn.times_rate = Some(self.of(factor, at));
        }
    }
}

impl super::Turn {
    /// Whether a time is that of a held level.
    #[must_use]
    pub fn holds(&self, time: &Fact<u64>) -> bool {
        self.hold.as_ref().is_some_and(|hold| hold.span == time.span)
    }
}
