//! Pass or fail rules as a model tells them: which number is a limit, of what it is one, and where a word says that nothing may
//! fail.

use super::{
    Fact, Reader, Rule,
    quantity::{Kind, Quantity},
    threshold::{plain, time},
    token::Kind as Piece,
    told::{SURE, WELL},
};
use crate::ai::generator::roles::{MEASURES, Role};

/// How sure it has to be to know better than words that name a rule.
const SURER: f32 = 0.8;

impl Reader<'_> {
    /// Makes rules of the limits that no words have explained, and puts right what words have explained otherwise.
    pub(super) fn rules_told(&mut self) {
        for at in 0..self.told.len() {
            if self.role(at) != Some(Role::Bound) {
                continue;
            }
            let quantity = self.quantities[at].clone();
            if self.is_stood_for(quantity.from) {
                continue;
            }
            let Some((measure, limit, sure)) = self.rule_told(at, &quantity) else { continue };
            let place = self.span(quantity.from, quantity.to);
            let covers =
                |rule: &&mut Fact<Rule>| rule.span.start <= place.start && rule.span.end >= place.end;
            let linked = self.linked(self.digits(&quantity), WELL);
            if self.used[at] {
                let near = self.sentence_start(quantity.from).max(quantity.from.saturating_sub(8));
                let compares = self.upper(near, quantity.from).is_some();
                let mut known = self.reading.thresholds.iter_mut().find(covers);
                // What words narrow it to stays, where the model sees nothing.
                if let (Some(known), Some(Some(of))) = (&mut known, linked) {
                    known.value.of = Some(of);
                }
                // What words compare with is for them, where both name the same rule.
                let value = |limit: &str| limit.trim_start_matches(['<', '>', '=', ' ']).to_owned();
                let same = |known: &Rule| known.measure == measure && value(&known.limit) == value(&limit);
                let other = known.filter(|known| !(compares && same(&known.value)));
                if let Some(known) = other.filter(|known| sure >= SURER && is_known(&known.value.measure)) {
                    (known.value.measure, known.value.limit) = (measure.to_owned(), limit);
                }
                continue;
            }
            let near =
                || self.narrowed(quantity.to, quantity.to + 3).or_else(|| self.just_before(quantity.from));
            let of = linked.unwrap_or_else(near);
            self.used[at] = true;
            self.rule(measure, limit, of, quantity.from, quantity.to);
        }
        self.none_told();
    }

    /// Measure, operator with value, and how sure, of the rule that a limit is of; None where the model is not sure, or the number is
    /// of another kind.
    fn rule_told(&mut self, at: usize, quantity: &Quantity) -> Option<(&'static str, String, f32)> {
        let (measure, op) = self.labels.rule(self.digits(quantity))?;
        if measure.sure < SURE || op.sure < SURE {
            return None;
        }
        let value = match measure.value {
            "error_rate" => format!("{}%", plain(self.share_of_failures(at)?)),
            "failures" | "requests" => plain(self.how_many(at)?),
            "rps" => match quantity.kind {
                Kind::Rate(rate) => plain(rate),
                _ => plain(self.how_many(at)?),
            },
            _ => time(self.how_slow(at)?),
        };
        let fails = matches!(measure.value, "failures" | "error_rate");
        let value = if fails && op.value == "==" { "0".to_owned() } else { value };
        let measure_of = if fails && op.value == "==" { "failures" } else { measure.value };
        Some((measure_of, format!("{} {value}", op.value), measure.sure.min(op.sure)))
    }

    /// Percent that may fail, of what may succeed as well.
    fn share_of_failures(&self, at: usize) -> Option<f64> {
        let share = match self.quantities[at].kind {
            Kind::Percent(share) => share,
            Kind::Part(part) => part * 100.0,
            // `error % under 0.5` has its sign before it, and `rate<0.01` is a part of 1.
            Kind::Bare(value) => {
                let from = self.quantities[at].from;
                let near = from.saturating_sub(6).max(self.sentence_start(from));
                let percent = (near..from).any(|at| {
                    self.tokens[at].kind == Piece::Mark('%') || self.is_word(at, &["percent", "prozent"])
                });
                match self.out_of(at) {
                    Some(all) if !percent => value / all * 100.0,
                    _ if value >= 1.0 || percent => value,
                    _ => value * 100.0,
                }
            }
            _ => return None,
        };
        let share = if share > 50.0 { 100.0 - share } else { share };
        (0.0..=100.0).contains(&share).then_some((share * 1e6).round() / 1e6)
    }

    /// `von tausend Anfragen höchstens fünf`, `one in four hundred`, `einen Fehler auf hundert`: of how many it is a part.
    fn out_of(&self, at: usize) -> Option<f64> {
        const OF: &[&str] = &["of", "in", "von", "auf", "per", "pro", "every", "aus"];
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let (start, end) = (self.sentence_start(from), self.sentence_end(to.min(self.tokens.len() - 1)));
        let all = |one: &Quantity| match one.kind {
            Kind::Bare(value) | Kind::Total(value) | Kind::Users(value) => Some(value),
            _ => None,
        };
        let behind = |one: &Quantity| one.from > from && one.from <= to + 5 && one.to <= end;
        let before = |one: &Quantity| one.from >= start && one.to <= from && one.to + 8 > from;
        self.quantities.iter().filter(|one| behind(one) || before(one)).find_map(|one| {
            let of = one.from > 0 && self.is_word(one.from - 1, OF);
            all(one).filter(|value| of && *value >= 10.0)
        })
    }

    /// Milliseconds of a limit; without a unit anywhere, they are taken for milliseconds, and that is said.
    fn how_slow(&mut self, at: usize) -> Option<f64> {
        if let Some((millis, _)) = self.how_long(at) {
            return Some(millis);
        }
        let Kind::Bare(millis) = self.quantities[at].kind else { return None };
        let text = self.span(self.quantities[at].from, self.quantities[at].to).text;
        self.reading.notes.push(format!("`{text}` has no unit: milliseconds were taken"));
        Some(millis).filter(|millis| *millis > 0.0)
    }

    /// `not one of them may get lost`: a word that is a limit, and no number.
    fn none_told(&mut self) {
        let counted = |reader: &Self, at: usize| {
            reader
                .quantities
                .iter()
                .zip(&reader.used)
                .any(|(one, used)| *used && (one.from..one.to).contains(&at))
        };
        let none = |reader: &Self, at: usize| {
            let place = reader.tokens[at].start..reader.tokens[at].end;
            let limit = reader.labels.label(place.clone())?;
            let (measure, op) = reader.labels.rule(place)?;
            let fails = matches!(measure.value, "failures" | "error_rate") && op.value == "==";
            (limit.value == Role::Bound && limit.sure >= WELL && fails && op.sure >= SURE).then_some(())
        };
        let word = |reader: &Self, at: usize| reader.tokens[at].kind == Piece::Word;
        let found = (0..self.tokens.len())
            .find(|&at| word(self, at) && !counted(self, at) && none(self, at).is_some());
        let known = self.reading.thresholds.iter().any(|rule| rule.value.measure == "failures");
        if let Some(at) = found.filter(|_| !known) {
            self.rule("failures", "== 0".to_owned(), None, at, at + 1);
        }
    }
}

