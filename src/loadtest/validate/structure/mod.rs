//! The document against its schema: every error, in plain words.

use std::sync::LazyLock;

use jsonschema::{
    JsonType, ValidationError, Validator,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::{Map, Value};

use super::findings::Findings;
use crate::loadtest::{
    nearest::{listed, nearest},
    place::Path,
    schema::schema,
    span::Span,
};

mod minimal;
mod unsupported;
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
    /// about the place itself and what lies in it.
    stand_in: Option<StandIn>,
}

enum StandIn {
    /// What was most likely meant.
    Likely(Value),
    /// Anything of the right type: nothing can be said about how it fits what holds it.
    Guess(Value),
    /// For a key that is missing.
    Missing { key: String, value: Value },
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
            let place = path(&fault.pointer, value);
            findings.add_meaning(&place, words.message, words.suggestion);
            if let Some(stand_in) = words.stand_in {
                fill_in(value, &fault.pointer, &place, stand_in, findings);
            }
        }
    }
}

fn fill_in(value: &mut Value, pointer: &str, place: &Path, stand_in: StandIn, findings: &mut Findings) {
    let Some(target) = value.pointer_mut(pointer) else {
        return;
    };
    match stand_in {
        StandIn::Likely(likely) => {
            findings.guess(place);
            *target = likely;
        }
        StandIn::Guess(guess) => {
            findings.guess(place);
            *target = guess;
            let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
            findings.settle(&path(parent, value));
        }
        StandIn::Missing { key, value } => {
            findings.guess(&place.key(&key));
            if let Value::Object(map) = target {
                map.entry(key).or_insert(value);
            }
        }
    }
}

fn put_right(value: &mut Value, pointer: &str, key: &str, known: &[String], findings: &mut Findings) {
    let place = path(pointer, value);
    let Some(Value::Object(map)) = value.pointer_mut(pointer) else {
        return;
    };
    if unsupported::is_protocol(key, known) {
        unsupported::take_out(map, &place, key, findings);
        return;
    }
    let meant = nearest(key, known.iter().map(String::as_str));
    let message = match (meant, owner(key, known)) {
        (Some(_), _) => "unknown key".to_owned(),
        (None, Some(owner)) => format!("unknown key here: `{key}` belongs under `{owner}`"),
        (None, None) => format!("unknown key; known here are {}", listed(known.iter().map(String::as_str))),
    };
    findings.add_key(&place.key(key), message, meant);
    let taken = map.shift_remove(key);
    if let (Some(meant), Some(taken)) = (meant.filter(|meant| !map.contains_key(*meant)), taken)
        && !findings.is_full()
    {
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
                    let words = words::choice(error, context);
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
    properties(error).map(|map| map.keys().cloned().collect()).unwrap_or_default()
}

/// The properties that stand in the schema beside the keyword of an error.
fn properties(error: &ValidationError<'_>) -> Option<&'static Map<String, Value>> {
    let keyword = error.schema_path().as_str();
    beside(keyword)?.get("properties")?.as_object()
}

/// The part of the schema that a keyword stands in.
fn beside(keyword: &str) -> Option<&'static Value> {
    SCHEMA.0.pointer(keyword.rsplit_once('/').map_or("", |(parent, _)| parent))
}

/// The section of the document, among some, that a key belongs under.
fn owner<'a>(key: &str, sections: &'a [String]) -> Option<&'a str> {
    let root = SCHEMA.0.get("properties")?;
    let owns = |section: &&String| {
        let target = root.get(section.as_str()).and_then(|property| property.get("$ref"));
        let target = target.and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        let section = target.and_then(|target| SCHEMA.0.pointer(target));
        section.and_then(|section| section.get("properties")?.get(key)).is_some()
    };
    sections.iter().find(owns).map(String::as_str)
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
