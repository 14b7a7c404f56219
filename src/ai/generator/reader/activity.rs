//! What people do, by the words for it, and what that says about the recipe.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Fact, Item, Reader, token::Kind};

/// Something that people do with a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GeneratorActivity)]
pub enum Activity {
    /// Search.
    Search,
    /// Sign in.
    Login,
    /// Buy.
    Order,
    /// Fill a cart.
    Cart,
    /// Look around.
    Browse,
    /// Read.
    Read,
    /// Write.
    Write,
    /// Ask by GraphQL.
    Graphql,
    /// Send files.
    Upload,
    /// Read what others wrote.
    Feed,
    /// Be told of events.
    Webhook,
    /// Move money.
    Transfer,
}

/// The beginnings of words for each activity.
const WORDS: &[(Activity, &[&str])] = &[
    (Activity::Search, &["search", "suche", "suchanfrage", "suchvorg", "sucht", "autocomplete"]),
    (Activity::Login, &["login", "anmeld", "einlogg", "signin", "sign-in", "log-in", "authenticat"]),
    (Activity::Order, &["checkout", "purchas", "kauf", "käufe", "kasse", "bestell", "bezahl", "buy"]),
    (Activity::Cart, &["cart", "warenk", "basket", "einkaufsw", "einkaufsk"]),
    (Activity::Browse, &["brows", "stöber", "katalog", "catalog", "umsehen"]),
    (Activity::Read, &["reads", "lesezugriff", "lesevorg", "lesend"]),
    (Activity::Write, &["writes", "schreibzugriff", "schreibvorg", "schreibend"]),
    (Activity::Graphql, &["graphql"]),
    (Activity::Upload, &["upload", "hochlad", "hochgelad"]),
    (Activity::Feed, &["timeline", "newsfeed"]),
    (Activity::Webhook, &["webhook"]),
    (Activity::Transfer, &["transfer", "überweis", "ueberweis"]),
];
/// Words that begin like one and are none.
const NOT: &[&str] = &[
    "bestellt",
    "researched",
    "such",
    "käufer",
    "käufern",
    "buyer",
    "buyers",
    "transferred",
    "bestellnummer",
    "browser",
    "browsers",
    "kaufmann",
    "searched",
];

/// The activity that a word stands for.
pub(super) fn of_word(word: &str) -> Option<Activity> {
    if NOT.contains(&word) {
        return None;
    }
    let begins = |words: &[&str]| words.iter().any(|beginning| word.starts_with(beginning));
    let whole = match word {
        "order" | "orders" | "ordering" | "pay" | "pays" | "paying" | "payment" | "payments" | "zahlen"
        | "zahlt" | "einkaufen" | "einkauf" | "shopping" => Some(Activity::Order),
        "schauen" | "umschauen" | "bummeln" | "surfen" | "durchklicken" | "window-shopping" => {
            Some(Activity::Browse)
        }
        "scroll" | "scrolls" | "scrolling" | "scrollen" | "scrollt" => Some(Activity::Feed),
        "geldtransfer" | "kontotransfer" | "remittance" | "remittances" => Some(Activity::Transfer),
        "feed" | "feeds" => Some(Activity::Feed),
        _ => None,
    };
    whole.or_else(|| WORDS.iter().find(|(_, words)| begins(words)).map(|(activity, _)| *activity))
}

impl Activity {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Search,
        Self::Login,
        Self::Order,
        Self::Cart,
        Self::Browse,
        Self::Read,
        Self::Write,
        Self::Graphql,
        Self::Upload,
        Self::Feed,
        Self::Webhook,
        Self::Transfer,
    ];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Login => "login",
            Self::Order => "order",
            Self::Cart => "cart",
            Self::Browse => "browse",
            Self::Read => "read",
            Self::Write => "write",
            Self::Graphql => "graphql",
            Self::Upload => "upload",
            Self::Feed => "feed",
            Self::Webhook => "webhook",
            Self::Transfer => "transfer",
        }
    }

    /// Whether a name of a request or transaction, or a path, is of this activity.
    #[must_use]
    pub fn names(self, text: &str) -> bool {
        let low = text.to_lowercase();
        let joined = low.replace(['_', ' '], "-");
        let words = low.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let pairs = matches!(self, Self::Order) && joined.contains("check-out")
            || matches!(self, Self::Login)
                && (joined.contains("log-in") || joined.contains("sign-in") || joined.contains("session"));
        let looks = matches!(self, Self::Browse) && low.starts_with("look");
        let fills = matches!(self, Self::Cart) && low == "fill";
        pairs || looks || fills || words.into_iter().any(|word| of_word(word) == Some(self))
    }
}

