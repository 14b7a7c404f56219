//! Numbers with what they count.

use super::{
    lexicon::{REQUESTS, like, per, unit},
    number,
    people::is_user,
    token::{Kind as Piece, Token},
};

/// What a number counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Milliseconds, and those of the unit.
    Time(f64, f64),
    Users(f64),
    /// Users per second.
    Hatch(f64),
    /// Requests per second.
    Rate(f64),
    /// Requests in all.
    Total(f64),
    /// Passes.
    Times(f64),
    /// By how much: `three times as`.
    Factor(f64),
    Percent(f64),
    /// A part of all, from 0 to 1: `half of`, `one in a thousand`, `jeder Fünfte`.
    Part(f64),
    /// Some of those that were named: `30 of them`.
    Some(f64),
    /// A figure of the response time, such as `p95`.
    Stat(String),
    Bare(f64),
}

/// A number with what it counts, and its tokens.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Quantity {
    pub(super) kind: Kind,
    pub(super) from: usize,
    pub(super) to: usize,
}

const TIMES: &[&str] = &[
    "times",
    "iterations",
    "iteration",
    "mal",
    "male",
    "durchläufe",
    "durchläufen",
    "durchgänge",
    "iterationen",
    "runden",
    "passes",
    "rounds",
    "loops",
    "wiederholungen",
    "repetitions",
];
const OF: &[&str] = &["of", "all", "the", "der", "aller", "von", "alle", "our"];

/// Words of what is not in time.
const SLOWER: &[&str] =
    &["longer", "slower", "more", "above", "over", "länger", "langsamer", "mehr", "über", "exceed"];

pub(super) struct Tokens<'t>(pub(super) &'t [Token]);

/// The quantities of a text, in order.
pub(super) fn quantities(tokens: &[Token]) -> Vec<Quantity> {
    let tokens = Tokens(tokens);
    let (mut out, mut at) = (Vec::new(), 0);
    while at < tokens.0.len() {
        let found = tokens.stat(at).or_else(|| tokens.paced(at)).or_else(|| tokens.part(at));
        let found = found.or_else(|| tokens.time(at)).or_else(|| tokens.factor(at));
        match found.or_else(|| tokens.single_user(at)).or_else(|| tokens.counted(at)) {
            Some((kind, to)) => {
                out.push(Quantity { kind, from: at, to });
                at = to.max(at + 1);
            }
            None => at += 1,
        }
    }
    out
}

