//! How texts go on: whole, or as it is written.

use super::{
    chat::Begun,
    dto::{TextChoice, TextCompletion},
};
use crate::ai::{
    AiError,
    chat::{Answer, End, Finish, Part},
};

/// All of it.
pub(super) async fn whole(
    begun: &Begun,
    answer: Answer,
    echo: Option<String>,
) -> Result<(TextCompletion, End), AiError> {
    let (text, end) = answer.whole().await?;
    let text = echo.unwrap_or_default() + &text;
    let mut completion = chunk(begun, text, Some(end.finish));
    completion.usage = Some(begun.usage(&end));
    Ok((completion, end))
}

/// What is told of the next part.
pub(super) fn of(begun: &Begun, part: Part, counts: bool) -> Vec<TextCompletion> {
    match part {
        Part::Text(text) => vec![chunk(begun, text, None)],
        Part::End(end) => {
            let mut chunks = vec![chunk(begun, String::new(), Some(end.finish))];
            if counts {
                let mut counted = chunk(begun, String::new(), None);
                counted.choices.clear();
                counted.usage = Some(begun.usage(&end));
                chunks.push(counted);
            }
            chunks
        }
    }
}

/// A part of it.
pub(super) fn chunk(begun: &Begun, text: String, finish_reason: Option<Finish>) -> TextCompletion {
    TextCompletion {
        id: begun.id.clone(),
        object: "text_completion",
        created: begun.created,
        model: begun.model(),
        choices: vec![TextChoice { index: 0, text, logprobs: None, finish_reason }],
        usage: None,
        engine: begun.engine(),
    }
}
