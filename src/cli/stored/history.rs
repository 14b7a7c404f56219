//! `maid history`: what has run, from the database.

use clap::{Args, ValueEnum};

use super::with_database;
use crate::{
    auth::DEFAULT_TENANT,
    cli::{error::CliError, exit::Exit, screen::Screen},
    config::Config,
    reports::{
        number::{NOTHING, count, ms, rate, span},
        table::{Cell, Ink, Table},
    },
    runs::{
        dto::HistoryItem,
        history::{Filters, HistoryQuery},
        record::{RunRow, RunStatus},
        store::Store,
    },
};

/// Show what has run, newest first.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid history                                the last 20 runs
  maid history --name checkout -n 5           of tests with this in their name
  maid history --form json | jq '.[0].run_id' for scripts
  maid compare RUN_A RUN_B                    compares two of them by their ids")]
pub(in crate::cli) struct History {
    /// Most runs that are shown
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20,
        value_parser = clap::value_parser!(u16).range(1..=200))]
    limit: u16,
    /// Only runs of tests with this in their name, upper and lower case alike
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Only runs that ended like this, or are still going on; repeatable
    #[arg(long, value_name = "STATUS", value_parser = status)]
    status: Vec<RunStatus>,
    /// What is printed to stdout: a table, or a JSON list and nothing else
    #[arg(long, value_enum, default_value_t = Form::Text, value_name = "FORM")]
    form: Form,
}

/// Form of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
}

impl History {
    pub(in crate::cli) fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        let form = self.form;
        let filtered = self.name.is_some() || !self.status.is_empty();
        let query = HistoryQuery {
            limit: self.limit.into(),
            filters: Filters { status: self.status, name: self.name, ..Filters::default() },
            ..HistoryQuery::default()
        };
        let runs = with_database(config, async |db| Ok(Store::new(db).list(DEFAULT_TENANT, &query).await?))?;
        match form {
            Form::Json => {
                let items: Vec<HistoryItem> = runs.into_iter().map(HistoryItem::from).collect();
                screen.result(&serde_json::to_string(&items).map_err(std::io::Error::from)?)?;
            }
            Form::Text if runs.is_empty() && filtered => screen.note("no run is like that"),
            Form::Text if runs.is_empty() => screen.note("nothing has run yet: `maid run --help` shows how"),
            Form::Text => screen.result(&table(&runs).lines(0, screen.width(), screen.colour).join("\n"))?,
        }
        Ok(Exit::Passed)
    }
}

fn status(text: &str) -> Result<RunStatus, String> {
    let known = RunStatus::ALL.map(RunStatus::as_str).join(", ");
    RunStatus::from_name(text).ok_or_else(|| format!("known are {known}"))
}

fn table(runs: &[RunRow]) -> Table {
    let head = ["test", "run", "began", "ended", "took", "users", "requests", "failed", "rps", "p95"];
    let mut table = Table::new(&head).left(&[1, 2, 3]).spare(&[5, 4, 8, 7, 2, 6]);
    for run in runs {
        let figure = |value: Option<f64>, words: fn(f64) -> String| value.map_or(NOTHING.to_owned(), words);
        let began = run.start_time.unwrap_or(run.created_at);
        table.row(vec![
            Cell::new(
                if run.baseline { format!("{} (baseline)", run.name) } else { run.name.clone() },
                Ink::Bold,
            ),
            Cell::new(run.id.to_string(), Ink::Dim),
            began.strftime("%Y-%m-%d %H:%M").to_string().into(),
            ended(run),
            figure(run.duration_s, span).into(),
            run.users_max.map_or(NOTHING.to_owned(), |users| count(users.into())).into(),
            count(run.requests).into(),
            Cell::new(count(run.failures), if run.failures > 0 { Ink::Bad } else { Ink::Plain }),
            figure(run.rps, rate).into(),
            figure(run.p95_ms, ms).into(),
        ]);
    }
    table
}

fn ended(run: &RunRow) -> Cell {
    let (word, ink) = match (run.status, run.passed) {
        (RunStatus::Completed, Some(false)) => ("thresholds failed", Ink::Bad),
        (RunStatus::Completed, _) if run.thresholds == Some(0) => ("completed", Ink::Plain),
        (RunStatus::Completed, _) => ("passed", Ink::Good),
        (RunStatus::Stopped, _) => ("stopped", Ink::Care),
        (RunStatus::Failed, _) => ("failed", Ink::Bad),
        (RunStatus::Running, _) => ("running", Ink::Care),
        (RunStatus::Queued, _) => ("queued", Ink::Dim),
    };
    Cell::new(word, ink)
}
