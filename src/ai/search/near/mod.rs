//! What goes with something that is there: runs like a run, recipes for a target.

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use uuid::Uuid;

use super::{
    document::{Kind, origin},
    dto::{Recommendation, Recommendations, SearchAnswer},
    error::SearchError,
    fusion::fused,
    meaning::{Embedder, from_bytes},
    service::{Query, Search},
    store::{Looking, Row},
};
use crate::{auth::Principal, db::fulltext::tokens, http::Limit, prompts::viewer};

/// Runs against a target that are looked at, the newest.
const MOST_RUNS: u64 = 200;
/// Runs whose texts tell what a target is asked for.
const MOST_READ: usize = 5;
/// Lines of a run that tell what it is about: its figures do not.
const ABOUT: [&str; 7] = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "HEAD ", "recipe "];
/// Words that most addresses, requests and sentences have: they say nothing of a target.
#[rustfmt::skip]
const SAYING_NOTHING: [&str; 55] = [
    "http", "https", "www", "com", "org", "net", "localhost", "api", "v1", "v2", "html",
    "get", "post", "put", "patch", "delete", "head", "options",
    "test", "tests", "load", "run", "runs", "recipe", "request", "requests", "users", "user",
    "the", "an", "and", "or", "of", "on", "in", "to", "for", "with", "without", "only", "is", "it", "its", "all", "by",
    "from", "at", "as", "not", "no", "be", "are", "that", "this", "one",
];

impl Search {
    /// Runs like the run `id`, the most alike first.
    ///
    /// # Errors
    /// There is no such run that is over, or the database does not answer.
    pub async fn similar(
        &self,
        principal: &Principal,
        id: Uuid,
        limit: Limit,
    ) -> Result<SearchAnswer, SearchError> {
        let model = self.embedder().map_or("", Embedder::name);
        let found = self.store().of_run(&principal.tenant_id, id, model).await?;
        let (row, vector) = found.ok_or(SearchError::NotFound(id))?;
        let looking = Looking { viewer: viewer(principal), kind: Some(Kind::Run) };
        let dims = self.embedder().map_or(0, Embedder::dims);
        let meaning = vector.and_then(|bytes| from_bytes(&bytes, dims)).map(Arc::from);
        let query = match meaning {
            Some(meaning) => {
                let asked = crate::db::fulltext::Asked::of(&about(&row));
                Query { asked, meaning: Some(meaning), degraded: None }
            }
            None => self.query(&about(&row)).await,
        };
        let mut found = self.found(&looking, &query, row.id).await?;
        found.truncate(limit.get());
        let items = self.hits(&looking, &found, query.asked.as_ref()).await?;
        Ok(SearchAnswer { items, next_cursor: None, degraded: query.degraded.map(str::to_owned) })
    }

    /// Recipes for the target `host`, best first.
    ///
    /// # Errors
    /// It is no URL, or the database does not answer.
    pub async fn recommend(
        &self,
        principal: &Principal,
        host: &str,
        limit: Limit,
    ) -> Result<Recommendations, SearchError> {
        let target = origin(host).ok_or_else(|| SearchError::Query {
            path: "host",
            message: "must be a URL with a host, such as http://127.0.0.1:8080".to_owned(),
        })?;
        let looking = Looking { viewer: viewer(principal), kind: Some(Kind::Recipe) };
        let runs = self.store().against(&principal.tenant_id, &target, MOST_RUNS).await?;
        let used = used(runs.iter().map(|(_, recipe, passed)| (recipe.as_deref(), *passed)));
        let read: Vec<i64> = runs.iter().take(MOST_READ).map(|(id, ..)| *id).collect();
        let of_runs = Looking { kind: Some(Kind::Run), ..looking.clone() };
        let read = self.store().get(&of_runs, &read).await?;
        let words = words_of(host, &read);
        let (query, by_words) = self.look(&looking, &words.join(" ")).await?;
        let rows =
            self.store().get(&looking, &by_words.iter().map(|one| one.what).collect::<Vec<_>>()).await?;
        let rows: HashMap<i64, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
        let by_words: Vec<String> =
            by_words.iter().filter_map(|one| Some(rows.get(&one.what)?.ref_id.clone())).collect();
        let by_use: Vec<String> = used.iter().map(|(id, ..)| id.clone()).collect();
        let titles = self.store().recipes(&looking, &by_use).await?;
        let known: HashMap<&str, &Row> =
            titles.iter().chain(rows.values()).map(|row| (row.ref_id.as_str(), row)).collect();
        let items = fused(&[by_use, by_words]).into_iter().filter_map(|one| {
            let row = known.get(one.what.as_str())?;
            let runs = used.iter().find(|(id, ..)| *id == one.what);
            let because = runs.map(|(_, runs, passed)| ran(*runs, *passed)).into_iter();
            let because = because.chain(shared(row, &words)).collect();
            Some(Recommendation { recipe_id: one.what, title: row.title.clone(), because })
        });
        Ok(Recommendations {
            runs: runs.len(),
            items: items.take(limit.get()).collect(),
            target,
            degraded: query.degraded.map(str::to_owned),
        })
    }
}

