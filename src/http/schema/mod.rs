//! The documents of other parts of MAID in the OpenAPI document: their JSON schemas, word for word,
//! with their definitions among the components.
//!
//! The LoadTest and the outcome of a run describe themselves by `schemars`; the types here stand for
//! them where a route's documentation names a body.

mod examples;
mod problem;

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Object, RefOr, Schema, extensions::Extensions, schema::SchemaType},
};

use self::examples::{
    analysis_example, comparison_example, dry_run_example, loadtest_example, measures_example,
    outcome_example, summary_example,
};
use crate::{
    engine::{
        dry_run::DryRun,
        outcome::{Analysis, Outcome, Summary},
    },
    loadtest,
    reports::compare::Comparison,
};

/// Where a schema keeps what it refers to.
const OWN: &str = "#/$defs/";

/// Where the OpenAPI document keeps all of it.
const SHARED: &str = "#/components/schemas/";

macro_rules! stand_ins {
    ($($(#[doc = $doc:literal])+ $name:ident = $written:literal, $prefix:literal, $schema:expr, $example:expr;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let (mut root, _) = split($schema, $prefix);
                root.insert("example".to_owned(), $example);
                verbatim(Value::Object(root))
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($written)
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                schemas.extend(split($schema, $prefix).1);
            }
        }
    )+};
}

stand_ins! {
    /// Stands for a LoadTest.
    LoadTestSchema = "LoadTest", "LoadTest", loadtest::schema::schema(), loadtest_example();
    /// Stands for a LoadTest as it is sent: as an object or as text.
    LoadTestInput = "LoadTestInput", "LoadTest", loadtest_input(), loadtest_example();
    /// Stands for what `--summary json` prints.
    SummarySchema = "Summary", "Outcome", answered::<Summary>(), summary_example();
    /// Stands for the same of a run that may not be over: nothing of it need be there yet.
    MeasuresSchema = "RunMeasures", "Outcome", measures(), measures_example();
    /// Stands for all that is stored of a finished run.
    OutcomeSchema = "Outcome", "Outcome", answered::<Outcome>(), outcome_example();
    /// Stands for what was found in a run.
    AnalysisSchema = "Analysis", "Analysis", answered::<Analysis>(), analysis_example();
    /// Stands for what a dry run has shown.
    DryRunSchema = "DryRun", "DryRun", answered::<DryRun>(), dry_run_example();
    /// Stands for a comparison of two runs.
    ComparisonSchema = "Comparison", "Comparison", answered::<Comparison>(), comparison_example();
}

/// The schema of something that MAID writes: what it always writes is required.
fn answered<T: schemars::JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}

/// A LoadTest as an object, or as a text whose problems then have lines.
fn loadtest_input() -> Value {
    let mut object = loadtest::schema::schema();
    let definitions = object.as_object_mut().and_then(|object| {
        // The same component as the LoadTest by itself, whichever the document comes to last.
        object.shift_remove("$schema");
        object.insert("example".to_owned(), loadtest_example());
        object.shift_remove("$defs")
    });
    let mut definitions = definitions.unwrap_or_else(|| json!({}));
    // The same as [`LoadTestSchema`] writes, which is there or not, as routes go.
    if let Some(object) = object.as_object_mut() {
        object.shift_remove("$schema");
        object.insert("example".to_owned(), loadtest_example());
    }
    definitions["LoadTest"] = object;
    json!({
        "description": "A LoadTest, or its text as YAML or JSON.",
        "oneOf": [{"$ref": "#/$defs/LoadTest"}, {"type": "string"}],
        "$defs": definitions,
    })
}

/// What a summary says of measures, as far as it is known.
fn measures() -> Value {
    let mut schema = answered::<Summary>();
    if let Some(schema) = schema.as_object_mut() {
        schema.shift_remove("required");
        schema.insert(
            "description".to_owned(),
            json!("What was measured so far; empty before the first packet."),
        );
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            for known in ["run_id", "status"] {
                properties.shift_remove(known);
            }
        }
    }
    schema
}

/// A schema that is written as it is.
#[must_use]
pub fn verbatim(schema: Value) -> RefOr<Schema> {
    let Value::Object(map) = schema else { return Schema::default().into() };
    let mut object = Object::with_type(SchemaType::AnyValue);
    object.extensions = Some(map.into_iter().collect::<Extensions>());
    Schema::Object(object).into()
}

/// Schemas by their names among the components.
type Named = Vec<(String, RefOr<Schema>)>;

