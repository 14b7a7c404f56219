//! Pass or fail rules, in words: `p95 unter 300 ms`, `no errors at all`, `99 % of requests faster than 1 s`.

use super::{
    Item, Reader, Rule,
    lexicon::{REQUESTS, like},
    quantity::Kind,
    token::Kind as Piece,
};

pub(super) const AT_MOST: &[&str] = &[
    "most",
    "max",
    "maximum",
    "maximal",
    "höchstens",
    "exceed",
    "exceeds",
    "exceeding",
    "überschreiten",
    "überschreitet",
    "overshoot",
    "übersteigt",
    "übersteigen",
    "≤",
];
const NO: &[&str] = &[
    "no", "not", "dont", "don't", "don’t", "mustn't", "cannot", "nicht", "never", "nie", "keine", "kein",
    "keinen", "if", "when", "wenn", "falls",
];
pub(super) const OVER: &[&str] = &[
    "more",
    "above",
    "over",
    "mehr",
    "über",
    "slower",
    "langsamer",
    "länger",
    "longer",
    "exceeds",
    "greater",
    "higher",
    "höher",
];
pub(super) const UNDER: &[&str] = &[
    "under",
    "below",
    "less",
    "fewer",
    "faster",
    "unter",
    "unterhalb",
    "weniger",
    "schneller",
    "kleiner",
    "quicker",
    "lower",
    "smaller",
    "kürzer",
];
pub(super) const WITHIN: &[&str] = &["within", "inside", "innerhalb", "binnen", "innert"];
const AT_LEAST: &[&str] = &["least", "mindestens", "minimum", "≥", "wenigstens"];
const LATENCY: &[&str] = &[
    "latency",
    "latencies",
    "response",
    "responses",
    "antwortzeit",
    "antwortzeiten",
    "latenz",
    "latenzen",
    "antworten",
    "answers",
    "answer",
    "antwort",
    "respond",
    "responds",
    "reaktionszeit",
];
const EACH: &[&str] =
    &["every", "each", "all", "any", "jede", "jeder", "alle", "no", "kein", "keine", "maximale"];

