//! URLs, cut into host, path and query.

use indexmap::IndexMap;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use super::{Draft, literal};
use crate::loadtest::{mask::is_secret, types::Request};

/// Longest parameter that stands in a list, in bytes: keys of a document are bounded.
const LONGEST_PAIR: usize = 900;
/// Longest path, in characters.
const LONGEST_PATH: usize = 8192;

/// An http URL, cut.
#[derive(Clone, Debug)]
pub(in crate::convert::import) struct Address {
    /// Scheme, host and port.
    pub(in crate::convert::import) origin: String,
    /// Path, percent-encoded.
    pub(in crate::convert::import) path: String,
    /// Query, without its `?`.
    pub(in crate::convert::import) query: Option<String>,
    /// User name and password that stand in the URL.
    pub(in crate::convert::import) credentials: Option<(String, String)>,
}

impl Address {
    /// Cuts a URL; without a scheme it is one of http.
    ///
    /// # Errors
    /// Why it is none that can be sent to.
    pub(in crate::convert::import) fn of(text: &str) -> Result<Self, String> {
        let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let url = Url::parse(&whole).map_err(|error| format!("`{text}` is not a URL ({error})"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("`{}://` is not supported yet: only http and https are", url.scheme()));
        }
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let has = !url.username().is_empty() || url.password().is_some();
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            path: url.path().to_owned(),
            query: url.query().filter(|query| !query.is_empty()).map(str::to_owned),
            credentials: has.then(|| (decoded(url.username()), decoded(url.password().unwrap_or_default()))),
        })
    }

    /// The path for a request: whole where it goes to another host than `host`.
    pub(in crate::convert::import) fn path_from(&self, host: &str) -> String {
        if self.origin == host {
            literal(&self.path)
        } else {
            literal(&format!("{}{}", self.origin, self.path))
        }
    }
}

impl Draft {
    /// The request, unless it cannot be sent; then it is listed.
    pub(in crate::convert::import) fn sendable(
        &mut self,
        place: &str,
        mut request: Request,
    ) -> Option<Request> {
        if request.auth.is_some() {
            request.headers.retain(|name, _| !name.eq_ignore_ascii_case("authorization"));
        }
        request.name = request.name.map(|name| super::short(&name));
        let method = request.method();
        let wrong = if http::Method::from_bytes(method.as_bytes()).is_err()
            || method.len() > 32
            || method == "CONNECT"
            || method.bytes().any(|byte| byte.is_ascii_lowercase())
        {
            format!("the method `{method}` cannot be sent")
        } else if request.path.chars().count() > LONGEST_PATH {
            format!("its URL is longer than {LONGEST_PATH} characters, the most that is sent: shorten it")
        } else {
            return Some(request);
        };
        self.leave_out(place, wrong);
        None
    }

    /// Adds a query as it was sent, parameter by parameter, or to the path where it is none of pairs.
    pub(in crate::convert::import) fn query(&mut self, request: &mut Request, place: &str, query: &str) {
        let pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
        let exact = |text: &str| percent_decode_str(text).decode_utf8().is_ok();
        if !pairs.iter().all(|pair| pair.contains('=') && pair.len() < LONGEST_PAIR && exact(pair)) {
            let secret = pairs.iter().any(|pair| is_secret(pair.split('=').next().unwrap_or_default()));
            if secret {
                return self
                    .leave_out(place, "the query holds a secret and is no list of pairs: add it by hand");
            }
            request.path.push('?');
            request.path.push_str(&literal(query));
            return;
        }
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let value = self.field(place, &name, &value);
            add_query(&mut request.query, literal(&name), value);
        }
    }
}

/// Adds a parameter; one that is there already becomes a list.
pub(in crate::convert::import) fn add_query(
    query: &mut IndexMap<String, Value>,
    name: String,
    value: String,
) {
    let value = Value::String(value);
    match query.get_mut(&name) {
        Some(Value::Array(list)) => list.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
        None => {
            query.insert(name, value);
        }
    }
}
