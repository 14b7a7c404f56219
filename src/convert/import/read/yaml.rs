//! YAML as a value, from the parser's events: no recursion, and a bound on everything.
//!
//! Kinder than the reader of MAID's own documents, because nobody will correct somebody else's API description for it:
//! `200:` is a key like any other, prose is left out, tags are passed over, and of a key that is given twice the last one counts.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};
use serde_json::{Map, Value};

use super::{
    MAX_DEPTH, MAX_NODES,
    lean::{is_data, is_prose},
};
use crate::{convert::import::error::ImportError, loadtest::parse::plain_scalar};

/// Most bytes of text, aliases expanded.
const MAX_BYTES: usize = 128 << 20;

pub(super) fn value(text: &str, name: &str) -> Result<Value, ImportError> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let taken = match event {
            Ok((Event::DocumentStart(_), range)) if builder.root.is_some() => {
                Err((range.start, "holds several YAML documents: import one of them".to_owned()))
            }
            Ok((event, range)) => builder.take(event).map_err(|why| (range.start, why)),
            Err(error) => Err((*error.marker(), format!("is not valid YAML: {}", error.info()))),
        };
        taken.map_err(|(at, why): (Marker, String)| {
            ImportError::on_line(name, at.line(), at.col() + 1, why)
        })?;
    }
    builder.root.ok_or_else(|| ImportError::whole(name, "is empty"))
}

/// A finished value with what it costs to repeat it.
#[derive(Clone)]
struct Node {
    value: Value,
    nodes: usize,
    bytes: usize,
    height: usize,
}

/// A collection that is still open.
struct Open {
    anchor: usize,
    kind: Kind,
    nodes: usize,
    bytes: usize,
    height: usize,
}

