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
    /// Tokens that have come: those of one character come together, and count as one.
    came: u32,
    /// Whether they may have been more.
    is_wide: bool,
}

/// How far the model is.
enum Step {
    More(String),
    Last(String, Finish),
}

impl Relay {
    pub(super) fn new(asked: Asked, request: &Request, timeout: Duration) -> Self {
        let written = Written::new(request.shape.clone(), request.stop.clone());
        Self { asked, written, timeout, came: 0, is_wide: false }
    }

    pub(super) async fn run(mut self, to: &mpsc::Sender<Result<Part, AiError>>) -> Result<(), LocalError> {
        let deadline = Instant::now() + self.timeout;
        loop {
            let response = tokio::select! {
                biased;
                () = to.closed() => return Ok(()),
                came = timeout_at(deadline, self.asked.responses.recv()) => came.map_err(|_| LocalError::Overdue)?,
            };
            let step = response.map_or_else(|| self.cut(), step)?;
            let (text, end) = self.take(step);
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
            let tokens = Tokens { prompt: self.asked.prompt, answer: self.came, estimated: self.is_wide };
            to.send(Ok(Part::End(End { finish, tokens, cost: 0 }))).await.ok();
            return Ok(());
        }
    }

    /// What is new of the answer, and its end when it is over.
    fn take(&mut self, step: Step) -> (String, Option<Finish>) {
        let (text, last) = match step {
            Step::More(text) => (text, None),
            Step::Last(text, finish) => (text, Some(finish)),
        };
        match last {
            None => (self.came, self.is_wide) = (self.came + 1, self.is_wide || !text.is_ascii()),
            Some(_) => (self.came, self.is_wide) = (self.asked.watch.chosen(), false),
        }
        let (text, complete) = self.written.push(&text);
        let spent = self.came >= self.asked.most;
        let end = last.or(spent.then_some(Finish::Length));
        (text, if complete { Some(Finish::Stop) } else { end })
    }

    /// mistral.rs has let go of the request without a word: it broke, or the answer ended within a character, of which
    /// it says nothing.
    fn cut(&self) -> Result<Step, LocalError> {
        if self.asked.watch.broke() {
            return Err(LocalError::Died);
        }
        let spent = self.asked.watch.chosen() >= self.asked.most;
        Ok(Step::Last(String::new(), if spent { Finish::Length } else { Finish::Stop }))
    }
}

fn step(response: Response) -> Result<Step, LocalError> {
    match response {
        Response::Chunk(chunk) => {
            let choice = chunk.choices.into_iter().next();
            let (text, end) =
                choice.map_or((None, None), |choice| (choice.delta.content, choice.finish_reason));
            Ok(stepped(text.unwrap_or_default(), end.as_deref()))
        }
        Response::CompletionChunk(chunk) => {
            let choice = chunk.choices.into_iter().next();
            let (text, end) =
                choice.map_or((String::new(), None), |choice| (choice.text, choice.finish_reason));
            Ok(stepped(text, end.as_deref()))
        }
        Response::ValidationError(error) => Err(LocalError::Refused(error.to_string())),
        Response::InternalError(error) => Err(LocalError::Load(error.to_string())),
        Response::ModelError(error, _) | Response::CompletionModelError(error, _) => {
            Err(LocalError::Load(error))
        }
        _ => Err(LocalError::Died),
    }
}

fn stepped(text: String, end: Option<&str>) -> Step {
    match end {
        None => Step::More(text),
        Some("length") => Step::Last(text, Finish::Length),
        Some(_) => Step::Last(text, Finish::Stop),
    }
}
