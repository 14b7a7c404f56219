//! `maid search`: finds runs, recipes and prompts, from the database.

use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use tokio::sync::watch;

use super::with_database;
use crate::{
    ai::{
        Ai, Meanings,
        search::{Hit, Progress, Search as Index, document::Kind},
    },
    auth::Principal,
    cli::{error::CliError, exit::Exit, screen::Screen},
    config::Config,
    db::Db,
    http::Limit,
    reports::{
        number::count,
        table::{Cell, Ink, Table},
    },
};

/// Find runs, recipes and prompts by what they say.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  maid search slow checkout                 the best first
  maid search --kind run \"status 503\"       only runs
  maid search spike --json | jq -r '.items[].id'
  maid search reindex                       makes what is searched anew, while a server goes on or without")]
pub(in crate::cli) struct Search {
    #[command(subcommand)]
    command: Option<Command>,
    /// Words to look for
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    /// Only things of this kind
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<Only>,
    /// Print JSON and nothing else
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Make what is searched anew
    Reindex,
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Only {
    Run,
    Recipe,
    Prompt,
}

impl Search {
    pub(in crate::cli) fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        if let Some(Command::Reindex) = self.command {
            return reindex(config, screen);
        }
        let kind = self.kind.map(|only| match only {
            Only::Run => Kind::Run,
            Only::Recipe => Kind::Recipe,
            Only::Prompt => Kind::Prompt,
        });
        let words = self.words.join(" ");
        let found = with_database(config, async |db| {
            let search = index(db, config);
            // What was written without a server, such as by `maid run`, is found at once.
            search.catch_up(|_| {}).await?;
            Ok(search.search(&Principal::local(), &words, kind, (0, Limit::default())).await?)
        })?;
        if self.json {
            screen.result(&serde_json::to_string(&found).map_err(std::io::Error::from)?)?;
        } else if found.items.is_empty() {
            screen.note("nothing is like that");
        } else {
            screen.result(&table(&found.items).lines(0, screen.width(), screen.colour).join("\n"))?;
        }
        Ok(Exit::Passed)
    }
}

fn index(db: Db, config: &Config) -> Index {
    let meanings = Meanings(Ai::new(&config.ai));
    Index::new(db, watch::channel(Arc::new(config.clone())).1, Some(Arc::new(meanings)))
}

fn reindex(config: &Config, screen: &Screen) -> Result<Exit, CliError> {
    let mut tenths = (Kind::Recipe, 0);
    let told = |Progress { kind, done, of }: Progress| {
        let now = (kind, done * 10 / of.max(1));
        if now != tenths {
            tenths = now;
            screen.note(&format!("{:<8} {} of {}", kind.name(), count(done), count(of)));
        }
    };
    let done = with_database(config, async |db| Ok(index(db, config).reindex(told).await?))?;
    screen.note(&format!("done     {} are searched", count(done)));
    Ok(Exit::Passed)
}

fn table(hits: &[Hit]) -> Table {
    let mut table = Table::new(&["what", "kind", "id", "when", "says"]).left(&[1, 2, 3, 4]).spare(&[3, 4]);
    for hit in hits {
        let when = hit.at.map(|at| at.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
        table.row(vec![
            Cell::new(&hit.title.text, Ink::Bold),
            Cell::new(hit.kind.name(), Ink::Plain),
            Cell::new(&hit.id, Ink::Dim),
            Cell::new(when, Ink::Plain),
            Cell::new(&hit.snippet.text, Ink::Dim),
        ]);
    }
    table
}
