//! Reads the layers in order, checks each by itself, and merges what is left.

use std::fmt;

use figment::{
    Figment, Metadata, Profile, Provider,
    providers::Serialized,
    value::{Dict, Map},
};
use serde_json::Value;

use super::{
    Config,
    check::Checker,
    environment::{self, nested},
    error::{ConfigError, Problem},
    key::{Change, KEYS},
    limits,
    origin::Origin,
    sources::Sources,
};

/// What one place says about the configuration.
#[derive(Clone)]
pub(super) struct Layer {
    pub(super) origin: Origin,
    pub(super) value: Value,
}

impl fmt::Debug for Layer {
    /// The value may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Layer").field(&self.origin).finish()
    }
}

/// The configuration with all that it was made from.
#[derive(Clone)]
pub struct Layered {
    config: Config,
    /// All layers in one, secrets included.
    merged: Value,
    /// In their order; later ones win.
    layers: Vec<Layer>,
}

impl fmt::Debug for Layered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layered").field("config", &self.config).field("layers", &self.layers).finish()
    }
}

impl Layered {
    /// Reads all layers, checks each, and merges them.
    ///
    /// # Errors
    /// All problems of all layers at once, each with its layer and key.
    pub fn read(sources: &Sources) -> Result<Self, ConfigError> {
        Self::put_together(sources, sources.read_runtime())
    }

    /// As [`Layered::read`], with `runtime` in the place of the runtime file.
    ///
    /// # Errors
    /// All problems of all layers at once, each with its layer and key.
    pub fn read_with(sources: &Sources, runtime: Value) -> Result<Self, ConfigError> {
        let origin = Origin::Runtime(sources.runtime_file());
        Self::put_together(sources, Ok(Some(Layer { origin, value: runtime })))
    }

    fn put_together(sources: &Sources, runtime: Result<Option<Layer>, Problem>) -> Result<Self, ConfigError> {
        let checker = Checker::new();
        let mut problems = Vec::new();
        let mut layers = Vec::new();
        for file in [sources.read_main(), runtime] {
            match file {
                Ok(layer) => layers.extend(layer),
                Err(problem) => problems.push(problem),
            }
        }
        let (settings, refused) = environment::read(sources.environment.iter().cloned(), &checker.schema);
        layers.extend(settings);
        layers.extend(sources.flags.settings.iter().map(|setting| Layer {
            origin: Origin::Flag(setting.flag.to_owned()),
            value: nested(setting.key.split('.'), setting.value.clone()),
        }));
        problems.extend(layers.iter().flat_map(|layer| checker.problems(&layer.value, &layer.origin)));
        problems.extend(refused);
        if problems.is_empty() { merge(layers, sources) } else { Err(ConfigError { problems }) }
    }

    /// The configuration that all layers make.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The configuration alone.
    #[must_use]
    pub fn into_config(self) -> Config {
        self.config
    }

    /// What the runtime file says; secrets included. None without one.
    #[must_use]
    pub fn runtime(&self) -> Option<&Value> {
        self.layers.iter().find(|layer| matches!(layer.origin, Origin::Runtime(_))).map(|layer| &layer.value)
    }

    /// Where each key comes from that something says anything about.
    pub fn origins(&self) -> impl Iterator<Item = (&'static str, &Origin)> {
        KEYS.iter().filter_map(|(key, _)| {
            let last = self.layers.iter().rev().find(|layer| at(&layer.value, key).is_some())?;
            Some((*key, &last.origin))
        })
    }

    /// Keys that the runtime file sets in vain, and what overrides them.
    pub fn overridden(&self) -> impl Iterator<Item = (&'static str, &Origin)> {
        let set = |key| self.runtime().is_some_and(|runtime| at(runtime, key).is_some());
        self.origins().filter(move |(key, origin)| !matches!(origin, Origin::Runtime(_)) && set(key))
    }

    /// Whether `key` has the same value here and there.
    #[must_use]
    pub fn same(&self, key: &str, other: &Self) -> bool {
        at(&self.merged, key) == at(&other.merged, key)
    }

    /// This configuration as far as it can be had without a restart of what began with `started`.
    #[must_use]
    pub fn in_effect(&self, started: &Self) -> Config {
        let mut merged = self.merged.clone();
        for (key, _) in KEYS.iter().filter(|(_, change)| *change != Change::Live) {
            let pointer = format!("/{}", key.replace('.', "/"));
            if let (Some(now), Some(then)) = (merged.pointer_mut(&pointer), at(&started.merged, key)) {
                *now = then.clone();
            }
        }
        serde_json::from_value(merged).expect("each value of it was read before")
    }
}

/// What `layer` says about `key`.
#[must_use]
pub fn at<'a>(layer: &'a Value, key: &str) -> Option<&'a Value> {
    key.split('.').try_fold(layer, |part, step| part.get(step))
}

fn merge(mut layers: Vec<Layer>, sources: &Sources) -> Result<Layered, ConfigError> {
    let defaults = Figment::from(Serialized::defaults(Config::default()));
    let mut figment = layers.iter().fold(defaults, |figment, layer| figment.merge(layer));
    if !sources.flags.allow_targets.is_empty() {
        let mut allow: Vec<String> = figment.extract_inner("load.targets.allow").unwrap_or_default();
        allow.extend(sources.flags.allow_targets.iter().cloned());
        let origin = Origin::Flag("--allow-target".to_owned());
        let layer = Layer { origin, value: nested("load.targets.allow".split('.'), allow.into()) };
        figment = figment.merge(&layer);
        layers.push(layer);
    }
    let origin_of = |metadata: Option<&Metadata>| {
        let named = |layer: &&Layer| metadata.is_some_and(|m| m.name == layer.origin.to_string());
        layers.iter().find(named).map_or(Origin::Default, |layer| layer.origin.clone())
    };
    let refused = |error: figment::Error| ConfigError {
        problems: error.into_iter().map(|error| refused_by_types(&error, &origin_of)).collect(),
    };
    let config: Config = figment.extract().map_err(refused)?;
    let problems: Vec<Problem> = limits::refused(&config)
        .map(|(path, message)| Problem {
            origin: origin_of(figment.find_metadata(path)),
            path: path.to_owned(),
            message,
        })
        .collect();
    if !problems.is_empty() {
        return Err(ConfigError { problems });
    }
    let merged = merged(&layers, &config);
    Ok(Layered { config, merged, layers })
}

/// The configuration as it is written, with the secrets in it.
fn merged(layers: &[Layer], config: &Config) -> Value {
    let mut merged = serde_json::to_value(config).expect("it has text keys only");
    let secrets = KEYS.iter().filter(|(_, change)| *change == Change::Secret);
    for (key, _) in secrets {
        let pointer = format!("/{}", key.replace('.', "/"));
        let place = merged.pointer_mut(&pointer).expect("every key has a value");
        for value in layers.iter().filter_map(|layer| at(&layer.value, key)) {
            match (place.as_object_mut(), value.as_object()) {
                (Some(all), Some(these)) => all.extend(these.clone()),
                _ => *place = value.clone(),
            }
        }
    }
    merged
}

impl Provider for &Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.to_string())
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        Serialized::defaults(&self.value).data()
    }
}

/// What the types refuse though the schema does not, such as a duration beyond the longest.
fn refused_by_types(error: &figment::Error, origin: &impl Fn(Option<&Metadata>) -> Origin) -> Problem {
    Problem {
        origin: origin(error.metadata.as_ref()),
        path: error.path.join("."),
        message: error.kind.to_string(),
    }
}

#[cfg(test)]
mod tests;
