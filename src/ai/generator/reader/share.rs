//! Shares of the traffic: `20 % writes`, `three times as often as`, `doppelt so viel Suche wie Kauf`, `3:1`.

use super::{Item, Reader, quantity::Kind, token::Kind as Piece};

/// What says that numbers with a colon between them are shares, and no time of day.
const SPLIT: &[&str] = &[
    "split",
    "ratio",
    "verhältnis",
    "mix",
    "weights",
    "weighted",
    "gewichtet",
    "gewichtung",
    "gewichte",
    "aufteilung",
    "verteilung",
    "distribution",
    "proportion",
    "weight",
    "mischung",
    "aufgeteilt",
    "verteilt",
    "shares",
    "anteile",
];

impl Reader<'_> {
    /// Finds the shares.
    pub(super) fn shares(&mut self) {
        self.table();
        self.counted_calls();
        self.counted_out();
        self.ratios();
        for at in 0..self.quantities.len() {
            if self.used[at] {
                continue;
            }
            match self.quantities[at].kind {
                Kind::Percent(share) => self.percent(at, share),
                Kind::Part(part) => self.part_share(at, part * 100.0),
                Kind::Factor(factor) => self.factor(at, factor),
                _ => {}
            }
        }
        self.rest_of_all();
        // A share of the only request there is says nothing.
        let of_request = |share: &super::Fact<(Item, f64)>| matches!(share.value.0, Item::Request(_));
        if self.reading.shares.len() == 1
            && self.reading.requests.len() == 1
            && self.reading.shares.iter().all(of_request)
        {
            self.reading.shares.clear();
        }
    }

    pub(super) fn give(&mut self, item: Item, share: f64, quantity: usize) {
        let fact = self.of((item, share), quantity);
        self.used[quantity] = true;
        match self.reading.shares.iter_mut().find(|known| known.value.0 == fact.value.0) {
            Some(known) if (known.value.1 - share).abs() > f64::EPSILON => {
                let note = format!(
                    "`{}` and `{}` say two shares of the same: the first counts",
                    known.span.text, fact.span.text
                );
                self.reading.notes.push(note);
            }
            Some(_) => {}
            None => self.reading.shares.push(fact),
        }
    }

    /// The first item among these tokens.
    fn item(&self, from: usize, to: usize) -> Option<Item> {
        let found = self.items.iter().find(|(at, _)| (from..to).contains(at))?;
        Some(found.1.clone())
    }

    fn last_item(&self, from: usize, to: usize) -> Option<Item> {
        let found = self.items.iter().rev().find(|(at, _)| (from..to).contains(at))?;
        Some(found.1.clone())
    }

    /// `80 % GET /a`, `GET /a (80 %)`, `20 % writes`.
    fn percent(&mut self, at: usize, share: f64) {
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        if self.part_of(at).is_some()
            || self.has(
                from.saturating_sub(4),
                from,
                &["error", "errors", "fehler", "fehlerquote", "fehlerrate", "failure", "failures"],
            )
        {
            return;
        }
        let end = self.clause_end(to).min(to + 6);
        let next = self.quantities.get(at + 1).map_or(end, |next| next.from.min(end));
        let before = self.clause_start(from).max(from.saturating_sub(3));
        let item = self.item(to, next).or_else(|| self.last_item(before, from));
        if let Some(item) = item {
            self.give(item, share, at);
        }
    }

    fn factor(&mut self, at: usize, factor: f64) {
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let (start, end) = (self.sentence_start(from), self.sentence_end(to));
        let pivot = (to..end).find(|&at| {
            at > to
                && self.is_word(at, &["as", "wie", "als", "than"])
                && !self.is_word(at + 1, &["often", "many", "much", "oft"])
        });
        let Some(pivot) = pivot else { return };
        let more = self.item(to, pivot).or_else(|| self.last_item(start, from));
        let (Some(more), Some(less)) = (more, self.item(pivot, end)) else { return };
        if more != less {
            let known =
                self.reading.shares.iter().find(|known| known.value.0 == less).map(|known| known.value.1);
            let of = known.unwrap_or(1.0);
            self.give(more, factor * of, at);
            self.give(less, of, at);
        }
    }

    /// `jeder Fünfte bestellt`, `a quarter of them POST /a`: what they do stands behind, sometimes in front.
    fn part_share(&mut self, at: usize, share: f64) {
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let end = self.sentence_end(to.min(self.tokens.len() - 1)).min(to + 9);
        let next = self.quantities.get(at + 1).map_or(end, |next| next.from.min(end)).max(to);
        if self.part_of(at).is_some() || self.speaks_of_failures(at) {
            return;
        }
        let behind = (to..next).find_map(|at| {
            let spoken = self.request_named(self.word(at)).map(Item::Request);
            self.item(at, at + 1).filter(|item| self.is_of_test(item)).or(spoken)
        });
        let start = self.clause_start(from).max(from.saturating_sub(5));
        let item = behind.or_else(|| self.last_item(start, from)).filter(|item| self.is_of_test(item));
        if let Some(item) = item {
            self.give(item, share, at);
        }
    }

    /// Whether something can have a share: where requests are named, those can.
    fn is_of_test(&self, item: &Item) -> bool {
        self.reading.requests.is_empty() || matches!(item, Item::Request(_))
    }

    fn speaks_of_failures(&self, at: usize) -> bool {
        const FAILS: &[&str] = &[
            "fail",
            "fails",
            "error",
            "errors",
            "fehler",
            "fehlschlagen",
            "schiefgehen",
            "scheitern",
            "wrong",
            "failures",
            "failure",
            "fehlerhaft",
            "schief",
            "daneben",
            "danebengehen",
            "failed",
        ];
        let (from, to) = (self.quantities[at].from, self.quantities[at].to);
        let next = self.quantities.get(at + 1).map_or(to + 7, |next| next.from.min(to + 7));
        self.has(from.saturating_sub(4), from, FAILS) || self.has(to, next, FAILS)
    }

    /// What has no share where parts of all are given: the rest, in equal parts.
    fn rest_of_all(&mut self) {
        let parts = self
            .quantities
            .iter()
            .zip(&self.used)
            .any(|(one, used)| *used && matches!(one.kind, Kind::Part(_)));
        let sum: f64 = self.reading.shares.iter().map(|share| share.value.1).sum();
        if !parts || self.reading.shares.is_empty() || sum >= 100.0 {
            return;
        }
        let mut without: Vec<Item> = Vec::new();
        for (_, item) in &self.items {
            let known = self.reading.shares.iter().any(|share| share.value.0 == *item);
            if !known && self.is_of_test(item) && !without.contains(item) {
                without.push(item.clone());
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a few requests")]
        let share = (100.0 - sum) / without.len() as f64;
        if !self.reading.requests.is_empty() {
            // What says the part says the rest, too.
            let span = self.reading.shares[0].span.clone();
            for item in without {
                self.reading.shares.push(super::Fact { value: (item, share), span: span.clone() });
            }
        }
    }

    /// `/a and /b 3:1`, `70/20/10 split between`, `im Verhältnis 2 zu 1`.
    fn ratios(&mut self) {
        let mut at = 0;
        while at + 1 < self.quantities.len() {
            let last = self.run(at);
            if last > at && self.is_ratio(at, last) {
                self.ratio(at, last);
            }
            at = last + 1;
        }
    }

    /// The last of the numbers from here on that are joined by marks.
    fn run(&self, first: usize) -> usize {
        let counts = |at: usize| {
            matches!(self.quantities[at].kind, Kind::Bare(_) | Kind::Percent(_)) && !self.used[at]
        };
        let mut last = first;
        while counts(last) && last + 1 < self.quantities.len() && counts(last + 1) {
            let (to, from) = (self.quantities[last].to, self.quantities[last + 1].from);
            let joined = to + 1 == from
                && (matches!(self.tokens[to].kind, Piece::Mark(':' | '/' | '-' | '–' | ',' | '&'))
                    || self.is_word(to, &["to", "zu", "and", "und"]))
                || to + 2 == from
                    && self.tokens[to].kind == Piece::Mark(',')
                    && self.is_word(to + 1, &["and", "und"]);
            if !joined {
                break;
            }
            last += 1;
        }
        last
    }

    /// Whether joined numbers are shares: not a time of day, nor a list of something else.
    fn is_ratio(&self, first: usize, last: usize) -> bool {
        let (from, to) = (self.quantities[first].from, self.quantities[last].to);
        let value = |at: usize| match self.quantities[at].kind {
            Kind::Bare(value) | Kind::Percent(value) => value,
            _ => 0.0,
        };
        let sum: f64 = (first..=last).map(value).sum();
        let percent = matches!(self.quantities[last].kind, Kind::Percent(_));
        let whole = (sum - 100.0).abs() < 0.5;
        let said =
            self.has(self.sentence_start(from), self.sentence_end(to.min(self.tokens.len() - 1)), SPLIT);
        if said || whole {
            return true;
        }
        let between = self.quantities[first].to;
        let listed = matches!(self.tokens[between].kind, Piece::Mark(',' | '-' | '–' | '&'))
            || self.is_word(between, &["and", "und"]);
        let clock = first + 1 == last
            && self.tokens[between].kind == Piece::Mark(':')
            && self.tokens[between + 1].raw.len() == 2;
        let always = (value(first) - 24.0).abs() < 0.5 && (value(last) - 7.0).abs() < 0.5;
        !(listed || clock || always || percent || value(first) <= 0.0 || value(last) <= 0.0)
    }

    fn ratio(&mut self, first: usize, last: usize) {
        let (from, to) = (self.quantities[first].from, self.quantities[last].to);
        let (start, end) = (self.sentence_start(from), self.sentence_end(to.min(self.tokens.len() - 1)));
        let distinct = |from: usize, to: usize| {
            let mut items: Vec<Item> = Vec::new();
            for (_, item) in self.items.iter().filter(|(at, _)| (from..to).contains(at)) {
                if !items.contains(item) && self.is_of_test(item) {
                    items.push(item.clone());
                }
            }
            items
        };
        let count = last - first + 1;
        let places = [(to, end), (start, from), (start, end), (0, from), (0, self.tokens.len())];
        let Some(items) =
            places.into_iter().map(|(from, to)| distinct(from, to)).find(|items| items.len() == count)
        else {
            return;
        };
        for (at, item) in (first..=last).zip(items) {
            if let Kind::Bare(value) | Kind::Percent(value) = self.quantities[at].kind {
                self.give(item, value, at);
            }
        }
    }
}
