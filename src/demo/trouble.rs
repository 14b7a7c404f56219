//! Trouble that somebody asked for: operations of the shop that are slow or fail, so that there is something for a
//! load test to find.

use std::{
    str::FromStr,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use super::tally::ROUTES;
use crate::loadtest::{nearest::nearest, span::Span};

/// Longest delay that can be asked for.
const LONGEST: Duration = Duration::from_secs(60);

/// An operation that takes longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slow {
    operation: &'static str,
    by: Duration,
}

/// An operation that fails for a share of its requests.
#[derive(Clone, Debug, PartialEq)]
pub struct Failing {
    operation: &'static str,
    /// 0 to 1.
    share: f64,
}

/// Why a text names no trouble.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TroubleError {
    /// It has no value.
    #[error("write an operation and a value, such as 'GET /search={0}'")]
    Malformed(&'static str),
    /// The shop has no such operation.
    #[error("the shop has no operation `{operation}`{}; GET / of the shop lists them", .meant.map_or(String::new(), |meant| format!(", did you mean `{meant}`?")))]
    Unknown {
        /// What was written.
        operation: String,
        /// What was probably meant.
        meant: Option<&'static str>,
    },
    /// The value is none.
    #[error("`{0}` is not {1}")]
    Value(String, &'static str),
}

fn operation(text: &str) -> Result<&'static str, TroubleError> {
    let known = &ROUTES[..ROUTES.len() - 1];
    let found = known.iter().find(|route| **route == text.trim());
    found.copied().ok_or_else(|| TroubleError::Unknown {
        operation: text.trim().to_owned(),
        meant: nearest(text.trim(), known.iter().copied()),
    })
}

impl FromStr for Slow {
    type Err = TroubleError;

    fn from_str(text: &str) -> Result<Self, TroubleError> {
        let (name, value) = text.rsplit_once('=').ok_or(TroubleError::Malformed("400ms"))?;
        let wrong = || TroubleError::Value(value.to_owned(), "a time of at most a minute, such as 400ms");
        let by = value.trim().parse::<Span>().map_err(|_| wrong())?.get();
        if by > LONGEST {
            return Err(wrong());
        }
        Ok(Self { operation: operation(name)?, by })
    }
}

impl FromStr for Failing {
    type Err = TroubleError;

    fn from_str(text: &str) -> Result<Self, TroubleError> {
        let (name, value) = text.rsplit_once('=').ok_or(TroubleError::Malformed("20%"))?;
        let share = value.trim().strip_suffix('%').and_then(|share| share.trim().parse::<f64>().ok());
        let share = share.filter(|share| (0.0..=100.0).contains(share));
        let share = share
            .ok_or_else(|| TroubleError::Value(value.to_owned(), "a share of 0% to 100%, such as 20%"))?;
        Ok(Self { operation: operation(name)?, share: share / 100.0 })
    }
}

/// All trouble of a shop.
#[derive(Debug, Default)]
pub struct Trouble {
    slow: Vec<Slow>,
    failing: Vec<(Failing, AtomicU64)>,
}

/// What one request runs into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hit {
    pub delay: Duration,
    pub fails: bool,
}

impl Trouble {
    /// These operations are slow, and those fail.
    #[must_use]
    pub fn new(slow: Vec<Slow>, failing: Vec<Failing>) -> Self {
        Self { slow, failing: failing.into_iter().map(|failing| (failing, AtomicU64::new(0))).collect() }
    }

    /// What a request of this operation runs into. Failures are spread evenly, so that tests can count on them.
    pub(super) fn hit(&self, method: &str, pattern: Option<&str>) -> Hit {
        if self.slow.is_empty() && self.failing.is_empty() {
            return Hit::default();
        }
        let asked =
            |operation: &str| operation.split_once(' ') == Some((method, pattern.unwrap_or_default()));
        let delay = self.slow.iter().filter(|slow| asked(slow.operation)).map(|slow| slow.by).sum();
        let fails = self.failing.iter().filter(|(failing, _)| asked(failing.operation)).fold(
            false,
            |hit, (of, count)| {
                #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 requests")]
                let before = count.fetch_add(1, Ordering::Relaxed) as f64;
                hit | (((before + 1.0) * of.share).floor() > (before * of.share).floor())
            },
        );
        Hit { delay, fails }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_written_as_an_operation_and_a_value() {
        let slow: Slow = "GET /search=400ms".parse().expect("it is right");
        let failing: Failing = "POST /checkout = 25%".parse().expect("it is right");
        let trouble = Trouble::new(vec![slow], vec![failing]);
        let hit = |method, pattern| trouble.hit(method, Some(pattern));
        assert_eq!(hit("GET", "/search"), Hit { delay: Duration::from_millis(400), fails: false });
        assert_eq!(hit("GET", "/products"), Hit::default());
        let failed = (0..100).filter(|_| hit("POST", "/checkout").fails).count();
        assert_eq!(failed, 25);
    }

    #[test]
    fn what_is_no_trouble_is_refused_with_a_way_out() {
        let refused = |text: &str| text.parse::<Slow>().expect_err(text).to_string();
        assert!(refused("GET /search").contains("such as 'GET /search=400ms'"));
        assert!(
            refused("GET /serch=1s").contains("did you mean `GET /search`?"),
            "{}",
            refused("GET /serch=1s")
        );
        assert!(refused("GET /search=soon").contains("`soon` is not a time"));
        assert!(refused("GET /search=2h").contains("at most a minute"));
        assert!("GET /search=120%".parse::<Failing>().is_err());
    }
}
