//! The command line: one file a subcommand; prints, never computes.

mod ai;
mod analyze;
mod compare;
mod completions;
pub mod cpu;
mod deeplink;
mod demo;
mod document;
mod dry_run;
mod engine_link;
mod error;
mod exit;
mod export;
mod flags;
mod import;
mod interrupt;
mod linked;
mod live;
mod logs;
mod model;
mod muted;
mod openapi;
mod picture;
mod recipes;
mod remote;
mod report;
mod results;
mod run;
mod schema;
mod screen;
mod serve;
mod session;
mod store;
mod stored;
mod validate;
mod what;

use std::ffi::OsString;

use clap::{
    Parser, Subcommand,
    error::{ContextKind, ContextValue},
};

use self::{error::CliError, flags::GlobalFlags, screen::Screen, session::Session};
pub use self::{exit::Exit, interrupt::Interrupt};
use crate::{
    app::Start,
    config::{Config, Flags, Layered, Sources},
    telemetry::{self, Tracing},
};

/// MAID: load tests that you can trust, from one binary.
#[derive(Parser, Debug)]
#[command(
    name = "maid",
    version,
    max_term_width = 110,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(after_help = "\
Examples:
  maid demo                                       see a load test run, in 12 seconds
  maid run http://127.0.0.1:8080/ -u 50 -t 30s    test a service of your own
  maid run shop.yaml -o report.html               run a test from a file, with a report

Configuration: ./config.json < ./config.runtime.json < environment MAID__SECTION__KEY < flags,
such as MAID__LOAD__STOP_GRACE=10s or, for a list, MAID__LOAD__TARGETS__ALLOW=a.test,b.test.")]
struct Cli {
    #[command(flatten)]
    global: GlobalFlags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Run(Box<run::Run>),
    Validate(Box<validate::Validate>),
    Recipes(recipes::Recipes),
    Import(Box<import::Import>),
    Export(Box<export::Export>),
    Ai(Box<ai::Ai>),
    Deeplink(deeplink::Deeplink),
    Model(model::ModelCommand),
    History(stored::history::History),
    Compare(compare::Compare),
    Analyze(analyze::Analyze),
    Report(report::Report),
    Picture(picture::Picture),
    Search(stored::search::Search),
    Schema(schema::Schema),
    Audit(stored::audit::Audit),
    User(stored::user::User),
    Key(stored::key::Key),
    Migrate(stored::migrate::Migrate),
    Backup(stored::backup::Backup),
    Restore(stored::backup::Restore),
    #[command(name = "openapi")]
    OpenApi(openapi::OpenApi),
    Completions(completions::Completions),
}

/// Subcommands of later versions.
const LATER: [&str; 1] = ["worker"];

/// Does what `arguments` say, the program's name being the first, and answers how to end.
pub fn main(arguments: impl IntoIterator<Item = OsString>, interrupt: &Interrupt) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(told) => {
            if let Some(later) = later(&told) {
                return refused(&CliError::Later(later), &Screen::of_process(false, false));
            }
            // Nothing is left to do when the text of `--help` cannot be written.
            told.print().ok();
            return if told.use_stderr() { Exit::BadInput } else { Exit::Passed };
        }
    };
    let screen = Screen::of_process(cli.global.no_color, cli.global.quiet);
    cli.command.execute(cli.global, &screen, interrupt).unwrap_or_else(|error| refused(&error, &screen))
}

fn refused(error: &CliError, screen: &Screen) -> Exit {
    screen.say(&format!("{} {error}", results::failure(screen, "error:")));
    error.way_out().iter().for_each(|way_out| screen.say(way_out));
    Exit::from(error)
}

/// The subcommand of a later version that an error of clap is about.
fn later(told: &clap::Error) -> Option<String> {
    match told.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(name)) if LATER.contains(&name.as_str()) => Some(name.clone()),
        _ => None,
    }
}

impl Command {
    fn execute(self, global: GlobalFlags, screen: &Screen, interrupt: &Interrupt) -> Result<Exit, CliError> {
        match self {
            Self::Completions(completions) => completions.execute(screen),
            Self::Schema(schema) => schema.execute(screen),
            Self::Import(import) => import.execute(screen),
            Self::OpenApi(openapi) => openapi.execute(screen),
            Self::Ai(ai) => ai.execute(&of_process(global, screen)?, screen),
            Self::Recipes(recipes) => recipes.execute(screen),
            Self::Report(report) => report.execute(|| of_process(global.clone(), screen), screen),
            Self::Picture(picture) => picture.execute(|| of_process(global.clone(), screen), screen),
            Self::Search(search) => search.execute(&of_process(global, screen)?, screen),
            Self::Compare(compare) => compare.execute(|| of_process(global.clone(), screen), screen),
            Self::Analyze(analyze) => analyze.execute(|| of_process(global.clone(), screen), screen),
            Self::Deeplink(deeplink) => deeplink.execute(&of_process(global, screen)?, screen),
            Self::Model(model) => model.execute(&of_process(global, screen)?, screen),
            Self::History(history) => history.execute(&of_process(global, screen)?, screen),
            Self::Audit(audit) => audit.execute(&of_process(global, screen)?, screen),
            Self::User(user) => user.execute(&of_process(global, screen)?, screen),
            Self::Key(key) => key.execute(&of_process(global, screen)?, screen),
            Self::Migrate(migrate) => migrate.execute(&of_process(global, screen)?, screen),
            Self::Backup(backup) => backup.execute(&of_process(global, screen)?, screen),
            Self::Restore(restore) => restore.execute(&of_process(global, screen)?, screen),
            Self::Demo(demo) => {
                let sources = Sources::of_process(global.config, demo.flags());
                let (layered, tracing) = configured(&sources, screen)?;
                let config = layered.config().clone();
                let start = Start { layered, sources, tracing: Some(tracing) };
                demo.execute(&Session { screen, config: &config, interrupt }, start)
            }
            Self::Serve(serve) => {
                let sources = Sources::of_process(global.config, serve.flags());
                let (layered, tracing) = configured(&sources, screen)?;
                serve.execute(Start { layered, sources, tracing: Some(tracing) }, screen, interrupt)
            }
            Self::Run(run) => {
                let flags = Flags { allow_targets: run.allow_target.clone(), ..Flags::default() };
                let (layered, _tracing) = configured(&Sources::of_process(global.config, flags), screen)?;
                run.execute(&Session { screen, config: layered.config(), interrupt })
            }
            Self::Validate(validate) => {
                let config = of_process(global, screen)?;
                validate.execute(&Session { screen, config: &config, interrupt })
            }
            Self::Export(export) => {
                let config = of_process(global, screen)?;
                export.execute(&Session { screen, config: &config, interrupt })
            }
        }
    }
}

/// The configuration of this process, where no flag has a say in it.
fn of_process(global: GlobalFlags, screen: &Screen) -> Result<Config, CliError> {
    let (layered, _tracing) = configured(&Sources::of_process(global.config, Flags::default()), screen)?;
    Ok(layered.into_config())
}

/// The configuration, with the log on as it says, and traces for as long as the second is kept.
fn configured(sources: &Sources, screen: &Screen) -> Result<(Layered, Tracing), CliError> {
    let layered = Layered::read(sources)?;
    let tracing = telemetry::init(&layered.config().telemetry, screen.clone());
    Ok((layered, tracing))
}
