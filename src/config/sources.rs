//! Where the configuration is read from, and how its files are read.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{
    error::Problem,
    layers::Layer,
    origin::Origin,
    persist::{self, Replaced},
};

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
    /// Flags that set a key, such as `--port`.
    pub settings: Vec<FlagSetting>,
}

/// A flag that sets a key.
#[derive(Clone, Debug)]
pub struct FlagSetting {
    /// The flag, such as `--port`.
    pub flag: &'static str,
    /// The key, such as `server.port`.
    pub key: &'static str,
    /// Its value.
    pub value: Value,
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

    /// The main file.
    fn main_file(&self) -> PathBuf {
        self.file.clone().unwrap_or_else(|| STANDARD_FILE.into())
    }

    /// The file that changes at run time are written to.
    #[must_use]
    pub fn runtime_file(&self) -> PathBuf {
        self.main_file().with_file_name(RUNTIME_FILE)
    }

    pub(super) fn read_main(&self) -> Result<Option<Layer>, Problem> {
        read(Origin::File(self.main_file()), &self.main_file(), self.file.is_some())
    }

    /// What the runtime file says now; secrets included. None without one.
    ///
    /// # Errors
    /// When it cannot be read, or is not JSON.
    pub fn runtime(&self) -> Result<Option<Value>, Problem> {
        self.read_runtime().map(|layer| layer.map(|layer| layer.value))
    }

    /// Replaces the runtime file, whole or not at all.
    ///
    /// # Errors
    /// When its folder cannot be written to, or has no room.
    pub fn replace_runtime(&self, value: &Value) -> io::Result<Replaced> {
        persist::replace(&self.runtime_file(), value)
    }

    pub(super) fn read_runtime(&self) -> Result<Option<Layer>, Problem> {
        let path = self.runtime_file();
        read(Origin::Runtime(path.clone()), &path, false)
    }
}

fn read(origin: Origin, path: &Path, required: bool) -> Result<Option<Layer>, Problem> {
    let problem = |message: String| Problem { origin: origin.clone(), path: String::new(), message };
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
    let value = serde_json::from_str(&text).map_err(|error| problem(format!("is not JSON: {error}")))?;
    Ok(Some(Layer { origin, value }))
}
