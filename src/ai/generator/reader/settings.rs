//! Think times, timeouts, redirects and the version of HTTP.

use super::{Reader, Role, number, quantity::Kind, token::Kind as Piece};
use crate::loadtest::types::HttpVersion;

pub(super) const THINK: &[&str] = &[
    "think",
    "think-time",
    "thinktime",
    "thinking",
    "wait",
    "waits",
    "waiting",
    "pause",
    "pauses",
    "pausing",
    "pausen",
    "denkzeit",
    "denkzeiten",
    "bedenkzeit",
    "wartezeit",
    "warte",
    "warten",
    "wartet",
    "sleep",
    "sleeps",
    "denkpause",
    "denkpausen",
    "idle",
    "idles",
    "idling",
    "linger",
    "lingers",
    "dwell",
    "dwells",
    "delay",
    "delays",
    "verweilt",
    "verweilen",
    "überlegt",
    "überlegen",
    "nachdenken",
    "nachdenkt",
    "pausiert",
    "pausieren",
    "lesezeit",
    "verzögerung",
    "apart",
    "rests",
    "atempause",
    "breather",
    "denkt",
    "thinks",
    "zögert",
    "wartezeiten",
];
/// What lies before and behind a pause.
const ACTIONS: &[&str] = &[
    "click",
    "clicks",
    "klick",
    "klicks",
    "page",
    "pages",
    "seite",
    "seiten",
    "request",
    "requests",
    "anfrage",
    "anfragen",
    "call",
    "calls",
    "aufruf",
    "aufrufe",
    "aufrufen",
    "view",
    "views",
    "step",
    "steps",
    "schritt",
    "schritte",
    "schritten",
    "hit",
    "hits",
    "action",
    "actions",
    "aktionen",
    "seitenaufrufen",
    "seitenaufrufe",
    "page-views",
    "mausklicks",
];
const TIMEOUT: &[&str] = &[
    "timeout",
    "request_timeout",
    "timeouts",
    "zeitlimit",
    "aufgeben",
    "abbrechen",
    "abbruch",
    "zeitüberschreitung",
    "time-out",
    "aufgibt",
    "abgebrochen",
    "abgebrochene",
    "abort",
    "aborted",
    "aborts",
    "gib",
    "abbricht",
    "bricht",
];
const NO: &[&str] = &[
    "no", "not", "don't", "don’t", "dont", "never", "kein", "keine", "keinen", "keiner", "nicht", "nöd",
    "ohne", "without", "off", "unticked", "disabled",
];

