//! What a model says of the numbers: each gets the role that the model is sure of, and no part of the reader that looks
//! for something else may have it. Where the model is not sure, the words around a number decide as they do without one.

use super::{
    Fact, Reader, Reading, Span,
    quantity::{Kind, Quantity, Tokens},
    settings::whole,
    threshold::{plain, time},
    token::Kind as Piece,
};
use crate::{
    ai::generator::roles::{MEASURES, Role, Sure, Told},
    loadtest::{span::Span as Duration, types::Stage},
};

/// How sure the model has to be.
const SURE: f32 = 0.5;
/// How sure it has to be to know better than words that name a rule.
const SURER: f32 = 0.8;
/// By how much less doubtful one number is than another that cannot count beside it.
const CLEARLY: f32 = 5.0;
/// How sure it has to be of a number that says nothing, where the words make it one of two that contradict each other.
const PLAINLY: f32 = 0.95;
/// How sure it has to be of the other one.
const WELL: f32 = 0.9;

impl Reader<'_> {
    /// Asks the model about each number that has no meaning yet, and that no word has put right. `plain` is what the words alone
    /// say.
    pub(super) fn ask(&mut self, told: &Told, plain: &Reading, corrected: &[bool]) {
        let role = |at: usize| {
            let quantity = &self.quantities[at];
            if self.used[at] || corrected[at] || matches!(quantity.kind, Kind::Stat(_) | Kind::Factor(_)) {
                return None;
            }
            let role = told.role(self.digits(quantity)).filter(|role| role.sure >= SURE)?;
            // Parts are for the words, which say what they are parts of; but `60 of them` may be the users.
            let counts = matches!(role.value, Role::Users | Role::Hatch) && role.sure >= WELL;
            (!matches!(quantity.kind, Kind::Part(_)) || counts).then_some(role)
        };
        let mut roles: Vec<Option<Sure<Role>>> = (0..self.quantities.len()).map(role).collect();
        self.contradictions(plain, &mut roles);
        // A test has one number of users: what was taken back looks a little like one, too.
        let doubt = |one: &Sure<Role>| 1.0 - one.sure;
        let outdone = |one: &Sure<Role>| {
            let once = matches!(one.value, Role::Users | Role::Time | Role::Rate | Role::Hatch | Role::Limit);
            let like = roles.iter().flatten().filter(|other| other.value == one.value);
            once && like.map(doubt).any(|least| doubt(one) > CLEARLY * least.max(0.005))
        };
        let settled = |role: &Option<Sure<Role>>| {
            role.map(|one| if outdone(&one) { Sure { value: Role::Nothing, ..one } } else { one })
        };
        self.told = roles.iter().map(settled).collect();
        self.keep_to_the_told();
    }

    /// Leaves numbers of the same that stand in sentences of their own to whoever is asked, unless it is plain that one of them
    /// says nothing.
    fn contradictions(&self, plain: &Reading, roles: &mut [Option<Sure<Role>>]) {
        fn spans<T>(facts: &[Fact<T>]) -> Vec<&Span> {
            facts.iter().map(|fact| &fact.span).collect()
        }
        let load = &plain.load;
        let facts = [
            (Role::Users, spans(&load.users)),
            (Role::Time, spans(&load.time)),
            (Role::Rate, spans(&load.rate)),
        ];
        for (role, spans) in facts {
            let within = |at: &usize| {
                let place = self.span(self.quantities[*at].from, self.quantities[*at].to);
                spans.iter().any(|span| span.start <= place.start && span.end >= place.end)
            };
            let says = |at: &usize| match roles[*at] {
                Some(Sure { value: Role::Nothing, sure }) => sure < PLAINLY,
                Some(Sure { value, sure }) => value == role && sure >= WELL,
                None => false,
            };
            let facts: Vec<usize> = (0..roles.len()).filter(within).filter(says).collect();
            let mut sentences: Vec<usize> =
                facts.iter().map(|&at| self.sentence_start(self.quantities[at].from)).collect();
            sentences.dedup();
            if sentences.len() > 1 {
                facts.into_iter().for_each(|at| roles[at] = None);
            }
        }
    }

    /// Where the model knows the users, no other number is taken for them, and so on.
    fn keep_to_the_told(&mut self) {
        for at in 0..self.told.len() {
            let like = match self.quantities[at].kind {
                Kind::Users(_) => Role::Users,
                Kind::Time(millis, _) if millis >= 10_000.0 => Role::Time,
                Kind::Rate(_) => Role::Rate,
                _ => continue,
            };
            let known = self.told.iter().flatten().any(|told| told.value == like);
            if self.told[at].is_none() && !self.used[at] && known {
                self.told[at] = Some(Sure { value: Role::Nothing, sure: SURE });
            }
        }
    }

    fn role(&self, at: usize) -> Option<Role> {
        self.told.get(at).copied().flatten().map(|told| told.value)
    }

    /// The bytes of a number without its unit; of one in words, of the first word.
    fn digits(&self, quantity: &Quantity) -> std::ops::Range<usize> {
        let tokens = &self.tokens[quantity.from..quantity.to];
        let number = tokens.iter().find(|token| matches!(token.kind, Piece::Number { .. }));
        number.or(tokens.first()).map_or(0..0, |number| number.start..number.end)
    }

    /// Does `part` without the numbers that the model knows to be something else. What shares and rules are parts of counts nothing
    /// by itself.
    pub(super) fn only(&mut self, roles: &[Role], part: impl FnOnce(&mut Self)) {
        let counted = roles.contains(&Role::Share) || roles.contains(&Role::Bound);
        let other = |at: &usize| {
            let free = match (self.role(*at), &self.quantities[*at].kind) {
                (None, _) => true,
                (Some(Role::Nothing), Kind::Percent(share)) => counted && *share >= 50.0,
                (Some(Role::Nothing), _) => roles.contains(&Role::Share),
                (Some(Role::Bound), Kind::Time(..)) => counted,
                (Some(role), _) => roles.contains(&role),
            };
            !self.used[*at] && !free
        };
        let others: Vec<usize> = (0..self.quantities.len()).filter(other).collect();
        others.iter().for_each(|&at| self.used[at] = true);
        part(self);
        others.iter().for_each(|&at| self.used[at] = false);
    }

    /// Takes the numbers over of which the model says what they are.
    pub(super) fn take_told(&mut self) {
        for at in 0..self.told.len() {
            let (false, Some(role)) = (self.used[at], self.role(at)) else { continue };
            let kind = match self.quantities[at].kind.clone() {
                Kind::Part(_) => match Tokens(&self.tokens).number(self.quantities[at].from) {
                    Some((count, ..)) if count >= 1.0 => Kind::Some(count),
                    _ => continue,
                },
                kind => kind,
            };
            match (role, kind) {
                (Role::Users, Kind::Users(value) | Kind::Bare(value) | Kind::Some(value)) => {
                    self.take_users(at, value);
                }
                (Role::Passes, Kind::Times(value) | Kind::Bare(value) | Kind::Factor(value)) => {
                    self.times(at, value);
                }
                (
                    Role::Hatch,
                    Kind::Hatch(value)
                    | Kind::Rate(value)
                    | Kind::Users(value)
                    | Kind::Bare(value)
                    | Kind::Some(value),
                ) => {
                    self.take(at, value, |load| &mut load.hatch);
                }
                (Role::Rate, Kind::Rate(value) | Kind::Hatch(value) | Kind::Bare(value)) => {
                    self.take(at, value, |load| &mut load.rate);
                }
                (Role::Limit, Kind::Rate(value) | Kind::Hatch(value) | Kind::Bare(value)) => {
                    self.take(at, value, |load| &mut load.limit);
                }
                (Role::Time, Kind::Time(millis, _)) if millis >= 1000.0 => self.time(at, millis),
                (Role::Timeout, Kind::Time(millis, _)) => self.timeout(at, millis),
                (Role::Think, Kind::Time(millis, unit)) => self.think(at, millis, unit),
                _ => {}
            }
        }
    }

    /// Makes rules of the limits that no words have explained, and puts right what words have explained otherwise.
    pub(super) fn rules_told(&mut self, told: &Told) {
        for at in 0..self.told.len() {
            if self.role(at) != Some(Role::Bound) {
                continue;
            }
            let quantity = self.quantities[at].clone();
            let Some((measure, limit, sure)) = self.rule_told(told, &quantity) else { continue };
            let place = self.span(quantity.from, quantity.to);
            let covers = |rule: &&mut super::Fact<super::Rule>| {
                rule.span.start <= place.start && rule.span.end >= place.end
            };
            if self.used[at] {
                let known = self.reading.thresholds.iter_mut().find(covers);
                if let Some(known) = known.filter(|known| sure >= SURER && is_known(&known.value.measure)) {
                    (known.value.measure, known.value.limit) = (measure.to_owned(), limit);
                }
                continue;
            }
            let of = self.narrowed(quantity.to, quantity.to + 3).or_else(|| self.just_before(quantity.from));
            self.used[at] = true;
            self.rule(measure, limit, of, quantity.from, quantity.to);
        }
    }

    /// Measure, operator with value, and how sure, of the rule that a limit is of; None where the model is not sure, or the number is of another
    /// kind.
    fn rule_told(&self, told: &Told, quantity: &Quantity) -> Option<(&'static str, String, f32)> {
        let (measure, op) = told.rule(self.digits(quantity))?;
        if measure.sure < SURE || op.sure < SURE {
            return None;
        }
        let timed = measure.value.starts_with('p') || matches!(measure.value, "avg" | "max" | "min");
        let value = match quantity.kind {
            Kind::Time(millis, _) if timed => time(millis),
            Kind::Percent(share) if measure.value == "error_rate" && share < 50.0 => {
                format!("{}%", plain(share))
            }
            Kind::Rate(rate) if measure.value == "rps" => plain(rate),
            Kind::Bare(count) | Kind::Total(count) if measure.value == "failures" => plain(count),
            _ => return None,
        };
        Some((measure.value, format!("{} {value}", op.value), measure.sure.min(op.sure)))
    }

    /// Takes the steps over that the words alone say, where the model sees steps as well, or nothing that is plainly something else.
    pub(super) fn steps(&mut self, plain: &Reading) {
        self.steps_told();
        let covered = |reader: &Self, at: usize| {
            let place = reader.span(reader.quantities[at].from, reader.quantities[at].to);
            plain.load.stages.iter().any(|step| step.span.start <= place.start && step.span.end >= place.end)
        };
        let within: Vec<usize> = (0..self.told.len()).filter(|&at| covered(self, at)).collect();
        let other = |at: &usize| matches!(self.told[*at], Some(Sure { value: Role::Users | Role::Time | Role::Hatch | Role::Think, sure }) if sure >= PLAINLY);
        let better = plain.load.stages.len() > self.reading.load.stages.len();
        if better && !within.iter().any(other) {
            within.into_iter().for_each(|at| self.used[at] = true);
            self.reading.load.stages.clone_from(&plain.load.stages);
            self.reading.load.stages_of_rate = plain.load.stages_of_rate;
        }
    }

    /// Puts the steps together of which the model knows all numbers: each level belongs to the time that is nearest to it, in
    /// their order, and a time without a level holds the one before. None of it where they do not go together.
    fn steps_told(&mut self) {
        let of = |role: Role| -> Vec<usize> {
            (0..self.told.len()).filter(|&at| !self.used[at] && self.role(at) == Some(role)).collect()
        };
        let times: Vec<(usize, f64)> = of(Role::StepTime)
            .into_iter()
            .filter_map(|at| match self.quantities[at].kind {
                Kind::Time(millis, _) if millis >= 1000.0 => Some((at, millis)),
                _ => None,
            })
            .collect();
        let levels: Vec<(usize, f64)> =
            of(Role::StepTo).into_iter().filter_map(|at| Some((at, self.level(at)?))).collect();
        let places = |list: &[(usize, f64)]| -> Vec<usize> {
            list.iter().map(|(at, _)| self.quantities[*at].from).collect()
        };
        let Some(belongs) = pair(&places(&times), &places(&levels)) else { return };
        let of_rate = levels.iter().all(|(at, _)| matches!(self.quantities[*at].kind, Kind::Rate(_)));
        let (mut list, mut last) = (Vec::new(), 0.0);
        for (index, &(time, millis)) in times.iter().enumerate() {
            let level = belongs.iter().position(|&of| of == index).map(|level| levels[level]);
            last = level.map_or(last, |level| level.1);
            let place = &self.quantities[time];
            let (mut from, mut to) = (place.from, place.to);
            if let Some((at, _)) = level {
                from = from.min(self.quantities[at].from);
                to = to.max(self.quantities[at].to);
                self.used[at] = true;
            }
            self.used[time] = true;
            let duration = Duration::from_millis(whole(millis));
            list.push(self.fact(Stage { duration, target: last }, from, to));
        }
        self.reading.load.stages = list;
        self.reading.load.stages_of_rate = of_rate;
    }

    /// What the model knows to be for nothing is listed, and not used.
    pub(super) fn set_aside(&mut self) {
        for at in 0..self.told.len() {
            if self.role(at) == Some(Role::Nothing) && !self.used[at] {
                self.used[at] = true;
                let Quantity { from, to, .. } = self.quantities[at];
                self.unused(from, to, "a number that says nothing about the test, as far as can be told");
            }
        }
    }
}

