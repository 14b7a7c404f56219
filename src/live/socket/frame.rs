//! Frames as the server sends them: whole, unmasked (RFC 6455, section 5.2).

use actix_web::web::Bytes;

const FINAL: u8 = 0x80;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Opcode {
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
}

impl Opcode {
    pub(super) fn read(byte: u8) -> Option<Self> {
        use Opcode::{Binary, Close, Continuation, Ping, Pong, Text};
        [Continuation, Text, Binary, Close, Ping, Pong].into_iter().find(|opcode| *opcode as u8 == byte)
    }

    pub(super) const fn is_control(self) -> bool {
        self as u8 & 0x8 != 0
    }
}

/// Why a socket is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Farewell {
    /// The code of RFC 6455, section 7.4.
    pub(super) code: u16,
    /// At most 123 bytes.
    pub(super) why: &'static str,
}

impl Farewell {
    pub(super) const NORMAL: u16 = 1000;
    pub(super) const GOING_AWAY: u16 = 1001;
    pub(super) const PROTOCOL: u16 = 1002;
    pub(super) const NOT_UTF8: u16 = 1007;
    pub(super) const POLICY: u16 = 1008;
    pub(super) const TOO_BIG: u16 = 1009;

    pub(super) const fn new(code: u16, why: &'static str) -> Self {
        Self { code, why }
    }

    /// As it is sent.
    pub(super) fn frame(self) -> Bytes {
        encode(Opcode::Close, &[&self.code.to_be_bytes()[..], self.why.as_bytes()].concat())
    }
}

/// A frame around `payload`.
pub(super) fn encode(opcode: Opcode, payload: &[u8]) -> Bytes {
    let length = payload.len();
    let mut frame = Vec::with_capacity(length + 10);
    frame.push(FINAL | opcode as u8);
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ ..126), _) => frame.push(short),
        (_, Ok(middle)) => {
            frame.push(126);
            frame.extend_from_slice(&middle.to_be_bytes());
        }
        _ => {
            frame.push(127);
            frame.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
    Bytes::from(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_the_shortest_form() {
        for (length, header) in [
            (0, vec![0x81, 0]),
            (125, vec![0x81, 125]),
            (126, vec![0x81, 126, 0, 126]),
            (255, vec![0x81, 126, 0, 255]),
            (65_535, vec![0x81, 126, 255, 255]),
            (65_536, vec![0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let payload = vec![b'x'; length];
            let frame = encode(Opcode::Text, &payload);
            assert_eq!(frame[..header.len()], header, "{length}");
            assert_eq!(frame[header.len()..], payload, "{length}");
        }
    }
}
