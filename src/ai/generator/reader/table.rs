//! Shares that stand in a table, or are counted out: `| GET /feed | 6 |`, `out of 100 visitors 70 browse, 20 search and 10 buy`.

use super::{Item, Reader, quantity::Kind, token::Kind as Piece};

/// What stands before those of whom shares are counted.
const OUT_OF: &[&str] = &["of", "von", "aus", "unter", "je", "among"];
/// One of them.
const ONE: &[&str] = &["einer", "eine", "eins", "one", "ein"];

impl Reader<'_> {
    /// Finds what each line of a table says of its request.
    pub(super) fn table(&mut self) {
        let mut rows: Vec<(Item, usize, f64)> = Vec::new();
        let mut start = 0;
        for end in 0..=self.tokens.len() {
            if end < self.tokens.len() && self.tokens[end].kind != Piece::Newline {
                continue;
            }
            let marks = self.tokens[start..end].iter().filter(|token| token.kind == Piece::Mark('|')).count();
            if marks > 0 {
                rows.extend(self.row(start, end));
            }
            start = end + 1;
        }
        let mut items: Vec<&Item> = rows.iter().map(|(item, ..)| item).collect();
        items.sort_unstable();
        items.dedup();
        if items.len() < 2 || items.len() != rows.len() {
            return;
        }
        for (item, at, share) in rows {
            self.give(item, share, at);
        }
    }

    /// The request of a line, and the last mere number of it.
    fn row(&self, from: usize, to: usize) -> Option<(Item, usize, f64)> {
        let (at, item) = self.items.iter().find(|(at, _)| (from..to).contains(at))?;
        let within = |one: usize| self.quantities[one].from > *at && self.quantities[one].to <= to;
        let share = |one: usize| match self.quantities[one].kind {
            Kind::Bare(value) | Kind::Percent(value) if !self.used[one] && value > 0.0 => Some((one, value)),
            _ => None,
        };
        let (one, value) = (0..self.quantities.len()).rev().filter(|one| within(*one)).find_map(share)?;
        Some((item.clone(), one, value))
    }

    /// `auf 8 GET /profiles kommen 5 POST /swipe`: a number right before each of several requests.
    pub(super) fn counted_calls(&mut self) {
        let mut found: Vec<(Item, f64, usize)> = Vec::new();
        for at in 0..self.quantities.len() {
            let (Kind::Bare(value) | Kind::Times(value) | Kind::Total(value)) = self.quantities[at].kind
            else {
                continue;
            };
            let to = self.quantities[at].to;
            let item = self
                .items
                .iter()
                .find(|(place, item)| (to..to + 3).contains(place) && matches!(item, Item::Request(_)));
            let plain = item.is_some_and(|(place, _)| {
                (to..*place).all(|at| {
                    super::token::is_method(&self.tokens[at].raw)
                        || self.is_word(at, &["x", "mal", "times", "calls", "requests", "to", "of"])
                })
            });
            if let (false, true, Some((_, item))) = (self.used[at], plain && value > 0.0, item) {
                found.push((item.clone(), value, at));
            }
        }
        let mut items: Vec<&Item> = found.iter().map(|(item, ..)| item).collect();
        items.dedup();
        if items.len() > 1 && items.len() == found.len() {
            for (item, value, at) in found {
                self.give(item, value, at);
            }
        }
    }

    /// `Von zehn Besuchern stöbern sechs, zwei suchen, einer bestellt`: those of whom it is counted are not the users of the test.
    pub(super) fn counted_out(&mut self) {
        for at in 0..self.quantities.len() {
            let (from, to) = (self.quantities[at].from, self.quantities[at].to);
            let all = match self.quantities[at].kind {
                Kind::Users(all) | Kind::Total(all) | Kind::Bare(all) if !self.used[at] => all,
                _ => continue,
            };
            if !self.is_out_of(from) || all < 2.0 {
                continue;
            }
            let end = self.sentence_end(to.min(self.tokens.len() - 1));
            let Some(parts) = self.parts_of(at, to, end).filter(|parts| {
                let sum: f64 = parts.iter().map(|(_, value, _)| value).sum();
                parts.len() > 1 && (sum - all).abs() < 0.5
            }) else {
                continue;
            };
            self.used[at] = true;
            self.unused(from, to, "is what shares are counted out of");
            for (item, value, quantity) in parts {
                self.give(item, value, quantity.unwrap_or(at));
            }
        }
    }

    /// `von zehn Besuchern`, `out of 100 visitors`: of whom shares are counted.
    pub(super) fn is_out_of(&self, from: usize) -> bool {
        from > 0 && self.is_word(from - 1, OUT_OF)
    }

    /// Numbers with what those many do, in order: as many of the one as of the other.
    fn parts_of(&self, base: usize, from: usize, to: usize) -> Option<Vec<(Item, f64, Option<usize>)>> {
        let mut numbers: Vec<(usize, f64, Option<usize>)> = Vec::new();
        for (index, one) in self.quantities.iter().enumerate() {
            let within = index != base && one.from >= from && one.to <= to && !self.used[index];
            match one.kind {
                Kind::Bare(value)
                | Kind::Users(value)
                | Kind::Total(value)
                | Kind::Some(value)
                | Kind::Times(value)
                    if within =>
                {
                    numbers.push((one.from, value, Some(index)));
                }
                _ => {}
            }
        }
        let counted = |at: usize| numbers.iter().any(|(from, ..)| *from == at);
        let ones: Vec<usize> = (from..to).filter(|&at| self.is_word(at, ONE) && !counted(at)).collect();
        let lone = |at: &usize| {
            !self
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.raw.starts_with(char::is_uppercase) && next.kind == Piece::Word)
        };
        numbers.extend(ones.into_iter().filter(lone).map(|at| (at, 1.0, None)));
        numbers.sort_by_key(|(at, ..)| *at);
        let mut items: Vec<Item> = Vec::new();
        for (at, item) in &self.items {
            if (from..to).contains(at) && !items.contains(item) {
                items.push(item.clone());
            }
        }
        (numbers.len() == items.len()).then(|| {
            items.into_iter().zip(numbers).map(|(item, (_, value, index))| (item, value, index)).collect()
        })
    }
}
