//! Words that all exporters use.

use super::{
    literal::{comment, hidden},
    program::Program,
};
use crate::loadtest::{threshold::Op, types::FeedMode};

/// The head of a program: what it is, how it is run, what it reads.
pub(super) fn heading(program: &Program<'_>, mark: &str, run: &str) -> String {
    let loadtest = program.loadtest();
    let mut out = format!("{mark} {}\n", comment(&loadtest.name));
    for line in loadtest.description.as_deref().unwrap_or_default().lines() {
        out.push_str(format!("{mark} {}", comment(line)).trim_end());
        out.push('\n');
    }
    out.push_str(&format!(
        "{mark}\n{mark} Written by MAID {} from a LoadTest. Run it with:\n",
        env!("CARGO_PKG_VERSION")
    ));
    out.push_str(&format!("{mark}   {run}\n"));
    if !program.env.is_empty() {
        out.push_str(&format!("{mark} It reads the environment: {}\n", program.env.join(", ")));
    }
    out.push('\n');
    out
}

/// A mode of a feeder as documents write it.
pub(super) const fn mode(mode: FeedMode) -> &'static str {
    match mode {
        FeedMode::Sequential => "sequential",
        FeedMode::Random => "random",
        FeedMode::Unique => "unique",
    }
}

/// An operator as documents write it.
pub(super) const fn op(op: Op) -> &'static str {
    match op {
        Op::Lt => "<",
        Op::Le => "<=",
        Op::Gt => ">",
        Op::Ge => ">=",
        Op::Eq => "==",
        Op::Ne => "!=",
    }
}

/// Why a JSONPath is not there.
pub(super) fn path(path: &str) -> String {
    format!("`{path}` needs more than names, places and [*]: it is left out")
}

/// Why a pattern is not there.
pub(super) fn pattern(pattern: &str) -> String {
    format!(
        "`{pattern}` may mean something else in this language: it is left out; write it without flags and classes"
    )
}

/// A short id for a request's name: the same name has the same one.
pub(in crate::convert) fn id(name: &str) -> String {
    format!("r{:08x}", crc32fast::hash(name.as_bytes()))
}

/// JSON in which every character can be seen; what cannot stands as an escape, which means the same.
pub(super) fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if hidden(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{7f}'..='\u{9f}') {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}
