//! Bounds on the head of a request, whatever protocol it came by: an HTTP/1.1 connection has bounds of
//! its own (128 KiB, 96 headers), one of HTTP/2 takes more.

use actix_web::{dev::RequestHead, http::Uri};

use super::{Code, Problem};

/// Longest path with its query, in bytes.
pub(super) const LONGEST_URL: usize = 8 << 10;

/// Most headers of a request.
pub(super) const MOST_HEADERS: usize = 96;

/// Most bytes of all headers together, names and values.
pub(super) const LARGEST_HEADERS: usize = 64 << 10;

/// Why a request with this head is not looked at.
pub(super) fn refused(head: &RequestHead) -> Option<Problem> {
    if length(&head.uri) > LONGEST_URL {
        let detail = format!("path and query may have {LONGEST_URL} bytes; send long things in a body");
        return Some(Problem::new(Code::UriTooLong, detail));
    }
    let (mut count, mut bytes) = (0, 0);
    for (name, value) in &head.headers {
        count += 1;
        bytes += name.as_str().len() + value.len();
    }
    if count > MOST_HEADERS || bytes > LARGEST_HEADERS {
        let detail = format!(
            "a request may have {MOST_HEADERS} headers, and {LARGEST_HEADERS} bytes of them; send fewer"
        );
        return Some(Problem::new(Code::HeadersTooLarge, detail));
    }
    None
}

fn length(uri: &Uri) -> usize {
    uri.path_and_query().map_or(0, |path| path.as_str().len())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn code(request: TestRequest) -> Option<Code> {
        refused(request.to_srv_request().head()).map(|problem| problem.code)
    }

    #[test]
    fn the_bounds_are_reached_and_not_passed() {
        let url = |length: usize| TestRequest::get().uri(&format!("/{}", "a".repeat(length - 1)));
        assert_eq!(code(url(LONGEST_URL)), None);
        assert_eq!(code(url(LONGEST_URL + 1)), Some(Code::UriTooLong));

        let many = |count: usize| {
            (0..count).fold(TestRequest::get(), |request, at| request.append_header((format!("x-{at}"), "1")))
        };
        assert_eq!(code(many(MOST_HEADERS)), None);
        assert_eq!(code(many(MOST_HEADERS + 1)), Some(Code::HeadersTooLarge));

        let large = |bytes: usize| TestRequest::get().insert_header(("x", "a".repeat(bytes - 1)));
        assert_eq!(code(large(LARGEST_HEADERS)), None);
        assert_eq!(code(large(LARGEST_HEADERS + 1)), Some(Code::HeadersTooLarge));
    }

    #[test]
    fn a_header_that_is_repeated_counts_each_time() {
        let repeated = (0..=MOST_HEADERS).fold(TestRequest::get(), |all, _| all.append_header(("x", "1")));
        assert_eq!(code(repeated), Some(Code::HeadersTooLarge));
    }
}
