//! Single values: numbers and texts within what a schema says of them.

use serde_json::{Number, Value};

use super::{pattern, schema::whole};

/// Longest text that is made, in characters.
const MAX_LENGTH: u64 = 4000;

/// A text, and what is not right with it.
pub(super) struct Made {
    pub(super) text: String,
    pub(super) trouble: Option<String>,
}

/// A text that a schema takes.
pub(super) fn text(schema: &Value, name: &str) -> Made {
    if let Some(written) = schema["pattern"].as_str() {
        return patterned(schema, name, written);
    }
    let format = schema["format"].as_str().unwrap_or_default();
    match by_format(format) {
        Some(text) => Made { text: text.to_owned(), trouble: None },
        None => Made { text: fitted(by_name(name), schema), trouble: None },
    }
}

/// A text that a pattern takes: a usual one where it fits, else one made of the pattern.
fn patterned(schema: &Value, name: &str, written: &str) -> Made {
    let format = by_format(schema["format"].as_str().unwrap_or_default());
    let Ok(regex) = crate::loadtest::limit::regex(written) else {
        let text = format.map_or_else(|| fitted(by_name(name), schema), str::to_owned);
        let shown: String = written.chars().take(80).collect();
        let trouble =
            format!("`{name}` must match `{shown}`, which cannot be read here: give it a value by hand");
        return Made { text, trouble: Some(trouble) };
    };
    let usual = format.into_iter().map(str::to_owned).chain([fitted(by_name(name), schema)]);
    let least = schema["minLength"].as_u64().unwrap_or(0).min(MAX_LENGTH);
    let made = usual.chain(pattern::sample(written, usize::try_from(least).unwrap_or(0)));
    let fits = |text: &String| regex.is_match(text) && within(text, schema);
    let mut made: Vec<String> = made.collect();
    match made.iter().position(fits) {
        Some(at) => Made { text: made.swap_remove(at), trouble: None },
        None => {
            let shown: String = written.chars().take(80).collect();
            let trouble =
                format!("no value was found for `{name}`, which must match `{shown}`: give it one by hand");
            Made { text: made.pop().unwrap_or_default(), trouble: Some(trouble) }
        }
    }
}

fn within(text: &str, schema: &Value) -> bool {
    let length = text.chars().count() as u64;
    length >= schema["minLength"].as_u64().unwrap_or(0)
        && length <= schema["maxLength"].as_u64().unwrap_or(u64::MAX)
}

/// A text made as long as a schema wants it.
fn fitted(text: &str, schema: &Value) -> String {
    let least = schema["minLength"].as_u64().unwrap_or(0).min(MAX_LENGTH);
    let most = schema["maxLength"].as_u64().unwrap_or(MAX_LENGTH).min(MAX_LENGTH).max(least);
    let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
    let length = number(least).max(text.chars().count()).min(number(most));
    text.chars().cycle().take(length).collect()
}

fn by_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "date" => "2026-01-31",
        "date-time" => "2026-01-31T12:00:00Z",
        "time" => "12:00:00Z",
        "duration" => "PT1H",
        "email" | "idn-email" => "user@example.com",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" | "ip" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "url" | "iri" => "https://example.com/",
        "uri-reference" | "iri-reference" => "/",
        "uuid" => "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        "byte" | "base64" => "dGV4dA==",
        "password" => "Passw0rd-42",
        "json-pointer" => "/a",
        "regex" => ".*",
        _ => return None,
    })
}

/// What a field of this name usually holds.
fn by_name(name: &str) -> &'static str {
    const KNOWN: [(&str, &str); 16] = [
        ("email", "user@example.com"),
        ("phone", "+15555550100"),
        ("firstname", "Ada"),
        ("lastname", "Lovelace"),
        ("username", "ada"),
        ("password", "Passw0rd-42"),
        ("country", "DE"),
        ("currency", "EUR"),
        ("language", "en"),
        ("locale", "en"),
        ("city", "Berlin"),
        ("url", "https://example.com/"),
        ("date", "2026-01-31"),
        ("title", "title"),
        ("name", "name"),
        ("id", "1"),
    ];
    let plain: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_ascii_lowercase();
    KNOWN.iter().find(|(ending, _)| plain.ends_with(ending)).map_or("text", |(_, text)| text)
}

