//! What can be wrong with an answer.

use super::super::{Failure, FailureKind};

/// Largest head of an answer, status line and all fields: 64 KB.
pub const MAX_HEAD: usize = 64 * 1024;

/// Most header fields in an answer.
pub(super) const MAX_FIELDS: usize = 128;

/// Most informational (1xx) answers before the real one.
pub(super) const MAX_INFORMATIONAL: u8 = 16;

/// An answer that is not HTTP/1.1, or more than MAID takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the answer does not begin with an HTTP/1.x status line")]
    StatusLine,
    #[error("the answer says an HTTP version other than 1.0 and 1.1")]
    Version,
    #[error("the head of the answer holds a malformed header field")]
    Field,
    #[error("the head of the answer holds a line that does not end in CR LF, or a stray control character")]
    Line,
    #[error("the answer has more than 128 header fields")]
    ManyFields,
    #[error("the head of the answer is larger than 64 KB")]
    LargeHead,
    #[error("the answer has a Content-Length that is not a number")]
    Length,
    #[error("the answer has Content-Length fields that contradict each other")]
    Lengths,
    #[error("the answer uses a transfer coding other than chunked")]
    Coding,
    #[error("the server switched protocols (101) although nobody asked")]
    Switched,
    #[error("the server sent more than 16 informational (1xx) answers")]
    Informational,
    #[error("the chunked body has a malformed chunk size")]
    ChunkSize,
    #[error("the chunked body has a chunk that does not end where its size says")]
    ChunkEnd,
    #[error("the chunked body has more than 16 KB of chunk extensions")]
    Extensions,
    #[error("the chunked body has a malformed trailer, or one larger than 16 KB")]
    Trailer,
    #[error("the body is larger than the 16 MB that MAID keeps for checks and extraction")]
    LargeBody,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        let kind = match fault {
            Fault::LargeHead | Fault::LargeBody => FailureKind::TooLarge,
            _ => FailureKind::Protocol,
        };
        Self::new(kind, fault.to_string())
    }
}