/// Verbs of what is done in several words, those things, and what it is then.
const PHRASES: &[(Activity, &[&str], &[&str])] = &[
    (
        Activity::Transfer,
        &[
            "send",
            "sends",
            "sending",
            "move",
            "moves",
            "moving",
            "wire",
            "wires",
            "wiring",
            "schicken",
            "schickt",
            "senden",
            "sendet",
            "schieben",
            "schiebt",
            "verschieben",
            "shift",
            "shifting",
        ],
        &["money", "geld", "funds", "cash", "beträge", "betrag", "guthaben"],
    ),
    (
        Activity::Transfer,
        &["account", "konto", "accounts", "konten"],
        &["another", "other", "anderes", "andere", "anderen", "zweites"],
    ),
    (Activity::Login, &["melden", "meldet", "loggen", "loggt"], &["an", "ein"]),
    (Activity::Search, &["look", "looking", "looks"], &["for", "up"]),
    (
        Activity::Browse,
        &["look", "looking", "looks", "click", "clicking", "schauen", "sehen", "klicken"],
        &["around", "um"],
    ),
    (
        Activity::Upload,
        &["laden", "lädt", "send", "schicken", "attach"],
        &["hoch", "files", "dateien", "attachments", "file"],
    ),
];

impl Reader<'_> {
    /// What is done in several words: `sending money`, `melden sich an`.
    fn phrase(&self, at: usize) -> Option<(Activity, usize)> {
        let end = self.clause_end(at).min(at + 6);
        PHRASES.iter().find_map(|(activity, verbs, things)| {
            let thing = (at + 1..end).find(|&other| self.is_word(other, things))?;
            let short = matches!(self.word(thing), "an" | "ein" | "um" | "hoch");
            // German verbs have their other half at the end.
            let last =
                !short || thing + 1 >= self.clause_end(at) || self.is_word(thing + 1, &["und", "oder"]);
            let near = !matches!(self.word(thing), "for" | "up" | "around") || thing == at + 1;
            (self.is_word(at, verbs) && last && near).then_some((*activity, thing + 1))
        })
    }

    /// `reading` beside `writing`, or with a share: alone, people read pages, and write letters.
    fn reads_or_writes(&self, at: usize) -> Option<Activity> {
        const READING: &[&str] = &["reading", "lesen"];
        const WRITING: &[&str] = &["writing", "schreiben"];
        let reads = self.is_word(at, READING);
        let other = if reads { WRITING } else { READING };
        let beside = self.has(0, self.tokens.len(), other)
            || self.quantities.iter().any(|one| {
                matches!(one.kind, super::quantity::Kind::Percent(_) | super::quantity::Kind::Part(_))
                    && one.to <= at
                    && one.to + 2 >= at
            });
        let found = if reads { Activity::Read } else { Activity::Write };
        ((reads || self.is_word(at, WRITING)) && beside).then_some(found)
    }

    /// `einer bestellt`, `jeder Fünfte bestellt`: somebody does it, where elsewhere it was done.
    fn is_done_by_some(&self, at: usize) -> bool {
        let before = at.saturating_sub(3)..at;
        before.clone().any(|at| {
            self.is_word(at, &["einer", "eine", "jeder", "jede", "wer", "niemand", "kunde", "kundin"])
        }) || self.quantities.iter().any(|one| one.to > before.start && one.to <= at)
    }

    /// Finds what people do. In a path or a URL, a word is part of an address.
    pub(super) fn activities(&mut self) {
        for at in 0..self.tokens.len() {
            if self.tokens[at].kind != Kind::Word {
                continue;
            }
            let two =
                |first: &[&str], second: &[&str]| self.is_word(at, first) && self.is_word(at + 1, second);
            let found = if let Some(found) = self.phrase(at) {
                Some(found)
            } else if two(&["log", "sign", "logs", "signs", "logging", "signing"], &["in", "on"]) {
                Some((Activity::Login, at + 2))
            } else if two(&["check"], &["out"]) {
                Some((Activity::Order, at + 2))
            } else if self.word(at) == "bestellt" && self.is_done_by_some(at) {
                Some((Activity::Order, at + 1))
            } else if let Some(activity) = self.reads_or_writes(at) {
                Some((activity, at + 1))
            } else {
                of_word(self.word(at)).map(|activity| (activity, at + 1))
            };
            let Some((activity, to)) = found else { continue };
            self.items.push((at, Item::Activity(activity)));
            if !self.reading.activities.iter().any(|known: &Fact<Activity>| known.value == activity) {
                let fact = self.fact(activity, at, to);
                self.reading.activities.push(fact);
            }
        }
        self.items.sort_by_key(|(at, _)| *at);
    }
}
