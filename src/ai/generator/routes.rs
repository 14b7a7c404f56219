//! The routes that make a test of words: one below `/api/maid`, one below `/v1`.

use std::convert::Infallible;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    post,
    web::{Bytes, Data},
};
use futures_util::stream;
use serde::Serialize;
use tokio::sync::mpsc;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    dto::{Format, GenerateAnswer, GenerateRequest, Progress},
    error::GenerateError,
    service::{Ask, Generator},
};
use crate::{
    auth::{Authorized, MaidRead, Principal},
    http::{Json, Problem},
    loadtest::parse,
    runs::document_of,
};

/// Events that wait for a slow reader; there are fewer.
const EVENTS: usize = 16;

/// Registers the route below `/api/maid`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(generate_recipe);
}

/// Registers the route below `/v1`.
pub fn openai_routes(config: &mut ServiceConfig<'_>) {
    config.service(create_recipe);
}

/// Make a LoadTest of words
///
/// Of what somebody wants in English or German, and, with `previous`, of a test that it changes. Every field says where
/// it comes from. Hosts are those of the text alone: without one, the answer has a question in place of a host. Nothing
/// is stored, sent or started. With `Accept: text/event-stream`, steps come as events `step`, and the answer as the
/// event `result`.
#[utoipa::path(tag = "recipe generator", request_body = GenerateRequest,
    responses((status = OK, description = "The LoadTest, and what is to be known about it", body = GenerateAnswer)))]
#[post("/recipe-generator/generate")]
async fn generate_recipe(
    principal: Authorized<MaidRead>,
    generator: Data<Generator>,
    request: HttpRequest,
    body: Json<GenerateRequest>,
) -> Result<HttpResponse, Problem> {
    answer(principal.into_principal(), &generator, &request, body.into_inner()).await
}

/// Make a LoadTest of words, as a service
///
/// The same as `/api/maid/recipe-generator/generate`, beside the routes that speak OpenAI's API.
#[utoipa::path(tag = "ai", request_body = GenerateRequest,
    responses((status = OK, description = "The LoadTest, and what is to be known about it", body = GenerateAnswer)))]
#[post("/v1/recipes")]
async fn create_recipe(
    principal: Authorized<MaidRead>,
    generator: Data<Generator>,
    request: HttpRequest,
    body: Json<GenerateRequest>,
) -> Result<HttpResponse, Problem> {
    answer(principal.into_principal(), &generator, &request, body.into_inner()).await
}

async fn answer(
    principal: Principal,
    generator: &Generator,
    request: &HttpRequest,
    body: GenerateRequest,
) -> Result<HttpResponse, Problem> {
    let previous = body.previous.map(|raw| {
        let text = document_of(&raw);
        parse::parse(&text, "previous").and_then(|document| document.read()).map_err(GenerateError::Previous)
    });
    let ask = Ask { text: body.text, previous: previous.transpose()? };
    let streams = request.headers().get_all(header::ACCEPT).any(|value| {
        value
            .to_str()
            .is_ok_and(|value| value.split(',').any(|one| one.trim().starts_with("text/event-stream")))
    });
    if streams {
        return Ok(streamed(principal, generator.clone(), ask, body.format));
    }
    let made = generator.generate(&principal, ask, &|_| ()).await?;
    Ok(HttpResponse::Ok().json(GenerateAnswer::of(made, body.format)))
}

/// The steps as they are taken, then the answer or the problem. Whoever leaves ends the work.
fn streamed(principal: Principal, generator: Generator, ask: Ask, format: Format) -> HttpResponse {
    let (events, waiting) = mpsc::channel::<Bytes>(EVENTS);
    let work = Box::pin(async move {
        let steps = events.clone();
        let progress = move |step| {
            steps.try_send(event("step", &Progress { step })).ok();
        };
        let last = match generator.generate(&principal, ask, &progress).await {
            Ok(made) => event("result", &GenerateAnswer::of(made, format)),
            Err(error) => event("error", &Problem::from(error)),
        };
        events.send(last).await.ok();
    });
    // The work goes on as the stream is read: dropped with it, it ends.
    let all = stream::unfold((waiting, Some(work)), |(mut waiting, mut work)| async move {
        loop {
            let Some(running) = work.as_mut() else {
                return waiting.recv().await.map(|bytes| (Ok::<_, Infallible>(bytes), (waiting, None)));
            };
            tokio::select! {
                biased;
                event = waiting.recv() => return event.map(|bytes| (Ok(bytes), (waiting, work))),
                () = running => work = None,
            }
        }
    });
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Compressed, events would wait for each other.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .streaming(all)
}

fn event(name: &str, data: &impl Serialize) -> Bytes {
    // Texts, numbers and lists of them: nothing here can fail to serialise.
    let data = serde_json::to_string(data).unwrap_or_default();
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}