enum Kind {
    List(Vec<Value>),
    Map { map: Map<String, Value>, key: Option<String>, merged: Vec<Value> },
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    root: Option<Value>,
    nodes: usize,
    bytes: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, _) => self.scalar(&text, style, anchor),
            Event::Alias(anchor) => self.alias(anchor),
            Event::SequenceStart(anchor, _) => self.begin(Kind::List(Vec::new()), anchor),
            Event::MappingStart(anchor, _) => {
                self.begin(Kind::Map { map: Map::new(), key: None, merged: Vec::new() }, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize) -> Result<(), String> {
        self.charge(1, text.len())?;
        if let Some(Open { kind: Kind::Map { key: key @ None, .. }, .. }) = self.open.last_mut() {
            *key = Some(text.to_owned());
            return Ok(());
        }
        let value = match style {
            ScalarStyle::Plain => plain_scalar(text).unwrap_or_else(|_| Value::from(text)),
            _ => Value::from(text),
        };
        let node = Node { value, nodes: 1, bytes: text.len(), height: 0 };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        self.put(node);
        Ok(())
    }

    fn alias(&mut self, anchor: usize) -> Result<(), String> {
        if matches!(self.open.last(), Some(Open { kind: Kind::Map { key: None, .. }, .. })) {
            return Err("an alias cannot be a key".to_owned());
        }
        let node = self.anchors.get(&anchor).cloned();
        let node = node.ok_or("this alias is inside what it stands for, and would never end: remove it")?;
        self.charge(node.nodes, node.bytes)?;
        if self.open.len() + node.height > MAX_DEPTH {
            return Err(too_deep());
        }
        self.put(node);
        Ok(())
    }

    fn begin(&mut self, kind: Kind, anchor: usize) -> Result<(), String> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep());
        }
        if matches!(self.open.last(), Some(Open { kind: Kind::Map { key: None, .. }, .. })) {
            return Err("a key must be a text, not a list or a mapping".to_owned());
        }
        self.charge(1, 0)?;
        self.open.push(Open { anchor, kind, nodes: 1, bytes: 0, height: 1 });
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let Some(Open { anchor, kind, nodes, bytes, height }) = self.open.pop() else { return Ok(()) };
        let value = match kind {
            Kind::List(list) => Value::Array(list),
            Kind::Map { mut map, merged, .. } => {
                for source in merged.into_iter().flat_map(|value| match value {
                    Value::Array(list) => list,
                    other => vec![other],
                }) {
                    let Value::Object(source) = source else {
                        return Err("`<<` takes a mapping or a list of mappings".to_owned());
                    };
                    for (key, value) in source {
                        map.entry(key).or_insert(value);
                    }
                }
                Value::Object(map)
            }
        };
        let node = Node { value, nodes, bytes, height };
        if anchor > 0 {
            // Kept for its aliases, which is a copy.
            self.charge(nodes, bytes)?;
            self.anchors.insert(anchor, node.clone());
        }
        self.put(node);
        Ok(())
    }

    /// Whether a text that comes next is prose. Within data, every text counts.
    fn awaits_prose(&self) -> bool {
        let key = |open: &'_ Open, is: fn(&str) -> bool| matches!(&open.kind, Kind::Map { key: Some(key), .. } if is(key));
        self.open.last().is_some_and(|open| key(open, is_prose))
            && !self.open.iter().any(|open| key(open, is_data))
    }

    fn put(&mut self, node: Node) {
        let prose = node.value.is_string() && self.awaits_prose();
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node.value);
            return;
        };
        open.nodes += node.nodes;
        open.bytes += node.bytes;
        open.height = open.height.max(node.height + 1);
        match &mut open.kind {
            Kind::List(list) => list.push(node.value),
            Kind::Map { map, key, merged } => match key.take() {
                Some(key) if key == "<<" => merged.push(node.value),
                Some(_) if prose => {}
                Some(key) => {
                    map.insert(key, node.value);
                }
                None => {}
            },
        }
    }

    /// Counts values and bytes, those that an alias repeats included.
    fn charge(&mut self, nodes: usize, bytes: usize) -> Result<(), String> {
        self.nodes = self.nodes.saturating_add(nodes);
        self.bytes = self.bytes.saturating_add(bytes);
        if self.nodes > MAX_NODES || self.bytes > MAX_BYTES {
            return Err(format!(
                "holds more than {MAX_NODES} values or {} MB once aliases are expanded: use fewer aliases",
                MAX_BYTES >> 20
            ));
        }
        Ok(())
    }
}

fn too_deep() -> String {
    format!("is nested more than {MAX_DEPTH} levels deep, the most that is taken")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn nothing_panics(text in "[a-z0-9:#\\-{}\\[\\],&*!|>'\" \n<]{0,60}") {
            value(&text, "a.yaml").ok();
        }
    }

    #[test]
    fn descriptions_of_others_are_read() {
        let text = "description: prose\nbase: &base {a: 1, description: {}}\nexample: {description: data}\nresponses:\n  200: !x {<<: *base, b: 1.10}\n  default: *base\nnum: 99999999999999999999\n";
        let expected = json!({
            "base": {"a": 1, "description": {}}, "example": {"description": "data"},
            "responses": {"200": {"b": 1.1, "a": 1, "description": {}}, "default": {"a": 1, "description": {}}}, "num": "99999999999999999999"
        });
        assert_eq!(value(text, "a.yaml"), Ok(expected));
    }

    #[test]
    fn what_grows_beyond_all_bounds_is_refused() {
        let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (name, before) in ('b'..='j').zip('a'..='i') {
            let tenfold = vec![format!("*{before}"); 10].join(", ");
            bomb.push_str(&format!("{name}: &{name} [{tenfold}]\n"));
        }
        for (text, said) in [
            (bomb, "aliases"),
            ("[".repeat(MAX_DEPTH + 1), "deep"),
            ("a: &a [*a]".to_owned(), "never end"),
            ("a: 1\n---\nb: 2".to_owned(), "several"),
            ("? [a]\n: b".to_owned(), "key"),
        ] {
            assert!(value(&text, "a.yaml").is_err_and(|wrong| wrong.to_string().contains(said)), "{said}");
        }
    }
}
