use proptest::prelude::*;

use super::*;

const FINAL: u8 = 0x80;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;

/// A frame as a client sends it.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [0x11, 0xA2, 0x33, 0xF4];
    let mut frame = vec![first];
    match payload.len() {
        short @ ..126 => frame.push(0x80 | short as u8),
        middle @ ..65_536 => {
            frame.push(0x80 | 126);
            frame.extend((middle as u16).to_be_bytes());
        }
        long => {
            frame.push(0x80 | 127);
            frame.extend((long as u64).to_be_bytes());
        }
    }
    frame.extend(mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// What comes of `bytes` that arrive in pieces of `size`, and how the socket ends.
fn decode(bytes: &[u8], size: usize) -> (Vec<Inbound>, Option<u16>) {
    let mut decoder = Decoder::default();
    let mut messages = Vec::new();
    for piece in bytes.chunks(size.max(1)) {
        decoder.push(Bytes::copy_from_slice(piece));
        loop {
            match decoder.next() {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(farewell) => return (messages, Some(farewell.code)),
            }
        }
    }
    (messages, None)
}

fn text(text: &str) -> Inbound {
    Inbound::Text(text.into())
}

#[test]
fn messages_come_whole_however_they_arrive() {
    let bytes = [
        frame(FINAL | TEXT, b"one"),
        frame(TEXT, "tw\u{f6}".as_bytes()),
        frame(FINAL | PING, b"in between"),
        frame(0, b""),
        frame(FINAL, "\u{1f600}".as_bytes()),
        frame(FINAL | PONG, b""),
        frame(FINAL | TEXT, b""),
        frame(FINAL | BINARY, b"\xff\xfe"),
        frame(FINAL | TEXT, &[b'x'; LONGEST]),
        frame(FINAL | CLOSE, b"\x03\xe8bye"),
    ]
    .concat();
    let expected = [
        text("one"),
        Inbound::Ping(Bytes::from_static(b"in between")),
        text("tw\u{f6}\u{1f600}"),
        Inbound::Pong,
        text(""),
        Inbound::Binary,
        text(&"x".repeat(LONGEST)),
        Inbound::Close(Some(1000)),
    ];
    for size in [1, 2, 3, 7, 64, 1000, bytes.len()] {
        let (messages, end) = decode(&bytes, size);
        assert_eq!(end, None);
        assert!(messages == expected, "in pieces of {size}");
    }
}

#[test]
fn a_message_that_is_too_long_is_passed_over_and_kept_nowhere() {
    let long = vec![b'x'; LONGEST + 1];
    let bytes = [frame(FINAL | TEXT, &long), frame(FINAL | TEXT, b"next")].concat();
    assert_eq!(decode(&bytes, 1000), (vec![Inbound::TooLong(65_537), text("next")], None));
    let halves =
        [frame(TEXT, &long[..LONGEST]), frame(FINAL, &long[..LONGEST]), frame(FINAL | TEXT, b"next")]
            .concat();
    assert_eq!(decode(&halves, 1000), (vec![Inbound::TooLong(131_072), text("next")], None));

    let mut decoder = Decoder::default();
    decoder.push(Bytes::from(frame(FINAL | TEXT, &long)[..60_000].to_vec()));
    assert_eq!(decoder.next(), Ok(None));
    assert!(decoder.bytes.is_empty() && decoder.message.expect("it is arriving").payload.is_empty());
}

#[test]
fn what_breaks_the_protocol_ends_the_socket_with_its_code() {
    let claimed = |length: u64| [&[FINAL | TEXT, 0xFF][..], &length.to_be_bytes(), &[0; 4]].concat();
    let fragments = |payload: &[u8]| [frame(TEXT, b""), frame(0, payload).repeat(5000)].concat();
    for (what, bytes, code) in [
        ("a reserved bit", frame(FINAL | 0x40 | TEXT, b""), 1002),
        ("another reserved bit", frame(FINAL | 0x10 | TEXT, b""), 1002),
        ("an unknown opcode", frame(FINAL | 0x3, b""), 1002),
        ("an unknown control opcode", frame(FINAL | 0xB, b""), 1002),
        ("no mask", vec![FINAL | TEXT, 1, b'x'], 1002),
        ("a ping in pieces", frame(PING, b""), 1002),
        ("a long ping", frame(FINAL | PING, &[0; 126]), 1002),
        ("a long close", frame(FINAL | CLOSE, &[0; 126]), 1002),
        ("half a close code", frame(FINAL | CLOSE, b"\x03"), 1002),
        ("close code 1005", frame(FINAL | CLOSE, b"\x03\xed"), 1002),
        ("close code 0", frame(FINAL | CLOSE, b"\0\0"), 1002),
        ("a reason that is not UTF-8", frame(FINAL | CLOSE, b"\x03\xe8\xff"), 1007),
        ("a text that is not UTF-8", frame(FINAL | TEXT, b"\xc3\x28"), 1007),
        ("half a character", [frame(TEXT, b"\xe2\x82"), frame(FINAL, b"")].concat(), 1007),
        ("a continuation of nothing", frame(FINAL, b"x"), 1002),
        ("a text within a text", [frame(TEXT, b"x"), frame(FINAL | TEXT, b"y")].concat(), 1002),
        ("a huge length", claimed(u64::MAX >> 1), 1009),
        ("an impossible length", claimed(u64::MAX), 1009),
        ("a length just too large", claimed((1 << 20) + 1), 1009),
        ("endless fragments", fragments(&[b'x'; 2048]), 1009),
        ("endless empty fragments", fragments(b""), 1008),
    ] {
        for size in [1, 5, 4096] {
            let (messages, end) = decode(&bytes, size);
            assert_eq!((messages, end), (vec![], Some(code)), "{what}, in pieces of {size}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_give_the_same_however_they_arrive(bytes in proptest::collection::vec(any::<u8>(), 0..400), size in 1_usize..50) {
        prop_assert_eq!(decode(&bytes, size), decode(&bytes, 400));
    }

    #[test]
    fn frames_with_any_first_byte_do_no_harm(
        frames in proptest::collection::vec((any::<u8>(), proptest::collection::vec(any::<u8>(), 0..200)), 0..20),
        size in 1_usize..300,
    ) {
        let bytes: Vec<u8> = frames.iter().flat_map(|(first, payload)| frame(first & 0x8F, payload)).collect();
        prop_assert_eq!(decode(&bytes, size), decode(&bytes, bytes.len().max(1)));
    }
}
