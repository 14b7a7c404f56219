//! What is asked of an answer, and what is taken from it.

use serde_json::Value;

use crate::loadtest::{
    limit::Limit,
    place::Path,
    types::{self, CheckOp, ExtractFrom, Request, StatusSet},
};

/// A check.
#[derive(Clone, Debug)]
pub struct Check {
    /// Where it is in the document.
    pub place: Path,
    /// A name for it, in a few words.
    pub words: String,
    /// What is looked at.
    pub found: Found,
}

/// What a check looks at.
#[derive(Clone, Debug)]
pub enum Found {
    /// The status is one of these.
    Status(Vec<u16>),
    /// What a JSONPath finds compares.
    Json(String, Compare),
    /// A header compares.
    Header(String, Compare),
    /// The body contains a text.
    Contains(String),
    /// The body matches a regular expression.
    Matches(String),
    /// The response time in milliseconds.
    Time(Limit),
    /// The body's size in bytes.
    Size(Limit),
}

/// A comparison with a fixed value.
#[derive(Clone, Debug)]
pub struct Compare {
    /// How.
    pub op: CheckOp,
    /// With what; `null` where nothing is compared with.
    pub value: Value,
}

impl Compare {
    /// The operator as documents write it.
    #[must_use]
    pub const fn symbol(&self) -> &'static str {
        match self.op {
            CheckOp::Eq => "==",
            CheckOp::Ne => "!=",
            CheckOp::Gt => ">",
            CheckOp::Ge => ">=",
            CheckOp::Lt => "<",
            CheckOp::Le => "<=",
            CheckOp::Contains => "contains",
            CheckOp::Exists => "exists",
        }
    }
}

/// A value that is taken from an answer.
#[derive(Clone, Debug)]
pub struct Extract {
    /// Where it is in the document.
    pub place: Path,
    /// Name that templates use.
    pub name: String,
    /// Where to look.
    pub from: ExtractFrom,
    /// A JSONPath, a pattern, or the name of a header or cookie.
    pub what: String,
    /// Value when nothing is found.
    pub default: Option<String>,
}

pub(super) fn extracts(request: &Request, place: &Path) -> Vec<Extract> {
    let place = place.key("extract");
    let extract = |(at, extract): (usize, &types::Extract)| Extract {
        place: place.index(at),
        name: extract.name.clone(),
        from: extract.from,
        what: [&extract.path, &extract.pattern, &extract.key]
            .into_iter()
            .flatten()
            .next()
            .cloned()
            .unwrap_or_default(),
        default: extract.default.clone(),
    };
    request.extract.iter().enumerate().map(extract).collect()
}

pub(super) fn checks(request: &Request, place: &Path) -> Vec<Check> {
    let place = place.key("check");
    let check = |(at, check)| {
        let (words, found) = found(check)?;
        Some(Check { place: place.index(at), words, found })
    };
    request.check.iter().enumerate().filter_map(check).collect()
}

/// `None` for a check that validation would have refused.
fn found(check: &types::Check) -> Option<(String, Found)> {
    let op = check.op.unwrap_or(if check.value.is_some() { CheckOp::Eq } else { CheckOp::Exists });
    let compare = Compare { op, value: check.value.clone().unwrap_or(Value::Null) };
    let compared = |subject: &str| match op {
        CheckOp::Exists => format!("{subject} exists"),
        _ => format!("{subject} {} {}", compare.symbol(), compare.value),
    };
    Some(if let Some(status) = &check.status {
        let codes = match status {
            StatusSet::One(code) => vec![*code],
            StatusSet::Many(codes) => codes.clone(),
        };
        let words: Vec<String> = codes.iter().map(u16::to_string).collect();
        (format!("status {}", words.join(" or ")), Found::Status(codes))
    } else if let Some(path) = &check.json {
        (compared(path), Found::Json(path.clone(), compare))
    } else if let Some(name) = &check.header {
        (compared(&format!("header {name}")), Found::Header(name.clone(), compare))
    } else if let Some(text) = &check.body_contains {
        (format!("body contains {text:?}"), Found::Contains(text.clone()))
    } else if let Some(pattern) = &check.body_matches {
        (format!("body matches /{pattern}/"), Found::Matches(pattern.clone()))
    } else if let Some(rule) = &check.time {
        (format!("time {rule}"), Found::Time(Limit::time(rule).ok()?))
    } else {
        let rule = check.size.as_ref()?;
        (format!("size {rule}"), Found::Size(Limit::size(rule).ok()?))
    })
}
