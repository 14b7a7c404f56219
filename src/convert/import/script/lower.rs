//! What both languages share on the way to the common tree.

use serde_json::Number;
use tree_sitter::Node;

use super::{
    javascript, python,
    source::{Language, Source},
    tree::{At, Expr, Kind, Op, Stmt},
};
use crate::convert::import::error::ImportError;

/// Deepest nesting of a script.
const MAX_DEPTH: usize = 100;

impl Source<'_> {
    /// The statements of a script.
    ///
    /// # Errors
    /// That it is not in the language, too large or nested too deep, with the place.
    pub(in crate::convert::import) fn read(&self, language: Language) -> Result<Vec<Stmt>, ImportError> {
        let tree = self.parse(language)?;
        let mut lower = Lower { source: self, depth: 0, too_deep: None };
        let statements = match language {
            Language::JavaScript => javascript::statements(&mut lower, tree.root_node()),
            Language::Python => python::statements(&mut lower, tree.root_node()),
        };
        match lower.too_deep {
            Some(at) => {
                let message = format!("is nested more than {MAX_DEPTH} levels deep: write it flatter");
                Err(self.refuse(at, message))
            }
            None => Ok(statements),
        }
    }
}

/// Makes a common tree, not deeper than can be walked.
pub(super) struct Lower<'s> {
    source: &'s Source<'s>,
    depth: usize,
    too_deep: Option<usize>,
}

impl<'s> Lower<'s> {
    /// Goes a level deeper, unless it is one too many.
    pub(super) fn enter(&mut self, node: Node<'_>) -> bool {
        if self.depth >= MAX_DEPTH {
            self.too_deep.get_or_insert(node.start_byte());
            return false;
        }
        self.depth += 1;
        true
    }

    /// Refuses what would be nested too deep.
    pub(super) fn refuse(&mut self, node: Node<'_>) {
        self.too_deep.get_or_insert(node.start_byte());
    }

    pub(super) const fn leave(&mut self) {
        self.depth -= 1;
    }

    #[expect(clippy::unused_self, reason = "reads like its neighbours")]
    pub(super) fn at(&self, node: Node<'_>) -> At {
        At { from: node.start_byte(), to: node.end_byte() }
    }

    pub(super) fn between(&self, from: usize, to: usize) -> &'s str {
        self.source.text.get(from..to).unwrap_or_default()
    }

    pub(super) fn text(&self, node: Option<Node<'_>>) -> &'s str {
        node.map_or("", |node| self.between(node.start_byte(), node.end_byte()))
    }

    #[expect(clippy::unused_self, reason = "reads like its neighbours")]
    pub(super) fn named<'t>(&self, node: Node<'t>) -> Vec<Node<'t>> {
        node.named_children(&mut node.walk()).collect()
    }

    /// Whether a word stands directly within a node.
    #[expect(clippy::unused_self, reason = "reads like its neighbours")]
    pub(super) fn has_word(&self, node: Node<'_>, word: &str) -> bool {
        node.children(&mut node.walk()).any(|child| child.kind() == word)
    }

    /// A number of either language: `1_000`, `0x1f`, `2.5e3`.
    pub(super) fn number(&self, node: Node<'_>) -> Kind {
        let text = self.text(Some(node)).replace('_', "").to_ascii_lowercase();
        let whole = |digits: &str, radix| u64::from_str_radix(digits, radix).ok().map(Number::from);
        let number = match text.get(..2) {
            Some("0x") => whole(&text[2..], 16),
            Some("0o") => whole(&text[2..], 8),
            Some("0b") => whole(&text[2..], 2),
            _ => text
                .parse::<u64>()
                .map(Number::from)
                .ok()
                .or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64)),
        };
        // JavaScript has one kind of numbers: 1.0 is 1.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be whole and in range"
        )]
        let number = match number.as_ref().and_then(Number::as_f64) {
            Some(float) if node.kind() == "number" && float.fract() == 0.0 && float < 9e15 => {
                Some((float as u64).into())
            }
            _ => number,
        };
        number.map_or(Kind::Other, Kind::Number)
    }

    /// An expression, whose kind each language tells in its own way.
    pub(super) fn expr(&mut self, node: Node<'_>, kind: fn(&mut Self, Node<'_>) -> Kind) -> Expr {
        let mut node = node;
        while matches!(node.kind(), "parenthesized_expression" | "await_expression" | "await") {
            let Some(inner) = self.named(node).into_iter().find(|child| child.kind() != "comment") else {
                break;
            };
            node = inner;
        }
        let at = self.at(node);
        if !self.enter(node) {
            return Expr { at, kind: Kind::Other };
        }
        let kind = kind(self, node);
        self.leave();
        Expr { at, kind }
    }

    /// An expression that has to be there.
    pub(super) fn lowered(
        &mut self,
        node: Option<Node<'_>>,
        around: Node<'_>,
        kind: fn(&mut Self, Node<'_>) -> Kind,
    ) -> Expr {
        match node {
            Some(node) => self.expr(node, kind),
            None => Expr { at: self.at(around), kind: Kind::Other },
        }
    }

    /// An operator between operands. Those of `+` are put into one list, however many there are.
    pub(super) fn binary(&mut self, node: Node<'_>, expr: fn(&mut Self, Node<'_>) -> Expr) -> Kind {
        let operator =
            |lower: &Self, node: Node<'_>| lower.text(node.child_by_field_name("operator")).to_owned();
        let written = operator(self, node);
        if written != "+" {
            let (Some(left), Some(right)) = sides(node) else { return Kind::Other };
            let (left, right) = (expr(self, left), expr(self, right));
            return Kind::Binary(op(&written), Box::new(left), Box::new(right));
        }
        let (mut operands, mut rest) = (Vec::new(), node);
        loop {
            let is_sum = rest.kind() == node.kind() && operator(self, rest) == "+";
            match sides(rest) {
                (Some(left), Some(right)) if is_sum => {
                    operands.push(expr(self, right));
                    rest = left;
                }
                _ => {
                    operands.push(expr(self, rest));
                    break;
                }
            }
        }
        operands.reverse();
        Kind::Sum(operands)
    }
}

/// Both sides of an operator.
fn sides(node: Node<'_>) -> (Option<Node<'_>>, Option<Node<'_>>) {
    (node.child_by_field_name("left"), node.child_by_field_name("right"))
}

/// An operator by what is written.
pub(super) fn op(written: &str) -> Op {
    match written {
        "-" => Op::Sub,
        "*" => Op::Mul,
        "/" => Op::Div,
        "//" => Op::FloorDiv,
        "%" => Op::Rem,
        "**" => Op::Pow,
        "==" | "===" | "is" => Op::Eq,
        "!=" | "!==" | "is not" => Op::Ne,
        "<" => Op::Lt,
        "<=" => Op::Le,
        ">" => Op::Gt,
        ">=" => Op::Ge,
        "&&" | "and" => Op::And,
        "||" | "??" | "or" => Op::Or,
        "in" => Op::In,
        "not in" => Op::NotIn,
        _ => Op::Other,
    }
}
