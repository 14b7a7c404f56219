//! Chunked bodies (RFC 9112, 7.1), a byte range at a time.

use super::fault::Fault;

/// Most bytes of chunk extensions, and of trailers, in one body.
const MAX_EXTRA: u32 = 16 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// In the digits of a size; how many there were.
    Size(u8),
    /// Behind the digits, up to the CR.
    Extension,
    SizeLf,
    Data,
    DataCr,
    DataLf,
    /// At the start of a line behind the last chunk.
    TrailerStart,
    Trailer,
    TrailerLf,
    EndLf,
    Done,
}

/// Takes the chunk framing off.
#[derive(Debug)]
pub(super) struct Chunks {
    state: State,
    /// Size being read, then bytes left of the chunk.
    left: u64,
    /// Bytes of extensions and trailers so far.
    extra: u32,
}

impl Chunks {
    pub(super) const fn new() -> Self {
        Self { state: State::Size(0), left: 0, extra: 0 }
    }

    pub(super) const fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }

    /// Reads on in `bytes` and hands the body's bytes to `sink`; says how many bytes were used,
    /// which is all of them unless the body ended.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        mut sink: impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<usize, Fault> {
        let mut at = 0;
        while at < bytes.len() && !self.is_done() {
            if self.state == State::Data {
                let rest = &bytes[at..];
                let take = usize::try_from(self.left).map_or(rest.len(), |left| left.min(rest.len()));
                sink(&rest[..take])?;
                self.left -= take as u64;
                at += take;
                if self.left == 0 {
                    self.state = State::DataCr;
                }
            } else {
                self.state = self.step(bytes[at])?;
                at += 1;
            }
        }
        Ok(at)
    }

    fn step(&mut self, byte: u8) -> Result<State, Fault> {
        match (self.state, byte) {
            (State::Size(digits), _) => self.size(digits, byte),
            (State::Extension, b'\r') => Ok(State::SizeLf),
            (State::Extension, _) => self.extra(byte, Fault::Extensions).map(|()| State::Extension),
            (State::SizeLf, b'\n') if self.left == 0 => Ok(State::TrailerStart),
            (State::SizeLf, b'\n') => Ok(State::Data),
            (State::SizeLf, _) => Err(Fault::ChunkSize),
            (State::DataCr, b'\r') => Ok(State::DataLf),
            (State::DataLf, b'\n') => Ok(State::Size(0)),
            (State::DataCr | State::DataLf, _) => Err(Fault::ChunkEnd),
            (State::TrailerStart, b'\r') => Ok(State::EndLf),
            (State::Trailer, b'\r') => Ok(State::TrailerLf),
            (State::TrailerStart | State::Trailer, _) => {
                self.extra(byte, Fault::Trailer).map(|()| State::Trailer)
            }
            (State::TrailerLf, b'\n') => Ok(State::TrailerStart),
            (State::EndLf, b'\n') => Ok(State::Done),
            (State::TrailerLf | State::EndLf, _) => Err(Fault::Trailer),
            (State::Data | State::Done, _) => Err(Fault::ChunkEnd),
        }
    }

    fn size(&mut self, digits: u8, byte: u8) -> Result<State, Fault> {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            b'A'..=b'F' => byte - b'A' + 10,
            b'\r' if digits > 0 => return Ok(State::SizeLf),
            b';' | b' ' | b'\t' if digits > 0 => return Ok(State::Extension),
            _ => return Err(Fault::ChunkSize),
        };
        if digits == 0 {
            self.left = 0;
        }
        if digits >= 16 {
            return Err(Fault::ChunkSize);
        }
        self.left = self.left << 4 | u64::from(digit);
        Ok(State::Size(digits + 1))
    }

    /// Counts a byte that carries nothing, and refuses line ends and NULs where none belong.
    fn extra(&mut self, byte: u8, fault: Fault) -> Result<(), Fault> {
        self.extra += 1;
        if self.extra > MAX_EXTRA || byte == b'\n' || byte == 0 { Err(fault) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(pieces: &[&[u8]]) -> Result<(Vec<u8>, bool, usize), Fault> {
        let (mut chunks, mut body, mut used) = (Chunks::new(), Vec::new(), 0);
        for piece in pieces {
            used += chunks.feed(piece, |bytes| {
                body.extend_from_slice(bytes);
                Ok(())
            })?;
        }
        Ok((body, chunks.is_done(), used))
    }

    #[test]
    fn extensions_and_trailers_are_skipped() {
        let text = b"4;a=b\r\nWiki\r\n5 ; c\r\npedia\r\n0;x\r\nExpires: now\r\nB: c\r\n\r\nHTTP";
        assert_eq!(read(&[text]), Ok((b"Wikipedia".to_vec(), true, text.len() - 4)));
    }

    #[test]
    fn broken_framing_is_refused() {
        let cases: [(&[u8], Fault); 8] = [
            (b"\r\n", Fault::ChunkSize),
            (b"x\r\n", Fault::ChunkSize),
            (b"-1\r\n", Fault::ChunkSize),
            (b"4\nWiki", Fault::ChunkSize),
            (b"11112222333344445\r\n", Fault::ChunkSize),
            (b"4\r\nWikipedia\r\n", Fault::ChunkEnd),
            (b"0\r\nA: b\n\r\n", Fault::Trailer),
            (b"0\r\n\rx", Fault::Trailer),
        ];
        for (text, fault) in cases {
            assert_eq!(read(&[text]), Err(fault), "{:?}", String::from_utf8_lossy(text));
        }
        let endless = [b"1;".as_slice(), &[b'x'; 20_000]].concat();
        assert_eq!(read(&[&endless]), Err(Fault::Extensions));
    }

    proptest! {
        #[test]
        fn where_the_bytes_are_cut_makes_no_difference(
            chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..50), 0..8),
            cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..6),
        ) {
            let mut text = Vec::new();
            for chunk in &chunks {
                text.extend_from_slice(format!("{:X};e\r\n", chunk.len()).as_bytes());
                text.extend_from_slice(chunk);
                text.extend_from_slice(b"\r\n");
            }
            text.extend_from_slice(b"0\r\nT: r\r\n\r\n");
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|ends| &text[ends[0]..ends[1]]).collect();
            prop_assert_eq!(read(&pieces), Ok((chunks.concat(), true, text.len())));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&[&bytes]);
        }
    }
}
