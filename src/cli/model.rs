//! `maid model`: the models that are on this machine.

use std::{path::PathBuf, sync::Arc, time::Duration};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use tokio::runtime;

use super::{error::CliError, exit::Exit, screen::Screen};
use crate::{
    ai::models::{self, Address, Catalogue, Kind, Listed, Model, ModelError, Pulling},
    config::Config,
    reports::table::{Cell, Ink, Table},
};

/// How often a bar is drawn.
const DRAWN_EVERY: Duration = Duration::from_millis(100);

/// Show, fetch and import the models that MAID has inside.
#[derive(Args, Debug)]
pub(super) struct ModelCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    List(List),
    Import(Import),
    Pull(Pull),
    Prepare(Prepare),
}

/// Show the models that are here, and which ones MAID uses.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid model list
  maid model list --verify                 read each file and compare its SHA-256 sum
  maid model list --json | jq '.[].name'

`make model` brings the standard models. `ai.model` and `ai.embedding_model` say which ones are used.")]
struct List {
    /// Read each file, and compare its SHA-256 sum with the one that it came with
    #[arg(long)]
    verify: bool,
    /// Print JSON and nothing else
    #[arg(long)]
    json: bool,
}

/// Take in a model from a file or a folder.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid model import Qwen3-0.6B-Q8_0.gguf --name qwen3
  maid model import ./all-MiniLM-L12-v2           config.json, tokenizer.json and model.safetensors
  MAID__AI__MODEL=qwen3 maid serve                and use it

