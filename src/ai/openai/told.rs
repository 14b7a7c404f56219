//! What clients ask for, in the words of [`chat`](crate::ai::chat); what cannot be honoured is refused with its place.

use serde_json::{Value, json};

use super::dto::{
    ChatMessage, ChatRequest, CompletionRequest, Content, OneOrMany, ResponseFormat, Sampling, ToolDefinition,
};
use crate::ai::{
    AiError,
    chat::{Choosing, Message, Prompt, Request, Shape, Tool},
};

/// How freely a model chooses where nobody says: small ones lose their way at 1.
const TEMPERATURE: f64 = 0.7;
/// Tokens of an answer where nobody says, for completions: as OpenAI has it.
const FEW: u32 = 16;
/// Most turns of a conversation.
const MOST_MESSAGES: usize = 200;
/// Most tools.
const MOST_TOOLS: usize = 64;
/// Most texts to stop at, and the longest.
const MOST_STOPS: usize = 4;
const LONGEST_STOP: usize = 200;

/// The next turn of a conversation.
pub(super) fn chat(asked: ChatRequest) -> Result<Request, AiError> {
    if asked.logprobs == Some(true) {
        return Err(AiError::field("logprobs", "must be false: probabilities are not told"));
    }
    if asked.messages.is_empty() || asked.messages.len() > MOST_MESSAGES {
        return Err(AiError::field("messages", format!("must be 1 to {MOST_MESSAGES} turns")));
    }
    let tools = tools(asked.tools.unwrap_or_default())?;
    let form = form(asked.response_format)?;
    let shape = shape(&tools, asked.tool_choice.as_ref(), form)?;
    let mut messages = Vec::with_capacity(asked.messages.len());
    for (at, message) in asked.messages.into_iter().enumerate() {
        messages.push(turn(at, message)?);
    }
    let most = asked.max_completion_tokens.or(asked.max_tokens).unwrap_or(u32::MAX);
    request(Prompt::Chat(messages), ("max_completion_tokens", most), asked.sampling, shape)
}

/// How a text goes on.
pub(super) fn completion(asked: CompletionRequest) -> Result<(Request, Option<String>), AiError> {
    let mut prompts = asked.prompt.into_vec();
    let one = || AiError::field("prompt", "must be a text, or a list with one");
    let prompt = if prompts.len() == 1 { prompts.pop() } else { None }.ok_or_else(one)?;
    if prompt.is_empty() {
        return Err(AiError::field("prompt", "must not be empty"));
    }
    let echo = (asked.echo == Some(true)).then(|| prompt.clone());
    let most = ("max_tokens", asked.max_tokens.unwrap_or(FEW));
    Ok((request(Prompt::Text(prompt), most, asked.sampling, Shape::Free)?, echo))
}

fn request(
    prompt: Prompt,
    (path, max_tokens): (&str, u32),
    sampling: Sampling,
    shape: Shape,
) -> Result<Request, AiError> {
    if max_tokens == 0 {
        return Err(AiError::field(path, "must be at least 1"));
    }
    if sampling.n.is_some_and(|n| n != 1) {
        return Err(AiError::field("n", "must be 1: one answer is given"));
    }
    let within = |path: &str, value: Option<f64>, low: f64, high: f64| match value {
        Some(value) if !(low..=high).contains(&value) => {
            Err(AiError::field(path, format!("must be {low} to {high}")))
        }
        value => Ok(value),
    };
    let temperature = within("temperature", sampling.temperature, 0.0, 2.0)?.unwrap_or(TEMPERATURE);
    let top_p = within("top_p", sampling.top_p, f64::MIN_POSITIVE, 1.0)
        .map_err(|_| AiError::field("top_p", "must be above 0, to 1"))?
        .unwrap_or(1.0);
    let frequency = within("frequency_penalty", sampling.frequency_penalty, -2.0, 2.0)?.unwrap_or(0.0);
    let presence = within("presence_penalty", sampling.presence_penalty, -2.0, 2.0)?.unwrap_or(0.0);
    let choosing = Choosing {
        temperature,
        top_p,
        seed: sampling.seed.map_or_else(|| fastrand::u64(..), i64::cast_unsigned),
        frequency_penalty: frequency as f32,
        presence_penalty: presence as f32,
    };
    Ok(Request { prompt, max_tokens, choosing, stop: stops(sampling.stop)?, shape })
}

