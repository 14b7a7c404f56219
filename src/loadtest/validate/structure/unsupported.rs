//! Keys of protocols that requests cannot speak yet.

use serde_json::{Map, Value};

use super::{Findings, Path};

/// Keys that a request will have in a later version.
const PROTOCOLS: [&str; 4] = ["websocket", "sse", "grpc", "sql"];

/// Whether a key, in a mapping that takes the `known` ones, stands for such a protocol.
pub(super) fn is_protocol(key: &str, known: &[String]) -> bool {
    PROTOCOLS.contains(&key) && known.iter().any(|known| known == "protocol")
}

/// Takes the key out of a request, and with it the path that it would not have needed.
pub(super) fn take_out(request: &mut Map<String, Value>, place: &Path, key: &str, findings: &mut Findings) {
    request.shift_remove(key);
    findings.add_key(&place.key(key), "is not supported yet: only http is", None);
    request.entry("path").or_insert_with(|| {
        findings.guess(&place.key("path"));
        Value::from("/")
    });
}
