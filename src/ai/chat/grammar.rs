//! What form an answer must have, as a grammar that the model cannot leave.

use serde_json::{Value, json};

use super::Tool;

/// Largest JSON schema, in bytes.
const LARGEST_SCHEMA: usize = 64 * 1024;
/// Deepest nesting of a schema.
const DEEPEST: usize = 64;

/// What form an answer must have.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Shape {
    /// Any.
    #[default]
    Free,
    /// A JSON document of this schema.
    Json(Value),
    /// Text, or a call of one of these tools: `{"name": ..., "arguments": {...}}`.
    TextOrCall(Vec<Tool>),
    /// A call of one of these tools.
    Call(Vec<Tool>),
}

/// Why a form cannot be asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// It is no schema.
    #[error("must be a JSON schema, which is an object")]
    NoObject,
    /// It is too large.
    #[error("has {0} bytes; at most {LARGEST_SCHEMA} are taken")]
    TooLarge(usize),
    /// It is nested too deeply.
    #[error("is nested more than {DEEPEST} deep")]
    TooDeep,
    /// It leads elsewhere.
    #[error("refers to `{0}`: only references within the schema, such as #/$defs/name, are followed")]
    Elsewhere(String),
}

impl Shape {
    /// A document of this schema, which comes from outside.
    ///
    /// # Errors
    /// When it is none, too large, too deep, or leads elsewhere.
    pub fn of_schema(schema: Value) -> Result<Self, ShapeError> {
        check(&schema)?;
        Ok(Self::Json(schema))
    }

    /// Whether the answer is one JSON document, so that it is over when that is.
    #[must_use]
    pub fn is_document(&self, first: Option<char>) -> bool {
        match self {
            Self::Free => false,
            Self::Json(_) | Self::Call(_) => true,
            Self::TextOrCall(_) => first == Some('{'),
        }
    }

    /// The schema of the one document, where the answer is nothing else.
    #[must_use]
    pub fn schema(&self) -> Option<Value> {
        match self {
            Self::Free | Self::TextOrCall(_) => None,
            Self::Json(schema) => Some(tight(schema.clone())),
            Self::Call(tools) => Some(tight(call(tools))),
        }
    }

    /// A Lark grammar, where the answer may also be text. A text begins with anything but `{`, by which it is known
    /// from the first character on.
    #[must_use]
    pub fn lark(&self) -> Option<String> {
        match self {
            Self::TextOrCall(tools) => {
                let schema = tight(call(tools));
                Some(format!("start: call | TEXT\ncall: %json {schema}\nTEXT: /[^{{\\s](.|\\n)*/\n"))
            }
            _ => None,
        }
    }
}

/// A schema for calls of `tools`.
fn call(tools: &[Tool]) -> Value {
    let one = |tool: &Tool| {
        json!({
            "type": "object",
            "properties": { "name": { "const": tool.name }, "arguments": tool.parameters },
            "required": ["name", "arguments"],
            "additionalProperties": false,
        })
    };
    match tools {
        [tool] => one(tool),
        tools => json!({ "anyOf": tools.iter().map(one).collect::<Vec<_>>() }),
    }
}

/// Small models write blanks, and fields that nobody asked for, without end where they may: there is one way to set a
/// document out, and an object has the fields that its schema names, unless that says otherwise.
fn tight(mut schema: Value) -> Value {
    close(&mut schema);
    if let Some(schema) = schema.as_object_mut() {
        let guidance = json!({ "whitespace_flexible": false, "item_separator": ", ", "key_separator": ": " });
        schema.insert("x-guidance".to_owned(), guidance);
    }
    schema
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("properties").is_some_and(Value::is_object)
                && !fields.contains_key("additionalProperties")
            {
                fields.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// Looks over a schema that comes from outside.
fn check(schema: &Value) -> Result<(), ShapeError> {
    if !schema.is_object() {
        return Err(ShapeError::NoObject);
    }
    let size = schema.to_string().len();
    if size > LARGEST_SCHEMA {
        return Err(ShapeError::TooLarge(size));
    }
    let mut open = vec![(schema, 0)];
    while let Some((value, depth)) = open.pop() {
        if depth > DEEPEST {
            return Err(ShapeError::TooDeep);
        }
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(to)) = fields.get("$ref")
                    && !to.starts_with('#')
                {
                    return Err(ShapeError::Elsewhere(to.chars().take(100).collect()));
                }
                open.extend(fields.values().map(|value| (value, depth + 1)));
            }
            Value::Array(items) => open.extend(items.iter().map(|value| (value, depth + 1))),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_from_outside_are_bounded_and_lead_nowhere() {
        let refused = |schema| Shape::of_schema(schema).expect_err("refused");
        assert_eq!(refused(json!("text")), ShapeError::NoObject);
        assert!(matches!(refused(json!({ "$ref": "http://evil.example/x" })), ShapeError::Elsewhere(_)));
        assert!(matches!(
            refused(json!({ "description": "x".repeat(LARGEST_SCHEMA) })),
            ShapeError::TooLarge(_)
        ));
        let mut deep = json!({});
        for _ in 0..100 {
            deep = json!({ "not": deep });
        }
        assert_eq!(refused(deep), ShapeError::TooDeep);
        Shape::of_schema(json!({ "$defs": { "a": {} }, "$ref": "#/$defs/a" })).expect("it stays within");
    }

    #[test]
    fn an_answer_is_a_document_from_its_first_character_on() {
        let tool =
            Tool { name: "stop".into(), description: String::new(), parameters: json!({ "type": "object" }) };
        let either = Shape::TextOrCall(vec![tool.clone()]);
        assert!(either.is_document(Some('{')) && !either.is_document(Some('T')) && !either.is_document(None));
        assert!(Shape::Call(vec![tool]).is_document(None));
        assert!(either.lark().expect("a grammar").contains("%json {"));
    }
}
