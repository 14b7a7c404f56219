//! What a question is about: a test, and perhaps one of its requests.

use super::{Runs, SearchError};
use crate::{
    db::fulltext::{Asked, tokens},
    runs::record::RunRow,
};

/// Tests that are looked at, those that ran last.
const MOST_TESTS: usize = 50;

/// Words that mean the same in English and in German, as requests are named.
const SAME: [&[&str]; 12] = [
    &["search", "suche", "suchen"],
    &["checkout", "kasse", "kauf", "buy", "purchase", "bestellung", "order"],
    &["cart", "basket", "warenkorb"],
    &["login", "signin", "anmeldung", "anmelden"],
    &["logout", "abmeldung", "abmelden"],
    &["product", "produkt", "artikel"],
    &["payment", "pay", "zahlung", "bezahlen", "bezahlung"],
    &["home", "start", "startseite", "front"],
    &["profile", "profil", "account", "konto"],
    &["list", "liste"],
    &["upload", "hochladen"],
    &["download", "herunterladen"],
];

/// What a question is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The test.
    pub test: String,
    /// The request; None for all of the test.
    pub request: Option<String>,
    /// Other requests of the test that fit as well.
    pub also: Vec<String>,
    /// Other tests that fit as well.
    pub other_tests: Vec<String>,
}

impl Subject {
    /// What the words `asked` are about, of `rows` with the newest first. Without words it is the test that ran
    /// last. None where nothing fits.
    pub(super) async fn of(
        runs: &Runs<'_>,
        rows: &[RunRow],
        asked: &[String],
    ) -> Result<Option<Self>, SearchError> {
        let mut tests: Vec<&RunRow> = Vec::new();
        for row in rows {
            if tests.len() < MOST_TESTS && tests.iter().all(|known| known.name != row.name) {
                tests.push(row);
            }
        }
        let mut found: Option<Self> = None;
        for row in tests {
            let requests = if asked.is_empty() { Vec::new() } else { runs.requests(row.id).await? };
            let Some(fits) = fitting(&row.name, requests, asked) else { continue };
            match &mut found {
                None => found = Some(fits),
                Some(found) if !asked.is_empty() => found.other_tests.push(fits.test),
                Some(_) => break,
            }
        }
        Ok(found)
    }
}

/// What of a test the words are about: the request that has all of them that the name of the test has not.
fn fitting(test: &str, requests: Vec<String>, asked: &[String]) -> Option<Subject> {
    let whole = |also| Subject { test: test.to_owned(), request: None, also, other_tests: Vec::new() };
    if asked.is_empty() {
        return Some(whole(Vec::new()));
    }
    let all_in = |name: &str| asked.iter().all(|word| has(name, word));
    let with_test: Vec<String> = requests
        .into_iter()
        .filter(|name| {
            asked.iter().any(|word| has(name, word))
                && asked.iter().all(|word| has(name, word) || has(test, word))
        })
        .collect();
    match with_test.split_first() {
        Some((first, also)) => Some(Subject { request: Some(first.clone()), ..whole(also.to_vec()) }),
        None => all_in(test).then(|| whole(Vec::new())),
    }
}

/// Whether a name has a word, or one that means the same, or one that begins with it.
fn has(name: &str, word: &str) -> bool {
    let same = SAME.iter().find(|same| same.contains(&word)).copied().unwrap_or_default();
    let meant = std::iter::once(word).chain(same.iter().copied());
    let asked: Vec<Asked> = meant.filter_map(Asked::of).collect();
    tokens(name).any(|token| asked.iter().any(|asked| asked.takes(&token.word)))
}
#[cfg(test)]
mod tests {
    use super::*;

    fn of(test: &str, requests: &[&str], asked: &[&str]) -> Option<(Option<String>, Vec<String>)> {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        fitting(test, owned(requests), &owned(asked)).map(|found| (found.request, found.also))
    }

    #[test]
    fn a_request_is_found_by_its_words_in_both_languages() {
        let requests = ["GET /search", "POST /cart", "POST /checkout"];
        assert_eq!(of("Shop", &requests, &["suche"]), Some((Some("GET /search".into()), vec![])));
        assert_eq!(of("Shop", &requests, &["warenkorb", "shop"]), Some((Some("POST /cart".into()), vec![])));
        assert_eq!(
            of("Shop", &requests, &["post"]),
            Some((Some("POST /cart".into()), vec!["POST /checkout".into()]))
        );
        assert_eq!(of("Shop", &requests, &["shop"]), Some((None, vec![])));
        assert_eq!(of("Shop", &requests, &["bank"]), None);
        assert_eq!(of("Shop", &[], &[]), Some((None, vec![])));
    }
}
