//! The routes below `/v1`.

use actix_web::{HttpResponse, get, post, web::Data};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    chat::{self, Begun, Chunks},
    completion as going_on,
    dto::{
        ChatCompletion, ChatRequest, CompletionRequest, EmbeddingRequest, Embeddings, ModelEntry, Models,
        TextCompletion,
    },
    embedding, stream, told,
};
use crate::{
    ai::{
        Ai, AiError,
        chat::{Intent, Request},
        desk::Desk,
        router::{Delivery, Question, Wish},
    },
    auth::{Authorized, MaidRead, MaidWrite},
    http::{Json, Path, Problem},
};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(
        scope("/v1")
            .service(all_models)
            .service(one_model)
            .service(chat_completion)
            .service(text_completion)
            .service(embeddings),
    );
}

/// The models of this server
///
/// As OpenAI's clients list them: those that are configured, and there.
#[utoipa::path(tag = "openai", operation_id = "list_models",
    responses((status = OK, description = "Models", body = Models)))]
#[get("/models")]
async fn all_models(_: Authorized<MaidRead>, ai: Data<Ai>) -> HttpResponse {
    HttpResponse::Ok().json(Models { object: "list", data: offered(&ai) })
}

/// A model of this server
#[utoipa::path(tag = "openai", operation_id = "get_model", params(("model" = String, Path, description = "Its name")),
    responses((status = OK, description = "The model", body = ModelEntry)))]
#[get("/models/{model:.+}")]
async fn one_model(
    _: Authorized<MaidRead>,
    ai: Data<Ai>,
    asked: Path<String>,
) -> Result<HttpResponse, Problem> {
    let asked = asked.into_inner();
    let found = offered(&ai).into_iter().find(|model| model.id == asked);
    let found = found.ok_or(AiError::Unknown { asked })?;
    Ok(HttpResponse::Ok().json(found))
}

fn offered(ai: &Ai) -> Vec<ModelEntry> {
    let entry = |model: crate::ai::Offered| ModelEntry {
        id: model.name,
        object: "model",
        created: model.since,
        owned_by: model.owner,
    };
    ai.offered().into_iter().map(entry).collect()
}

/// The next turn of a conversation
///
/// As OpenAI's clients ask for it: streamed or whole, as text, as JSON of a schema, or as a call of a tool. What the model
/// says is never acted upon.
#[utoipa::path(tag = "openai", operation_id = "create_chat_completion", request_body = ChatRequest,
    responses((status = OK, description = "The answer; with `stream`, server-sent events", body = ChatCompletion)))]
#[post("/chat/completions")]
async fn chat_completion(
    principal: Authorized<MaidWrite>,
    desk: Data<Desk>,
    body: Json<ChatRequest>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let wish = desk.ai().wish(&body.model)?;
    let (streams, options) = (body.delivery.stream == Some(true), body.delivery.stream_options);
    let request = told::chat(body)?;
    let begun = Begun::now("chatcmpl");
    let shape = request.shape.clone();
    let (asking, answer) = desk.ask(&principal, question(request, wish, streams)).await?;
    let begun = begun.by(&answer);
    if !streams {
        let answered = chat::whole(&begun, answer, &shape).await;
        asking.over(answered.as_ref().map(|(_, end)| *end));
        return Ok(HttpResponse::Ok().json(answered?.0));
    }
    let mut chunks = Chunks::new(begun, shape, options.unwrap_or_default().include_usage);
    let first = chunks.first();
    Ok(stream::respond(Some(first), answer, move |part| chunks.of(part), asking))
}

/// How a text goes on
///
/// As OpenAI's older clients ask for it.
#[utoipa::path(tag = "openai", operation_id = "create_completion", request_body = CompletionRequest,
    responses((status = OK, description = "The answer; with `stream`, server-sent events", body = TextCompletion)))]
#[post("/completions")]
async fn text_completion(
    principal: Authorized<MaidWrite>,
    desk: Data<Desk>,
    body: Json<CompletionRequest>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let wish = desk.ai().wish(&body.model)?;
    let (streams, options) = (body.delivery.stream == Some(true), body.delivery.stream_options);
    let (request, echo) = told::completion(body)?;
    let begun = Begun::now("cmpl");
    let (asking, answer) = desk.ask(&principal, question(request, wish, streams)).await?;
    let begun = begun.by(&answer);
    if !streams {
        let answered = going_on::whole(&begun, answer, echo).await;
        asking.over(answered.as_ref().map(|(_, end)| *end));
        return Ok(HttpResponse::Ok().json(answered?.0));
    }
    let counts = options.unwrap_or_default().include_usage;
    let first = echo.map(|echo| going_on::chunk(&begun, echo, None));
    let told = move |part| going_on::of(&begun, part, counts);
    Ok(stream::respond(first, answer, told, asking))
}

/// Vectors of texts
///
/// Texts of like meaning have vectors near each other.
#[utoipa::path(tag = "openai", operation_id = "create_embedding", request_body = EmbeddingRequest,
    responses((status = OK, description = "One vector for each text", body = Embeddings)))]
#[post("/embeddings")]
async fn embeddings(
    _: Authorized<MaidWrite>,
    ai: Data<Ai>,
    body: Json<EmbeddingRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(embedding::embed(&ai, body.into_inner()).await?))
}

fn question(request: Request, wish: Wish, streams: bool) -> Question {
    let delivery = if streams { Delivery::Parts } else { Delivery::Whole };
    Question { request, intent: Intent::Chat, wish, delivery }
}
