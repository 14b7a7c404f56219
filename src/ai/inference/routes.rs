//! The routes below `/api/inference` of what models make.

use std::time::Instant;

use actix_web::{HttpResponse, post, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    dto::{SpeechRequest, TextAnswer, TextRequest, TextUsage},
    told,
};
use crate::{
    ai::{
        chat::{Intent, dollars},
        desk::Desk,
    },
    auth::{Authorized, MaidWrite},
    http::{Json, Problem},
};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(text).service(speech);
}

/// Ask a model for text
///
/// The model inside MAID, or whoever the AI policy says. What it answers is never acted upon.
#[utoipa::path(tag = "inference", operation_id = "infer_text", request_body = TextRequest,
    responses((status = OK, description = "The answer", body = TextAnswer)))]
#[post("/api/inference/text")]
async fn text(
    principal: Authorized<MaidWrite>,
    desk: Data<Desk>,
    body: Json<TextRequest>,
) -> Result<HttpResponse, Problem> {
    let request = told::question(body.into_inner())?;
    let begun = Instant::now();
    let said = desk.asker(&principal).whole(request, Intent::Chat).await.map_err(told::placed)?;
    let tokens = said.end.tokens;
    Ok(HttpResponse::Ok().json(TextAnswer {
        text: said.text,
        finish: said.end.finish,
        engine: said.engine,
        usage: TextUsage {
            latency_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            tokens: tokens.prompt.saturating_add(tokens.answer),
            prompt_tokens: tokens.prompt,
            answer_tokens: tokens.answer,
            cost: dollars(said.end.cost),
            estimated: tokens.estimated,
        },
    }))
}

/// Have a text said
///
/// By the model that `ai.speech_model` names; `model_not_configured` where none does. The text never leaves the machine.
#[utoipa::path(tag = "inference", operation_id = "infer_speech", request_body = SpeechRequest,
    responses((status = OK, description = "What was said: a WAV file of 44,100 samples a second, 16 bits, one channel",
        body = Vec<u8>, content_type = "audio/wav")))]
#[post("/api/inference/speech")]
async fn speech(
    principal: Authorized<MaidWrite>,
    desk: Data<Desk>,
    body: Json<SpeechRequest>,
) -> Result<HttpResponse, Problem> {
    let script = told::script(&body)?;
    let speech = desk.ai().speech()?;
    let said = desk.made(&principal, (speech.name(), "speech"), speech.make(script)).await;
    Ok(HttpResponse::Ok().content_type("audio/wav").body(said.map_err(told::placed)?))
}
