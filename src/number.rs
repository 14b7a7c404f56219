//! Numbers for people: with units, few digits, and never `NaN`.

/// What stands where there is nothing to show.
pub const NOTHING: &str = "-";

/// A count with thousands separators: `12,345`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count in at most six characters or so from ten million up: `12.3M`.
pub fn compact(value: u64) -> String {
    const UNITS: [(f64, &str); 5] = [(1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M")];
    if value < 10_000_000 {
        return count(value);
    }
    let value = value as f64;
    let (size, unit) = UNITS.into_iter().find(|(size, _)| value >= *size).unwrap_or((1e6, "M"));
    format!("{}{unit}", three_digits(value / size))
}

/// A time in milliseconds: `0.421 ms`, `42.1 ms`, `1.23 s`, `2m 05s`.
pub fn ms(value: f64) -> String {
    match value {
        v if !v.is_finite() => NOTHING.to_owned(),
        v if v < 999.5 => format!("{} ms", three_digits(v)),
        v if v < 59_995.0 => format!("{} s", three_digits(v / 1000.0)),
        v => span(v / 1000.0),
    }
}

/// A length of time in seconds: `0.5 s`, `30 s`, `1m 30s`, `2h 05m`.
pub fn span(seconds: f64) -> String {
    if !seconds.is_finite() {
        return NOTHING.to_owned();
    }
    if seconds < 59.95 {
        return format!("{} s", one_digit(seconds));
    }
    let whole = seconds.round() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, minutes, seconds) => format!("{minutes}m {seconds:02}s"),
        (hours, minutes, _) => format!("{}h {minutes:02}m", count(hours)),
    }
}

/// A share of 0 to 1 as a percentage; a small one is never shown as none.
pub fn percent(share: f64) -> String {
    match share * 100.0 {
        v if !v.is_finite() => NOTHING.to_owned(),
        0.0 => "0%".to_owned(),
        v if v.abs() < 0.01 => "<0.01%".to_owned(),
        v if v.abs() < 10.0 => format!("{v:.2}%"),
        v if v < 100.0 && v > 99.95 => "99.9%".to_owned(),
        v => format!("{}%", one_digit(v)),
    }
}

/// One digit after the point, unless it is a zero.
fn one_digit(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// A change of a share, signed: `+12.3%`.
pub fn change(share: f64) -> String {
    match share * 100.0 {
        v if v.is_nan() => NOTHING.to_owned(),
        v if v.is_infinite() => "new".to_owned(),
        v if v.abs() < 0.05 => "0.0%".to_owned(),
        v if v.abs() < 1000.0 => format!("{v:+.1}%"),
        v => format!("{v:+.0}%"),
    }
}

/// A rate for one second, without its unit: `1,234`, `12.3`.
pub fn rate(value: f64) -> String {
    match value {
        v if !v.is_finite() => NOTHING.to_owned(),
        v if v >= 999.5 => count(v.round() as u64),
        v => three_digits(v),
    }
}

/// Bytes in decimal units: `1.23 MB`.
pub fn bytes(value: u64) -> String {
    const UNITS: [(f64, &str); 6] =
        [(1e18, "EB"), (1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let size = value as f64;
    match UNITS.into_iter().find(|(unit, _)| size >= *unit) {
        Some((unit, name)) => format!("{} {name}", three_digits(size / unit)),
        None => format!("{value} B"),
    }
}

/// Three significant digits, fewer for nothing, no trailing point.
pub fn three_digits(value: f64) -> String {
    match value.abs() {
        v if !v.is_finite() => NOTHING.to_owned(),
        0.0 => "0".to_owned(),
        v if v < 0.9995 => format!("{value:.3}"),
        v if v < 9.995 => format!("{value:.2}"),
        v if v < 99.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// "1 request", "2 requests".
pub fn plural(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(value), if value == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well_at_every_size() {
        let times: Vec<_> =
            [0.0, 0.0421, 0.9996, 4.2, 42.14, 999.4, 999.6, 1234.0, 125_000.0, 1e7].map(ms).into();
        insta::assert_snapshot!(times.join(" | "), @"0 ms | 0.042 ms | 1.00 ms | 4.20 ms | 42.1 ms | 999 ms | 1.00 s | 1.23 s | 2m 05s | 2h 46m");
        let counts: Vec<_> = [0, 999, 1000, 9_999_999, 12_345_678, u64::MAX].map(compact).into();
        insta::assert_snapshot!(counts.join(" | "), @"0 | 999 | 1,000 | 9,999,999 | 12.3M | 18.4E");
        let shares: Vec<_> = [0.0, 0.000_01, 0.0123, 0.5, 0.9999, 1.0].map(percent).into();
        insta::assert_snapshot!(shares.join(" | "), @"0% | <0.01% | 1.23% | 50% | 99.9% | 100%");
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(bytes(u64::MAX), "18.4 EB");
        assert_eq!((span(30.0), span(0.25), span(3725.0)), ("30 s".into(), "0.2 s".into(), "1h 02m".into()));
    }

    #[test]
    fn no_figure_is_ever_nan() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for text in [ms(value), span(value), percent(value), rate(value), three_digits(value)] {
                assert_eq!(text, NOTHING);
            }
        }
    }
}
