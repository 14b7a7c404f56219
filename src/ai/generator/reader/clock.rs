//! Times, as people say them: `2m30s`, `2 min 30`, `half an hour`, `anderthalb Stunden`, `five-minute`, `zweistündig`.

use super::{
    lexicon::{REQUESTS, like, unit},
    number,
    quantity::{Kind, Tokens},
    token::Kind as Piece,
};

/// What stands between an article and a unit, and only says that all of it is meant.
const WHOLE: &[&str] = &[
    "full",
    "whole",
    "entire",
    "solid",
    "complete",
    "good",
    "single",
    "ganze",
    "ganzen",
    "volle",
    "vollen",
    "gute",
    "guten",
    "geschlagene",
    "komplette",
    "einzige",
    "knappe",
    "knappen",
];
/// What a time without a unit behind another one may stand before.
const BEHIND: &[&str] = &["lang", "long", "on", "auf", "against", "gegen", "with", "mit", "at", "in", "by"];

impl Tokens<'_> {
    /// A time: `2m30s`, `90 seconds`, `half an hour`, `anderthalb Stunden`.
    pub(super) fn time(&self, at: usize) -> Option<(Kind, usize)> {
        let (mut millis, mut size, mut next) = self.plain_time(at)?;
        let mut first = size;
        loop {
            let joined = matches!(self.word(next), "and" | "und");
            let more = next + usize::from(joined);
            if joined
                && number::article(self.word(more))
                && let Some(part) = half(self.word(more + 1))
            {
                return Some((Kind::Time(millis + size * part, size), more + 2));
            }
            // `an hour and three quarters`
            if let Some((quarters, to)) =
                self.quarters(more).filter(|(_, to)| joined && unit(self.word(*to)).is_none())
            {
                return Some((Kind::Time(millis + size * quarters / 4.0, size), to));
            }
            // `statt 2 Minuten 5` are five of them instead.
            let instead = at.checked_sub(1).is_some_and(|before| {
                matches!(self.word(before), "statt" | "anstatt" | "anstelle" | "of" | "from" | "von")
            });
            if let Some((rest, to)) = self.unnamed(next, size).filter(|_| !instead) {
                return Some((Kind::Time(millis + rest, first), to));
            }
            match self.plain_time(more) {
                Some((rest, unit, to)) if unit < size => {
                    (millis, size, next) = (millis + rest, unit, to);
                    first = unit;
                }
                _ => return Some((Kind::Time(millis, first), next)),
            }
        }
    }

    /// `30` behind `2 min`, where nothing else could be counted by it.
    fn unnamed(&self, at: usize, size: f64) -> Option<(f64, usize)> {
        let Piece::Number { value, glued } = &self.0.get(at)?.kind else { return None };
        let free = self.0.get(at + 1).is_none_or(|token| {
            // `35 minutes 4) the host` begins the fourth of a list.
            let closes = token.kind == Piece::Mark(')')
                && (at.saturating_sub(6)..at).any(|before| self.mark(before, '('));
            token.ends_clause() || closes || BEHIND.contains(&token.low.as_str())
        });
        let fits = glued.is_empty() && free && value.fract() == 0.0 && (1.0..60.0).contains(value);
        let smaller = below(size).filter(|_| fits)?;
        Some((value * smaller, at + 1))
    }

    /// `minutes = 4`: the unit is the name.
    fn set_time(&self, at: usize) -> Option<(f64, f64, usize)> {
        let named = matches!(
            self.word(at),
            "minutes" | "seconds" | "hours" | "mins" | "secs" | "minuten" | "sekunden" | "stunden"
        );
        let size = unit(self.word(at)).filter(|_| named && self.mark(at + 1, '='))?;
        let (value, glued, next) = self.number(at + 2)?;
        (glued.is_empty() && unit(self.word(next)).is_none()).then_some((value * size, size, next))
    }

    fn plain_time(&self, at: usize) -> Option<(f64, f64, usize)> {
        if let Some(found) = self.set_time(at) {
            return Some(found);
        }
        if let Some(found) = self.worded_time(at).or_else(|| self.adjective(at)).or_else(|| self.clock(at)) {
            return Some(found);
        }
        let (value, glued, next) = self.number(at)?;
        if !glued.is_empty() {
            return composite(value, glued).map(|(millis, size)| (millis, size, next));
        }
        if matches!(self.word(next), "and" | "und")
            && number::article(self.word(next + 1))
            && let Some(part) = half(self.word(next + 2))
            && let Some(size) = unit(self.word(next + 3))
        {
            return Some(((value + part) * size, size, next + 4));
        }
        // `one and three quarter hours`
        if matches!(self.word(next), "and" | "und")
            && let Some((quarters, to)) = self.quarters(next + 1)
            && let Some(size) = unit(self.word(to))
        {
            return Some(((value + quarters / 4.0) * size, size, to + 1));
        }
        // `1/2 hour`, `2/3 h`
        if let Some((part, to)) = self.fraction(at)
            && let Some(size) = unit(self.word(to)).filter(|size| *size >= 1000.0)
        {
            return Some((part * size, size, to + 1));
        }
        // `1 m` is a minute, and a letter with a mark behind it may be anything.
        // `5 more minutes`, `5-ish minutes`
        let more = matches!(
            self.word(next),
            "more" | "weitere" | "weiteren" | "further" | "volle" | "full" | "whole"
        );
        let next = self.dash(next) + usize::from(more);
        // `yes, one m`
        let letter = self.word(next).len() == 1 && self.0[at].kind == Piece::Word;
        if letter {
            return None;
        }
        let size = unit(self.word(next)).or_else(|| duration_ending(self.word(next)))?;
        Some((value * size, size, next + 1))
    }

    /// `1/2`: the part, and the token behind it.
    fn fraction(&self, at: usize) -> Option<(f64, usize)> {
        let whole = |at: usize| match &self.0.get(at)?.kind {
            Piece::Number { value, glued } if glued.is_empty() && value.fract() == 0.0 => Some(*value),
            _ => None,
        };
        let (over, under) = (whole(at)?, whole(at + 2).filter(|_| self.mark(at + 1, '/'))?);
        (over > 0.0 && over < under && under <= 10.0).then_some((over / under, at + 3))
    }

    /// `2:30 minutes`.
    fn clock(&self, at: usize) -> Option<(f64, f64, usize)> {
        let Piece::Number { value: whole, glued } = &self.0.get(at)?.kind else { return None };
        let Piece::Number { value: part, glued: behind } = &self.0.get(at + 2)?.kind else { return None };
        // `00:15:00`
        if let Some(Piece::Number { value: seconds, .. }) = self.0.get(at + 4).map(|token| &token.kind)
            && self.mark(at + 1, ':')
            && self.mark(at + 3, ':')
            && [at + 2, at + 4].iter().all(|&at| self.0[at].raw.len() == 2)
            && self.0[at].end + 6 == self.0[at + 4].end
        {
            return Some((whole * 3.6e6 + part * 60e3 + seconds * 1e3, 1e3, at + 5));
        }
        // `step 3: 15 min` is no clock.
        let close = self.0[at].end + 1 == self.0[at + 2].start;
        let two = close && self.mark(at + 1, ':') && self.0[at + 2].raw.len() >= 2 && glued.is_empty();
        let (size, to) =
            if behind.is_empty() { (unit(self.word(at + 3))?, at + 4) } else { (unit(behind)?, at + 3) };
        let smaller = below(size).filter(|_| two && *part < 60.0 && whole.fract() == 0.0)?;
        Some((whole * size + part * smaller, size, to))
    }

    /// `five-minute`, `half-hour`, `zehnminütig`, `halbstündige`.
    fn adjective(&self, at: usize) -> Option<(f64, f64, usize)> {
        let word = self.word(at);
        if let Some((count, of)) = word.rsplit_once('-')
            && let Some(size) = unit(of).or_else(|| duration_ending(of))
        {
            let count = half(count).or_else(|| number::word(count)).filter(|count| *count > 0.0)?;
            return Some((count * size, size, at + 1));
        }
        let stem = ["minütig", "stündig", "sekündig", "tägig", "wöchig"].iter().find_map(|ending| {
            let place = word.find(ending).filter(|place| *place > 0)?;
            Some((&word[..place], duration_ending(&word[place..])?))
        });
        let (count, size) = stem?;
        let count = match count {
            "ein" => 1.0,
            "anderthalb" | "eineinhalb" => 1.5,
            _ => half(count).or_else(|| number::word(count))?,
        };
        Some((count * size, size, at + 1))
    }

    fn worded_time(&self, at: usize) -> Option<(f64, f64, usize)> {
        let word = self.word(at);
        let article =
            usize::from(number::article(word) || matches!(word, "ne" | "'ne" | "’ne" | "nen" | "e" | "a"));
        let part = self.word(at + article);
        if matches!(self.word(at + article + 1), "stündchen") && part == "halbes" {
            return Some((1.8e6, 3.6e6, at + article + 2));
        }
        if matches!(part, "half" | "halbe" | "halben" | "halber" | "halbes" | "hoibe" | "halwe" | "halb") {
            let inner = at + article + 1;
            let inner = inner + usize::from(matches!(self.word(inner), "a" | "an" | "of"));
            let size = unit(self.word(inner))?;
            return Some((size / 2.0, size, inner + 1));
        }
        if let Some((quarters, inner)) = self.quarters(at + article) {
            let size = unit(self.word(inner))?;
            return Some((size * quarters / 4.0, size, inner + 1));
        }
        let quarters = match part {
            "viertelstunde" | "viertelstund" | "viertelstündchen" | "viertlstund" => 1.0,
            "dreiviertelstunde" | "dreiviertelstund" | "dreiviertelstündchen" => 3.0,
            "halbstunde" | "halbstündchen" => 2.0,
            "stündchen" => 4.0,
            _ => 0.0,
        };
        if quarters > 0.0 {
            return Some((quarters * 900e3, 3.6e6, at + article + 1));
        }
        // `how many requests a second`
        let counted = at.checked_sub(1).is_some_and(|before| like(self.word(before), REQUESTS));
        if (article == 1 || word == "one") && !counted {
            let whole = usize::from(WHOLE.contains(&part));
            let noun = self.word(at + 1 + whole);
            if !matches!(noun, "s" | "m" | "h" | "d") {
                let size = unit(noun)?;
                return Some((size, size, at + 2 + whole));
            }
        }
        if let Some(third) = self.thirds(at) {
            return Some(third);
        }
        let halves = match word {
            "eineinviertel" => Some(1.25),
            "eindreiviertel" => Some(1.75),
            "anderthalb" | "eineinhalb" | "anderthalbe" => Some(1.5),
            "zweier" => Some(2.0),
            "dreier" => Some(3.0),
            _ if word.ends_with("einviertel") => {
                word.strip_suffix("einviertel").and_then(number::word).map(|whole| whole + 0.25)
            }
            _ if word.ends_with("dreiviertel") => {
                word.strip_suffix("dreiviertel").and_then(number::word).map(|whole| whole + 0.75)
            }
            _ => word.strip_suffix("einhalb").and_then(number::word).map(|whole| whole + 0.5),
        };
        let size = unit(self.word(at + 1))?;
        Some((halves? * size, size, at + 2))
    }

    /// `a third of an hour`, `two thirds of an hour`.
    fn thirds(&self, at: usize) -> Option<(f64, f64, usize)> {
        let article = usize::from(number::article(self.word(at)) || self.word(at) == "two");
        let part = match (self.word(at), self.word(at + article)) {
            ("two", "thirds") => 2.0 / 3.0,
            (_, "third") => 1.0 / 3.0,
            _ => return None,
        };
        let inner = at + article + 2;
        let inner = inner + usize::from(number::article(self.word(inner)));
        let size = unit(self.word(inner)).filter(|_| self.word(at + article + 1) == "of")?;
        Some((size * part, size, inner + 1))
    }

    /// `quarter of an`, `three quarters of an`, `dreiviertel`: quarters, and the token of their unit.
    fn quarters(&self, at: usize) -> Option<(f64, usize)> {
        let (count, mut inner) = match (self.word(at), self.word(at + 1)) {
            ("quarter" | "viertel", _) => (1.0, at + 1),
            ("dreiviertel" | "three-quarter" | "three-quarters", _) => (3.0, at + 1),
            ("three" | "drei", "quarters" | "quarter" | "viertel") => (3.0, at + 2),
            _ => return None,
        };
        while matches!(self.word(inner), "of" | "a" | "an" | "einer") {
            inner += 1;
        }
        Some((count, inner))
    }
}

