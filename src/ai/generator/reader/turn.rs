//! What a follow-up turn asks for: what comes in, what goes, what stands for another value.

use super::{Fact, Item, Reader, quantity::Kind, settings::whole};

const ADD: &[&str] = &[
    "add",
    "also",
    "plus",
    "include",
    "additionally",
    "hinzu",
    "füge",
    "ergänze",
    "zusätzlich",
    "auch",
    "dazu",
];
const REMOVE: &[&str] = &[
    "without",
    "remove",
    "drop",
    "no",
    "ohne",
    "entferne",
    "entfernen",
    "kein",
    "keine",
    "keinen",
    "streiche",
    "weg",
    "lass",
    "skip",
    "forget",
    "vergiss",
    "vergesst",
    "leave",
    "except",
    "außer",
    "exclude",
];

impl Reader<'_> {
    /// Finds what a follow-up turn asks for. For a first turn nobody asks.
    pub(super) fn turns(&mut self) {
        let items = self.items.clone();
        for (at, item) in items {
            let Item::Activity(activity) = item else { continue };
            let start = self.clause_start(at).max(at.saturating_sub(4));
            let end = self.clause_end(at).min(at + 4);
            let fact: Fact<_> = self.fact(activity, at, at + 1);
            if self.has(start, at, REMOVE)
                || self.has(
                    at + 1,
                    end,
                    &["weg", "entfernen", "streichen", "weglassen", "auslassen", "mitnehmen", "raus"],
                )
            {
                self.reading.turn.remove.push(fact);
            } else if self.has(start, at, ADD) || self.has(at + 1, end, &["hinzu", "dazu"]) {
                self.reading.turn.add.push(fact);
            }
        }
        self.left_out();
        self.multiplied();
        self.replaced();
    }

    /// What is only named to be left out is nothing that people do.
    fn left_out(&mut self) {
        let gone: Vec<usize> = self.reading.turn.remove.iter().map(|fact| fact.span.start).collect();
        let kept: Vec<_> = self
            .items
            .iter()
            .filter(|(at, _)| !gone.contains(&self.tokens[*at].start))
            .map(|(_, item)| item.clone())
            .collect();
        self.reading.activities.retain(|activity| kept.contains(&Item::Activity(activity.value)));
    }

    /// `twice as many users`, `doppelt so viele Nutzer`, `halve the users`.
    fn multiplied(&mut self) {
        for at in 0..self.quantities.len() {
            let factor = match self.quantities[at].kind {
                Kind::Factor(factor) => factor,
                Kind::Percent(percent) if self.is_word(self.quantities[at].to, &["more", "mehr"]) => {
                    1.0 + percent / 100.0
                }
                Kind::Percent(percent)
                    if self.is_word(self.quantities[at].to, &["fewer", "weniger", "less"]) =>
                {
                    1.0 - percent / 100.0
                }
                // `um die Hälfte mehr`
                Kind::Part(part) if self.word(self.quantities[at].to) == "mehr" => 1.0 + part,
                Kind::Part(part)
                    if self.is_word(
                        self.quantities[at].to,
                        &["the", "der", "it", "davon", "of", "that", "as", "so", "von"],
                    ) =>
                {
                    part
                }
                _ => continue,
            };
            // `double the users ... no, three times as many` is three times.
            let again = self.cue(self.quantities[at].from).is_some();
            let turn = &mut self.reading.turn;
            if again
                && let Some(known) = [&mut turn.times_users, &mut turn.times_rate, &mut turn.times_time]
                    .into_iter()
                    .find_map(Option::as_mut)
            {
                known.value = factor;
                self.used[at] = true;
                continue;
            }
            let to = self.quantities[at].to;
            let users =
                (to..self.clause_end(to.min(self.tokens.len().saturating_sub(1))).min(to + 5)).any(|at| {
                    let word = self.word(at);
                    let number =
                        ["nutzer", "user", "benutzer", "besucher"].iter().any(|stem| word.starts_with(stem));
                    super::people::is_user(word) || number
                });
            if !self.used[at] && users {
                self.used[at] = true;
                self.reading.turn.times_users = Some(self.of(factor, at));
            } else if !self.used[at] {
                self.times_of(at, factor);
            }
        }
    }

    /// `statt 2 Minuten 5`, `5 instead of 2 minutes`, `statt 20 Nutzern 50`.
    fn replaced(&mut self) {
        for at in 0..self.quantities.len() {
            let from = self.quantities[at].from;
            let article = usize::from(from > 1 && self.is_word(from - 1, &["der", "den", "die"]));
            let german = from > article && self.is_word(from - 1 - article, &["statt", "anstatt"]);
            let english = from > 1 && self.word(from - 1) == "of" && self.word(from - 2) == "instead";
            if self.used[at] || !(german || english) {
                continue;
            }
            let start = self.clause_start(from);
            let of_rule = self.quantities[..at]
                .iter()
                .any(|one| one.from >= start && matches!(one.kind, Kind::Stat(_)));
            if of_rule && matches!(self.quantities[at].kind, Kind::Time(..)) {
                continue;
            }
            let behind = self.other(at + 1).filter(|_| german);
            let other = behind.or_else(|| at.checked_sub(1).and_then(|before| self.other(before)));
            let Some(other) = other else { continue };
            let (old, new) = (self.quantities[at].kind.clone(), self.quantities[other].kind.clone());
            match (old, new) {
                (Kind::Time(old, unit), Kind::Bare(new)) => self.replace_time(at, other, old, new * unit),
                (Kind::Time(old, _), Kind::Time(new, _)) => self.replace_time(at, other, old, new),
                (Kind::Rate(old), Kind::Bare(new)) if old > 0.0 => {
                    (self.used[at], self.used[other]) = (true, true);
                    let fact = self.of(new, other);
                    self.reading.load.rate.push(fact);
                }
                // The new one is read as any rate is.
                (Kind::Rate(_), Kind::Rate(_)) => self.used[at] = true,
                (Kind::Users(old), Kind::Bare(new) | Kind::Users(new)) => {
                    let span = self.of((), other);
                    (self.used[at], self.used[other]) = (true, true);
                    let small = |value: f64| u32::try_from(whole(value)).unwrap_or(u32::MAX);
                    self.reading.turn.replaced_users =
                        Some(Fact { value: (small(old), small(new)), span: span.span });
                }
                _ => {}
            }
        }
    }

    fn other(&self, at: usize) -> Option<usize> {
        (at < self.quantities.len() && !self.used[at]).then_some(at)
    }

    fn replace_time(&mut self, at: usize, other: usize, old: f64, new: f64) {
        let span = self.of((), other);
        (self.used[at], self.used[other]) = (true, true);
        self.reading.turn.replaced_time = Some(Fact { value: (whole(old), whole(new)), span: span.span });
    }
}
