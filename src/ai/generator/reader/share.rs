//! Shares of the traffic: `20 % writes`, `three times as often as`, `doppelt so viel Suche wie Kauf`, `3:1`.

use super::{Item, Reader, quantity::Kind, token::Kind as Piece};

impl Reader<'_> {
    /// Finds the shares.
    pub(super) fn shares(&mut self) {
        for at in 0..self.quantities.len() {
            match self.quantities[at].kind {
                Kind::Percent(share) => self.percent(at, share),
                Kind::Factor(factor) => self.factor(at, factor),
                _ => {}
            }
        }
        self.ratio();
    }

    fn give(&mut self, item: Item, share: f64, quantity: usize) {
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
        if self.has(
            from.saturating_sub(4),
            from,
            &["error", "errors", "fehler", "fehlerquote", "fehlerrate", "failure", "failures"],
        ) {
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

    /// `/a and /b 3:1`.
    fn ratio(&mut self) {
        for at in 0..self.quantities.len().saturating_sub(1) {
            let (first, second) = (&self.quantities[at], &self.quantities[at + 1]);
            let (Kind::Bare(left), Kind::Bare(right)) = (&first.kind, &second.kind) else { continue };
            let (left, right) = (*left, *right);
            let marks =
                first.to + 1 == second.from && matches!(self.tokens[first.to].kind, Piece::Mark(':' | '/'));
            let words = first.to + 1 == second.from && self.is_word(first.to, &["to", "zu"]);
            if !(marks || words) {
                continue;
            }
            let (start, end) = (self.sentence_start(first.from), self.sentence_end(second.to));
            let mut items: Vec<Item> = Vec::new();
            for (_, item) in self.items.iter().filter(|(at, _)| (start..end).contains(at)) {
                if !items.contains(item) {
                    items.push(item.clone());
                }
            }
            if let [one, other] = items.as_slice() {
                let (one, other) = (one.clone(), other.clone());
                self.give(one, left, at);
                self.give(other, right, at + 1);
            }
        }
    }
}
