//! A script as the importers read it: the parts of JavaScript and Python that the two have in common.

use std::rc::Rc;

use serde_json::Number;

/// Bytes of a source, from and to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::convert::import) struct At {
    pub(in crate::convert::import) from: usize,
    pub(in crate::convert::import) to: usize,
}

/// An expression.
#[derive(Clone, Debug)]
pub(in crate::convert::import) struct Expr {
    pub(in crate::convert::import) at: At,
    pub(in crate::convert::import) kind: Kind,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub(in crate::convert::import) enum Kind {
    /// `null`, `undefined` or `None`.
    Nothing,
    Bool(bool),
    Number(Number),
    Text(String),
    /// A text that expressions are put into, or the left operand of `%` taken apart.
    Template(Vec<Expr>),
    /// Operands of `+`, of which a script may have hundreds in a row.
    Sum(Vec<Expr>),
    Name(String),
    Member(Box<Expr>, String),
    Index(Box<Expr>, Box<Expr>),
    Call(Box<Call>),
    List(Vec<Expr>),
    Object(Vec<(Expr, Expr)>),
    Function(Rc<Function>),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    Binary(Op, Box<Expr>, Box<Expr>),
    /// Condition, then, otherwise.
    Choice(Box<[Expr; 3]>),
    Spread(Box<Expr>),
    /// Source of a regular expression.
    Pattern(String),
    /// Something else.
    Other,
}

/// A call.
#[derive(Clone, Debug)]
pub(in crate::convert::import) struct Call {
    pub(in crate::convert::import) callee: Expr,
    pub(in crate::convert::import) args: Vec<Arg>,
}

/// An argument, by name in Python.
#[derive(Clone, Debug)]
pub(in crate::convert::import) struct Arg {
    pub(in crate::convert::import) name: Option<String>,
    pub(in crate::convert::import) value: Expr,
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::convert::import) enum Op {
    Sub,
    Mul,
    Div,
    FloorDiv,
    Rem,
    Pow,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
    In,
    NotIn,
    Other,
}

/// A function.
#[derive(Debug)]
pub(in crate::convert::import) struct Function {
    pub(in crate::convert::import) at: At,
    pub(in crate::convert::import) name: String,
    pub(in crate::convert::import) params: Vec<(Pattern, Option<Expr>)>,
    pub(in crate::convert::import) body: Vec<Stmt>,
    pub(in crate::convert::import) decorators: Vec<Expr>,
}

/// A class of Python.
#[derive(Debug)]
pub(in crate::convert::import) struct Class {
    pub(in crate::convert::import) at: At,
    pub(in crate::convert::import) name: String,
    pub(in crate::convert::import) bases: Vec<Expr>,
    pub(in crate::convert::import) body: Vec<Stmt>,
    pub(in crate::convert::import) decorators: Vec<Expr>,
}

/// What is assigned to.
#[derive(Clone, Debug)]
pub(in crate::convert::import) enum Pattern {
    Name(String),
    /// Members by name, and what each is called.
    Fields(Vec<(String, String)>),
    Items(Vec<Pattern>),
    /// A member or an element.
    Target(Expr),
    Other,
}

/// A statement.
#[derive(Clone, Debug)]
pub(in crate::convert::import) struct Stmt {
    pub(in crate::convert::import) at: At,
    pub(in crate::convert::import) what: What,
}

/// What a statement is.
#[derive(Clone, Debug)]
pub(in crate::convert::import) enum What {
    /// Names are made, with their values.
    Let(Vec<(Pattern, Option<Expr>)>),
    /// What is there already gets another value.
    Assign(Pattern, Expr),
    /// `+=` and its like: the target, `None` for `+`, the operand.
    Change(Expr, Option<Op>, Expr),
    Expr(Expr),
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    /// Each element of a list.
    Each(Pattern, Expr, Vec<Stmt>),
    /// Start, condition, step.
    Count(Box<Count>),
    While(Vec<Stmt>),
    Function(Rc<Function>),
    Class(Rc<Class>),
    Return(Option<Expr>),
    With(Vec<(Expr, Option<String>)>, Vec<Stmt>),
    Try(Vec<Stmt>, Vec<Stmt>, Vec<Stmt>),
    /// A module, and names of it with what each is called here.
    Import(String, Vec<(String, String)>),
    /// The value of `export default`.
    Default(Expr),
    Raise,
    Pass,
    Break,
    Other,
}

/// A loop that counts.
#[derive(Clone, Debug)]
pub(in crate::convert::import) struct Count {
    pub(in crate::convert::import) start: Vec<Stmt>,
    pub(in crate::convert::import) test: Option<Expr>,
    pub(in crate::convert::import) step: Vec<Stmt>,
    pub(in crate::convert::import) body: Vec<Stmt>,
}

/// The name that `export default function` has where it has none.
pub(in crate::convert::import) const DEFAULT: &str = "default";
