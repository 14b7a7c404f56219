//! What a YAML scalar means: the core schema of YAML 1.2.

use saphyr_parser::{ScalarStyle, Tag};
use serde_json::{Number, Value};

/// The value of a scalar, or why it has none.
pub(super) fn value(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, String> {
    match tag {
        None if style == ScalarStyle::Plain => plain(text),
        None => Ok(Value::String(text.to_owned())),
        Some(tag) if tag.handle == "!" && tag.suffix.is_empty() => Ok(Value::String(text.to_owned())),
        Some(tag) if tag.is_yaml_core_schema() => tagged(text, &tag.suffix),
        Some(tag) => Err(unsupported(tag)),
    }
}

/// The message for a tag that means nothing here.
pub(super) fn unsupported(tag: &Tag) -> String {
    let shown = if tag.is_yaml_core_schema() { format!("!!{}", tag.suffix) } else { tag.to_string() };
    format!("the tag `{shown}` is not supported: leave it out")
}

fn tagged(text: &str, kind: &str) -> Result<Value, String> {
    let value = if kind == "str" { Value::String(text.to_owned()) } else { plain(text)? };
    let fits = match kind {
        "str" => true,
        "int" => value.is_i64() || value.is_u64(),
        "float" => value.is_number(),
        "bool" => value.is_boolean(),
        "null" => value.is_null(),
        _ => return Err(format!("the tag `!!{kind}` is not supported here: leave it out")),
    };
    if fits {
        Ok(value)
    } else {
        Err(format!("`{text}` is not what its tag `!!{kind}` says: leave the tag out"))
    }
}

/// The value of a scalar without quotes and tag, or why it has none.
pub(crate) fn plain(text: &str) -> Result<Value, String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        _ => {}
    }
    match number(text) {
        Some(Some(number)) => Ok(Value::Number(number)),
        Some(None) => Err(format!("the number `{text}` cannot be kept exactly: put it in quotes")),
        None => Ok(Value::String(text.to_owned())),
    }
}

/// `None` when the text is no number, `Some(None)` when it is one that cannot be kept.
fn number(text: &str) -> Option<Option<Number>> {
    if let Some(digits) = text.strip_prefix("0x").filter(|digits| !digits.is_empty()) {
        let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        return hex.then(|| u64::from_str_radix(digits, 16).ok().map(Number::from));
    }
    if let Some(digits) = text.strip_prefix("0o").filter(|digits| !digits.is_empty()) {
        let octal = digits.bytes().all(|b| matches!(b, b'0'..=b'7'));
        return octal.then(|| u64::from_str_radix(digits, 8).ok().map(Number::from));
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(None);
    }
    if !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit()) {
        return Some(integer(text));
    }
    is_float(unsigned).then(|| text.parse().ok().and_then(Number::from_f64))
}

fn integer(text: &str) -> Option<Number> {
    let text = text.strip_prefix('+').unwrap_or(text);
    text.parse::<u64>().map(Number::from).or_else(|_| text.parse::<i64>().map(Number::from)).ok()
}

/// `[0-9]* [. [0-9]*] [e [-+] [0-9]+]` with at least one digit before the exponent.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_fits = exponent.is_none_or(|exponent| {
        let unsigned = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !unsigned.is_empty() && digits(unsigned)
    });
    whole.len() + fraction.len() > 0 && digits(whole) && digits(fraction) && exponent_fits
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn follows_the_core_schema() {
        let cases = [
            ("", json!(null)),
            ("~", json!(null)),
            ("True", json!(true)),
            ("yes", json!("yes")),
            ("12", json!(12)),
            ("-7", json!(-7)),
            ("+7", json!(7)),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
            ("0xg", json!("0xg")),
            ("1.5", json!(1.5)),
            (".5e1", json!(5.0)),
            ("1e3", json!(1000.0)),
            ("1.2.3", json!("1.2.3")),
            (".", json!(".")),
            ("e5", json!("e5")),
            ("5m", json!("5m")),
            ("1_000", json!("1_000")),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text).expect(text), expected, "{text}");
        }
        assert!(plain("123456789012345678901234567890").is_err());
        assert!(plain(".inf").is_err());
    }

    #[test]
    fn quotes_make_text() {
        assert_eq!(value("12", ScalarStyle::DoubleQuoted, None), Ok(json!("12")));
        assert_eq!(value("null", ScalarStyle::SingleQuoted, None), Ok(json!("null")));
    }
}
