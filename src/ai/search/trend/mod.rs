//! How a test has changed: a question is read by its words, and answered from stored runs by the statistics of
//! [`crate::reports::compare`]. No figure comes from anywhere else, and where there is not enough to tell, the
//! answer says what is missing.

mod answer;
mod reading;
mod subject;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::Serialize;
use tokio::task::spawn_blocking;
use utoipa::ToSchema;
use uuid::Uuid;

pub use self::reading::Measured;
use self::{
    answer::{Figures, answer},
    reading::{Before, Reading, read},
    subject::Subject,
};
use super::{
    error::SearchError,
    service::{Search, asked_for},
};
use crate::{
    auth::Principal,
    reports::compare::{Comparison, Measure, MeasureName, compare},
    runs::{
        history::{Filters, HistoryQuery},
        record::{RunRow, RunStatus},
        store::Store,
    },
};

/// Runs that are looked at, the newest.
const MOST_RUNS: u32 = 500;
/// Runs of the time before whose figures are shown and counted.
const MOST_BEFORE: usize = 20;

/// What the runs say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TrendVerdict)]
pub enum Verdict {
    /// Slower, more errors, or fewer requests per second.
    Worse,
    /// Faster, fewer errors, or more requests per second.
    Better,
    /// No change that is more than noise.
    Same,
    /// There are figures, and no test that says whether they differ by more than noise.
    Untested,
    /// There is not enough to tell.
    NotEnough,
}

/// The answer to a question about a trend.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TrendAnswer)]
pub struct Trend {
    /// The answer, in the language of the question.
    #[schema(
        example = "POST /checkout is slower: p95 412 ms, and 230 ms before (+79 %). That is more than noise."
    )]
    pub answer: String,
    /// What the runs say.
    pub verdict: Verdict,
    /// What was compared.
    pub measure: Measured,
    /// The test whose runs were compared; null where none was found.
    pub test: Option<String>,
    /// The request whose figures were compared; null for all together.
    pub request: Option<String>,
    /// The begin of the time that was compared with; null for the run before, or the baseline.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// The end of that time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// The value before, in ms, as a share of 0 to 1, or in requests per second.
    pub before: Option<f64>,
    /// The value of the newest run.
    pub now: Option<f64>,
    /// The change as a share of the value before.
    pub change: Option<f64>,
    /// The runs that the answer was made from, the newest first.
    pub runs: Vec<TrendRun>,
    /// What should be known beside it, a sentence each: why runs may not be comparable, what else was meant.
    pub notes: Vec<String>,
}

/// A run that an answer was made from.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TrendRun {
    /// Id of the run.
    pub run_id: Uuid,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Its value.
    pub value: Option<f64>,
    /// Whether it is the newest one, which the others are compared with.
    pub newest: bool,
}

impl Search {
    /// The answer to a question about a trend.
    ///
    /// # Errors
    /// There is no word in it, or the database does not answer.
    pub async fn trend(&self, principal: &Principal, question: &str) -> Result<Trend, SearchError> {
        let reading = read(&asked_for(question)?, Timestamp::now());
        let runs = Runs { store: Store::new(self.store().db().clone()), tenant: &principal.tenant_id };
        let rows = runs.newest().await?;
        let Some(subject) = Subject::of(&runs, &rows, &reading.subject).await? else {
            return Ok(answer(&reading, None, Figures::default()));
        };
        let of_test: Vec<&RunRow> = rows.iter().filter(|row| row.name == subject.test).collect();
        let older: Vec<&RunRow> = match (of_test.split_first(), reading.before) {
            (Some((_, older)), Before::Run) => older.iter().take(1).copied().collect(),
            (Some((newest, _)), Before::Baseline) => {
                of_test.iter().filter(|row| row.baseline && row.id != newest.id).take(1).copied().collect()
            }
            (Some((newest, older)), Before::Between(from, until)) if began(newest) >= until => {
                let within = |row: &&&RunRow| (from..until).contains(&began(row));
                older.iter().filter(within).take(MOST_BEFORE).copied().collect()
            }
            _ => Vec::new(),
        };
        let figures = match (of_test.first(), older.is_empty()) {
            (Some(newest), false) => runs.figures(&reading, &subject, newest, &older).await?,
            (newest, _) => Figures { newest: newest.map(|row| began(row)), ..Figures::default() },
        };
        Ok(answer(&reading, Some(subject), figures))
    }
}

