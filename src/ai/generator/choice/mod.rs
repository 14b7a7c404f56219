//! What a model is asked beside the reader: which recipe fits where that is not clear, what a number counts that the
//! reader could not tell, and a name for the test. It chooses among what is there.
//!
//! What comes back is taken for hostile. It must be what the schema says; a name must be about the
//! text, and must not hold a number or an address that the text does not have. What does not pass is not used, and the answer says so.

mod open;
mod schema;
#[cfg(test)]
mod tests;

use serde_json::Value;

pub use self::open::open_reading;
use super::{
    draft::Candidate,
    filler::{By, FillError, Filled, Filler, Question},
    reader::{Fact, Reading},
};

/// Most tokens of an answer.
const MAX_TOKENS: u32 = 64;
/// Longest part of the text that is shown to the model, in bytes: what is longer has its facts read already.
const SHOWN: usize = 1200;
/// Letters by which words are told apart, whatever their endings.
const STEM: usize = 4;
/// Beginnings of words that a name of a load test may always have.
const ALWAYS: [&str; 4] = ["load", "test", "last", "stre"];
/// Longest name.
const LONGEST_NAME: usize = 60;

/// What a model has chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Chosen {
    /// The recipe; None where none was asked about, or none of them fits.
    pub(super) recipe: Option<String>,
    /// What the test is called.
    pub(super) name: Option<String>,
    /// What numbers count, by their places in the list of unclear ones.
    pub(super) roles: Vec<(usize, Role)>,
    /// Why something of it was not used.
    pub(super) degraded: Vec<String>,
    /// Tokens read and written.
    pub(super) tokens: (u32, u32),
    /// What it cost, in US dollars.
    pub(super) cost: f64,
    /// Who has answered.
    pub(super) by: Option<By>,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Users.
    Users,
    /// Seconds of the run.
    Seconds,
    /// Minutes of the run.
    Minutes,
    /// Requests per second.
    Rate,
}

/// Whether there is something to ask: what the reader is sure of is not asked again, and what nobody
/// here can read is asked of whoever wrote it.
pub(super) fn asks(reading: &Reading, ranked: &[Candidate]) -> bool {
    let unclear = !reading.unclear.is_empty() || schema::asks_recipe(reading, ranked);
    unclear && !reading.is_foreign()
}

/// Asks a model.
pub(super) async fn choose(
    filler: &dyn Filler,
    text: &str,
    reading: &Reading,
    ranked: &[Candidate],
) -> Chosen {
    let schema = schema::schema(reading, ranked);
    let question = Question {
        instructions: schema::instructions(reading, ranked),
        text: shown(text),
        schema: schema.clone(),
        max_tokens: MAX_TOKENS,
    };
    match filler.fill(question).await {
        Ok(filled) => take(filled, &schema, text, reading, ranked),
        Err(error) => Chosen { degraded: vec![told(&error)], ..Chosen::default() },
    }
}

fn told(error: &FillError) -> String {
    format!("{error}: what the reader found stands alone")
}

/// The beginning of a text.
fn shown(text: &str) -> String {
    text[..text.floor_char_boundary(SHOWN)].to_owned()
}

/// Takes over what passes.
fn take(filled: Filled, schema: &Value, text: &str, reading: &Reading, ranked: &[Candidate]) -> Chosen {
    let Filled { value, prompt_tokens, completion_tokens, cost, by } = filled;
    let tokens = (prompt_tokens, completion_tokens);
    if !jsonschema::is_valid(schema, &value) {
        let degraded = vec!["the model's answer is not what it was asked for: it was not used".to_owned()];
        return Chosen { degraded, tokens, cost, by: Some(by), ..Chosen::default() };
    }
    let mut chosen = Chosen { tokens, cost, by: Some(by), ..Chosen::default() };
    chosen.recipe =
        value["recipe"].as_str().filter(|id| ranked.iter().any(|one| one.id == *id)).map(str::to_owned);
    if let Some(said) = value["name"].as_str() {
        match wording(said, text, LONGEST_NAME) {
            Ok(said) => chosen.name = Some(said),
            // The reader's own name stands; nothing is missing.
            Err(why) => tracing::debug!("the model's name was not used: {why}"),
        }
    }
    for index in 0..reading.unclear.len() {
        let role = match value[format!("number_{index}")].as_str() {
            Some("users") => Role::Users,
            Some("seconds") => Role::Seconds,
            Some("minutes") => Role::Minutes,
            Some("requests_per_second") => Role::Rate,
            _ => continue,
        };
        chosen.roles.push((index, role));
    }
    chosen
}

