//! An answer as its bytes come in.

use super::{
    chunked::Chunks,
    fault::{Fault, MAX_HEAD, MAX_INFORMATIONAL},
    head::{self, Framing, Head, Want},
};
use crate::engine::transport::MAX_KEPT_BODY;

/// How far an answer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// More bytes belong to it.
    More,
    /// It is complete. `surplus`: bytes came behind it that nobody asked for.
    Done { surplus: bool },
}

#[derive(Debug)]
enum Body {
    Left(u64),
    Chunks(Chunks),
    UntilClose,
}

/// Reads one answer, informational ones before it included. Allocates only for what is kept, and
/// for a head that does not come in one piece.
#[derive(Debug)]
pub struct Reader {
    want: Want,
    head: Option<Head>,
    body: Body,
    /// A head that is not complete yet.
    pending: Vec<u8>,
    /// Length of `pending` at which it is worth parsing again although no end is in sight.
    parse_at: usize,
    informational: u8,
    kept: Vec<u8>,
    body_len: u64,
}

/// A whole answer.
#[derive(Debug)]
pub struct Read {
    pub head: Head,
    /// The body if it was wanted, else the excerpt of a failed one.
    pub kept: Vec<u8>,
    pub body_len: u64,
}

impl Reader {
    pub const fn new(want: Want) -> Self {
        Self {
            want,
            head: None,
            body: Body::Left(0),
            pending: Vec::new(),
            parse_at: 0,
            informational: 0,
            kept: Vec::new(),
            body_len: 0,
        }
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Progress, Fault> {
        if self.head.is_some() {
            return self.feed_body(bytes);
        }
        if self.pending.is_empty() {
            return self.feed_head(bytes);
        }
        let seen = self.pending.len();
        self.pending.extend_from_slice(bytes);
        // A head that trickles in is not parsed anew at each byte: that would be quadratic work.
        if self.pending.len() < self.parse_at && !has_blank_line(&self.pending[seen.saturating_sub(3)..]) {
            return Ok(Progress::More);
        }
        let pending = std::mem::take(&mut self.pending);
        self.feed_head(&pending)
    }

    fn feed_head(&mut self, mut bytes: &[u8]) -> Result<Progress, Fault> {
        while let Some((head, len)) = head::parse(bytes, self.want)? {
            if len > MAX_HEAD {
                return Err(Fault::LargeHead);
            }
            bytes = &bytes[len..];
            if head.status >= 200 {
                self.begin_body(head)?;
                return self.feed_body(bytes);
            }
            self.informational += 1;
            if head.status == 101 {
                return Err(Fault::Switched);
            }
            if self.informational > MAX_INFORMATIONAL {
                return Err(Fault::Informational);
            }
        }
        if bytes.len() > MAX_HEAD {
            return Err(Fault::LargeHead);
        }
        self.parse_at = bytes.len() * 2;
        self.pending = bytes.to_vec();
        Ok(Progress::More)
    }

    fn begin_body(&mut self, head: Head) -> Result<(), Fault> {
        self.body = match head.framing {
            Framing::Length(length) => {
                if self.want.body {
                    let len = usize::try_from(length).map_err(|_| Fault::LargeBody)?;
                    if len > MAX_KEPT_BODY {
                        return Err(Fault::LargeBody);
                    }
                    // A server may promise more than it sends; memory follows what arrives.
                    self.kept.reserve(len.min(64 * 1024));
                }
                Body::Left(length)
            }
            Framing::Chunked => Body::Chunks(Chunks::new()),
            Framing::UntilClose => Body::UntilClose,
        };
        self.head = Some(head);
        Ok(())
    }

    fn feed_body(&mut self, bytes: &[u8]) -> Result<Progress, Fault> {
        let status = self.head.as_ref().map_or(0, |head| head.status);
        let mut keeper = Keeper {
            kept: &mut self.kept,
            len: &mut self.body_len,
            whole: self.want.body,
            excerpt: self.want.excerpt(status),
        };
        let (used, done) = match &mut self.body {
            Body::Left(left) => {
                let take = usize::try_from(*left).map_or(bytes.len(), |left| left.min(bytes.len()));
                keeper.take(&bytes[..take])?;
                *left -= take as u64;
                (take, *left == 0)
            }
            Body::Chunks(chunks) => {
                let used = chunks.feed(bytes, |piece| keeper.take(piece))?;
                (used, chunks.is_done())
            }
            Body::UntilClose => {
                keeper.take(bytes)?;
                (bytes.len(), false)
            }
        };
        Ok(if done { Progress::Done { surplus: used < bytes.len() } } else { Progress::More })
    }

    /// The connection has ended: whether the answer is complete by that.
    pub fn is_complete_at_end(&self) -> bool {
        self.head.is_some() && matches!(self.body, Body::UntilClose)
    }

    /// Whether the head is complete.
    pub const fn has_head(&self) -> bool {
        self.head.is_some()
    }

    /// What was read, once it is complete.
    pub fn into_read(self) -> Option<Read> {
        Some(Read { head: self.head?, kept: self.kept, body_len: self.body_len })
    }
}

/// Counts the body, and keeps what is asked for.
pub struct Keeper<'a> {
    pub kept: &'a mut Vec<u8>,
    pub len: &'a mut u64,
    /// Whether all of it is wanted.
    pub whole: bool,
    /// How much of its beginning is wanted else.
    pub excerpt: usize,
}