impl Reader<'_> {
    /// Finds the rules.
    pub(super) fn thresholds(&mut self) {
        for at in 0..self.quantities.len() {
            if self.used[at] {
                continue;
            }
            match self.quantities[at].kind.clone() {
                Kind::Stat(measure) => self.stat(at, &measure),
                Kind::Percent(share) if !self.errors(at, share) => self.part_timed(at, share),
                Kind::Part(part) if !self.errors(at, part * 100.0) => self.part_timed(at, part * 100.0),
                Kind::Rate(rate) => self.throughput(at, rate),
                _ => {}
            }
        }
        for at in 0..self.quantities.len() {
            if let (false, Kind::Time(millis, _)) = (self.used[at], &self.quantities[at].kind) {
                self.latency(at, *millis);
            }
        }
        self.none();
    }

    pub(super) fn rule(&mut self, measure: &str, limit: String, of: Option<Item>, from: usize, to: usize) {
        let rule = Rule { measure: measure.to_owned(), limit, of };
        let fact = self.fact(rule, from, to);
        if !self.reading.thresholds.iter().any(|known| known.value == fact.value) {
            self.reading.thresholds.push(fact);
        }
    }

    /// The operator that words between two places say; `None` where there is no word for one.
    pub(super) fn upper(&self, from: usize, to: usize) -> Option<&'static str> {
        let negated = self.has(from, to, NO) && self.has(from, to, OVER);
        let equal = (from..to).any(|at| {
            self.tokens[at].kind == Piece::Mark('≤')
                || self.tokens[at].raw == "=" && at > from && self.tokens[at - 1].raw == "<"
        });
        let pair = |first: &str, second: &str| {
            (from..to).any(|at| self.word(at) == first && self.word(at + 1) == second)
        };
        // `at or below 2 %`, `may take up to 5 s`
        let equal = equal || pair("at", "or") || pair("up", "to") || pair("bis", "zu");
        // What is answered within a second may take all of it.
        if self.has(from, to, AT_MOST) || negated || equal || self.has(from, to, WITHIN) {
            return Some("<=");
        }
        let less = (from..to).any(|at| self.tokens[at].raw == "<" || like(self.word(at), UNDER));
        if less {
            return Some("<");
        }
        self.has(from, to, OVER).then_some("<=")
    }

    /// `p95 under 300 ms`, `under 300 ms at p95`.
    fn stat(&mut self, at: usize, measure: &str) {
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let end = self.sentence_end(to.min(self.tokens.len().saturating_sub(1)));
        let stop = |kind: &Kind| matches!(kind, Kind::Stat(_));
        for next in at + 1..self.quantities.len() {
            let quantity = self.quantities[next].clone();
            if quantity.from >= end || quantity.from > to + 9 || stop(&quantity.kind) {
                break;
            }
            let Kind::Time(millis, _) = quantity.kind else { continue };
            let comma = (to..quantity.from).any(|at| self.tokens[at].kind == Piece::Mark(','));
            let op = self.upper(to, quantity.from).or_else(|| self.upper(from.saturating_sub(3), from));
            let set = self.has(
                to,
                quantity.from,
                &["make", "auf", "to", "set", "raise", "lower", "statt", "change", "nimm", "nimmst"],
            );
            if self.used[next]
                || comma && op.is_none() && !set
                || op.is_none() && !set && quantity.from > to + 3
            {
                break;
            }
            // `p95 statt 500 ms 700 ms`: the first one was.
            let was = self.is_instead(quantity.from);
            if was && matches!(self.quantities.get(next + 1).map(|one| &one.kind), Some(Kind::Time(..))) {
                self.used[next] = true;
                continue;
            }
            let op = self.behind(quantity.to).or(op).unwrap_or("<");
            let of = self.narrowed(to, quantity.from).or_else(|| self.narrowed(quantity.to, quantity.to + 3));
            let of = of.or_else(|| self.just_before(from)).or_else(|| self.subject(from));
            (self.used[at], self.used[next]) = (true, true);
            self.rule(measure, format!("{op} {}", time(millis)), of, from, quantity.to);
            return;
        }
        self.stat_behind(at, measure);
    }

    /// `unter 300 ms im 95. Perzentil`.
    fn stat_behind(&mut self, at: usize, measure: &str) {
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let Some(before) = at.checked_sub(1).filter(|before| !self.used[*before]) else { return };
        let quantity = self.quantities[before].clone();
        let Kind::Time(millis, _) = quantity.kind else { return };
        let start = self.sentence_start(quantity.from).max(quantity.from.saturating_sub(4));
        if quantity.to + 4 < from || self.sentence_start(from) > quantity.from {
            return;
        }
        if let Some(op) = self.upper(start, quantity.from) {
            (self.used[at], self.used[before]) = (true, true);
            let of = self.subject(quantity.from);
            self.rule(measure, format!("{op} {}", time(millis)), of, quantity.from, to);
        }
    }

    /// `GET /search stays under 300 ms in the 95th percentile`, `die Umsätze im 95. Perzentil höchstens 700 ms`: the only request that
    /// the clause of a rule speaks of, where the test sends others as well.
    fn subject(&self, from: usize) -> Option<Item> {
        const MUST: &[&str] = &[
            "must",
            "has",
            "have",
            "should",
            "shall",
            "may",
            "muss",
            "müssen",
            "soll",
            "sollen",
            "darf",
            "stays",
            "stay",
            "bleibt",
            "bleiben",
            "needs",
            "alone",
            "allein",
            "alleine",
            "gilt",
            "zusätzlich",
        ];
        if self.reading.requests.len() < 2 {
            return None;
        }
        let start = self.clause_start(from).max(from.saturating_sub(12));
        let joined = (start..from).rev().find(|&at| self.is_word(at, &["and", "und", "while", "während"]));
        let start = joined.filter(|at| at + 2 < from).unwrap_or(start);
        let mut found: Option<(usize, Item)> = None;
        for at in start..from {
            let item = self.items.iter().find(|(place, _)| *place == at).map(|(_, item)| item.clone());
            let named = || {
                let article =
                    at > 0 && self.is_word(at - 1, &["the", "die", "das", "der", "den", "for", "für"]);
                self.request_named(&self.tokens[at].low).filter(|_| article).map(Item::Request)
            };
            let Some(item) = item.or_else(named) else { continue };
            match &found {
                Some((_, other)) if *other != item => return None,
                _ => found = Some((at, item)),
            }
        }
        let (at, item) = found.filter(|(_, item)| matches!(item, Item::Request(_)))?;
        let again = self.items.iter().any(|(place, other)| *place < at && *other == item);
        // The last of a list of requests is no subject of its own.
        let path = |at: usize| matches!(self.tokens[at].kind, Piece::Path | Piece::Url(_));
        let comma = start > 1 && self.tokens[start - 1].kind == Piece::Mark(',');
        let listed = at <= start + 2 && (comma && path(start - 2) || start > 0 && path(start - 1));
        let word = self.tokens[at].kind == Piece::Word;
        (word || !listed && (again || self.has(at + 1, from, MUST))).then_some(item)
    }

    /// `300 ms or less`.
    fn behind(&self, at: usize) -> Option<&'static str> {
        let or = self.is_word(at, &["or", "oder"])
            && self.is_word(
                at + 1,
                &[
                    "less",
                    "weniger",
                    "faster",
                    "schneller",
                    "better",
                    "besser",
                    "lower",
                    "below",
                    "darunter",
                    "under",
                ],
            );
        let most = self.word(at) == "at" && self.word(at + 1) == "most";
        // `darf 600 ms nicht überschreiten`
        let most = most
            || self.has(
                at,
                at + 3,
                &[
                    "überschreiten",
                    "überschritten",
                    "übersteigen",
                    "exceeded",
                    "exceed",
                    "übersteigt",
                    "überschreitet",
                    "exceeds",
                ],
            );
        (or || most || self.is_word(at, &["max", "maximum", "maximal", "höchstens", "tops"])).then_some("<=")
    }

    /// `POST /claims p90 < 1.5 s`, where the test sends other requests as well.
    pub(super) fn just_before(&self, from: usize) -> Option<Item> {
        let start = from.saturating_sub(3);
        let (at, item) = self.items.iter().rev().find(|(at, _)| (start..from).contains(at))?;
        let apart = (at + 1..from).any(|at| self.tokens[at].ends_clause());
        let own = matches!(item, Item::Request(_)) && self.reading.requests.len() > 1;
        (own && !apart).then(|| item.clone())
    }

    /// What stands behind `for`, `of` or their like among these tokens.
    pub(super) fn narrowed(&self, from: usize, to: usize) -> Option<Item> {
        const FOR: &[&str] =
            &["of", "for", "für", "von", "bei", "der", "des", "on", "beim", "to", "an", "auf"];
        let (at, item) = self.items.iter().find(|(at, _)| (from..to).contains(at))?;
        let before = |back: usize| at.checked_sub(back).is_some_and(|at| at >= from && self.is_word(at, FOR));
        (before(1) || before(2) || before(3)).then(|| item.clone())
    }

    /// `at least 200 rps` is a rule, `at most 200 rps` a bound.
    fn throughput(&mut self, at: usize, rate: f64) {
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let near = self.sentence_start(from).max(from.saturating_sub(5));
        let before = self.quantities[..at]
            .iter()
            .rev()
            .find(|before| before.to <= from)
            .map_or(near, |before| near.max(before.to));
        let throughput = self.has(before, from, &["throughput", "durchsatz"]);
        let at_most = self.has(before, from, AT_MOST)
            || self.has(before, from, NO) && self.has(before, from, OVER)
            || self.has(
                before,
                from,
                &[
                    "limit",
                    "limited",
                    "cap",
                    "capped",
                    "begrenze",
                    "begrenzt",
                    "throttle",
                    "throttled",
                    "gedrosselt",
                    "gedeckelt",
                    "blocks",
                    "block",
                    "bans",
                    "sperrt",
                    "blockt",
                    "allows",
                    "erlaubt",
                    "permits",
                    "deckel",
                    "ceiling",
                    "obergrenze",
                    "begrenzung",
                    "bound",
                ],
            )
            || self.is_word(from.saturating_sub(1), &["to"]) && self.is_word(from.saturating_sub(2), &["up"]);
        let raw = |mark: &str| (before..from).any(|at| self.tokens[at].raw == mark);
        let or_more = self.is_word(to, &["or", "oder"])
            && self.is_word(to + 1, &["more", "mehr", "better", "besser", "higher", "above", "darüber"])
            || self.word(to) == "at" && self.word(to + 1) == "least"
            || self.is_word(to, &["mindestens", "minimum", "wenigstens"]);
        let op = if self.has(before, from, AT_LEAST) || or_more || self.has_at_least_sign(before, from) {
            ">="
        } else if self.has(before, from, OVER) && !at_most || throughput || raw(">") {
            ">"
        } else {
            if at_most {
                self.used[at] = true;
                let fact = self.of(rate, at);
                self.reading.load.limit.push(fact);
            }
            return;
        };
        self.used[at] = true;
        self.rule("rps", format!("{op} {}", plain(rate)), None, from, to);
    }

    /// `>= 40`.
    fn has_at_least_sign(&self, from: usize, to: usize) -> bool {
        (from..to).any(|at| {
            self.tokens[at].raw == ">" && self.tokens.get(at + 1).is_some_and(|next| next.raw == "=")
        })
    }

    /// `response times under 300 ms`, without a percentile.
    fn latency(&mut self, at: usize, millis: f64) {
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let start = self.sentence_start(from).max(from.saturating_sub(9));
        let before = self.quantities[..at]
            .iter()
            .rev()
            .find(|before| before.to <= from)
            .map_or(start, |before| start.max(before.to));
        let noun = self.has(before, from, LATENCY)
            || (before..from).any(|at| like(self.word(at), REQUESTS))
                && self.has(
                    before,
                    from,
                    &["faster", "slower", "schneller", "langsamer", "longer", "länger"],
                );
        let nobody = self.has(before, from, &["nobody", "niemand", "keiner"]) && self.has(before, from, OVER);
        let every = self.has(before, from, EACH)
            && (before..from).any(|at| like(self.word(at), REQUESTS))
            && (self.has(before, from, UNDER) || self.has(before, from, WITHIN));
        // What is slower is slow to answer, and what takes longer takes longer to answer.
        let slower = self.has(before, from, &["slower", "langsamer", "faster", "schneller"])
            || self.has(before, from, OVER)
                && self.has(to, to + 2, &["dauern", "brauchen", "dauert", "benötigen"]);
        let noun = noun || nobody || every || slower;
        let Some(op) = self.upper(before, from).filter(|_| noun) else { return };
        self.used[at] = true;
        let each = nobody || self.has(before, from, EACH);
        if !each {
            let text = self.span(from, to).text;
            self.reading.notes.push(format!("`{text}` names no percentile: it is taken for p95"));
        }
        self.rule(if each { "max" } else { "p95" }, format!("{op} {}", time(millis)), None, from, to);
    }
}

/// A time of a rule.
pub(super) fn time(millis: f64) -> String {
    if millis >= 1000.0 { format!("{}s", plain(millis / 1000.0)) } else { format!("{}ms", plain(millis)) }
}

/// A number without digits that nobody wrote.
pub(in crate::ai::generator) fn plain(number: f64) -> String {
    format!("{}", (number * 1e6).round() / 1e6)
}
