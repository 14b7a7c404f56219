//! `maid deeplink`: links of a server to tests that are ready to run.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    document,
    error::CliError,
    exit::Exit,
    remote::{Links, Listed, Made, ServerUrl},
    run::TestFlags,
    screen::Screen,
    what::What,
};
use crate::{
    config::Config,
    deeplinks::code,
    disk::{Existing, Part},
    reports::table::{Cell, Ink, Table},
};

/// Width of a PNG with a QR code, in pixels.
const PIXELS: u32 = 512;

/// Make, show and revoke deeplinks: links to a test that is ready to run.
#[derive(Args, Debug)]
pub(super) struct Deeplink {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Make(Box<Make>),
    List(List),
    Revoke(Revoke),
}

/// The server whose links they are.
#[derive(Args, Debug)]
struct Server {
    /// The MAID server; the variable MAID_API_KEY holds an API key for it [default: the one that the configuration
    /// describes]
    #[arg(long, value_name = "URL", help_heading = "Server")]
    server: Option<ServerUrl>,
    /// Trust a server whose certificate is from the authority in this PEM file as well
    #[arg(long, value_name = "FILE", help_heading = "Server")]
    ca_file: Option<PathBuf>,
}

/// Make a link. It is printed to stdout; whoever opens it sees what would run, and starts it or not.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid deeplink make shop.yaml --expires 7d
  maid deeplink make recipe:smoke -p host=http://127.0.0.1:8080 --max-uses 10 --qr
  maid deeplink make preset:nightly --server https://maid.example.com -o nightly.svg
  maid run \"$(maid deeplink make shop.yaml -q)\" --yes

A link holds no secrets: write ${env:NAME}, and whoever runs it gives the value. Of a recipe, give the parameters that
are to stay as they are; whoever runs it may give the others.")]
struct Make {
    /// LoadTest file (YAML or JSON), recipe:ID, preset:NAME, or - for stdin
    #[arg(value_name = "WHAT")]
    what: String,
    /// Value of a parameter of the recipe; repeatable
    #[arg(short, long, value_name = "NAME=VALUE")]
    param: Vec<super::flags::Assignment>,
    /// What people call it [default: as the test]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// How long it is good, such as 12h or 7d, at most 366d
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = days)]
    expires: SignedDuration,
    /// How many runs may start from it [default: any number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_uses: Option<u64>,
    /// Print the short link, which holds no more than an id
    #[arg(long)]
    short: bool,
    /// Print everything that the server tells of it, as JSON
    #[arg(long, conflicts_with = "short")]
    json: bool,
    /// Show a QR code as well
    #[arg(long)]
    qr: bool,
    /// Write a QR code to this file, .svg or .png
    #[arg(short, long, value_name = "FILE", value_parser = picture)]
    out: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
}

/// Show the links of a server, the newest first.
#[derive(Args, Debug)]
struct List {
    /// Print JSON and nothing else
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: Server,
}

/// Revoke a link: nobody can follow it any more.
#[derive(Args, Debug)]
struct Revoke {
    /// Id of the link, as `maid deeplink list` shows it
    id: String,
    #[command(flatten)]
    server: Server,
}

impl Deeplink {
    pub(super) fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        match self.command {
            Command::Make(make) => make.execute(config, screen),
            Command::List(list) => list.execute(config, screen),
            Command::Revoke(revoke) => {
                revoke.server.links(config)?.revoke(&revoke.id)?;
                screen.note(&format!("{} is revoked", revoke.id));
                Ok(Exit::Passed)
            }
        }
    }
}

impl Server {
    fn links(self, config: &Config) -> Result<Links, CliError> {
        let url = self.server.unwrap_or_else(|| ServerUrl::of_config(&config.server));
        Links::of(url, self.ca_file.as_deref())
    }
}