fn stops(stop: Option<OneOrMany>) -> Result<Vec<String>, AiError> {
    let stops = stop.map(OneOrMany::into_vec).unwrap_or_default();
    let fine = stops.len() <= MOST_STOPS && stops.iter().all(|stop| (1..=LONGEST_STOP).contains(&stop.len()));
    let told = || format!("must be at most {MOST_STOPS} texts of 1 to {LONGEST_STOP} bytes");
    fine.then_some(stops).ok_or_else(|| AiError::field("stop", told()))
}

fn turn(at: usize, message: ChatMessage) -> Result<Message, AiError> {
    let text = match message.content {
        None => String::new(),
        Some(Content::Text(text)) => text,
        Some(Content::Parts(parts)) => {
            let mut text = String::new();
            for (part_at, part) in parts.into_iter().enumerate() {
                let path = format!("messages.{at}.content.{part_at}");
                match (part.kind.as_str(), part.text) {
                    ("text", Some(part)) => text.push_str(&part),
                    ("text", None) => return Err(AiError::field(path, "has no `text`")),
                    _ => {
                        return Err(AiError::field(
                            path,
                            "must be of type text: this model reads nothing else",
                        ));
                    }
                }
            }
            text
        }
    };
    let called = message.tool_calls.unwrap_or_default();
    let text = match called.first() {
        Some(call) => {
            let arguments: Value =
                serde_json::from_str(&call.function.arguments).unwrap_or_else(|_| json!({}));
            format!("{text}{}", json!({ "name": call.function.name, "arguments": arguments }))
        }
        None => text,
    };
    Ok(Message { role: message.role, text })
}

fn tools(asked: Vec<ToolDefinition>) -> Result<Vec<Tool>, AiError> {
    if asked.len() > MOST_TOOLS {
        return Err(AiError::field("tools", format!("must be at most {MOST_TOOLS}")));
    }
    let mut tools: Vec<Tool> = Vec::with_capacity(asked.len());
    for (at, tool) in asked.into_iter().enumerate() {
        let path = format!("tools.{at}");
        if tool.kind != "function" {
            return Err(AiError::field(path, "must be of type function"));
        }
        let name = tool.function.name;
        let known = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || name.len() > 64 || !name.chars().all(known) {
            return Err(AiError::field(
                path + ".function.name",
                "must be 1 to 64 of a-z, A-Z, 0-9, `_` and `-`",
            ));
        }
        if tools.iter().any(|other| other.name == name) {
            return Err(AiError::field(path + ".function.name", "is there twice"));
        }
        let parameters =
            tool.function.parameters.unwrap_or_else(|| json!({ "type": "object", "properties": {} }));
        if let Err(error) = Shape::of_schema(parameters.clone()) {
            return Err(AiError::field(path + ".function.parameters", error.to_string()));
        }
        tools.push(Tool { name, description: tool.function.description.unwrap_or_default(), parameters });
    }
    Ok(tools)
}

fn form(asked: Option<ResponseFormat>) -> Result<Shape, AiError> {
    match asked {
        None | Some(ResponseFormat::Text) => Ok(Shape::Free),
        Some(ResponseFormat::JsonObject) => Ok(Shape::Json(json!({ "type": "object" }))),
        Some(ResponseFormat::JsonSchema { json_schema }) => Ok(Shape::of_schema(json_schema.schema)?),
    }
}

fn shape(tools: &[Tool], choice: Option<&Value>, form: Shape) -> Result<Shape, AiError> {
    let named = choice.and_then(|choice| choice["function"]["name"].as_str());
    let word = choice.and_then(Value::as_str);
    let wrong = |message: &str| Err(AiError::field("tool_choice", message));
    match (word, named) {
        (Some("required"), _) | (_, Some(_)) if tools.is_empty() => {
            wrong("asks for a tool, and there is none")
        }
        (None, Some(name)) => match tools.iter().find(|tool| tool.name == name) {
            Some(tool) => Ok(Shape::Call(vec![tool.clone()])),
            None => wrong("names a tool that is not among `tools`"),
        },
        (Some("required"), _) => Ok(Shape::Call(tools.to_vec())),
        (Some("none"), _) => Ok(form),
        (Some("auto"), _) | (None, None) if tools.is_empty() => Ok(form),
        (Some("auto"), _) => Ok(Shape::TextOrCall(tools.to_vec())),
        (None, None) if choice.is_none_or(Value::is_null) => Ok(Shape::TextOrCall(tools.to_vec())),
        _ => {
            wrong("must be auto, required, none, or {\"type\": \"function\", \"function\": {\"name\": ...}}")
        }
    }
}
