//! Bounds of checks: `< 800ms` on the response time, `< 10kb` on the body.

use super::{span::Span, types::CheckOp};

/// A comparison with a fixed value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// How it is compared.
    pub op: CheckOp,
    /// What it is compared with: microseconds, or bytes.
    pub value: f64,
}

/// Why a text is not a bound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoundError {
    /// Not an operator and a duration.
    #[error("`{0}` is not a bound on time: write an operator and a duration, such as `< 800ms`")]
    Time(String),
    /// Not an operator and a size.
    #[error("`{0}` is not a bound on size: write an operator and a size in b, kb or mb, such as `< 10kb`")]
    Size(String),
}

const OPS: [(&str, CheckOp); 6] = [
    ("<=", CheckOp::Le),
    (">=", CheckOp::Ge),
    ("==", CheckOp::Eq),
    ("!=", CheckOp::Ne),
    ("<", CheckOp::Lt),
    (">", CheckOp::Gt),
];

fn split(text: &str) -> Option<(CheckOp, &str)> {
    let text = text.trim();
    OPS.iter().find_map(|(symbol, op)| Some((*op, text.strip_prefix(symbol)?.trim())))
}

impl Bound {
    /// Reads a bound on time; its value is in microseconds.
    ///
    /// # Errors
    /// When it is not an operator and a duration.
    pub fn time(text: &str) -> Result<Self, BoundError> {
        let parsed = split(text).and_then(|(op, span)| {
            let span: Span = span.parse().ok()?;
            Some(Self { op, value: span.get().as_secs_f64() * 1e6 })
        });
        parsed.ok_or_else(|| BoundError::Time(text.to_owned()))
    }

    /// Reads a bound on size; its value is in bytes, a kb being 1000 of them.
    ///
    /// # Errors
    /// When it is not an operator and a size.
    pub fn size(text: &str) -> Result<Self, BoundError> {
        let parsed = split(text).and_then(|(op, size)| {
            let size = size.to_ascii_lowercase();
            let units = [("mb", 1e6), ("kb", 1e3), ("b", 1.0), ("", 1.0)];
            let (number, unit) =
                units.iter().find_map(|(name, unit)| Some((size.strip_suffix(name)?, unit)))?;
            let number: f64 = number.trim().parse().ok().filter(|n: &f64| n.is_finite() && *n >= 0.0)?;
            Some(Self { op, value: number * unit })
        });
        parsed.ok_or_else(|| BoundError::Size(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_carry_their_unit() {
        assert_eq!(Bound::time("< 800ms"), Ok(Bound { op: CheckOp::Lt, value: 800_000.0 }));
        assert_eq!(Bound::time(">=1s"), Ok(Bound { op: CheckOp::Ge, value: 1_000_000.0 }));
        assert_eq!(Bound::size("<= 10kb"), Ok(Bound { op: CheckOp::Le, value: 10_000.0 }));
        assert_eq!(Bound::size("> 0"), Ok(Bound { op: CheckOp::Gt, value: 0.0 }));
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for text in ["", "800ms", "< fast", "< -1s", "~ 1s"] {
            assert!(Bound::time(text).is_err(), "{text}");
        }
        let error = Bound::size("< 10 potatoes").expect_err("refused").to_string();
        assert!(error.contains("10 potatoes") && error.contains("< 10kb"), "{error}");
    }
}
