//! Texts of a document as they are sent: variables filled in, escapes written one way, moving parts marked.

use indexmap::IndexMap;
use maid::loadtest::{
    template::{Call, Item, Piece, pieces},
    types::{Body, LoadTest, Request},
};
use serde_json::Value;

/// Reads texts of one test.
pub struct Texts<'t>(&'t IndexMap<String, Value>);

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// What is there before anything is sent.
    Fixed(Item),
    /// What is known only when it is sent, in one way of writing it.
    Moving(String),
}

impl<'t> Texts<'t> {
    pub fn of(test: &'t LoadTest) -> Self {
        Self(&test.variables)
    }

    fn parts(&self, text: &str) -> Vec<Part> {
        let Ok(pieces) = pieces(text) else { return vec![Part::Fixed(Item::from_text(text))] };
        pieces.into_iter().flat_map(|piece| self.piece(piece)).collect()
    }

    fn piece(&self, piece: Piece) -> Vec<Part> {
        vec![match piece {
            Piece::Text(text) => Part::Fixed(Item::from_text(text)),
            Piece::Value(item) => Part::Fixed(item),
            Piece::Env(name) => Part::Moving(format!("⟦env {}⟧", plain(&name))),
            Piece::Call(call) => Part::Moving(format!("⟦{}⟧", called(&call, false))),
            Piece::Name(keys) => match self.variable(&keys) {
                Some(Value::String(text)) => return self.parts(text),
                Some(other) => Part::Fixed(Item::from_json(other)),
                None => {
                    let keys: Vec<String> = keys.iter().map(|key| plain(key)).collect();
                    Part::Moving(format!("⟦{}⟧", keys.join(".")))
                }
            },
        }]
    }

    fn variable(&self, keys: &[String]) -> Option<&Value> {
        let mut value = self.0.get(&keys[0])?;
        for key in &keys[1..] {
            value = match value {
                Value::Array(list) => list.get(key.parse::<usize>().ok()?)?,
                other => other.get(key)?,
            };
        }
        Some(value)
    }

    fn joined(&self, text: &str, escape: impl Fn(&str) -> String) -> String {
        let one = |part: Part| match part {
            Part::Fixed(item) => escape(&item.text),
            Part::Moving(mark) => mark,
        };
        self.parts(text).into_iter().map(one).collect()
    }

    /// A text that is sent as it is.
    pub fn text(&self, text: &str) -> String {
        self.joined(text, str::to_owned)
    }

    /// Path and query: the path with its escapes written one way, the query as pairs.
    pub fn target(&self, request: &Request) -> (String, Vec<(String, String)>) {
        let whole = self.joined(&request.path, escaped);
        let (path, query) = whole.split_once('?').unwrap_or((&whole, ""));
        let mut pairs = form(query);
        for (name, value) in &request.query {
            let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for value in values.iter().filter(|value| !value.is_null()) {
                let value = value.as_str().map_or_else(|| value.to_string(), |text| self.text(text));
                pairs.push((self.text(name), value));
            }
        }
        (path.to_owned(), pairs)
    }

    /// A body as it is sent; fields of a form as pairs.
    pub fn body(&self, body: &Body, kind: &str) -> String {
        if let Some(json) = &body.json {
            self.json(json)
        } else if let Some(fields) = &body.form {
            format!("{:?}", fields.iter().map(|(k, v)| (self.text(k), self.text(v))).collect::<Vec<_>>())
        } else if let Some(text) = &body.text {
            let text = self.text(text);
            if kind.starts_with("application/x-www-form-urlencoded") {
                return format!("{:?}", form(&text));
            }
            match serde_json::from_str::<Value>(&text) {
                Ok(json) if kind.contains("json") => json.to_string(),
                _ => text,
            }
        } else if let Some(graphql) = &body.graphql {
            let variables = Value::from_iter(graphql.variables.clone());
            format!("{{\"query\":{},\"variables\":{}}}", self.quoted(&graphql.query), self.json(&variables))
        } else {
            format!("the file {}", body.file.as_ref().expect("one kind of body").display())
        }
    }

    fn quoted(&self, text: &str) -> String {
        let inside = |text: &str| {
            let quoted = Value::from(text).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        };
        format!("\"{}\"", self.joined(text, inside))
    }

    fn json(&self, value: &Value) -> String {
        let pair = |(key, value): (&String, &Value)| format!("{}:{}", self.quoted(key), self.json(value));
        match value {
            Value::String(text) => self.alone(text).unwrap_or_else(|| self.quoted(text)),
            Value::Array(list) => {
                format!("[{}]", list.iter().map(|value| self.json(value)).collect::<Vec<_>>().join(","))
            }
            Value::Object(map) => format!("{{{}}}", map.iter().map(pair).collect::<Vec<_>>().join(",")),
            other => other.to_string(),
        }
    }

    /// A template that is all of a text keeps the type of its value.
    fn alone(&self, text: &str) -> Option<String> {
        let pieces = pieces(text).ok()?;
        let [piece @ (Piece::Name(_) | Piece::Call(_) | Piece::Value(_))] = pieces.as_slice() else {
            return None;
        };
        if let Piece::Name(keys) = piece
            && let Some(value) = self.variable(keys)
        {
            return Some(match value {
                Value::String(text) => self.quoted(text),
                other => other.to_string(),
            });
        }
        match self.piece(piece.clone()).as_slice() {
            [Part::Moving(mark)] => Some(match piece {
                // What is always a text has its quotes, whether it is alone or not.
                Piece::Call(Call::Uuid | Call::Now) => format!("\"{mark}\""),
                Piece::Call(call) => format!("⟦{}⟧", called(call, true)),
                _ => mark.clone(),
            }),
            [Part::Fixed(item)] if item.bare_json => Some(item.text.to_string()),
            _ => None,
        }
    }
}

/// A function; its values are only told apart by type where JSON does.
fn called(call: &Call, json: bool) -> String {
    match call {
        Call::RandomChoice(items) => {
            let quoted = |item: &Item| {
                if json && !item.bare_json { format!("{:?}", item.text) } else { item.text.to_string() }
            };
            format!("one of {}", items.iter().map(quoted).collect::<Vec<_>>().join("|"))
        }
        other => format!("{other:?}"),
    }
}

/// A name as every format can write it.
pub fn plain(name: &str) -> String {
    let mut out = String::new();
    let mut small = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && small {
            out.push('_');
        }
        small = c.is_ascii_lowercase() || c.is_ascii_digit();
        out.push(if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    }
    out.trim_matches('_').to_owned()
}

/// What cannot stand in a URL as an escape, and every escape in large letters.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let digits: String = rest.clone().take(2).collect();
        if c == '%' && digits.len() == 2 && digits.chars().all(|c| c.is_ascii_hexdigit()) {
            out.push_str(&format!("%{}", digits.to_ascii_uppercase()));
            rest.nth(1);
        } else if c == '%' || !c.is_ascii_graphic() || "\"#<>\\^`{|}".contains(c) {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes).bytes().for_each(|byte| out.push_str(&format!("%{byte:02X}")));
        } else {
            out.push(c);
        }
    }
    out
}

/// The pairs of an encoded text.
fn form(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}
