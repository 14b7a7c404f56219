//! What a description says about answers.

use serde_json::Value;

use super::document::entries;
use crate::loadtest::types::{Check, StatusSet};

/// The check that an answer has one of the documented statuses of success.
pub(super) fn check(operation: &Value) -> Option<Check> {
    let codes = entries(&operation["responses"]).map(|(code, _)| code.as_str());
    let good: Vec<&str> = codes.filter(|code| code.starts_with('2')).collect();
    // `2XX` is what is checked anyway.
    let mut exact: Vec<u16> = good.iter().map(|code| code.parse().ok()).collect::<Option<_>>()?;
    exact.retain(|code| (200..300).contains(code));
    exact.dedup();
    exact.truncate(100);
    let status = match *exact {
        [] => return None,
        [one] => StatusSet::One(one),
        _ => StatusSet::Many(exact),
    };
    Some(Check { status: Some(status), ..Check::default() })
}

/// The documented answer of success, and the schema of its JSON.
pub(super) fn schema<'a>(spec: &super::document::Spec<'a>, operation: &'a Value) -> Option<&'a Value> {
    let (_, written) = entries(&operation["responses"]).find(|(code, _)| code.starts_with('2'))?;
    let content = spec.resolve(written).ok()?.get("content")?;
    let (_, media) = entries(content).find(|(kind, _)| kind.contains("json"))?;
    media.get("schema")
}
