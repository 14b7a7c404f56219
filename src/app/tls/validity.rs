//! When a certificate holds: the one thing of it that the TLS library does not tell.
//!
//! Reads just as much of X.509 (RFC 5280, section 4.1) as leads there.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::Offset,
};

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// The version, which stands before everything else where it is not the first.
const VERSION: u8 = 0xa0;

/// When a certificate holds, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

impl Validity {
    /// When the certificate `der` holds; none where it has another form.
    pub(super) fn of(der: &[u8]) -> Option<Self> {
        let (certificate, _) = expect(der, SEQUENCE)?;
        let (signed, _) = expect(certificate, SEQUENCE)?;
        let after_version = expect(signed, VERSION).map_or(signed, |(_, rest)| rest);
        let (_serial, rest) = expect(after_version, INTEGER)?;
        let (_algorithm, rest) = expect(rest, SEQUENCE)?;
        let (_issuer, rest) = expect(rest, SEQUENCE)?;
        let (validity, _) = expect(rest, SEQUENCE)?;
        let (from, rest) = time(validity)?;
        let (until, _) = time(rest)?;
        Some(Self { from, until })
    }
}

/// The content of an element of this kind, and what follows it.
fn expect(bytes: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
            let length = digits.iter().fold(0_u64, |sum, digit| sum << 8 | u64::from(*digit));
            (usize::try_from(length).ok()?, rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length).filter(|_| found == kind)
}

/// A point in time, and what follows it.
fn time(bytes: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (text, rest, century) = match expect(bytes, UTC_TIME) {
        // Two digits of the year: 50 is 1950 and 49 is 2049.
        Some((text, rest)) => (text, rest, Some(if text.first()? < &b'5' { 2000 } else { 1900 })),
        None => expect(bytes, GENERALIZED_TIME).map(|(text, rest)| (text, rest, None))?,
    };
    let digits = text.strip_suffix(b"Z")?;
    let (year, digits) = digits.split_at_checked(if century.is_some() { 2 } else { 4 })?;
    let [month, day, hour, minute, second] = parts(digits)?;
    let date = Date::new(century.unwrap_or(0) + number(year)?, month, day).ok()?;
    let time = Time::new(hour, minute, second, 0).ok()?;
    let at = Offset::UTC.to_timestamp(DateTime::from_parts(date, time)).ok()?;
    Some((at, rest))
}

fn parts(digits: &[u8]) -> Option<[i8; 5]> {
    let mut parts = [0; 5];
    if digits.len() != 10 {
        return None;
    }
    for (part, digits) in parts.iter_mut().zip(digits.chunks(2)) {
        *part = i8::try_from(number(digits)?).ok()?;
    }
    Some(parts)
}

fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0, |sum: i16, digit| {
        let digit = digit.is_ascii_digit().then(|| i16::from(digit - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn certificate(from: (i32, u8, u8), until: (i32, u8, u8)) -> Vec<u8> {
        let mut params = CertificateParams::new(vec!["maid.example".to_owned()]).expect("a name");
        params.not_before = date_time_ymd(from.0, from.1, from.2);
        params.not_after = date_time_ymd(until.0, until.1, until.2);
        let key = KeyPair::generate().expect("a key");
        params.self_signed(&key).expect("a certificate").der().to_vec()
    }

    #[test]
    fn it_is_what_the_certificate_says() {
        let validity = Validity::of(&certificate((1999, 12, 31), (2049, 1, 2))).expect("a certificate");
        assert_eq!(validity.from.to_string(), "1999-12-31T00:00:00Z");
        assert_eq!(validity.until.to_string(), "2049-01-02T00:00:00Z");
        let later = Validity::of(&certificate((2050, 3, 4), (2999, 6, 30))).expect("a certificate");
        assert_eq!(
            (later.from.to_string(), later.until.to_string()),
            ("2050-03-04T00:00:00Z".to_owned(), "2999-06-30T00:00:00Z".to_owned())
        );
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            Validity::of(&bytes);
        }

        #[test]
        fn a_damaged_certificate_does_not_either(at in 0_usize..400, with in any::<u8>()) {
            let mut der = certificate((2020, 1, 1), (2030, 1, 1));
            if let Some(byte) = der.get_mut(at) {
                *byte = with;
            }
            Validity::of(&der);
            Validity::of(&der[..at.min(der.len())]);
        }
    }
}
