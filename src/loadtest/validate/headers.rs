//! Names and values of request headers.

use std::collections::HashSet;

use http::{HeaderName, Method};
use indexmap::IndexMap;

use super::findings::Findings;
use crate::loadtest::place::Path;

/// Headers that frame a message: a wrong one would break the connection.
const FRAMING: [&str; 6] =
    ["content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te"];

/// Checks headers as they are written; what templates fill in is made safe when it is.
pub(super) fn check(headers: &IndexMap<String, String>, path: &Path, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for (name, value) in headers {
        let path = path.key(name);
        let lower = name.to_ascii_lowercase();
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            findings.add(&path, "is not a header's name: letters, digits and `-`, such as `X-Request-Id`");
        } else if FRAMING.contains(&lower.as_str()) {
            findings.add(&path, "is set by MAID itself, to what is sent: leave it out");
        } else if seen.contains(&lower) {
            findings.add(&path, "is given twice, in different case: keep one of the two");
        }
        // The value may be a secret and is not shown.
        if value.chars().any(|c| c.is_control() && c != '\t') {
            findings.add(&path, "its value holds a line break or another control character: remove it");
        }
        seen.insert(lower);
    }
}

/// Checks a method.
pub(super) fn check_method(method: &str, path: &Path, findings: &mut Findings) {
    if Method::from_bytes(method.as_bytes()).is_err() {
        findings
            .add(path, format!("`{}` is not a method: write one such as GET or POST", method.escape_debug()));
    } else if method == "CONNECT" {
        findings.add(path, "CONNECT opens a tunnel and cannot be measured: use another method");
    } else if method.bytes().any(|b| b.is_ascii_lowercase()) {
        let upper = method.to_ascii_uppercase();
        findings.add_meaning(path, "methods are written in capitals", Some(upper));
    }
}
