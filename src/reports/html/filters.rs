//! How the template writes numbers.
#![expect(clippy::unnecessary_wraps, reason = "the signature of a template filter")]

use askama::{Result, Values};

use crate::reports::number;

/// A count with thousands separators.
#[askama::filter_fn]
pub fn count(value: &u64, _: &dyn Values) -> Result<String> {
    Ok(number::count(*value))
}

/// A count of users.
#[askama::filter_fn]
pub fn users(value: &u32, _: &dyn Values) -> Result<String> {
    Ok(number::count(u64::from(*value)))
}

/// A time in milliseconds.
#[askama::filter_fn]
pub fn ms(value: &f64, _: &dyn Values) -> Result<String> {
    Ok(number::ms(*value))
}

/// A length of time in seconds.
#[askama::filter_fn]
pub fn span(value: &f64, _: &dyn Values) -> Result<String> {
    Ok(number::span(*value))
}

/// A share of 0 to 1 as a percentage.
#[askama::filter_fn]
pub fn percent(value: &f64, _: &dyn Values) -> Result<String> {
    Ok(number::percent(*value))
}

/// A rate for one second.
#[askama::filter_fn]
pub fn rate(value: &f64, _: &dyn Values) -> Result<String> {
    Ok(number::rate(*value))
}

/// Bytes in decimal units.
#[askama::filter_fn]
pub fn bytes(value: &u64, _: &dyn Values) -> Result<String> {
    Ok(number::bytes(*value))
}

/// Three significant digits.
#[askama::filter_fn]
pub fn digits(value: &f64, _: &dyn Values) -> Result<String> {
    Ok(number::three_digits(*value))
}

/// A share of 0 to 1 as a width in percent, within bounds.
#[askama::filter_fn]
pub fn width(value: &f64, _: &dyn Values) -> Result<String> {
    Ok(format!("{:.2}", if value.is_finite() { value.clamp(0.0, 1.0) * 100.0 } else { 0.0 }))
}

/// A figure for sorting by.
#[askama::filter_fn]
pub fn sort(value: &f64, _: &dyn Values) -> Result<String> {
    Ok(if value.is_finite() { value.to_string() } else { "-1".to_owned() })
}