impl Keeper<'_> {
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        *self.len += bytes.len() as u64;
        if self.whole {
            if self.kept.len() + bytes.len() > MAX_KEPT_BODY {
                return Err(Fault::LargeBody);
            }
            self.kept.extend_from_slice(bytes);
        } else if self.kept.len() < self.excerpt {
            let room = self.excerpt - self.kept.len();
            self.kept.extend_from_slice(&bytes[..room.min(bytes.len())]);
        }
        Ok(())
    }
}

/// Whether a line end is followed by another one; httparse takes LF alone as a line end, too.
fn has_blank_line(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'\n', bytes).any(|at| matches!(bytes[at + 1..], [b'\n', ..] | [b'\r', b'\n', ..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::transport::EXCERPT_LEN;

    const ANSWER: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n\
        HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";

    fn want() -> Want {
        Want { body: true, headers: true, ..Want::default() }
    }

    fn read(pieces: &[&[u8]]) -> Result<(Progress, Reader), Fault> {
        let mut reader = Reader::new(want());
        let mut progress = Progress::More;
        for piece in pieces {
            progress = reader.feed(piece)?;
        }
        Ok((progress, reader))
    }

    #[test]
    fn an_endless_head_is_given_up_at_its_limit() {
        let mut reader = Reader::new(Want::default());
        let mut fed = 0;
        let mut feed = |bytes: &[u8]| {
            fed += bytes.len();
            reader.feed(bytes)
        };
        let mut outcome = feed(b"HTTP/1.1 200 OK\r\nX: ");
        while outcome == Ok(Progress::More) {
            outcome = feed(&[b'a'; 1000]);
        }
        assert_eq!(outcome, Err(Fault::LargeHead));
        assert!(fed < 3 * MAX_HEAD, "{fed} bytes were taken in");
    }

    #[test]
    fn only_the_start_of_a_failed_body_is_kept() {
        let mut reader = Reader::new(Want::default());
        let answer =
            [b"HTTP/1.1 500 Oops\r\nContent-Length: 2000\r\n\r\n".as_slice(), &[b'x'; 2001]].concat();
        assert_eq!(reader.feed(&answer), Ok(Progress::Done { surplus: true }));
        let read = reader.into_read().expect("an answer");
        assert_eq!((read.kept.len(), read.body_len), (EXCERPT_LEN, 2000));
    }

    #[test]
    fn too_many_informational_answers_are_refused() {
        let many = b"HTTP/1.1 102 Processing\r\n\r\n".repeat(20);
        assert_eq!(read(&[&many]).err(), Some(Fault::Informational));
        assert_eq!(read(&[b"HTTP/1.1 101 Switching\r\n\r\n"]).err(), Some(Fault::Switched));
    }

    proptest! {
        #[test]
        fn where_the_bytes_are_cut_makes_no_difference(
            cuts in proptest::collection::vec(0..ANSWER.len(), 0..12),
        ) {
            let mut cuts = cuts;
            cuts.extend([0, ANSWER.len()]);
            cuts.sort_unstable();
            cuts.dedup();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|ends| &ANSWER[ends[0]..ends[1]]).collect();
            let (progress, reader) = read(&pieces).expect("well-formed");
            prop_assert_eq!(progress, Progress::Done { surplus: false });
            let read = reader.into_read().expect("an answer");
            prop_assert_eq!(read.kept, b"abcde");
            prop_assert_eq!(&read.head.headers.expect("headers")["x"], "y");
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let answer = [b"HTTP/1.1 200 OK\r\n".as_slice(), &bytes].concat();
            let _ = read(&[&answer]);
            let _ = read(&[&bytes]);
        }
    }
}
