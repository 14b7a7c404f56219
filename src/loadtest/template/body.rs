//! Templates of whole bodies, queries and request targets.

use indexmap::IndexMap;
use serde_json::Value;

use super::{Escape, Names, Template, TemplateError, compile::Builder};
use crate::loadtest::types::Graphql;

impl Template {
    /// JSON text. Strings in it may hold templates; a string that is one template alone becomes
    /// the value itself, so that `"{{ qty }}"` can be a number.
    pub fn json(value: &Value, names: &Names) -> Result<Self, TemplateError> {
        let mut builder = Builder::new(names);
        json(value, &mut builder)?;
        Ok(builder.finish())
    }

    /// The JSON body of a GraphQL request.
    pub fn graphql(graphql: &Graphql, names: &Names) -> Result<Self, TemplateError> {
        let mut builder = Builder::new(names);
        builder.raw("{\"query\":\"");
        builder.text(&graphql.query, Escape::Json)?;
        builder.raw("\",\"variables\":");
        object(graphql.variables.iter(), &mut builder)?;
        builder.raw("}");
        Ok(builder.finish())
    }

    /// The body of a form: fields joined by `&`, `application/x-www-form-urlencoded`.
    pub fn form(fields: &IndexMap<String, String>, names: &Names) -> Result<Self, TemplateError> {
        let mut builder = Builder::new(names);
        for (index, (name, value)) in fields.iter().enumerate() {
            if index > 0 {
                builder.raw("&");
            }
            builder.text(name, Escape::Form)?;
            builder.raw("=");
            builder.text(value, Escape::Form)?;
        }
        Ok(builder.finish())
    }

    /// A query string without its `?`: parameters joined by `&`. A list repeats its name, `null`
    /// leaves the parameter out.
    pub fn query(params: &IndexMap<String, Value>, names: &Names) -> Result<Self, TemplateError> {
        let mut builder = Builder::new(names);
        query(params, "", &mut builder)?;
        Ok(builder.finish())
    }

    /// A path, or a whole URL, followed by its query parameters.
    pub fn target(
        path: &str,
        params: &IndexMap<String, Value>,
        names: &Names,
    ) -> Result<Self, TemplateError> {
        let mut builder = Builder::new(names);
        builder.text(path, Escape::Path)?;
        query(params, if path.contains('?') { "&" } else { "?" }, &mut builder)?;
        Ok(builder.finish())
    }
}

fn json(value: &Value, builder: &mut Builder<'_>) -> Result<(), TemplateError> {
    match value {
        Value::String(text) => builder.json_string(text),
        Value::Array(list) => {
            builder.raw("[");
            for (index, value) in list.iter().enumerate() {
                if index > 0 {
                    builder.raw(",");
                }
                json(value, builder)?;
            }
            builder.raw("]");
            Ok(())
        }
        Value::Object(map) => object(map.iter(), builder),
        other => {
            builder.raw(&other.to_string());
            Ok(())
        }
    }
}

fn object<'a>(
    entries: impl Iterator<Item = (&'a String, &'a Value)>,
    builder: &mut Builder<'_>,
) -> Result<(), TemplateError> {
    builder.raw("{");
    for (index, (key, value)) in entries.enumerate() {
        builder.raw(if index > 0 { ",\"" } else { "\"" });
        builder.text(key, Escape::Json)?;
        builder.raw("\":");
        json(value, builder)?;
    }
    builder.raw("}");
    Ok(())
}

fn query(
    params: &IndexMap<String, Value>,
    first: &str,
    builder: &mut Builder<'_>,
) -> Result<(), TemplateError> {
    let mut before = first;
    for (name, value) in params {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values.iter().filter(|value| !value.is_null()) {
            builder.raw(before);
            before = "&";
            builder.text(name, Escape::Query)?;
            builder.raw("=");
            match value {
                Value::String(text) => builder.text(text, Escape::Query)?,
                Value::Number(_) | Value::Bool(_) => builder.text(&value.to_string(), Escape::Query)?,
                _ => return Err(TemplateError::QueryValue),
            }
        }
    }
    Ok(())
}