/// The part of a unit that a word says.
fn half(word: &str) -> Option<f64> {
    match word {
        "half" | "halbe" | "halben" | "halb" => Some(0.5),
        "quarter" | "viertel" => Some(0.25),
        _ => None,
    }
}

/// Milliseconds of `minütig` and its like.
fn duration_ending(word: &str) -> Option<f64> {
    let of =
        [("sekündig", 1e3), ("minütig", 60e3), ("stündig", 3.6e6), ("tägig", 86.4e6), ("wöchig", 604.8e6)];
    let (_, size) = of.into_iter().find(|(ending, _)| {
        word.strip_prefix(ending).is_some_and(|rest| matches!(rest, "" | "e" | "en" | "er" | "es" | "em"))
    })?;
    Some(size)
}

/// The next smaller unit.
fn below(size: f64) -> Option<f64> {
    if (size - 60e3).abs() < 0.5 {
        Some(1e3)
    } else if (size - 3.6e6).abs() < 0.5 {
        Some(60e3)
    } else {
        None
    }
}

/// `2m30s`: the number and what stands right behind it.
fn composite(value: f64, glued: &str) -> Option<(f64, f64)> {
    let (mut total, mut value, mut rest, mut last) = (0.0, value, glued, f64::INFINITY);
    loop {
        let letters = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let size = unit(&rest[..letters]).filter(|size| *size < last)?;
        (total, last) = (total + value * size, size);
        rest = &rest[letters..];
        if rest.is_empty() {
            return Some((total, last));
        }
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        value = rest[..digits].parse().ok().filter(|_| digits > 0)?;
        rest = &rest[digits..];
        if rest.is_empty() {
            // `1h30`: of the next smaller unit.
            let smaller = below(size).filter(|_| digits == 2 && value < 60.0)?;
            return Some((total + value * smaller, smaller));
        }
    }
}
