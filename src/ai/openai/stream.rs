//! Answers as they are written, by server-sent events.

use actix_web::{
    HttpResponse,
    http::header::{self, ContentEncoding},
    web::Bytes,
};
use futures_util::stream;
use serde::Serialize;
use serde_json::json;

use crate::{
    ai::{
        AiError,
        chat::{Answer, Part},
        usage::Asking,
    },
    http::Problem,
};

/// Sends what `told` makes of each part of `answer`, after `first`; `asking` counts what it takes.
///
/// When the connection closes, the answer is let go of, and with it the work on it.
pub(super) fn respond<T: Serialize>(
    first: Option<T>,
    answer: Answer,
    told: impl FnMut(Part) -> Vec<T> + 'static,
    asking: Asking,
) -> HttpResponse {
    let opening = first.map(|first| event(&first)).unwrap_or_default();
    let state = Some((opening, answer, told, asking));
    let body = stream::unfold(state, async |state| {
        let (opening, mut answer, mut told, mut asking) = state?;
        if !opening.is_empty() {
            return Some((Ok(opening.into()), Some((String::new(), answer, told, asking))));
        }
        match answer.next().await {
            Ok(Some(Part::End(end))) => {
                asking.over(Ok(end));
                let last: String = told(Part::End(end)).iter().map(event).collect();
                Some((Ok((last + "data: [DONE]\n\n").into()), None))
            }
            Ok(Some(part)) => {
                asking.came(&part);
                let events: String = told(part).iter().map(event).collect();
                // An event that says nothing keeps the connection awake while a call is put together.
                let events = if events.is_empty() { ": writing\n\n".to_owned() } else { events };
                Some((Ok(events.into()), Some((String::new(), answer, told, asking))))
            }
            Ok(None) => Some((Ok(broken(AiError::BrokenOff, asking)), None)),
            Err(error) => Some((Ok(broken(error, asking)), None)),
        }
    });
    HttpResponse::Ok()
        .content_type("text/event-stream; charset=utf-8")
        // Compressed, words would wait for each other; a proxy must not collect them either.
        .insert_header(ContentEncoding::Identity)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming::<_, actix_web::Error>(body)
}

fn broken(error: AiError, asking: Asking) -> Bytes {
    asking.over(Err(&error));
    let problem = Problem::from(error);
    let error = json!({ "message": problem.detail, "code": problem.code.name(), "type": "server_error" });
    event(&json!({ "error": error })).into()
}

fn event(value: &impl Serialize) -> String {
    format!("data: {}\n\n", json!(value))
}
