//! Checks and extractions of a request, worked out.

use http::HeaderName;
use serde_json::Value;

use super::{PlanError, compile::Interner};
use crate::{
    engine::{
        check::{CheckPlan, Subject},
        extract::{ExtractPlan, Source},
        transport::FailureKind,
    },
    loadtest::{
        limit::{self, Limit},
        mask::Mask,
        template::{Item, Names},
        types::{Check, CheckOp, Extract, ExtractFrom, Request, StatusSet},
    },
};

/// Checks of a request in the order of the document. Their words are shown while the run is on, so
/// that they are masked here.
pub(super) fn checks(
    request: &Request,
    (id, scenario): (u32, usize),
    mask: &Mask,
    names: &mut Interner,
) -> Result<Vec<CheckPlan>, PlanError> {
    let check = |check: &Check| {
        let words = mask.text(&words(check));
        let subject =
            subject(check).ok_or_else(|| PlanError::Invalid(format!("the check `{words}` is empty")))??;
        let failed = format!("check failed: {words}").into();
        Ok(CheckPlan { id: names.check(id, scenario, &words), subject, failed })
    };
    request.check.iter().map(check).collect()
}

fn subject(check: &Check) -> Option<Result<Subject, PlanError>> {
    let op = op(check);
    let value = check.value.clone().unwrap_or(Value::Null);
    Some(if let Some(status) = &check.status {
        Ok(Subject::Status(match status {
            StatusSet::One(code) => vec![*code],
            StatusSet::Many(codes) => codes.clone(),
        }))
    } else if let Some(path) = &check.json {
        limit::json_path(path).map(|path| Subject::Json(path, op, value)).map_err(|e| invalid(path, &e))
    } else if let Some(name) = &check.header {
        Ok(Subject::Header(name.clone(), op, value))
    } else if let Some(text) = &check.body_contains {
        Ok(Subject::Contains(memchr::memmem::Finder::new(text).into_owned()))
    } else if let Some(pattern) = &check.body_matches {
        limit::regex(pattern).map(Subject::Matches).map_err(|e| invalid(pattern, &e))
    } else if let Some(rule) = &check.time {
        Limit::time(rule).map(Subject::Time).map_err(|e| invalid(rule, &e))
    } else if let Some(rule) = &check.size {
        Limit::size(rule).map(Subject::Size).map_err(|e| invalid(rule, &e))
    } else {
        return None;
    })
}

/// A check as reports name it.
fn words(check: &Check) -> String {
    let compared = |subject: String| {
        let value = check.value.as_ref().map(ToString::to_string);
        let op = op(check);
        let name =
            serde_json::to_value(op).ok().and_then(|op| op.as_str().map(str::to_owned)).unwrap_or_default();
        match value.filter(|_| op != CheckOp::Exists) {
            Some(value) => format!("{subject} {name} {value}"),
            None => format!("{subject} {name}"),
        }
    };
    if let Some(status) = &check.status {
        match status {
            StatusSet::One(code) => format!("status {code}"),
            StatusSet::Many(codes) => {
                format!("status {}", codes.iter().map(u16::to_string).collect::<Vec<_>>().join(" or "))
            }
        }
    } else if let Some(path) = &check.json {
        compared(path.clone())
    } else if let Some(name) = &check.header {
        compared(format!("header {name}"))
    } else if let Some(text) = &check.body_contains {
        format!("body contains \"{text}\"")
    } else if let Some(pattern) = &check.body_matches {
        format!("body matches /{pattern}/")
    } else {
        let bound = |name: &str, rule: &Option<String>| rule.as_ref().map(|rule| format!("{name} {rule}"));
        bound("time", &check.time).or_else(|| bound("size", &check.size)).unwrap_or_default()
    }
}

/// A comparison that is not spelled out: equality with a value, presence without one.
fn op(check: &Check) -> CheckOp {
    check.op.unwrap_or(if check.value.is_some() { CheckOp::Eq } else { CheckOp::Exists })
}

/// Extractions of a request in the order of the document.
pub(super) fn extracts(request: &Request, mask: &Mask, names: &Names) -> Result<Vec<ExtractPlan>, PlanError> {
    request.extract.iter().map(|extract| one(extract, mask, names)).collect()
}

fn one(extract: &Extract, mask: &Mask, names: &Names) -> Result<ExtractPlan, PlanError> {
    let slot = names.slot(&extract.name).ok_or_else(|| invalid(&extract.name, &"not a known value"))?;
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let (source, place) = match extract.from {
        ExtractFrom::Json => {
            let path = text(&extract.path);
            (Source::Json(limit::json_path(&path).map_err(|e| invalid(&path, &e))?), path)
        }
        ExtractFrom::Regex => {
            let pattern = text(&extract.pattern);
            (Source::Regex(limit::regex(&pattern).map_err(|e| invalid(&pattern, &e))?), pattern)
        }
        ExtractFrom::Header => {
            let name = HeaderName::try_from(text(&extract.key)).map_err(|e| invalid(&extract.name, &e))?;
            (Source::Header(name.as_str().to_owned()), format!("header {name}"))
        }
        ExtractFrom::Cookie => (Source::Cookie(text(&extract.key)), format!("cookie {}", text(&extract.key))),
        ExtractFrom::Status => (Source::Status, "status".to_owned()),
    };
    Ok(ExtractPlan {
        name: extract.name.as_str().into(),
        slot,
        source,
        default: extract.default.as_deref().map(Item::from_text),
        failed: mask.text(&format!("nothing to extract for `{}` ({place})", extract.name)).into(),
        place: place.into(),
    })
}

fn invalid(what: &str, error: &dyn std::fmt::Display) -> PlanError {
    PlanError::Invalid(format!("{what}: {error}"))
}

impl Subject {
    /// Group that a failed check is counted under.
    #[must_use]
    pub const fn failure_kind(&self) -> FailureKind {
        if matches!(self, Self::Status(_)) { FailureKind::Status } else { FailureKind::Check }
    }
}
