//! Ramps as a model tells them: which numbers are times of steps, and which are levels.

use super::{
    Reader, Reading,
    lexicon::unit,
    quantity::Kind,
    settings::whole,
    token::Kind as Piece,
    told::{PLAINLY, WELL},
};
use crate::{
    ai::generator::roles::{Role, Sure},
    loadtest::{span::Span as Duration, types::Stage},
};

/// Levels that are no number.
const NOBODY: &[&str] = &[
    "nobody",
    "none",
    "zero",
    "nothing",
    "soul",
    "niemand",
    "niemanden",
    "keiner",
    "null",
    "nichts",
    "leer",
    "empty",
    "keine",
    "keinen",
];

/// A number of a step.
struct Number {
    value: f64,
    from: usize,
    to: usize,
    /// Where it is one that was found as such.
    quantity: Option<usize>,
    of_rate: bool,
}

impl Reader<'_> {
    /// Takes the steps over that the words alone say, where the model sees steps as well, or nothing that is plainly something else.
    pub(super) fn steps(&mut self, plain: &Reading) {
        self.steps_told();
        let covered = |reader: &Self, at: usize| {
            let place = reader.span(reader.quantities[at].from, reader.quantities[at].to);
            plain.load.stages.iter().any(|step| step.span.start <= place.start && step.span.end >= place.end)
        };
        let within: Vec<usize> = (0..self.told.len()).filter(|&at| covered(self, at)).collect();
        let other = |at: &usize| {
            let step = |role: Role| matches!(role, Role::StepTime | Role::StepTo | Role::Nothing);
            self.told[*at].is_some_and(|one: Sure<Role>| one.sure >= PLAINLY && !step(one.value))
        };
        let better =
            !plain.load.stages.is_empty() && plain.load.stages.len() >= self.reading.load.stages.len();
        if better && !within.iter().any(other) {
            within.into_iter().for_each(|at| self.used[at] = true);
            self.reading.load.stages.clone_from(&plain.load.stages);
            self.reading.load.stages_of_rate = plain.load.stages_of_rate;
        }
    }

    /// Puts the steps together of which the model knows all numbers: each level belongs to the time that is nearest to it, in
    /// their order, and a time without a level holds the one before. None of it where they do not go together.
    fn steps_told(&mut self) {
        let times = self.step_times();
        let levels = self.step_levels();
        // `4 new users every second up to 240, for 25 minutes` is no step.
        let hatched = (0..self.told.len()).any(|at| self.role(at) == Some(Role::Hatch));
        if hatched && times.len() == 1 && levels.len() == 1 {
            let step = |one: &Sure<Role>| matches!(one.value, Role::StepTime | Role::StepTo);
            self.told.iter_mut().for_each(|one| *one = one.filter(|one| !step(one)));
            return;
        }
        let levels = self.peak_first(levels, &times);
        let places = |list: &[Number]| -> Vec<usize> { list.iter().map(|one| one.from).collect() };
        let far = |one: usize, other: usize| self.apart(one, other);
        let Some(belongs) = pair(&places(&times), &places(&levels), far) else {
            // What are no steps together is for the words, one by one.
            let step = |one: &Sure<Role>| matches!(one.value, Role::StepTime | Role::StepTo);
            self.told.iter_mut().for_each(|one| *one = one.filter(|one| !step(one)));
            return;
        };
        let of_rate = levels.iter().any(|one| one.of_rate);
        let (mut list, mut last) = (Vec::new(), 0.0);
        for (index, time) in times.iter().enumerate() {
            let level = belongs.iter().position(|&of| of == index).map(|level| &levels[level]);
            // `and down within a minute`
            let end = times.get(index + 1).map_or(self.tokens.len(), |next| next.from);
            let down = level.is_none() && self.goes_down(time, end);
            last = level.map_or(if down { 0.0 } else { last }, |level| level.value);
            let from = level.map_or(time.from, |level| level.from.min(time.from));
            let to = level.map_or(time.to, |level| level.to.max(time.to));
            let duration = Duration::from_millis(whole(time.value));
            list.push(self.fact(Stage { duration, target: last }, from, to));
        }
        for at in times.iter().chain(&levels).filter_map(|one| one.quantity).collect::<Vec<_>>() {
            self.used[at] = true;
        }
        self.reading.load.stages = list;
        self.reading.load.stages_of_rate = of_rate;
    }

    /// `6 min up, 6 min there, 1 min down to 0, peak 72 users`: the level that stands behind all others, and is the highest, is that
    /// of the first step.
    fn peak_first(&self, mut levels: Vec<Number>, times: &[Number]) -> Vec<Number> {
        const TOP: &[&str] = &["top", "peak", "spitze", "oben", "maximum", "gipfel", "spitzenlast"];
        let called = levels.last().is_some_and(|last| {
            let behind = times.iter().all(|time| time.from < last.from);
            let highest = levels.iter().all(|one| one.value <= last.value);
            let named = self.has(last.from.saturating_sub(4), last.from, TOP);
            behind && highest && named && times.len() > 1
        });
        if called {
            levels.rotate_right(1);
            levels[0].from = times[0].from;
        }
        levels
    }

    /// How far two places are from each other: what is cut off by a comma or an `and` is further away.
    fn apart(&self, one: usize, other: usize) -> usize {
        let (from, to) = (one.min(other), one.max(other));
        let cuts = |at: &usize| self.separates(*at) || self.is_word(*at, &["and", "und"]);
        from.abs_diff(to) + 6 * (from..to).filter(cuts).count()
    }

    /// Whether a token ends a step: a comma, the end of a sentence, `|`.
    fn separates(&self, at: usize) -> bool {
        self.tokens[at].ends_clause()
            || matches!(self.tokens[at].kind, Piece::Mark('|' | '·' | '/' | '–' | '→'))
    }

    /// Whether words around a time say that everybody leaves.
    fn goes_down(&self, time: &Number, end: usize) -> bool {
        const DOWN: &[&str] = &[
            "down",
            "ramp-down",
            "rampdown",
            "home",
            "drain",
            "fade",
            "fades",
            "runter",
            "herunter",
            "hinunter",
            "heim",
            "abbau",
            "abklingen",
            "ausklingen",
            "auslaufen",
            "absteigen",
            "abstieg",
            "abwärts",
            "abfallen",
            "cooldown",
            "cool-down",
            "rückbau",
            "leeren",
            "nachhause",
        ];
        let near = time.from.saturating_sub(6);
        let begins = |at: usize| self.separates(at) || self.is_word(at, &["and", "und"]);
        let start = (near..time.from).rev().find(|&at| begins(at)).map_or(near, |at| at + 1);
        // `3 min there, 1 min down`: what stands before another time is of that one.
        let until = end.min(time.to + 3).min(self.tokens.len());
        let behind = (time.to..until).find(|&at| self.separates(at)).unwrap_or(until);
        let held = self.has(start, time.from, &["hold", "halten", "plateau", "stay", "steady", "konstant"]);
        !held && (self.has(start, time.from, DOWN) || self.has(time.to, behind, DOWN))
    }

    /// The times of steps: `another minute` is one as well, and `the next five` are as many as the unit before says.
    fn step_times(&self) -> Vec<Number> {
        let mut out: Vec<Number> = Vec::new();
        // The unit of the time before, which `the next five` has as well.
        let mut size: Option<f64> = None;
        let mut at = 0;
        while at < self.tokens.len() {
            let quantity = self.quantities.iter().position(|one| (one.from..one.to).contains(&at));
            let to = quantity.map_or(at + 1, |index| self.quantities[index].to);
            if let Some(index) = quantity {
                let told = !self.used[index] && self.role(index) == Some(Role::StepTime);
                let number = self.how_many(index);
                let inherited = || Some((number? * size?, size?));
                let time = self.how_long(index).filter(|_| told).or_else(|| inherited().filter(|_| told));
                size = time.map_or(size, |(_, unit)| Some(unit));
                let millis = time.map(|(millis, _)| millis);
                if let Some(value) = millis.filter(|millis| *millis >= 1000.0) {
                    out.push(Number { value, from: at, to, quantity, of_rate: false });
                }
            } else if self.is_told(at, Role::StepTime)
                && let Some(one) = unit(self.word(at)).filter(|size| *size >= 1000.0)
            {
                size = Some(one);
                out.push(Number { value: one, from: at, to, quantity, of_rate: false });
            }
            at = to;
        }
        out
    }

    /// The levels of steps: `nobody` is one as well.
    fn step_levels(&self) -> Vec<Number> {
        let mut out: Vec<Number> = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let quantity = self.quantities.iter().position(|one| (one.from..one.to).contains(&at));
            let to = quantity.map_or(at + 1, |index| self.quantities[index].to);
            if let Some(index) = quantity {
                let told = !self.used[index] && self.role(index) == Some(Role::StepTo);
                let told = told && !self.begins_at(index);
                let of_rate = matches!(self.quantities[index].kind, Kind::Rate(_));
                let level = self.level(index).or_else(|| self.how_many(index)).filter(|_| told);
                out.extend(level.map(|value| Number { value, from: at, to, quantity, of_rate }));
            } else if self.is_told(at, Role::StepTo) && self.is_word(at, NOBODY) {
                out.push(Number { value: 0.0, from: at, to, quantity, of_rate: false });
            }
            at = to;
        }
        out
    }

    /// `from 0 to 100`, `von 80 auf 240`, `0 -> 120`: the level that is left, where the next number is the one that is reached.
    fn begins_at(&self, index: usize) -> bool {
        let (from, to) = (self.quantities[index].from, self.quantities[index].to);
        let Some(next) = self.quantities.get(index + 1) else { return false };
        let left = from > 0 && self.is_word(from - 1, &["from", "von"]);
        let reached = self.role(index + 1) == Some(Role::StepTo);
        let goes = next.from <= to + 3 && self.has(to, next.from, &["to", "auf", "bis", "up"]);
        reached && (left && goes || self.goes_to(index))
    }

    fn is_told(&self, at: usize, role: Role) -> bool {
        let label = self.labels.label(self.tokens[at].start..self.tokens[at].end);
        label.is_some_and(|label| label.value == role && label.sure >= WELL)
    }
}

