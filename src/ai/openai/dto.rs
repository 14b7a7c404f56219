//! What goes over the wire, as OpenAI's API has it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::ai::chat::{Engine, Finish, Role};

/// A request for the next turn of a conversation.
#[expect(dead_code, reason = "clients send more than changes anything here")]
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChatRequest {
    /// Name of the model; `GET /v1/models` lists those that there are. `default` is whatever the AI policy says, else
    /// the one inside MAID.
    #[schema(example = "default", max_length = 200)]
    pub model: String,
    /// The conversation so far.
    #[schema(min_items = 1, max_items = 200)]
    pub messages: Vec<ChatMessage>,
    /// Most tokens of the answer.
    #[schema(minimum = 1)]
    pub max_completion_tokens: Option<u32>,
    /// The same, by its older name.
    #[schema(minimum = 1)]
    pub max_tokens: Option<u32>,
    /// Tools that the model may ask for.
    #[schema(max_items = 64)]
    pub tools: Option<Vec<ToolDefinition>>,
    /// Whether it may, must, or must not ask for one: `auto`, `required`, `none`, or an object that names one.
    #[schema(value_type = Option<Object>)]
    pub tool_choice: Option<Value>,
    /// What form the answer must have.
    pub response_format: Option<ResponseFormat>,
    /// How it chooses.
    #[serde(flatten)]
    pub sampling: Sampling,
    /// How it is answered.
    #[serde(flatten)]
    pub delivery: Delivery,
    /// Only false, null or nothing: probabilities are not told.
    pub logprobs: Option<bool>,
    /// Tools are asked for one at a time, whatever this says.
    pub parallel_tool_calls: Option<bool>,
}

/// A request to go on with a text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompletionRequest {
    /// Name of the model, or `default`.
    #[schema(example = "default", max_length = 200)]
    pub model: String,
    /// The text, or a list with one.
    pub prompt: OneOrMany,
    /// Most tokens of the answer; 16 where nothing is said.
    #[schema(minimum = 1)]
    pub max_tokens: Option<u32>,
    /// Whether the answer begins with the text.
    pub echo: Option<bool>,
    /// How it chooses.
    #[serde(flatten)]
    pub sampling: Sampling,
    /// How it is answered.
    #[serde(flatten)]
    pub delivery: Delivery,
}

/// How a model chooses its words.
#[expect(dead_code, reason = "clients send more than changes anything here")]
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct Sampling {
    /// 0 to 2; 0 always takes the likeliest. 0.7 where nothing is said.
    #[schema(minimum = 0, maximum = 2)]
    pub temperature: Option<f64>,
    /// Above 0, to 1: only the likeliest that make up this share are chosen from.
    #[schema(exclusive_minimum = 0, maximum = 1)]
    pub top_p: Option<f64>,
    /// -2 to 2: above 0 makes less likely what was said, the more often it was.
    #[schema(minimum = -2, maximum = 2)]
    pub frequency_penalty: Option<f64>,
    /// -2 to 2: above 0 makes less likely what was said at all.
    #[schema(minimum = -2, maximum = 2)]
    pub presence_penalty: Option<f64>,
    /// The same seed, the same answer, as long as the model is the same.
    pub seed: Option<i64>,
    /// A text that ends the answer, or up to four.
    pub stop: Option<OneOrMany>,
    /// Only 1: one answer is given.
    #[schema(minimum = 1, maximum = 1)]
    pub n: Option<u32>,
    /// Whoever asks on whose behalf; not kept.
    pub user: Option<String>,
    /// Taken and not kept.
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<Value>,
}

/// How an answer is delivered.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct Delivery {
    /// Whether it comes as it is written, as server-sent events.
    pub stream: Option<bool>,
    /// More about that.
    pub stream_options: Option<StreamOptions>,
}

/// What a stream holds.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StreamOptions {
    /// Whether tokens are counted in a last chunk.
    #[serde(default)]
    pub include_usage: bool,
}

