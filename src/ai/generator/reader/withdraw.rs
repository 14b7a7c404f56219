//! Requests that the text names and takes back: "actually, leave the logout out", "nicht den Login".

use super::{Item, Reader, token::Kind as Piece};

/// What stands before what is taken back.
const BEFORE: &[&str] = &[
    "skip",
    "drop",
    "remove",
    "forget",
    "omit",
    "exclude",
    "without",
    "ohne",
    "except",
    "außer",
    "streiche",
    "streich",
    "entferne",
    "vergiss",
    "ignore",
    "not",
    "nicht",
    "kein",
    "keinen",
    "keine",
    "scratch",
    "strike",
    "skipping",
    "excluding",
    "minus",
];
/// What opens and what closes around it.
const OPENS: &[&str] =
    &["leave", "leaving", "take", "taking", "lass", "lasst", "lassen", "nimm", "nehmt", "cut", "kick"];
const CLOSES: &[&str] = &["out", "off", "away", "weg", "aus", "raus", "heraus", "alone"];
/// What stands behind it.
const BEHIND: &[&str] = &[
    "weglassen",
    "auslassen",
    "streichen",
    "rauslassen",
    "weg",
    "raus",
    "entfällt",
    "entfallen",
    "ausnehmen",
    "rausnehmen",
    "herausnehmen",
    "herauslassen",
    "überspringen",
];
/// What `nicht` behind it is about where it is taken back.
const NOT_DONE: &[&str] = &[
    "mitnehmen",
    "testen",
    "aufrufen",
    "anfassen",
    "mitmessen",
    "belasten",
    "dabei",
    "nötig",
    "mit",
    "mittesten",
    "rein",
    "aufnehmen",
    "mitlaufen",
    "berücksichtigen",
    "einbeziehen",
    "mehr",
];

/// `Umsätze` as paths write it: `umsaetze`.
fn plain_letters(word: &str) -> String {
    word.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss")
}

impl Reader<'_> {
    /// Takes out what is taken back. What is left keeps its order.
    pub(super) fn withdrawn(&mut self) {
        let mut gone: Vec<usize> = Vec::new();
        for at in 0..self.tokens.len() {
            let Some(number) = self.spoken(at).filter(|number| !gone.contains(number)) else { continue };
            if self.is_taken_back(at) && gone.len() + 1 < self.reading.requests.len() {
                gone.push(number);
                self.unused(at, at + 1, "is a request that the text takes back");
            }
        }
        if gone.is_empty() {
            return;
        }
        let place = |number: usize| number - gone.iter().filter(|one| **one < number).count();
        let items = std::mem::take(&mut self.items);
        self.items = items
            .into_iter()
            .filter_map(|(at, item)| match item {
                Item::Request(number) if gone.contains(&number) => None,
                Item::Request(number) => Some((at, Item::Request(place(number)))),
                other => Some((at, other)),
            })
            .collect();
        let requests = std::mem::take(&mut self.reading.requests);
        self.reading.requests = requests
            .into_iter()
            .enumerate()
            .filter(|(number, _)| !gone.contains(number))
            .map(|(_, request)| request)
            .collect();
        if let Some(first) = self.reading.requests.first_mut() {
            first.value.follows = false;
        }
    }

    /// The request that a word or a path speaks of again.
    fn spoken(&self, at: usize) -> Option<usize> {
        let token = &self.tokens[at];
        let first = |number: usize| {
            self.items
                .iter()
                .find(|(_, item)| *item == Item::Request(number))
                .is_none_or(|(first, _)| *first < at)
        };
        let found = match token.kind {
            Piece::Path => self
                .reading
                .requests
                .iter()
                .position(|one| one.value.path == token.raw || one.value.path.ends_with(&token.raw)),
            Piece::Word => self.request_named(&token.low),
            Piece::Number { value, .. } => self.request_of_line(at, value),
            _ => None,
        };
        found.filter(|number| first(*number))
    }

    /// `point 2 is dropped`: the request of the line that has this number.
    fn request_of_line(&self, at: usize, value: f64) -> Option<usize> {
        const POINT: &[&str] = &[
            "punkt", "nummer", "nr", "point", "item", "number", "no", "step", "schritt", "call", "zeile",
            "line",
        ];
        let called = (1..=2).any(|back| at.checked_sub(back).is_some_and(|at| self.is_word(at, POINT)));
        if !called {
            return None;
        }
        let line = (0..at).find(|&line| {
            let begins = line == 0 || self.tokens[line - 1].kind == Piece::Newline;
            begins && matches!(self.tokens[line].kind, Piece::Number { value: number, .. } if (number - value).abs() < 0.5)
        })?;
        let end = (line..at).find(|&at| self.tokens[at].kind == Piece::Newline)?;
        let found = self.items.iter().find(|(place, _)| (line..end).contains(place));
        found.and_then(|(_, item)| match item {
            Item::Request(number) => Some(*number),
            Item::Activity(_) => None,
        })
    }

    /// The request whose path has a word in it, or the beginning of a long one.
    pub(super) fn request_named(&self, word: &str) -> Option<usize> {
        let word = &plain_letters(word);
        let fits = |segment: &str| {
            let common = word.chars().zip(segment.chars()).take_while(|(one, other)| one == other).count();
            let shorter = word.chars().count().min(segment.chars().count());
            word == segment || common >= 5 && common + 1 >= shorter || common >= 6
        };
        let mut found = (0..self.reading.requests.len()).filter(|number| {
            let path = plain_letters(&self.reading.requests[*number].value.path.to_lowercase());
            let path = path.split('?').next().unwrap_or_default();
            path.split(|c: char| !c.is_alphanumeric()).filter(|one| one.chars().count() > 3).any(fits)
        });
        let first = found.next().filter(|_| word.chars().count() > 3)?;
        found.next().is_none().then_some(first)
    }

    fn is_taken_back(&self, at: usize) -> bool {
        let (start, end) = (self.sentence_start(at), self.sentence_end(at));
        let near = start.max(at.saturating_sub(3));
        let stops = |at: usize| {
            self.tokens[at].ends_clause() || self.is_word(at, &["but", "sondern", "aber", "and", "und"])
        };
        let near = (near..at).rev().find(|&before| stops(before)).map_or(near, |before| before + 1);
        let more = |at: usize| self.is_word(at + 1, &["only", "nur", "more", "mehr", "just"]);
        let before = (near..at).any(|before| self.is_word(before, BEFORE) && !more(before));
        let opens = self.has(start.max(at.saturating_sub(4)), at, OPENS);
        let both =
            (near..at.saturating_sub(1)).any(|at| self.is_word(at, OPENS) && self.is_word(at + 1, CLOSES));
        let around = both || opens && self.has(at + 1, (at + 4).min(end), CLOSES);
        let to = (at + 5).min(end);
        let behind = self.has(at + 1, to, BEHIND)
            || (at + 1..to).any(|not| {
                self.is_word(not, &["nicht"]) && (not + 1 >= end || self.is_word(not + 1, NOT_DONE))
                    || self.is_word(not, &["can", "may", "should", "kann", "soll", "darf"])
                        && self.has(
                            not + 1,
                            (not + 4).min(end),
                            &["skipped", "omitted", "excluded", "dropped", "wegbleiben"],
                        )
            });
        before || around || behind
    }
}
