//! Flags that several subcommands share, and how their values are written.

use std::{fmt, path::PathBuf, str::FromStr};

use clap::Args;

use crate::loadtest::{span::Span, types::Stage};

/// Flags that every subcommand takes.
#[derive(Args, Clone, Debug)]
pub(super) struct GlobalFlags {
    /// Read this configuration instead of ./config.json
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub(super) config: Option<PathBuf>,
    /// Use no colours; the variable NO_COLOR says the same
    #[arg(long, global = true, help_heading = "Global options")]
    pub(super) no_color: bool,
    /// Say only results and errors: no live display, no notes
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(super) quiet: bool,
}

/// A value that a document may read as `${env:NAME}`. The value may be a secret and is never shown.
#[derive(Clone)]
pub(super) struct Assignment {
    pub(super) name: String,
    pub(super) value: String,
}

impl fmt::Debug for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=***", self.name)
    }
}

impl FromStr for Assignment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() => {
                Ok(Self { name: name.to_owned(), value: value.to_owned() })
            }
            _ => Err("write NAME=VALUE"),
        }
    }
}

/// Reads `10s:100`: 100 users at the end of 10 s.
pub(super) fn stage(text: &str) -> Result<Stage, String> {
    let (duration, target) = text.split_once(':').ok_or("write DURATION:USERS, such as 10s:100")?;
    let duration: Span = duration.parse().map_err(|error: <Span as FromStr>::Err| error.to_string())?;
    let target: f64 = target.trim().parse().map_err(|_| format!("`{target}` is not a number of users"))?;
    match target.is_finite() && target >= 0.0 {
        true => Ok(Stage { duration, target }),
        false => Err(format!("`{target}` is not a number of users")),
    }
}

/// Reads `10%` or `10` as 0.1.
pub(super) fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim();
    match number.parse::<f64>() {
        Ok(percent) if (0.0..=100_000.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("write a percentage, such as 10%".to_owned()),
    }
}

/// Reads a number that is not negative.
pub(super) fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate >= 0.0 => Ok(rate),
        _ => Err("write a number per second, such as 200".to_owned()),
    }
}

/// Most characters of notes about a run.
const LONGEST_NOTES: usize = 10_000;

/// Reads notes about a run.
pub(super) fn notes(text: &str) -> Result<String, String> {
    let characters = text.chars().count();
    if characters > LONGEST_NOTES {
        return Err(format!(
            "{characters} characters are more than {LONGEST_NOTES}; shorten the notes or link to them"
        ));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_panics(text in any::<String>()) {
            stage(&text).ok();
            percent(&text).ok();
            rate(&text).ok();
            Assignment::from_str(&text).ok();
        }
    }

    #[test]
    fn values_are_read() {
        assert_eq!(stage("1m:50"), Ok(Stage { duration: Span::from_secs(60), target: 50.0 }));
        assert!(stage("10s").is_err() && stage("10s:-1").is_err() && stage("10s:inf").is_err());
        assert_eq!(percent(" 10 % "), Ok(0.1));
        assert!(percent("-1%").is_err() && rate("NaN").is_err());
        let secret: Assignment = "TOKEN=a=b".parse().expect("an assignment");
        assert_eq!((secret.value.as_str(), format!("{secret:?}").as_str()), ("a=b", "TOKEN=***"));
    }
}
