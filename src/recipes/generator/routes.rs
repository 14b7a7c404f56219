//! The routes that help with writing a test, below `/api/maid`.

use actix_web::{HttpResponse, get, post, web::Data};
use serde_json::{Map, Value};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    dto::{Inspect, Inspected, Probe, SuggestRequest, Suggestions, Template, Templates},
    error::RefusedProbe,
    service::{self, Draft},
};
use crate::{
    auth::{Authorized, MaidRead, MaidWrite, Permission as _},
    http::{Code, FieldError, Json, Problem},
    recipes::service::Recipes,
    runs::{Runs, document_of},
};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(templates).service(inspect).service(suggest);
}

/// What there is to begin with
///
/// The built-in recipes, with what each asks for.
#[utoipa::path(tag = "recipe generator", responses((status = OK, description = "Recipes", body = Templates)))]
#[get("/recipe-generator/templates")]
async fn templates(_: Authorized<MaidRead>, recipes: Data<Recipes>) -> HttpResponse {
    let items = recipes.built_in().map(|built_in| {
        let recipe = built_in.checked.recipe().clone();
        Template {
            id: built_in.id.to_owned(),
            title: recipe.title,
            summary: recipe.summary,
            category: recipe.category,
            requires: recipe.requires,
            parameters: recipe.parameters,
        }
    });
    HttpResponse::Ok().json(Templates { items: items.collect() })
}

/// Look over a recipe or a LoadTest
///
/// Everything that is wrong with it, else what an experienced tester would say of it. Nothing is stored or
/// sent.
#[utoipa::path(tag = "recipe generator", request_body = Inspect,
    responses((status = OK, description = "What is wrong, and what could be better", body = Inspected)))]
#[post("/recipe-generator/validate")]
async fn inspect(
    _: Authorized<MaidRead>,
    runs: Data<Runs>,
    body: Json<Inspect>,
) -> Result<HttpResponse, Problem> {
    let Inspect { recipe, loadtest, env } = body.into_inner();
    let draft = match (recipe, loadtest) {
        (Some(recipe), None) => Draft::Recipe(document_of(&recipe)),
        (None, Some(loadtest)) => Draft::LoadTest(document_of(&loadtest)),
        _ => {
            let message = "give exactly one of `recipe` and `loadtest`".to_owned();
            let place = FieldError { path: "loadtest".to_owned(), message: message.clone() };
            return Err(Problem::new(Code::InvalidBody, message).with_errors([place]));
        }
    };
    let answer = match service::inspect(draft, env, runs.context().config()).await? {
        Ok(advice) => Inspected { valid: true, errors: Vec::new(), advice },
        Err(problems) => Inspected {
            valid: false,
            errors: problems.list().iter().map(Into::into).collect(),
            advice: Vec::new(),
        },
    };
    Ok(HttpResponse::Ok().json(answer))
}

/// Suggest values
///
/// For each parameter of a recipe that is no secret: from a probe of the target where `probe` asks for one, from
/// earlier runs of the recipe against this target, else from the recipe. Without `probe`, nothing is sent. One probe
/// is sent at a time, and none while a run is active.
#[utoipa::path(tag = "recipe generator", request_body = SuggestRequest,
    responses((status = OK, description = "Values, and why", body = Suggestions)))]
#[post("/recipe-generator/suggest")]
async fn suggest(
    principal: Authorized<MaidRead>,
    recipes: Data<Recipes>,
    runs: Data<Runs>,
    body: Json<SuggestRequest>,
) -> Result<HttpResponse, Problem> {
    let SuggestRequest { recipe_id, host, probe, parameters } = body.into_inner();
    if host.as_ref().is_some_and(|host| host.len() > 2000) {
        let place =
            FieldError { path: "host".to_owned(), message: "must be at most 2000 bytes long".to_owned() };
        return Err(Problem::new(Code::InvalidBody, "the host is too long").with_errors([place]));
    }
    if !probe && !parameters.is_empty() {
        let message = "are those that a probe is sent with: ask for one with `probe`, or leave them out";
        let place = FieldError { path: "parameters".to_owned(), message: message.to_owned() };
        return Err(Problem::new(Code::InvalidBody, format!("`parameters` {message}")).with_errors([place]));
    }
    let earlier = service::earlier((&recipes, &runs), &principal, &recipe_id).await?;
    let of = |seen| service::suggestions(&earlier, host.as_deref(), seen);
    if !probe {
        return Ok(HttpResponse::Ok().json(Suggestions { items: of(None), probe: None }));
    }
    if !MaidWrite::granted(&principal) {
        return Err(RefusedProbe::NotAllowed.into());
    }
    // What would be suggested without it is what it is sent with.
    let mut values: Map<String, Value> = of(None).into_iter().map(|one| (one.parameter, one.value)).collect();
    values.extend(parameters);
    let (host, seen) = service::probe((&recipes, &runs), &principal, recipe_id, values).await?;
    let items = of(Some(&seen));
    Ok(HttpResponse::Ok().json(Suggestions { items, probe: Some(Probe::new(host, &seen)) }))
}