/// The time that each level belongs to, so that the distances are least in all; the first time has a level.
fn pair(times: &[usize], levels: &[usize], far: impl Fn(usize, usize) -> usize) -> Option<Vec<usize>> {
    if levels.is_empty() || levels.len() > times.len() {
        return None;
    }
    // `best[time]`: the least sum for the levels so far, the last of which belongs to `time`, and the times of all.
    let cost = |level: usize, time: usize| far(levels[level], times[time]);
    let mut best: Vec<Option<(usize, Vec<usize>)>> = vec![None; times.len()];
    best[0] = Some((cost(0, 0), vec![0]));
    for level in 1..levels.len() {
        let mut next = vec![None; times.len()];
        for time in level..times.len() {
            let before = best[..time].iter().flatten().min_by_key(|(sum, _)| *sum);
            next[time] = before.map(|(sum, all)| {
                let all = all.iter().copied().chain([time]).collect();
                (sum + cost(level, time), all)
            });
        }
        best = next;
    }
    best.into_iter().flatten().min_by_key(|(sum, _)| *sum).map(|(_, all)| all)
}

#[cfg(test)]
mod tests {
    use super::{super::read_told, *};
    use crate::ai::generator::roles::tests::marked;

    #[test]
    fn levels_belong_to_the_times_that_are_near() {
        // `to 100 over 2m, hold 10m, to 0 in 1m`, and `2m to 100, 10m, 1m to 0`
        assert_eq!(pair(&[5, 8, 14], &[3, 12], usize::abs_diff), Some(vec![0, 2]));
        assert_eq!(pair(&[1, 5, 8], &[3, 10], usize::abs_diff), Some(vec![0, 2]));
        assert_eq!(pair(&[1, 5], &[3, 7], usize::abs_diff), Some(vec![0, 1]));
        assert_eq!(pair(&[1], &[3, 7], usize::abs_diff), None, "there are more levels than times");
        assert_eq!(pair(&[1], &[], usize::abs_diff), None);
    }

