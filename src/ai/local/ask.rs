//! Hands a request to mistral.rs, in its words.

use std::{borrow::Cow, sync::Arc};

use either::Either;
use indexmap::IndexMap;
use mistralrs::{
    Constraint, CustomLogitsProcessor, MessageContent, NormalRequest, RequestMessage, Response,
    SamplingParams, TextMessageRole, TextMessages,
};
use tokio::sync::mpsc;

use super::{
    Bounds, LocalError,
    load::Loaded,
    sample::{Seeded, Watch},
};
use crate::ai::chat::{Message, Prompt, Request, Role, Shape};

/// A request that the model works on.
pub(super) struct Asked {
    /// What comes of it. Letting go of it ends the work at the next token.
    pub(super) responses: mpsc::Receiver<Response>,
    /// What becomes of it.
    pub(super) watch: Arc<Watch>,
    /// Tokens of the prompt.
    pub(super) prompt: u32,
    /// Most tokens of the answer.
    pub(super) most: u32,
}

pub(super) async fn ask(
    loaded: &Arc<Loaded>,
    bounds: &Bounds,
    request: &Request,
) -> Result<Asked, LocalError> {
    let shown = introduced(request);
    let prompt = count(loaded, &shown).await?;
    let most_prompt = bounds.prompt_tokens.min(loaded.context.saturating_sub(1));
    if prompt > most_prompt {
        return Err(LocalError::Long { found: prompt, most: most_prompt });
    }
    let most = request.max_tokens.min(bounds.answer_tokens).min(loaded.context - prompt);
    // Room for every token: whoever reads slowly makes nobody else wait.
    let (to, responses) = mpsc::channel(most as usize + 4);
    let watch = Arc::<Watch>::default();
    let chooser = Arc::new(Seeded::new(request.choosing, Arc::clone(&watch)));
    let normal = NormalRequest {
        is_streaming: true,
        constraint: constraint(&request.shape),
        logits_processors: Some(vec![chooser as Arc<dyn CustomLogitsProcessor>]),
        ..NormalRequest::new_simple(messages(&shown), sampling(request, most), to, 0, None, None)
    };
    let sender = loaded.model.inner().get_sender(None).map_err(|_| LocalError::Died)?;
    sender.send(mistralrs::Request::Normal(Box::new(normal))).await.map_err(|_| LocalError::Died)?;
    Ok(Asked { responses, watch, prompt, most })
}

/// The prompt; a model that may call tools is told of them first.
fn introduced(request: &Request) -> Cow<'_, Prompt> {
    let (Shape::TextOrCall(tools) | Shape::Call(tools), Prompt::Chat(turns)) =
        (&request.shape, &request.prompt)
    else {
        return Cow::Borrowed(&request.prompt);
    };
    let mut text = "You can call these tools. To call one, answer with nothing but \
                    {\"name\": its name, \"arguments\": {...}}.\n"
        .to_owned();
    for tool in tools {
        text.push_str(&format!("- {}: {} Arguments: {}\n", tool.name, tool.description, tool.parameters));
    }
    let first = Message::new(Role::System, text);
    Cow::Owned(Prompt::Chat(std::iter::once(first).chain(turns.iter().cloned()).collect()))
}

/// Tokens of a prompt, counted by the model itself.
async fn count(loaded: &Arc<Loaded>, prompt: &Prompt) -> Result<u32, LocalError> {
    let (text, is_chat) = match prompt {
        Prompt::Text(text) => (Either::Right(text.clone()), false),
        Prompt::Chat(turns) => {
            let add =
                |messages: TextMessages, turn: &Message| messages.add_message(role(turn.role), &turn.text);
            (Either::Left(turns.iter().fold(TextMessages::new(), add)), true)
        }
    };
    // mistral.rs breaks where nobody waits for this answer any more: somebody does, even if whoever asked has left.
    let loaded = Arc::clone(loaded);
    let counted = tokio::spawn(async move { loaded.model.tokenize(text, None, true, is_chat, None).await });
    let counted = counted.await.map_err(|_| LocalError::Died)?;
    let tokens = counted.map_err(|error| match error {
        mistralrs::error::Error::Channel(_) => LocalError::Died,
        other => LocalError::Refused(other.to_string()),
    })?;
    Ok(u32::try_from(tokens.len()).unwrap_or(u32::MAX))
}

fn role(role: Role) -> TextMessageRole {
    match role {
        Role::System => TextMessageRole::System,
        Role::User => TextMessageRole::User,
        Role::Assistant => TextMessageRole::Assistant,
        Role::Tool => TextMessageRole::Tool,
    }
}

fn messages(prompt: &Prompt) -> RequestMessage {
    match prompt {
        Prompt::Text(text) => {
            RequestMessage::Completion { text: text.clone(), echo_prompt: false, best_of: None }
        }
        Prompt::Chat(turns) => RequestMessage::Chat {
            messages: turns.iter().map(message).collect(),
            enable_thinking: Some(false),
            reasoning_effort: None,
        },
    }
}

fn message(turn: &Message) -> IndexMap<String, MessageContent> {
    IndexMap::from([
        ("role".to_owned(), Either::Left(turn.role.name().to_owned())),
        ("content".to_owned(), Either::Left(turn.text.clone())),
    ])
}

fn sampling(request: &Request, most: u32) -> SamplingParams {
    SamplingParams {
        // The greatest logit is taken; where chance has a say, it has been added to them.
        temperature: Some(0.0),
        frequency_penalty: Some(request.choosing.frequency_penalty),
        presence_penalty: Some(request.choosing.presence_penalty),
        max_len: Some(most as usize),
        ..SamplingParams::neutral()
    }
}

fn constraint(shape: &Shape) -> Constraint {
    match (shape.schema(), shape.lark()) {
        (Some(schema), _) => Constraint::JsonSchema(schema),
        (None, Some(grammar)) => Constraint::Lark(grammar),
        (None, None) => Constraint::None,
    }
}
