//! A template as what it is made of, for whoever writes it down in another language.

use super::{
    Item, TemplateError,
    compile::{self, Pieces},
    expr::Expr,
    function::Function,
};

/// One piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Text that stands as it is.
    Text(String),
    /// A variable of the environment.
    Env(String),
    /// A string or number in braces.
    Value(Item),
    /// A name with the keys that follow it.
    Name(Vec<String>),
    /// A function.
    Call(Call),
}

/// A function that a template calls.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// A random UUID, version 4.
    Uuid,
    /// The time by RFC 3339, in milliseconds and UTC.
    Now,
    /// Seconds since 1970.
    NowUnix,
    /// Milliseconds since 1970.
    NowUnixMs,
    /// A whole number between two, both included.
    RandomInt(i64, i64),
    /// One of these values.
    RandomChoice(Vec<Item>),
}

/// The pieces of a text, in order.
///
/// # Errors
/// The first thing that keeps the text from being a template.
pub fn pieces(text: &str) -> Result<Vec<Piece>, TemplateError> {
    Pieces::of(text).map(|piece| Piece::of(piece?)).collect()
}

impl Piece {
    fn of(piece: compile::Piece<'_>) -> Result<Self, TemplateError> {
        Ok(match piece {
            compile::Piece::Text(text) => Self::Text(text.to_owned()),
            compile::Piece::Env(name) => Self::Env(name.to_owned()),
            compile::Piece::Expr(Expr::Literal(literal)) => Self::Value(literal.item()),
            compile::Piece::Expr(Expr::Name(keys)) => Self::Name(keys),
            compile::Piece::Expr(Expr::Call(name, arguments)) => {
                Self::Call(match Function::resolve(&name, &arguments)? {
                    Function::Uuid => Call::Uuid,
                    Function::Now => Call::Now,
                    Function::NowUnix => Call::NowUnix,
                    Function::NowUnixMs => Call::NowUnixMs,
                    Function::RandomInt { low, high } => Call::RandomInt(low, high),
                    Function::RandomChoice(items) => Call::RandomChoice(items.into_vec()),
                })
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_in_order() {
        let found = pieces(r#"a ${env:B} {{ c.d }}{{ "{{" }}{{ random_int(1, 6) }}"#).expect("a template");
        assert_eq!(
            found,
            [
                Piece::Text("a ".into()),
                Piece::Env("B".into()),
                Piece::Text(" ".into()),
                Piece::Name(vec!["c".into(), "d".into()]),
                Piece::Value(Item::from_text("{{")),
                Piece::Call(Call::RandomInt(1, 6)),
            ]
        );
        assert!(pieces("{{ a").is_err() && pieces("{{ nope() }}").is_err());
    }
}
