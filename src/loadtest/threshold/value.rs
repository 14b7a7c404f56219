//! The value of a rule, with its unit.

use super::{Measure, Op, Stat, ThresholdError};

/// Reads a value in the unit that the measure has.
pub(super) fn parse(measure: Measure, op: Op, text: &str) -> Result<f64, ThresholdError> {
    let (value, name, wanted) = match measure {
        Measure::Latency { .. } => {
            (milliseconds(text), "latency", "write a time with its unit us, ms, s or m, such as 500ms")
        }
        Measure::ErrorRate => (ratio(text), "error_rate", "write a percentage such as 1%"),
        Measure::Checks => (ratio(text), "checks", "write a percentage such as 99%"),
        Measure::Failures => (
            number(text).filter(|count| count.fract() == 0.0),
            "failures",
            "write a whole number of requests, such as 10",
        ),
        Measure::Rps => (
            number(text.strip_suffix("/s").unwrap_or(text).trim_end()),
            "rps",
            "write a number of requests per second, such as 100",
        ),
        Measure::GeneratorLimited => {
            (switch(op, text), "generator.limited", "write `generator.limited == false`")
        }
    };
    value.ok_or_else(|| ThresholdError::Value { value: text.to_owned(), measure: name.to_owned(), wanted })
}

/// Any percentile above 0 and below 100, with up to three decimals: `p75`, `p99.95`.
pub(super) fn percentile(name: &str) -> Option<Stat> {
    let digits = name.strip_prefix('p')?;
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(w, d)| (w, Some(d)));
    let is_short =
        |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !is_short(whole, 2) || decimals.is_some_and(|decimals| !is_short(decimals, 3)) {
        return None;
    }
    let decimals: u32 = format!("{:0<3}", decimals.unwrap_or_default()).parse().ok()?;
    let thousandths = whole.parse::<u32>().ok()? * 1000 + decimals;
    (thousandths > 0).then_some(Stat::Percentile(thousandths))
}

fn number(text: &str) -> Option<f64> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    plain.then(|| text.parse().ok())?.filter(|value: &f64| value.is_finite())
}

fn milliseconds(text: &str) -> Option<f64> {
    let units = [("us", 0.001), ("µs", 0.001), ("ms", 1.0), ("s", 1000.0), ("m", 60_000.0)];
    let (digits, size) =
        units.iter().find_map(|(unit, size)| text.strip_suffix(unit).map(|digits| (digits, size)))?;
    Some(number(digits.trim_end())? * size)
}

/// A percentage, or a ratio below 1: a bare `1` could mean either and is refused.
fn ratio(text: &str) -> Option<f64> {
    match text.strip_suffix('%') {
        Some(percent) => {
            number(percent.trim_end()).map(|percent| percent / 100.0).filter(|ratio| *ratio <= 1.0)
        }
        None => number(text).filter(|ratio| *ratio < 1.0),
    }
}

fn switch(op: Op, text: &str) -> Option<f64> {
    match (op, text) {
        (Op::Eq | Op::Ne, "false") | (_, "0") => Some(0.0),
        (Op::Eq | Op::Ne, "true") | (_, "1") => Some(1.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_percentile_below_a_hundred_is_read() {
        for (name, thousandths) in
            [("p75", 75_000), ("p99.9", 99_900), ("p5", 5000), ("p0.001", 1), ("p99.95", 99_950)]
        {
            assert_eq!(percentile(name), Some(Stat::Percentile(thousandths)), "{name}");
        }
        for name in ["p", "p0", "p100", "p99.", "p99.9999", "p-1", "p 5", "75", "p0.000", "p9x"] {
            assert_eq!(percentile(name), None, "{name}");
        }
    }
}
