//! `maid ai`: a LoadTest of words, and how right such tests are.

use std::{
    borrow::Cow,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use serde_json::json;
use tokio::runtime;

use super::{error::CliError, exit::Exit, results, screen::Screen};
use crate::{
    ai as models,
    ai::desk::Asker,
    ai::generator::{
        Ask, Format, Generated, Models, built_in,
        eval::{Half, Mode, Report, cases, evaluate},
        generate,
    },
    config::Config,
    loadtest::{
        parse::{self, MAX_DOCUMENT},
        types::LoadTest,
    },
    recipes::library::Library,
};

/// Make a LoadTest of words.
#[derive(Args, Debug)]
pub(super) struct Ai {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Generate(Generate),
    #[command(hide = true)]
    Eval(Eval),
}

/// Make a LoadTest of what you want, in English or German.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid ai generate \"GET /products on http://127.0.0.1:8080 with 20 users for 1 minute, p95 under 300 ms\" > test.yaml
  maid ai generate \"Teste den Checkout auf http://127.0.0.1:43180 mit 30 Nutzern, doppelt so viel Suche wie Kauf\"
  maid ai generate --previous test.yaml \"make it 500 users and add search\"

The test goes to stdout, and questions and what was not used to stderr. Nothing is sent or started. A host is never made
up: without one in the text, the command asks for it and ends with 1.")]
struct Generate {
    /// What is to be tested, and how
    text: String,
    /// Form of the answer: the test as YAML, or {loadtest, provenance[], questions[]} as JSON
    #[arg(long, value_enum, default_value = "yaml")]
    format: Format,
    /// Test that the text changes, YAML or JSON
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
}

/// Measure how right the tests are, on prompts whose meaning is written down.
#[derive(Args, Debug)]
struct Eval {
    /// What is measured
    #[arg(long, value_enum, default_value = "reader")]
    engine: Mode,
    /// Half of the prompts; without it both, one after the other
    #[arg(long, value_enum)]
    half: Option<Half>,
    /// Prompts of one's own instead, in the form of assets/ai/eval
    #[arg(long, value_name = "FILE", conflicts_with = "half")]
    file: Option<PathBuf>,
    /// Show each prompt that is not wholly right
    #[arg(long)]
    wrong: bool,
}

impl Ai {
    pub(super) fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        let inside = Inside::new(config);
        match self.command {
            Command::Generate(generate) => generate.execute(&inside, screen),
            Command::Eval(eval) => eval.execute(&inside, screen),
        }
    }
}

/// The models of this machine.
struct Inside {
    asker: Asker,
    nearby: models::Nearby,
}

impl Inside {
    fn new(config: &Config) -> Self {
        let ai = models::Ai::new(&config.ai);
        Self { nearby: models::Nearby::new(ai.clone()), asker: Asker::Here(ai) }
    }

    /// Those that there are; what is made without one says so.
    fn models(&self) -> Models<'_> {
        Models { filler: Some(&self.asker), nearest: Some(&self.nearby), teller: Some(&self.nearby) }
    }
}

/// Waits for what is made without a server.
fn wait<T>(work: impl Future<Output = T>) -> Result<T, CliError> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|error| CliError::NotMade(error.to_string()))?.block_on(work))
}

impl Generate {
    fn execute(self, inside: &Inside, screen: &Screen) -> Result<Exit, CliError> {
        let previous = self.previous.as_deref().map(read).transpose()?;
        let known = built_in(&Library::built_in());
        let ask = Ask { text: self.text, previous };
        let made = wait(generate(ask, &known, inside.models(), &|_| ()))?;
        let made = made.map_err(|error| CliError::NotMade(error.to_string()))?;
        let complete = made.is_complete();
        match self.format {
            Format::Json => {
                let answer = json!({
                    "loadtest": made.document, "provenance": made.provenance, "questions": made.questions,
                    "unused": made.unused, "notes": made.notes, "recipes": made.recipes, "engine": made.engine,
                    "usage": made.usage,
                });
                screen.result(&format!("{answer:#}"))?;
            }
            // What cannot be run is not given to a file that somebody would run.
            Format::Yaml if complete => screen.result(&made.yaml)?,
            Format::Yaml => {}
        }
        tell(&made, screen);
        Ok(if complete { Exit::Passed } else { Exit::Other })
    }
}

/// Says what is to be known about a test.
fn tell(made: &Generated, screen: &Screen) {
    for question in &made.questions {
        screen.say(&format!("{} {}", results::failure(screen, "question:"), question.text));
    }
    if let Some(recipe) = &made.recipe {
        screen.note(&format!("recipe   {recipe}"));
    }
    for note in &made.notes {
        screen.note(&format!("note     {note}"));
    }
    for unused in &made.unused {
        let text: String = unused.span.text.chars().take(60).collect();
        screen.note(&format!("unused   `{text}`: {}", unused.reason));
    }
    for why in &made.engine.degraded_because {
        screen.note(&format!("degraded {why}"));
    }
}

/// The test that is to be changed. It may still be without a host.
fn read(file: &Path) -> Result<LoadTest, CliError> {
    let name = file.display().to_string();
    Ok(parse::parse(&text(file)?, &name).and_then(|document| document.read())?)
}

/// What is in a file: a little more at most than a document may have.
fn text(file: &Path) -> Result<String, CliError> {
    let mut text = String::new();
    let most = MAX_DOCUMENT as u64 + 1;
    File::open(file)
        .and_then(|file| file.take(most).read_to_string(&mut text))
        .map_err(|error| CliError::Unreadable { name: file.display().to_string(), error })?;
    Ok(text)
}

impl Eval {
    /// Names of the files, and what is in them.
    fn prompts(&self) -> Result<Vec<(String, Cow<'static, str>)>, CliError> {
        if let Some(file) = &self.file {
            return Ok(vec![(file.display().to_string(), text(file)?.into())]);
        }
        let halves = self.half.map_or_else(|| vec![Half::Dev, Half::HeldOut], |half| vec![half]);
        let name = |half| if half == Half::Dev { "dev" } else { "held-out" };
        Ok(halves.into_iter().map(|half| (name(half).to_owned(), half.text().into())).collect())
    }

    fn execute(self, inside: &Inside, screen: &Screen) -> Result<Exit, CliError> {
        for (name, text) in self.prompts()? {
            let prompts = cases(&text, &name)?;
            let report = wait(evaluate(prompts, self.engine, inside.models()))?;
            let report = report.map_err(|error| CliError::NotMade(error.to_string()))?;
            screen.result(&format!("{name}, {}\n{report}\n", words(self.engine)))?;
            if self.wrong {
                wrong(&report, screen)?;
            }
        }
        Ok(Exit::Passed)
    }
}

const fn words(mode: Mode) -> &'static str {
    match mode {
        Mode::Reader => "the reader alone",
        Mode::Model => "a model alone",
        Mode::Both => "the reader and a model",
    }
}

fn wrong(report: &Report, screen: &Screen) -> Result<(), CliError> {
    for one in &report.wrong {
        screen.result(&format!("  {}  {}", one.id, one.wrong.join("\n         ")))?;
        if !one.invented.is_empty() {
            screen.result(&format!("         invented: {}", one.invented.join(", ")))?;
        }
    }
    Ok(())
}