A language model is a GGUF file of the family llama, mistral3, phi2, phi3, starcoder2, qwen2, qwen3 or qwen3moe, with its
chat template; a model for embeddings is a BERT. The file is looked at before it is copied.")]
struct Import {
    /// The file or folder
    #[arg(value_name = "FILE|FOLDER")]
    from: PathBuf,
    /// What it is called here [default: from the file's name]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

/// Fetch a model from the Hugging Face hub.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid model pull hf:Qwen/Qwen3-0.6B-GGUF/Qwen3-0.6B-Q8_0.gguf --name qwen3
  maid model pull hf:sentence-transformers/all-MiniLM-L12-v2
  HF_ENDPOINT=https://hub.example.com maid model pull hf:OWNER/REPOSITORY/FILE.gguf

Whoever may not reach a hub fetches the file elsewhere and gives it to `maid model import`.")]
struct Pull {
    /// hf:OWNER/REPOSITORY/FILE.gguf, or hf:OWNER/REPOSITORY for embeddings; REPOSITORY@REVISION takes another revision
    #[arg(value_name = "ADDRESS")]
    from: String,
    /// What it is called here [default: from the file's name]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

/// Make quicker copies of models now, and not when they are first used.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid model prepare                       where models are in a folder that a server may not write to, as in an image

Models whose numbers are of the kinds Q4_1, Q5_0 and Q5_1 are computed slowly. MAID uses a copy of theirs as Q8_0, half as
large again, which it makes by itself when such a model is first used and its folder can be written to.")]
struct Prepare {}

impl ModelCommand {
    pub(super) fn execute(self, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
        let catalogue = Catalogue::new(config.ai.models_dir.as_deref());
        match self.command {
            Command::List(asked) => list(&asked, &catalogue, config, screen),
            Command::Import(asked) => {
                let model = models::import(&catalogue, &asked.from, asked.name.as_deref())?;
                came(&model, config, screen)
            }
            Command::Prepare(Prepare {}) => prepare(&catalogue, screen),
            Command::Pull(asked) => {
                let address: Address = asked.from.parse()?;
                let model = pull(&catalogue, &address, asked.name.as_deref(), screen)?;
                came(&model, config, screen)
            }
        }
    }
}

fn came(model: &Model, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
    screen.note(&format!("the model is in {}", model.folder.display()));
    let (key, used) = match model.kind {
        Kind::Chat { .. } => ("AI__MODEL", &config.ai.model),
        Kind::Embedding { .. } => ("AI__EMBEDDING_MODEL", &config.ai.embedding_model),
    };
    if *used != model.name {
        screen.note(&format!("MAID__{key}={} makes MAID use it", model.name));
    }
    screen.result(&model.name)?;
    Ok(Exit::Passed)
}

fn prepare(catalogue: &Catalogue, screen: &Screen) -> Result<Exit, CliError> {
    for listed in catalogue.all()? {
        if let Some(copy) = models::quick(catalogue, &listed.model?) {
            screen.result(&copy.display().to_string())?;
        }
    }
    Ok(Exit::Passed)
}

fn pull(
    catalogue: &Catalogue,
    address: &Address,
    name: Option<&str>,
    screen: &Screen,
) -> Result<Model, CliError> {
    let bar = screen.bars().add(ProgressBar::new(1));
    let style =
        ProgressStyle::with_template("{msg} {bytes} of {total_bytes} {wide_bar} {bytes_per_sec} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(DRAWN_EVERY);
    let shown = bar.clone();
    let told = Arc::new(move |file: &str, came: usize, all: usize| {
        shown.set_message(file.to_owned());
        shown.set_length(all as u64);
        shown.set_position(came as u64);
    });
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let pulled = runtime.block_on(models::pull(catalogue, address, name, Pulling::new(told)));
    screen.bars().remove(&bar);
    Ok(pulled?)
}

fn list(asked: &List, catalogue: &Catalogue, config: &Config, screen: &Screen) -> Result<Exit, CliError> {
    let mut listed = catalogue.all()?;
    if asked.verify {
        listed.iter_mut().for_each(verify);
    }
    let used = [&config.ai.model, &config.ai.embedding_model];
    let is_used = |name: &str| used.iter().any(|used| *used == name);
    if asked.json {
        let all: Vec<Value> = listed.iter().map(|one| json(one, is_used(&one.name))).collect();
        screen.result(&Value::from(all).to_string())?;
    } else if listed.is_empty() {
        screen.note(&format!("there are no models in {}", catalogue.folder().display()));
        screen.note("`make model` brings the standard ones; `maid model import FILE` takes one of your own");
    } else {
        screen.result(&table(&listed, is_used).lines(0, screen.width(), screen.colour).join("\n"))?;
        screen.note(&format!("in {}", catalogue.folder().display()));
    }
    let broken = listed.iter().any(|one| is_used(&one.name) && one.model.is_err());
    Ok(if broken { Exit::Other } else { Exit::Passed })
}

fn verify(listed: &mut Listed) {
    if let Ok(model) = &listed.model
        && let Err(error) = Catalogue::verify(model)
    {
        listed.model = Err(error);
    }
}

/// What a model is for, and of what family.
fn kind(model: &Model) -> (&'static str, String) {
    match &model.kind {
        Kind::Chat { head, .. } => ("text", head.architecture.clone()),
        Kind::Embedding { dimensions, .. } => ("embeddings", format!("bert, {dimensions} numbers")),
    }
}

fn json(listed: &Listed, used: bool) -> Value {
    match &listed.model {
        Ok(model) => {
            let (writes, family) = kind(model);
            json!({
                "name": listed.name, "kind": writes, "family": family, "bytes": model.bytes, "used": used,
                "problem": null,
            })
        }
        Err(error) => json!({ "name": listed.name, "used": used, "problem": error.to_string() }),
    }
}

fn table(listed: &[Listed], is_used: impl Fn(&str) -> bool) -> Table {
    let mut table = Table::new(&["model", "kind", "family", "size", "used"]).left(&[1, 2, 4]).spare(&[2]);
    for one in listed {
        let used = if is_used(&one.name) { "yes" } else { "" };
        let row: Vec<Cell> = match &one.model {
            Ok(model) => {
                let (writes, family) = kind(model);
                let size = format!("{:.1} MB", model.bytes as f64 / 1e6);
                vec![(&one.name).into(), writes.into(), family.into(), size.into(), used.into()]
            }
            Err(error) => {
                let told = Cell::new(error.to_string(), Ink::Bad);
                vec![(&one.name).into(), "none".into(), told, "".into(), used.into()]
            }
        };
        table.row(row);
    }
    table
}

impl From<ModelError> for CliError {
    fn from(error: ModelError) -> Self {
        Self::Model(error)
    }
}