/// Bounds of a number; exclusive ones are moved by a step.
fn bounds(schema: &Value, step: f64) -> (Option<f64>, Option<f64>) {
    let bound = |key: &str, exclusive: &str, sign: f64| {
        let plain = schema[key].as_f64();
        match &schema[exclusive] {
            Value::Bool(true) => plain.map(|bound| bound + sign * step),
            Value::Number(bound) => {
                let moved = bound.as_f64().map(|bound| bound + sign * step);
                match (moved, plain) {
                    (Some(a), Some(b)) => Some(if sign > 0.0 { a.max(b) } else { a.min(b) }),
                    (a, b) => a.or(b),
                }
            }
            _ => plain,
        }
    };
    (bound("minimum", "exclusiveMinimum", 1.0), bound("maximum", "exclusiveMaximum", -1.0))
}

/// A whole number that a schema takes.
pub(super) fn integer(schema: &Value) -> Number {
    let value = numeric(schema, 1.0);
    whole(if schema["minimum"].is_null() { value.floor() } else { value.ceil() })
}

/// A number that a schema takes.
pub(super) fn number(schema: &Value) -> Number {
    let value = numeric(schema, 0.01);
    match value.fract() == 0.0 && value.abs() < 1e15 {
        true => whole(value),
        false => Number::from_f64(value).unwrap_or_else(|| Number::from(1)),
    }
}

/// 1 where it fits, else what lies nearest to it.
fn numeric(schema: &Value, step: f64) -> f64 {
    let (least, most) = bounds(schema, step);
    let value = 1.0_f64.max(least.unwrap_or(f64::MIN)).min(most.unwrap_or(f64::MAX));
    let Some(of) = schema["multipleOf"].as_f64().filter(|of| *of > 0.0) else { return value };
    let multiple = (value / of).ceil() * of;
    if most.is_none_or(|most| multiple <= most) { multiple } else { (value / of).floor() * of }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn takes(pattern: &str, text: &str) -> bool {
        regex::Regex::new(pattern).is_ok_and(|regex| regex.is_match(text))
    }

    #[test]
    fn texts_match_their_patterns() {
        for pattern in [
            "^[A-Z]{3}-[0-9]{4}$",
            r"^\d{5}(-\d{4})?$",
            "^(red|green)$",
            "^[^@]+@[^@]+$",
            "^0x[0-9a-fA-F]{40}$",
            r"^[\w.-]{2,10}$",
            "^(?:[a-z0-9]{1,3}:){2}x*$",
            "^$",
        ] {
            let made = text(&json!({"pattern": pattern}), "code");
            assert!(made.trouble.is_none() && takes(pattern, &made.text), "{pattern}: {}", made.text);
        }
        let long = text(&json!({"pattern": "^[a-z]+$", "minLength": 30, "maxLength": 40}), "slug");
        assert!(long.trouble.is_none() && long.text.len() >= 30, "{}", long.text);
        assert!(text(&json!({"pattern": "^(?!a)b"}), "x").trouble.is_some());
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        for (schema, wanted) in [
            (json!({}), 1),
            (json!({"minimum": 5}), 5),
            (json!({"minimum": 5, "exclusiveMinimum": true}), 6),
            (json!({"exclusiveMinimum": 5}), 6),
            (json!({"maximum": -3}), -3),
            (json!({"maximum": 0, "exclusiveMaximum": true}), -1),
            (json!({"minimum": 7, "multipleOf": 5}), 10),
            (json!({"maximum": 8, "multipleOf": 5}), 5),
        ] {
            assert_eq!(integer(&schema), Number::from(wanted), "{schema}");
        }
    }

    proptest! {
        #[test]
        fn lengths_are_kept(least in 0..50_u64, more in 0..50_u64, name in "[a-z]{0,8}") {
            let schema = json!({"minLength": least, "maxLength": least + more});
            let length = text(&schema, &name).text.chars().count() as u64;
            prop_assert!(length >= least && length <= least + more);
        }

        #[test]
        fn nothing_panics(pattern in "[a-z\\\\(){}\\[\\]|*+?^$.0-9,-]{0,20}", number in any::<f64>()) {
            text(&json!({"pattern": pattern}), "x");
            integer(&json!({"minimum": number, "multipleOf": number}));
            super::number(&json!({"maximum": number, "multipleOf": 0.1}));
        }
    }
}
