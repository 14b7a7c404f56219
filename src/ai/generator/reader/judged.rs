//! What a further sentence says of the rules of a test that is there: `judge it by p99 rather than p95`, `forget about the error
//! rate`, `the threshold was too strict, take 700 ms`.

use super::{
    Reader,
    again::{GONE, THAN},
    quantity::Kind,
    settings::whole,
};

/// The measure in `p95-Kriterium`, `p99-limit`.
fn rule_named(word: &str) -> Option<&str> {
    let (measure, rule) = word.split_once('-')?;
    let digits = measure.strip_prefix('p')?;
    let known = matches!(
        rule,
        "kriterium"
            | "regel"
            | "grenze"
            | "schwelle"
            | "limit"
            | "rule"
            | "threshold"
            | "vorgabe"
            | "ziel"
            | "criterion"
    );
    (known && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(measure)
}

impl Reader<'_> {
    /// `die Schwelle war zu streng, nimm 700 ms`: a limit of the rule that is there.
    pub(super) fn new_limit(&mut self) {
        const RULE: &[&str] =
            &["threshold", "schwelle", "grenzwert", "limit", "grenze", "criterion", "kriterium"];
        let Some(rule) = (0..self.tokens.len()).find(|&at| self.is_word(at, RULE)) else { return };
        let end = self.sentence_end(rule);
        let named = self.quantities.iter().any(|one| matches!(one.kind, Kind::Stat(_) | Kind::Percent(_)));
        let times: Vec<usize> = (0..self.quantities.len())
            .filter(|&at| {
                let quantity = &self.quantities[at];
                let within = quantity.from > rule && quantity.to <= end;
                within && matches!(quantity.kind, Kind::Time(..)) && !self.is_stood_for(quantity.from)
            })
            .collect();
        if let ([at], false) = (times.as_slice(), named)
            && let Kind::Time(millis, _) = self.quantities[*at].kind
        {
            self.used[*at] = true;
            self.reading.turn.limit = Some(self.of(whole(millis), *at));
        }
    }

    /// `by p99 rather than p95`, `p99 statt p95`, the limit as it was.
    pub(super) fn judged(&mut self) {
        for at in 0..self.quantities.len().saturating_sub(1) {
            let (Kind::Stat(one), Kind::Stat(other)) =
                (&self.quantities[at].kind, &self.quantities[at + 1].kind)
            else {
                continue;
            };
            let (from, to) = (self.quantities[at].from, self.quantities[at + 1].to);
            let one_sentence = self.sentence_end(from) >= to;
            if self.used[at] || self.used[at + 1] || !one_sentence || one == other {
                continue;
            }
            let old = |at: usize| {
                let from = self.quantities[at].from;
                (1..=3).any(|back| from.checked_sub(back).is_some_and(|at| self.is_word(at, THAN)))
            };
            let (new, old) = match (old(at), old(at + 1)) {
                (_, true) => (one.clone(), other.clone()),
                (true, false) => (other.clone(), one.clone()),
                _ => continue,
            };
            (self.used[at], self.used[at + 1]) = (true, true);
            self.reading.turn.judged = Some(self.fact((new, old), from, to));
        }
    }

    /// `forget about the error rate`, `p95 raus`: a measure without a limit.
    pub(super) fn dropped_rules(&mut self) {
        for at in 0..self.tokens.len() {
            let word = self.word(at);
            let stat =
                self.quantities.iter().position(|one| one.from == at && matches!(one.kind, Kind::Stat(_)));
            let two = self.word(at + 1);
            let measure = match (word, two) {
                ("error", "rate" | "threshold" | "limit" | "rule")
                | ("error-rate" | "fehlerrate" | "fehlerquote" | "fehlergrenze", _) => {
                    "error_rate".to_owned()
                }
                (
                    "thresholds" | "threshold" | "schwellen" | "schwelle" | "grenzwerte" | "rules" | "regeln",
                    _,
                ) if !self.is_of_a_measure(at) && !self.is_to_stay(at) => "*".to_owned(),
                ("response", "time" | "times")
                | ("antwortzeit" | "antwortzeiten" | "latency" | "latenz", _) => "latency".to_owned(),
                _ if rule_named(word).is_some() => rule_named(word).unwrap_or_default().to_owned(),
                _ => match stat.map(|stat| (&self.quantities[stat].kind, self.used[stat])) {
                    Some((Kind::Stat(name), false)) => name.clone(),
                    _ => continue,
                },
            };
            let (start, end) =
                (self.clause_start(at).max(at.saturating_sub(5)), self.clause_end(at).min(at + 5));
            let limited = self.quantities.iter().any(|one| {
                one.from > at
                    && one.to <= end
                    && matches!(one.kind, Kind::Percent(_) | Kind::Time(..) | Kind::Bare(_))
            });
            const MATTERS_NOT: &[&str] = &[
                "egal",
                "wurscht",
                "wurst",
                "irrelevant",
                "unwichtig",
                "hinfällig",
                "matter",
                "care",
                "gestrichen",
                "irrelevant",
            ];
            let far = self.clause_end(at).min(at + 8);
            let over = self.has(at + 1, far, MATTERS_NOT) || self.has(start, at, MATTERS_NOT);
            if !limited && (over || self.has(start, at, GONE) || self.has(at + 1, end, GONE)) {
                if let Some(stat) = stat {
                    self.used[stat] = true;
                }
                let fact = self.fact(measure, at, at + 1);
                self.reading.turn.drop_rules.push(fact);
            }
        }
    }

    /// `the p95 threshold`, `the error rules`: one of them, and not all.
    fn is_of_a_measure(&self, at: usize) -> bool {
        let measured = self.quantities.iter().any(|one| one.to == at && matches!(one.kind, Kind::Stat(_)));
        measured || at > 0 && self.is_word(at - 1, &["error", "rate", "latency", "throughput"])
    }

    /// `without touching the thresholds`, `lass die Grenzwerte wie sie sind`.
    fn is_to_stay(&self, at: usize) -> bool {
        let (start, end) = (self.clause_start(at), self.clause_end(at));
        self.has(start, at, &["touching", "touch", "changing", "change"])
            || self.has(
                at,
                end,
                &["wie", "so", "anzufassen", "anfassen", "ändern", "unverändert", "alone", "be", "are"],
            )
    }
}
