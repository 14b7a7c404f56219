//! A small subset of GraphQL, enough for a load test to be real.
//!
//! One query of the fields `products(page:)` and `product(id:)`, with literals or variables as
//! arguments and flat selections. No aliases, fragments, directives, mutations or introspection:
//! these are refused with a GraphQL error.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::catalogue::{Catalogue, Product};

/// Most top-level fields of one query.
const FIELDS: usize = 20;

/// The body of a GraphQL request.
#[derive(Deserialize)]
pub(super) struct Query {
    query: String,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
}

/// The answer to `query`, or its errors.
pub(super) fn answer(catalogue: &Catalogue, query: &Query) -> Value {
    let variables = query.variables.as_ref();
    match parse(&query.query).and_then(|fields| resolved(catalogue, &fields, variables)) {
        Ok(data) => json!({ "data": data }),
        Err(message) => json!({ "errors": [{ "message": message }] }),
    }
}

#[derive(Debug, PartialEq)]
struct Field {
    name: String,
    argument: Option<(String, Argument)>,
    selection: Vec<String>,
}

#[derive(Debug, PartialEq)]
enum Argument {
    Number(u32),
    Variable(String),
}

fn resolved(
    catalogue: &Catalogue,
    fields: &[Field],
    variables: Option<&Map<String, Value>>,
) -> Result<Value, String> {
    let mut data = Map::new();
    for field in fields {
        let number = |wanted: &str| field.number(wanted, variables);
        let value = match field.name.as_str() {
            "products" => {
                let page = catalogue.page(number("page")?.unwrap_or(1));
                page.items().iter().map(|product| field.selected(product)).collect::<Result<_, _>>()?
            }
            "product" => {
                let id = number("id")?.ok_or("`product` needs the argument `id`")?;
                catalogue.product(id).map_or(Ok(Value::Null), |product| field.selected(product))?
            }
            other => return Err(format!("unknown field `{other}`: there are `products` and `product`")),
        };
        data.insert(field.name.clone(), value);
    }
    Ok(Value::Object(data))
}

impl Field {
    fn number(&self, wanted: &str, variables: Option<&Map<String, Value>>) -> Result<Option<u32>, String> {
        let Some((name, argument)) = &self.argument else { return Ok(None) };
        if name != wanted {
            return Err(format!("unknown argument `{name}` of `{}`: it takes `{wanted}`", self.name));
        }
        match argument {
            Argument::Number(number) => Ok(Some(*number)),
            Argument::Variable(variable) => variables
                .and_then(|variables| variables.get(variable)?.as_u64())
                .and_then(|number| u32::try_from(number).ok())
                .map(Some)
                .ok_or_else(|| format!("variable `${variable}` must be given as a whole number")),
        }
    }

    fn selected(&self, product: &Product) -> Result<Value, String> {
        let all = serde_json::to_value(product).map_err(|error| error.to_string())?;
        let pick = |key: &String| {
            let value = all.get(key).ok_or_else(|| format!("unknown field `{key}` of a product"))?;
            Ok((key.clone(), value.clone()))
        };
        self.selection.iter().map(pick).collect::<Result<Map<_, _>, String>>().map(Value::Object)
    }
}

/// Names, numbers, and punctuation as one character; commas are white space, as the standard says.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let first = rest.chars().next()?;
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = match word(first) {
            true => rest.find(|c| !word(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        Some(token)
    })
}

fn parse(text: &str) -> Result<Vec<Field>, String> {
    let mut tokens = tokens(text).peekable();
    if tokens.next_if_eq(&"query").is_some() {
        tokens.next_if(|token| !matches!(*token, "(" | "{"));
        // Variables are taken as they are given; their declarations add nothing.
        if tokens.next_if_eq(&"(").is_some() {
            tokens.find(|token| *token == ")").ok_or("`)` is missing")?;
        }
    }
    expect(&mut tokens, "{")?;
    let mut fields = Vec::new();
    while tokens.peek() != Some(&"}") {
        if fields.len() == FIELDS {
            return Err(format!("at most {FIELDS} fields are answered"));
        }
        fields.push(field(&mut tokens)?);
    }
    tokens.next();
    match tokens.next() {
        None if fields.is_empty() => Err("the query selects nothing".to_owned()),
        None => Ok(fields),
        Some(token) => Err(format!("`{token}` after the query: one query at a time")),
    }
}

fn field<'a>(tokens: &mut impl Iterator<Item = &'a str>) -> Result<Field, String> {
    let name = name(tokens.next())?;
    let mut argument = None;
    match tokens.next() {
        Some("(") => {
            let key = self::name(tokens.next())?;
            expect(tokens, ":")?;
            argument = Some((key, value(tokens)?));
            expect(tokens, ")")?;
            expect(tokens, "{")?;
        }
        Some("{") => {}
        other => return Err(unexpected(other, "{")),
    }
    let mut selection = Vec::new();
    loop {
        match tokens.next() {
            Some("}") if selection.is_empty() => return Err(format!("`{name}` selects nothing")),
            Some("}") => return Ok(Field { name, argument, selection }),
            token => selection.push(self::name(token)?),
        }
    }
}

fn value<'a>(tokens: &mut impl Iterator<Item = &'a str>) -> Result<Argument, String> {
    match tokens.next() {
        Some("$") => name(tokens.next()).map(Argument::Variable),
        other => other
            .and_then(|token| token.parse().ok())
            .map(Argument::Number)
            .ok_or_else(|| unexpected(other, "a number or a variable")),
    }
}

fn name(token: Option<&str>) -> Result<String, String> {
    let starts = |token: &&str| token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    token.filter(starts).map(str::to_owned).ok_or_else(|| unexpected(token, "a name"))
}

fn expect<'a>(tokens: &mut impl Iterator<Item = &'a str>, wanted: &str) -> Result<(), String> {
    match tokens.next() {
        Some(token) if token == wanted => Ok(()),
        other => Err(unexpected(other, wanted)),
    }
}

fn unexpected(found: Option<&str>, wanted: &str) -> String {
    match found {
        Some(token) => format!("found `{token}` where {wanted} belongs"),
        None => format!("the query ends where {wanted} belongs"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked(query: &str, variables: &Value) -> Value {
        let variables = variables.as_object().cloned();
        answer(&Catalogue::default(), &Query { query: query.to_owned(), variables })
    }

    #[test]
    fn queries_are_answered() {
        let named = "query One($id: Int!) { product(id: $id) { id, name } }";
        assert_eq!(
            asked(named, &json!({"id": 2})),
            json!({"data": {"product": {"id": 2, "name": "Breeze backpack"}}})
        );
        let page = asked("{ products(page: 2) { id } }", &Value::Null);
        assert_eq!(page["data"]["products"][0], json!({"id": 13}));
        assert_eq!(asked("{ product(id: 9999) { id } }", &Value::Null), json!({"data": {"product": null}}));
    }

    #[test]
    fn what_is_not_in_the_subset_is_refused() {
        for query in [
            "",
            "{",
            "{ }",
            "{ products }",
            "mutation { a { b } }",
            "{ products { secret } }",
            "{ orders { id } }",
            "{ product { id } }",
            "{ product(id: $id) { id } }",
            "{ a: product(id: 1) { id } }",
        ] {
            let answer = asked(query, &Value::Null);
            assert!(answer["errors"][0]["message"].is_string(), "{query}: {answer}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(query in r#"[{}()$:,a-z0-9 "é]{0,60}"#) {
            prop_assert!(asked(&query, &Value::Null).is_object());
        }
    }
}
