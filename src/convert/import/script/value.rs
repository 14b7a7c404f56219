//! What an expression of a script is worth without running it.

use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::Number;

use super::tree::{At, Function};

/// A value, as far as it is known.
#[derive(Clone, Debug)]
pub(in crate::convert::import) enum Value {
    /// `null`, `undefined` or `None`.
    Nothing,
    Bool(bool),
    Number(Number),
    /// A text of pieces, some of which are templates.
    Text(Vec<Piece>),
    List(Rc<Vec<Value>>),
    Object(Rc<IndexMap<String, Value>>),
    /// A function, and how many scopes it sees.
    Function(Rc<Function>, usize),
    /// What the tool or the language gives, by its path, such as `k6/http.get`.
    Native(String),
    /// An answer, or something of it, by the number of its request.
    Part(usize, Part),
    /// A random number: from, up to, and whether it is whole and the end counts.
    Between(f64, f64, bool),
    /// A member of a list, picked at random.
    Pick(Rc<Vec<Value>>),
    /// `self` of a user.
    Me,
    /// A data file that is not read.
    Data(At),
    /// Not known before it runs.
    Unknown(At),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::convert::import) enum Piece {
    Fixed(String),
    /// A template, such as `{{ token }}` or `${env:TOKEN}`.
    Template(String),
}

/// Something of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::convert::import) enum Part {
    Whole,
    Status,
    /// Whether the status is below 400.
    Good,
    Body,
    /// How long it took: the object that says so, in milliseconds, in seconds.
    Timings,
    Millis,
    Seconds,
    Headers,
    Header(String),
    Cookies,
    Cookie(String),
    /// What a JSONPath leads to, and the name that the script gave it.
    Json(String, Option<String>),
    /// How many there are of what a JSONPath leads to.
    Length(String),
}

impl Value {
    /// A text that is known.
    pub(in crate::convert::import) fn text(text: impl Into<String>) -> Self {
        Self::Text(vec![Piece::Fixed(text.into())])
    }

    /// A text that is a template.
    pub(in crate::convert::import) fn template(template: impl Into<String>) -> Self {
        Self::Text(vec![Piece::Template(template.into())])
    }

    pub(in crate::convert::import) fn list(list: Vec<Self>) -> Self {
        Self::List(Rc::new(list))
    }

    pub(in crate::convert::import) fn whole(number: i64) -> Self {
        Self::Number(number.into())
    }

    /// The number of a value; one that is not finite is none.
    pub(in crate::convert::import) fn float(number: f64) -> Option<Self> {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and far smaller")]
        let number = if number.fract() == 0.0 && number.abs() < 1e15 {
            Number::from(number as i64)
        } else {
            Number::from_f64(number)?
        };
        Some(Self::Number(number))
    }

    pub(in crate::convert::import) fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => number.as_f64(),
            _ => self
                .as_str()
                .and_then(|text| text.trim().parse().ok())
                .filter(|value: &f64| value.is_finite()),
        }
    }

    /// The text of a value, where all of it is known.
    pub(in crate::convert::import) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(pieces) => match pieces.as_slice() {
                [] => Some(""),
                [Piece::Fixed(text)] => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// A member of an object.
    pub(in crate::convert::import) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(map) => map.get(name),
            _ => None,
        }
    }

    pub(in crate::convert::import) fn items(&self) -> &[Self] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }

    /// Whether it counts as true; `None` where that is not known.
    pub(in crate::convert::import) fn truth(&self) -> Option<bool> {
        Some(match self {
            Self::Nothing => false,
            Self::Bool(value) => *value,
            Self::Number(number) => number.as_f64() != Some(0.0),
            Self::Text(pieces) => match self.as_str() {
                Some(text) => !text.is_empty(),
                None => pieces
                    .iter()
                    .any(|piece| matches!(piece, Piece::Fixed(text) if !text.is_empty()))
                    .then_some(true)?,
            },
            Self::List(_) | Self::Object(_) | Self::Function(..) | Self::Me => true,
            _ => return None,
        })
    }
}

/// Joins pieces; fixed ones beside each other become one.
pub(in crate::convert::import) fn append(pieces: &mut Vec<Piece>, more: Vec<Piece>) {
    for piece in more {
        match (pieces.last_mut(), piece) {
            (_, Piece::Fixed(text)) if text.is_empty() => {}
            (Some(Piece::Fixed(before)), Piece::Fixed(text)) => before.push_str(&text),
            (_, piece) => pieces.push(piece),
        }
    }
}

/// Length of a text, in bytes.
pub(in crate::convert::import) fn length(pieces: &[Piece]) -> usize {
    let of = |piece: &Piece| match piece {
        Piece::Fixed(text) | Piece::Template(text) => text.len(),
    };
    pieces.iter().map(of).sum()
}

/// A JSONPath with one step more.
pub(in crate::convert::import) fn step(path: &str, key: &str) -> String {
    let plain = key.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain {
        format!("{path}.{key}")
    } else {
        let quoted: String = key
            .chars()
            .flat_map(|c| if matches!(c, '\'' | '\\') { vec!['\\', c] } else { vec![c] })
            .collect();
        format!("{path}['{quoted}']")
    }
}
