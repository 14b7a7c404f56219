//! One request: what is sent, what is taken from the answer and what the answer must be.

use std::{borrow::Cow, path::PathBuf};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::scalar::{Scalar, some_texts, texts};
use crate::loadtest::span::Span;

/// What a request speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// HTTP/1.1 or HTTP/2.
    #[default]
    Http,
    /// WebSocket; not supported yet.
    Websocket,
    /// Server-sent events; not supported yet.
    Sse,
    /// gRPC; not supported yet.
    Grpc,
    /// SQL over a database connection; not supported yet.
    Sql,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Name that metrics are kept under; by default method and path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 200), example = "GET product")]
    pub name: Option<String>,
    /// What the request speaks.
    #[serde(default, skip_serializing_if = "is_http")]
    pub protocol: Protocol,
    /// HTTP method; by default GET, or POST when there is a body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 32), example = &"GET")]
    pub method: Option<String>,
    /// Path on the host, or a whole URL; may hold templates.
    #[schemars(length(min = 1, max = 8192), example = "/products/{{ people.id }}")]
    pub path: String,
    /// Query parameters, encoded for you.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub query: IndexMap<String, Value>,
    /// Headers of this request.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty", deserialize_with = "texts")]
    #[schemars(with = "IndexMap<String, Scalar>")]
    pub headers: IndexMap<String, String>,
    /// Body; exactly one kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// Credentials sent in the `Authorization` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<Auth>,
    /// Longest time for this request, instead of the target's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Span>,
    /// Redirects followed for this request, instead of the target's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 20))]
    pub redirects: Option<u8>,
    /// Values to take from the answer, for later templates of the same user.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub extract: Vec<Extract>,
    /// What the answer must be; without a status check, 400 and above fail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub check: Vec<Check>,
}

impl Request {
    /// The method as it is sent: as written, else POST with a body and GET without one.
    #[must_use]
    pub fn method(&self) -> &str {
        match (&self.method, &self.body) {
            (Some(method), _) => method,
            (None, Some(_)) => "POST",
            (None, None) => "GET",
        }
    }

    /// The name that metrics are kept under: as written, else method and path as a template.
    #[must_use]
    pub fn label(&self) -> Cow<'_, str> {
        match &self.name {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(format!("{} {}", self.method(), self.path)),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_http(protocol: &Protocol) -> bool {
    *protocol == Protocol::Http
}

/// A request body: exactly one of the keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// JSON; strings in it may hold templates. A string that is one template alone keeps the
    /// value's type.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub json: Option<Value>,
    /// Form fields, sent as `application/x-www-form-urlencoded`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "some_texts")]
    #[schemars(with = "Option<IndexMap<String, Scalar>>")]
    pub form: Option<IndexMap<String, String>>,
    /// Plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// File whose bytes are sent as they are; relative to the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// GraphQL query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graphql: Option<Graphql>,
}

/// `json: null` is a body of `null`, not a body left out.
fn present<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(d).map(Some)
}

/// A GraphQL body, sent as JSON by POST.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Graphql {
    /// Query or mutation text.
    pub query: String,
    /// Variables of the query.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub variables: IndexMap<String, Value>,
}

/// Credentials: exactly one of the keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// Bearer token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer: Option<String>,
    /// Basic credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basic: Option<Basic>,
}

/// Basic credentials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basic {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
}

/// A value to take from the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Extract {
    /// Name that templates use.
    pub name: String,
    /// Where to look.
    pub from: ExtractFrom,
    /// JSONPath (RFC 9535), for `json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = "$.items[0].sku")]
    pub path: Option<String>,
    /// Regular expression, for `regex`; the first group is taken, or the whole match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Header's or cookie's name, for `header` and `cookie`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Value to use when nothing is found; without it, the request fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// Where an extracted value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExtractFrom {
    /// The JSON body, by `path`.
    Json,
    /// The body's text, by `pattern`.
    Regex,
    /// A response header, by `key`.
    Header,
    /// A cookie that the response sets, by `key`.
    Cookie,
    /// The status code.
    Status,
}

/// What an answer must be: exactly one of `status`, `json`, `header`, `body_contains`,
/// `body_matches`, `time` and `size`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Status code, or a list of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusSet>,
    /// JSONPath whose first match is compared with `value` by `op`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = "$.stock")]
    pub json: Option<String>,
    /// Response header that is compared with `value` by `op`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// Comparison for `json` and `header`; by default `==`, or `exists` without a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op: Option<CheckOp>,
    /// What is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub value: Option<Value>,
    /// Text that the body must contain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_contains: Option<String>,
    /// Regular expression that the body must match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_matches: Option<String>,
    /// Response time, such as `< 800ms`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = "< 800ms")]
    pub time: Option<String>,
    /// Body size in bytes, such as `< 10kb` or `> 0b`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
}

/// One status code or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum StatusSet {
    /// One code.
    One(#[schemars(range(min = 100, max = 599))] u16),
    /// Any of several codes.
    Many(#[schemars(length(min = 1, max = 100), inner(range(min = 100, max = 599)))] Vec<u16>),
}

/// Comparison in a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum CheckOp {
    /// Equal.
    #[serde(rename = "==")]
    Eq,
    /// Not equal.
    #[serde(rename = "!=")]
    Ne,
    /// Greater.
    #[serde(rename = ">")]
    Gt,
    /// Greater or equal.
    #[serde(rename = ">=")]
    Ge,
    /// Less.
    #[serde(rename = "<")]
    Lt,
    /// Less or equal.
    #[serde(rename = "<=")]
    Le,
    /// Contains the text, or the element.
    #[serde(rename = "contains")]
    Contains,
    /// Is there.
    #[serde(rename = "exists")]
    Exists,
}
