//! Ramps and what follows them: `ramp to 100 users in 1 minute, hold for 5 minutes, then down to 0 over 30 s`.

use super::{Fact, Reader, Span, quantity::Kind};
use crate::loadtest::{span::Span as Duration, types::Stage};

const RAMP: &[&str] = &[
    "ramp",
    "ramps",
    "ramping",
    "ramp-up",
    "ramp-down",
    "increase",
    "increasing",
    "grow",
    "climb",
    "steigere",
    "steigern",
    "steigt",
    "steigend",
    "hochfahren",
    "hochgefahren",
    "hoch",
    "fahre",
    "fahr",
    "erhöhe",
    "erhöhen",
    "rampe",
    "anstieg",
    "herunterfahren",
    "runterfahren",
    "herunter",
    "runter",
    "spike",
    "jump",
    "springen",
    "spring",
    "springe",
    "drop",
    "decrease",
    "senke",
    "senken",
    "sinken",
    "zurück",
    "back",
    "down",
    "go",
    "wachsen",
    "wachse",
    "gradually",
    "allmählich",
    "gleichmäßig",
    "linear",
    "linearly",
    "evenly",
    "nach-und-nach",
    "steadily",
    "building",
    "build",
    "aufbauen",
    "rise",
    "rising",
    "raise",
    "kontinuierlich",
    "schrittweise",
    "anwachsen",
];
const HOLD: &[&str] = &[
    "hold", "holds", "holding", "stay", "stays", "keep", "keeping", "halten", "halte", "hält", "gehalten",
    "bleiben", "bleibe", "bleibt", "remain", "maintain", "plateau", "konstant",
];
const TO: &[&str] = &["to", "auf", "bis", "until", "zu", "at"];
/// What says that steps come.
const LISTS: &[&str] = &[
    "stages",
    "stage",
    "stufen",
    "phasen",
    "phases",
    "lastprofil",
    "profil",
    "profile",
    "steps",
    "lastkurve",
    "stufenweise",
];
const FROM: &[&str] = &["from", "von"];
const NEXT: &[&str] = &["then", "dann", "danach", "anschließend", "anschliessend", "afterwards"];

/// What the steps are made of, so far.
struct Steps {
    level: Option<f64>,
    list: Vec<Fact<Stage>>,
    of_rate: bool,
}

