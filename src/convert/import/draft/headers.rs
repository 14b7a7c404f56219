//! Headers of requests that come from elsewhere.

use http::{HeaderName, HeaderValue};

use super::{Draft, literal};
use crate::loadtest::types::Request;

/// Headers that frame a message or that the engine sends itself.
const OF_THE_MESSAGE: [&str; 12] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "upgrade",
    "te",
    "trailer",
    "proxy-connection",
    "accept-encoding",
    "expect",
    "proxy-authorization",
];

/// Longest name, in bytes: keys of a document are bounded.
const LONGEST_NAME: usize = 500;

/// Whether a header belongs to one message and not to what is asked.
pub(in crate::convert::import) fn is_of_the_message(name: &str) -> bool {
    OF_THE_MESSAGE.iter().any(|known| known.eq_ignore_ascii_case(name))
}

impl Draft {
    /// Adds a header whose value may hold templates already, unless it cannot be sent.
    pub(in crate::convert::import) fn header(
        &mut self,
        request: &mut Request,
        place: &str,
        name: &str,
        value: String,
    ) {
        if HeaderName::from_bytes(name.as_bytes()).is_err() || name.len() > LONGEST_NAME {
            return self.leave_out(place, format!("`{name}` is not a header's name: correct it"));
        }
        if is_of_the_message(name) {
            return;
        }
        if HeaderValue::from_str(&value).is_err() {
            let message =
                format!("the header {name} holds characters that cannot be sent: write it in ASCII");
            return self.leave_out(place, message);
        }
        let known = request.headers.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned();
        match known {
            Some(known) => {
                let joined = format!("{}, {value}", request.headers[&known]);
                request.headers.insert(known, joined);
            }
            None => {
                request.headers.insert(name.to_owned(), value);
            }
        }
    }

    /// Adds a header as it was sent: a secret becomes a variable, and a type that the body has anyway is not repeated.
    pub(in crate::convert::import) fn sent_header(
        &mut self,
        request: &mut Request,
        place: &str,
        name: &str,
        value: &str,
    ) {
        if HeaderName::from_bytes(name.as_bytes()).is_ok() && self.credentials(request, place, name, value) {
            return;
        }
        self.header(request, place, name, literal(value));
    }
}
