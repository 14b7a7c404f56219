//! What shares and limits are of, as a model tells it: which of the requests and activities of the text each belongs to.

use std::ops::Range;

use super::{
    Activity, Item, Reader,
    quantity::Kind,
    token::Kind as Piece,
    told::{SURE, WELL},
};
use crate::ai::generator::roles::Role;

/// Words that are one where they count.
const ARTICLES: &[&str] = &["one", "a", "once", "ein", "eine", "einer", "einen", "eines", "eins", "einmal"];

/// Beginnings of words that say what people do only where it is known that they say it.
const LOOSELY: &[(Activity, &[&str])] = &[
    (Activity::Cart, &["korb", "körb", "bag", "trolley", "wagen"]),
    (Activity::Search, &["such", "find", "hunt", "query"]),
    (Activity::Order, &["order", "buy", "purchase", "bestell", "kauf", "zahl", "pay", "check"]),
    (
        Activity::Browse,
        &["look", "schau", "blätter", "wander", "stroll", "umseh", "umsieh", "herum", "guck", "peek", "view"],
    ),
];

fn loosely(word: &str) -> Option<Activity> {
    let begins = |words: &[&str]| words.iter().any(|beginning| word.starts_with(beginning));
    LOOSELY.iter().find(|(_, words)| begins(words)).map(|(activity, _)| *activity)
}

/// A share, and what it is of.
struct Share {
    item: Item,
    tokens: (usize, usize),
    quantity: Option<usize>,
    number: f64,
    /// The same in percent, where it is said so, or as a part of all.
    percent: Option<f64>,
}

