//! Reads what a provider answers: whole, or event by event.

use std::{pin::Pin, time::Duration};

use eventsource_stream::{EventStreamError, Eventsource};
use futures_util::{Stream, StreamExt};
use reqwest::Response;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::{LARGEST, RemoteError, wire};
use crate::{
    ai::chat::{End, Finish, Part, Request},
    http::outgoing,
};

/// All of a body.
pub(super) async fn whole(response: Response) -> Result<Vec<u8>, RemoteError> {
    let mut body = Vec::new();
    let mut parts = Box::pin(bounded(response));
    while let Some(part) = parts.next().await {
        body.extend_from_slice(&part?);
    }
    Ok(body)
}

/// A body that ends when it becomes too large.
fn bounded(response: Response) -> impl Stream<Item = Result<Vec<u8>, RemoteError>> + Send {
    let mut length = 0;
    response.bytes_stream().map(move |part| {
        let part = part.map_err(|error| match error.is_timeout() || error.is_connect() {
            true => RemoteError::Unreached(outgoing::told(error)),
            false => RemoteError::BrokenOff,
        })?;
        length += part.len();
        if length > LARGEST { Err(RemoteError::TooLarge) } else { Ok(part.to_vec()) }
    })
}

type Events = Pin<Box<dyn Stream<Item = Result<String, RemoteError>> + Send>>;

/// An answer of a provider. Letting go of it closes the connection.
pub struct Reply {
    /// What was read ahead, last first.
    ready: Vec<Part>,
    rest: Option<Rest>,
}

/// An answer that is still written.
struct Rest {
    events: Events,
    /// What is known of its end so far.
    finish: Option<Finish>,
    usage: Option<wire::Usage>,
    text: String,
    request: Request,
    deadline: Instant,
    patience: Duration,
}

impl Reply {
    /// One that came whole.
    pub(super) fn whole((text, end): (String, End)) -> Self {
        Self { ready: vec![Part::End(end), Part::Text(text)], rest: None }
    }

    /// One that comes event by event: it has begun when its first word is there.
    pub(super) async fn stream(
        response: Response,
        request: &Request,
        (deadline, patience): (Instant, Duration),
    ) -> Result<Self, RemoteError> {
        let events = bounded(response).eventsource().map(|event| match event {
            Ok(event) => Ok(event.data),
            Err(EventStreamError::Transport(error)) => Err(error),
            Err(error) => Err(RemoteError::Unreadable(error.to_string())),
        });
        let mut rest = Rest {
            events: Box::pin(events),
            finish: None,
            usage: None,
            text: String::new(),
            request: request.clone(),
            deadline,
            patience,
        };
        let first = rest.next().await?;
        Ok(Self { ready: vec![first], rest: Some(rest) })
    }

    /// The next part; None after the end.
    ///
    /// # Errors
    /// When it breaks off.
    pub async fn next(&mut self) -> Result<Option<Part>, RemoteError> {
        if let Some(part) = self.ready.pop() {
            if matches!(part, Part::End(_)) {
                self.rest = None;
            }
            return Ok(Some(part));
        }
        let Some(rest) = &mut self.rest else { return Ok(None) };
        let part = rest.next().await?;
        if matches!(part, Part::End(_)) {
            self.rest = None;
        }
        Ok(Some(part))
    }
}

impl Rest {
    async fn next(&mut self) -> Result<Part, RemoteError> {
        loop {
            let event = timeout_at(self.deadline, self.events.next()).await;
            let event = match event.map_err(|_| RemoteError::Overdue(self.patience))? {
                Some(event) => event?,
                // Some close the connection instead of saying that they are done.
                None => return self.end().ok_or(RemoteError::BrokenOff),
            };
            if event.trim() == "[DONE]" {
                return self.end().ok_or(RemoteError::BrokenOff);
            }
            let event: Value =
                serde_json::from_str(&event).map_err(|error| RemoteError::Unreadable(error.to_string()))?;
            if let Some(error) = event.get("error").filter(|error| !error.is_null()) {
                let said = error["message"].as_str().or(error.as_str()).unwrap_or("an error");
                return Err(RemoteError::Unreadable(outgoing::shown(said, super::TOLD)));
            }
            if let Ok(usage) = serde_json::from_value(event["usage"].clone()) {
                self.usage = Some(usage);
            }
            let choice = &event["choices"][0];
            self.finish = wire::finish(choice["finish_reason"].as_str())?.or(self.finish);
            let text = choice["delta"]["content"].as_str().or(choice["text"].as_str()).unwrap_or_default();
            if !text.is_empty() {
                self.text.push_str(text);
                return Ok(Part::Text(text.to_owned()));
            }
        }
    }

    /// The end, where the answer has said why it ends.
    fn end(&self) -> Option<Part> {
        let finish = self.finish?;
        let tokens = wire::tokens(self.usage, &self.request, &self.text);
        Some(Part::End(End { finish, tokens, cost: 0 }))
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply")
            .field("ready", &self.ready.len())
            .field("goes_on", &self.rest.is_some())
            .finish()
    }
}
