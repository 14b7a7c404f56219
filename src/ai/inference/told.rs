//! What people ask for, in the words of models; what cannot be is refused with its place.

use super::dto::{SpeechRequest, TextRequest};
use crate::ai::{
    AiError,
    chat::{Choosing, Message, Prompt, Request, Role, Shape},
    local::{
        LocalError,
        media::{Dia, MediaError},
    },
    remote::RemoteError,
};

/// How freely a model chooses where nobody says: small ones lose their way at 1.
const TEMPERATURE: f64 = 0.7;
/// Tokens of an answer where nobody says.
const TOKENS: u32 = 256;
/// Longest prompt, in characters: how many tokens it may have is up to the model, but somebody has to count them.
const LONGEST: usize = 200_000;
/// Longest text that is said, in characters.
const LONGEST_SPEECH: usize = 10_000;
/// Most texts to stop at, and the longest, in bytes.
const MOST_STOPS: usize = 4;
const LONGEST_STOP: usize = 200;

/// What a model is asked.
pub(super) fn question(asked: TextRequest) -> Result<Request, AiError> {
    within("prompt", &asked.prompt, LONGEST)?;
    let long = asked.system.as_ref().is_some_and(|system| system.chars().count() > LONGEST);
    if long {
        return Err(AiError::field("system", format!("must be at most {LONGEST} characters")));
    }
    if asked.max_tokens == Some(0) {
        return Err(AiError::field("max_tokens", "must be at least 1"));
    }
    let temperature = asked.temperature.unwrap_or(TEMPERATURE);
    if !(0.0..=2.0).contains(&temperature) {
        return Err(AiError::field("temperature", "must be 0 to 2"));
    }
    let stop = asked.stop.unwrap_or_default();
    if stop.len() > MOST_STOPS || !stop.iter().all(|stop| (1..=LONGEST_STOP).contains(&stop.len())) {
        let message = format!("must be at most {MOST_STOPS} texts of 1 to {LONGEST_STOP} bytes");
        return Err(AiError::field("stop", message));
    }
    let system = asked.system.map(|system| Message::new(Role::System, system));
    let turns = system.into_iter().chain([Message::new(Role::User, asked.prompt)]).collect();
    let seed = asked.seed.map_or_else(|| fastrand::u64(..), u64::from);
    Ok(Request {
        prompt: Prompt::Chat(turns),
        max_tokens: asked.max_tokens.unwrap_or(TOKENS),
        choosing: Choosing { temperature, seed, ..Choosing::default() },
        stop,
        shape: Shape::Free,
    })
}

/// What is to be said, as the model takes it.
pub(super) fn script(asked: &SpeechRequest) -> Result<String, AiError> {
    within("text", &asked.text, LONGEST_SPEECH)?;
    let script = Dia::script(&asked.text);
    let said = script.replace("[S1]", "").replace("[S2]", "");
    match said.trim().is_empty() {
        true => Err(AiError::field("text", "says nothing: something follows `[S1]` and `[S2]`")),
        false => Ok(script),
    }
}

/// The same, with the place in what was asked.
pub(super) fn placed(error: AiError) -> AiError {
    let message = error.to_string();
    match error {
        AiError::Local(LocalError::Long { .. }) | AiError::Remote { error: RemoteError::Long { .. }, .. } => {
            AiError::field("prompt", message)
        }
        AiError::Media(MediaError::Text(_)) => AiError::field("text", message),
        other => other,
    }
}

fn within(path: &str, text: &str, most: usize) -> Result<(), AiError> {
    if text.trim().is_empty() {
        return Err(AiError::field(path, "must not be empty"));
    }
    match text.chars().count() <= most {
        true => Ok(()),
        false => Err(AiError::field(path, format!("must be at most {most} characters"))),
    }
}
