//! Pass or fail rules: `p95 < 500ms`, `error_rate < 1%`, `p99{GET product} < 800ms`.

use std::{fmt, str::FromStr};

use super::nearest::{listed, nearest};

mod value;

/// A rule about one measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The rule as written.
    pub source: String,
    /// What is measured.
    pub measure: Measure,
    /// What it is narrowed to.
    pub filter: Option<Filter>,
    /// How it is compared.
    pub op: Op,
    /// What it is compared with: milliseconds for latency, 0 to 1 for rates and `checks`, else a
    /// count or a number per second; 0 or 1 for `generator.limited`.
    pub value: f64,
}

/// What a rule measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Response time.
    Latency {
        /// Which figure of it.
        stat: Stat,
        /// Whether it counts from when the request was meant to be sent.
        corrected: bool,
    },
    /// Failures by requests, 0 to 1.
    ErrorRate,
    /// Failed requests.
    Failures,
    /// Requests per second.
    Rps,
    /// Checks that held by checks made, 0 to 1.
    Checks,
    /// Whether the generator was the bottleneck, 0 or 1.
    GeneratorLimited,
}

/// A figure of the response time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Stat {
    Min,
    Avg,
    /// A percentile in thousandths of a percent: 99,900 is p99.9.
    Percentile(u32),
    Max,
}

/// What a rule is narrowed to. A name in braces is the request of that name, else the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Requests of this name.
    Request(String),
    /// Requests of this scenario.
    Scenario(String),
    /// Answers of a status class, 2 for `2xx`.
    StatusClass(u8),
    /// Answers with this status.
    Status(u16),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Op {
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
}

/// Why a text is not a threshold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThresholdError {
    /// Not a measure, an operator and a value.
    #[error(
        "`{0}` is not a threshold: write a measure, an operator and a value, such as `p95 < 500ms` or `error_rate{{GET product}} < 1%`"
    )]
    Malformed(String),
    /// A measure that does not exist.
    #[error(
        "`{name}` is not a measure: there are {}, and any percentile such as p75 or p99.95",
        listed(NAMES)
    )]
    UnknownMeasure {
        /// What was written.
        name: String,
        /// What was probably meant.
        nearest: Option<String>,
    },
    /// A value that the measure does not take.
    #[error("`{value}` is not a value for `{measure}`: {wanted}")]
    Value {
        /// What was written.
        value: String,
        /// The measure.
        measure: String,
        /// What it takes.
        wanted: &'static str,
    },
    /// A name in braces that nothing has.
    #[error("nothing is named `{name}`: in braces stands a request ({}), a scenario ({}), or a status such as 2xx or 404", listed(.requests.iter().map(String::as_str)), listed(.scenarios.iter().map(String::as_str)))]
    UnknownName {
        /// What was written.
        name: String,
        /// What was probably meant.
        nearest: Option<String>,
        /// Names of requests.
        requests: Vec<String>,
        /// Names of scenarios.
        scenarios: Vec<String>,
    },
    /// A filter that the measure does not take.
    #[error("`{0}` cannot be narrowed to {1}: {2}")]
    Filter(&'static str, &'static str, &'static str),
}

impl ThresholdError {
    /// What was probably meant.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownMeasure { nearest, .. } | Self::UnknownName { nearest, .. } => nearest.as_deref(),
            _ => None,
        }
    }
}

const STATS: [(&str, Stat); 8] = [
    ("min", Stat::Min),
    ("avg", Stat::Avg),
    ("p50", Stat::Percentile(50_000)),
    ("p90", Stat::Percentile(90_000)),
    ("p95", Stat::Percentile(95_000)),
    ("p99", Stat::Percentile(99_000)),
    ("p999", Stat::Percentile(99_900)),
    ("max", Stat::Max),
];
const OTHERS: [(&str, Measure); 5] = [
    ("error_rate", Measure::ErrorRate),
    ("failures", Measure::Failures),
    ("rps", Measure::Rps),
    ("checks", Measure::Checks),
    ("generator.limited", Measure::GeneratorLimited),
];
const NAMES: [&str; 14] = [
    "min",
    "avg",
    "p50",
    "p90",
    "p95",
    "p99",
    "p999",
    "max",
    "corrected.p99",
    "error_rate",
    "failures",
    "rps",
    "checks",
    "generator.limited",
];
/// Longer ones first, so that `<=` is not read as `<`.
const OPS: [(&str, Op); 6] =
    [("<=", Op::Le), (">=", Op::Ge), ("==", Op::Eq), ("!=", Op::Ne), ("<", Op::Lt), (">", Op::Gt)];

impl Threshold {
    /// Parses a rule; names in braces are looked up among those of the test.
    pub fn parse(text: &str, requests: &[&str], scenarios: &[&str]) -> Result<Self, ThresholdError> {
        let malformed = || ThresholdError::Malformed(text.to_owned());
        let source = text.trim();
        let (head, filter, rest) = braces(source).ok_or_else(malformed)?;
        let (name, op, value) = match filter {
            Some(_) => {
                let (before, op, value) = split_op(rest).ok_or_else(malformed)?;
                if !before.is_empty() {
                    return Err(malformed());
                }
                (head, op, value)
            }
            None => split_op(rest).ok_or_else(malformed)?,
        };
        let measure: Measure = name.parse()?;
        let filter = filter.map(|name| Filter::find(name, requests, scenarios)).transpose()?;
        measure.takes(filter.as_ref())?;
        let value = value::parse(measure, op, value)?;
        Ok(Self { source: source.to_owned(), measure, filter, op, value })
    }

