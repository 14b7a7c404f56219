//! `maid compare`: two runs side by side.

use clap::Args;

use super::{error::CliError, exit::Exit, flags::percent, results::Form, screen::Screen, stored::Which};
use crate::{
    config::Config,
    reports::compare::{Comparison, Regression, compare},
};

/// Compare two runs, and tell what is beyond noise.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid compare data/reports/BEFORE.json data/reports/AFTER.json
  maid compare before.json after.json --max-regression 10%     exit code 99 when it is worse
  maid compare 01993c6e-... 01993c71-...                       two runs of `maid history`

Percentiles, averages and error rates count as changed when a test at 1 % says so; see docs/tuning.md.")]
pub(super) struct Compare {
    /// The run that is compared with, the older one: its id in the history, or its JSON report
    #[arg(value_name = "RUN_A")]
    before: Which,
    /// The run that is compared, the newer one
    #[arg(value_name = "RUN_B")]
    after: Which,
    /// End with 99 when a measure of B is worse by more than this and beyond noise
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    max_regression: Option<f64>,
    /// What is printed to stdout: tables, one JSON object and nothing else, or nothing
    #[arg(long, value_enum, default_value_t = Form::Text, value_name = "FORM")]
    summary: Form,
}

impl Compare {
    /// `config` is only asked for where a run is in the database.
    pub(super) fn execute(
        &self,
        config: impl Fn() -> Result<Config, CliError>,
        screen: &Screen,
    ) -> Result<Exit, CliError> {
        let (before, after) = (self.before.outcome(&config)?, self.after.outcome(&config)?);
        let comparison = compare(&before, &after, self.max_regression)?;
        match self.summary {
            Form::Text => screen.result(&comparison.to_text(screen.colour, screen.width()))?,
            Form::Json => {
                screen.result(&serde_json::to_string(&comparison).map_err(std::io::Error::from)?)?;
            }
            Form::None => {}
        }
        if comparison.regressions.is_empty() {
            return Ok(Exit::Passed);
        }
        screen.say(&last_words(&comparison));
        Ok(Exit::ThresholdFailed)
    }
}

fn last_words(comparison: &Comparison) -> String {
    let named = |regression: &Regression| match regression.request.as_str() {
        "" => regression.measure.to_string(),
        request => format!("{}{{{request}}}", regression.measure),
    };
    let all: Vec<String> = comparison.regressions.iter().map(named).collect();
    let allowed = comparison.max_regression.unwrap_or_default() * 100.0;
    format!(
        "B is worse than A by more than {allowed} % and beyond noise: {}; run B again before you act on it",
        all.join(", ")
    )
}
