//! JSON: serde_json says what the text means, a walk over it where everything stands.

use std::collections::HashSet;

use serde_json::Value;

use super::{MAX_DEPTH, MAX_NODES};
use crate::loadtest::{
    place::{Path, Place, SourceMap},
    problem::{Problem, Problems},
};

pub(super) fn parse(text: &str, name: &str) -> Result<(Value, SourceMap), Problems> {
    let value: Value = serde_json::from_str(text).map_err(|error| Problems::one(name, syntax(&error)))?;
    let mut walk = Walk::new(text, name);
    match walk.value(&Path::root(), 0) {
        Err(fatal) => walk.problems.push(fatal),
        Ok(()) if walk.problems.is_empty() => return Ok((value, walk.map)),
        Ok(()) => {}
    }
    Err(walk.problems)
}

fn syntax(error: &serde_json::Error) -> Problem {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    let place = Place { line: number(error.line()), column: number(error.column().max(1)) };
    let text = error.to_string();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    Problem::new(&Path::root(), Some(place), format!("is not valid JSON: {what}"))
}

/// Goes over a text that is known to be JSON.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    /// Where the line begins.
    line_start: usize,
    nodes: usize,
    map: SourceMap,
    problems: Problems,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, name: &str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            line_start: 0,
            nodes: 0,
            map: SourceMap::default(),
            problems: Problems::none(name),
        }
    }

    fn value(&mut self, path: &Path, depth: usize) -> Result<(), Problem> {
        let first = self.peek();
        let place = self.place();
        self.map.set_value(path.clone(), place);
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!(
                "holds more than {MAX_NODES} values, the most that are taken: put data rows into a file under `data`"
            );
            return Err(Problem::new(path, Some(place), message));
        }
        if depth >= MAX_DEPTH && matches!(first, b'{' | b'[') {
            let message = format!("is nested more than {MAX_DEPTH} levels deep, the most that is taken");
            return Err(Problem::new(path, Some(place), message));
        }
        match first {
            b'{' => self.object(path, depth),
            b'[' => self.list(path, depth),
            b'"' => {
                self.string();
                Ok(())
            }
            _ => {
                let rest = &self.text.as_bytes()[self.at..];
                let end =
                    rest.iter().position(|b| matches!(b, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t'));
                self.at += end.unwrap_or(rest.len());
                Ok(())
            }
        }
    }

    fn object(&mut self, path: &Path, depth: usize) -> Result<(), Problem> {
        self.at += 1;
        let mut seen = HashSet::new();
        while self.peek() != b'}' {
            let place = self.place();
            let raw = self.string();
            let key: String = serde_json::from_str(raw).expect("serde_json has read this string before");
            let path = path.key(&key);
            self.map.set_key(path.clone(), place);
            if !seen.insert(key) {
                let message = "this key is given twice: keep one of the two";
                self.problems.push(Problem::new(&path, Some(place), message));
            }
            self.skip(b':');
            self.value(&path, depth + 1)?;
            self.skip(b',');
        }
        self.at += 1;
        Ok(())
    }

    fn list(&mut self, path: &Path, depth: usize) -> Result<(), Problem> {
        self.at += 1;
        let mut index = 0;
        while self.peek() != b']' {
            self.value(&path.index(index), depth + 1)?;
            index += 1;
            self.skip(b',');
        }
        self.at += 1;
        Ok(())
    }

    /// Passes a string, and gives it with its quotes.
    fn string(&mut self) -> &'a str {
        let start = self.at;
        let bytes = self.text.as_bytes();
        self.at += 1;
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        &self.text[start..self.at]
    }

    /// The next byte that is not white space; 0 at the end, which valid JSON never asks for.
    fn peek(&mut self) -> u8 {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.line_start = self.at + 1;
                }
                b' ' | b'\r' | b'\t' => {}
                byte => return *byte,
            }
            self.at += 1;
        }
        0
    }

    fn skip(&mut self, byte: u8) {
        if self.peek() == byte {
            self.at += 1;
        }
    }

    fn place(&self) -> Place {
        // On a line of megabytes, counting characters for every value would take for ever.
        let start = self.line_start.max(self.at.saturating_sub(MAX_COLUMN));
        let before = &self.text.as_bytes()[start..self.at];
        let characters = before.iter().filter(|byte| !matches!(byte, 0x80..=0xBF)).count();
        let column = start - self.line_start + characters + 1;
        Place { line: self.line, column: u32::try_from(column).unwrap_or(u32::MAX) }
    }
}

/// Columns that are counted in characters; farther right, bytes before these count as one each.
const MAX_COLUMN: usize = 1000;
