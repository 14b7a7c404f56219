//! YAML, from the parser's events: no recursion, and a bound on everything.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span as Range, Tag};
use serde_json::{Map, Value};

use super::{MAX_DEPTH, MAX_DOCUMENT, MAX_KEY, MAX_NODES, key_too_long, scalar};
use crate::loadtest::{
    place::{Path, Place, SourceMap},
    problem::{Problem, Problems},
};

pub(super) fn parse(text: &str, name: &str) -> Result<(Value, SourceMap), Problems> {
    if let Some(problem) = unprintable(text) {
        return Err(Problems::one(name, problem));
    }
    let mut builder = Builder::new(name);
    for event in Parser::new_from_str(text) {
        let taken = match event {
            Ok((event, range)) => builder.take(event, range),
            Err(error) => {
                Err(builder.problem(*error.marker(), format!("is not valid YAML: {}", error.info())))
            }
        };
        if let Err(fatal) = taken {
            builder.problems.push(fatal);
            return Err(builder.problems);
        }
    }
    if !builder.problems.is_empty() {
        return Err(builder.problems);
    }
    match builder.root {
        Some(value) => Ok((value, builder.map)),
        None => Err(Problems::one(
            name,
            Problem::new(
                &Path::root(),
                None,
                "is empty: see `maid schema loadtest` for what a document holds",
            ),
        )),
    }
}

/// The first character that no YAML has in it: a NUL would end it for its parser, and databases refuse it.
fn unprintable(text: &str) -> Option<Problem> {
    let (offset, found) =
        text.char_indices().find(|(_, c)| c.is_ascii_control() && !"\t\n\r".contains(*c))?;
    let before = &text[..offset];
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let place = Place { line: number(before.matches('\n').count() + 1), column: number(column) };
    let message = format!(
        "has the control character U+{:04X} in it: leave it out, or write it as \"\\u{0:04x}\" between quotes",
        u32::from(found)
    );
    Some(Problem::new(&Path::root(), Some(place), message))
}

/// A collection that is still open.
struct Open {
    anchor: usize,
    path: Path,
    place: Place,
    kind: Kind,
    /// Values inside, aliases expanded.
    nodes: usize,
    /// Bytes of text inside, aliases expanded.
    bytes: usize,
    /// Levels below.
    height: usize,
}

enum Kind {
    List(Vec<Value>),
    Map {
        map: Map<String, Value>,
        /// The key whose value comes next; `None` in it when the key was refused.
        key: Option<Option<String>>,
        /// Values of `<<`, which explicit keys win over.
        merged: Vec<Value>,
    },
}

/// A finished value with what it costs to repeat it.
#[derive(Clone)]
struct Node {
    value: Value,
    nodes: usize,
    bytes: usize,
    height: usize,
}

struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    root: Option<Value>,
    map: SourceMap,
    problems: Problems,
    /// Values and bytes of the whole document so far, aliases expanded.
    nodes: usize,
    bytes: usize,
}

/// The key that stands for merging.
const MERGE: &str = "<<";

impl Builder {
    fn new(name: &str) -> Self {
        Self {
            open: Vec::new(),
            anchors: HashMap::new(),
            root: None,
            map: SourceMap::default(),
            problems: Problems::none(name),
            nodes: 0,
            bytes: 0,
        }
    }