/// What a run is about: its name, its target, its requests.
fn about(row: &Row) -> String {
    let lines = row
        .body
        .lines()
        .filter(|line| ABOUT.iter().any(|begin| line.starts_with(begin)) || line.contains("://"));
    std::iter::once(row.title.as_str()).chain(lines).collect::<Vec<_>>().join("\n")
}

/// Recipes with how often they were run and how often that passed, the most often first.
fn used<'a>(runs: impl Iterator<Item = (Option<&'a str>, Option<bool>)>) -> Vec<(String, usize, usize)> {
    let mut used: Vec<(String, usize, usize)> = Vec::new();
    for (recipe, passed) in runs.filter_map(|(recipe, passed)| Some((recipe?, passed == Some(true)))) {
        let place = used.iter().position(|(id, ..)| id == recipe).unwrap_or_else(|| {
            used.push((recipe.to_owned(), 0, 0));
            used.len() - 1
        });
        used[place].1 += 1;
        used[place].2 += usize::from(passed);
    }
    // Stable: of equal ones the one that ran last comes first.
    used.sort_by_key(|(_, runs, _)| Reverse(*runs));
    used
}

/// The words of an address, and those that runs against it have requested.
fn words_of(host: &str, runs: &[Row]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let requested = runs.iter().map(about).collect::<Vec<_>>().join("\n");
    for token in tokens(host).chain(tokens(&requested)) {
        let word = token.word.as_str();
        let says = word.chars().nth(1).is_some()
            && word.chars().any(char::is_alphabetic)
            && !SAYING_NOTHING.contains(&word);
        if says && !words.contains(&token.word) {
            words.push(token.word);
        }
    }
    words
}

fn ran(runs: usize, passed: usize) -> String {
    match runs {
        1 => format!(
            "one run of it against this target, {}",
            if passed == 1 { "passed" } else { "not passed" }
        ),
        _ => format!("{runs} runs of it against this target, {passed} of them passed"),
    }
}

/// Which of the words a recipe has.
fn shared(row: &Row, words: &[String]) -> Option<String> {
    let text = format!("{}\n{}", row.title, row.body);
    let has: std::collections::HashSet<String> = tokens(&text).map(|token| token.word).collect();
    let shared: Vec<&str> =
        words.iter().filter(|word| has.contains(*word)).map(String::as_str).take(5).collect();
    (!shared.is_empty()).then(|| {
        format!("it has words of this target and of what was requested there: {}", shared.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ran_most_often_comes_first() {
        let runs = [
            (Some("load"), Some(true)),
            (None, Some(true)),
            (Some("spike"), None),
            (Some("spike"), Some(true)),
        ];
        assert_eq!(used(runs.into_iter()), [("spike".to_owned(), 2, 1), ("load".to_owned(), 1, 1)]);
    }

    #[test]
    fn words_that_all_addresses_have_say_nothing() {
        let run = Row {
            id: 1,
            kind: Kind::Run,
            ref_id: String::new(),
            at: None,
            title: "Nightly".to_owned(),
            body: "completed passed\n12 requests, p95 3 ms\nPOST /cart put".to_owned(),
        };
        let words = words_of("https://www.shop.example.com:8443/search?q=1", &[run]);
        assert_eq!(words, ["shop", "example", "search", "nightly", "cart"]);
    }
}
