//! Puts the prompts of a half through the generator, and counts.

use std::fmt;

use super::{
    Mode,
    case::Case,
    score::{FIELDS, Verdict, score},
};
use crate::{
    ai::generator::{
        Ask, GenerateError, Generated,
        choice::open_reading,
        draft::{Known, Provenance, Source, draft},
        dto::{Engine, Usage},
        service::{Models, built_in, finished, generate},
    },
    recipes::library::Library,
};

/// How the prompts of a half came out.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// For each of [`FIELDS`], how many were right, and of how many.
    pub right: [(usize, usize); FIELDS.len()],
    /// Hosts and numbers that nobody has said.
    pub invented: usize,
    /// Prompts that are not wholly right.
    pub wrong: Vec<Verdict>,
    /// Prompts.
    pub prompts: usize,
    /// Times of the generator in milliseconds, in order of size.
    pub millis: Vec<f64>,
}

/// Measures.
///
/// # Errors
/// A text is not read, or there is no model to measure.
pub async fn evaluate(cases: Vec<Case>, mode: Mode, models: Models<'_>) -> Result<Report, EvalError> {
    let known = built_in(&Library::built_in());
    let mut report = Report::default();
    for case in cases {
        let began = std::time::Instant::now();
        let made = made(&case, mode, models, &known).await?;
        report.millis.push(began.elapsed().as_secs_f64() * 1e3);
        let verdict = score(&case, &made);
        for (sum, right) in report.right.iter_mut().zip(verdict.right) {
            sum.0 += usize::from(right == Some(true));
            sum.1 += usize::from(right.is_some());
        }
        report.invented += verdict.invented.len();
        report.prompts += 1;
        if !verdict.wrong.is_empty() || !verdict.invented.is_empty() {
            report.wrong.push(verdict);
        }
    }
    report.millis.sort_by(f64::total_cmp);
    Ok(report)
}

/// Why nothing is measured.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// A text is not read.
    #[error("{0}")]
    Generate(#[from] GenerateError),
    /// There is no model to measure.
    #[error("there is no model: `--engine {0}` measures one, `--engine reader` needs none")]
    NoModel(&'static str),
}

async fn made(case: &Case, mode: Mode, models: Models<'_>, known: &[Known]) -> Result<Generated, EvalError> {
    let any = models.filler.is_some() || models.nearest.is_some() || models.teller.is_some();
    match (mode, models.filler) {
        (Mode::Reader, _) => Ok(turns(case, known, Models::default()).await?),
        (Mode::Both, _) if any => Ok(turns(case, known, models).await?),
        (Mode::Model, Some(filler)) => {
            let reading = open_reading(filler, &case.said()).await.unwrap_or_default();
            let engine = Engine::of(Some(filler.name()), false, None, Vec::new());
            let usage = Usage::default();
            Ok(finished(draft(&reading, None), Vec::new(), engine, usage))
        }
        (Mode::Both, _) => Err(EvalError::NoModel("both")),
        (Mode::Model, None) => Err(EvalError::NoModel("model")),
    }
}

/// What comes of all that was said.
async fn turns(case: &Case, known: &[Known], models: Models<'_>) -> Result<Generated, GenerateError> {
    let Some(previous) = &case.previous else {
        let ask = Ask { text: case.text.clone(), previous: None };
        return generate(ask, known, models, &|_| ()).await;
    };
    let first = Ask { text: previous.clone(), previous: None };
    let before = generate(first, known, models, &|_| ()).await?;
    let then = Ask { text: case.text.clone(), previous: Some(before.loadtest.clone()) };
    let mut made = generate(then, known, models, &|_| ()).await?;
    made.provenance.extend(still_there(&before, &made));
    made.recipe = made.recipe.take().or(before.recipe);
    Ok(made)
}

/// What the first text says and the second one has left as it was: the generator itself calls all of it `previous`.
fn still_there(before: &Generated, after: &Generated) -> Vec<Provenance> {
    let said = |one: &&Provenance| matches!(one.source, Source::Text | Source::Model);
    let kept = |one: &Provenance| {
        let mut one = one.clone();
        let value = before.document.pointer(&one.path)?;
        let rules = after.loadtest.thresholds.iter();
        if one.path.starts_with("/thresholds/") {
            one.path = format!("/thresholds/{}", rules.clone().position(|rule| value == rule)?);
        }
        (after.document.pointer(&one.path) == Some(value)).then_some(one)
    };
    before.provenance.iter().filter(said).filter_map(kept).collect()
}

impl Report {
    /// The share that is right of a field, in percent.
    #[must_use]
    pub fn percent(&self, field: usize) -> f64 {
        let (right, all) = self.right[field];
        #[expect(clippy::cast_precision_loss, reason = "some hundreds")]
        let percent = if all == 0 { 100.0 } else { right as f64 * 100.0 / all as f64 };
        percent
    }

    fn millis_at(&self, part: usize) -> f64 {
        let last = self.millis.len().saturating_sub(1);
        self.millis.get(self.millis.len() * part / 100).or(self.millis.get(last)).copied().unwrap_or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, field) in FIELDS.iter().enumerate() {
            let (right, all) = self.right[index];
            writeln!(f, "  {field:<11} {:>5.1} %   {right:>3} of {all}", self.percent(index))?;
        }
        writeln!(f, "  invented    {:>5}     hosts and numbers that nobody has said", self.invented)?;
        write!(
            f,
            "  time        {:>5.1} ms  p50, {:.1} ms p95, {} prompts",
            self.millis_at(50),
            self.millis_at(95),
            self.prompts
        )
    }
}
