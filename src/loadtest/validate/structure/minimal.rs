//! The least that a schema takes: stands in for a value of the wrong kind, so that everything
//! around it can still be checked.

use serde_json::{Map, Value};

use super::SCHEMA;

/// Levels of a stand-in; the schema of a LoadTest has fewer.
const DEPTH: usize = 16;

/// The least value of a schema, with every required key.
pub(super) fn of(schema: &Value) -> Value {
    within(schema, DEPTH)
}

fn within(schema: &Value, depth: usize) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    let deeper = |schema: &Value| within(schema, depth - 1);
    if let Some(target) = schema["$ref"].as_str().and_then(|target| target.strip_prefix('#')) {
        return SCHEMA.0.pointer(target).map_or(Value::Null, deeper);
    }
    if let Some(constant) = schema.get("const").or_else(|| schema["enum"].get(0)) {
        return constant.clone();
    }
    if let Some(branch) = schema["anyOf"].get(0).or_else(|| schema["oneOf"].get(0)) {
        return deeper(branch);
    }
    let least = &schema["minimum"];
    match schema["type"].as_str().or_else(|| schema["type"][0].as_str()) {
        Some("object") => Value::Object(required(schema, deeper)),
        Some("array") if schema["minItems"].as_u64() > Some(0) => Value::from(vec![deeper(&schema["items"])]),
        Some("array") => Value::from(Vec::<Value>::new()),
        // Durations are the only texts with a pattern.
        Some("string") => Value::from(if schema["pattern"].is_string() { "1s" } else { "/" }),
        Some("integer" | "number") => number(least).unwrap_or_else(|| Value::from(1)),
        Some("boolean") => Value::Bool(false),
        _ => Value::Null,
    }
}

fn required(schema: &Value, least: impl Fn(&Value) -> Value) -> Map<String, Value> {
    let keys = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    keys.map(|key| (key.to_owned(), least(&schema["properties"][key]))).collect()
}

/// A limit of the schema as it can be read as a whole number too.
pub(super) fn number(limit: &Value) -> Option<Value> {
    let number = limit.as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "limits are far below 2^53")]
    let whole = number as i64;
    Some(if number.fract() == 0.0 { Value::from(whole) } else { limit.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_schema_has_a_stand_in_that_it_takes() {
        let defs = SCHEMA.0["$defs"].as_object().expect("the schema has parts");
        for (name, part) in defs {
            let mut part = part.clone();
            part["$defs"] = SCHEMA.0["$defs"].clone();
            let validator = jsonschema::validator_for(&part).expect("a schema");
            assert!(validator.is_valid(&of(&part)), "{name}: {}", of(&part));
        }
        assert!(SCHEMA.1.is_valid(&of(&SCHEMA.0)), "{}", of(&SCHEMA.0));
    }
}