    /// Whether the rule holds for what was observed, in the unit of [`Threshold::value`].
    #[must_use]
    pub fn holds(&self, observed: f64) -> bool {
        self.op.holds(observed, self.value)
    }
}

impl Op {
    /// Whether `observed` compares so with `limit`.
    #[must_use]
    #[expect(clippy::float_cmp, reason = "equality is what the user asked for")]
    pub fn holds(self, observed: f64, limit: f64) -> bool {
        match self {
            Self::Lt => observed < limit,
            Self::Le => observed <= limit,
            Self::Gt => observed > limit,
            Self::Ge => observed >= limit,
            Self::Eq => observed == limit,
            Self::Ne => observed != limit,
        }
    }

    /// The operator that a text begins with, and what follows it.
    pub(super) fn strip(text: &str) -> Option<(Self, &str)> {
        OPS.iter().find_map(|(symbol, op)| text.strip_prefix(symbol).map(|rest| (*op, rest.trim_start())))
    }
}

/// Cuts the braces out. A request's name may hold braces of its own: the outermost ones count.
fn braces(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let Some(open) = text.find('{') else {
        return Some(("", None, text));
    };
    let close = text.rfind('}').filter(|close| *close > open)?;
    Some((text[..open].trim(), Some(text[open + 1..close].trim()), text[close + 1..].trim()))
}

fn split_op(text: &str) -> Option<(&str, Op, &str)> {
    let at = text.find(['<', '>', '=', '!'])?;
    let (op, value) = Op::strip(&text[at..])?;
    Some((text[..at].trim(), op, value.trim_end()))
}

impl Measure {
    /// Whether the measure is kept for what a filter names.
    fn takes(self, filter: Option<&Filter>) -> Result<(), ThresholdError> {
        let name = match self {
            Self::Latency { corrected: true, .. } => "corrected latency",
            Self::Latency { .. } => return Ok(()),
            Self::ErrorRate => "error_rate",
            Self::Failures => "failures",
            Self::Rps => "rps",
            Self::Checks => "checks",
            Self::GeneratorLimited => "generator.limited",
        };
        match (self, filter) {
            (_, None) => Ok(()),
            (Self::GeneratorLimited, Some(_)) => Err(ThresholdError::Filter(
                name,
                "a part of the test",
                "it is about the whole run; leave the braces out",
            )),
            (_, Some(Filter::Status(_) | Filter::StatusClass(_))) => Err(ThresholdError::Filter(
                name,
                "a status",
                "only response times from sending are kept by status",
            )),
            _ => Ok(()),
        }
    }
}

impl FromStr for Measure {
    type Err = ThresholdError;

    fn from_str(name: &str) -> Result<Self, ThresholdError> {
        if let Some((_, measure)) = OTHERS.iter().find(|(known, _)| *known == name) {
            return Ok(*measure);
        }
        let (stat, corrected) = match name.strip_prefix("corrected.") {
            Some(stat) => (stat, true),
            None => (name, false),
        };
        let known = STATS.iter().find(|(known, _)| *known == stat).map(|(_, stat)| *stat);
        match known.or_else(|| value::percentile(stat)) {
            Some(stat) => Ok(Self::Latency { stat, corrected }),
            None => Err(ThresholdError::UnknownMeasure {
                name: name.to_owned(),
                nearest: nearest(name, NAMES).map(str::to_owned),
            }),
        }
    }
}

impl Filter {
    fn find(name: &str, requests: &[&str], scenarios: &[&str]) -> Result<Self, ThresholdError> {
        if requests.contains(&name) {
            return Ok(Self::Request(name.to_owned()));
        }
        let scenario = name.strip_prefix("scenario ").map_or(name, str::trim);
        if scenarios.contains(&scenario) {
            return Ok(Self::Scenario(scenario.to_owned()));
        }
        if let [class @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] = name.as_bytes() {
            return Ok(Self::StatusClass(class - b'0'));
        }
        match name.parse() {
            Ok(status @ 100..=599) => Ok(Self::Status(status)),
            _ => Err(ThresholdError::UnknownName {
                name: name.to_owned(),
                nearest: nearest(name, requests.iter().chain(scenarios).copied()).map(str::to_owned),
                requests: requests.iter().map(|name| (*name).to_owned()).collect(),
                scenarios: scenarios.iter().map(|name| (*name).to_owned()).collect(),
            }),
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(name) => f.write_str(name),
            Self::Scenario(name) => write!(f, "scenario {name}"),
            Self::StatusClass(class) => write!(f, "{class}xx"),
            Self::Status(status) => write!(f, "{status}"),
        }
    }
}

#[cfg(test)]
mod tests;
