//! Conditions of scripts, and the checks that say the same.

use serde_json::Value as Json;

use super::{
    compare::{check_op, code, is_plain, known, sign, status, swapped},
    machine::Machine,
    tree::{At, Expr, Kind, Op},
    value::{Part, Value},
};
use crate::loadtest::{
    limit,
    types::{Check, CheckOp, StatusSet},
};

/// Statuses that are in use: what a range of them means.
const IN_USE: [u16; 63] = [
    100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307,
    308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421,
    422, 423, 424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511, 599,
];
/// Most statuses that are listed one by one as the script meant them.
const FEW: usize = 10;
/// Most checks of a request.
const MAX_CHECKS: usize = 100;

/// A condition.
#[derive(Clone, Debug)]
pub(in crate::convert::import) enum Cond {
    Known(bool),
    /// The status of an answer is one of these.
    Status(usize, Vec<u16>),
    Check(usize, Box<Check>),
    All(Vec<Cond>),
    Any(Vec<Cond>),
    /// The opposite of what no check says the opposite of.
    Not(Box<Cond>),
    Unknown,
}

impl Cond {
    /// The opposite.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Known(value) => Self::Known(!value),
            Self::Status(answer, codes) => {
                Self::Status(answer, (100..600).filter(|code| !codes.contains(code)).collect())
            }
            Self::Check(answer, check) => match opposite((*check).clone()) {
                Some(check) => Self::Check(answer, Box::new(check)),
                None => Self::Not(Box::new(Self::Check(answer, check))),
            },
            Self::All(list) => Self::any(list.into_iter().map(Self::negated).collect()),
            Self::Any(list) => Self::all(list.into_iter().map(Self::negated).collect()),
            Self::Not(inner) => *inner,
            Self::Unknown => Self::Unknown,
        }
    }

    /// Both of two statuses are one set of them; what is known does not count.
    fn all(list: Vec<Self>) -> Self {
        let mut out: Vec<Self> = Vec::new();
        for cond in list {
            match (cond, out.iter_mut().find(|known| matches!(known, Self::Status(..)))) {
                (Self::Known(true), _) => {}
                (Self::Known(false), _) => return Self::Known(false),
                (Self::Status(answer, codes), Some(Self::Status(other, known))) if answer == *other => {
                    known.retain(|code| codes.contains(code));
                }
                (Self::All(list), _) => out.extend(list),
                (cond, _) => out.push(cond),
            }
        }
        match out.len() {
            0 => Self::Known(true),
            1 => out.remove(0),
            _ => Self::All(out),
        }
    }

    fn any(list: Vec<Self>) -> Self {
        let mut out: Vec<Self> = Vec::new();
        for cond in list {
            match (cond, out.iter_mut().find(|known| matches!(known, Self::Status(..)))) {
                (Self::Known(false), _) => {}
                (Self::Known(true), _) => return Self::Known(true),
                (Self::Status(answer, codes), Some(Self::Status(other, known))) if answer == *other => {
                    known.extend(codes);
                }
                (cond, _) => out.push(cond),
            }
        }
        match out.len() {
            0 => Self::Known(false),
            1 => out.remove(0),
            _ => Self::Any(out),
        }
    }
}

fn opposite(check: Check) -> Option<Check> {
    let op = match check.op? {
        CheckOp::Eq => CheckOp::Ne,
        CheckOp::Ne => CheckOp::Eq,
        CheckOp::Gt => CheckOp::Le,
        CheckOp::Le => CheckOp::Gt,
        CheckOp::Lt => CheckOp::Ge,
        CheckOp::Ge => CheckOp::Lt,
        CheckOp::Contains | CheckOp::Exists => return None,
    };
    // A time carries its operator itself, and the other beside it until it is given to a request.
    Some(Check { op: Some(op), ..check })
}