impl Make {
    fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        let mut new = self.content()?;
        let expires_at = Timestamp::now() + self.expires;
        new.insert("expires_at".to_owned(), json!(expires_at.to_string()));
        if let Some(title) = &self.title {
            new.insert("title".to_owned(), json!(title));
        }
        if let Some(most) = self.max_uses {
            new.insert("max_uses".to_owned(), json!(most));
        }
        let told = self.server.links(config)?.make(&Value::Object(new))?;
        let made = Made::deserialize(&told).map_err(std::io::Error::from)?;
        match (self.json, self.short) {
            (true, _) => screen.result(&told.to_string())?,
            (_, true) => screen.result(&made.short_url)?,
            _ => screen.result(&made.url)?,
        }
        let uses = made.max_uses.map_or_else(String::new, |most| format!(", for {most} runs"));
        screen.note(&format!("\"{}\", until {}{uses}", made.title, made.expires_at));
        if self.qr {
            screen.say(&code::terminal(&made.short_url)?);
        }
        if let Some(file) = &self.out {
            let svg = file.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("svg"));
            let bytes = if svg {
                code::svg(&made.short_url)?.into_bytes()
            } else {
                code::png(&made.short_url, PIXELS)?
            };
            write(file, &bytes)?;
        }
        Ok(Exit::Passed)
    }

    /// What the link is to lead to, as the server takes it.
    fn content(&self) -> Result<Map<String, Value>, CliError> {
        let mut new = Map::new();
        if let Some(name) = self.what.strip_prefix("preset:") {
            new.insert("preset".to_owned(), json!(name));
        } else if let Some(id) = self.what.strip_prefix("recipe:") {
            let values = self.param.iter().map(|one| (one.name.clone(), json!(one.value)));
            new.insert("recipe_id".to_owned(), json!(id));
            new.insert("parameters".to_owned(), Value::Object(values.collect()));
            return Ok(new);
        } else {
            let what: What = self.what.parse().unwrap_or_else(|_| What::File(self.what.clone().into()));
            let flags = TestFlags { param: self.param.clone(), ..TestFlags::default() };
            let written = document::written(&what, &flags)?;
            new.insert("loadtest".to_owned(), written.document.value().clone());
            return Ok(new);
        }
        match self.param.first() {
            Some(param) => Err(CliError::NoParameters { name: param.name.clone() }),
            None => Ok(new),
        }
    }
}

impl List {
    fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        let json = self.json;
        let links = self.server.links(config)?.list()?;
        if json {
            screen.result(&Value::Array(links).to_string())?;
            return Ok(Exit::Passed);
        }
        let mut table = Table::new(&["title", "id", "leads to", "state", "until", "runs"])
            .left(&[1, 2, 3, 4])
            .spare(&[2]);
        for link in links {
            let link = Listed::deserialize(&link).map_err(std::io::Error::from)?;
            let uses = link
                .max_uses
                .map_or_else(|| link.uses.to_string(), |most| format!("{} of {most}", link.uses));
            let ink = if link.state == "open" { Ink::Plain } else { Ink::Dim };
            table.row(vec![
                Cell::new(link.title, ink),
                Cell::new(link.id, ink),
                Cell::new(link.kind, ink),
                Cell::new(link.state, ink),
                Cell::new(link.expires_at.strftime("%Y-%m-%d %H:%M UTC").to_string(), ink),
                Cell::new(uses, ink),
            ]);
        }
        screen.result(&table.lines(0, screen.width(), screen.colour).join("\n"))?;
        Ok(Exit::Passed)
    }
}

fn write(file: &std::path::Path, bytes: &[u8]) -> Result<(), CliError> {
    let failed = |error| CliError::NotWritten { path: file.to_owned(), error };
    let part = Part::beside(file, 0o644).map_err(failed)?;
    std::fs::write(part.path(), bytes).map_err(failed)?;
    part.publish(file, Existing::Replace).map_err(failed)
}

/// `7d` is seven days; everything else as durations are written elsewhere.
fn days(text: &str) -> Result<SignedDuration, String> {
    let wrong = || format!("`{text}` is not a time such as 12h or 7d");
    let length = match text.strip_suffix('d') {
        Some(days) => days
            .parse()
            .ok()
            .and_then(|days: u32| i64::from(days).checked_mul(24))
            .map(SignedDuration::from_hours),
        None => {
            let span: crate::loadtest::span::Span = text.parse().map_err(|_| wrong())?;
            SignedDuration::try_from(span.get()).ok()
        }
    };
    length
        .filter(|length| length.is_positive() && *length <= SignedDuration::from_hours(366 * 24))
        .ok_or_else(wrong)
}

fn picture(text: &str) -> Result<PathBuf, String> {
    let file = PathBuf::from(text);
    let kind = file.extension().map(|kind| kind.to_ascii_lowercase());
    if kind.is_some_and(|kind| kind == "svg" || kind == "png") {
        return Ok(file);
    }
    Err(format!("`{text}` is neither an .svg nor a .png file"))
}