/// A text of the model that says no number and no address that the text does not have.
pub(super) fn wording(said: &str, text: &str, longest: usize) -> Result<String, &'static str> {
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = said.trim_matches(|c: char| matches!(c, '"' | '\'' | '.' | ',' | ':')).to_owned();
    if said.chars().filter(|c| c.is_alphabetic()).count() < 3 {
        return Err("it says nothing");
    }
    if said.chars().count() > longest {
        return Err("it is too long");
    }
    if said.contains(['{', '}', '$', '<', '>', '|', '`', '\\']) || said.chars().any(char::is_control) {
        return Err("it holds signs that a name has no use for");
    }
    if goes_in_circles(&said) {
        return Err("it goes round in circles");
    }
    if !is_about(&said, text) {
        return Err("it is not about the text");
    }
    let given: Vec<&str> = numbers(text).collect();
    if numbers(&said).any(|number| !given.contains(&number)) {
        return Err("it says a number that the text does not have");
    }
    let low = text.to_lowercase();
    let address =
        |word: &&str| word.contains("://") || word.trim_end_matches(['.', ',']).contains(['.', '@', '/']);
    let invented = said.split_whitespace().filter(address).any(|word| {
        let word = word.trim_end_matches(['.', ',']).to_lowercase();
        !low.split_whitespace().any(|known| known.trim_end_matches(['.', ',', ';']) == word)
    });
    if invented {
        return Err("it says an address that the text does not have");
    }
    Ok(said)
}

/// Whether a text says the same again: what small models do when they have nothing to say.
fn goes_in_circles(said: &str) -> bool {
    let words: Vec<String> = said.split_whitespace().map(str::to_lowercase).collect();
    let pairs: Vec<&[String]> = words.windows(2).collect();
    pairs.iter().enumerate().any(|(at, pair)| pairs[..at].contains(pair))
}

/// Whether most words that say something are the text's own, whatever their endings.
fn is_about(said: &str, text: &str) -> bool {
    let stem = |word: &str| {
        word.chars().filter(|c| c.is_alphanumeric()).take(STEM).collect::<String>().to_lowercase()
    };
    let known: Vec<String> = text.split_whitespace().map(stem).chain(ALWAYS.map(str::to_owned)).collect();
    let says: Vec<String> = said.split_whitespace().map(stem).filter(|stem| stem.len() >= STEM).collect();
    let of_text = says.iter().filter(|stem| known.contains(stem)).count();
    !says.is_empty() && of_text * 2 > says.len()
}

/// The runs of digits of a text.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty())
}

/// Gives the numbers that the model has told apart their meaning, where the text says nothing else.
pub(super) fn apply(chosen: &Chosen, reading: &mut Reading) {
    for (index, role) in &chosen.roles {
        let Some(Fact { value, span }) = reading.unclear.get(*index).cloned() else { continue };
        let load = &mut reading.load;
        let settled = !load.stages.is_empty();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be whole and within"
        )]
        match role {
            Role::Users
                if load.users.is_empty()
                    && !settled
                    && value.fract() == 0.0
                    && (1.0..=1e6).contains(&value) =>
            {
                load.users.push(Fact { value: value as u32, span: span.clone() });
            }
            Role::Seconds | Role::Minutes
                if load.time.is_empty() && !settled && (1.0..=86_400.0).contains(&value) =>
            {
                let size = if *role == Role::Seconds { 1000.0 } else { 60_000.0 };
                load.time.push(Fact { value: (value * size) as u64, span: span.clone() });
            }
            Role::Rate if load.rate.is_empty() && !settled && (0.001..=1e6).contains(&value) => {
                load.rate.push(Fact { value, span: span.clone() });
            }
            _ => continue,
        }
        reading.by_model.push(span.clone());
        reading.unused.retain(|one| one.span != span);
    }
}
