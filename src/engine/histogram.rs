//! The stored form of a latency histogram: HDR V2 + DEFLATE, base64, which the HDR tools of other
//! languages read as well.
//!
//! A stored histogram may come from a file that somebody sent, so it is inflated and checked within
//! bounds before the HDR library sees it: that library trusts the lengths it reads.

use std::io::Read;

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::read::ZlibDecoder;
use hdrhistogram::{
    Histogram,
    serialization::{Deserializer, Serializer, V2DeflateSerializer},
};

/// Shortest response time that is told from others, in microseconds.
pub const LOWEST_US: u64 = 1;
/// Longest response time, in microseconds: one hour. Longer ones count as this.
pub const HIGHEST_US: u64 = 3_600_000_000;
/// Significant decimal digits of a recorded value.
pub const DIGITS: u8 = 3;

/// Largest base64 text that is taken. A histogram of one hour at three digits, every bucket in use,
/// stays under a quarter of it.
const LONGEST_TEXT: usize = 1 << 20;
/// Largest inflated form that is taken.
const LONGEST_PLAIN: u64 = 1 << 20;
/// Bytes of the two cookies, read as the HDR format defines them.
const COMPRESSED_COOKIE: u32 = 0x1c84_9314;
const PLAIN_COOKIE: u32 = 0x1c84_9313;
/// Length of the head of the inflated form.
const HEAD: usize = 40;
/// Most values in one histogram, so that sums over two of them cannot overflow.
const MOST_VALUES: u64 = 1 << 62;

/// Why a text is not a stored histogram.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a stored histogram ({0}): the file is damaged or was changed; take the report again")]
pub struct HistogramError(&'static str);

/// An empty histogram in the one layout that MAID records in.
#[must_use]
pub fn empty() -> Histogram<u64> {
    Histogram::new_with_bounds(LOWEST_US, HIGHEST_US, DIGITS).expect("the bounds are valid constants")
}

/// The stored form of `histogram`; an empty text for an empty histogram, which [`decode`] takes back.
#[must_use]
pub fn encode(histogram: &Histogram<u64>) -> String {
    if histogram.is_empty() {
        return String::new();
    }
    let mut bytes = Vec::new();
    match V2DeflateSerializer::new().serialize(histogram, &mut bytes) {
        Ok(_) => BASE64_STANDARD.encode(bytes),
        // Only a single bucket of more than 2^63 values gets here; no run lives that long.
        Err(_) => String::new(),
    }
}

/// The histogram of a stored form.
///
/// # Errors
/// When the text is too long, damaged, of another layout or holds impossible counts.
pub fn decode(text: &str) -> Result<Histogram<u64>, HistogramError> {
    if text.is_empty() {
        return Ok(empty());
    }
    if text.len() > LONGEST_TEXT {
        return Err(HistogramError("longer than 1 MiB"));
    }
    let packed = BASE64_STANDARD.decode(text).map_err(|_| HistogramError("not base64"))?;
    let plain = inflate(&packed)?;
    check_head(&plain)?;
    check_counts(&plain[HEAD..])?;
    let histogram: Histogram<u64> = Deserializer::new()
        .deserialize(&mut plain.as_slice())
        .map_err(|_| HistogramError("its buckets cannot be read"))?;
    let total = histogram.iter_recorded().try_fold(0_u64, |sum, bucket| {
        sum.checked_add(bucket.count_at_value()).filter(|sum| *sum <= MOST_VALUES)
    });
    total.map(|_| histogram).ok_or(HistogramError("impossible counts"))
}

fn inflate(packed: &[u8]) -> Result<Vec<u8>, HistogramError> {
    if word(packed, 0) != Some(COMPRESSED_COOKIE) {
        return Err(HistogramError("not HDR V2 with DEFLATE"));
    }
    let body = packed.get(8..).ok_or(HistogramError("cut short"))?;
    let mut plain = Vec::new();
    ZlibDecoder::new(body)
        .take(LONGEST_PLAIN)
        .read_to_end(&mut plain)
        .map_err(|_| HistogramError("its compression is damaged"))?;
    Ok(plain)
}

/// Refuses a layout that would make the HDR library reserve more than a recorder's own histogram.
fn check_head(plain: &[u8]) -> Result<(), HistogramError> {
    let payload = plain.len().checked_sub(HEAD).ok_or(HistogramError("cut short"))?;
    if word(plain, 0) != Some(PLAIN_COOKIE) {
        return Err(HistogramError("not HDR V2"));
    }
    if word(plain, 4).map(u64::from) != u64::try_from(payload).ok() {
        return Err(HistogramError("cut short"));
    }
    if word(plain, 12) != Some(u32::from(DIGITS)) {
        return Err(HistogramError("not of 3 significant digits"));
    }
    Ok(())
}

/// Refuses the one count whose negation overflows inside the HDR library: nine bytes of ones.
fn check_counts(payload: &[u8]) -> Result<(), HistogramError> {
    let impossible = payload.windows(9).any(|bytes| bytes.iter().all(|byte| *byte == 0xff));
    if impossible { Err(HistogramError("impossible counts")) } else { Ok(()) }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        let mut histogram = empty();
        for value in 1..5000_u64 {
            histogram.saturating_record(value * value);
        }
        assert_eq!(decode(&encode(&histogram)).expect("own form"), histogram);
        assert_eq!(decode(&encode(&empty())).expect("empty form").len(), 0);
    }

    #[test]
    fn a_damaged_text_is_refused_with_the_cause() {
        let mut histogram = empty();
        histogram.saturating_record(1234);
        let good = encode(&histogram);
        for bad in ["*", "AAAA", &good[..good.len() / 2 / 4 * 4], &"A".repeat(LONGEST_TEXT + 4)] {
            let message = decode(bad).expect_err(bad).to_string();
            assert!(message.starts_with("this is not a stored histogram ("), "{message}");
        }
    }

    #[test]
    fn a_bomb_and_a_foreign_layout_are_refused() {
        let packed = |plain: &[u8]| {
            let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
            std::io::Write::write_all(&mut zlib, plain).expect("memory");
            let body = zlib.finish().expect("memory");
            let mut bytes = COMPRESSED_COOKIE.to_be_bytes().to_vec();
            bytes.extend(u32::try_from(body.len()).expect("small").to_be_bytes());
            bytes.extend(body);
            BASE64_STANDARD.encode(bytes)
        };
        assert!(decode(&packed(&vec![0_u8; 64 << 20])).is_err());
        let head = |digits: u32, payload: &[u8]| {
            let mut plain = PLAIN_COOKIE.to_be_bytes().to_vec();
            plain.extend(u32::try_from(payload.len()).expect("small").to_be_bytes());
            plain.extend(0_u32.to_be_bytes());
            plain.extend(digits.to_be_bytes());
            plain.extend(1_u64.to_be_bytes());
            plain.extend(HIGHEST_US.to_be_bytes());
            plain.extend(1_f64.to_be_bytes());
            plain.extend(payload);
            packed(&plain)
        };
        assert!(decode(&head(3, &[2])).is_ok());
        assert!(decode(&head(5, &[2])).is_err());
        assert!(decode(&head(3, &[0xff; 9])).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in ".{0,200}") {
            let _ = decode(&text);
        }

        #[test]
        fn any_values_come_back(values in prop::collection::vec(0_u64..u64::MAX, 0..50)) {
            let mut histogram = empty();
            values.iter().for_each(|value| histogram.saturating_record(*value));
            prop_assert_eq!(decode(&encode(&histogram)).expect("own form"), histogram);
        }
    }
}
