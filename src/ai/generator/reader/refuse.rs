//! Which URLs of a text are no targets: what must not be touched, what is only referred to, what was.

use super::{Reader, token::Kind};

/// Why a URL that is only to be read is no target.
pub(super) const REFERRED: &str = "is referred to, not named as a target";
/// Why one of several hosts is no target.
const DEPENDED_ON: &str = "is what people depend on, and another host is named";
/// What is said before what must not be touched.
const NEVER: &[&str] = &[
    "not",
    "never",
    "nobody",
    "niemand",
    "keiner",
    "don't",
    "don’t",
    "dont",
    "nicht",
    "niemals",
    "nie",
    "keinesfalls",
    "keinen",
    "except",
    "außer",
    "ohne",
    "without",
    "avoid",
    "kein",
];
/// What is said before what is only to be read.
const REFERENCE: &[&str] = &[
    "see",
    "described",
    "docs",
    "documentation",
    "documented",
    "wiki",
    "siehe",
    "doku",
    "dokumentation",
    "laut",
    "wie",
    "cf",
    "vgl",
    "according",
    "report",
    "results",
    "ergebnisse",
    "referer",
    "from",
];
/// What may stand between such a word and the URL.
const GAP: &[&str] = &[
    "at", "on", "in", "the", "from", "to", "unter", "auf", "under", "is", "ist", "of", "von", "der", "die",
    "das", "den", "our", "unserem", "beim", "see", "docs", "wiki", "siehe", "also", "go", "gehen", "geht",
    "an", "nach", "bitte", "please",
];
/// What a negation before is about, rather than a host behind it.
const BOUNDS: &[&str] =
    &["more", "mehr", "über", "over", "above", "beyond", "länger", "longer", "exceed", "weniger", "less"];
/// What is said behind a host that nobody may send to.
const TABOO: &[&str] = &[
    "tabu",
    "taboo",
    "off-limits",
    "verboten",
    "forbidden",
    "untouched",
    "unangetastet",
    "unberührt",
    "gesperrt",
    "prohibited",
    "ausgeschlossen",
    "excluded",
];
/// What is said behind a host that people depend on.
const LIVE: &[&str] = &[
    "produktiv",
    "produktion",
    "produktivsystem",
    "production",
    "prod",
    "live",
    "livesystem",
    "echtsystem",
    "live-system",
    "productive",
];
/// What nobody is to do with it.
const TOUCH: &[&str] = &[
    "touch",
    "test",
    "hit",
    "use",
    "load",
    "anfassen",
    "belasten",
    "testen",
    "anrühren",
    "berühren",
    "antasten",
    "hin",
    "touched",
    "tested",
    "attack",
    "hurt",
    "disturb",
    "stören",
    "ran",
    "angefasst",
    "belastet",
    "getestet",
    "verwenden",
    "benutzen",
    "go",
    "send",
    "schicken",
    "dran",
    "anfasst",
    "stressed",
    "harmed",
    "bother",
    "mess",
    "open",
    "call",
    "visit",
    "öffnen",
    "aufrufen",
];
/// What denies it.
const DENIES: &[&str] = &[
    "not", "never", "don't", "don’t", "dont", "nicht", "nichts", "niemals", "nie", "no", "mustn't", "can't",
    "kein", "cannot", "nobody", "niemand",
];

/// What is said behind a comma where something else begins than what must not be touched.
const GOES_ON: &[&str] = &[
    "test", "teste", "testet", "getestet", "use", "nimm", "nehmt", "take", "hit", "run", "only", "nur",
    "sondern", "but", "aber", "instead", "load", "target", "ziel", "gemeint", "meant", "against", "gegen",
];

