//! Rust source with comments and literals told apart from code, so that a rule about code is not
//! fooled by a sentence that mentions it.

use std::{fs, path::Path};

/// One source file.
pub struct Source {
    /// Path from the root of the repository, with forward slashes.
    pub path: String,
    /// The text as it is.
    pub text: String,
    /// The text with comments and the insides of literals blanked; lines keep their numbers.
    pub code: String,
    /// As `code`, with test modules blanked as well.
    pub shipped: String,
}

impl Source {
    /// Takes a file's text apart.
    pub fn new(path: &str, text: &str) -> Self {
        let code = blank_prose(text);
        let shipped = match path {
            _ if path.ends_with("/tests.rs") || path.contains("/tests/") => blank(&code),
            _ => blank_tests(&code),
        };
        Self { path: path.to_owned(), text: text.to_owned(), code, shipped }
    }

    /// All `.rs` files under a folder of the repository.
    pub fn under(folder: &str) -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let walk = ignore::WalkBuilder::new(root.join(folder)).build();
        let mut sources: Vec<Self> = walk
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|end| end == "rs"))
            .map(|entry| {
                let text = fs::read_to_string(entry.path()).expect("a source file is readable UTF-8");
                let path = entry.path().strip_prefix(root).expect("the walk began at the root");
                Self::new(&path.to_string_lossy().replace('\\', "/"), &text)
            })
            .collect();
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        sources
    }
}

/// Blanks comments and the insides of string and character literals.
fn blank_prose(text: &str) -> String {
    let literal_or_comment = regex::Regex::new(
        r##"(?xs)
        //[^\n]*                            # line comment
        | /\*.*?\*/                         # block comment
        | \bb?r\#\#".*?"\#\# | \bb?r\#".*?"\# | \bb?r".*?"    # raw strings
        | b?"(?:\\.|[^"\\])*"               # strings
        | b?'(?:\\[^\n]{1,10}?|[^'\\\n])'    # characters, which lifetimes are not
        "##,
    )
    .expect("the pattern is valid");
    literal_or_comment.replace_all(text, |found: &regex::Captures<'_>| blank(&found[0])).into_owned()
}

/// Blanks the blocks that follow `#[cfg(test)]`.
fn blank_tests(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        let end = at + end_of_item(&rest[at..]);
        out.push_str(&rest[..at]);
        out.push_str(&blank(&rest[at..end]));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Where the item at the start of `code` ends: at its `;`, or at the `}` that closes its block.
fn end_of_item(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

fn blank(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}
