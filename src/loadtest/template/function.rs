//! The functions that templates can call.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::{Timestamp, fmt::temporal::DateTimePrinter};

use super::{Escape, Item, Scope, TemplateError, expr::Literal, parts::emit};
use crate::loadtest::nearest::nearest;

/// A function with its arguments.
#[derive(Clone, Debug)]
pub(super) enum Function {
    Uuid,
    Now,
    NowUnix,
    NowUnixMs,
    /// `low` to `high`, both included.
    RandomInt {
        low: i64,
        high: i64,
    },
    RandomChoice(Box<[Item]>),
}

impl Function {
    pub(super) fn resolve(name: &str, arguments: &[Literal]) -> Result<Self, TemplateError> {
        match name {
            "uuid" if arguments.is_empty() => Ok(Self::Uuid),
            "uuid" => Err(TemplateError::Arguments("uuid() takes no arguments")),
            "now" => now(arguments),
            "random_int" => random_int(arguments),
            "random_choice" => random_choice(arguments),
            _ => Err(TemplateError::UnknownFunction {
                name: name.to_owned(),
                nearest: nearest(name, ["uuid", "now", "random_int", "random_choice"])
                    .map(|name| format!("{name}()")),
            }),
        }
    }

    pub(super) fn render(&self, escape: Escape, scope: &mut impl Scope, out: &mut String) {
        match self {
            Self::Uuid => {
                let bits = u128::from(scope.random()) << 64 | u128::from(scope.random());
                let id = uuid::Builder::from_random_bytes(bits.to_ne_bytes()).into_uuid();
                escape.text(id.hyphenated().encode_lower(&mut [0; 36]), out);
            }
            Self::Now => rfc3339(scope.now(), escape, out),
            Self::NowUnix => integer(unix_ms(scope.now()).div_euclid(1000), escape, out),
            Self::NowUnixMs => integer(unix_ms(scope.now()), escape, out),
            Self::RandomInt { low, high } => {
                integer(within(scope.random(), *low, *high), escape, out);
            }
            Self::RandomChoice(items) => {
                let last = i64::try_from(items.len() - 1).unwrap_or(i64::MAX);
                let chosen = usize::try_from(within(scope.random(), 0, last)).unwrap_or(0);
                emit(items[chosen].view(), escape, out);
            }
        }
    }
}

/// Spreads 64 random bits over `low..=high`; the bias is below 2^-64 times the width.
fn within(random: u64, low: i64, high: i64) -> i64 {
    let width = (i128::from(high) - i128::from(low) + 1).unsigned_abs();
    let offset = u128::from(random) * width >> 64;
    i64::try_from(i128::from(low) + offset.cast_signed()).unwrap_or(high)
}

fn integer(value: i64, escape: Escape, out: &mut String) {
    escape.bare(itoa::Buffer::new().format(value), out);
}

fn unix_ms(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// `2026-01-31T12:00:00.000Z`: 24 characters, none of which needs an escape in JSON.
fn rfc3339(time: SystemTime, escape: Escape, out: &mut String) {
    const MILLIS: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    let time = Timestamp::from_millisecond(unix_ms(time)).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut text = StackText::default();
    MILLIS.print_timestamp(&time, &mut text).expect("a time in milliseconds has 24 characters");
    escape.text(text.as_str(), out);
}

/// A short text without an allocation.
#[derive(Default)]
struct StackText {
    bytes: [u8; 32],
    len: usize,
}

impl StackText {
    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

impl jiff::fmt::Write for StackText {
    fn write_str(&mut self, text: &str) -> Result<(), jiff::Error> {
        let end = self.len + text.len();
        let room = self.bytes.get_mut(self.len..end);
        let room = room.ok_or_else(|| jiff::Error::from_args(format_args!("no room for {text}")))?;
        room.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

fn now(arguments: &[Literal]) -> Result<Function, TemplateError> {
    match arguments {
        [] => Ok(Function::Now),
        [Literal::Text(form)] if form == "unix" => Ok(Function::NowUnix),
        [Literal::Text(form)] if form == "unix_ms" => Ok(Function::NowUnixMs),
        _ => Err(TemplateError::Arguments(r#"now() takes nothing, "unix" or "unix_ms""#)),
    }
}

fn random_int(arguments: &[Literal]) -> Result<Function, TemplateError> {
    const WANTED: TemplateError =
        TemplateError::Arguments("random_int(a, b) takes two whole numbers, the smaller one first");
    let [Literal::Number(low), Literal::Number(high)] = arguments else {
        return Err(WANTED);
    };
    let (low, high): (i64, i64) = (low.parse().map_err(|_| WANTED)?, high.parse().map_err(|_| WANTED)?);
    if low > high { Err(WANTED) } else { Ok(Function::RandomInt { low, high }) }
}

fn random_choice(arguments: &[Literal]) -> Result<Function, TemplateError> {
    if arguments.is_empty() {
        return Err(TemplateError::Arguments("random_choice(\"a\", \"b\") takes at least one value"));
    }
    Ok(Function::RandomChoice(arguments.iter().map(Literal::item).collect()))
}

impl Literal {
    pub(super) fn item(&self) -> Item {
        match self {
            Self::Text(text) => Item::from_text(text.as_str()),
            Self::Number(number) => Item { text: number.as_str().into(), bare_json: true },
        }
    }
}
