//! The head of an answer: status, framing, and the few fields that matter.

use std::mem::MaybeUninit;

use ::http::{HeaderMap, HeaderName, HeaderValue};
use httparse::{Header, ParserConfig, Response, Status};

use super::fault::{Fault, MAX_FIELDS};
use crate::engine::transport::{EXCERPT_LEN, MAX_DEBUG_BODY, redirect::is_redirect};

/// What a call needs of an answer; everything else is skipped.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent wishes")]
pub struct Want {
    /// The request was HEAD, so that no body follows.
    pub head_only: bool,
    /// All header fields.
    pub headers: bool,
    /// The body.
    pub body: bool,
    /// `Location`, when the status is a redirect's.
    pub location: bool,
    /// `Set-Cookie` fields.
    pub cookies: bool,
    /// The beginning of a body that is not wanted, for a debug log.
    pub debug: bool,
}

impl Want {
    /// How much of a body is kept that is not wanted.
    pub const fn excerpt(self, status: u16) -> usize {
        match (self.debug, status) {
            (true, _) => MAX_DEBUG_BODY,
            (false, 400..) => EXCERPT_LEN,
            (false, _) => 0,
        }
    }
}

/// How the end of the body is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// After this many bytes.
    Length(u64),
    /// After the last chunk.
    Chunked,
    /// Where the connection ends.
    UntilClose,
}

/// A parsed head.
#[derive(Debug)]
pub struct Head {
    pub status: u16,
    pub framing: Framing,
    /// Whether the server will take another request on the connection.
    pub keep_alive: bool,
    /// Where a redirect leads, when redirects are followed.
    pub location: Option<Box<[u8]>>,
    /// `Content-Encoding`, when the body is wanted.
    pub encoding: Option<Box<[u8]>>,
    pub cookies: Vec<Box<[u8]>>,
    pub headers: Option<Box<HeaderMap>>,
}

/// Parses the head at the start of `bytes`; `None` when it is not complete yet. Says how long it is.
pub(super) fn parse(bytes: &[u8], want: Want) -> Result<Option<(Head, usize)>, Fault> {
    let mut fields = [const { MaybeUninit::uninit() }; MAX_FIELDS];
    let mut response = Response::new(&mut []);
    let parsed =
        ParserConfig::default().parse_response_with_uninit_headers(&mut response, bytes, &mut fields);
    let len = match parsed {
        Ok(Status::Complete(len)) => len,
        Ok(Status::Partial) => return Ok(None),
        Err(error) => return Err(fault(error, bytes)),
    };
    // httparse takes any three digits.
    let status = response.code.filter(|code| *code >= 100).ok_or(Fault::StatusLine)?;
    let mut fields = Fields::new(response.version == Some(1));
    for header in response.headers.iter() {
        fields.take(header, status, want)?;
    }
    let mut head = fields.into_head(status, want);
    if want.headers && status >= 200 {
        head.headers = Some(Box::new(collect(response.headers)?));
    }
    Ok(Some((head, len)))
}

fn fault(error: httparse::Error, bytes: &[u8]) -> Fault {
    match error {
        httparse::Error::Version if bytes.starts_with(b"HTTP/") => Fault::Version,
        httparse::Error::Version | httparse::Error::Status => Fault::StatusLine,
        httparse::Error::TooManyHeaders => Fault::ManyFields,
        httparse::Error::NewLine => Fault::Line,
        _ => Fault::Field,
    }
}

