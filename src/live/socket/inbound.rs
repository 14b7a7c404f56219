//! What clients send, bit by bit: frames of RFC 6455 into messages.
//!
//! Payload is taken as it arrives, so that a frame that claims to be long costs nothing until it is,
//! and one that is too long is passed over without being kept.

use actix_web::web::{Buf as _, Bytes, BytesMut};
use bytestring::ByteString;

use super::frame::{Farewell, Opcode};

/// Longest message that is read, in bytes.
pub(super) const LONGEST: usize = 64 << 10;
/// Longest message that is passed over, in bytes; a longer one ends the socket.
const LONGEST_SKIPPED: u64 = 1 << 20;
/// Most frames that a message may come in.
const MOST_FRAGMENTS: u32 = 1024;
/// Longest payload of a control frame.
const LONGEST_CONTROL: u64 = 125;

/// What a client sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inbound {
    Text(ByteString),
    Binary,
    /// A message of so many bytes, passed over.
    TooLong(u64),
    Ping(Bytes),
    Pong,
    /// With the code, if it had one.
    Close(Option<u16>),
}

/// Takes bytes, gives messages. After an error it gives nothing more that makes sense.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    bytes: BytesMut,
    frame: Option<Frame>,
    control: Vec<u8>,
    message: Option<Message>,
}

/// The frame whose payload is arriving.
#[derive(Debug)]
struct Frame {
    opcode: Opcode,
    is_final: bool,
    mask: [u8; 4],
    missing: u64,
}

/// The message that is arriving.
#[derive(Debug)]
struct Message {
    is_text: bool,
    fragments: u32,
    length: u64,
    payload: Vec<u8>,
}

impl Decoder {
    pub(super) fn push(&mut self, bytes: Bytes) {
        if self.bytes.is_empty() {
            self.bytes = BytesMut::from(bytes);
        } else {
            self.bytes.extend_from_slice(&bytes);
        }
    }

    /// The next message, when it is there.
    ///
    /// # Errors
    /// When the client breaks the protocol: how the socket is closed.
    pub(super) fn next(&mut self) -> Result<Option<Inbound>, Farewell> {
        loop {
            if self.frame.is_none() {
                self.frame = self.header()?;
            }
            let Some(frame) = &mut self.frame else { return Ok(None) };
            let (opcode, is_final) = (frame.opcode, frame.is_final);
            take(
                frame,
                &mut self.bytes,
                if opcode.is_control() {
                    Keep::Control(&mut self.control)
                } else {
                    Keep::Message(self.message.as_mut())
                },
            );
            if frame.missing > 0 {
                return Ok(None);
            }
            self.frame = None;
            if opcode.is_control() {
                return control(opcode, &std::mem::take(&mut self.control)).map(Some);
            }
            if is_final && let Some(message) = self.message.take() {
                return message.end().map(Some);
            }
        }
    }

