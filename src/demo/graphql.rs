//! A small subset of GraphQL, enough for a load test to be real.
//!
//! One query of the fields `products(page:)`, `product(id:)` and `rating(product:)`, or one mutation
//! `rate(product:, stars:)`, with literals or variables as arguments and flat selections. No aliases,
//! fragments, directives or introspection: these are refused with a GraphQL error.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    catalogue::{Catalogue, Product},
    kept::Kept,
};

/// Most stars that a product can be given.
const STARS: u32 = 5;
/// Most top-level fields of one query.
const FIELDS: usize = 20;
/// Most arguments of one field.
const ARGUMENTS: usize = 10;

/// The body of a GraphQL request.
#[derive(Deserialize)]
pub(super) struct Query {
    query: String,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
}

/// What visitors think of the products: how many have rated each, and how many stars it got in all.
#[derive(Default)]
pub(super) struct Ratings(Kept<BTreeMap<u32, (u64, u64)>>);

impl Ratings {
    fn of(&self, product: u32) -> Value {
        let (votes, stars) = self.0.open().get(&product).copied().unwrap_or((0, 0));
        json!({ "product": product, "votes": votes, "stars": stars })
    }

    fn rate(&self, product: u32, stars: u32) {
        let mut all = self.0.open();
        let (votes, sum) = all.entry(product).or_insert((0, 0));
        (*votes, *sum) = (*votes + 1, *sum + u64::from(stars));
    }
}

/// The answer to `query`, or its errors.
pub(super) fn answer(catalogue: &Catalogue, ratings: &Ratings, query: &Query) -> Value {
    let variables = query.variables.as_ref();
    match parse(&query.query).and_then(|asked| resolved(catalogue, ratings, &asked, variables)) {
        Ok(data) => json!({ "data": data }),
        Err(message) => json!({ "errors": [{ "message": message }] }),
    }
}

#[derive(Debug, PartialEq)]
struct Asked {
    is_mutation: bool,
    fields: Vec<Field>,
}

#[derive(Debug, PartialEq)]
struct Field {
    name: String,
    arguments: Vec<(String, Argument)>,
    selection: Vec<String>,
}

#[derive(Debug, PartialEq)]
enum Argument {
    Number(u32),
    Variable(String),
}

fn resolved(
    catalogue: &Catalogue,
    ratings: &Ratings,
    asked: &Asked,
    variables: Option<&Map<String, Value>>,
) -> Result<Value, String> {
    let mut data = Map::new();
    for field in &asked.fields {
        let number = |wanted: &str| field.number(wanted, variables);
        let needed = |wanted: &str| {
            number(wanted)?.ok_or_else(|| format!("`{}` needs the argument `{wanted}`", field.name))
        };
        let product = |wanted: &str| {
            let id = needed(wanted)?;
            catalogue.product(id).map(|product| product.id).ok_or_else(|| format!("there is no product {id}"))
        };
        let value = match (asked.is_mutation, field.name.as_str()) {
            (false, "products") => {
                field.takes(&["page"])?;
                let page = catalogue.page(number("page")?.unwrap_or(1));
                page.items().iter().map(|product| field.of_product(product)).collect::<Result<_, _>>()?
            }
            (false, "product") => {
                field.takes(&["id"])?;
                catalogue
                    .product(needed("id")?)
                    .map_or(Ok(Value::Null), |product| field.of_product(product))?
            }
            (false, "rating") => {
                field.takes(&["product"])?;
                field.selected(&ratings.of(product("product")?))?
            }
            (true, "rate") => {
                field.takes(&["product", "stars"])?;
                let (id, stars) = (product("product")?, needed("stars")?);
                if !(1..=STARS).contains(&stars) {
                    return Err(format!("`stars` must be 1 to {STARS}"));
                }
                ratings.rate(id, stars);
                field.selected(&ratings.of(id))?
            }
            (false, other) => {
                return Err(format!("unknown field `{other}`: there are `products`, `product` and `rating`"));
            }
            (true, other) => return Err(format!("unknown mutation `{other}`: there is `rate`")),
        };
        data.insert(field.name.clone(), value);
    }
    Ok(Value::Object(data))
}

