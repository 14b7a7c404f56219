//! From the parameters of the history to a page of it.

use super::{
    dto::HistoryParams,
    history::{Direction, Filters, HistoryQuery, Position, SortKey},
    record::{RunRow, RunStatus},
};
use crate::{
    http::{Code, FieldError, Limit, List, Page, Problem},
    loadtest::nearest::nearest,
};

/// What a list may be sorted by, as it is written.
const KEYS: [(&str, SortKey); 9] = [
    ("created_at", SortKey::Created),
    ("started_at", SortKey::StartTime),
    ("name", SortKey::Name),
    ("status", SortKey::Status),
    ("duration_s", SortKey::Duration),
    ("requests", SortKey::Requests),
    ("failures", SortKey::Failures),
    ("p95_ms", SortKey::P95),
    ("rps", SortKey::Rps),
];

/// A page of the history that is asked for.
pub struct Listing {
    list: List,
    limit: Limit,
    query: HistoryQuery,
}

impl HistoryParams {
    /// The page that is asked for.
    ///
    /// # Errors
    /// A parameter is none, or the cursor belongs to another list.
    pub fn listing(self) -> Result<Listing, Problem> {
        let sort = match &self.sort {
            Some(text) => sort(text)?,
            None => (SortKey::default(), Direction::default()),
        };
        let filters = Filters {
            status: self.status.as_deref().map(statuses).transpose()?.unwrap_or_default(),
            name: self.name,
            recipe_id: self.recipe_id,
            owner: self.owner,
            since: self.since,
            until: self.until,
            passed: self.passed,
            baseline: self.baseline,
        };
        let list = List::new("history", &sort, &filters);
        let after = self.cursor.map(|cursor| list.position::<Position>(&cursor)).transpose()?;
        // One more than asked for shows whether there are more.
        let limit = u32::try_from(self.limit.get()).unwrap_or(u32::MAX).saturating_add(1);
        Ok(Listing { list, limit: self.limit, query: HistoryQuery { limit, sort, after, filters } })
    }
}

impl Listing {
    /// What the database is asked.
    #[must_use]
    pub const fn query(&self) -> &HistoryQuery {
        &self.query
    }

    /// The page of what it answered.
    #[must_use]
    pub fn page(&self, found: Vec<RunRow>) -> Page<RunRow> {
        Page::of(found, self.limit, &self.list, |row| row.position(self.query.sort.0))
    }
}

fn sort(text: &str) -> Result<(SortKey, Direction), Problem> {
    let (name, direction) = match text.strip_prefix('-') {
        Some(name) => (name, Direction::Desc),
        None => (text, Direction::Asc),
    };
    match KEYS.iter().find(|(known, _)| *known == name) {
        Some((_, key)) => Ok((*key, direction)),
        None => Err(unknown("sort", name, KEYS.iter().map(|(known, _)| *known))),
    }
}

fn statuses(text: &str) -> Result<Vec<RunStatus>, Problem> {
    let known = || RunStatus::ALL.iter().map(|status| status.as_str());
    text.split(',')
        .map(|name| RunStatus::from_name(name).ok_or_else(|| unknown("status", name, known())))
        .collect()
}

fn unknown<'a>(path: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Problem {
    let meant = nearest(name, known.clone()).map(|near| format!(", did you mean `{near}`?"));
    let message = format!(
        "is not known{} Known are {}",
        meant.unwrap_or_else(|| ".".to_owned()),
        known.collect::<Vec<_>>().join(", ")
    );
    wrong(path, message)
}

fn wrong(path: &str, message: String) -> Problem {
    Problem::new(Code::BadQuery, format!("{path} {message}"))
        .with_errors([FieldError { path: path.to_owned(), message }])
}