    /// The next header, when all of it is there.
    fn header(&mut self) -> Result<Option<Frame>, Farewell> {
        let broken = |why| Err(Farewell::new(Farewell::PROTOCOL, why));
        let [first, second, rest @ ..] = &self.bytes[..] else { return Ok(None) };
        if first & 0x70 != 0 {
            return broken("reserved bits are set, but no extension was agreed");
        }
        let Some(opcode) = Opcode::read(first & 0xF) else { return broken("unknown opcode") };
        if second & 0x80 == 0 {
            return broken("frames of clients must be masked");
        }
        let is_final = first & 0x80 != 0;
        let (length, rest) = match (second & 0x7F, rest) {
            (126, [a, b, rest @ ..]) => (u64::from(u16::from_be_bytes([*a, *b])), rest),
            (127, [a, b, c, d, e, f, g, h, rest @ ..]) => {
                (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), rest)
            }
            (126 | 127, _) => return Ok(None),
            (short, rest) => (u64::from(short), rest),
        };
        let &[a, b, c, d, ref rest @ ..] = rest else { return Ok(None) };
        let size = self.bytes.len() - rest.len();
        let frame = Frame { opcode, is_final, mask: [a, b, c, d], missing: length };
        self.begin(&frame)?;
        self.bytes.advance(size);
        Ok(Some(frame))
    }

    /// Whether `frame` may come now.
    fn begin(&mut self, frame: &Frame) -> Result<(), Farewell> {
        let broken = |why| Err(Farewell::new(Farewell::PROTOCOL, why));
        match (frame.opcode, &mut self.message) {
            (opcode, _) if opcode.is_control() => {
                if !frame.is_final || frame.missing > LONGEST_CONTROL {
                    return broken("control frames are whole and at most 125 bytes long");
                }
                return Ok(());
            }
            (Opcode::Continuation, None) => return broken("there is no message to continue"),
            (Opcode::Continuation, Some(message)) => message.fragments += 1,
            (_, Some(_)) => return broken("the message before is not over yet"),
            (opcode, message @ None) => {
                *message = Some(Message {
                    is_text: opcode == Opcode::Text,
                    fragments: 1,
                    length: 0,
                    payload: Vec::new(),
                });
            }
        }
        let Some(message) = &mut self.message else { return Ok(()) };
        message.length = message.length.saturating_add(frame.missing);
        if message.length > LONGEST_SKIPPED {
            return Err(Farewell::new(Farewell::TOO_BIG, "messages are at most 64 KiB long"));
        }
        if message.fragments > MOST_FRAGMENTS {
            return Err(Farewell::new(Farewell::POLICY, "a message comes in at most 1024 fragments"));
        }
        if message.length > LONGEST as u64 {
            message.payload = Vec::new();
        }
        Ok(())
    }
}

/// Where payload goes.
enum Keep<'a> {
    Control(&'a mut Vec<u8>),
    Message(Option<&'a mut Message>),
}

/// Takes what is there of the payload of `frame`.
fn take(frame: &mut Frame, bytes: &mut BytesMut, keep: Keep<'_>) {
    let there = usize::try_from(frame.missing).unwrap_or(usize::MAX).min(bytes.len());
    let kept = match keep {
        Keep::Control(payload) => Some(payload),
        Keep::Message(Some(message)) if message.is_text && message.length <= LONGEST as u64 => {
            Some(&mut message.payload)
        }
        Keep::Message(_) => None,
    };
    if let Some(kept) = kept {
        kept.extend(bytes[..there].iter().zip(frame.mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    }
    bytes.advance(there);
    frame.mask.rotate_left(there % 4);
    frame.missing -= there as u64;
}

impl Message {
    fn end(self) -> Result<Inbound, Farewell> {
        if self.length > LONGEST as u64 {
            return Ok(Inbound::TooLong(self.length));
        }
        if !self.is_text {
            return Ok(Inbound::Binary);
        }
        let not_utf8 = Farewell::new(Farewell::NOT_UTF8, "a text is not UTF-8");
        String::from_utf8(self.payload).map(|text| Inbound::Text(text.into())).map_err(|_| not_utf8)
    }
}

fn control(opcode: Opcode, payload: &[u8]) -> Result<Inbound, Farewell> {
    match (opcode, payload) {
        (Opcode::Ping, payload) => Ok(Inbound::Ping(Bytes::copy_from_slice(payload))),
        (Opcode::Close, []) => Ok(Inbound::Close(None)),
        (Opcode::Close, &[a, b, ref why @ ..]) => {
            let code = u16::from_be_bytes([a, b]);
            if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
                Err(Farewell::new(Farewell::PROTOCOL, "there is no such close code"))
            } else if str::from_utf8(why).is_err() {
                Err(Farewell::new(Farewell::NOT_UTF8, "the reason is not UTF-8"))
            } else {
                Ok(Inbound::Close(Some(code)))
            }
        }
        (Opcode::Close, [_]) => Err(Farewell::new(Farewell::PROTOCOL, "a close code has two bytes")),
        _ => Ok(Inbound::Pong),
    }
}

#[cfg(test)]
mod tests;
