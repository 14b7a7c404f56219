//! What is said on the WebSocket, in both directions.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    bus::{LogEvent, LogLevel, MetricsEvent, RecipeGenerated, StatusEvent, TestCompleted, Topic},
    http::{Code, FieldError, Problem, read_json},
};

/// Longest [`Tag`] that is a text, in bytes.
const LONGEST_TAG: usize = 64;

/// What a client says: exactly one of `subscribe`, `unsubscribe`, `call` and `ping`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientMessage {
    /// Topics to get from now on. One that is subscribed already begins anew.
    subscribe: Option<Vec<Topic>>,
    /// With `maid:logs`: the least that a line must matter; `info` unless said.
    level: Option<LogLevel>,
    /// Topics not to get any longer.
    unsubscribe: Option<Vec<Topic>>,
    /// Name of the capability to call.
    #[schema(example = "maid.status")]
    call: Option<String>,
    /// With `call`: what the answer is to be known by.
    id: Option<Tag>,
    /// With `call`: what the capability takes; `{}` unless said.
    #[schema(value_type = Option<Object>)]
    body: Option<Value>,
    /// Answered by `{"pong": ...}` with the same value.
    ping: Option<Tag>,
}

/// What a client knows its question by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged, expecting = "not a whole number from 0 or a text")]
pub enum Tag {
    /// A whole number.
    Number(u64),
    /// A text of at most 64 bytes.
    Text(String),
}

/// What a client asks.
#[derive(Debug)]
pub(super) enum Ask {
    Subscribe { topics: Vec<Topic>, level: LogLevel },
    Unsubscribe(Vec<Topic>),
    Call { name: String, id: Tag, body: Value },
    Ping(Tag),
}

impl ClientMessage {
    /// What the text of a message asks.
    ///
    /// # Errors
    /// When it is not JSON, or not one of the things that can be asked.
    pub(super) fn read(text: &str) -> Result<Ask, Problem> {
        // A list is an object to serde, by the order of its fields.
        if text.trim_start().starts_with('[') {
            return Err(wrong("", "must be an object"));
        }
        let message: Self = read_json(text.as_bytes())?;
        message.ask()
    }

    fn ask(self) -> Result<Ask, Problem> {
        let Self { subscribe, level, unsubscribe, call, id, body, ping } = self;
        if level.is_some() && !subscribe.as_ref().is_some_and(|topics| topics.contains(&Topic::Logs)) {
            return Err(wrong("level", "goes with a subscription to maid:logs"));
        }
        if call.is_none() && (id.is_some() || body.is_some()) {
            return Err(wrong(if id.is_some() { "id" } else { "body" }, "goes with `call`"));
        }
        for (path, tag) in [("id", &id), ("ping", &ping)] {
            if matches!(tag, Some(Tag::Text(text)) if text.len() > LONGEST_TAG) {
                return Err(wrong(path, format!("must not be longer than {LONGEST_TAG} bytes")));
            }
        }
        match (subscribe, unsubscribe, call, ping) {
            (Some(topics), None, None, None) => {
                Ok(Ask::Subscribe { topics, level: level.unwrap_or_default() })
            }
            (None, Some(topics), None, None) => Ok(Ask::Unsubscribe(topics)),
            (None, None, Some(name), None) => {
                let id = id.ok_or_else(|| wrong("id", "is missing: the answer is known by it"))?;
                Ok(Ask::Call { name, id, body: body.unwrap_or_else(|| Value::Object(Default::default())) })
            }
            (None, None, None, Some(tag)) => Ok(Ask::Ping(tag)),
            _ => Err(wrong("", "say exactly one of subscribe, unsubscribe, call and ping")),
        }
    }
}

fn wrong(path: impl Into<String>, message: impl Into<String>) -> Problem {
    let error = FieldError { path: path.into(), message: message.into() };
    Problem::new(Code::InvalidBody, "this is not a message that MAID knows; docs/live.md has them all")
        .with_errors([error])
}

/// What the client is subscribed to now; `data` of `maid:subscribed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Subscribed {
    /// All topics that it gets.
    pub topics: Vec<Topic>,
    /// The least that a log line must matter; null without `maid:logs`.
    pub level: Option<LogLevel>,
}

/// What the client was too slow for; `data` of `maid:missed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Missed {
    /// Of this topic.
    pub topic: Topic,
    /// So many messages.
    #[schema(example = 12)]
    pub missed: u64,
}

/// All that is said on the socket.
#[derive(Debug, ToSchema)]
#[schema(example = json!({
    "client": {"subscribe": ["maid:status", "maid:logs"], "level": "warn"},
    "server": {
        "topic": "maid:logs", "seq": 7, "at": "2026-01-31T12:00:00Z",
        "run_id": "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a",
        "data": {"level": "warn", "message": "the generator is late"},
    },
}))]
#[expect(dead_code, reason = "it is documentation: the schemas of what is said")]
pub struct Conversation {
    /// By the client.
    client: ClientMessage,
    /// By the server.
    server: ServerMessage,
}

