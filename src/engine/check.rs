//! Whether an answer is what it must be.

use std::{cmp::Ordering, sync::Arc};

use regex::Regex;
use serde_json::Value;
use serde_json_path::JsonPath;

use super::answer::View;
use crate::loadtest::{limit::Limit, types::CheckOp};

/// A check, ready to be evaluated.
#[derive(Debug)]
pub struct CheckPlan {
    /// Place among all checks of the plan.
    pub id: usize,
    /// What is checked.
    pub subject: Subject,
    /// What a failure is counted under.
    pub failed: Arc<str>,
}

/// What a check looks at.
#[derive(Debug)]
pub enum Subject {
    /// The status code is one of these.
    Status(Vec<u16>),
    /// The first match of a JSONPath compares.
    Json(JsonPath, CheckOp, Value),
    /// A header compares.
    Header(String, CheckOp, Value),
    /// The body holds these bytes.
    Contains(memchr::memmem::Finder<'static>),
    /// The body matches.
    Matches(Regex),
    /// The response time in milliseconds compares.
    Time(Limit),
    /// The body's size in bytes compares.
    Size(Limit),
}

impl Subject {
    /// Whether the body is read.
    #[must_use]
    pub const fn reads_body(&self) -> bool {
        matches!(self, Self::Json(..) | Self::Contains(_) | Self::Matches(_))
    }

    /// Whether headers are read.
    #[must_use]
    pub const fn reads_headers(&self) -> bool {
        matches!(self, Self::Header(..))
    }

    /// Whether the check holds.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a body of 2^52 bytes does not come")]
    pub fn holds(&self, view: &View<'_>) -> bool {
        match self {
            Self::Status(codes) => codes.contains(&view.status()),
            Self::Json(path, op, wanted) => {
                compare(view.json().and_then(|json| path.query(json).first()), *op, wanted)
            }
            Self::Header(name, op, wanted) => {
                let found = view.header(name).map(|text| Value::String(text.to_owned()));
                compare(found.as_ref(), *op, wanted)
            }
            Self::Contains(finder) => finder.find(view.body()).is_some(),
            Self::Matches(regex) => regex.is_match(&view.text()),
            Self::Time(limit) => limit.holds(f64::from(view.total_us) / 1000.0),
            Self::Size(limit) => limit.holds(view.body_len() as f64),
        }
    }
}

/// What a dry run tells of a check: what the check has found, and the words that tell whether that may be a secret.
impl Subject {
    /// The place that is looked at, as the document says it.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Json(path, ..) => path.to_string(),
            Self::Header(name, ..) => name.clone(),
            Self::Matches(regex) => regex.as_str().to_owned(),
            Self::Status(_) | Self::Contains(_) | Self::Time(_) | Self::Size(_) => String::new(),
        }
    }

    /// What is there in the place that is looked at.
    #[must_use]
    pub fn found(&self, view: &View<'_>) -> Option<String> {
        match self {
            Self::Status(_) => Some(view.status().to_string()),
            Self::Json(path, ..) => path.query(view.json()?).first().map(ToString::to_string),
            Self::Header(name, ..) => view.header(name).map(str::to_owned),
            Self::Contains(_) => None,
            Self::Matches(regex) => regex.find(&view.text()).map(|found| found.as_str().to_owned()),
            Self::Time(_) => Some(format!("{:.1} ms", f64::from(view.total_us) / 1000.0)),
            Self::Size(_) => Some(format!("{} bytes", view.body_len())),
        }
    }
}

fn compare(found: Option<&Value>, op: CheckOp, wanted: &Value) -> bool {
    let Some(found) = found else { return op == CheckOp::Ne };
    match op {
        CheckOp::Exists => true,
        CheckOp::Eq => equal(found, wanted),
        CheckOp::Ne => !equal(found, wanted),
        CheckOp::Contains => contains(found, wanted),
        CheckOp::Gt | CheckOp::Ge | CheckOp::Lt | CheckOp::Le => ordered(order(found, wanted), op),
    }
}

fn ordered(order: Option<Ordering>, op: CheckOp) -> bool {
    order.is_some_and(|order| match op {
        CheckOp::Gt => order.is_gt(),
        CheckOp::Ge => order.is_ge(),
        CheckOp::Lt => order.is_lt(),
        CheckOp::Le => order.is_le(),
        CheckOp::Eq => order.is_eq(),
        CheckOp::Ne => order.is_ne(),
        CheckOp::Contains | CheckOp::Exists => false,
    })
}

/// A number, also one that a header or a JSON string spells out.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn equal(found: &Value, wanted: &Value) -> bool {
    if found == wanted {
        return true;
    }
    // 1 and 1.0 are one number; "1" is text, unless a number was asked for.
    wanted.is_number() && number(found).zip(wanted.as_f64()).is_some_and(|(a, b)| a.total_cmp(&b).is_eq())
}

fn order(found: &Value, wanted: &Value) -> Option<Ordering> {
    match (number(found), number(wanted)) {
        (Some(a), Some(b)) => a.partial_cmp(&b),
        _ => Some(found.as_str()?.cmp(wanted.as_str()?)),
    }
}

fn contains(found: &Value, wanted: &Value) -> bool {
    match found {
        Value::String(text) => match wanted {
            Value::String(part) => text.contains(part.as_str()),
            other => text.contains(&other.to_string()),
        },
        Value::Array(items) => items.iter().any(|item| equal(item, wanted)),
        Value::Object(fields) => wanted.as_str().is_some_and(|key| fields.contains_key(key)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::transport::Answer;

    fn holds(subject: &Subject, body: &str) -> bool {
        let answer = Answer { status: 200, body: Some(body.as_bytes().to_vec()), ..Answer::default() };
        subject.holds(&View::new(&answer, 5000))
    }

    fn json(path: &str, op: CheckOp, value: Value) -> Subject {
        Subject::Json(JsonPath::parse(path).expect("a valid path"), op, value)
    }

    #[test]
    fn json_values_compare_by_their_type() {
        let body = r#"{"stock": 3, "tags": ["a", "b"], "name": "Lamp", "gone": null, "price": "12.5"}"#;
        assert!(holds(&json("$.stock", CheckOp::Gt, json!(0)), body));
        assert!(holds(&json("$.stock", CheckOp::Eq, json!(3.0)), body));
        assert!(!holds(&json("$.stock", CheckOp::Lt, json!(3)), body));
        assert!(holds(&json("$.tags", CheckOp::Contains, json!("b")), body));
        assert!(holds(&json("$.name", CheckOp::Contains, json!("am")), body));
        assert!(holds(&json("$.gone", CheckOp::Exists, Value::Null), body));
        assert!(holds(&json("$.price", CheckOp::Ge, json!(12.5)), body));
        assert!(!holds(&json("$.missing", CheckOp::Exists, Value::Null), body));
        assert!(holds(&json("$.missing", CheckOp::Ne, json!(1)), body));
        assert!(!holds(&json("$.stock", CheckOp::Gt, json!(0)), "not json"));
    }

    #[test]
    fn time_size_and_text() {
        assert!(holds(&Subject::Time(Limit::time("< 8ms").expect("valid")), ""));
        assert!(!holds(&Subject::Time(Limit::time("< 5ms").expect("valid")), ""));
        assert!(holds(&Subject::Contains(memchr::memmem::Finder::new("ok").into_owned()), "all ok"));
        assert!(holds(&Subject::Matches(Regex::new("^a.*k$").expect("valid")), "all ok"));
        assert!(!holds(&Subject::Status(vec![201, 204]), ""));
    }
}
