//! Headers that handlers look at.

use std::{
    future::{Ready, ready},
    str::FromStr,
};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{AsHeaderName, HeaderMap},
};

use crate::http::{Code, Problem};

/// The one value of a header as text; `None` where it is not sent.
///
/// # Errors
/// When it is sent more than once, or holds something beside visible ASCII and blanks.
pub fn header_text<N>(headers: &HeaderMap, name: N) -> Result<Option<&str>, Problem>
where
    N: AsHeaderName + AsRef<str> + Clone,
{
    let mut values = headers.get_all(name.clone());
    let Some(value) = values.next() else { return Ok(None) };
    let wrong = |what: &str| Problem::new(Code::BadHeader, format!("{} {what}", name.as_ref()));
    if values.next().is_some() {
        return Err(wrong("is sent more than once; send it once"));
    }
    value.to_str().map(Some).map_err(|_| wrong("may hold visible ASCII characters alone"))
}

/// A header that a handler takes as a typed value.
pub trait NamedHeader: FromStr<Err: std::fmt::Display> + 'static {
    /// Its name, in small letters.
    const NAME: &'static str;
}

/// The value of the header `T`, where it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<T>(pub Option<T>);

impl<T: NamedHeader> FromRequest for Header<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parsed = header_text(request.headers(), T::NAME).and_then(|text| {
            let value = text.map(str::trim).map(T::from_str).transpose();
            value.map_err(|error| Problem::new(Code::BadHeader, format!("{}: {error}", T::NAME)))
        });
        ready(parsed.map(Self))
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use actix_web::test::TestRequest;

    use super::*;

    #[derive(Debug, PartialEq)]
    struct Depth(NonZeroU16);

    impl FromStr for Depth {
        type Err = &'static str;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            text.parse().map(Self).map_err(|_| "must be a whole number from 1")
        }
    }

    impl NamedHeader for Depth {
        const NAME: &'static str = "depth";
    }

    fn read(request: TestRequest) -> Result<Option<Depth>, Problem> {
        let taken = Header::<Depth>::from_request(&request.to_http_request(), &mut Payload::None);
        taken.into_inner().map(|header| header.0)
    }

    #[test]
    fn a_header_is_read_or_refused_by_its_name() {
        assert_eq!(read(TestRequest::get()), Ok(None));
        let three = read(TestRequest::get().insert_header(("depth", " 3 ")));
        assert_eq!(three, Ok(NonZeroU16::new(3).map(Depth)));
        for request in [
            TestRequest::get().insert_header(("depth", "0")),
            TestRequest::get().append_header(("depth", "1")).append_header(("depth", "2")),
            TestRequest::get().insert_header(("depth", &b"\xff"[..])),
        ] {
            let problem = read(request).expect_err("it is wrong");
            assert_eq!(problem.code, Code::BadHeader);
            assert!(problem.detail.starts_with("depth"), "{problem}");
        }
    }
}