/// What the server says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ServerMessage {
    /// What happens.
    Topic(LiveMessage),
    /// The answer to a call.
    Call(LiveReply),
    /// The answer to a ping.
    Pong {
        /// What was sent.
        pong: Tag,
    },
}

/// What happens, or what the server says about the conversation itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveMessage {
    /// A topic, or one of `maid:subscribed`, `maid:missed` and `maid:error`.
    #[schema(example = "maid:metrics")]
    topic: String,
    /// Number within the topic; 0 for what is not on a topic.
    seq: u64,
    /// When it happened.
    #[schema(format = DateTime)]
    at: String,
    /// The run that it is about.
    run_id: Option<Uuid>,
    /// What happened.
    data: LiveData,
}

/// What happened, by topic.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum LiveData {
    /// `maid:status`
    Status(StatusEvent),
    /// `maid:metrics`
    Metrics(Box<MetricsEvent>),
    /// `maid:logs`
    Log(LogEvent),
    /// `maid:test-completed`
    TestCompleted(TestCompleted),
    /// `maid:recipe-generated`
    RecipeGenerated(RecipeGenerated),
    /// `maid:subscribed`
    Subscribed(Subscribed),
    /// `maid:missed`
    Missed(Missed),
    /// `maid:error`: a problem document.
    #[schema(value_type = Problem)]
    Error(Value),
}

/// The answer to a call: `ok` or `error`.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveReply {
    /// The `id` of the call.
    reply: Tag,
    /// What the capability answers.
    ok: Option<Value>,
    /// A problem document.
    error: Option<Value>,
}

/// The answer to a call.
#[derive(Debug, Serialize)]
pub(super) struct CallAnswer<'a> {
    pub(super) reply: &'a Tag,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ok: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<&'a Problem>,
}

/// What the server says on its own behalf, in the form of a message of the bus.
#[derive(Debug, Serialize)]
pub(super) struct Notice<'a, T> {
    topic: &'static str,
    seq: u64,
    at: String,
    run_id: Option<()>,
    data: &'a T,
}

impl<'a, T: Serialize> Notice<'a, T> {
    /// A notice as it is sent.
    pub(super) fn text(topic: &'static str, data: &'a T) -> String {
        let at = format!("{:.3}", jiff::Timestamp::now());
        let notice = Self { topic, seq: 0, at, run_id: None, data };
        // Texts, numbers and lists of them: nothing here can fail to serialise.
        serde_json::to_string(&notice).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(message: &Value) -> (Code, String) {
        let problem = ClientMessage::read(&message.to_string()).expect_err("it is wrong");
        (problem.code, problem.errors.first().map(|error| error.path.clone()).unwrap_or_default())
    }

    #[test]
    fn what_can_be_asked() {
        let read = |message: Value| ClientMessage::read(&message.to_string()).expect("it is right");
        let Ask::Subscribe { topics, level } = read(json!({"subscribe": ["maid:logs"]})) else {
            panic!("a subscription")
        };
        assert_eq!((topics, level), (vec![Topic::Logs], LogLevel::Info));
        let Ask::Subscribe { level, .. } = read(json!({"subscribe": ["maid:logs"], "level": "warn"})) else {
            panic!("a subscription")
        };
        assert_eq!(level, LogLevel::Warn);
        assert!(matches!(read(json!({"unsubscribe": []})), Ask::Unsubscribe(topics) if topics.is_empty()));
        let Ask::Call { name, id, body } = read(json!({"call": "maid.status", "id": 1})) else {
            panic!("a call")
        };
        assert_eq!((name.as_str(), id, body), ("maid.status", Tag::Number(1), json!({})));
        assert!(matches!(read(json!({"ping": "x"})), Ask::Ping(Tag::Text(text)) if text == "x"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (message, path) in [
            (json!({}), ""),
            (json!([]), ""),
            (json!([["maid:logs"], null, null, null, null, null, null]), ""),
            (json!({"subscribe": ["maid:nothing"]}), "subscribe[0]"),
            (json!({"subscribe": "maid:logs"}), "subscribe"),
            (json!({"subscribe": ["maid:status"], "level": "warn"}), "level"),
            (json!({"subscribe": ["maid:logs"], "level": "loud"}), "level"),
            (json!({"subscribe": [], "unsubscribe": []}), ""),
            (json!({"subscrib": []}), "subscrib"),
            (json!({"call": "maid.status"}), "id"),
            (json!({"call": "maid.status", "id": -1}), "id"),
            (json!({"call": "maid.status", "id": "x".repeat(65)}), "id"),
            (json!({"id": 1}), "id"),
            (json!({"ping": 1, "body": {}}), "body"),
            (json!({"ping": {}}), "ping"),
        ] {
            assert_eq!(refusal(&message), (Code::InvalidBody, path.to_owned()), "{message}");
        }
        for text in ["", "{", "{} {}", "nonsense", "\u{0}", &"[".repeat(10_000)] {
            let problem = ClientMessage::read(text).expect_err("it is wrong");
            assert!(matches!(problem.code, Code::MalformedBody | Code::InvalidBody), "{text}: {problem:?}");
        }
    }
}
