//! How much a principal may ask for: bounds within those of the configuration.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most targets that an allowance names.
pub const MOST_TARGETS: usize = 100;

/// How much may be asked for. What is missing is bounded by the configuration alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Allowance {
    /// Most recipes that it may have made at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub recipe_limit: Option<u32>,
    /// Most runs that may run or wait at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub concurrent_tests: Option<u32>,
    /// Most users of a run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub max_users: Option<u32>,
    /// Most requests per second of a run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(exclusive_minimum = 0)]
    pub max_rps: Option<f64>,
    /// Targets that it may send load to, of those that `load.targets` allows. Missing allows them all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100, example = json!(["*.staging.example.com"]))]
    pub targets: Option<Vec<String>>,
}

impl Allowance {
    /// Whether nothing is bounded.
    #[must_use]
    pub fn is_unbounded(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with it, as place and message.
    #[must_use]
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        if self.max_users == Some(0) {
            problems.push(("metadata.max_users", "must be at least 1".to_owned()));
        }
        if self.max_rps.is_some_and(|rps| !rps.is_finite() || rps <= 0.0) {
            problems.push(("metadata.max_rps", "must be a number above 0".to_owned()));
        }
        if let Some(targets) = &self.targets {
            if targets.len() > MOST_TARGETS {
                problems.push(("metadata.targets", format!("must have at most {MOST_TARGETS} entries")));
            }
            let policy = crate::engine::policy::TargetPolicy::new(targets, Vec::new(), Vec::new());
            problems.extend(policy.err().map(|error| ("metadata.targets", error.to_string())));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_refused_with_its_place() {
        let allowance = Allowance {
            max_users: Some(0),
            max_rps: Some(f64::NAN),
            targets: Some(vec!["http://[".to_owned()]),
            ..Allowance::default()
        };
        let places: Vec<_> = allowance.problems().into_iter().map(|(place, _)| place).collect();
        assert_eq!(places, ["metadata.max_users", "metadata.max_rps", "metadata.targets"]);
        assert!(Allowance::default().is_unbounded() && Allowance::default().problems().is_empty());
    }

    #[test]
    fn a_slip_does_not_pass_for_no_limit() {
        assert!(serde_json::from_str::<Allowance>(r#"{"max_user": 10}"#).is_err());
    }
}
