//! Scripts that are programs, read without running them.
//!
//! A parser for editors makes the tree (`tree-sitter`): it has a grammar for each of the two languages, builds in
//! seconds, takes whatever bytes it is given, and keeps its own stack, so that no nesting overflows this one. Of the
//! tree a common one is made, bounded in depth; [`Machine`] goes through that one, works out what is fixed and notes
//! what is sent. A script is never run, and nothing that it names is opened.

mod check;
mod compare;
mod eval;
mod javascript;
mod lower;
mod machine;
mod methods;
mod pass;
mod python;
mod request;
mod source;
mod statements;
mod strings;
mod text;
mod value;

pub(super) mod tree;

pub(super) use self::{
    eval::whole,
    machine::{Act, Dialect, Machine},
    pass::{Pass, in_order, on_own_stack, seconds},
    source::{Language, Source},
    text::spoken,
    value::{Part, Piece, Value, step},
};
