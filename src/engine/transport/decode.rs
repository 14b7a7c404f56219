//! Takes the compression off a body that something reads.

use std::io::{self, Read};

use super::{Failure, FailureKind, MAX_KEPT_BODY};

/// Most codings on top of each other; more is an attack.
const MAX_LAYERS: usize = 3;

/// Largest zstd window, 8 MB, as RFC 9659 asks of `Content-Encoding`.
const ZSTD_WINDOW_LOG: u32 = 23;

/// Decompresses a body, last coding first. The result is at most [`MAX_KEPT_BODY`] long.
pub(super) fn body(encoding: Option<&[u8]>, body: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let Some(encoding) = encoding else { return Ok(body) };
    if body.is_empty() {
        return Ok(body);
    }
    let layers: Vec<&[u8]> = encoding
        .split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"))
        .collect();
    if layers.len() > MAX_LAYERS {
        return Err(Failure::new(FailureKind::Decode, "the body has more than 3 content codings"));
    }
    layers.iter().rev().try_fold(body, |body, coding| layer(coding, &body))
}

/// As much as can be decompressed of the beginning of a body, at most `most` bytes, for people to look at; the beginning
/// itself where that is nothing.
pub(in crate::engine) fn beginning(encoding: Option<&[u8]>, body: &[u8], most: usize) -> Vec<u8> {
    let coding = encoding.unwrap_or_default().trim_ascii().to_ascii_lowercase();
    let plain = match coding.as_slice() {
        b"gzip" | b"x-gzip" => some(flate2::read::MultiGzDecoder::new(body), most),
        b"deflate" => some(flate2::read::ZlibDecoder::new(body), most),
        b"br" => some(brotli::Decompressor::new(body, 4096), most),
        b"zstd" => zstd::stream::read::Decoder::with_buffer(body).ok().and_then(|mut decoder| {
            decoder.window_log_max(ZSTD_WINDOW_LOG).ok()?;
            some(decoder, most)
        }),
        _ => None,
    };
    plain.unwrap_or_else(|| body[..body.len().min(most)].to_vec())
}

/// What there is before the end or the first error.
fn some(mut decoder: impl Read, most: usize) -> Option<Vec<u8>> {
    let mut plain = vec![0; most];
    let mut filled = 0;
    while let Some(room) = plain.get_mut(filled..).filter(|room| !room.is_empty()) {
        match decoder.read(room) {
            Ok(0) | Err(_) => break,
            Ok(read) => filled += read,
        }
    }
    plain.truncate(filled);
    (!plain.is_empty()).then_some(plain)
}

fn layer(coding: &[u8], body: &[u8]) -> Result<Vec<u8>, Failure> {
    let coding = coding.to_ascii_lowercase();
    match coding.as_slice() {
        b"gzip" | b"x-gzip" => bounded("gzip", flate2::read::MultiGzDecoder::new(body)),
        // "deflate" means zlib, but some servers send the bare stream.
        b"deflate" => match bounded("deflate", flate2::read::ZlibDecoder::new(body)) {
            Err(Failure::Failed { kind: FailureKind::Decode, .. }) => {
                bounded("deflate", flate2::read::DeflateDecoder::new(body))
            }
            done => done,
        },
        b"br" => bounded("br", brotli::Decompressor::new(body, 4096)),
        b"zstd" => zstd::stream::read::Decoder::with_buffer(body)
            .and_then(|mut decoder| {
                decoder.window_log_max(ZSTD_WINDOW_LOG)?;
                Ok(decoder)
            })
            .map_err(|_| broken("zstd"))
            .and_then(|decoder| bounded("zstd", decoder)),
        _ => Err(Failure::new(
            FailureKind::Decode,
            "the body has a content coding other than gzip, deflate, br and zstd",
        )),
    }
}

fn bounded(coding: &str, decoder: impl Read) -> Result<Vec<u8>, Failure> {
    let mut plain = Vec::new();
    let read: io::Result<usize> = decoder.take(MAX_KEPT_BODY as u64 + 1).read_to_end(&mut plain);
    match read {
        Ok(_) if plain.len() > MAX_KEPT_BODY => Err(Failure::new(
            FailureKind::TooLarge,
            "the decompressed body is larger than the 16 MB that MAID keeps for checks and extraction",
        )),
        Ok(_) => Ok(plain),
        Err(_) => Err(broken(coding)),
    }
}

fn broken(coding: &str) -> Failure {
    Failure::new(FailureKind::Decode, format!("the body is not what its content coding {coding} says"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write};

    use super::*;

    const TEXT: &[u8] = b"Wikipedia, Wikipedia, Wikipedia";

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = write::GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(plain).expect("memory");
        encoder.finish().expect("memory")
    }

    fn kind(result: Result<Vec<u8>, Failure>) -> FailureKind {
        match result {
            Err(Failure::Failed { kind, .. }) => kind,
            other => panic!("not a failure: {other:?}"),
        }
    }

    #[test]
    fn every_coding_is_taken_off() {
        let mut zlib = write::ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(TEXT).expect("memory");
        let mut raw = write::DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(TEXT).expect("memory");
        let mut br = Vec::new();
        brotli::CompressorWriter::new(&mut br, 4096, 5, 20).write_all(TEXT).expect("memory");
        let zstd = zstd::encode_all(TEXT, 3).expect("memory");
        let cases: [(&[u8], Vec<u8>); 7] = [
            (b"gzip", gzip(TEXT)),
            (b"deflate", zlib.finish().expect("memory")),
            (b"deflate", raw.finish().expect("memory")),
            (b"br", br),
            (b"ZSTD", zstd.clone()),
            (b"zstd, gzip", gzip(&zstd)),
            (b"identity", TEXT.to_vec()),
        ];
        for (coding, packed) in cases {
            let plain = body(Some(coding), packed).expect("well-formed");
            assert_eq!(plain, TEXT, "{}", String::from_utf8_lossy(coding));
        }
    }

    #[test]
    fn garbage_unknown_codings_and_bombs_are_refused() {
        for coding in [b"gzip".as_slice(), b"deflate", b"br", b"zstd", b"snappy", b"br,br,br,br"] {
            let garbage = b"\xff\xfenot compressed at all".to_vec();
            assert_eq!(kind(body(Some(coding), garbage)), FailureKind::Decode);
        }
        let truncated = gzip(TEXT)[..20].to_vec();
        assert_eq!(kind(body(Some(b"gzip"), truncated)), FailureKind::Decode);
        let bomb = gzip(&vec![0; MAX_KEPT_BODY + 1]);
        assert_eq!(kind(body(Some(b"gzip"), bomb)), FailureKind::TooLarge);
    }
}
