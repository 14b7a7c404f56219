//! `maid audit`: who did what, from the database.

use std::{fs::File, io::Write, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use tokio::runtime::Handle;

use super::with_database;
use crate::{
    audit::{
        Action, Audit as Log, AuditEntry, Outcome, Verdict, Witness,
        chain::Entry,
        key,
        reading::{AuditQuery, Filters},
    },
    auth::{DEFAULT_TENANT, Principal},
    cli::{error::CliError, exit::Exit, screen::Screen},
    config::Config,
    reports::{
        number::{NOTHING, count},
        table::{Cell, Ink, Table},
    },
};

/// Show who did what, and check that nobody has changed the record of it.
#[derive(Args, Debug)]
pub(in crate::cli) struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    List(List),
    Verify(Verify),
    Export(Export),
}

/// Show the last entries, newest first.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid audit list                              the last 20 entries
  maid audit list --action config.change       who changed the configuration
  maid audit list --target RUN_ID --form json  what became of a run, for scripts")]
struct List {
    /// Most entries that are shown
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20,
        value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// Only entries of this action, such as test.start
    #[arg(long, value_name = "ACTION", value_parser = action)]
    action: Option<Action>,
    /// Only entries that came out like this: done, denied or failed
    #[arg(long, value_name = "OUTCOME", value_parser = outcome)]
    outcome: Option<Outcome>,
    /// Only entries of this principal
    #[arg(long, value_name = "ID")]
    actor: Option<String>,
    /// Only entries about this, such as the id of a run
    #[arg(long, value_name = "ID")]
    target: Option<String>,
    /// What is printed to stdout: a table, or a JSON list and nothing else
    #[arg(long, value_enum, default_value_t = Form::Text, value_name = "FORM")]
    form: Form,
}

/// Check every entry from the first to the last. Exits with 1 when one is not what was written.
#[derive(Args, Debug)]
struct Verify {
    /// What is printed to stdout: words, or a JSON object and nothing else
    #[arg(long, value_enum, default_value_t = Form::Text, value_name = "FORM")]
    form: Form,
}

/// Write all entries with their seals as JSON lines. That it was done is in the log.
#[derive(Args, Debug)]
struct Export {
    /// File to write; stdout when it is left out
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Form of what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
}

impl Audit {
    pub(in crate::cli) fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        // Before the database is looked at: without the key nothing can be said of it.
        let key = key(config)?;
        with_database(config, async |db| {
            let log = Log::start(db, key, &Handle::current());
            match self.command {
                Command::List(list) => list.execute(&log, screen).await,
                Command::Verify(verify) => verify.execute(&log, screen).await,
                Command::Export(export) => export.execute(&log, screen).await,
            }
        })
    }
}

impl List {
    async fn execute(self, log: &Log, screen: &Screen) -> Result<Exit, CliError> {
        let form = self.form;
        let filters = Filters {
            action: self.action,
            outcome: self.outcome,
            actor: self.actor,
            target: self.target,
            ..Filters::default()
        };
        let query = AuditQuery { limit: self.limit.into(), before: None, filters };
        let entries = log.entries(DEFAULT_TENANT, &query).await?;
        match form {
            Form::Json => {
                let items: Vec<AuditEntry> = entries.into_iter().map(AuditEntry::from).collect();
                screen.result(&serde_json::to_string(&items).map_err(std::io::Error::from)?)?;
            }
            Form::Text if entries.is_empty() => screen.note("there is no such entry"),
            Form::Text => {
                screen.result(&table(&entries).lines(0, screen.width(), screen.colour).join("\n"))?
            }
        }
        Ok(Exit::Passed)
    }
}

impl Verify {
    async fn execute(self, log: &Log, screen: &Screen) -> Result<Exit, CliError> {
        let verdict = log.verify(None).await?;
        match self.form {
            Form::Json => {
                screen.result(&serde_json::to_string(&verdict).map_err(std::io::Error::from)?)?;
            }
            Form::Text => screen.result(&told(&verdict))?,
        }
        Ok(if verdict.sound { Exit::Passed } else { Exit::Other })
    }
}

impl Export {
    async fn execute(self, log: &Log, screen: &Screen) -> Result<Exit, CliError> {
        let mut file = match &self.output {
            Some(path) => Some(File::create(path).map_err(|error| unwritable(path, error))?),
            None => None,
        };
        let mut export = log.export(&Principal::local()).await?;
        while let Some(lines) = export.next().await? {
            match (&mut file, &self.output) {
                (Some(file), Some(path)) => {
                    file.write_all(lines.as_bytes()).map_err(|error| unwritable(path, error))?;
                }
                _ => screen.result(&lines)?,
            }
        }
        if let Some(path) = &self.output {
            screen.note(&format!("exported {}", path.display()));
        }
        Ok(Exit::Passed)
    }
}

fn unwritable(path: &std::path::Path, error: std::io::Error) -> CliError {
    CliError::Unwritable { path: path.to_owned(), error }
}

fn action(text: &str) -> Result<Action, String> {
    let known = || Action::ALL.iter().map(|action| action.name()).collect::<Vec<_>>().join(", ");
    Action::from_name(text).ok_or_else(|| format!("known are {}", known()))
}

fn outcome(text: &str) -> Result<Outcome, String> {
    Outcome::from_name(text)
        .ok_or_else(|| format!("known are {}", Outcome::ALL.map(Outcome::name).join(", ")))
}

fn told(verdict: &Verdict) -> String {
    let mut lines = vec![match &verdict.problem {
        None => format!("sound    all of {} entries are as they were written", count(verdict.entries)),
        Some(problem) => format!("broken   {problem}"),
    }];
    if let (Some(since), Some(until)) = (verdict.since, verdict.until) {
        lines.push(format!("holds    {} entries from {since} to {until}", count(verdict.entries)));
    }
    if verdict.base > 0 {
        lines.push(format!("deleted  entries up to {}, for their age", verdict.base));
    }
    lines.push(match verdict.witness {
        Witness::Seen { seq } => format!("witness  audit.head has seen the log up to entry {seq}"),
        Witness::None => {
            "witness  there is no audit.head: that the log was put back would not show".to_owned()
        }
        Witness::Forged => "witness  audit.head was not written by MAID".to_owned(),
    });
    lines.join("\n")
}

fn table(entries: &[Entry]) -> Table {
    let head = ["entry", "at", "actor", "action", "outcome", "target", "address"];
    let mut table = Table::new(&head).left(&[1, 2, 3, 4, 5, 6]).spare(&[6, 5]);
    for entry in entries {
        let ink = if entry.outcome == Outcome::Done.name() { Ink::Plain } else { Ink::Bad };
        let known = |text: &Option<String>| text.clone().unwrap_or_else(|| NOTHING.to_owned());
        table.row(vec![
            Cell::new(entry.seq.to_string(), Ink::Dim),
            entry.at.strftime("%Y-%m-%d %H:%M:%S").to_string().into(),
            Cell::new(entry.actor.clone(), Ink::Bold),
            entry.action.clone().into(),
            Cell::new(entry.outcome.clone(), ink),
            known(&entry.target).into(),
            known(&entry.address).into(),
        ]);
    }
    table
}