/// Whether the model could have said this measure: it knows no `p98`.
fn is_known(measure: &str) -> bool {
    MEASURES.contains(&measure)
}

/// The time that each level belongs to, so that the distances are least in all; the first time has a level.
fn pair(times: &[usize], levels: &[usize]) -> Option<Vec<usize>> {
    if levels.is_empty() || levels.len() > times.len() {
        return None;
    }
    // `best[time]`: the least sum for the levels so far, the last of which belongs to `time`, and the times of all.
    let cost = |level: usize, time: usize| levels[level].abs_diff(times[time]);
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
    use crate::ai::generator::roles::tests::knows;

    #[test]
    fn levels_belong_to_the_times_that_are_near() {
        // `to 100 over 2m, hold 10m, to 0 in 1m`, and `2m to 100, 10m, 1m to 0`
        assert_eq!(pair(&[5, 8, 14], &[3, 12]), Some(vec![0, 2]));
        assert_eq!(pair(&[1, 5, 8], &[3, 10]), Some(vec![0, 2]));
        assert_eq!(pair(&[1, 5], &[3, 7]), Some(vec![0, 1]));
        assert_eq!(pair(&[1], &[3, 7]), None, "there are more levels than times");
        assert_eq!(pair(&[1], &[]), None);
    }

    #[test]
    fn what_the_model_knows_counts_and_nothing_else() {
        let text = "The hall seats 400 people, the bar 60, so http://127.0.0.1:8080/a with 60 of them";
        let told = knows(text, &[("400", Role::Nothing, None), ("60", Role::Users, None)]);
        let reading = read_told(text, &told);
        let users: Vec<u32> = reading.load.users.iter().map(|fact| fact.value).collect();
        assert_eq!(users, [60]);
        assert!(reading.unused.iter().any(|one| one.span.text.starts_with("400")), "{:?}", reading.unused);
    }

    #[test]
    fn some_of_those_that_were_named_may_be_the_users() {
        let text = "Last year 400 people came; simulate 60 of them reading http://127.0.0.1:8080/news";
        let told = knows(text, &[("400", Role::Nothing, None), ("60", Role::Users, None)]);
        let users: Vec<u32> = read_told(text, &told).load.users.iter().map(|fact| fact.value).collect();
        assert_eq!(users, [60]);
    }

    #[test]
    fn a_number_of_another_kind_is_not_taken_for_what_it_cannot_be() {
        let text = "GET http://127.0.0.1:8080/a, 20 users, 5 minutes";
        let told = knows(text, &[("20", Role::Timeout, None), ("5", Role::Users, None)]);
        let reading = read_told(text, &told);
        assert!(reading.load.users.is_empty() && reading.timeout.is_none(), "{reading:?}");
    }

    #[test]
    fn limits_get_the_rule_that_the_model_knows() {
        let text = "http://127.0.0.1:8080/a, 3 users, nineteen out of twenty done inside 300 ms, average p99 under 2 s";
        let told = knows(
            text,
            &[("300", Role::Bound, Some(("p95", "<="))), ("2 s", Role::Bound, Some(("avg", "<")))],
        );
        let reading = read_told(text, &told);
        let rules: Vec<String> = reading
            .thresholds
            .iter()
            .map(|rule| format!("{} {}", rule.value.measure, rule.value.limit))
            .collect();
        assert!(
            rules.contains(&"p95 <= 300ms".to_owned()) && rules.contains(&"avg < 2s".to_owned()),
            "{rules:?}"
        );
    }

    #[test]
    fn steps_are_put_together() {
        let text = "http://127.0.0.1:8080/a: 2 min up, 50 there, 10 min of it, and 1 min later 7";
        let (time, to) = (Role::StepTime, Role::StepTo);
        let told = knows(
            text,
            &[
                ("2 min", time, None),
                ("50", to, None),
                ("10 min", time, None),
                ("1 min", time, None),
                (" 7", to, None),
            ],
        );
        let stages: Vec<(u128, f64)> = read_told(text, &told)
            .load
            .stages
            .iter()
            .map(|stage| (stage.value.duration.get().as_millis(), stage.value.target))
            .collect();
        assert_eq!(stages, [(120_000, 50.0), (600_000, 50.0), (60_000, 7.0)]);
    }
}
