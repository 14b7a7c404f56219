//! Comparisons: of what is known, and in the words of checks.

use super::{check::Cond, tree::Op, value::Value};
use crate::loadtest::types::CheckOp;

pub(super) fn is_plain(text: &str) -> bool {
    !text.contains("{{") && !text.contains("${env:") && text.len() < 4000
}

pub(super) const fn swapped(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        other => other,
    }
}

pub(super) const fn check_op(op: Op) -> Option<CheckOp> {
    Some(match op {
        Op::Eq => CheckOp::Eq,
        Op::Ne => CheckOp::Ne,
        Op::Lt => CheckOp::Lt,
        Op::Le => CheckOp::Le,
        Op::Gt => CheckOp::Gt,
        Op::Ge => CheckOp::Ge,
        _ => return None,
    })
}

pub(super) const fn sign(op: CheckOp) -> &'static str {
    match op {
        CheckOp::Ne => "!=",
        CheckOp::Gt => ">",
        CheckOp::Ge => ">=",
        CheckOp::Lt => "<",
        CheckOp::Le => "<=",
        _ => "==",
    }
}

/// A status code that a value is.
pub(super) fn code(value: &Value) -> Option<u16> {
    let code = super::eval::whole(value.as_f64()?)?;
    u16::try_from(code).ok().filter(|code| (100..600).contains(code))
}

pub(super) fn status(answer: usize, op: Op, other: &Value) -> Cond {
    let Some(edge) = other.as_f64() else { return Cond::Unknown };
    let fits = |code: &u16| {
        let code = f64::from(*code);
        match op {
            Op::Eq => code.to_bits() == edge.to_bits(),
            Op::Ne => code.to_bits() != edge.to_bits(),
            Op::Lt => code < edge,
            Op::Le => code <= edge,
            Op::Gt => code > edge,
            Op::Ge => code >= edge,
            _ => false,
        }
    };
    Cond::Status(answer, (100..600).filter(fits).collect())
}

/// A comparison of what is known.
pub(super) fn known(op: Op, left: &Value, right: &Value) -> Cond {
    let order = match (left, right) {
        (Value::Number(_), _) | (_, Value::Number(_)) => {
            left.as_f64().zip(right.as_f64()).and_then(|(a, b)| a.partial_cmp(&b))
        }
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Nothing, Value::Nothing) => Some(std::cmp::Ordering::Equal),
        (Value::Nothing, Value::Text(_)) | (Value::Text(_), Value::Nothing) => Some(std::cmp::Ordering::Less),
        _ => left.as_str().zip(right.as_str()).map(|(a, b)| a.cmp(b)),
    };
    let Some(order) = order else { return Cond::Unknown };
    Cond::Known(match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
        _ => return Cond::Unknown,
    })
}
