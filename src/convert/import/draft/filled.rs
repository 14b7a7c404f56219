//! Texts of fixed parts and of parts that are known only when they are sent.

use serde_json::Value;

use super::{Draft, Text, fits};

/// Stands for a part in JSON while that is read; nobody's secret begins with it.
const OPEN: &str = "maidmarkpart";
const CLOSE: &str = "maidmarkend";

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::convert::import) enum Bit {
    /// It stands for itself.
    Fixed(String),
    /// A template.
    Moving {
        /// As it is written in a document.
        template: String,
        /// Whether it may stand in JSON without quotes: its value keeps its type.
        typed: bool,
    },
}

/// A text as it is written in a document.
pub(in crate::convert::import) fn written(bits: &[Bit]) -> String {
    let mut text = Text::default();
    for bit in bits {
        match bit {
            Bit::Fixed(fixed) => text.literal(fixed),
            Bit::Moving { template, .. } => text.template(template),
        };
    }
    text.finish()
}

impl Draft {
    /// The JSON that a text is, templates and secrets as they are written in a document. `None` where it is none, or
    /// could not be written as a value that is sent alike.
    pub(in crate::convert::import) fn filled_json(&mut self, place: &str, bits: &[Bit]) -> Option<Value> {
        let mut marked = String::new();
        let mut quoted = false;
        for (index, bit) in bits.iter().enumerate() {
            match bit {
                Bit::Fixed(fixed) => {
                    quoted = is_quoted(fixed, quoted);
                    marked.push_str(fixed);
                }
                Bit::Moving { .. } if quoted => marked.push_str(&format!("{OPEN}{index}{CLOSE}")),
                Bit::Moving { typed: true, .. } => marked.push_str(&format!("\"{OPEN}{index}{CLOSE}\"")),
                Bit::Moving { .. } => return None,
            }
        }
        let value: Value = serde_json::from_str(&marked).ok().filter(fits)?;
        // What is written differently again, such as 1.0 or a name that is there twice, stays a text.
        (value.to_string().len() == compact(&marked)).then(|| self.filled(place, "", value, bits))
    }

    fn filled(&mut self, place: &str, name: &str, value: Value, bits: &[Bit]) -> Value {
        match value {
            Value::String(text) if text.contains(OPEN) => Value::String(unmarked(&text, bits)),
            Value::String(text) => Value::String(self.field(place, name, &text)),
            Value::Array(list) => {
                Value::Array(list.into_iter().map(|value| self.filled(place, name, value, bits)).collect())
            }
            Value::Object(map) => {
                let entry = |(key, value): (String, Value)| {
                    let value = self.filled(place, &key, value, bits);
                    (unmarked(&key, bits), value)
                };
                Value::Object(map.into_iter().map(entry).collect())
            }
            other => other,
        }
    }
}

/// Bytes of JSON without the space between its parts.
fn compact(json: &str) -> usize {
    let (mut quoted, mut escaped, mut length) = (false, false, 0);
    for c in json.chars() {
        if quoted || !c.is_ascii_whitespace() {
            length += c.len_utf8();
        }
        match (quoted, escaped, c) {
            (true, true, _) => escaped = false,
            (true, false, '\\') => escaped = true,
            (_, _, '"') => quoted = !quoted,
            _ => {}
        }
    }
    length
}

/// Whether the end of a text stands between quotes of JSON, where its start does or does not.
fn is_quoted(text: &str, mut quoted: bool) -> bool {
    let mut escaped = false;
    for c in text.chars() {
        match (quoted, escaped, c) {
            (true, true, _) => escaped = false,
            (true, false, '\\') => escaped = true,
            (_, _, '"') => quoted = !quoted,
            _ => {}
        }
    }
    quoted
}

fn unmarked(text: &str, bits: &[Bit]) -> String {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN)
        && let Some((index, end)) = after.split_once(CLOSE)
    {
        out.push(Bit::Fixed(before.to_owned()));
        out.extend(index.parse::<usize>().ok().and_then(|index| bits.get(index)).cloned());
        rest = end;
    }
    out.push(Bit::Fixed(rest.to_owned()));
    written(&out)
}

/// A function of the template language that draws one of these.
pub(in crate::convert::import) fn choice(items: &[Value]) -> String {
    let item = |item: &Value| match item {
        Value::String(text) => {
            let mut quoted = String::from("\"");
            for c in text.chars() {
                match c {
                    '"' => quoted.push_str("\\\""),
                    '\\' => quoted.push_str("\\\\"),
                    '\n' => quoted.push_str("\\n"),
                    '\t' => quoted.push_str("\\t"),
                    c => quoted.push(c),
                }
            }
            quoted + "\""
        }
        other => other.to_string(),
    };
    format!("{{{{ random_choice({}) }}}}", items.iter().map(item).collect::<Vec<_>>().join(", "))
}

/// A step of a JSONPath: a name, a place, or anything.
pub(in crate::convert::import) fn step(key: &Value) -> Option<String> {
    Some(match key {
        Value::Null => "[*]".to_owned(),
        Value::Number(place) => format!("[{}]", place.as_i64()?),
        Value::String(name) => {
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(word) {
                format!(".{name}")
            } else if name.contains(char::is_control) {
                return None;
            } else {
                format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fixed(text: &str) -> Bit {
        Bit::Fixed(text.to_owned())
    }

    fn moving(template: &str, typed: bool) -> Bit {
        Bit::Moving { template: template.to_owned(), typed }
    }

    #[test]
    fn json_keeps_what_moves_within_it() {
        let mut draft = Draft::new("a");
        let bits = [
            fixed("{\"a\":\"x "),
            moving("{{ a }}", false),
            fixed("\\\" {\", \"b\": "),
            moving("{{ b }}", true),
            fixed(", \"{{\": 1}"),
        ];
        let made = draft.filled_json("p", &bits);
        assert_eq!(made, Some(json!({ "a": "x {{ a }}\" {", "b": "{{ b }}", "{{ \"{{\" }}": 1 })));
        let bare = [fixed("{\"a\":"), moving("{{ a }}", false), fixed("}")];
        assert_eq!(draft.filled_json("p", &bare), None, "what it is may be a text or a number");
        for text in ["{\"a\":1,\"a\":2}", "{\"a\":1.0e0}", "{"] {
            assert_eq!(draft.filled_json("p", &[fixed(text)]), None, "{text}");
        }
    }

    #[test]
    fn a_choice_is_read_again() {
        use crate::loadtest::template::{Call, Piece, pieces};
        let written = choice(&[json!("a\"\\'\n}}"), json!(3)]);
        let read = pieces(&written).expect("a template");
        let [Piece::Call(Call::RandomChoice(items))] = read.as_slice() else { panic!("{read:?}") };
        let texts: Vec<&str> = items.iter().map(|item| &*item.text).collect();
        assert_eq!(texts, ["a\"\\'\n}}", "3"]);
    }
}
