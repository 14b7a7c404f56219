//! The text of a script, its places, and the tree that a parser makes of it.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use tree_sitter::{Node, ParseOptions, Parser, Tree};

use super::tree::At;
use crate::convert::import::error::ImportError;

/// Largest script, in bytes. Those that MAID writes hold rows of data.
const MAX_BYTES: usize = 4 << 20;
/// Longest time that a parser may take. Of a script that is wrong everywhere, it tries many ways to go on.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest excerpt, in characters.
const LONGEST_EXCERPT: usize = 100;

/// A language that scripts are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::convert::import) enum Language {
    JavaScript,
    Python,
}

impl Language {
    const fn name(self) -> &'static str {
        match self {
            Self::JavaScript => "JavaScript",
            Self::Python => "Python 3",
        }
    }

    const fn way_out(self) -> &'static str {
        match self {
            Self::JavaScript => {
                "correct it; a script in TypeScript is turned into JavaScript first, by `npx esbuild SCRIPT.ts \
                 --format=esm`"
            }
            Self::Python => "correct it; `python3 -m py_compile FILE` says more",
        }
    }

    fn grammar(self) -> tree_sitter::Language {
        match self {
            Self::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
            Self::Python => tree_sitter_python::LANGUAGE.into(),
        }
    }
}

/// The text of a script.
pub(in crate::convert::import) struct Source<'s> {
    pub(in crate::convert::import) name: &'s str,
    pub(in crate::convert::import) text: &'s str,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl<'s> Source<'s> {
    pub(in crate::convert::import) fn new(name: &'s str, text: &'s str) -> Self {
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self { name, text, lines: std::iter::once(0).chain(starts).collect() }
    }

    /// What a test of it is called: as the file is, without extension.
    pub(in crate::convert::import) fn title(&self, otherwise: &str) -> String {
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = file.rsplit_once('.').map(|(stem, _)| stem).filter(|stem| !stem.is_empty());
        crate::convert::import::draft::short(stem.unwrap_or(otherwise))
    }

    /// Line and column of a place, both from 1.
    fn line_and_column(&self, at: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= at).max(1);
        let start = self.lines[line - 1];
        (line, self.text.get(start..at).map_or(0, |before| before.chars().count()) + 1)
    }

    /// A place as lists of what was left out name it.
    pub(in crate::convert::import) fn place(&self, at: At) -> String {
        format!("line {}", self.line_and_column(at.from).0)
    }

    /// What is written somewhere, on one line and not all of it where it is long.
    pub(in crate::convert::import) fn excerpt(&self, at: At) -> String {
        let text = self.text.get(at.from..at.to).unwrap_or_default();
        let mut out = String::new();
        for word in text.split_whitespace() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
            if out.len() > LONGEST_EXCERPT * 4 {
                break;
            }
        }
        if out.chars().count() > LONGEST_EXCERPT {
            out = out.chars().take(LONGEST_EXCERPT).collect::<String>() + "…";
        }
        out
    }

    /// The line above the one that a place is on, or `below` it.
    pub(in crate::convert::import) fn beside(&self, at: At, below: bool) -> &'s str {
        let line = self.line_and_column(at.from).0;
        let wanted = if below { line + 1 } else { line.saturating_sub(1) };
        let Some(start) = wanted.checked_sub(1).and_then(|index| self.lines.get(index)) else { return "" };
        let end = self.lines.get(wanted).copied().unwrap_or(self.text.len());
        self.text.get(*start..end).unwrap_or_default().trim()
    }

    /// An error at a place.
    pub(in crate::convert::import) fn refuse(&self, at: usize, message: impl Into<String>) -> ImportError {
        let (line, column) = self.line_and_column(at);
        ImportError::on_line(self.name, line, column, message)
    }

    /// Reads the text.
    ///
    /// # Errors
    /// That it is too large or not in the language, with the place.
    pub(in crate::convert::import) fn parse(&self, language: Language) -> Result<Tree, ImportError> {
        if self.text.len() > MAX_BYTES {
            let message = format!(
                "is more than {} MB large, the most that is read of a script: put its data into files beside it",
                MAX_BYTES >> 20
            );
            return Err(ImportError::whole(self.name, message));
        }
        if self.text.trim().is_empty() {
            return Err(ImportError::whole(self.name, "is empty: give the script itself"));
        }
        let tree = self.tree(language)?;
        if tree.root_node().has_error() {
            let at = first_error(tree.root_node());
            let line = self.text[at..].lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            let shown: String = line.trim().chars().take(40).collect();
            let found = if shown.is_empty() { "at its end".to_owned() } else { format!("here: `{shown}`") };
            let message = format!("is not {} {found}; {}", language.name(), language.way_out());
            return Err(self.refuse(at, message));
        }
        Ok(tree)
    }

    fn tree(&self, language: Language) -> Result<Tree, ImportError> {
        let mut parser = Parser::new();
        let broken =
            || ImportError::whole(self.name, "cannot be read: the parser of this build does not work");
        parser.set_language(&language.grammar()).map_err(|_| broken())?;
        let began = Instant::now();
        let mut hurry = |_: &tree_sitter::ParseState| {
            if began.elapsed() > PATIENCE { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let bytes = self.text.as_bytes();
        let mut read = |at: usize, _| bytes.get(at..).unwrap_or_default();
        let options = ParseOptions::new().progress_callback(&mut hurry);
        parser.parse_with_options(&mut read, None, Some(options)).ok_or_else(|| {
            let message = format!("takes more than {PATIENCE:?} to read: it is no {}", language.name());
            ImportError::whole(self.name, message)
        })
    }
}

/// Where the first thing is that the language does not know.
fn first_error(root: Node<'_>) -> usize {
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            return node.start_byte();
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return root.start_byte();
            }
        }
    }
}
