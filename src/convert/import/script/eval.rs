//! What expressions are worth, as far as it is known without running them.

use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::Number;

use super::{
    check::Cond,
    machine::Machine,
    tree::{At, Call, Expr, Kind, Op},
    value::{Part, Piece, Value, append, length, step},
};

/// Longest text, in bytes: a loop that doubles one would never end.
const MAX_TEXT: usize = 4 << 20;
/// Most members of a list or object.
const MAX_MEMBERS: usize = 100_000;

impl Machine<'_> {
    /// The value of an expression.
    pub(in crate::convert::import) fn eval(&mut self, expr: &Expr) -> Value {
        if !self.may_go_on(expr.at) {
            return Value::Unknown(expr.at);
        }
        self.deeper(Value::Unknown(expr.at), |machine| machine.value_of(expr))
    }

    fn value_of(&mut self, expr: &Expr) -> Value {
        let at = expr.at;
        match &expr.kind {
            Kind::Nothing => Value::Nothing,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(number) => Value::Number(number.clone()),
            Kind::Text(text) => Value::text(text.clone()),
            Kind::Pattern(_) | Kind::Other | Kind::Spread(_) => Value::Unknown(at),
            Kind::Template(parts) => self.template(parts, at),
            Kind::Sum(operands) => {
                let values = operands.iter().map(|operand| self.eval(operand)).collect();
                self.sum(values, at)
            }
            Kind::Name(name) => match self.get(name) {
                Some(value) => value.clone(),
                None if name == "undefined" => Value::Nothing,
                None => self.native(name.clone(), at),
            },
            Kind::Member(holder, name) => {
                let holder = self.eval(holder);
                self.member(holder, name, at)
            }
            Kind::Index(holder, key) => {
                let (holder, key) = (self.eval(holder), self.eval(key));
                self.element(holder, &key, at)
            }
            Kind::Call(call) => self.call(call, at),
            Kind::List(items) => self.items(items, at),
            Kind::Object(entries) => self.entries(entries, at),
            Kind::Function(function) => Value::Function(Rc::clone(function), self.scopes.len()),
            Kind::Not(inner) => match self.eval(inner).truth() {
                Some(value) => Value::Bool(!value),
                None => Value::Unknown(at),
            },
            Kind::Negative(inner) => {
                let inner = self.eval(inner);
                self.calculated(Op::Sub, &Value::whole(0), &inner, at)
            }
            Kind::Binary(op, left, right) => self.binary(*op, left, right, at),
            Kind::Choice(parts) => {
                let [test, then, otherwise] = parts.as_ref();
                match self.condition(test) {
                    Cond::Known(true) => self.eval(then),
                    Cond::Known(false) => self.eval(otherwise),
                    _ => Value::Unknown(at),
                }
            }
        }
    }

    fn template(&mut self, parts: &[Expr], at: At) -> Value {
        let mut pieces = Vec::new();
        for part in parts {
            let value = self.eval(part);
            let more = self.pieces(&value, part.at);
            append(&mut pieces, more);
            if length(&pieces) > MAX_TEXT {
                return Value::Unknown(at);
            }
        }
        Value::Text(pieces)
    }

    /// Values added up, or put behind each other where one of them is a text or a list.
    pub(super) fn sum(&mut self, values: Vec<Value>, at: At) -> Value {
        let mut values = values.into_iter();
        let Some(mut sum) = values.next() else { return Value::Nothing };
        for value in values {
            sum = match (&sum, &value) {
                (Value::Unknown(_), _) if !matches!(value, Value::Text(_)) => return Value::Unknown(at),
                (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
                    (Some(a), Some(b)) => a.checked_add(b).map_or(Value::Unknown(at), Value::whole),
                    _ => self.calculated(Op::Other, &sum, &value, at),
                },
                (Value::Between(..), Value::Number(_)) | (Value::Number(_), Value::Between(..)) => {
                    self.calculated(Op::Other, &sum, &value, at)
                }
                (Value::List(a), Value::List(b)) if a.len() + b.len() <= MAX_MEMBERS => {
                    Value::list(a.iter().chain(b.iter()).cloned().collect())
                }
                (Value::List(_), _) => return Value::Unknown(at),
                _ => {
                    let mut pieces = self.pieces(&sum, at);
                    let more = self.pieces(&value, at);
                    append(&mut pieces, more);
                    if length(&pieces) > MAX_TEXT {
                        return Value::Unknown(at);
                    }
                    Value::Text(pieces)
                }
            };
        }
        sum
    }

    /// The number that two numbers make; random ones stay random. [`Op::Other`] adds.
    pub(super) fn calculated(&mut self, op: Op, left: &Value, right: &Value, at: At) -> Value {
        let unknown = Value::Unknown(at);
        let of = |a: f64, b: f64| match op {
            Op::Other => Some(a + b),
            Op::Sub => Some(a - b),
            Op::Mul => Some(a * b),
            Op::Div if b != 0.0 => Some(a / b),
            Op::FloorDiv if b != 0.0 => Some((a / b).floor()),
            Op::Rem if b != 0.0 => Some(a % b),
            Op::Pow => Some(a.powf(b)),
            _ => None,
        };
        match (left, right) {
            (Value::Between(from, to, whole), number) | (number, Value::Between(from, to, whole)) => {
                let Some(number) = number.as_f64() else { return unknown };
                let swapped = matches!(right, Value::Between(..));
                let of = |edge: f64| if swapped { of(number, edge) } else { of(edge, number) };
                let (Some(a), Some(b)) = (of(*from), of(*to)) else { return unknown };
                let keeps = *whole && number.fract() == 0.0 && matches!(op, Op::Other | Op::Sub);
                if matches!(op, Op::Rem | Op::Pow | Op::FloorDiv) || !a.is_finite() || !b.is_finite() {
                    return unknown;
                }
                Value::Between(a.min(b), a.max(b), keeps)
            }
            _ => match (left.as_f64(), right.as_f64()) {
                (Some(a), Some(b)) => of(a, b).and_then(Value::float).unwrap_or(unknown),
                _ => unknown,
            },
        }
    }

    fn binary(&mut self, op: Op, left: &Expr, right: &Expr, at: At) -> Value {
        match op {
            Op::Or => {
                let before = self.draft.count_env();
                let value = self.eval(left);
                match value.truth() {
                    Some(true) => value,
                    Some(false) => self.eval(right),
                    None => {
                        let other = self.eval(right);
                        if !matches!(other, Value::Nothing | Value::Unknown(_)) {
                            self.draft.forget_env(before);
                        }
                        self.stand_in(value, other, left, right)
                    }
                }
            }
            Op::And => {
                let value = self.eval(left);
                match value.truth() {
                    Some(true) => self.eval(right),
                    Some(false) => value,
                    None => Value::Unknown(at),
                }
            }
            Op::Rem if matches!(left.kind, Kind::Text(_) | Kind::Template(_)) => {
                let (form, values) = (self.eval(left), self.eval(right));
                self.percent(&form, &values, at)
            }
            Op::Sub | Op::Mul | Op::Div | Op::FloorDiv | Op::Rem | Op::Pow => {
                let (left, right) = (self.eval(left), self.eval(right));
                self.calculated(op, &left, &right, at)
            }
            _ => match self.condition(&Expr {
                at,
                kind: Kind::Binary(op, Box::new(left.clone()), Box::new(right.clone())),
            }) {
                Cond::Known(value) => Value::Bool(value),
                _ => Value::Unknown(at),
            },
        }
    }

    /// What stands where something is not set: a test has no defaults for its environment, so that it is taken.
    fn stand_in(&mut self, value: Value, other: Value, left: &Expr, right: &Expr) -> Value {
        let is_env = matches!(&value, Value::Text(pieces) if matches!(pieces.as_slice(), [Piece::Template(one)] if one.starts_with("${env:")));
        if matches!(other, Value::Nothing | Value::Unknown(_))
            || !is_env && !matches!(value, Value::Unknown(_))
        {
            return value;
        }
        if is_env {
            let (name, shown) = (self.source.excerpt(left.at), self.source.excerpt(right.at));
            self.note(
                left.at,
                format!("`{name}` is not read: what stands for it, `{shown}`, is written out"),
            );
        }
        other
    }

    /// What a name stands for that the script does not define.
    fn native(&mut self, path: String, at: At) -> Value {
        (self.dialect.native)(self, &path, at).unwrap_or(Value::Native(path))
    }

    /// A member of a value.
    pub(in crate::convert::import) fn member(&mut self, holder: Value, name: &str, at: At) -> Value {
        match holder {
            Value::Native(path) => self.native(format!("{path}.{name}"), at),
            Value::Object(map) => map.get(name).cloned().unwrap_or(Value::Nothing),
            Value::List(list) if name == "length" => {
                Value::whole(i64::try_from(list.len()).unwrap_or(i64::MAX))
            }
            Value::Me => match self.me.get(name) {
                Some(value) => value.clone(),
                None => self.native(format!("self.{name}"), at),
            },
            Value::Part(answer, part) => match self.part(&part, name) {
                Some(part) => Value::Part(answer, part),
                None => Value::Unknown(at),
            },
            Value::Pick(list) => {
                let of = |value: &Value| value.get(name).cloned();
                list.iter()
                    .map(of)
                    .collect::<Option<Vec<_>>>()
                    .map_or(Value::Unknown(at), |list| Value::Pick(Rc::new(list)))
            }
            // Where it is asked for says more than where the file is opened.
            Value::Data(_) if at != At::default() => Value::Data(at),
            Value::Data(data) => Value::Data(data),
            _ => Value::Unknown(at),
        }
    }

    fn part(&self, part: &Part, name: &str) -> Option<Part> {
        match part {
            Part::Json(path, _) if name == "length" => Some(Part::Length(path.clone())),
            Part::Json(path, _) if path.len() < 500 => Some(Part::Json(step(path, name), None)),
            Part::Headers => Some(Part::Header(name.to_owned())),
            Part::Cookies => Some(Part::Cookie(name.to_owned())),
            Part::Cookie(cookie) if name == "value" => Some(Part::Cookie(cookie.clone())),
            other => (self.dialect.part)(other, name),
        }
    }

    /// An element of a value.
    pub(super) fn element(&mut self, holder: Value, key: &Value, at: At) -> Value {
        if let Some(name) = key.as_str().map(str::to_owned) {
            return self.member(holder, &name, at);
        }
        match (holder, key) {
            (Value::List(list), Value::Between(from, _, _)) if *from >= 0.0 => Value::Pick(list),
            (Value::Data(data), _) => Value::Data(data),
            (Value::Part(answer, Part::Json(path, _)), Value::Number(number)) if path.len() < 500 => {
                Value::Part(answer, Part::Json(format!("{path}[{number}]"), None))
            }
            (Value::Part(answer, Part::Cookie(cookie)), Value::Number(_)) => {
                Value::Part(answer, Part::Cookie(cookie))
            }
            (Value::List(list), Value::Number(number)) => {
                let length = i64::try_from(list.len()).unwrap_or(i64::MAX);
                let index = number.as_i64().map(|index| if index < 0 { index + length } else { index });
                let found = index.and_then(|index| list.get(usize::try_from(index).ok()?));
                found.cloned().unwrap_or(Value::Unknown(at))
            }
            _ => Value::Unknown(at),
        }
    }

    fn items(&mut self, items: &[Expr], at: At) -> Value {
        let mut list = Vec::new();
        for item in items {
            match &item.kind {
                Kind::Spread(inner) => match self.eval(inner) {
                    Value::List(more) => list.extend(more.iter().cloned()),
                    _ => return Value::Unknown(at),
                },
                _ => list.push(self.eval(item)),
            }
            if list.len() > MAX_MEMBERS {
                return Value::Unknown(at);
            }
        }
        Value::list(list)
    }

    fn entries(&mut self, entries: &[(Expr, Expr)], at: At) -> Value {
        let mut map = IndexMap::new();
        for (key, value) in entries {
            if let Kind::Spread(inner) = &value.kind {
                match self.eval(inner) {
                    Value::Object(more) => {
                        map.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())))
                    }
                    Value::Nothing => {}
                    _ => return Value::Unknown(at),
                }
            } else {
                let key = match &key.kind {
                    Kind::Text(text) => text.clone(),
                    Kind::Number(number) => number.to_string(),
                    _ => match self.eval(key).as_str() {
                        Some(text) => text.to_owned(),
                        None => return Value::Unknown(at),
                    },
                };
                let value = self.eval(value);
                map.insert(key, value);
            }
            if map.len() > MAX_MEMBERS {
                return Value::Unknown(at);
            }
        }
        Value::Object(Rc::new(map))
    }

    /// A call: of a function of the script, of a method of a value, or of what the tool gives.
    fn call(&mut self, call: &Call, at: At) -> Value {
        if let Kind::Member(holder, name) = &call.callee.kind {
            let holder = self.eval(holder);
            if let Some(value) = self.method(&holder, name, call, at) {
                return value;
            }
            let callee = self.member(holder, name, call.callee.at);
            return self.called(callee, call, at);
        }
        let callee = self.eval(&call.callee);
        self.called(callee, call, at)
    }

    fn called(&mut self, callee: Value, call: &Call, at: At) -> Value {
        match callee {
            Value::Function(function, sees) => {
                let args = self.arguments(call, &function.params);
                self.run(&function, sees, args)
            }
            Value::Native(path) => match (self.dialect.call)(self, &path, call, at) {
                Some(value) => value,
                None => {
                    // What it is given may send something itself.
                    call.args.iter().for_each(|arg| drop(self.eval(&arg.value)));
                    Value::Unknown(at)
                }
            },
            Value::Data(data) => Value::Data(data),
            _ => {
                call.args.iter().for_each(|arg| drop(self.eval(&arg.value)));
                Value::Unknown(at)
            }
        }
    }

    /// Arguments by place, those of Python that have a name where the function wants them.
    fn arguments(&mut self, call: &Call, params: &[(super::tree::Pattern, Option<Expr>)]) -> Vec<Value> {
        let mut values: Vec<Option<Value>> = Vec::new();
        let is_method = params.first().is_some_and(
            |(pattern, _)| matches!(pattern, super::tree::Pattern::Name(name) if name == "self"),
        );
        if is_method {
            values.push(Some(Value::Me));
        }
        for arg in &call.args {
            let value = self.eval(&arg.value);
            let place = arg.name.as_ref().and_then(|wanted| {
                params.iter().position(
                    |(pattern, _)| matches!(pattern, super::tree::Pattern::Name(name) if name == wanted),
                )
            });
            match (place, &arg.name) {
                (Some(place), _) => {
                    values.resize(values.len().max(place + 1), None);
                    values[place] = Some(value);
                }
                (None, None) => values.push(Some(value)),
                (None, Some(_)) => {}
            }
        }
        let defaults = values.into_iter().enumerate().map(|(index, value)| match value {
            Some(value) => value,
            None => match params.get(index).and_then(|(_, default)| default.as_ref()) {
                Some(default) => self.eval(default),
                None => Value::Nothing,
            },
        });
        defaults.collect()
    }

    /// The value of an argument by place or name.
    pub(in crate::convert::import) fn arg(&mut self, call: &Call, place: usize, name: &str) -> Option<Value> {
        let by_place = call.args.get(place).filter(|arg| arg.name.is_none());
        let arg = by_place.or_else(|| call.args.iter().find(|arg| arg.name.as_deref() == Some(name)));
        arg.map(|arg| self.eval(&arg.value))
    }
}

/// A whole number from a float that is one.
pub(in crate::convert::import) fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
    (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
}

/// A number as both languages write it in a text.
pub(super) fn shown(number: &Number) -> String {
    number.to_string()
}