/// A schema without its definitions, and those by names that begin with `prefix`.
fn split(mut schema: Value, prefix: &str) -> (Map<String, Value>, Named) {
    refer(&mut schema, prefix);
    let Value::Object(mut root) = schema else { return Default::default() };
    root.shift_remove("$schema");
    let definitions = root.shift_remove("$defs");
    let Some(Value::Object(definitions)) = definitions else { return (root, Vec::new()) };
    let named = |(name, schema): (String, Value)| (prefixed(&name, prefix), verbatim(schema));
    (root, definitions.into_iter().map(named).collect())
}

/// Lets references point to where the definitions are moved.
fn refer(schema: &mut Value, prefix: &str) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::String(to)) = map.get_mut("$ref")
                && let Some(name) = to.strip_prefix(OWN)
            {
                *to = format!("{SHARED}{}", prefixed(name, prefix));
            }
            map.values_mut().for_each(|part| refer(part, prefix));
        }
        Value::Array(list) => list.iter_mut().for_each(|part| refer(part, prefix)),
        _ => {}
    }
}

fn prefixed(name: &str, prefix: &str) -> String {
    match name.strip_prefix(prefix) {
        Some(_) => name.to_owned(),
        None => format!("{prefix}{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a schema and its parts refer to.
    fn references(schema: &Value, found: &mut Vec<String>) {
        match schema {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|part| references(part, found));
            }
            Value::Array(list) => list.iter().for_each(|part| references(part, found)),
            _ => {}
        }
    }

    fn written<T: ToSchema>() -> Map<String, Value> {
        let mut schemas = Vec::new();
        T::schemas(&mut schemas);
        schemas.push((T::name().into_owned(), T::schema()));
        schemas
            .into_iter()
            .map(|(name, schema)| (name, serde_json::to_value(schema).expect("json")))
            .collect()
    }

    #[test]
    fn every_reference_leads_to_a_component() {
        for schemas in [
            written::<LoadTestSchema>(),
            written::<LoadTestInput>(),
            written::<SummarySchema>(),
            written::<MeasuresSchema>(),
            written::<OutcomeSchema>(),
            written::<ComparisonSchema>(),
            written::<AnalysisSchema>(),
            written::<DryRunSchema>(),
        ] {
            let mut found = Vec::new();
            schemas.values().for_each(|schema| references(schema, &mut found));
            assert!(found.len() > 3, "{found:?}");
            for to in found {
                let name = to.strip_prefix(SHARED).unwrap_or_else(|| panic!("{to} leads elsewhere"));
                assert!(schemas.contains_key(name), "{name}");
            }
        }
    }

    #[test]
    fn what_two_documents_share_is_the_same() {
        let (summary, outcome) = (written::<SummarySchema>(), written::<OutcomeSchema>());
        let shared: Vec<_> = summary.iter().filter(|(name, _)| outcome.contains_key(*name)).collect();
        assert!(shared.len() > 5);
        for (name, schema) in shared {
            assert_eq!(schema, &outcome[name], "{name}");
        }
    }

    #[test]
    fn nothing_of_a_schema_is_lost() {
        let schemas = written::<LoadTestSchema>();
        let load = &schemas["LoadTestLoad"];
        assert_eq!(load["properties"]["hatch_rate"]["x-unit"], "users/s");
        assert_eq!(schemas["LoadTest"]["additionalProperties"], false);
        assert!(written::<SummarySchema>()["Summary"]["required"].as_array().expect("a list").len() > 15);
    }

    #[test]
    fn the_examples_are_right() {
        let valid = |schema: &Value, example: &Value| {
            let schema = jsonschema::validator_for(schema).expect("a schema");
            schema.iter_errors(example).map(|error| error.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(valid(&loadtest::schema::schema(), &loadtest_example()), Vec::<String>::new());
        assert_eq!(valid(&loadtest_input(), &loadtest_example()), Vec::<String>::new());
        assert_eq!(valid(&answered::<Summary>(), &summary_example()), Vec::<String>::new());
        assert_eq!(valid(&answered::<Outcome>(), &outcome_example()), Vec::<String>::new());
        assert_eq!(valid(&answered::<Analysis>(), &analysis_example()), Vec::<String>::new());
        assert_eq!(valid(&answered::<DryRun>(), &dry_run_example()), Vec::<String>::new());
        assert_eq!(valid(&answered::<Comparison>(), &comparison_example()), Vec::<String>::new());
    }
}
