//! What happens to the outcome of a run: kept, shown, written out, judged.

use std::{
    io,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use console::Style;

use super::{error::CliError, exit::Exit, screen::Screen, store};
use crate::{
    config::Reports,
    disk::Part,
    engine::outcome::{ErrorGroup, Outcome, Status},
    reports::{self, Format, number::plural, text::plain},
};

/// Flags that say what becomes of the results.
#[derive(Args, Clone, Debug)]
pub(super) struct ResultFlags {
    /// Write a report too; the extension says which: .json .csv .html .md .xml (JUnit); repeatable
    #[arg(short, long, value_name = "FILE", help_heading = "Results")]
    pub(super) out: Vec<PathBuf>,
    /// What is printed to stdout at the end: tables, one JSON object and nothing else, or nothing
    #[arg(long, value_enum, default_value_t = Form::Text, value_name = "FORM", help_heading = "Results")]
    pub(super) summary: Form,
}

/// Form of the summary on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    Text,
    Json,
    None,
}

impl ResultFlags {
    /// Refuses a report that could not be written before the run, not after it.
    pub(super) fn check(&self) -> Result<(), CliError> {
        for path in &self.out {
            Format::from_path(path)?;
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                return Err(CliError::NoFolder(folder.to_path_buf()));
            }
            try_out(path).map_err(|error| CliError::Unwritable { path: path.clone(), error })?;
        }
        Ok(())
    }

    /// Keeps, prints and writes out `outcome`; one that fails does not keep the others from being done.
    pub(super) fn deliver(&self, outcome: &Outcome, to: &Reports, screen: &Screen) -> Delivered {
        let kept = keep(outcome, to, screen);
        let mut errors = Vec::new();
        errors.extend(self.print(outcome, screen).err());
        for path in &self.out {
            match reports::write(outcome, path) {
                Ok(()) => screen.note(&format!("report   {}", path.display())),
                Err(error) => errors.push(error.into()),
            }
        }
        Delivered { kept, errors }
    }

    fn print(&self, outcome: &Outcome, screen: &Screen) -> Result<(), CliError> {
        let text = match self.summary {
            Form::Text => reports::summary_text(outcome, screen.colour, screen.width()),
            Form::Json => {
                serde_json::to_string(&outcome.summary.without_histograms()).map_err(std::io::Error::from)?
            }
            Form::None => return Ok(()),
        };
        Ok(screen.result(&text)?)
    }
}

/// What became of an outcome.
pub(super) struct Delivered {
    /// Where it is kept.
    pub(super) kept: Option<PathBuf>,
    /// What could not be done.
    pub(super) errors: Vec<CliError>,
}

impl Delivered {
    /// Tells what failed, judges the run, and says last what to do next.
    pub(super) fn conclude(self, outcome: &Outcome, screen: &Screen) -> Exit {
        for error in &self.errors {
            screen.say(&format!("{} {error}", failure(screen, "error:")));
        }
        let exit = match judged(outcome) {
            Exit::Passed => self.errors.first().map_or(Exit::Passed, Exit::from),
            judged => judged,
        };
        if exit != Exit::Passed {
            screen.say(&last_words(outcome, exit, self.kept.as_deref(), &self.errors));
        }
        exit
    }
}

fn keep(outcome: &Outcome, to: &Reports, screen: &Screen) -> Option<PathBuf> {
    match store::keep(outcome, to) {
        Ok(kept) => {
            if let Some(path) = &kept {
                screen.note(&format!("results  {}", path.display()));
            }
            kept
        }
        Err(error) => {
            screen.say(&format!(
                "{} the results are not kept: {error}, or set reports.dir in config.json",
                screen.styled(Style::new().yellow().bold(), "warning:")
            ));
            None
        }
    }
}

/// Makes and removes a file beside a report, as writing it will.
fn try_out(path: &Path) -> io::Result<()> {
    // A link keeps pointing where it points, and what is no plain file is written in place.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    match path.metadata() {
        Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(found) if !found.is_file() => return Ok(()),
        _ => {}
    }
    Part::beside(&path, 0o600).map(drop)
}

/// `word` as failures are marked.
pub(super) fn failure(screen: &Screen, word: &str) -> String {
    screen.styled(Style::new().red().bold(), word)
}

/// The exit code that a run deserves. A stopped run was never judged to its end.
fn judged(outcome: &Outcome) -> Exit {
    match outcome.summary.status {
        Status::Stopped => Exit::Stopped,
        _ if !outcome.summary.verdict.passed => Exit::ThresholdFailed,
        Status::Failed => Exit::Other,
        Status::Completed if refusals(outcome).next().is_some() => Exit::TargetRefused,
        Status::Completed => Exit::Passed,
    }
}

/// Failures of requests that the target policy did not let out.
fn refusals(outcome: &Outcome) -> impl Iterator<Item = &ErrorGroup> {
    outcome.summary.errors.iter().filter(|group| group.kind == "policy")
}

fn refused_words(outcome: &Outcome) -> String {
    let count = refusals(outcome).map(|group| group.count).sum();
    let mut told = format!("the target policy refused {}", plural(count, "request", "requests"));
    if let Some(group) = refusals(outcome).next() {
        told.push_str(": ");
        told.push_str(&plain(&group.message));
    }
    if !told.contains("load.targets.allow") && !told.contains(".maidignore") {
        told.push_str("; --allow-target HOST and load.targets.allow in config.json allow more targets");
    }
    told
}

fn last_words(outcome: &Outcome, exit: Exit, kept: Option<&Path>, errors: &[CliError]) -> String {
    let look = kept.map_or_else(
        || "run it again with -o report.html to see why".to_owned(),
        |path| format!("see why: maid report {} -o report.html", path.display()),
    );
    match exit {
        Exit::Stopped => {
            let kept = kept.map_or_else(String::new, |path| {
                format!("; what was measured until then is in {}", path.display())
            });
            format!("the run was stopped before its end{kept}")
        }
        Exit::TargetRefused => refused_words(outcome),
        Exit::ThresholdFailed => {
            let thresholds = &outcome.summary.verdict.thresholds;
            let failed: Vec<String> = thresholds
                .iter()
                .filter(|threshold| !threshold.passed)
                .map(|threshold| format!("{} (observed {})", threshold.rule, threshold.observed_text))
                .collect();
            format!("thresholds failed: {}; {look}", failed.join(", "))
        }
        _ => match (&outcome.ended_because, errors.first()) {
            (_, Some(error)) => error.way_out().unwrap_or_else(|| format!("the run itself passed; {look}")),
            (Some(because), None) => format!("the run ended itself: {because}; {look}"),
            (None, None) => format!("the run ended itself; {look}"),
        },
    }
}
