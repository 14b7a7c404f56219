//! The trace context of a user's requests (W3C, `traceparent` and `tracestate`), as header lines that
//! are written once and patched for each request.

use std::io::Write;

/// Place of the trace id in [`TraceLines`].
const TRACE: usize = "traceparent: 00-".len();
/// Place of the span id.
const SPAN: usize = TRACE + 32 + 1;
/// Length of the first line.
const PARENT: usize = SPAN + 16 + "-01\r\n".len();

/// What requests say about the trace that they belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceLines(Vec<u8>);

impl TraceLines {
    /// Lines for requests of a trace; no request may be sent before it has a [`span`](Self::span).
    /// Every request counts as sampled, for whoever traces a load test wants to see it.
    #[must_use]
    pub fn new(trace: u128, state: Option<&str>) -> Self {
        let mut lines = format!("traceparent: 00-{trace:032x}-{:016x}-01\r\n", 0).into_bytes();
        if let Some(state) = state {
            write!(lines, "tracestate: {state}\r\n").expect("writing to memory cannot fail");
        }
        Self(lines)
    }

    /// Begins a span of its own for the next request; 0 is no id, and the caller gives none.
    pub fn span(&mut self, id: u64) {
        write_hex(&mut self.0[SPAN..SPAN + 16], id.into());
    }

    /// Begins a trace of its own for the next request; 0 is no id, and the caller gives none.
    pub fn trace(&mut self, id: u128) {
        write_hex(&mut self.0[TRACE..TRACE + 32], id);
    }

    /// The lines, with the state or without.
    #[must_use]
    pub fn lines(&self, with_state: bool) -> &[u8] {
        if with_state { &self.0 } else { &self.0[..PARENT] }
    }
}

fn write_hex(digits: &mut [u8], mut number: u128) {
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(number & 0xf) as usize];
        number >>= 4;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_patched_in_place() {
        let mut lines = TraceLines::new(0x1234, Some("maid=a-run"));
        lines.span(0xab);
        assert_eq!(
            String::from_utf8_lossy(lines.lines(true)),
            "traceparent: 00-00000000000000000000000000001234-00000000000000ab-01\r\ntracestate: maid=a-run\r\n"
        );
        lines.trace(u128::MAX);
        lines.span(u64::MAX);
        let expected = format!("traceparent: 00-{}-{}-01\r\n", "f".repeat(32), "f".repeat(16));
        assert_eq!(String::from_utf8_lossy(lines.lines(false)), expected);
    }
}