/// A turn of a conversation.
#[expect(dead_code, reason = "clients send more than changes anything here")]
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChatMessage {
    /// Who says it.
    pub role: Role,
    /// What is said: a text, or a list of parts of type `text`.
    pub content: Option<Content>,
    /// Name of whoever says it; not shown to the model.
    pub name: Option<String>,
    /// Tools that the model asked for, in a turn of its own.
    pub tool_calls: Option<Vec<ToolCall>>,
    /// What a tool's answer answers.
    pub tool_call_id: Option<String>,
    /// Why the model refused, in a turn of its own; not shown to it.
    pub refusal: Option<String>,
}

/// What is said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Content {
    /// A text.
    Text(String),
    /// Its parts.
    Parts(Vec<ContentPart>),
}

/// A part of what is said.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ContentPart {
    /// Only `text`.
    #[serde(rename = "type")]
    #[schema(example = "text")]
    pub kind: String,
    /// The text.
    pub text: Option<String>,
}

/// A text, or several.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them.
    pub fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
        }
    }
}

/// A tool that the model may ask for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ToolDefinition {
    /// Only `function`.
    #[serde(rename = "type")]
    #[schema(example = "function")]
    pub kind: String,
    /// The function.
    pub function: FunctionDefinition,
}

/// A function that the model may ask for.
#[expect(dead_code, reason = "clients send more than changes anything here")]
#[derive(Debug, Deserialize, ToSchema)]
pub struct FunctionDefinition {
    /// Its name: letters, digits, `_` and `-`.
    #[schema(pattern = "^[a-zA-Z0-9_-]{1,64}$", example = "get_run")]
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// JSON schema of what it takes.
    #[schema(value_type = Option<Object>)]
    pub parameters: Option<Value>,
    /// What it takes always fits the schema, whatever this says.
    pub strict: Option<bool>,
}

/// A call of a tool.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ToolCall {
    /// Its place among the calls of a turn; in streams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// Its id, which the tool's answer names.
    pub id: String,
    /// Only `function`.
    #[serde(rename = "type")]
    #[schema(example = "function")]
    pub kind: String,
    /// What is called.
    pub function: FunctionCall,
}

/// What is called, and with what.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FunctionCall {
    /// Name of the function.
    pub name: String,
    /// What it is given, as JSON.
    pub arguments: String,
}

/// What form the answer must have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ResponseFormat {
    /// Text.
    Text,
    /// A JSON object.
    JsonObject,
    /// A JSON document of a schema.
    JsonSchema {
        /// The schema.
        json_schema: NamedSchema,
    },
}

/// A JSON schema with a name.
#[expect(dead_code, reason = "clients send more than changes anything here")]
#[derive(Debug, Deserialize, ToSchema)]
pub struct NamedSchema {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The schema, at most 64 KB, with references only within itself.
    #[schema(value_type = Object)]
    pub schema: Value,
    /// The answer always fits the schema, whatever this says.
    pub strict: Option<bool>,
}

/// The next turn of a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatCompletion {
    /// Its id.
    pub id: String,
    /// `chat.completion`.
    #[schema(example = "chat.completion")]
    pub object: &'static str,
    /// When it was begun, in seconds since 1970.
    pub created: i64,
    /// The model that wrote it.
    pub model: String,
    /// The one answer.
    pub choices: Vec<ChatChoice>,
    /// What it took.
    pub usage: Usage,
    /// Who answered, and why they.
    pub engine: Engine,
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatChoice {
    /// 0.
    pub index: u32,
    /// What the model says.
    pub message: ChatAnswer,
    /// Null.
    pub logprobs: Option<bool>,
    /// Why it ended.
    pub finish_reason: Finish,
}

/// What the model says.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatAnswer {
    /// `assistant`.
    pub role: Role,
    /// The text; null where it asks for a tool.
    pub content: Option<String>,
    /// Null.
    pub refusal: Option<String>,
    /// What it asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_calls: Option<Vec<ToolCall>>,
}