impl Reader<'_> {
    /// Why a URL is not to be sent to.
    pub(super) fn refused(&self, at: usize) -> Option<&'static str> {
        let (start, end) = (self.sentence_start(at), self.sentence_end(at));
        if self.is_order(at) {
            return Some(
                "stands in an instruction to ignore rules: a text gives no orders, so it is no target",
            );
        }
        let stop = |at: usize| self.is_word(at, &["sondern", "but", "aber"]) || self.tokens[at].ends_clause();
        let from = (start..at).rev().find(|&before| stop(before)).map_or(start, |before| before + 1);
        let near = from.max(at.saturating_sub(5));
        let never = (near..at).any(|not| self.is_word(not, NEVER) && self.denies(not, at));
        if never || self.word(at + 1) == "nicht" && self.word(at + 2) != "mehr" || self.is_untouchable(at) {
            return Some("is what must not be tested");
        }
        let url = at;
        // `a new target instead of the old one: https://...`
        let colon = |from: usize| (from..at).any(|at| self.tokens[at].kind == Kind::Mark(':'));
        let instead = (near..at).any(|at| {
            let word = self.is_word(at, &["statt", "anstatt", "anstelle"])
                || self.word(at) == "instead" && self.word(at + 1) == "of";
            // `70 statt 50 Nutzern und gegen https://...` is about the number.
            let number = self.quantities.iter().any(|one| (at + 1..url).contains(&one.from));
            word && !colon(at) && !number
        });
        if instead {
            return Some("is what something else stands for");
        }
        let behind =
            self.has(at + 1, (at + 3).min(end), &["beschrieben", "describes", "beschreibt", "dokumentiert"]);
        // Who reports to a host sends to it.
        let refers = |at: usize| {
            let asks = self.word(at) == "see"
                && self.is_word(at + 1, &["whether", "if", "how", "what", "when", "that"]);
            // `the report server X` is no report that is at X.
            let gap = |at: usize| self.is_word(at, GAP) || self.tokens[at].kind == Kind::Mark(':');
            self.is_word(at, REFERENCE)
                && !asks
                && (at + 1..url).all(gap)
                && !(self.word(at) == "report" && self.word(at + 1) == "to")
        };
        if behind || (at.saturating_sub(3).max(from)..at).any(refers) {
            return Some(REFERRED);
        }
        None
    }

    /// Whether a negation is about the URL at `at`, and not about a bound or something else that it names.
    fn denies(&self, not: usize, at: usize) -> bool {
        let start = self.sentence_start(not).max(not.saturating_sub(6));
        // `never touch X with more than 35 requests per second`
        let behind = self.word(at + 1) == "with" && self.has(at + 2, at + 4, BOUNDS)
            || self.word(at + 1) == "mit" && self.has(at + 2, at + 4, BOUNDS);
        let bound = self.is_word(not + 1, BOUNDS) || self.has(start, not, BOUNDS) || behind;
        // `without redirects: http://...`: a colon begins something else, unless nothing stands between.
        // `do not touch: https://...` says what.
        let says = |colon: usize| self.is_word(colon - 1, TOUCH);
        let apart = (not + 2..at).any(|at| self.tokens[at].kind == Kind::Mark(':') && !says(at));
        let other = (not + 1..at).any(|at| {
            let word = self.word(at);
            ["redirect", "weiterleitung", "umleitung", "fehler", "error", "failure", "pause", "think"]
                .iter()
                .any(|thing| word.starts_with(thing))
        });
        !(bound || apart || other)
    }

    /// Whether words behind a URL, or around it, say that nobody may send to it: "da darf nichts hin", "hands off".
    pub(super) fn is_untouchable(&self, at: usize) -> bool {
        let (start, end) = (self.sentence_start(at), self.sentence_end(at));
        // `hands off A and off B`, but not `hands off A, test B`.
        let near = start.max(at.saturating_sub(10));
        let goes_on = |comma: usize| self.tokens[comma].ends_clause() && self.has(comma + 1, at, GOES_ON);
        let near = (near..at).rev().find(|&at| goes_on(at)).map_or(near, |comma| comma + 1);
        let hands = (near..at).any(|at| {
            self.is_word(at, &["hands", "finger"]) && self.is_word(at + 1, &["off", "weg"])
                || self.word(at) == "stay" && self.is_word(at + 1, &["away", "clear"])
                || self.word(at) == "keep" && self.is_word(at + 1, &["away", "off", "out"])
        });
        // `leave the old one (http://10.1.0.4) alone`
        let bracket = usize::from(self.tokens.get(at + 1).is_some_and(|mark| mark.kind == Kind::Mark(')')));
        let leave = self.has(near.max(at.saturating_sub(5)), at, &["leave", "lass", "lasst", "lassen"])
            && self.has(at + 1, (at + 4 + bracket).min(end), &["alone", "out", "ruhe", "aus", "weg"]);
        hands || leave || self.is_denied_behind(at, end)
    }

    /// `don't open /kyc`: a path that nobody may ask for.
    pub(super) fn is_denied_path(&self, at: usize) -> bool {
        let start = self.clause_start(at).max(at.saturating_sub(3));
        let before = (start..at).any(|not| self.is_word(not, DENIES) && self.is_word(not + 1, TOUCH));
        before || self.is_untouchable(at)
    }

    fn is_denied_behind(&self, at: usize, end: usize) -> bool {
        let is_url = |at: usize| matches!(self.tokens[at].kind, Kind::Url(_));
        let other = (at + 1..end).find(|&at| is_url(at));
        // What is said before another URL is about that one, from the last comma or "but" on.
        let to = other.map_or(end, |other| {
            let stop = |at: usize| {
                self.tokens[at].ends_clause() || self.is_word(at, &["but", "aber", "sondern", "and", "und"])
            };
            (at + 1..other).find(|&at| stop(at)).unwrap_or(at + 1)
        });
        let taboo = self.has(at + 1, to.min(at + 8), TABOO)
            || (at + 1..to.min(at + 8)).any(|at| self.word(at) == "off" && self.word(at + 1) == "limits");
        let denied = (at + 1..to).any(|not| {
            self.is_word(not, DENIES)
                && !self.has(not + 1, not + 4, BOUNDS)
                && !self.is_word(not - 1, &["with", "from", "mit", "von"])
                && !self.is_word(not + 1, BOUNDS)
                && self.has(not + 1, (not + 4).min(to), TOUCH)
        });
        let alone = (at + 1..to.min(at + 3)).any(|at| {
            self.is_word(at, &["lasst", "lass", "lassen", "leave", "lassts", "bleibt", "bleiben", "stays"])
                && self.has(at + 1, (at + 5).min(to), &["ruhe", "alone"])
        });
        taboo || denied || alone
    }

    /// Of several URLs, those are left out that people depend on, that stand for what was, or that another one is put in
    /// the place of.
    pub(super) fn second_thoughts(&mut self) {
        let places: Vec<usize> = self.urls.iter().filter(|url| url.usable).map(|url| url.at).collect();
        let why = |at: usize| {
            let (start, end) = (self.sentence_start(at), self.sentence_end(at));
            let to = places.iter().copied().find(|&other| other > at && other < end).unwrap_or(end);
            let live = (at + 1..to.min(at + 6)).any(|at| {
                self.is_word(at, LIVE)
                    && !self.has(at.saturating_sub(2), at, &["not", "nicht", "kein", "keine"])
            });
            let shown = places.iter().copied().filter(|&other| other < at).max().unwrap_or(start).max(start);
            let meant = self.has(shown, at, &["gemeint", "meant", "meinte"]);
            let past = !meant && self.is_past(shown, at)
                || (shown..at).any(|at| {
                    self.word(at) == "last"
                        && self.is_word(at + 1, &["week", "month", "year", "time", "night", "run", "sprint"])
                });
            if live {
                Some(DEPENDED_ON)
            } else if past {
                Some("is what was tested before, and another host is named")
            } else {
                None
            }
        };
        let mut gone: Vec<(usize, &str)> = places.iter().filter_map(|&at| Some((at, why(at)?))).collect();
        for (index, &at) in places.iter().enumerate().skip(1) {
            if self.cue(at).is_some_and(|cue| cue > places[index - 1]) && !gone.iter().any(|one| one.0 == at)
            {
                gone.push((places[index - 1], "was put right by another host"));
            }
        }
        // What people depend on stays out, however sure a model is.
        gone.retain(|one| one.1 == DEPENDED_ON || !self.is_told_host(one.0));
        if gone.len() >= places.len() {
            return;
        }
        for (at, why) in gone {
            if let Some(url) = self.urls.iter_mut().find(|url| url.at == at && url.usable) {
                url.usable = false;
                self.unused(at, at + 1, why);
            }
        }
    }
}