    fn stages(text: &str) -> Vec<(u128, f64)> {
        let (text, told) = marked(text);
        let stages = read_told(&text, &told).load.stages;
        stages
            .iter()
            .map(|stage| (stage.value.duration.get().as_millis() / 1000, stage.value.target))
            .collect()
    }

    #[test]
    fn times_and_levels_may_be_words() {
        let text = "from zero to ⟦step_to|50⟧ in ⟦step_time|1 minute⟧, to ⟦step_to|100⟧ in ⟦step_time|another minute⟧, hold for \
                    ⟦step_time|five⟧, and ⟦step_to|nobody⟧ ⟦step_time|20 seconds⟧ later";
        assert_eq!(stages(text), [(60, 50.0), (60, 100.0), (300, 100.0), (20, 0.0)]);
        let text =
            "ramp ⟦step_time|4 min⟧ to ⟦step_to|80⟧, steady ⟦step_time|12 min⟧, ramp-down ⟦step_time|1 min⟧";
        assert_eq!(
            stages(text),
            [(240, 80.0), (720, 80.0), (60, 0.0)],
            "whoever ramps down ends with nobody"
        );
        let text = "up ⟦step_time|45 s⟧ / stay ⟦step_time|3 min⟧ / down to ⟦step_to|0⟧ in ⟦step_time|15 s⟧, top = ⟦step_to|18⟧ users";
        assert_eq!(stages(text), [(45, 18.0), (180, 18.0), (15, 0.0)], "the top may stand behind");
        let text = "Ramp-up ⟦step_time|120 s⟧ to ⟦step_to|40⟧ | Hold ⟦step_time|600 s⟧ | Ramp-down ⟦step_time|60 s⟧ to ⟦step_to|0⟧";
        assert_eq!(stages(text), [(120, 40.0), (600, 40.0), (60, 0.0)]);
        let text = "⟦step_time|2 min⟧ up to ⟦step_to|30⟧ and ⟦step_time|2 min⟧ there, ⟦step_time|1 min⟧ down to ⟦step_to|5⟧ and \
                    ⟦step_time|3 min⟧ there";
        assert_eq!(stages(text), [(120, 30.0), (120, 30.0), (60, 5.0), (180, 5.0)]);
        let text = "Phase A (⟦step_time|5 min⟧): from ⟦step_to|0⟧ to ⟦step_to|300⟧ users; phase B (⟦step_time|15 min⟧): hold \
                    ⟦step_to|300⟧; phase C (⟦step_time|2 min⟧): back to ⟦step_to|0⟧";
        assert_eq!(stages(text), [(300, 300.0), (900, 300.0), (120, 0.0)], "where a step begins is no step");
    }
}
