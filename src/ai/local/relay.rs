//! Passes on what the model writes, until the answer is over: the model says so, its document is complete, a text to
//! stop at has come, whoever asked has left, or it takes too long.

use std::time::Duration;

use mistralrs::Response;
use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};

use super::{LocalError, ask::Asked};
use crate::ai::{
    AiError,
    chat::{End, Finish, Part, Request, Tokens, Written},
};

/// Passes on one answer.
pub(super) struct Relay {
    asked: Asked,
    written: Written,
    timeout: Duration,
    tokens: u32,
}

/// How far the model is.
enum Step {
    More(String),
    Last(String, Finish, Option<u32>),
}

impl Relay {
    pub(super) fn new(asked: Asked, request: &Request, timeout: Duration) -> Self {
        let written = Written::new(request.shape.clone(), request.stop.clone());
        Self { asked, written, timeout, tokens: 0 }
    }

    pub(super) async fn run(mut self, to: &mpsc::Sender<Result<Part, AiError>>) -> Result<(), LocalError> {
        let deadline = Instant::now() + self.timeout;
        loop {
            let response = tokio::select! {
                biased;
                () = to.closed() => return Ok(()),
                came = timeout_at(deadline, self.asked.responses.recv()) => came.map_err(|_| LocalError::Overdue)?,
            };
            let step = step(response.ok_or(LocalError::Died)?)?;
            self.tokens += 1;
            let (text, end) = match step {
                Step::More(text) => {
                    let (text, complete) = self.written.push(&text);
                    let spent = self.tokens >= self.asked.most;
                    let finish = if complete { Some(Finish::Stop) } else { spent.then_some(Finish::Length) };
                    (text, finish)
                }
                Step::Last(text, finish, counted) => {
                    self.tokens = counted.unwrap_or(self.tokens);
                    let (text, complete) = self.written.push(&text);
                    (text, Some(if complete { Finish::Stop } else { finish }))
                }
            };
            let Some(finish) = end else {
                if !text.is_empty() && to.send(Ok(Part::Text(text))).await.is_err() {
                    return Ok(());
                }
                continue;
            };
            let text = text + &self.written.rest();
            if !text.is_empty() && to.send(Ok(Part::Text(text))).await.is_err() {
                return Ok(());
            }
            let tokens = Tokens { prompt: self.asked.prompt, answer: self.tokens, estimated: false };
            to.send(Ok(Part::End(End { finish, tokens, cost: 0 }))).await.ok();
            return Ok(());
        }
    }
}

fn step(response: Response) -> Result<Step, LocalError> {
    match response {
        Response::Chunk(chunk) => {
            let counted = chunk.usage.map(|usage| u32::try_from(usage.completion_tokens).unwrap_or(u32::MAX));
            let choice = chunk.choices.into_iter().next();
            let (text, end) =
                choice.map_or((None, None), |choice| (choice.delta.content, choice.finish_reason));
            Ok(stepped(text.unwrap_or_default(), end.as_deref(), counted))
        }
        Response::CompletionChunk(chunk) => {
            let choice = chunk.choices.into_iter().next();
            let (text, end) =
                choice.map_or((String::new(), None), |choice| (choice.text, choice.finish_reason));
            Ok(stepped(text, end.as_deref(), None))
        }
        Response::ValidationError(error) => Err(LocalError::Refused(error.to_string())),
        Response::InternalError(error) => Err(LocalError::Load(error.to_string())),
        Response::ModelError(error, _) | Response::CompletionModelError(error, _) => {
            Err(LocalError::Load(error))
        }
        _ => Err(LocalError::Died),
    }
}

fn stepped(text: String, end: Option<&str>, counted: Option<u32>) -> Step {
    match end {
        None => Step::More(text),
        Some("length") => Step::Last(text, Finish::Length, counted),
        Some(_) => Step::Last(text, Finish::Stop, counted),
    }
}