/// Whether the model could have said this measure: it knows no `p98`.
fn is_known(measure: &str) -> bool {
    MEASURES.contains(&measure)
}

#[cfg(test)]
mod tests {
    use super::super::read_told;
    use crate::ai::generator::roles::tests::marked;

    fn rules(text: &str) -> Vec<String> {
        let (text, told) = marked(text);
        let rules = read_told(&text, &told).thresholds;
        let mut rules: Vec<String> =
            rules.iter().map(|rule| format!("{} {}", rule.value.measure, rule.value.limit)).collect();
        rules.sort();
        rules
    }

    #[test]
    fn a_limit_has_the_unit_that_stands_elsewhere() {
        assert_eq!(
            rules("p50/p90 = ⟦bound p50 <=|100⟧/⟦bound p90 <=|250⟧ ms"),
            ["p50 <= 100ms", "p90 <= 250ms"]
        );
        assert_eq!(rules("http_req_failed rate<⟦bound error_rate <|0.01⟧"), ["error_rate < 1%"]);
        assert_eq!(rules("error % under ⟦bound error_rate <|0.5⟧"), ["error_rate < 0.5%"]);
        assert_eq!(
            rules("fewer than ⟦bound error_rate <|one in two hundred⟧ may fail"),
            ["error_rate < 0.5%"]
        );
        assert_eq!(rules("at least ⟦bound rps >=|120⟧ a second"), ["rps >= 120"]);
        assert_eq!(rules("mindestens ⟦bound requests >=|20.000⟧ Anfragen"), ["requests >= 20000"]);
    }

    #[test]
    fn without_any_unit_milliseconds_are_taken_and_that_is_said() {
        let (text, told) = marked("Fail above ⟦bound p95 <=|300⟧ at the 95th percentile");
        let reading = read_told(&text, &told);
        assert_eq!(reading.thresholds[0].value.limit, "<= 300ms");
        assert!(reading.notes.iter().any(|note| note.contains("no unit")), "{:?}", reading.notes);
    }

    #[test]
    fn a_word_may_be_a_limit_and_what_is_none_is_no_rule() {
        assert_eq!(rules("and ⟦bound failures ==|not one⟧ of them may get lost"), ["failures == 0"]);
        assert!(rules("The contract says 99.95 % availability, which others measure").is_empty());
    }
}
