//! Numbers with what they count.

use super::{
    lexicon::{ADJECTIVES, REQUESTS, USERS, like, per, unit},
    number,
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

struct Tokens<'t>(&'t [Token]);

/// The quantities of a text, in order.
pub(super) fn quantities(tokens: &[Token]) -> Vec<Quantity> {
    let tokens = Tokens(tokens);
    let (mut out, mut at) = (Vec::new(), 0);
    while at < tokens.0.len() {
        let found = tokens.stat(at).or_else(|| tokens.time(at)).or_else(|| tokens.factor(at));
        match found.or_else(|| tokens.counted(at)) {
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
    fn word(&self, at: usize) -> &str {
        self.0.get(at).filter(|token| token.kind == Piece::Word).map_or("", |token| token.low.as_str())
    }

    fn mark(&self, at: usize, mark: char) -> bool {
        self.0.get(at).is_some_and(|token| token.kind == Piece::Mark(mark))
    }

    /// A number, with the letters behind it and the next token.
    fn number(&self, at: usize) -> Option<(f64, &str, usize)> {
        let token = self.0.get(at)?;
        let (mut value, mut next) = match &token.kind {
            Piece::Number { value, glued } if glued == "k" => (value * 1000.0, at + 1),
            Piece::Number { value, glued } if !glued.is_empty() => return Some((*value, glued, at + 1)),
            Piece::Number { value, .. } => self.grouped(*value, at),
            Piece::Word if number::article(&token.low) && number::scale(self.word(at + 1)).is_some() => {
                (1.0, at + 1)
            }
            Piece::Word => (number::word(&token.low)?, at + 1),
            _ => return None,
        };
        if (20.0..100.0).contains(&value)
            && value % 10.0 == 0.0
            && token.kind == Piece::Word
            && let Some(ones) = number::word(self.word(next)).filter(|ones| (1.0..10.0).contains(ones))
        {
            (value, next) = (value + ones, next + 1);
        }
        while let Some(scale) = number::scale(self.word(next)) {
            (value, next) = (value * scale, next + 1);
            let more = if self.word(next) == "and" { next + 1 } else { next };
            if scale >= 100.0
                && token.kind == Piece::Word
                && let Some(rest) = number::word(self.word(more)).filter(|rest| *rest < scale)
            {
                (value, next) = (value + rest, more + 1);
            }
        }
        Some((value, "", next))
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
        if matches!(word, "median" | "medians" | "medianwert") {
            return stat("p50", at + 1);
        }
        if matches!(word, "average" | "avg" | "mean" | "mittel" | "mittelwert")
            || word.starts_with("durchschnitt") && !word.starts_with("durchschnittsn")
        {
            return stat("avg", at + 1);
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
        let timed = (noun + 1..end).any(|at| self.time(at).is_some());
        timed.then_some((name, noun + 1))
    }

    /// A time: `2m30s`, `90 seconds`, `half an hour`, `anderthalb Stunden`.
    fn time(&self, at: usize) -> Option<(Kind, usize)> {
        let (mut millis, mut size, mut next) = self.plain_time(at)?;
        let mut first = size;
        loop {
            let joined = matches!(self.word(next), "and" | "und");
            let more = next + usize::from(joined);
            if joined
                && number::article(self.word(more))
                && matches!(self.word(more + 1), "half" | "halbe" | "halben")
            {
                return Some((Kind::Time(millis + size / 2.0, size), more + 2));
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

    fn plain_time(&self, at: usize) -> Option<(f64, f64, usize)> {
        if let Some(found) = self.worded_time(at) {
            return Some(found);
        }
        let (value, glued, next) = self.number(at)?;
        if !glued.is_empty() {
            return composite(value, glued).map(|(millis, size)| (millis, size, next));
        }
        if matches!(self.word(next), "and" | "und")
            && number::article(self.word(next + 1))
            && matches!(self.word(next + 2), "half" | "halbe")
            && let Some(size) = unit(self.word(next + 3))
        {
            return Some(((value + 0.5) * size, size, next + 4));
        }
        // `1 m` is a minute, and a letter with a mark behind it may be anything.
        let size = unit(self.word(next))?;
        Some((value * size, size, next + 1))
    }

    fn worded_time(&self, at: usize) -> Option<(f64, f64, usize)> {
        let word = self.word(at);
        let article = usize::from(number::article(word));
        let half = self.word(at + article);
        if matches!(half, "half" | "halbe" | "halben" | "halber") {
            let inner = at + article + 1;
            let inner = inner + usize::from(matches!(self.word(inner), "a" | "an" | "of"));
            let size = unit(self.word(inner))?;
            return Some((size / 2.0, size, inner + 1));
        }
        if half == "quarter" {
            let mut inner = at + article + 1;
            while matches!(self.word(inner), "of" | "a" | "an") {
                inner += 1;
            }
            let size = unit(self.word(inner))?;
            return Some((size / 4.0, size, inner + 1));
        }
        let quarters = match half {
            "viertelstunde" => 1.0,
            "dreiviertelstunde" => 3.0,
            "halbstunde" => 2.0,
            _ => 0.0,
        };
        if quarters > 0.0 {
            return Some((quarters * 900e3, 3.6e6, at + article + 1));
        }
        if article == 1 && !matches!(half, "second" | "s" | "m" | "h" | "d") || word == "one" {
            let size = unit(half)?;
            return Some((size, size, at + 2));
        }
        if article == 1 && half == "second" {
            return Some((1e3, 1e3, at + 2));
        }
        let halves = match word {
            "anderthalb" | "eineinhalb" | "anderthalbe" => Some(1.5),
            _ => word.strip_suffix("einhalb").and_then(number::word).map(|whole| whole + 0.5),
        };
        let size = unit(self.word(at + 1))?;
        Some((halves? * size, size, at + 2))
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
            "halve" | "halbiere" => Some(0.5),
            _ => None,
        };
        if let Some(factor) = known {
            return Some((Kind::Factor(factor), at + 1));
        }
        if let Some(value) = word.strip_suffix("mal").and_then(number::word) {
            let kind = if compared(at + 1) { Kind::Factor(value) } else { Kind::Times(value) };
            return Some((kind, at + 1));
        }
        let (value, glued, next) = self.number(at)?;
        let next = match glued {
            "x" | "mal" => next,
            "" if TIMES.contains(&self.word(next)) || self.word(next) == "x" => next + 1,
            _ => return None,
        };
        Some((if compared(next) { Kind::Factor(value) } else { Kind::Times(value) }, next))
    }

    fn counted(&self, at: usize) -> Option<(Kind, usize)> {
        let (value, glued, next) = self.number(at)?;
        if !glued.is_empty() {
            return Some(match glued {
                "rps" | "qps" | "tps" => (Kind::Rate(value), next),
                "rpm" => (Kind::Rate(value / 60.0), next),
                "percent" | "prozent" => (Kind::Percent(value), next),
                _ if like(glued, USERS) => (Kind::Users(value), next),
                _ => (Kind::Bare(value), next),
            });
        }
        if self.mark(next, '%') || matches!(self.word(next), "percent" | "prozent") {
            return Some((Kind::Percent(value), next + 1));
        }
        if let Some((size, to)) = self.per(next) {
            return Some((Kind::Rate(value * 1000.0 / size), to));
        }
        let mut noun = next;
        while noun < next + 3 && ADJECTIVES.contains(&self.word(noun)) {
            noun += 1;
        }
        let word = self.word(noun);
        match word {
            "rps" | "qps" | "tps" => return Some((Kind::Rate(value), noun + 1)),
            "rpm" => return Some((Kind::Rate(value / 60.0), noun + 1)),
            _ => {}
        }
        if like(word, USERS) {
            return Some(match self.per(noun + 1) {
                Some((size, to)) => (Kind::Hatch(value * 1000.0 / size), to),
                None => (Kind::Users(value), noun + 1),
            });
        }
        if like(word, REQUESTS) {
            return Some(match self.per(noun + 1) {
                Some((size, to)) => (Kind::Rate(value * 1000.0 / size), to),
                None => (Kind::Total(value), noun + 1),
            });
        }
        Some((Kind::Bare(value), next))
    }

    /// `per second`, `/s`, `a minute`, `in der Minute`: milliseconds, and the next token.
    fn per(&self, at: usize) -> Option<(f64, usize)> {
        let size = |at: usize| per(self.word(at)).map(|size| (size, at + 1));
        if self.mark(at, '/') {
            return size(at + 1);
        }
        match self.word(at) {
            "per" | "pro" | "je" | "a" | "each" | "every" | "jede" | "die" | "an" => size(at + 1),
            "in" if matches!(self.word(at + 1), "der" | "einer" | "a" | "one") => size(at + 2),
            _ => None,
        }
    }
}

fn is_percentile(word: &str) -> bool {
    word.starts_with("percentil") || word.starts_with("perzentil") || word == "quantil" || word == "quantile"
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
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|digits| *digits > 0)?;
        value = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
    }
}