impl Reader<'_> {
    /// Finds the shares: where the model is not wholly sure what they are of, by the words first.
    pub(super) fn who_shares(&mut self) {
        if self.shares_told(WELL) {
            return;
        }
        self.only(&[Role::Share, Role::Passes], Self::shares);
        let left = (0..self.told.len()).any(|at| !self.used[at] && self.role(at) == Some(Role::Share));
        if left && self.reading.shares.is_empty() {
            self.shares_told(SURE);
        }
    }

    /// Takes the shares over of which the model knows what each is of, and says whether it did. None of them where it does not know of
    /// one.
    pub(super) fn shares_told(&mut self, least: f32) -> bool {
        let Some(mut found) = self.shares_found(least).filter(|found| !found.is_empty()) else {
            return false;
        };
        // `one in four renews, the other three look`: parts are numbers like others there.
        let plain = found.iter().any(|share| share.percent.is_none());
        let last = found.last().map_or((0, 0), |share| share.tokens);
        if plain {
            for item in self.told_items().into_iter().map(|(_, item)| item).collect::<Vec<_>>() {
                if !found.iter().any(|share| share.item == item) {
                    found.push(Share { item, tokens: last, quantity: None, number: 1.0, percent: None });
                }
            }
        }
        for share in found {
            let value = share.percent.filter(|_| !plain).unwrap_or(share.number);
            let fact = self.fact((share.item, value), share.tokens.0, share.tokens.1);
            self.reading.shares.push(fact);
            share.quantity.into_iter().for_each(|at| self.used[at] = true);
        }
        true
    }

    fn shares_found(&self, least: f32) -> Option<Vec<Share>> {
        let mut found: Vec<Share> = Vec::new();
        let numbers = (0..self.told.len()).filter(|&at| !self.used[at] && self.role(at) == Some(Role::Share));
        for at in numbers {
            let quantity = &self.quantities[at];
            let item = self.linked(self.digits(quantity), least)??;
            let (number, percent) = match quantity.kind {
                Kind::Percent(share) => (share, Some(share)),
                Kind::Part(part) => (self.how_many(at).unwrap_or(1.0), Some(part * 100.0)),
                _ => (self.how_many(at)?, None),
            };
            let tokens = (quantity.from, quantity.to);
            found.push(Share { item, tokens, quantity: Some(at), number, percent });
        }
        // `nineteen read, one writes`: an article that counts.
        for at in 0..self.tokens.len() {
            let one = ARTICLES.contains(&self.word(at))
                && !self.quantities.iter().any(|one| (one.from..one.to).contains(&at));
            let place = self.tokens[at].start..self.tokens[at].end;
            let label = self.labels.label(place.clone()).filter(|_| one);
            if label.is_some_and(|label| label.value == Role::Share && label.sure >= WELL) {
                let item = self.linked(place, least)??;
                found.push(Share { item, tokens: (at, at + 1), quantity: None, number: 1.0, percent: None });
            }
        }
        let mut items: Vec<&Item> = Vec::with_capacity(found.len());
        for share in &found {
            let sound = share.number > 0.0 && !items.contains(&&share.item);
            items.push(Some(&share.item).filter(|_| sound)?);
        }
        Some(found)
    }

    /// What the share or the limit in these bytes is of: None where the model is not sure, and of nothing in particular where it says
    /// so.
    #[expect(clippy::option_option, reason = "not to know is another thing than to know of none")]
    pub(super) fn linked(&self, place: Range<usize>, least: f32) -> Option<Option<Item>> {
        let items = self.told_items();
        let places: Vec<Range<usize>> = items.iter().map(|(place, _)| place.clone()).collect();
        if items.len() < 2 {
            return None;
        }
        let link = self.labels.link(place, &places)?;
        (link.sure >= least).then(|| link.value.map(|index| items[index].1.clone()))
    }

    /// The requests and activities of the text, without words that the model takes for something else.
    fn told_items(&self) -> Vec<(Range<usize>, Item)> {
        let items = self.items.iter().filter(|(at, _)| self.is_told_item(*at));
        let known = items.map(|(at, item)| (self.item_place(*at), item.clone()));
        known.chain(self.told_activities()).collect()
    }

    /// What people do in words that alone would say too little: `just looking`, `put it in the bag`.
    fn told_activities(&self) -> Vec<(Range<usize>, Item)> {
        let told = |at: usize| {
            let label = self.labels.label(self.tokens[at].start..self.tokens[at].end);
            label.is_some_and(|label| label.value == Role::Act && label.sure >= WELL)
        };
        let (mut out, mut at) = (Vec::new(), 0);
        while at < self.tokens.len() {
            let to = (at..self.tokens.len()).find(|&at| !told(at)).unwrap_or(self.tokens.len());
            let named = self.items.iter().any(|(item, _)| (at..to).contains(item));
            let activity = (at..to).find_map(|at| loosely(self.word(at)));
            if let Some(activity) = activity.filter(|_| !named) {
                out.push((self.tokens[at].start..self.tokens[to - 1].end, Item::Activity(activity)));
            }
            at = to.max(at + 1);
        }
        out
    }

    fn is_told_item(&self, at: usize) -> bool {
        let label = self.labels.label(self.item_place(at));
        label.is_some_and(|label| matches!(label.value, Role::Path | Role::Act) || label.sure < WELL)
    }

    /// The bytes of a request or an activity: of a URL, those of its path.
    pub(super) fn item_place(&self, at: usize) -> Range<usize> {
        let token = &self.tokens[at];
        let path = match &token.kind {
            Piece::Url(_) => {
                let host = token.raw.find("://").map_or(0, |scheme| scheme + 3);
                token.raw[host..].find(['/', '?']).map_or(0, |path| host + path)
            }
            _ => 0,
        };
        token.start + path..token.end
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_told;
    use crate::ai::generator::{reader::Reading, roles::tests::marked};

    fn shares(text: &str) -> Vec<f64> {
        let (text, told) = marked(text);
        let Reading { requests, shares, .. } = read_told(&text, &told);
        let of = |number: usize| shares.iter().find(|share| share.value.0 == super::Item::Request(number));
        (0..requests.len()).map(|number| of(number).map_or(0.0, |share| share.value.1)).collect()
    }

    #[test]
    fn shares_are_of_what_the_model_knows() {
        let text = "GET ⟦path|/search⟧ and POST ⟦path|/orders⟧ on http://127.0.0.1:1: ordering ⟦share #2|10⟧, the other ⟦share #1|90⟧";
        assert_eq!(shares(text), [90.0, 10.0]);
        let text = "On http://127.0.0.1:1 ⟦path|/read⟧ and ⟦path|/write⟧. ⟦share #1|Nineteen⟧ read, ⟦share #2|one⟧ writes.";
        assert_eq!(shares(text), [19.0, 1.0], "an article counts");
        let text = "⟦share #1|One in four⟧ POST ⟦path|/renew⟧, the ⟦share #2|other 3⟧ ⟦path|/account⟧ on http://127.0.0.1:1";
        assert_eq!(shares(text), [1.0, 3.0], "a part is a number among numbers");
        let text = "⟦path|/a⟧ ⟦share #1|4 times⟧ as often as ⟦path|/b⟧ on http://127.0.0.1:1";
        assert_eq!(shares(text), [4.0, 1.0], "what has no share counts once");
    }

    #[test]
    fn limits_are_of_what_the_model_knows() {
        let (text, told) = marked(
            "⟦path|/a⟧, ⟦path|/b⟧ on http://127.0.0.1:1; the second ⟦bound p95 < #2|300 ms⟧, both ⟦bound p99 <|2 s⟧",
        );
        let reading = read_told(&text, &told);
        let of: Vec<_> = reading
            .thresholds
            .iter()
            .map(|rule| (rule.value.measure.as_str(), rule.value.of.clone()))
            .collect();
        assert_eq!(of, [("p95", Some(super::Item::Request(1))), ("p99", None)]);
    }
}
