//! Methods of texts, lists, objects and answers.

use std::rc::Rc;

use super::{
    machine::Machine,
    source::Language,
    tree::{At, Call},
    value::{Part, Piece, Value, append, step},
};

/// Most members of a list that a function is called for.
const MAX_CALLS: usize = 200;

impl Machine<'_> {
    /// The value of a method call; `None` where the value has no such method.
    pub(super) fn method(&mut self, holder: &Value, name: &str, call: &Call, at: At) -> Option<Value> {
        match holder {
            Value::Part(answer, part) => self.of_answer(*answer, part, name, call, at),
            Value::Text(pieces) => self.of_text(pieces, name, call, at),
            Value::Number(_) if name == "toString" => {
                let pieces = self.pieces(holder, at);
                Some(Value::Text(pieces))
            }
            Value::List(list) => self.of_list(&Rc::clone(list), name, call, at),
            Value::Object(map) if self.dialect.language == Language::Python => match name {
                "items" => {
                    let pair =
                        |(key, value): (&String, &Value)| Value::list(vec![Value::text(key), value.clone()]);
                    Some(Value::list(map.iter().map(pair).collect()))
                }
                "keys" => Some(Value::list(map.keys().map(Value::text).collect())),
                "values" => Some(Value::list(map.values().cloned().collect())),
                "copy" => Some(holder.clone()),
                "get" => {
                    let key = self.arg(call, 0, "")?.as_str()?.to_owned();
                    match map.get(&key) {
                        Some(value) => Some(value.clone()),
                        None => Some(self.arg(call, 1, "").unwrap_or(Value::Nothing)),
                    }
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn of_answer(&mut self, answer: usize, part: &Part, name: &str, call: &Call, at: At) -> Option<Value> {
        let part = match (part, name) {
            (Part::Whole, "json") => match self.arg(call, 0, "") {
                None => Part::Json("$".to_owned(), None),
                Some(path) => Part::Json(gjson(path.as_str()?)?, None),
            },
            // What says whether a request failed is seen by whoever asks.
            (Part::Whole, "success" | "raise_for_status") => return Some(Value::Nothing),
            (Part::Whole, "failure") => {
                self.list(at, "fails a request whatever its answer is: it is not carried over");
                return Some(Value::Nothing);
            }
            (Part::Json(path, _), "get") if self.dialect.language == Language::Python => {
                let key = self.arg(call, 0, "")?;
                Part::Json(step(path, key.as_str()?), None)
            }
            (Part::Headers, "get") => Part::Header(self.arg(call, 0, "")?.as_str()?.to_owned()),
            (Part::Cookies, "get") => Part::Cookie(self.arg(call, 0, "")?.as_str()?.to_owned()),
            (Part::Timings, "total_seconds") => Part::Seconds,
            (
                part @ (Part::Json(..) | Part::Header(_) | Part::Body),
                "toString" | "trim" | "strip" | "decode",
            ) => part.clone(),
            _ => return None,
        };
        Some(Value::Part(answer, part))
    }

    fn of_text(&mut self, pieces: &[Piece], name: &str, call: &Call, at: At) -> Option<Value> {
        let changed = |change: fn(&str) -> String| {
            let piece = |piece: &Piece| match piece {
                Piece::Fixed(text) => Piece::Fixed(change(text)),
                template @ Piece::Template(_) => template.clone(),
            };
            Some(Value::Text(pieces.iter().map(piece).collect()))
        };
        match name {
            "toString" | "encode" | "decode" | "normalize" => Some(Value::Text(pieces.to_vec())),
            "trim" | "strip" if matches!(pieces, [Piece::Fixed(_)]) => changed(|text| text.trim().to_owned()),
            "toUpperCase" | "upper" => changed(str::to_uppercase),
            "toLowerCase" | "lower" => changed(str::to_lowercase),
            "format" if self.dialect.language == Language::Python => self.formatted(pieces, call, at),
            "concat" => {
                let mut all = pieces.to_vec();
                for arg in &call.args {
                    let value = self.eval(&arg.value);
                    let more = self.pieces(&value, at);
                    append(&mut all, more);
                }
                Some(Value::Text(all))
            }
            "join" => {
                let list = self.arg(call, 0, "")?;
                Some(self.joined(list.items(), pieces, at))
            }
            "split" => {
                let text = Value::Text(pieces.to_vec()).as_str()?.to_owned();
                let at = self.arg(call, 0, "")?.as_str().filter(|at| !at.is_empty())?.to_owned();
                Some(Value::list(text.split(&at).take(MAX_CALLS).map(Value::text).collect()))
            }
            _ => None,
        }
    }

    fn joined(&mut self, list: &[Value], between: &[Piece], at: At) -> Value {
        let mut all = Vec::new();
        for (index, value) in list.iter().enumerate() {
            if index > 0 {
                append(&mut all, between.to_vec());
            }
            let more = self.pieces(value, at);
            append(&mut all, more);
        }
        Value::Text(all)
    }

    /// `'{} of {name}'.format(a, name=b)`.
    fn formatted(&mut self, pieces: &[Piece], call: &Call, at: At) -> Option<Value> {
        let (mut out, mut next) = (Vec::new(), 0);
        for piece in pieces {
            let Piece::Fixed(text) = piece else {
                out.push(piece.clone());
                continue;
            };
            let mut rest = text.as_str();
            while let Some(found) = rest.find(['{', '}']) {
                let (before, after) = (&rest[..found], &rest[found..]);
                append(&mut out, vec![Piece::Fixed(before.to_owned())]);
                if after.starts_with("{{") || after.starts_with("}}") {
                    append(&mut out, vec![Piece::Fixed(after[..1].to_owned())]);
                    rest = &after[2..];
                    continue;
                }
                let (field, after) = after.strip_prefix('{')?.split_once('}')?;
                let value = match field.parse::<usize>() {
                    Ok(place) => self.arg(call, place, "")?,
                    Err(_) if field.is_empty() => {
                        next += 1;
                        self.arg(call, next - 1, "")?
                    }
                    Err(_) => self.arg(call, usize::MAX, field)?,
                };
                let more = self.pieces(&value, at);
                append(&mut out, more);
                rest = after;
            }
            append(&mut out, vec![Piece::Fixed(rest.to_owned())]);
        }
        Some(Value::Text(out))
    }

    fn of_list(&mut self, list: &Rc<Vec<Value>>, name: &str, call: &Call, at: At) -> Option<Value> {
        match name {
            "join" => {
                let between = self.arg(call, 0, "").unwrap_or_else(|| Value::text(","));
                let between = self.pieces(&between, at);
                Some(self.joined(list, &between, at))
            }
            "map" | "forEach" => {
                let Some(Value::Function(function, sees)) = self.arg(call, 0, "") else { return None };
                if list.len() > MAX_CALLS {
                    self.list(at, format!("is called for more than {MAX_CALLS} members: it is left out"));
                    return Some(Value::Unknown(at));
                }
                let mut values = Vec::new();
                for (index, item) in list.iter().enumerate() {
                    let place = Value::whole(i64::try_from(index).unwrap_or(0));
                    values.push(self.run(&function, sees, vec![item.clone(), place]));
                }
                Some(if name == "map" { Value::list(values) } else { Value::Nothing })
            }
            "push" | "append" => {
                let value = self.arg(call, 0, "")?;
                let super::tree::Kind::Member(holder, _) = &call.callee.kind else { return None };
                let mut longer = list.as_ref().clone();
                if longer.len() < MAX_CALLS * 10 {
                    longer.push(value);
                }
                if let super::tree::Kind::Name(name) = &holder.kind {
                    self.assign(&super::tree::Pattern::Name(name.clone()), Value::list(longer));
                }
                Some(Value::Nothing)
            }
            _ => None,
        }
    }
}

/// The JSONPath of a path such as `items.0.id`; `None` where it asks for more.
fn gjson(path: &str) -> Option<String> {
    let plain = !path.contains(['#', '*', '?', '|', '@', '\\', '[', '{', ':']) && path.len() < 500;
    let keys = path.split('.');
    let step = |path: String, key: &str| match key.parse::<usize>() {
        Ok(place) => format!("{path}[{place}]"),
        Err(_) => step(&path, key),
    };
    (plain && !path.is_empty()).then(|| keys.fold("$".to_owned(), step))
}