impl Reader<'_> {
    /// Finds the steps.
    pub(super) fn stages(&mut self) {
        let mut steps = Steps { level: None, list: Vec::new(), of_rate: false };
        for (from, to) in self.segments() {
            self.segment(from, to, &mut steps);
        }
        self.reading.load.stages = steps.list;
        self.reading.load.stages_of_rate = steps.of_rate;
    }

    /// Clauses, and parts of them that begin with `then`, or with `and` before a step.
    fn segments(&self) -> Vec<(usize, usize)> {
        let (mut out, mut start) = (Vec::new(), 0);
        for at in 0..self.tokens.len() {
            let and = self.is_word(at, &["and", "und"])
                && (self.has(at + 1, at + 5, HOLD) || self.has(at + 1, at + 4, RAMP));
            // People who do not stop for breath begin a step by what it does.
            let breathless = self.is_word(at, &["stay", "hold", "remain", "keep", "halten", "bleiben"])
                && self
                    .quantities
                    .iter()
                    .any(|one| one.from >= start && one.to <= at && matches!(one.kind, Kind::Time(..)))
                && self
                    .quantities
                    .iter()
                    .any(|one| one.from > at && one.from < at + 8 && matches!(one.kind, Kind::Time(..)));
            if breathless {
                out.push((start, at));
                start = at;
                continue;
            }
            if self.tokens[at].ends_clause() || self.is_word(at, NEXT) || and {
                out.push((start, at));
                start = at + 1;
            }
        }
        out.push((start, self.tokens.len()));
        out
    }

    fn segment(&mut self, from: usize, to: usize, steps: &mut Steps) {
        let numbers: Vec<usize> = (0..self.quantities.len())
            .filter(|&at| !self.used[at] && self.quantities[at].from >= from && self.quantities[at].to <= to)
            .collect();
        let Some(time) =
            numbers.iter().copied().find(|&at| matches!(self.quantities[at].kind, Kind::Time(..)))
        else {
            return;
        };
        let bit_by_bit = (from..to)
            .any(|at| self.word(at) == "nach" && self.word(at + 1) == "und" && self.word(at + 2) == "nach");
        // A step of less than a second is none.
        if matches!(self.quantities[time].kind, Kind::Time(millis, _) if millis < 1000.0) {
            return;
        }
        let (ramp, hold) = (self.has(from, to, RAMP) || bit_by_bit, self.has(from, to, HOLD));
        let before =
            |at: usize| self.quantities[at].from.checked_sub(1).map_or("", |before| self.word(before));
        let levels: Vec<usize> = numbers.iter().copied().filter(|&at| self.level(at).is_some()).collect();
        let begin = levels.iter().copied().find(|&at| FROM.contains(&before(at)) || self.goes_to(at));
        let mut end = levels.iter().copied().find(|&at| TO.contains(&before(at)) && Some(at) != begin);
        if ramp && end.is_none() {
            end = levels.iter().copied().find(|&at| Some(at) != begin);
        }
        if ramp && !hold && end.is_none() && steps.list.is_empty() {
            end = self.only_users();
        }
        let started = !steps.list.is_empty();
        if let Some(begin) = begin.filter(|begin| self.goes_to(*begin)) {
            end = levels.iter().copied().find(|&at| at > begin);
        }
        // What went down for four hours was no test.
        if self.is_past(self.sentence_start(from), to) {
            return;
        }
        let listed = self.has(0, from + 2, LISTS) && end.is_some();
        let moves = ramp || listed || begin.is_some() && end.is_some() || started && end.is_some();
        match end {
            Some(end) if moves => self.step(begin, end, time, steps),
            _ if started && (hold || levels.is_empty() && !ramp) => {
                let level = steps.level.unwrap_or_default();
                self.push(time, level, None, steps);
            }
            _ => {}
        }
    }

    /// `0 -> 120`: whether an arrow stands between a number and the next one.
    pub(super) fn goes_to(&self, at: usize) -> bool {
        let Some(next) = self.quantities.get(at + 1) else { return false };
        let between = &self.tokens[self.quantities[at].to..next.from];
        let arrow = |token: &super::token::Token| {
            matches!(token.kind, super::token::Kind::Mark('-' | '>' | '→' | '=' | '–'))
        };
        !between.is_empty()
            && between.iter().all(arrow)
            && between.iter().any(|token| matches!(token.kind, super::token::Kind::Mark('>' | '→')))
    }

    /// Users, requests per second, or a number without a unit.
    pub(super) fn level(&self, at: usize) -> Option<f64> {
        match self.quantities[at].kind {
            Kind::Users(value) | Kind::Rate(value) | Kind::Bare(value) => Some(value),
            _ => None,
        }
    }

    /// The users of the text, where they are named once.
    fn only_users(&self) -> Option<usize> {
        let mut users = (0..self.quantities.len())
            .filter(|&at| !self.used[at] && matches!(self.quantities[at].kind, Kind::Users(_)));
        let first = users.next()?;
        users.next().is_none().then_some(first)
    }

    fn step(&mut self, begin: Option<usize>, end: usize, time: usize, steps: &mut Steps) {
        let Some(target) = self.level(end) else { return };
        let of_rate = matches!(self.quantities[end].kind, Kind::Rate(_));
        if steps.list.is_empty() {
            steps.of_rate = of_rate;
        }
        if let Some(begin) = begin
            && let Some(level) = self.level(begin)
        {
            self.used[begin] = true;
            if level > 0.0
                && steps.level.is_none_or(|known| (known - level).abs() > f64::EPSILON)
                && steps.list.is_empty()
            {
                let Fact { span, .. } = self.of((), begin);
                let stage = Stage { duration: Duration::from_secs(1), target: level };
                steps.list.push(Fact { value: stage, span });
            }
        }
        self.used[end] = true;
        self.push(time, target, Some(end), steps);
    }

    fn push(&mut self, time: usize, target: f64, end: Option<usize>, steps: &mut Steps) {
        let Kind::Time(millis, _) = self.quantities[time].kind else { return };
        self.used[time] = true;
        let (mut from, mut to) = (self.quantities[time].from, self.quantities[time].to);
        if let Some(end) = end {
            (from, to) = (from.min(self.quantities[end].from), to.max(self.quantities[end].to));
        }
        let span: Span = self.span(from, to);
        let duration = Duration::from_millis(super::settings::whole(millis));
        steps.level = Some(target);
        steps.list.push(Fact { value: Stage { duration, target }, span });
    }
}
