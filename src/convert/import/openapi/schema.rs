//! Values that a schema takes: its examples, else made ones. Cycles, depth and size are bounded.

use serde_json::{Map, Number, Value};

use super::{
    document::{Spec, entries, items},
    sample,
};
use crate::convert::import::draft::Draft;

/// Deepest nesting of what is made.
const MAX_DEPTH: usize = 14;
/// Depth from which on objects hold only what they must.
const ONLY_REQUIRED: usize = 4;
/// How far beyond its share of values a sample may go for what is required.
const HARD_BOUND: usize = 4;
/// Bytes of text that count as much as one value.
const BYTES_A_NODE: usize = 50;
/// Most elements of a list.
const MAX_ITEMS: u64 = 20;
/// Most branches of a choice that are tried.
const MAX_BRANCHES: usize = 20;

/// The example that a media type or parameter gives.
pub(super) fn example<'a>(spec: &Spec<'a>, holder: &'a Value) -> Option<&'a Value> {
    holder.get("example").or_else(|| {
        let named =
            entries(&holder["examples"]).filter_map(|(_, named)| spec.resolve(named).ok()?.get("value"));
        named.chain(items(&holder["examples"])).next()
    })
}

/// Makes the values of one request part.
pub(super) struct Samples<'s, 'a> {
    spec: &'s Spec<'a>,
    place: String,
    /// References that are being followed.
    under_way: Vec<&'a str>,
    nodes: usize,
    /// What could not be done, to be listed.
    troubles: Vec<String>,
}

impl<'s, 'a> Samples<'s, 'a> {
    pub(super) fn new(spec: &'s Spec<'a>, place: &str) -> Self {
        Self { spec, place: place.to_owned(), under_way: Vec::new(), nodes: 0, troubles: Vec::new() }
    }

    /// Lists what could not be done.
    pub(super) fn tell(&mut self, draft: &mut Draft) {
        self.troubles.dedup();
        for trouble in self.troubles.drain(..) {
            draft.leave_out(self.place.clone(), trouble);
        }
    }

    /// A value that a schema takes. `name` is what it belongs to, which says much about texts.
    pub(super) fn value(&mut self, schema: &'a Value, name: &str) -> Value {
        self.at(schema, name, 0).unwrap_or(Value::Null)
    }

    /// `None` where a cycle or a bound leaves nothing to say.
    fn at(&mut self, schema: &'a Value, name: &str, depth: usize) -> Option<Value> {
        self.nodes += 1;
        if depth > MAX_DEPTH || self.nodes > HARD_BOUND * self.spec.share {
            return None;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            if self.under_way.contains(&reference) {
                return None;
            }
            let target = match self.spec.target(reference) {
                Ok(target) => target,
                Err(broken) => {
                    self.troubles.push(broken.0);
                    return None;
                }
            };
            self.under_way.push(reference);
            let value = self.at(target, name, depth);
            self.under_way.pop();
            return value;
        }
        if let Some(said) = said(schema) {
            return Some(said.clone());
        }
        if let Some(list) = schema.get("enum").and_then(Value::as_array) {
            return list.iter().find(|value| !value.is_null()).or(list.first()).cloned();
        }
        if schema.get("allOf").is_some() {
            return self.all_of(schema, name, depth);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(made) = self.one_of(&schema[key], schema, name, depth) {
                return Some(made);
            }
        }
        self.typed(schema, name, depth)
    }

    /// All parts of an object, laid over each other.
    fn all_of(&mut self, schema: &'a Value, name: &str, depth: usize) -> Option<Value> {
        let (mut whole, mut other, mut something) = (Map::new(), None, schema.get("properties").is_some());
        for part in items(&schema["allOf"]).take(MAX_BRANCHES) {
            match self.at(part, name, depth + 1) {
                Some(Value::Object(map)) => {
                    something = true;
                    whole.extend(map);
                }
                Some(Value::Null) | None => {}
                made => other = other.or(made),
            }
        }
        if schema.get("properties").is_some()
            && let Some(Value::Object(map)) = self.object(schema, depth)
        {
            whole.extend(map);
        }
        if !something {
            return other;
        }
        self.complete(&mut whole, schema);
        match other {
            Some(other) if whole.is_empty() => Some(other),
            _ => Some(Value::Object(whole)),
        }
    }

    /// The first branch that something can be made of, with what the schema says beside the choice.
    fn one_of(&mut self, branches: &'a Value, schema: &'a Value, name: &str, depth: usize) -> Option<Value> {
        for branch in items(branches).take(MAX_BRANCHES) {
            // Such branches only say which properties are required.
            let says_nothing =
                branch.as_object().is_some_and(|map| map.keys().all(|key| key == "required" || key == "not"));
            if says_nothing || branch["type"] == "null" {
                continue;
            }
            match self.at(branch, name, depth + 1) {
                Some(Value::Object(mut map)) if schema.get("properties").is_some() => {
                    if let Some(Value::Object(own)) = self.object(schema, depth) {
                        for (key, value) in own {
                            map.entry(key).or_insert(value);
                        }
                    }
                    return Some(Value::Object(map));
                }
                Some(Value::Null) | None => {}
                made => return made,
            }
        }
        None
    }

    fn typed(&mut self, schema: &'a Value, name: &str, depth: usize) -> Option<Value> {
        match kind(schema) {
            "object" => match self.object(schema, depth) {
                Some(Value::Object(mut map)) => {
                    self.complete(&mut map, schema);
                    Some(Value::Object(map))
                }
                other => other,
            },
            "array" => Some(self.list(schema, name, depth)),
            "integer" => Some(Value::Number(sample::integer(schema))),
            "number" => Some(Value::Number(sample::number(schema))),
            "boolean" => Some(Value::Bool(true)),
            "null" => Some(Value::Null),
            "string" => {
                let made = sample::text(schema, name);
                self.troubles.extend(made.trouble);
                Some(Value::String(made.text))
            }
            // Anything at all is taken.
            _ => Some(Value::from("text")),
        }
    }

