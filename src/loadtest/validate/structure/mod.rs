//! The document against its schema: every error, in plain words.

use std::sync::LazyLock;

use jsonschema::{
    JsonType, ValidationError, Validator,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;

use super::findings::Findings;
use crate::loadtest::{
    nearest::{listed, nearest},
    place::Path,
    schema::schema,
    span::Span,
};

mod words;

/// Compiled once: it never changes.
static SCHEMA: LazyLock<(Value, Validator)> = LazyLock::new(|| {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).expect("a test validates by the generated schema");
    (schema, validator)
});

/// Rounds of putting keys right; each can bring to light those one level deeper.
const ROUNDS: usize = 8;

/// An error of the schema without the layers of optional values around it.
struct Fault {
    pointer: String,
    what: What,
}

enum What {
    UnknownKeys { unexpected: Vec<String>, known: Vec<String> },
    Message(Words),
}

/// What one error says.
struct Words {
    message: String,
    suggestion: Option<String>,
    /// A value that could have been meant, so that the later stages can go on. They are silent
    /// about the place itself.
    stand_in: Option<Value>,
}

/// Reports every error. Mistyped keys are renamed, unknown ones removed, for the stages to come.
pub(super) fn check(value: &mut Value, findings: &mut Findings) {
    for _ in 0..ROUNDS {
        let faults = faults(value);
        let unknown = faults.iter().any(|fault| matches!(fault.what, What::UnknownKeys { .. }));
        if !unknown {
            report(faults, value, findings);
            return;
        }
        for fault in faults {
            if let What::UnknownKeys { unexpected, known } = fault.what {
                for key in unexpected {
                    put_right(value, &fault.pointer, &key, &known, findings);
                }
            }
        }
    }
    report(faults(value), value, findings);
}

fn report(faults: Vec<Fault>, value: &mut Value, findings: &mut Findings) {
    for fault in faults {
        if let What::Message(words) = fault.what {
            findings.add_meaning(&path(&fault.pointer, value), words.message, words.suggestion);
            if let (Some(stand_in), Some(place)) = (words.stand_in, value.pointer_mut(&fault.pointer)) {
                *place = stand_in;
            }
        }
    }
}

fn put_right(value: &mut Value, pointer: &str, key: &str, known: &[String], findings: &mut Findings) {
    let place = path(pointer, value);
    let Some(Value::Object(map)) = value.pointer_mut(pointer) else {
        return;
    };
    let meant = nearest(key, known.iter().map(String::as_str));
    let message = match meant {
        Some(_) => "unknown key".to_owned(),
        None => format!("unknown key; known here are {}", listed(known.iter().map(String::as_str))),
    };
    findings.add_key(&place.key(key), message, meant);
    let taken = map.shift_remove(key);
    if let (Some(meant), Some(taken)) = (meant.filter(|meant| !map.contains_key(*meant)), taken) {
        map.insert(meant.to_owned(), taken);
        findings.map.rename(&place.key(key), &place.key(meant));
    }
}

fn faults(value: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    for error in SCHEMA.1.iter_errors(value) {
        gather(&error, &mut faults);
    }
    faults
}

fn gather(error: &ValidationError<'_>, faults: &mut Vec<Fault>) {
    let pointer = error.instance_path().as_str();
    match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            // An optional value is one of the value and null; what is wrong is in the value.
            let apt = context.iter().find(|branch| !is_mismatch(branch, pointer));
            match apt {
                Some(branch) => branch.iter().for_each(|error| gather(error, faults)),
                None => {
                    let words = words::choice(context, error.instance());
                    faults.push(Fault { pointer: pointer.to_owned(), what: What::Message(words) });
                }
            }
        }
        Kind::AdditionalProperties { unexpected } => faults.push(Fault {
            pointer: pointer.to_owned(),
            what: What::UnknownKeys { unexpected: unexpected.clone(), known: known_keys(error) },
        }),
        _ => {
            let what = What::Message(words::message(error));
            faults.push(Fault { pointer: pointer.to_owned(), what });
        }
    }
}

/// Whether a branch is for another kind of value altogether.
fn is_mismatch(branch: &[ValidationError<'_>], pointer: &str) -> bool {
    branch.iter().any(|error| {
        error.instance_path().as_str() == pointer
            && matches!(error.kind(), Kind::Type { .. } | Kind::Constant { .. } | Kind::Enum { .. })
    })
}

/// The keys that the schema names beside the keyword that refused one.
fn known_keys(error: &ValidationError<'_>) -> Vec<String> {
    let keyword = error.schema_path().as_str();
    let parent = keyword.rsplit_once('/').map_or("", |(parent, _)| parent);
    let properties = SCHEMA.0.pointer(parent).and_then(|schema| schema.get("properties"));
    properties.and_then(Value::as_object).map(|map| map.keys().cloned().collect()).unwrap_or_default()
}

/// A JSON pointer as users read it.
fn path(pointer: &str, value: &Value) -> Path {
    let mut path = Path::root();
    let mut value = Some(value);
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        match (value, token.parse()) {
            (Some(Value::Array(list)), Ok(index)) => {
                path = path.index(index);
                value = list.get(index);
            }
            (current, _) => {
                path = path.key(&token);
                value = current.and_then(|value| value.get(&token));
            }
        }
    }
    path
}
