//! Limits in checks, such as `< 800ms` and `> 10kb`, and the patterns that requests compile.

use regex::{Regex, RegexBuilder};
use serde_json_path::JsonPath;

use super::threshold::Op;

/// A comparison with a fixed number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// How it is compared.
    pub op: Op,
    /// What it is compared with: milliseconds or bytes.
    pub value: f64,
}

impl Limit {
    /// Parses a limit of time, in milliseconds.
    pub fn time(text: &str) -> Result<Self, LimitError> {
        const UNITS: [(&str, f64); 4] = [("us", 0.001), ("ms", 1.0), ("s", 1000.0), ("m", 60_000.0)];
        Self::parse(text, &UNITS).ok_or_else(|| LimitError::Time(text.to_owned()))
    }

    /// Parses a limit of size, in bytes.
    pub fn size(text: &str) -> Result<Self, LimitError> {
        const UNITS: [(&str, f64); 4] = [("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("b", 1.0)];
        Self::parse(&text.to_ascii_lowercase(), &UNITS).ok_or_else(|| LimitError::Size(text.to_owned()))
    }

    fn parse(text: &str, units: &[(&str, f64)]) -> Option<Self> {
        let (op, rest) = Op::strip(text.trim())?;
        let (digits, size) = units
            .iter()
            .find_map(|(unit, size)| rest.strip_suffix(unit).map(|digits| (digits.trim(), size)))?;
        let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let number: f64 = plain.then(|| digits.parse().ok())??;
        Some(Self { op, value: number * size })
    }

    /// Whether the limit holds for what was observed.
    #[must_use]
    pub fn holds(&self, observed: f64) -> bool {
        self.op.holds(observed, self.value)
    }
}

/// Why a text is not a limit or pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// Not a limit of time.
    #[error("`{0}` is not a limit of time: write an operator and a time, such as `< 800ms`")]
    Time(String),
    /// Not a limit of size.
    #[error("`{0}` is not a limit of size: write an operator and a size in b, kb or mb, such as `< 10kb`")]
    Size(String),
    /// Not a regular expression.
    #[error("is not a regular expression: {0}")]
    Regex(String),
    /// Not a JSONPath.
    #[error("is not a JSONPath (RFC 9535): {0}; it looks like `$.items[0].sku`")]
    JsonPath(String),
}

/// Compiles a regular expression, bounded in size.
pub fn regex(text: &str) -> Result<Regex, LimitError> {
    const LARGEST: usize = 1 << 20;
    RegexBuilder::new(text).size_limit(LARGEST).build().map_err(|error| {
        let text = error.to_string();
        LimitError::Regex(text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
    })
}

/// Compiles a JSONPath.
pub fn json_path(text: &str) -> Result<JsonPath, LimitError> {
    JsonPath::parse(text).map_err(|error| LimitError::JsonPath(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_operator_number_and_unit() {
        let limit = Limit::time("< 0.8s").expect("a limit");
        assert!(limit.holds(799.0) && !limit.holds(800.0));
        assert_eq!(Limit::size(">=10KB"), Ok(Limit { op: Op::Ge, value: 10_000.0 }));
        for wrong in ["800ms", "< 800", "< ms", "<", "", "~ 5ms", "< -5ms"] {
            assert!(Limit::time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn patterns_are_bounded() {
        assert!(regex(r"(\w{1000}){1000}").is_err());
        assert!(regex("(").is_err() && regex(r"id=(\d+)").is_ok());
        assert!(json_path("$.a[0]").is_ok() && json_path("a..").is_err());
    }
}
