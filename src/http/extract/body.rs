//! A body, read whole within its bounds.

use std::time::Duration;

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    error::PayloadError,
    http::header,
    web::{Bytes, BytesMut},
};
use futures_util::{
    StreamExt,
    future::{FutureExt, LocalBoxFuture},
};
use tokio::time::{Instant, timeout, timeout_at};

use super::header::header_text;
use crate::http::{Code, Digest, Problem, idempotency};

/// How often [`BodyLimits::patience`] may pass before a body must be there as a whole.
const WHOLE: u32 = 6;

/// Memory taken for a body before it arrives, whatever it says about its length.
const FIRST_ROOM: usize = 64 << 10;

/// What a body may cost; known to handlers as data of the application.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimits {
    /// Largest body, in bytes.
    pub max_body: usize,
    /// How long nothing may arrive; six times as long may pass for the whole body.
    pub patience: Duration,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self { max_body: 10 << 20, patience: Duration::from_secs(10) }
    }
}

impl BodyLimits {
    /// The limits that the application was given.
    pub(super) fn of(request: &HttpRequest) -> Self {
        request.app_data::<Self>().copied().unwrap_or_default()
    }
}

/// SHA-256 of a body, left with the request for whoever asks whether it is a repetition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyDigest(pub Digest);

/// A body that is not there; an empty object is none.
#[derive(Clone, Copy, Debug)]
pub struct NoBody;

impl FromRequest for NoBody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        async move {
            let body = read(&request, &mut payload, BodyLimits::of(&request)).await?;
            match body.trim_ascii() {
                b"" | b"{}" | b"null" => Ok(Self),
                _ => Err(Problem::new(Code::InvalidBody, "this route takes no body; send it without")),
            }
        }
        .boxed_local()
    }
}

/// Reads the body of `request`.
///
/// # Errors
/// When it is too large, too slow, or ends too early.
pub(super) async fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    limits: BodyLimits,
) -> Result<Bytes, Problem> {
    refuse_encodings(request)?;
    let announced = announced(request)?;
    if announced.is_some_and(|length| length > limits.max_body as u64) {
        return Err(too_large(limits));
    }
    let room = announced.map_or(0, |length| usize::try_from(length).unwrap_or(FIRST_ROOM));
    let mut body = BytesMut::with_capacity(room.min(FIRST_ROOM));
    let whole = Instant::now() + limits.patience * WHOLE;
    loop {
        let next = timeout_at(whole, timeout(limits.patience, payload.next()));
        let Ok(Ok(chunk)) = next.await else { return Err(too_slow(limits)) };
        match chunk {
            None => break,
            Some(Ok(chunk)) if body.len() + chunk.len() > limits.max_body => return Err(too_large(limits)),
            Some(Ok(chunk)) => body.extend_from_slice(&chunk),
            Some(Err(error)) => return Err(broken(&error, limits)),
        }
    }
    let body = body.freeze();
    if request.headers().contains_key(idempotency::KEY) {
        request.extensions_mut().insert(BodyDigest(Digest::of(&body)));
    }
    Ok(body)
}

/// A compressed body would be larger than it says.
fn refuse_encodings(request: &HttpRequest) -> Result<(), Problem> {
    match header_text(request.headers(), &header::CONTENT_ENCODING)? {
        None => Ok(()),
        Some(encoding) if encoding.eq_ignore_ascii_case("identity") => Ok(()),
        Some(_) => Err(Problem::new(
            Code::UnsupportedMediaType,
            "the body is compressed, which is not taken; send it without Content-Encoding",
        )),
    }
}

fn announced(request: &HttpRequest) -> Result<Option<u64>, Problem> {
    match header_text(request.headers(), &header::CONTENT_LENGTH)? {
        None => Ok(None),
        Some(length) => length
            .parse()
            .map(Some)
            .map_err(|_| Problem::new(Code::BadHeader, "Content-Length must be a number of bytes")),
    }
}

fn too_large(limits: BodyLimits) -> Problem {
    let detail = format!(
        "at most {} bytes are taken, which the setting server.max_body says; send less or raise it",
        limits.max_body
    );
    Problem::new(Code::TooLarge, detail)
}

fn too_slow(limits: BodyLimits) -> Problem {
    let detail = format!(
        "nothing arrived for {} seconds, or the whole body took more than {}",
        limits.patience.as_secs_f32(),
        (limits.patience * WHOLE).as_secs_f32()
    );
    Problem::new(Code::Timeout, detail)
}

fn broken(error: &PayloadError, limits: BodyLimits) -> Problem {
    match error {
        PayloadError::Overflow => too_large(limits),
        PayloadError::EncodingCorrupted => {
            Problem::new(Code::MalformedBody, "the chunks of the body are broken; send it again")
        }
        _ => Problem::new(Code::MalformedBody, "the body ended before its announced length; send it again"),
    }
}
