//! Reads the layers in order, checks each by itself, and merges what is left.

use std::{
    ffi::OsString,
    fs::File,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use figment::{
    Figment, Metadata, Profile, Provider,
    providers::Serialized,
    value::{Dict, Map},
};
use serde_json::Value;
use tracing_subscriber::EnvFilter;

use super::{Config, ConfigError, Problem, check::Checker, environment};

/// The file that is read from the working directory.
pub const STANDARD_FILE: &str = "config.json";
/// The file beside it that the settings page writes.
pub const RUNTIME_FILE: &str = "config.runtime.json";
/// Largest configuration file that is read.
const LARGEST: u64 = 1 << 20;

/// What flags say about the configuration.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--allow-target`: added to `load.targets.allow`.
    pub allow_targets: Vec<String>,
}

/// Where the configuration comes from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// `--config`: this file instead of `config.json`; it must be there.
    pub file: Option<PathBuf>,
    /// The environment; variables that do not begin with `MAID__` are ignored.
    pub environment: Vec<(OsString, OsString)>,
    /// What flags say.
    pub flags: Flags,
}

impl Sources {
    /// This process's environment and the standard file, or `file`.
    #[must_use]
    pub fn of_process(file: Option<PathBuf>, flags: Flags) -> Self {
        Self { file, environment: std::env::vars_os().collect(), flags }
    }
}

pub(super) fn merge(sources: &Sources) -> Result<Config, ConfigError> {
    let checker = Checker::new();
    let mut problems = Vec::new();
    let mut layers = Vec::new();
    let standard = PathBuf::from(STANDARD_FILE);
    let main = sources.file.as_ref().unwrap_or(&standard);
    let beside = main.with_file_name(RUNTIME_FILE);
    for (path, required) in [(main, sources.file.is_some()), (&beside, false)] {
        match read(path, required) {
            Ok(value) => {
                layers.extend(value.map(|value| Layer { origin: path.display().to_string(), value }))
            }
            Err(problem) => problems.push(problem),
        }
    }
    let (settings, refused) = environment::read(sources.environment.iter().cloned(), &checker.schema);
    layers.extend(settings.into_iter().map(|s| Layer { origin: s.origin, value: s.value }));
    problems.extend(layers.iter().flat_map(|layer| checker.problems(&layer.value, &layer.origin)));
    problems.extend(refused);
    if !problems.is_empty() {
        return Err(ConfigError { problems });
    }
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    for layer in layers {
        figment = figment.merge(layer);
    }
    let mut config: Config = figment.extract().map_err(refused_by_types)?;
    check_log_filter(&config, &figment)?;
    config.load.targets.allow.extend(sources.flags.allow_targets.iter().cloned());
    Ok(config)
}

fn read(path: &Path, required: bool) -> Result<Option<Value>, Problem> {
    let problem =
        |message: String| Problem { origin: path.display().to_string(), path: String::new(), message };
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound && !required => return Ok(None),
        opened => opened.map_err(|error| problem(format!("cannot be read: {error}")))?,
    };
    let mut text = String::new();
    file.take(LARGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| problem(format!("cannot be read: {error}")))?;
    if text.len() as u64 > LARGEST {
        return Err(problem("is larger than 1 MiB: this is not a configuration of MAID".to_owned()));
    }
    serde_json::from_str(&text).map(Some).map_err(|error| problem(format!("is not JSON: {error}")))
}

/// One layer, checked, on its way into figment.
struct Layer {
    origin: String,
    value: Value,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.clone())
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        Serialized::defaults(&self.value).data()
    }
}

/// What the types refuse though the schema does not, such as a duration beyond the longest.
fn refused_by_types(error: figment::Error) -> ConfigError {
    let problems = error.into_iter().map(|error| Problem {
        origin: error.metadata.as_ref().map_or_else(|| "configuration".to_owned(), |m| m.name.to_string()),
        path: error.path.join("."),
        message: error.kind.to_string(),
    });
    ConfigError { problems: problems.collect() }
}

fn check_log_filter(config: &Config, figment: &Figment) -> Result<(), ConfigError> {
    let Err(error) = EnvFilter::builder().parse(&config.telemetry.log) else { return Ok(()) };
    let origin = figment.find_metadata("telemetry.log").map_or("configuration", |m| m.name.as_ref());
    let message = format!("is not a log filter ({error}); write a level such as `warn` or `warn,maid=debug`");
    let path = "telemetry.log".to_owned();
    Err(ConfigError { problems: vec![Problem { origin: origin.to_owned(), path, message }] })
}