impl Field {
    fn takes(&self, known: &[&str]) -> Result<(), String> {
        match self.arguments.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(format!(
                "unknown argument `{name}` of `{}`: it takes `{}`",
                self.name,
                known.join("`, `")
            )),
            None => Ok(()),
        }
    }

    fn number(&self, wanted: &str, variables: Option<&Map<String, Value>>) -> Result<Option<u32>, String> {
        let Some((_, argument)) = self.arguments.iter().find(|(name, _)| name == wanted) else {
            return Ok(None);
        };
        match argument {
            Argument::Number(number) => Ok(Some(*number)),
            Argument::Variable(variable) => variables
                .and_then(|variables| variables.get(variable)?.as_u64())
                .and_then(|number| u32::try_from(number).ok())
                .map(Some)
                .ok_or_else(|| format!("variable `${variable}` must be given as a whole number")),
        }
    }

    fn of_product(&self, product: &Product) -> Result<Value, String> {
        self.selected(&serde_json::to_value(product).map_err(|error| error.to_string())?)
    }

    fn selected(&self, all: &Value) -> Result<Value, String> {
        let pick = |key: &String| {
            let value = all.get(key).ok_or_else(|| format!("unknown field `{key}` of `{}`", self.name))?;
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

fn parse(text: &str) -> Result<Asked, String> {
    let mut tokens = tokens(text).peekable();
    let is_mutation = tokens.peek() == Some(&"mutation");
    if tokens.next_if(|token| matches!(*token, "query" | "mutation")).is_some() {
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
        None => Ok(Asked { is_mutation, fields }),
        Some(token) => Err(format!("`{token}` after the query: one query at a time")),
    }
}

fn field<'a>(tokens: &mut impl Iterator<Item = &'a str>) -> Result<Field, String> {
    let name = name(tokens.next())?;
    let mut arguments = Vec::new();
    match tokens.next() {
        Some("(") => {
            let mut key = tokens.next();
            while key != Some(")") {
                if arguments.len() == ARGUMENTS {
                    return Err(format!("`{name}` has more than {ARGUMENTS} arguments"));
                }
                let named = self::name(key)?;
                expect(tokens, ":")?;
                arguments.push((named, value(tokens)?));
                key = tokens.next();
            }
            expect(tokens, "{")?;
        }
        Some("{") => {}
        other => return Err(unexpected(other, "{")),
    }
    let mut selection = Vec::new();
    loop {
        match tokens.next() {
            Some("}") if selection.is_empty() => return Err(format!("`{name}` selects nothing")),
            Some("}") => return Ok(Field { name, arguments, selection }),
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
        answer(&Catalogue::default(), &Ratings::default(), &Query { query: query.to_owned(), variables })
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
    fn mutations_change_what_is_read_later() {
        let (catalogue, ratings) = (Catalogue::default(), Ratings::default());
        let ask = |query: &str, variables: Value| {
            let variables = variables.as_object().cloned();
            answer(&catalogue, &ratings, &Query { query: query.to_owned(), variables })
        };
        let rate = "mutation Rate($p: Int!, $s: Int!) { rate(product: $p, stars: $s) { votes stars } }";
        ask(rate, json!({"p": 3, "s": 4}));
        assert_eq!(ask(rate, json!({"p": 3, "s": 1})), json!({"data": {"rate": {"votes": 2, "stars": 5}}}));
        let rating = ask("{ rating(product: 3) { product votes } }", Value::Null);
        assert_eq!(rating, json!({"data": {"rating": {"product": 3, "votes": 2}}}));
        for wrong in [json!({"p": 999, "s": 1}), json!({"p": 3, "s": 6}), json!({"p": 3})] {
            assert!(ask(rate, wrong.clone())["errors"].is_array(), "{wrong}");
        }
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
            "{ rate(product: 1, stars: 1) { votes } }",
            "{ product(id: 1, page: 2) { id } }",
            "{ product(id: 1",
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