impl Reader<'_> {
    /// Finds the settings.
    pub(super) fn settings(&mut self) {
        for at in 0..self.quantities.len() {
            let Kind::Time(millis, unit) = self.quantities[at].kind else { continue };
            if self.used[at] {
                continue;
            }
            if self.near(at, TIMEOUT) || self.is_called(at) || self.gives_up(at) || self.breaks_off(at) {
                self.timeout(at, millis);
            } else if self.near(at, THINK) || self.every(at) || self.between_actions(at) {
                self.think(at, millis, unit);
            }
        }
    }

    /// The setting that words make a time, where they name one.
    pub(super) fn setting_of(&self, at: usize) -> Option<Role> {
        let lost = self.counts_as_lost(self.quantities[at].to);
        if self.near(at, TIMEOUT) || self.is_called(at) || self.gives_up(at) || lost {
            return Some(Role::Timeout);
        }
        self.between_actions(at).then_some(Role::Think)
    }

    /// `curl --max-time 2`: seconds.
    pub(super) fn curl_timeout(&mut self) {
        for at in 0..self.quantities.len() {
            let (Kind::Bare(value), from) = (&self.quantities[at].kind, self.quantities[at].from) else {
                continue;
            };
            let (value, named) =
                (*value, from > 0 && self.is_word(from - 1, &["max-time", "connect-timeout"]));
            if named && value > 0.0 && !self.used[at] {
                self.used[at] = true;
                self.reading.timeout = Some(self.of(whole(value * 1000.0), at));
            }
        }
    }

    /// Whether a word stands in the clause of a time, and belongs to it rather than to another one.
    fn near(&self, at: usize, words: &[&str]) -> bool {
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let is_time = |at: usize| matches!(self.quantities[at].kind, Kind::Time(..));
        let before =
            (0..at).rev().find(|before| is_time(*before)).map_or(0, |before| self.quantities[before].to);
        let start = self.sentence_start(from).max(from.saturating_sub(7)).max(before);
        // Behind a comma is another matter, unless nothing but it lies between.
        let start = (start..from)
            .rev()
            .find(|&at| self.tokens[at].ends_clause() && at + 2 < from)
            .map_or(start, |comma| comma.max(start));
        let end = self.clause_end(to.min(self.tokens.len().saturating_sub(1))).min(to + 4);
        let next = (at + 1..self.quantities.len())
            .find(|next| is_time(*next))
            .map_or(end, |next| end.min(self.quantities[next].from));
        self.has_like(start, from, words) || self.has_like(to, next, words)
    }

    /// `give up after 700 ms`.
    fn gives_up(&self, at: usize) -> bool {
        let from = self.quantities[at].from;
        let near = self.clause_start(from).max(from.saturating_sub(11));
        (near..from).any(|at| {
            self.is_word(at, &["give", "gives", "giving"]) && self.word(at + 1) == "up"
                || at + 6 >= from && self.word(at) == "time" && self.is_word(at + 1, &["out", "limit"])
        })
    }

    /// `give it 45 seconds before you call it a timeout`.
    fn is_called(&self, at: usize) -> bool {
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let end = self.clause_end(to.min(self.tokens.len().saturating_sub(1))).min(to + 8);
        self.has(
            from.saturating_sub(5),
            from,
            &["give", "gib", "gebt", "allow", "wait", "gets", "get", "bekommt", "hat", "has"],
        ) && self.has(to, end, &["timeout", "timed", "failed", "lost"])
    }

    /// `Anfragen, die länger als 8 Sekunden brauchen, gelten als abgebrochen`.
    fn counts_as_lost(&self, to: usize) -> bool {
        let end = self.sentence_end(to.min(self.tokens.len().saturating_sub(1))).min(to + 8);
        (to..end).any(|at| {
            self.is_word(at, &["gelten", "gilt"]) && self.word(at + 1) == "als"
                || self.is_word(at, &["count", "counts"]) && self.word(at + 1) == "as"
        })
    }

    /// `nach vier Sekunden soll er eine Anfrage abbrechen`: the German verb stands at the end.
    fn breaks_off(&self, at: usize) -> bool {
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let after = from > 0 && self.is_word(from - 1, &["nach", "after"]) || self.counts_as_lost(to);
        let end = self.sentence_end(to.min(self.tokens.len().saturating_sub(1))).min(to + 10);
        after
            && self.has(
                to,
                end,
                &[
                    "abbrechen",
                    "abgebrochen",
                    "aufgeben",
                    "abort",
                    "cancel",
                    "abbricht",
                    "aufgibt",
                    "cancelled",
                    "canceled",
                    "abandon",
                    "given",
                    "aborted",
                    "abandoned",
                    "dropped",
                ],
            )
    }

    /// `5 seconds between page views`, `zwischen zwei Klicks 3 bis 8 Sekunden`.
    fn between_actions(&self, at: usize) -> bool {
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let start = self.clause_start(from).max(from.saturating_sub(8));
        let end = self.clause_end(to.min(self.tokens.len().saturating_sub(1))).min(to + 3);
        let actions =
            |at: usize| self.is_word(at, &["between", "zwischen"]) && self.has(at + 1, at + 5, ACTIONS);
        let next = self.quantities.iter().find(|one| one.from >= to && matches!(one.kind, Kind::Time(..)));
        let far = self.clause_end(to.min(self.tokens.len().saturating_sub(1))).min(to + 9);
        let far = next.map_or(far, |next| far.min(next.from));
        let meanwhile = (to..far).any(|at| {
            self.word(at) == "in" && self.word(at + 1) == "between"
                || self.is_word(at, &["dazwischen", "zwischendurch", "zwischendrin", "in-between"])
        });
        let reads = (start..from).any(|at| {
            self.is_word(
                at,
                &[
                    "reading",
                    "read",
                    "reads",
                    "lesen",
                    "liest",
                    "lesend",
                    "looks",
                    "looking",
                    "spend",
                    "spends",
                    "spending",
                    "verbringen",
                    "view",
                    "viewing",
                    "bleiben",
                    "bleibt",
                ],
            ) && self.has(
                at + 1,
                at + 5,
                &["each", "every", "page", "pages", "seite", "jede", "jeder", "it", "sie"],
            )
        });
        reads || meanwhile || (start..from).chain(to..end).any(actions)
    }

    /// `every 5 seconds`, `alle 5 Sekunden`.
    fn every(&self, at: usize) -> bool {
        let from = self.quantities[at].from;
        from > 0
            && self.is_word(from - 1, &["every", "alle"])
            && matches!(self.tokens[from].kind, Piece::Number { .. })
    }

    pub(super) fn timeout(&mut self, at: usize, millis: f64) {
        self.used[at] = true;
        if self.reading.timeout.is_none() {
            self.reading.timeout = Some(self.of(whole(millis), at));
        }
    }

    pub(super) fn think(&mut self, at: usize, millis: f64, unit: f64) {
        const JOIN: &[&str] = &["and", "to", "und", "bis"];
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let tokens = &self.tokens;
        let joined = |at: usize| {
            JOIN.contains(&tokens[at].low.as_str()) || matches!(tokens[at].kind, Piece::Mark('-' | '–'))
        };
        let next = self
            .quantities
            .get(at + 1)
            .filter(|next| next.from == to + 1 && joined(to))
            .map(|next| next.kind.clone());
        let before = at.checked_sub(1).filter(|before| {
            let before = &self.quantities[*before];
            before.to + 1 == from && joined(before.to)
        });
        let mut range = (millis, millis);
        let mut first = from;
        if let Some(before) = before {
            let low = match self.quantities[before].kind {
                Kind::Bare(value) => Some(value * unit),
                Kind::Time(value, _) => Some(value),
                _ => None,
            };
            if let Some(low) = low {
                self.used[before] = true;
                first = self.quantities[before].from;
                range = (low.min(millis), millis.max(low));
            }
        }
        if let Some(Kind::Time(high, _)) = next {
            self.used[at] = true;
            return if self.used[at + 1] {
                self.set_think(range, at, first, to)
            } else {
                self.think(at + 1, high, unit)
            };
        }
        self.set_think(range, at, first, to);
    }

    pub(super) fn set_think(&mut self, (low, high): (f64, f64), at: usize, from: usize, to: usize) {
        self.used[at] = true;
        // `eine bis drei Sekunden`
        let one = from > 1 && self.is_word(from - 1, &["bis", "to"]) && number::article(self.word(from - 2));
        let (low, from) = match self.quantities[at].kind {
            Kind::Time(_, unit) if one && unit < high => (unit, from - 2),
            _ => (low, from),
        };
        if self.reading.think.is_none() {
            self.reading.think = Some(self.fact((whole(low), whole(high)), from, to));
        } else {
            self.unused(from, to, "is a second think time: the first one counts");
        }
    }

    pub(super) fn redirects(&mut self) {
        for at in 0..self.tokens.len() {
            let word = self.word(at);
            if matches!(word, "disablefollowredirect" | "disablefollowredirects") {
                self.reading.redirects = Some(self.fact(0, at, at + 1));
                return;
            }
            let status = || {
                let number = self.tokens[at].low.trim_end_matches('s');
                matches!(number, "301" | "302" | "30x" | "3xx")
                    && self.has(at.saturating_sub(3), at, &["follow", "folge", "folgen"])
            };
            if !(word.contains("redirect")
                || word.contains("weiterleitung")
                || word.starts_with("umleitung")
                || status())
            {
                continue;
            }
            let start = self.clause_start(at).max(at.saturating_sub(5));
            let end = self.clause_end(at);
            let refused =
                self.has(at.saturating_sub(2).max(start), at, &["no", "keine", "keinen", "keiner", "kein"]);
            let count = (0..self.quantities.len()).filter(|_| !refused).find(|&number| {
                let quantity = &self.quantities[number];
                let listed = self.tokens.get(quantity.to).is_some_and(|token| token.kind == Piece::Mark(')'));
                matches!(quantity.kind, Kind::Bare(_) | Kind::Times(_) | Kind::Some(_))
                    && !self.used[number]
                    && !listed
                    && quantity.from >= start
                    && (quantity.to <= end || self.is_bound_behind(at, quantity.from))
            });
            if let Some(number) = count {
                if let Kind::Bare(value) | Kind::Times(value) | Kind::Some(value) =
                    self.quantities[number].kind
                    && (0.0..=20.0).contains(&value)
                {
                    self.used[number] = true;
                    self.reading.redirects = Some(self.of(small(value), number));
                }
            } else if self.has(start, at, NO)
                || self.has(at + 1, end.min(at + 5), &["keine", "keinen", "none"])
                || matches!(self.tokens.get(at + 1).map(|next| &next.kind), Some(Piece::Mark(':' | '=')))
                    && self.is_word(at + 2, &["no", "off", "false", "nein", "aus"])
            {
                self.reading.redirects = Some(self.fact(0, start, at + 1));
            } else if at + 1 < end
                && self.has(at + 1, at + 2, NO)
                && (at + 2 == end
                    || self.is_word(at + 1, &["off", "unticked", "disabled"])
                    || self.word(at + 2).starts_with("fol"))
                || self.is_not_followed(at, end)
            {
                // What follows the word is about it only where nothing else follows that: "redirects nicht folgen".
                self.reading.redirects = Some(self.fact(0, at, at + 2));
            }
            return;
        }
    }

    /// `Redirects must not be followed`, `Umleitungen bitte nicht folgen`.
    fn is_not_followed(&self, at: usize, end: usize) -> bool {
        let no = (at + 1..end.min(at + 4)).find(|&at| self.is_word(at, NO));
        no.is_some_and(|no| {
            (no + 1..end.min(no + 5)).any(|at| {
                let word = self.word(at);
                ["follow", "folg", "gefolgt", "verfolg", "mitgeh", "nachgeh"]
                    .iter()
                    .any(|stem| word.starts_with(stem))
            })
        })
    }

    /// `Weiterleitungen folgen: ja, aber höchstens drei`: the bound stands in the clause behind.
    fn is_bound_behind(&self, at: usize, from: usize) -> bool {
        let end = self.sentence_end(at);
        from < end
            && from <= at + 9
            && self.is_word(
                from - 1,
                &["höchstens", "maximal", "most", "max", "maximum", "allow", "erlaube", "follow"],
            )
            && !(at + 1..from).any(|at| matches!(self.tokens[at].kind, Piece::Url(_)))
    }

    pub(super) fn version(&mut self) {
        for at in 0..self.tokens.len() {
            let word = self.word(at);
            let (version, to) = match word {
                "http2" | "h2" => (Some(HttpVersion::Http2), at + 1),
                "http" | "http_version" => {
                    let number = at
                        + 1
                        + usize::from(
                            self.tokens
                                .get(at + 1)
                                .is_some_and(|token| matches!(token.raw.as_str(), "/" | "=" | ":")),
                        );
                    let raw = self.tokens.get(number).map_or("", |token| token.raw.as_str());
                    // `version 2 of HTTP`
                    let before =
                        |back: usize| at.checked_sub(back).map_or("", |at| self.tokens[at].raw.as_str());
                    let of = matches!(before(1), "of" | "von" | "des")
                        && before(3).eq_ignore_ascii_case("version");
                    let raw = if of { before(2) } else { raw };
                    let version = match raw {
                        "2" | "2.0" | "two" | "zwei" => Some(HttpVersion::Http2),
                        "1.1" | "1" => Some(HttpVersion::Http1),
                        _ => None,
                    };
                    (version, number + 1)
                }
                _ => continue,
            };
            // `no HTTP/2 but HTTP/1.1`, `turned h2 off`
            let denied = self.has(at.saturating_sub(2), at, NO) || self.is_word(to, &["off", "aus"]);
            // `no HTTP/2, the proxy's stuck on 1.1`
            let older = denied && version == Some(HttpVersion::Http2) && {
                let end = self.sentence_end(at);
                (to..end).any(|at| self.tokens[at].raw == "1.1")
            };
            let version = if older { Some(HttpVersion::Http1) } else { version.filter(|_| !denied) };
            let Some(version) = version else { continue };
            if let Some(number) = self.quantities.iter().position(|one| one.from > at && one.to <= to) {
                self.used[number] = true;
            }
            if self.reading.http.is_none() {
                self.reading.http = Some(self.fact(version, at, to));
            }
        }
    }
}

/// Milliseconds without a fraction.
pub(super) fn whole(number: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "numbers of a text are not negative, and a cast saturates"
    )]
    let whole = number.round() as u64;
    whole
}

fn small(number: f64) -> u8 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 20")]
    let small = number as u8;
    small
}
