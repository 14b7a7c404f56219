//! What goes over the wire to providers, and what comes back.

use serde::Deserialize;
use serde_json::{Value, json};

use super::RemoteError;
use crate::ai::{
    chat::{End, Finish, Message, Prompt, Request, Role, Shape, Tokens, Tool},
    policy::{LimitField, Provider},
};

/// A request as providers take it.
pub(super) fn body(provider: &Provider, request: &Request, most: u32, streams: bool) -> Value {
    let choosing = &request.choosing;
    let mut body = json!({
        "model": provider.model,
        "temperature": choosing.temperature,
        "seed": choosing.seed.cast_signed(),
        "stream": streams,
    });
    let limit = match provider.limit {
        LimitField::MaxTokens => "max_tokens",
        LimitField::MaxCompletionTokens => "max_completion_tokens",
    };
    body[limit] = most.into();
    // Only what differs from what everybody takes for granted: not every provider knows every field.
    if choosing.top_p < 1.0 {
        body["top_p"] = choosing.top_p.into();
    }
    for (name, value) in
        [("frequency_penalty", choosing.frequency_penalty), ("presence_penalty", choosing.presence_penalty)]
    {
        if value != 0.0 {
            body[name] = value.into();
        }
    }
    if streams {
        body["stream_options"] = json!({ "include_usage": true });
    }
    if !request.stop.is_empty() {
        body["stop"] = json!(request.stop);
    }
    match &request.prompt {
        Prompt::Text(text) => body["prompt"] = text.as_str().into(),
        Prompt::Chat(turns) => body["messages"] = turns.iter().map(message).collect(),
    }
    match &request.shape {
        Shape::Free => {}
        Shape::Json(schema) => body["response_format"] = form(schema),
        Shape::TextOrCall(tools) => {
            body["tools"] = tools.iter().map(tool).collect();
            body["tool_choice"] = "auto".into();
        }
        Shape::Call(tools) => {
            body["tools"] = tools.iter().map(tool).collect();
            body["tool_choice"] = match &tools[..] {
                [one] => json!({ "type": "function", "function": { "name": one.name } }),
                _ => "required".into(),
            };
        }
    }
    body
}

fn form(schema: &Value) -> Value {
    if *schema == json!({ "type": "object" }) {
        return json!({ "type": "json_object" });
    }
    json!({ "type": "json_schema", "json_schema": { "name": "answer", "schema": schema } })
}

fn tool(tool: &Tool) -> Value {
    let Tool { name, description, parameters } = tool;
    json!({ "type": "function", "function": { "name": name, "description": description, "parameters": parameters } })
}

/// A turn. Calls of tools stand in the text of theirs, so that what a tool answered is told as what somebody says.
fn message(turn: &Message) -> Value {
    match turn.role {
        Role::Tool => json!({ "role": "user", "content": format!("The tool answered: {}", turn.text) }),
        role => json!({ "role": role.name(), "content": turn.text }),
    }
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Option<Said>,
    text: Option<String>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
    tool_calls: Option<Vec<Call>>,
}

#[derive(Deserialize)]
struct Call {
    function: Function,
}

#[derive(Deserialize)]
struct Function {
    name: String,
    arguments: String,
}

/// Tokens as a provider counts them.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Usage {
    prompt_tokens: u32,
    #[serde(default)]
    completion_tokens: u32,
}

/// An answer that came whole: its text and how it ended. Calls of tools are text, as the model inside MAID writes them.
pub(super) fn answer(reply: &Value, request: &Request) -> Result<(String, End), RemoteError> {
    let reply = Completion::deserialize(reply).map_err(|error| RemoteError::Unreadable(error.to_string()))?;
    let none = || RemoteError::Unreadable("it has no choices".to_owned());
    let choice = reply.choices.into_iter().next().ok_or_else(none)?;
    let finish = finish(choice.finish_reason.as_deref())?.unwrap_or(Finish::Stop);
    let (content, calls) = match choice.message {
        Some(said) => (said.content, said.tool_calls.unwrap_or_default()),
        None => (choice.text, Vec::new()),
    };
    let text = match calls.into_iter().next() {
        Some(call) => {
            let arguments: Value =
                serde_json::from_str(&call.function.arguments).map_err(|_| RemoteError::Unfit)?;
            json!({ "name": call.function.name, "arguments": arguments }).to_string()
        }
        None => content.unwrap_or_default(),
    };
    if finish == Finish::Stop && !fits(&request.shape, &text) {
        return Err(RemoteError::Unfit);
    }
    let end = End { finish, tokens: tokens(reply.usage, request, &text), cost: 0 };
    Ok((text, end))
}

/// Whether an answer has the form that it must have.
fn fits(shape: &Shape, text: &str) -> bool {
    let called = |tools: &[Tool]| {
        let Ok(call) = serde_json::from_str::<Value>(text) else { return false };
        let tool = tools.iter().find(|tool| call["name"] == tool.name.as_str());
        tool.is_some_and(|tool| jsonschema::is_valid(&tool.parameters, &call["arguments"]))
    };
    match shape {
        Shape::Free => true,
        Shape::Json(schema) => {
            serde_json::from_str(text).is_ok_and(|value: Value| jsonschema::is_valid(schema, &value))
        }
        Shape::TextOrCall(tools) => !text.trim_start().starts_with("{\"name\"") || called(tools),
        Shape::Call(tools) => called(tools),
    }
}

/// Why an answer ended, where it has.
pub(super) fn finish(reason: Option<&str>) -> Result<Option<Finish>, RemoteError> {
    match reason {
        None => Ok(None),
        Some("length") => Ok(Some(Finish::Length)),
        Some("content_filter") => Err(RemoteError::Filtered),
        Some(_) => Ok(Some(Finish::Stop)),
    }
}

/// Tokens as the provider counted them, or about as many as there are, where it has not.
pub(super) fn tokens(usage: Option<Usage>, request: &Request, text: &str) -> Tokens {
    match usage {
        Some(usage) => {
            Tokens { prompt: usage.prompt_tokens, answer: usage.completion_tokens, estimated: false }
        }
        None => Tokens { prompt: request.about(), answer: about(text.len()), estimated: true },
    }
}

/// About as many tokens as so many bytes of a European language have.
fn about(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(4)).unwrap_or(u32::MAX)
}