impl Tokens<'_> {
    pub(super) fn word(&self, at: usize) -> &str {
        self.0.get(at).filter(|token| token.kind == Piece::Word).map_or("", |token| token.low.as_str())
    }

    pub(super) fn mark(&self, at: usize, mark: char) -> bool {
        self.0.get(at).is_some_and(|token| token.kind == Piece::Mark(mark))
    }

    /// A number, with the letters behind it and the next token.
    pub(super) fn number(&self, at: usize) -> Option<(f64, &str, usize)> {
        let token = self.0.get(at)?;
        if let Some(found) = self.half_scale(at) {
            return Some(found);
        }
        let (mut value, mut next) = match &token.kind {
            Piece::Number { value, glued } if glued == "k" => (value * 1000.0, at + 1),
            Piece::Number { value, glued } if !glued.is_empty() => return Some((*value, glued, at + 1)),
            Piece::Number { value, .. } => self.grouped(*value, at),
            Piece::Word => {
                let (value, next) = self.spelled(at)?;
                let (value, next) = self.in_digits(next).unwrap_or((value, next));
                return Some((value, "", next));
            }
            _ => return None,
        };
        while let Some(scale) = number::scale(self.word(next)) {
            (value, next) = (value * scale, next + 1);
        }
        Some((value, "", next))
    }

    /// `two fifty (250)`: a number in words, and again in digits, which count.
    fn in_digits(&self, at: usize) -> Option<(f64, usize)> {
        let inside = self.0.get(at + 1).filter(|_| self.mark(at, '(') && self.mark(at + 2, ')'))?;
        match &inside.kind {
            Piece::Number { value, glued } if glued.is_empty() => Some((*value, at + 3)),
            _ => None,
        }
    }

    /// `a couple of users`, `a couple hundred`, `a pair of importers`, `zwei und siebzig`: the number, and the token behind it.
    fn told_otherwise(&self, at: usize) -> Option<(f64, usize)> {
        let article = number::article(self.word(at));
        if article && matches!(self.word(at + 1), "couple" | "pair") {
            let of = at + 2 + usize::from(self.word(at + 2) == "of");
            return Some((2.0, of));
        }
        let (ones, tens) = (number::word(self.word(at))?, number::word(self.word(at + 2)));
        let range = at > 0 && matches!(self.word(at - 1), "zwischen" | "between");
        let tens = tens.filter(|tens| (20.0..100.0).contains(tens) && tens % 10.0 == 0.0)?;
        let joined = self.word(at + 1) == "und" && !range && (1.0..10.0).contains(&ones);
        joined.then_some((ones + tens, at + 3))
    }

    /// A number in words: `one thousand five hundred`, `a hundred and fifty`, `sixty five`, `zwei Millionen`.
    fn spelled(&self, at: usize) -> Option<(f64, usize)> {
        if let Some((value, next)) = self.told_otherwise(at) {
            let scale = number::scale(self.word(next));
            return Some(scale.map_or((value, next), |scale| (value * scale, next + 1)));
        }
        let article = number::article(self.word(at)) && number::scale(self.word(at + 1)).is_some();
        // What is behind a thousand, and what is before the next one.
        let first = || number::word(self.word(at)).or_else(|| self.slipped(at));
        let (mut all, mut part) = (0.0, if article { 1.0 } else { first()? });
        let (mut next, mut last) = (at + 1, f64::INFINITY);
        loop {
            let word = self.word(next);
            if let Some(scale) = number::scale(word).filter(|scale| *scale < last) {
                if scale >= 1000.0 {
                    (all, part, last) = (all + part * scale, 0.0, scale);
                } else {
                    part *= scale;
                }
                next += 1;
                continue;
            }
            // `two and a half thousand`, `a dozen and a half`
            if word == "and" && number::article(self.word(next + 1)) && self.word(next + 2) == "half" {
                if let Some(scale) = number::scale(self.word(next + 3)).filter(|_| part < 100.0) {
                    return Some((all + (part + 0.5) * scale, next + 4));
                }
                if matches!(self.word(next - 1), "dozen" | "hundred" | "thousand") {
                    return Some(((all + part) * 1.5, next + 3));
                }
            }
            let joined = word == "and" && (part >= 100.0 || part == 0.0);
            let Some(more) = number::word(self.word(next + usize::from(joined))) else { break };
            let free = if part == 0.0 { 1000.0 } else { room(part) };
            if more < 1.0 || more >= free {
                break;
            }
            (part, next) = (part + more, next + 1 + usize::from(joined));
        }
        Some((all + part, next))
    }

    /// `ninty users`, `zwanzich Minuten`: a number with a slip, where something that is counted stands behind it.
    fn slipped(&self, at: usize) -> Option<f64> {
        let counted = unit(self.word(at + 1)).is_some() || is_user(self.word(at + 1));
        number::slipped(self.word(at)).filter(|_| counted)
    }

    /// `half a dozen`, `eine halbe Million`, `anderthalb Dutzend`.
    fn half_scale(&self, at: usize) -> Option<(f64, &str, usize)> {
        if matches!(self.word(at), "anderthalb" | "eineinhalb") {
            return number::scale(self.word(at + 1)).map(|scale| (scale * 1.5, "", at + 2));
        }
        let article = usize::from(number::article(self.word(at)));
        let half = matches!(self.word(at + article), "half" | "halbe" | "halbes" | "halben");
        let inner = at + article + 1;
        let inner = inner + usize::from(number::article(self.word(inner)));
        let scale = number::scale(self.word(inner)).filter(|_| half)?;
        Some((scale / 2.0, "", inner + 1))
    }

    /// `1 000`: digits in groups.
    fn grouped(&self, value: f64, at: usize) -> (f64, usize) {
        let three = |token: &&Token| {
            token.raw.len() == 3
                && token.raw.bytes().all(|byte| byte.is_ascii_digit())
                && token.start == self.0[at].end + 1
        };
        match self.0.get(at + 1).filter(three).map(|token| &token.kind) {
            Some(Piece::Number { value: rest, .. })
                if (1.0..1000.0).contains(&value) && value.fract() == 0.0 =>
            {
                (value * 1000.0 + rest, at + 2)
            }
            _ => (value, at + 1),
        }
    }

    fn stat(&self, at: usize) -> Option<(Kind, usize)> {
        let stat = |name: &str, to: usize| Some((Kind::Stat(name.to_owned()), to));
        let word = self.word(at);
        let digits = word
            .strip_prefix('p')
            .filter(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
        if let Some(digits) = digits {
            let adjacent = self.mark(at + 1, '.') && self.0[at].end == self.0[at + 1].start;
            if let Some(Piece::Number { value, .. }) = self.0.get(at + 2).map(|token| &token.kind)
                && adjacent
                && self.0[at + 1].end == self.0[at + 2].start
            {
                return stat(&format!("p{digits}.{value}"), at + 3);
            }
            // p999 is 99.9.
            return stat(if digits == "999" { "p99.9" } else { word }, at + 1);
        }
        if matches!(word, "median" | "medians" | "medianwert") || word.len() > 5 && like(word, &["median"]) {
            return stat("p50", at + 1);
        }
        if matches!(word, "average" | "avg" | "mean" | "mittel" | "mittelwert")
            || matches!(word, "avrage" | "averge" | "avarage" | "avergae" | "averag")
            || word.starts_with("durchschnitt") && !word.starts_with("durchschnittsn")
            || word == "schnitt" && matches!(self.word(at.wrapping_sub(1)), "im" | "the" | "in")
        {
            return stat("avg", at + 1);
        }
        let bounded = matches!(
            self.0.get(at + 1).map(|token| token.raw.as_str()),
            Some("<" | "≤" | "under" | "unter" | "below")
        );
        if matches!(word, "maximum" | "max" | "maximal" | "peak") && bounded {
            return stat("max", at + 1);
        }
        if matches!(word, "slowest" | "langsamste" | "langsamster" | "worst") {
            return stat("max", at + 1);
        }
        if is_percentile(word)
            && let Some(Piece::Number { value, .. }) = self.0.get(at + 1).map(|token| &token.kind)
            && *value < 100.0
        {
            return stat(&format!("p{value}"), at + 2);
        }
        self.percentile(at)
    }

    /// `95th percentile`, `95. Perzentil`, `99 % of requests faster than 1 s`.
    fn percentile(&self, at: usize) -> Option<(Kind, usize)> {
        let Piece::Number { value, glued } = &self.0.get(at)?.kind else { return None };
        if *value >= 100.0 || *value <= 0.0 || !matches!(glued.as_str(), "" | "th" | "st" | "nd" | "rd") {
            return None;
        }
        let name = Kind::Stat(format!("p{value}"));
        let mut next = at + 1;
        while self.mark(next, '.') || self.mark(next, '%') || self.mark(next, '-') {
            next += 1;
        }
        if is_percentile(self.word(next)) {
            return Some((name, next + 1));
        }
        let percent = self.mark(at + 1, '%') || matches!(self.word(at + 1), "percent" | "prozent");
        let mut noun = at + 2;
        while OF.contains(&self.word(noun)) {
            noun += 1;
        }
        if !percent || !like(self.word(noun), REQUESTS) {
            return None;
        }
        let end = (noun + 1..self.0.len().min(noun + 10)).find(|&at| self.0[at].ends_sentence());
        let end = end.unwrap_or(self.0.len().min(noun + 10));
        // `5 % of requests may take longer` are those that are not in time.
        if (noun + 1..end).any(|at| SLOWER.contains(&self.word(at))) {
            return None;
        }
        let timed = (noun + 1..end).any(|at| self.time(at).is_some());
        timed.then_some((name, noun + 1))
    }

    /// `twice`, `dreimal so`, `3x as`: by how much, and how often where nothing is compared.
    fn factor(&self, at: usize) -> Option<(Kind, usize)> {
        let word = self.word(at);
        let compared = |next: usize| {
            matches!(
                self.word(next),
                "as" | "so" | "more" | "the" | "häufiger" | "öfter" | "mehr" | "soviel" | "soviele"
            )
        };
        let known = match word {
            "twice" | "double" | "doppelt" | "doppelte" | "doppelten" | "verdopple" | "verdoppeln" => {
                Some(2.0)
            }
            "thrice" | "triple" | "dreifach" | "dreifache" => Some(3.0),
            "halb" | "half" if compared(at + 1) => Some(0.5),
            // `halbe Rate`
            "halbe" | "halber" | "halben" | "half"
                if matches!(
                    self.word(at + 1),
                    "rate" | "anfragerate" | "last" | "load" | "nutzerzahl" | "dauer" | "laufzeit"
                ) =>
            {
                Some(0.5)
            }
            "halve" | "halved" | "halving" | "halbiere" | "halbieren" | "halbiert" => Some(0.5),
            "doubled" | "doubling" | "verdoppelt" => Some(2.0),
            "tripled" | "tripling" | "verdreifache" | "verdreifachen" | "verdreifacht" => Some(3.0),
            _ => None,
        };
        if let Some(factor) = known {
            return Some((Kind::Factor(factor), at + 1));
        }
        if let Some(value) = word.strip_suffix("mal").and_then(number::word) {
            if let Some((size, to)) = self.per(at + 1).filter(|(size, _)| *size <= 3.6e6) {
                return Some((Kind::Rate(value * 1000.0 / size), to));
            }
            let kind = if compared(at + 1) { Kind::Factor(value) } else { Kind::Times(value) };
            return Some((kind, at + 1));
        }
        // `x20`
        let often = word
            .strip_prefix('x')
            .filter(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
        if let Some(times) = often.and_then(|digits| digits.parse().ok()).filter(|times| *times > 0.0) {
            return Some((Kind::Times(times), at + 1));
        }
        let (value, glued, next) = self.number(at)?;
        let dashed = self.dash(next);
        // `fifty goes each`
        let goes = matches!(self.word(next), "goes" | "laps" | "runs" | "turns" | "tries" | "shots")
            && matches!(self.word(next + 1), "each" | "apiece" | "per");
        let next = match glued {
            "x" | "mal" => next,
            "" if TIMES.contains(&self.word(next)) || self.word(next) == "x" || goes => next + 1,
            "" if dashed > next && self.word(dashed) == "mal" => dashed + 1,
            _ => return None,
        };
        // `20 times per second`
        if let Some((size, to)) = self.per(next).filter(|(size, _)| *size <= 3.6e6) {
            return Some((Kind::Rate(value * 1000.0 / size), to));
        }
        Some((if compared(next) { Kind::Factor(value) } else { Kind::Times(value) }, next))
    }

    /// What stands behind a dash: `50-user`, `5-minute`.
    pub(super) fn dash(&self, at: usize) -> usize {
        let end = |at: usize| self.0.get(at).map(|token| (token.start, token.end));
        let glued = self.mark(at, '-')
            && at > 0
            && end(at - 1).zip(end(at)).is_some_and(|(before, dash)| before.1 == dash.0)
            && end(at).zip(end(at + 1)).is_some_and(|(dash, behind)| dash.1 == behind.0);
        if glued { at + 1 } else { at }
    }

    /// `per second`, `/s`, `a minute`, `in der Minute`: milliseconds, and the next token.
    pub(super) fn per(&self, at: usize) -> Option<(f64, usize)> {
        let size = |at: usize| per(self.word(at)).map(|size| (size, at + 1));
        if self.mark(at, '/') {
            return size(at + 1);
        }
        match self.word(at) {
            "per" | "pro" | "je" | "a" | "each" | "every" | "jede" | "die" | "an" | "pre" | "evry"
            | "ervery" | "by" => size(at + 1),
            "in" if matches!(self.word(at + 1), "der" | "einer" | "a" | "one") => size(at + 2),
            _ => None,
        }
    }
}

/// What may stand behind a number in words is smaller than this: `fifty` leaves room for ones, and `two hundred` for more.
fn room(part: f64) -> f64 {
    let left = part % 100.0;
    if left == 0.0 {
        100.0
    } else if left >= 20.0 && left % 10.0 == 0.0 {
        10.0
    } else {
        0.0
    }
}

fn is_percentile(word: &str) -> bool {
    word.starts_with("percentil") || word.starts_with("perzentil") || word == "quantil" || word == "quantile"
}
