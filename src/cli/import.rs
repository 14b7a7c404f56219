//! `maid import`: a LoadTest of what other tools write.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use clap::Args;

use super::{error::CliError, exit::Exit, results, screen::Screen};
use crate::{
    convert::{
        import::{Format, Imported, MAX_SOURCE, Options, import},
        yaml,
    },
    disk,
    loadtest::span::Span,
    reports::number::plural,
};

/// Make a LoadTest of an OpenAPI description, a recording, a Postman collection, curl commands, URLs or a script.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid import openapi openapi.yaml -o shop.yaml      a request for each operation
  maid import har recording.har --host http://127.0.0.1:8080 -o shop.yaml
  pbpaste | maid import curl | maid run -            what a browser copies as cURL
  maid import urls urls.txt -u 20 -t 1m
  maid import k6 script.js -o shop.yaml              the script is read, and never run
  maid import locust locustfile.py --host http://127.0.0.1:8080

The test goes to stdout, and what could not be carried over to stderr, item by item. Nothing that the document
names is fetched or read. Secrets are not copied: they become variables, given with `maid run -e NAME=VALUE`.")]
pub(super) struct Import {
    /// What it is written in
    #[arg(value_enum)]
    format: Format,
    /// Document to import; - or nothing for stdin
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// Write the test to this file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Send to this base URL instead of the document's own; repeat it for several
    #[arg(short = 'H', long, value_name = "URL")]
    host: Vec<String>,
    /// OpenAPI: take operations with this tag alone; repeat it for several
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// OpenAPI: take this operation alone, an operationId or 'GET /path'; repeat it for several
    #[arg(long, value_name = "OPERATION")]
    operation: Vec<String>,
    /// Take what is left out otherwise: what deletes or is deprecated, static files, hosts of others
    #[arg(long)]
    all: bool,
    /// Name of the test
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Users of the test; without it those that a script asks for, else 5
    #[arg(short, long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    users: Option<u32>,
    /// How long they run; without it as long as a script says, else 30s
    #[arg(short = 't', long)]
    run_time: Option<Span>,
}

impl Import {
    pub(super) fn execute(self, screen: &Screen) -> Result<Exit, CliError> {
        let (bytes, name) = read(&self.file)?;
        let options = Options {
            hosts: self.host,
            tags: self.tag,
            operations: self.operation,
            all: self.all,
            name: self.name,
            users: self.users,
            run_time: self.run_time,
        };
        let imported = import(self.format, &bytes, &name, &options)?;
        let text = yaml::write(&imported.loadtest);
        tell(&imported, screen);
        match &self.out {
            None => screen.result(&text)?,
            Some(file) => {
                disk::replace(file, text.as_bytes())
                    .map_err(|error| CliError::NotWritten { path: file.clone(), error })?;
                screen.note(&format!("test     {}", file.display()));
            }
        }
        Ok(Exit::Passed)
    }
}

/// The document, not more of it than shows that it is too much, and what it is called.
fn read(file: &Path) -> Result<(Vec<u8>, String), CliError> {
    let stdin = file == Path::new("-");
    let name = if stdin { "stdin".to_owned() } else { file.display().to_string() };
    let mut bytes = Vec::new();
    let most = MAX_SOURCE as u64 + 1;
    let read = if stdin {
        io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|error| CliError::SourceUnreadable { name: name.clone(), error })?;
    Ok((bytes, name))
}

/// Says what was made and what was not, item by item.
fn tell(imported: &Imported, screen: &Screen) {
    let Imported { loadtest, left_out, left_out_more, made, env, found, requests } = imported;
    let transactions: usize = loadtest.scenarios.iter().map(|scenario| scenario.transactions.len()).sum();
    screen.note(&format!(
        "imported {} of {found}, in {} of {}",
        plural(*requests as u64, "request", "requests"),
        plural(transactions as u64, "transaction", "transactions"),
        plural(loadtest.scenarios.len() as u64, "scenario", "scenarios"),
    ));
    screen.note(&format!("target   {}", loadtest.target.hosts.join(", ")));
    for one in made {
        screen.note(&format!("made     {}: {}", one.place, one.message));
    }
    for variable in env {
        screen.note(&format!("give     -e {}=...   {}", variable.name, variable.what));
    }
    if !left_out.is_empty() {
        let count = plural((left_out.len() + left_out_more) as u64, "item", "items");
        screen.say(&format!("{} {count} could not be carried over", results::failure(screen, "left out:")));
        left_out.iter().for_each(|item| screen.say(&format!("  {item}")));
        if *left_out_more > 0 {
            screen.say(&format!("  and {left_out_more} more"));
        }
    }
}