    fn object(&mut self, schema: &'a Value, depth: usize) -> Option<Value> {
        let required: Vec<&str> = items(&schema["required"]).filter_map(Value::as_str).collect();
        let mut map = Map::new();
        for (name, property) in entries(&schema["properties"]) {
            let needed = required.contains(&name.as_str());
            let sparse = depth >= ONLY_REQUIRED || self.nodes > self.spec.share;
            if sparse && !needed || name.len() > 500 {
                continue;
            }
            // An answer has it, a request must not.
            let read_only = self.spec.resolve(property).is_ok_and(|property| property["readOnly"] == true);
            if read_only || property["readOnly"] == true {
                continue;
            }
            match self.at(property, name, depth + 1) {
                Some(value) => {
                    map.insert(name.clone(), value);
                }
                None if needed => {
                    let nested = property.get("items").is_some();
                    map.insert(name.clone(), if nested { Value::Array(Vec::new()) } else { Value::Null });
                }
                None => {}
            }
        }
        if map.is_empty()
            && let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object())
            && schema["minProperties"].as_u64().is_some_and(|least| least > 0)
        {
            map.insert("key".to_owned(), self.at(values, "key", depth + 1)?);
        }
        Some(Value::Object(map))
    }

    /// Adds what is required and nowhere described.
    fn complete(&self, map: &mut Map<String, Value>, schema: &Value) {
        let parts =
            items(&schema["allOf"]).take(MAX_BRANCHES).filter_map(|part| self.spec.resolve(part).ok());
        let parts: Vec<&Value> = std::iter::once(schema).chain(parts).collect();
        let described = |name: &str| parts.iter().any(|part| part["properties"].get(name).is_some());
        let composed = |part: &&Value| ["allOf", "oneOf", "anyOf"].iter().any(|key| part.get(*key).is_some());
        // Parts of parts may describe it.
        if parts.iter().skip(1).any(composed) || schema["additionalProperties"] == false {
            return;
        }
        let required = parts.iter().flat_map(|part| items(&part["required"])).filter_map(Value::as_str);
        for name in required.filter(|name| !described(name) && name.len() <= 500).take(MAX_BRANCHES) {
            map.entry(name).or_insert_with(|| Value::from("text"));
        }
    }

    fn list(&mut self, schema: &'a Value, name: &str, depth: usize) -> Value {
        let least = schema["minItems"].as_u64().unwrap_or(1);
        let most = schema["maxItems"].as_u64().unwrap_or(u64::MAX);
        // `[]` is right for every list, and the only way out of a cycle.
        let Some(of) = schema.get("items") else { return Value::Array(Vec::new()) };
        let Some(first) = self.at(of, name, depth + 1) else { return Value::Array(Vec::new()) };
        // Elements are copies: what they cost together is bounded before they are made.
        let cost = weight(&first);
        let room = (HARD_BOUND * self.spec.share).saturating_sub(self.nodes) / cost;
        let count = least.max(1).min(most).min(MAX_ITEMS).min(room.max(1) as u64);
        if count < least {
            self.troubles.push(format!("a list of {least} elements is made of {count}"));
        }
        self.nodes += cost * usize::try_from(count).unwrap_or(1);
        let distinct = schema["uniqueItems"] == true;
        let choices = self.spec.resolve(of).ok().and_then(|of| of["enum"].as_array());
        let list = (0..count).filter_map(|index| match (&first, choices) {
            (_, Some(choices)) if distinct => choices.get(usize::try_from(index).ok()?).cloned(),
            (Value::String(text), _) if distinct && index > 0 => {
                Some(Value::String(format!("{text}{index}")))
            }
            (Value::Number(number), _) if distinct && number.is_i64() => {
                Some(Value::from(number.as_i64()?.checked_add(i64::try_from(index).ok()?)?))
            }
            _ => Some(first.clone()),
        });
        Value::Array(list.collect())
    }
}

/// What a value costs.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => 1 + text.len() / BYTES_A_NODE,
        Value::Array(list) => 1 + list.iter().map(weight).sum::<usize>(),
        Value::Object(map) => {
            1 + map.iter().map(|(key, value)| key.len() / BYTES_A_NODE + weight(value)).sum::<usize>()
        }
        _ => 1,
    }
}

/// The value that a schema states itself.
fn said(schema: &Value) -> Option<&Value> {
    schema
        .get("const")
        .or_else(|| schema.get("example"))
        .or_else(|| items(&schema["examples"]).next())
        .or_else(|| schema.get("default").filter(|value| !value.is_null()))
}

/// The type of a schema: the first that is not null where there are several, or what its other words show.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => return kind,
        Value::Array(kinds) => {
            let mut kinds = kinds.iter().filter_map(Value::as_str);
            return kinds.find(|kind| *kind != "null").unwrap_or("null");
        }
        _ => {}
    }
    const SHOWN_BY: [(&str, &str); 10] = [
        ("properties", "object"),
        ("additionalProperties", "object"),
        ("required", "object"),
        ("items", "array"),
        ("format", "string"),
        ("pattern", "string"),
        ("minLength", "string"),
        ("maxLength", "string"),
        ("minimum", "number"),
        ("maximum", "number"),
    ];
    SHOWN_BY.iter().find(|(key, _)| schema.get(*key).is_some()).map_or("", |(_, kind)| kind)
}

/// A whole number as JSON.
pub(super) fn whole(value: f64) -> Number {
    #[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates, and bounds are small")]
    Number::from(value as i64)
}