impl Machine<'_> {
    /// What a condition asks.
    pub(super) fn condition(&mut self, expr: &Expr) -> Cond {
        if !self.may_go_on(expr.at) {
            return Cond::Unknown;
        }
        self.deeper(Cond::Unknown, |machine| machine.asked(expr))
    }

    fn asked(&mut self, expr: &Expr) -> Cond {
        match &expr.kind {
            Kind::Not(inner) => self.condition(inner).negated(),
            Kind::Binary(Op::And, left, right) => {
                let left = self.condition(left);
                let right = self.condition(right);
                Cond::all(vec![left, right])
            }
            Kind::Binary(Op::Or, left, right) => {
                let left = self.condition(left);
                let right = self.condition(right);
                Cond::any(vec![left, right])
            }
            Kind::Binary(op @ (Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge), left, right) => {
                // `body.indexOf(x) !== -1`
                if let Some(cond) = self.index_of(*op, left, right) {
                    return cond;
                }
                let (left, right) = (self.eval(left), self.eval(right));
                self.compared(*op, left, right)
            }
            Kind::Binary(op @ (Op::In | Op::NotIn), left, right) => {
                let (part, whole) = (self.eval(left), self.eval(right));
                let cond = self.contained(&part, &whole);
                if *op == Op::In { cond } else { cond.negated() }
            }
            Kind::Call(call) => {
                if let Kind::Member(holder, name) = &call.callee.kind
                    && let (Kind::Pattern(pattern), "test", [arg]) =
                        (&holder.kind, name.as_str(), call.args.as_slice())
                {
                    let of = self.eval(&arg.value);
                    return self.matched(pattern, &of);
                }
                if let Kind::Member(holder, name) = &call.callee.kind
                    && matches!(name.as_str(), "includes" | "contains" | "startswith" | "startsWith" | "some")
                    && let [arg] = call.args.as_slice()
                {
                    let (whole, part) = (self.eval(holder), self.eval(&arg.value));
                    let exact = matches!(name.as_str(), "includes" | "contains");
                    return if exact { self.contained(&part, &whole) } else { Cond::Unknown };
                }
                let value = self.eval(expr);
                self.truth(value)
            }
            _ => {
                let value = self.eval(expr);
                self.truth(value)
            }
        }
    }

    fn matched(&self, pattern: &str, of: &Value) -> Cond {
        match of {
            Value::Part(answer, Part::Body) if is_plain(pattern) && limit::regex(pattern).is_ok() => {
                self.fitting(*answer, Check { body_matches: Some(pattern.to_owned()), ..Check::default() })
            }
            _ => Cond::Unknown,
        }
    }

    fn index_of(&mut self, op: Op, left: &Expr, right: &Expr) -> Option<Cond> {
        let Kind::Call(call) = &left.kind else { return None };
        let Kind::Member(holder, name) = &call.callee.kind else { return None };
        if !matches!(name.as_str(), "indexOf" | "find") || call.args.len() != 1 {
            return None;
        }
        let edge = self.eval(right).as_f64()?;
        let is_there = match (op, edge) {
            (Op::Ne | Op::Gt, edge) if edge.to_bits() == (-1.0_f64).to_bits() => true,
            (Op::Ge, 0.0) => true,
            (Op::Eq, edge) if edge.to_bits() == (-1.0_f64).to_bits() => false,
            (Op::Lt, 0.0) => false,
            _ => return None,
        };
        let (whole, part) = (self.eval(holder), self.eval(&call.args[0].value));
        let cond = self.contained(&part, &whole);
        Some(if is_there { cond } else { cond.negated() })
    }

    fn truth(&self, value: Value) -> Cond {
        let check = |answer, check| self.fitting(answer, check);
        match value {
            Value::Part(_, Part::Whole) => Cond::Known(true),
            Value::Part(answer, Part::Good) => Cond::Status(answer, (100..400).collect()),
            Value::Part(answer, Part::Json(path, _)) => {
                check(answer, Check { json: Some(path), op: Some(CheckOp::Exists), ..Check::default() })
            }
            Value::Part(answer, Part::Header(name)) => {
                check(answer, Check { header: Some(name), op: Some(CheckOp::Exists), ..Check::default() })
            }
            Value::Part(answer, Part::Body) => {
                check(answer, Check { size: Some("> 0b".to_owned()), ..Check::default() })
            }
            Value::Part(answer, Part::Length(path)) => self.not_empty(answer, &path),
            other => other.truth().map_or(Cond::Unknown, Cond::Known),
        }
    }

    fn not_empty(&self, answer: usize, path: &str) -> Cond {
        let json = Some(format!("{path}[0]"));
        self.fitting(answer, Check { json, op: Some(CheckOp::Exists), ..Check::default() })
    }

    /// A check that a document may hold.
    fn fitting(&self, answer: usize, check: Check) -> Cond {
        let path_fits =
            check.json.as_ref().is_none_or(|path| is_plain(path) && limit::json_path(path).is_ok());
        let name = check.header.as_ref();
        let name_fits = name.is_none_or(|name| http::HeaderName::from_bytes(name.as_bytes()).is_ok());
        let there = self.sent.get(answer).is_some_and(|sent| sent.kept);
        if path_fits && name_fits && there { Cond::Check(answer, Box::new(check)) } else { Cond::Unknown }
    }

    fn compared(&mut self, op: Op, left: Value, right: Value) -> Cond {
        let (op, part, other) = if Self::is_of_answer(&left) {
            (op, left, right)
        } else if Self::is_of_answer(&right) {
            (swapped(op), right, left)
        } else {
            return known(op, &left, &right);
        };
        let Value::Part(answer, part) = part else { return Cond::Unknown };
        match part {
            Part::Status => status(answer, op, &other),
            Part::Good => match (op, other.truth()) {
                (Op::Eq, Some(true)) | (Op::Ne, Some(false)) => Cond::Status(answer, (100..400).collect()),
                _ => Cond::Unknown,
            },
            Part::Millis | Part::Seconds => self.time(answer, op, &other, part == Part::Seconds),
            Part::Json(path, _) => {
                self.value(answer, op, &other, Check { json: Some(path), ..Check::default() })
            }
            Part::Header(name) => {
                self.value(answer, op, &other, Check { header: Some(name), ..Check::default() })
            }
            Part::Length(path) => match (op, other.as_f64()) {
                (Op::Gt | Op::Ne, Some(0.0)) => self.not_empty(answer, &path),
                (Op::Ge, Some(number)) if number.to_bits() == 1.0_f64.to_bits() => {
                    self.not_empty(answer, &path)
                }
                (Op::Gt | Op::Ge | Op::Eq, Some(number)) => {
                    let least = if op == Op::Gt { number } else { number - 1.0 };
                    match super::eval::whole(least) {
                        // An exact length cannot be asked for.
                        Some(place) if op != Op::Eq && (0..100_000).contains(&place) => {
                            let json = Some(format!("{path}[{place}]"));
                            self.fitting(
                                answer,
                                Check { json, op: Some(CheckOp::Exists), ..Check::default() },
                            )
                        }
                        _ => Cond::Unknown,
                    }
                }
                _ => Cond::Unknown,
            },
            Part::Body => match (op, other.truth()) {
                (Op::Ne, Some(false)) => {
                    self.fitting(answer, Check { size: Some("> 0b".to_owned()), ..Check::default() })
                }
                _ => Cond::Unknown,
            },
            _ => Cond::Unknown,
        }
    }

    fn time(&self, answer: usize, op: Op, other: &Value, seconds: bool) -> Cond {
        let Some(limit) = other.as_f64().map(|limit| if seconds { limit * 1000.0 } else { limit }) else {
            return Cond::Unknown;
        };
        if !(0.0..1e9).contains(&limit) || limit.fract() != 0.0 {
            return Cond::Unknown;
        }
        let (Some(op), time) = (check_op(op), format!("{limit}ms")) else { return Cond::Unknown };
        self.fitting(answer, Check { time: Some(time), op: Some(op), ..Check::default() })
    }

    fn value(&mut self, answer: usize, op: Op, other: &Value, check: Check) -> Cond {
        let value = match other {
            Value::Nothing if op == Op::Ne => {
                return self.fitting(answer, Check { op: Some(CheckOp::Exists), ..check });
            }
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(number) => Json::Number(number.clone()),
            other => match other.as_str().filter(|text| is_plain(text)) {
                Some(text) => Json::from(text),
                None => return Cond::Unknown,
            },
        };
        let orders = !matches!(op, Op::Eq | Op::Ne);
        if orders && !value.is_number() {
            return Cond::Unknown;
        }
        self.fitting(answer, Check { op: check_op(op), value: Some(value), ..check })
    }

    fn contained(&mut self, part: &Value, whole: &Value) -> Cond {
        let text = part.as_str().filter(|text| is_plain(text) && !text.is_empty()).map(str::to_owned);
        match (whole, text) {
            (Value::Part(answer, Part::Body), Some(text)) => {
                self.fitting(*answer, Check { body_contains: Some(text), ..Check::default() })
            }
            (Value::Part(answer, Part::Json(path, _)), Some(text)) => {
                // A key of an object, or a part of a text: the check knows both.
                let check =
                    Check { json: Some(path.clone()), value: Some(Json::from(text)), ..Check::default() };
                self.fitting(*answer, Check { op: Some(CheckOp::Contains), ..check })
            }
            (Value::Part(answer, Part::Header(name)), Some(text)) => {
                let check =
                    Check { header: Some(name.clone()), value: Some(Json::from(text)), ..Check::default() };
                self.fitting(*answer, Check { op: Some(CheckOp::Contains), ..check })
            }
            (Value::Part(answer, Part::Headers), Some(name)) => self.fitting(
                *answer,
                Check { header: Some(name), op: Some(CheckOp::Exists), ..Check::default() },
            ),
            (Value::List(list), _) => match part {
                Value::Part(answer, Part::Status) => {
                    let codes: Option<Vec<u16>> = list.iter().map(code).collect();
                    codes.map_or(Cond::Unknown, |codes| Cond::Status(*answer, codes))
                }
                _ => {
                    let found = list.iter().map(|item| known(Op::Eq, item, part)).collect();
                    Cond::any(found)
                }
            },
            (whole, Some(text)) => {
                whole.as_str().map_or(Cond::Unknown, |whole| Cond::Known(whole.contains(&text)))
            }
            _ => Cond::Unknown,
        }
    }

    /// Gives requests the checks that a condition asks for; whether all of it could be said.
    pub(in crate::convert::import) fn give_checks(&mut self, cond: Cond) -> bool {
        match cond {
            Cond::Known(true) => true,
            Cond::Known(false) | Cond::Unknown | Cond::Any(_) | Cond::Not(_) => false,
            Cond::All(list) => {
                let mut all = true;
                for cond in list {
                    all &= self.give_checks(cond);
                }
                all
            }
            Cond::Status(answer, codes) => self.give_status(answer, codes),
            Cond::Check(answer, mut check) => {
                if let (Some(time), Some(op)) = (check.time.take(), check.op) {
                    check.op = None;
                    check.time = Some(format!("{} {time}", sign(op)));
                }
                let Some(sent) = self.sent.get_mut(answer).filter(|sent| sent.kept) else { return false };
                if !sent.request.check.contains(&*check) && sent.request.check.len() < MAX_CHECKS {
                    sent.request.check.push(*check);
                }
                true
            }
        }
    }

    fn give_status(&mut self, answer: usize, mut codes: Vec<u16>) -> bool {
        codes.sort_unstable();
        codes.dedup();
        let Some(sent) = self.sent.get_mut(answer).filter(|sent| sent.kept) else { return false };
        let good = codes.len() >= 300 && (200..400).all(|code| codes.contains(&code));
        // What is below 400 passes without a check.
        if good && !codes.iter().any(|code| *code >= 400) {
            return true;
        }
        if codes.len() > FEW {
            codes.retain(|code| IN_USE.contains(code));
        }
        let status = match codes.as_slice() {
            [] => return false,
            [one] => StatusSet::One(*one),
            many => StatusSet::Many(many.to_vec()),
        };
        let check = Check { status: Some(status), ..Check::default() };
        sent.request.check.retain(|known| known.status.is_none());
        sent.request.check.insert(0, check);
        true
    }

    /// Checks of an answer that have a name: what cannot be said is listed with it.
    pub(in crate::convert::import) fn named_check(
        &mut self,
        name: &str,
        test: &Value,
        answer: &Value,
        at: At,
    ) {
        let cond = match test {
            Value::Function(function, sees) => self.condition_of(function, *sees, answer),
            other => self.truth(other.clone()),
        };
        if !self.give_checks(cond) {
            let name: String = name.chars().take(60).collect();
            self.list(at, format!("the check `{name}` asks what no check of a test can say: it is left out"));
        }
    }

    /// What a function of one argument asks.
    fn condition_of(
        &mut self,
        function: &std::rc::Rc<super::tree::Function>,
        sees: usize,
        answer: &Value,
    ) -> Cond {
        use super::tree::What;
        let Some((last, before)) = function.body.split_last() else { return Cond::Unknown };
        let What::Return(Some(value)) = &last.what else { return Cond::Unknown };
        let sees = sees.clamp(1, self.scopes.len());
        let hidden = self.scopes.split_off(sees);
        self.scopes.push(std::collections::HashMap::new());
        if let Some((pattern, _)) = function.params.first() {
            self.bind(pattern, answer.clone());
        }
        self.block_of(before);
        let cond = self.condition(value);
        self.scopes.truncate(sees);
        self.scopes.extend(hidden);
        cond
    }
}