/// The runs of a tenant.
struct Runs<'a> {
    store: Store,
    tenant: &'a str,
}

impl Runs<'_> {
    /// The newest that went to their end.
    async fn newest(&self) -> Result<Vec<RunRow>, SearchError> {
        let filters = Filters {
            status: vec![RunStatus::Completed, RunStatus::Stopped, RunStatus::Failed],
            ..Filters::default()
        };
        let query = HistoryQuery { limit: MOST_RUNS, filters, ..HistoryQuery::default() };
        let rows = self.store.list(self.tenant, &query).await?;
        Ok(rows.into_iter().filter(|row| row.requests > 0).collect())
    }

    /// Names of the requests of a run.
    async fn requests(&self, id: Uuid) -> Result<Vec<String>, SearchError> {
        let run = self.store.get(self.tenant, id).await?;
        let summary = run.and_then(|run| run.metrics);
        Ok(summary.map_or_else(Vec::new, |all| all.by_request.into_iter().map(|one| one.name).collect()))
    }

    async fn figures(
        &self,
        reading: &Reading,
        subject: &Subject,
        newest: &RunRow,
        older: &[&RunRow],
    ) -> Result<Figures, SearchError> {
        let of = |id| self.store.outcome(self.tenant, id);
        let Some(after) = of(newest.id).await? else {
            return Ok(Figures { newest: Some(began(newest)), ..Figures::default() });
        };
        let (name, request) = (measure_name(reading.measure), subject.request.clone());
        let mut figures = Figures { newest: Some(began(newest)), ..Figures::default() };
        let after = std::sync::Arc::new(after);
        for row in older {
            let Some(before) = of(row.id).await? else { continue };
            let (after, request) = (std::sync::Arc::clone(&after), request.clone());
            let compared = spawn_blocking(move || {
                let comparison = compare(&before, &after, None)?;
                let found = measure(&comparison, request.as_deref(), name).cloned();
                Ok::<_, crate::reports::ReportError>((found, comparison.notes))
            });
            let (found, notes) = compared.await??;
            let Some(found) = found else { continue };
            if figures.compared.is_empty() {
                figures.notes = notes;
                figures.runs.push(shown(newest, Some(found.b), true));
            }
            figures.runs.push(shown(row, Some(found.a), false));
            figures.compared.push(found);
        }
        Ok(figures)
    }
}

fn shown(row: &RunRow, value: Option<f64>, newest: bool) -> TrendRun {
    TrendRun { run_id: row.id, at: began(row), value, newest }
}

fn began(row: &RunRow) -> Timestamp {
    row.start_time.unwrap_or(row.created_at)
}

const fn measure_name(measure: Measured) -> MeasureName {
    match measure {
        Measured::P50 => MeasureName::P50,
        Measured::P95 => MeasureName::P95,
        Measured::P99 => MeasureName::P99,
        Measured::ErrorRate => MeasureName::ErrorRate,
        Measured::Rps => MeasureName::Rps,
    }
}

fn measure<'a>(comparison: &'a Comparison, request: Option<&str>, name: MeasureName) -> Option<&'a Measure> {
    let of = match request {
        Some(request) => comparison.by_request.iter().find(|one| one.name == request)?,
        None => &comparison.total,
    };
    let counted = of.requests.iter().all(|requests| *requests > 0);
    of.measures.iter().find(|measure| measure.name == name).filter(|_| counted)
}
