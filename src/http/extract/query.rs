//! The query of a URL as a typed value, in which nothing is unknown.

use std::{
    future::{Ready, ready},
    ops::Deref,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use super::pairs::Pairs;
use crate::http::{Code, Problem};

/// The parameters after the `?`, as the struct `T` of plain values and lists.
///
/// A parameter that `T` does not have is refused. `#[serde(flatten)]` would hide which there are,
/// so `T` names all of them.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T> Query<T> {
    /// The value alone.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    T::deserialize(Pairs::of(query)?).map_err(|wrong| {
        let error = wrong.into_field_error();
        let place = if error.path.is_empty() { "the query" } else { &error.path };
        Problem::new(Code::BadQuery, format!("{place}: {}", error.message)).with_errors([error])
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Search {
        name: Option<String>,
        #[serde(default)]
        limit: u8,
        passed: Option<bool>,
        #[serde(default)]
        status: Vec<Status>,
        above: Option<f64>,
        id: Option<uuid::Uuid>,
        #[serde(default, deserialize_with = "crate::http::moment")]
        since: Option<jiff::Timestamp>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "snake_case")]
    enum Status {
        Completed,
        StillRunning,
    }

    fn told(query: &str) -> String {
        let problem = parse::<Search>(query).expect_err("it is wrong");
        assert_eq!(problem.code, Code::BadQuery);
        problem.detail.into_owned()
    }

    #[test]
    fn plain_values_and_lists_are_read() {
        let search: Search = parse(
            "name=a+b%26&limit=7&passed=false&status=completed&status=still_running&above=-1.5\
             &id=0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a",
        )
        .expect("it is right");
        assert_eq!(search.name.as_deref(), Some("a b&"));
        assert_eq!((search.limit, search.passed, search.above), (7, Some(false), Some(-1.5)));
        assert_eq!(search.status, [Status::Completed, Status::StillRunning]);
        assert!(search.id.is_some());
        let none: Search = parse("").expect("all may be left out");
        assert_eq!((none.name, none.limit, none.status), (None, 0, vec![]));
        assert_eq!(parse::<Search>("name=").expect("empty text").name.as_deref(), Some(""));
    }

    #[test]
    fn what_is_wrong_is_named() {
        insta::assert_snapshot!([
            told("limt=7"),
            told("sort=up"),
            told("limit=many"),
            told("limit=300"),
            told("limit=7&limit=8"),
            told("passed=yes"),
            told("status=completed&status=runing"),
            told("id=7"),
            told("above=nan"),
            told("since=2026-01-31"),
        ]
        .join("\n"), @r#"
        limt: is not known here; did you mean `limit`?
        sort: is not known here; known are `name`, `limit`, `passed`, `status`, `above`, `id`, `since`
        limit: `many` is not a whole number from 0 to 255
        limit: `300` is not a whole number from 0 to 255
        limit: is given more than once; give it once
        passed: `yes` is not true or false
        status: `runing` is not known here; known are `completed`, `still_running`
        id: UUID parsing failed: invalid length: found 1
        above: `nan` is not a number
        since: is not a time: write it as 2026-01-31T00:00:00Z
        "#);
    }

    #[test]
    fn a_query_is_bounded() {
        assert!(told(&"name=a&".repeat(200)).contains("at most"));
    }
}
