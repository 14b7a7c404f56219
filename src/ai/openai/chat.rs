//! Answers to conversations: whole, or as they are written.

use std::time::Instant;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::dto::{ChatAnswer, ChatChoice, ChatCompletion, FunctionCall, ToolCall, Usage};
use crate::ai::{
    AiError,
    chat::{Answer, End, Engine, Finish, Part, Role, Shape, dollars},
};

/// What is known of an answer before its first word.
#[derive(Clone, Debug)]
pub(super) struct Begun {
    pub(super) id: String,
    pub(super) created: i64,
    pub(super) at: Instant,
    /// None before somebody answers.
    engine: Option<Engine>,
}

impl Begun {
    pub(super) fn now(kind: &str) -> Self {
        let id = format!("{kind}-{}", Uuid::now_v7().simple());
        Self { id, created: Timestamp::now().as_second(), at: Instant::now(), engine: None }
    }

    /// The same, once somebody answers.
    pub(super) fn by(self, answer: &Answer) -> Self {
        Self { engine: Some(answer.engine.clone()), ..self }
    }

    /// Who answers.
    pub(super) fn engine(&self) -> Engine {
        self.engine.clone().unwrap_or_else(|| Engine::local(""))
    }

    /// Their model.
    pub(super) fn model(&self) -> String {
        self.engine.as_ref().map(Engine::named).unwrap_or_default()
    }

    pub(super) fn usage(&self, end: &End) -> Usage {
        Usage {
            prompt_tokens: end.tokens.prompt,
            completion_tokens: end.tokens.answer,
            total_tokens: end.tokens.prompt.saturating_add(end.tokens.answer),
            latency_ms: u64::try_from(self.at.elapsed().as_millis()).unwrap_or(u64::MAX),
            cost: dollars(end.cost),
            estimated: end.tokens.estimated,
        }
    }
}

/// All of an answer.
pub(super) async fn whole(
    begun: &Begun,
    answer: Answer,
    shape: &Shape,
) -> Result<(ChatCompletion, End), AiError> {
    let (text, mut end) = answer.whole().await?;
    let tool_calls = called(shape, &text).map(|call| vec![call]);
    if tool_calls.is_some() {
        end.finish = Finish::ToolCalls;
    }
    let content = tool_calls.is_none().then_some(text);
    let message = ChatAnswer { role: Role::Assistant, content, refusal: None, tool_calls };
    let choice = ChatChoice { index: 0, message, logprobs: None, finish_reason: end.finish };
    let completion = ChatCompletion {
        id: begun.id.clone(),
        object: "chat.completion",
        created: begun.created,
        model: begun.model(),
        choices: vec![choice],
        usage: begun.usage(&end),
        engine: begun.engine(),
    };
    Ok((completion, end))
}

/// The tool that a text asks for, where it may and does.
fn called(shape: &Shape, text: &str) -> Option<ToolCall> {
    let text = text.trim_start();
    if !matches!(shape, Shape::Call(_) | Shape::TextOrCall(_)) || !text.starts_with('{') {
        return None;
    }
    let call: Value = serde_json::from_str(text).ok()?;
    let function =
        FunctionCall { name: call["name"].as_str()?.to_owned(), arguments: call["arguments"].to_string() };
    let id = format!("call_{}", Uuid::now_v7().simple());
    Some(ToolCall { index: None, id, kind: "function".to_owned(), function })
}

/// Chunks of an answer that is streamed.
pub(super) struct Chunks {
    begun: Begun,
    shape: Shape,
    /// What may be a call: told when it is whole.
    held: Option<String>,
    started: bool,
    counts: bool,
}

impl Chunks {
    pub(super) fn new(begun: Begun, shape: Shape, counts: bool) -> Self {
        let held = matches!(shape, Shape::Call(_)).then(String::new);
        Self { begun, shape, held, started: false, counts }
    }

    /// The first one, which tells nothing yet but who speaks.
    pub(super) fn first(&self) -> Value {
        self.chunk(json!({ "role": "assistant", "content": "" }), None)
    }

    /// What is told of the next part.
    pub(super) fn of(&mut self, part: Part) -> Vec<Value> {
        match part {
            Part::Text(text) => {
                if !self.started
                    && matches!(self.shape, Shape::TextOrCall(_))
                    && text.trim_start().starts_with('{')
                {
                    self.held = Some(String::new());
                }
                self.started |= !text.trim().is_empty();
                match &mut self.held {
                    Some(held) => {
                        held.push_str(&text);
                        Vec::new()
                    }
                    None => vec![self.chunk(json!({ "content": text }), None)],
                }
            }
            Part::End(end) => self.last(end),
        }
    }

    fn last(&mut self, mut end: End) -> Vec<Value> {
        let mut chunks = Vec::new();
        if let Some(text) = self.held.take() {
            match called(&self.shape, &text) {
                Some(call) => {
                    end.finish = Finish::ToolCalls;
                    let call = ToolCall { index: Some(0), ..call };
                    chunks.push(self.chunk(json!({ "tool_calls": [call] }), None));
                }
                None => chunks.push(self.chunk(json!({ "content": text }), None)),
            }
        }
        chunks.push(self.chunk(json!({}), Some(end.finish)));
        if self.counts {
            let mut counted = self.chunk(json!({}), None);
            counted["choices"] = json!([]);
            counted["usage"] = json!(self.begun.usage(&end));
            chunks.push(counted);
        }
        chunks
    }

    fn chunk(&self, delta: Value, finish: Option<Finish>) -> Value {
        json!({
            "id": self.begun.id,
            "object": "chat.completion.chunk",
            "created": self.begun.created,
            "model": self.begun.model(),
            "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish }],
            "engine": self.begun.engine(),
        })
    }
}
