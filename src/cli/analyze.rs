//! `maid analyze`: what a run shows, as a colleague would tell it.

use std::path::PathBuf;

use clap::Args;
use console::Style;

use super::{error::CliError, exit::Exit, results::Form, screen::Screen, stored::Which};
use crate::{
    analyst::{analyse, of, plain},
    config::Config,
    engine::outcome::Outcome,
    reports::{self, text},
};

/// Say what a run shows: what is wrong, how sure that is, and what to run next.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid analyze 01993c6e-...                        a run of `maid history`, compared with earlier ones
  maid analyze data/reports/RUN_ID.json            the report that a run left
  maid analyze after.json --before before.json     compared with another run of the same test
  maid analyze after.json --summary json           every figure, for scripts

What is found, and how, is in docs/analyst.md.")]
pub(super) struct Analyze {
    /// The run: its id in the history, or its JSON report
    #[arg(value_name = "RUN")]
    run: Which,
    /// JSON report of an earlier run of the same test, to compare with; repeatable, the newest first
    #[arg(long, value_name = "FILE")]
    before: Vec<PathBuf>,
    /// What is printed to stdout: text, one JSON object and nothing else, or nothing
    #[arg(long, value_enum, default_value_t = Form::Text, value_name = "FORM")]
    summary: Form,
}

impl Analyze {
    /// `config` is only asked for where the run is in the database.
    pub(super) fn execute(
        &self,
        config: impl Fn() -> Result<Config, CliError>,
        screen: &Screen,
    ) -> Result<Exit, CliError> {
        let mut outcome = self.run.analysed(config)?;
        if !self.before.is_empty() {
            let earlier =
                self.before.iter().map(|path| reports::read(path)).collect::<Result<Vec<_>, _>>()?;
            outcome.analysis = Some(analyse(&outcome, &earlier));
        }
        let analysis = of(&outcome);
        match self.summary {
            Form::Text => screen.result(&told(&outcome, screen))?,
            Form::Json => screen.result(&serde_json::to_string(&*analysis).map_err(std::io::Error::from)?)?,
            Form::None => {}
        }
        Ok(Exit::Passed)
    }
}

/// The findings in paragraphs that fit the screen.
fn told(outcome: &Outcome, screen: &Screen) -> String {
    let (analysis, width) = (of(outcome), screen.width());
    let name = text::cut(&outcome.name, width);
    let mut told =
        if screen.colour { Style::new().bold().force_styling(true).apply_to(name).to_string() } else { name };
    told.push('\n');
    for paragraph in
        plain(&analysis).split("\n\n").map(str::to_owned).chain(analysis.not_judged.iter().cloned())
    {
        told.push('\n');
        for line in text::wrap(&paragraph, width) {
            told.push_str(&line);
            told.push('\n');
        }
    }
    told
}