fn collect(fields: &[Header<'_>]) -> Result<HeaderMap, Fault> {
    let mut map = HeaderMap::with_capacity(fields.len());
    for field in fields {
        let name = HeaderName::from_bytes(field.name.as_bytes()).map_err(|_| Fault::Field)?;
        map.append(name, HeaderValue::from_bytes(field.value).map_err(|_| Fault::Field)?);
    }
    Ok(map)
}

/// The fields that matter, as they are met.
struct Fields {
    http11: bool,
    close: bool,
    keep_alive: bool,
    length: Option<u64>,
    chunked: bool,
    location: Option<Box<[u8]>>,
    encoding: Option<Box<[u8]>>,
    cookies: Vec<Box<[u8]>>,
}

impl Fields {
    const fn new(http11: bool) -> Self {
        Self {
            http11,
            close: false,
            keep_alive: false,
            length: None,
            chunked: false,
            location: None,
            encoding: None,
            cookies: Vec::new(),
        }
    }

    /// Names are told apart by length first: most fields cost one comparison of integers.
    fn take(&mut self, header: &Header<'_>, status: u16, want: Want) -> Result<(), Fault> {
        let is = |name: &str| header.name.eq_ignore_ascii_case(name);
        match header.name.len() {
            8 if want.location && is_redirect(status) && is("location") => {
                self.location.get_or_insert_with(|| header.value.into());
            }
            10 if is("connection") => self.take_connection(header.value),
            10 if want.cookies && is("set-cookie") => self.cookies.push(header.value.into()),
            14 if is("content-length") => self.take_length(header.value)?,
            16 if want.body && is("content-encoding") => {
                let mut all = self.encoding.take().map(Vec::from).unwrap_or_default();
                if !all.is_empty() {
                    all.push(b',');
                }
                all.extend_from_slice(header.value);
                self.encoding = Some(all.into());
            }
            17 if is("transfer-encoding") => self.take_coding(header.value)?,
            _ => {}
        }
        Ok(())
    }

    fn take_connection(&mut self, value: &[u8]) {
        for option in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            self.close |= option.eq_ignore_ascii_case(b"close");
            self.keep_alive |= option.eq_ignore_ascii_case(b"keep-alive");
        }
    }

    /// A repeated length is harmless when it is the same one (RFC 9112, 6.3).
    fn take_length(&mut self, value: &[u8]) -> Result<(), Fault> {
        for text in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            let length = decimal(text).ok_or(Fault::Length)?;
            if self.length.replace(length).is_some_and(|before| before != length) {
                return Err(Fault::Lengths);
            }
        }
        Ok(())
    }

    fn take_coding(&mut self, value: &[u8]) -> Result<(), Fault> {
        if self.chunked || !value.trim_ascii().eq_ignore_ascii_case(b"chunked") {
            return Err(Fault::Coding);
        }
        self.chunked = true;
        Ok(())
    }

    fn into_head(self, status: u16, want: Want) -> Head {
        let empty = want.head_only || matches!(status, 100..=199 | 204 | 304);
        let framing = match self.length {
            _ if empty => Framing::Length(0),
            _ if self.chunked => Framing::Chunked,
            Some(length) => Framing::Length(length),
            None => Framing::UntilClose,
        };
        // Both framings at once, or chunks from an HTTP/1.0 server, may be an attempt to smuggle
        // an answer in: the chunks are read and the connection is given up (RFC 9112, 6.1).
        let dubious = self.chunked && (self.length.is_some() || !self.http11);
        let willing = if self.http11 { !self.close } else { self.keep_alive && !self.close };
        Head {
            status,
            framing,
            keep_alive: willing && !dubious && framing != Framing::UntilClose,
            location: self.location,
            encoding: self.encoding,
            cookies: self.cookies,
            headers: None,
        }
    }
}

/// Digits alone: no sign, no space, nothing that overflows.
fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |sum, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Framing and whether the connection is kept.
    type Framed = Result<(Framing, bool), Fault>;

    fn framing(head: &str) -> Framed {
        let (head, _) = parse(head.as_bytes(), Want::default())?.expect("a complete head");
        Ok((head.framing, head.keep_alive))
    }

    #[test]
    fn framing_follows_the_fields() {
        let cases: [(&str, Framed); 12] = [
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", Ok((Framing::Length(5), true))),
            ("HTTP/1.1 200\r\nContent-Length: 5, 5\r\n\r\n", Ok((Framing::Length(5), true))),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", Err(Fault::Lengths)),
            ("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n", Err(Fault::Length)),
            ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", Err(Fault::Length)),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", Ok((Framing::Chunked, true))),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
                Ok((Framing::Chunked, false)),
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", Err(Fault::Coding)),
            ("HTTP/1.1 200 OK\r\n\r\n", Ok((Framing::UntilClose, false))),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", Ok((Framing::Length(0), true))),
            ("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", Ok((Framing::Length(5), false))),
            (
                "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 5\r\n\r\n",
                Ok((Framing::Length(5), true)),
            ),
        ];
        for (head, expected) in cases {
            assert_eq!(framing(head), expected, "{head:?}");
        }
    }

    #[test]
    fn malformed_heads_are_told_apart() {
        let cases = [
            ("garbage\r\n\r\n", Fault::StatusLine),
            ("HTTP/2.0 200 OK\r\n\r\n", Fault::Version),
            ("HTTP/1.1 2x0 OK\r\n\r\n", Fault::StatusLine),
            ("HTTP/1.1 099 OK\r\n\r\n", Fault::StatusLine),
            ("HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", Fault::Field),
            ("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", Fault::Field),
            ("HTTP/1.1 200 OK\r\nA: b\rc: d\r\n\r\n", Fault::Field),
        ];
        for (head, expected) in cases {
            assert_eq!(parse(head.as_bytes(), Want::default()).err(), Some(expected), "{head:?}");
        }
    }
}