/// How a text goes on.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextCompletion {
    /// Its id.
    pub id: String,
    /// `text_completion`.
    #[schema(example = "text_completion")]
    pub object: &'static str,
    /// When it was begun, in seconds since 1970.
    pub created: i64,
    /// The model that wrote it.
    pub model: String,
    /// The one answer.
    pub choices: Vec<TextChoice>,
    /// What it took; in streams in the last chunk, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Who answered, and why they.
    pub engine: Engine,
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextChoice {
    /// 0.
    pub index: u32,
    /// The text.
    pub text: String,
    /// Null.
    pub logprobs: Option<bool>,
    /// Why it ended; null while it goes on.
    pub finish_reason: Option<Finish>,
}

/// What an answer took.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = CompletionUsage)]
pub struct Usage {
    /// Tokens of what was asked.
    pub prompt_tokens: u32,
    /// Tokens of the answer.
    pub completion_tokens: u32,
    /// Both.
    pub total_tokens: u32,
    /// How long it took, waiting included.
    pub latency_ms: u64,
    /// What it cost, in US dollars, by the provider's prices in the AI policy; 0 for the model inside MAID.
    pub cost: f64,
    /// Whether the tokens, and what they cost, are about right: the provider has not counted them.
    #[serde(skip_serializing_if = "is_exact")]
    pub estimated: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_exact(estimated: &bool) -> bool {
    !*estimated
}

/// The models of this server.
#[derive(Debug, Serialize, ToSchema)]
pub struct Models {
    /// `list`.
    #[schema(example = "list")]
    pub object: &'static str,
    /// The models.
    pub data: Vec<ModelEntry>,
}

/// A model of this server.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelEntry {
    /// Its name.
    #[schema(example = "smollm2-135m-instruct")]
    pub id: String,
    /// `model`.
    #[schema(example = "model")]
    pub object: &'static str,
    /// When it was put here, in seconds since 1970; 0 for one of a provider.
    pub created: u64,
    /// `maid`, or the provider's id in the AI policy.
    #[schema(example = "maid")]
    pub owned_by: String,
}

/// A request for vectors.
#[expect(dead_code, reason = "clients send more than changes anything here")]
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmbeddingRequest {
    /// Name of the model, or `default`.
    #[schema(example = "default", max_length = 200)]
    pub model: String,
    /// A text, or up to 256.
    pub input: OneOrMany,
    /// `float`, or `base64` of little-endian floats of 32 bits.
    #[serde(default)]
    pub encoding_format: EncodingFormat,
    /// Only what the model has.
    pub dimensions: Option<u32>,
    /// Whoever asks on whose behalf; not kept.
    pub user: Option<String>,
}

/// How vectors are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum EncodingFormat {
    /// A list of numbers.
    #[default]
    Float,
    /// Base64 of little-endian floats of 32 bits.
    Base64,
}

/// Vectors.
#[derive(Debug, Serialize, ToSchema)]
pub struct Embeddings {
    /// `list`.
    #[schema(example = "list")]
    pub object: &'static str,
    /// One for each text, in their order.
    pub data: Vec<EmbeddingEntry>,
    /// The model that made them.
    pub model: String,
    /// What it took.
    pub usage: EmbeddingUsage,
}

/// The vector of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmbeddingEntry {
    /// `embedding`.
    #[schema(example = "embedding")]
    pub object: &'static str,
    /// Place of the text.
    pub index: usize,
    /// The vector, as `encoding_format` has it; its length is 1.
    pub embedding: EmbeddingValues,
}

/// A vector.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum EmbeddingValues {
    /// Its numbers.
    Float(Vec<f32>),
    /// Their bytes.
    Base64(String),
}

/// What vectors took.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmbeddingUsage {
    /// Tokens of all texts.
    pub prompt_tokens: u32,
    /// The same.
    pub total_tokens: u32,
    /// How long it took, waiting included.
    pub latency_ms: u64,
    /// What it cost; 0 for a model of this server.
    pub cost: f64,
}