    /// Takes one event; an error is one after which nothing makes sense.
    fn take(&mut self, event: Event<'_>, range: Range) -> Result<(), Problem> {
        let at = range.start;
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(self
                    .problem(at, "holds several YAML documents: keep one, and remove the `---` between them"))
            }
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), at),
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::SequenceStart(anchor, tag) => {
                self.begin(Kind::List(Vec::new()), anchor, tag.as_deref(), at)
            }
            Event::MappingStart(anchor, tag) => {
                let kind = Kind::Map { map: Map::new(), key: None, merged: Vec::new() };
                self.begin(kind, anchor, tag.as_deref(), at)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(at),
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        at: Marker,
    ) -> Result<(), Problem> {
        let value = scalar::value(text, style, tag).unwrap_or_else(|why| {
            let problem = self.problem(at, why);
            self.problems.push(problem);
            Value::Null
        });
        if self.wants_key() {
            // Every path below would repeat it.
            if text.len() > MAX_KEY {
                return Err(self.problem(at, key_too_long()));
            }
            self.key(value, style, at);
            return self.charge(1, text.len(), at);
        }
        let node = Node { value, nodes: 1, bytes: text.len(), height: 0 };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        self.charge(1, text.len(), at)?;
        self.map.set_value(self.path(), place(at));
        self.put(node);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, at: Marker) -> Result<(), Problem> {
        if self.wants_key() {
            return Err(self.problem(at, "an alias cannot be a key: write the key itself"));
        }
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            return Err(
                self.problem(at, "this alias is inside what it stands for, and would never end: remove it")
            );
        };
        self.charge(node.nodes, node.bytes, at)?;
        if self.open.len() + node.height > MAX_DEPTH {
            return Err(self.problem(at, too_deep()));
        }
        self.map.set_value(self.path(), place(at));
        self.put(node);
        Ok(())
    }

    fn begin(&mut self, kind: Kind, anchor: usize, tag: Option<&Tag>, at: Marker) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.problem(at, too_deep()));
        }
        if self.wants_key() {
            return Err(self.problem(
                at,
                "a key must be text, not a list or a mapping; put a template in quotes: \"{{ name }}\"",
            ));
        }
        if let Some(tag) =
            tag.filter(|tag| !(tag.is_yaml_core_schema() && matches!(&*tag.suffix, "map" | "seq")))
        {
            let problem = self.problem(at, scalar::unsupported(tag));
            self.problems.push(problem);
        }
        self.charge(1, 0, at)?;
        let path = self.path();
        self.map.set_value(path.clone(), place(at));
        self.open.push(Open { anchor, path, place: place(at), kind, nodes: 1, bytes: 0, height: 1 });
        Ok(())
    }

    fn end(&mut self, at: Marker) -> Result<(), Problem> {
        let open = self.open.pop().expect("the parser closes only what it opened");
        let value = match open.kind {
            Kind::List(list) => Value::Array(list),
            Kind::Map { mut map, merged, .. } => {
                if !merge(&mut map, merged) {
                    let message = "`<<` takes a mapping or a list of mappings: name an anchor of one, as in `<<: *base`";
                    self.problems.push(Problem::new(&open.path, Some(open.place), message));
                }
                Value::Object(map)
            }
        };
        let node = Node { value, nodes: open.nodes, bytes: open.bytes, height: open.height };
        if open.anchor > 0 {
            // Kept for its aliases, which is a copy.
            self.charge(node.nodes, node.bytes, at)?;
            self.anchors.insert(open.anchor, node.clone());
        }
        self.put(node);
        Ok(())
    }

    /// Whether the next scalar is a key.
    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { kind: Kind::Map { key: None, .. }, .. }))
    }

    fn key(&mut self, value: Value, style: ScalarStyle, at: Marker) {
        let Some(Open { path, kind: Kind::Map { map, key, .. }, .. }) = self.open.last_mut() else {
            return;
        };
        let Value::String(text) = value else {
            let message = format!("the key `{value}` is not text: put it in quotes");
            self.problems.push(Problem::new(path, Some(place(at)), message));
            *key = Some(None);
            return;
        };
        let path = path.key(&text);
        if map.contains_key(&text) {
            let message = "this key is given twice: keep one of the two";
            self.problems.push(Problem::new(&path, Some(place(at)), message));
            *key = Some(None);
            return;
        }
        self.map.set_key(path, place(at));
        // A quoted "<<" is a key like any other; it is told apart by a mark no text can hold here.
        let merges = text == MERGE && style == ScalarStyle::Plain;
        *key = Some(Some(if merges { MERGE_MARK.to_owned() } else { text }));
    }

    /// The path of the value that comes next.
    fn path(&self) -> Path {
        match self.open.last() {
            None => Path::root(),
            Some(Open { path, kind: Kind::List(list), .. }) => path.index(list.len()),
            Some(Open { path, kind: Kind::Map { key, .. }, .. }) => match key {
                Some(Some(key)) if key == MERGE_MARK => path.key(MERGE),
                Some(Some(key)) => path.key(key),
                _ => path.clone(),
            },
        }
    }

    fn put(&mut self, node: Node) {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node.value);
            return;
        };
        open.nodes += node.nodes;
        open.bytes += node.bytes;
        open.height = open.height.max(node.height + 1);
        match &mut open.kind {
            Kind::List(list) => list.push(node.value),
            Kind::Map { map, key, merged } => match key.take().flatten() {
                Some(key) if key == MERGE_MARK => merged.push(node.value),
                Some(key) => {
                    map.insert(key, node.value);
                }
                None => {}
            },
        }
    }

    /// Counts values and bytes, those that an alias repeats included.
    fn charge(&mut self, nodes: usize, bytes: usize, at: Marker) -> Result<(), Problem> {
        self.nodes = self.nodes.saturating_add(nodes);
        self.bytes = self.bytes.saturating_add(bytes);
        if self.nodes > MAX_NODES {
            let message = format!(
                "holds more than {MAX_NODES} values once aliases are expanded, the most that are taken: use fewer aliases, and put data rows into a file under `data`"
            );
            return Err(self.problem(at, message));
        }
        if self.bytes > 2 * MAX_DOCUMENT {
            return Err(self.problem(
                at,
                "grows beyond 20 MB once aliases are expanded: use fewer aliases of large texts",
            ));
        }
        Ok(())
    }

    fn problem(&self, at: Marker, message: impl Into<String>) -> Problem {
        Problem::new(&self.path(), Some(place(at)), message)
    }
}

/// Stands for a plain `<<` while its value is awaited; YAML text cannot hold the character.
const MERGE_MARK: &str = "\0<<";

/// Adds the entries of merged mappings that are not there yet; whether all were mappings.
fn merge(map: &mut Map<String, Value>, merged: Vec<Value>) -> bool {
    let mut sources = Vec::new();
    for value in merged {
        match value {
            Value::Array(list) => sources.extend(list),
            other => sources.push(other),
        }
    }
    sources.into_iter().fold(true, |fits, source| match source {
        Value::Object(source) => {
            for (key, value) in source {
                map.entry(key).or_insert(value);
            }
            fits
        }
        _ => false,
    })
}

fn too_deep() -> String {
    format!("is nested more than {MAX_DEPTH} levels deep, the most that is taken")
}

fn place(at: Marker) -> Place {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    Place { line: number(at.line()), column: number(at.col() + 1) }
}
