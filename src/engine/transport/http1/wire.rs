//! A request as HTTP/1.1 bytes.

use std::io::{IoSlice, Write};

use ::http::{HeaderName, HeaderValue, Method, header};

use super::super::Origin;

/// Bytes of one request in up to three pieces, so that nothing is copied to be joined.
#[derive(Clone, Copy, Debug)]
pub struct Wire<'a> {
    pieces: [&'a [u8]; 3],
}

impl<'a> Wire<'a> {
    /// A request that has been rendered, with further header lines put in where there are any.
    pub fn rendered(bytes: &'a [u8], lines: &'a [u8]) -> Self {
        if lines.is_empty() {
            return Self { pieces: [bytes, &[], &[]] };
        }
        // Behind the request line: the blank line would have to be searched for in the body, too.
        let line = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
        Self { pieces: [&bytes[..line], lines, &bytes[line..]] }
    }

    /// A head and a body.
    pub const fn head_and_body(head: &'a [u8], body: &'a [u8]) -> Self {
        Self { pieces: [head, body, &[]] }
    }

    /// What is left behind the first `written` bytes; unused slices are empty.
    pub(super) fn rest(&self, mut written: usize) -> [IoSlice<'a>; 3] {
        self.pieces.map(|piece| {
            let skip = written.min(piece.len());
            written -= skip;
            IoSlice::new(&piece[skip..])
        })
    }

    pub(super) fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.len()).sum()
    }

    /// The one piece that has not been begun yet, when there is no other.
    pub(super) const fn single(&self) -> Option<&'a [u8]> {
        if self.pieces[1].is_empty() && self.pieces[2].is_empty() { Some(self.pieces[0]) } else { None }
    }
}

/// What a head is made from.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    pub origin: &'a Origin,
    pub method: &'a Method,
    pub target: &'a str,
    pub headers: &'a [(HeaderName, HeaderValue)],
    pub body_len: usize,
    /// Further header lines as they are sent, each with its line end.
    pub lines: &'a [u8],
}

/// Names and values of header lines.
pub fn fields(lines: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    lines.split_inclusive(|byte| *byte == b'\n').filter_map(|line| {
        let colon = memchr::memchr(b':', line)?;
        Some((&line[..colon], line[colon + 1..].trim_ascii()))
    })
}

/// Renders a head into `out`, whatever was there before.
pub fn render_head(parts: &Parts<'_>, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(parts.method.as_str().as_bytes());
    out.push(b' ');
    out.extend_from_slice(parts.target.as_bytes());
    out.extend_from_slice(b" HTTP/1.1\r\n");
    if !parts.headers.iter().any(|(name, _)| *name == header::HOST) {
        push_field(out, b"host", parts.origin.authority.as_bytes());
    }
    out.extend_from_slice(parts.lines);
    for (name, value) in parts.headers {
        push_field(out, name.as_str().as_bytes(), value.as_bytes());
    }
    // POST, PUT and PATCH say that their body is empty (RFC 9110, 8.6).
    if parts.body_len > 0 || matches!(*parts.method, Method::POST | Method::PUT | Method::PATCH) {
        write!(out, "content-length: {}\r\n", parts.body_len).expect("writing to memory cannot fail");
    }
    out.extend_from_slice(b"\r\n");
}

fn push_field(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    out.extend_from_slice(name);
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(wire: &Wire<'_>, written: usize) -> Vec<u8> {
        wire.rest(written).iter().flat_map(|piece| piece.to_vec()).collect()
    }

    #[test]
    fn further_lines_go_behind_the_request_line() {
        let wire = Wire::rendered(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n", b"cookie: b=c\r\n");
        assert_eq!(joined(&wire, 0), b"GET / HTTP/1.1\r\ncookie: b=c\r\nhost: a\r\n\r\n");
        assert_eq!(joined(&wire, 18), b"okie: b=c\r\nhost: a\r\n\r\n"[..].to_vec());
        assert_eq!(joined(&wire, wire.len()), b"");
    }

    #[test]
    fn a_head_is_rendered_with_host_and_length() {
        let origin = Origin { tls: false, host: "a".into(), port: 81, authority: "a:81".into() };
        let headers = [(header::ACCEPT, HeaderValue::from_static("*/*"))];
        let parts = Parts {
            origin: &origin,
            method: &Method::POST,
            target: "/x?y",
            headers: &headers,
            body_len: 12,
            lines: b"",
        };
        let mut out = b"old".to_vec();
        render_head(&parts, &mut out);
        assert_eq!(
            String::from_utf8_lossy(&out),
            "POST /x?y HTTP/1.1\r\nhost: a:81\r\naccept: */*\r\ncontent-length: 12\r\n\r\n"
        );
    }
}
