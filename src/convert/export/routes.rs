//! `POST /api/maid/export`.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, post, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    ExportError, Form, Given,
    dto::{ExportAnswer, ExportRequest, Source},
    export,
};
use crate::{
    auth::{Authorized, MaidRead},
    convert::Conversions,
    http::{Json, Problem},
    loadtest::{parse, valid::FileAccess},
    recipes::Recipes,
    runs::Runs,
};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(export_loadtest);
}

/// Export a LoadTest
///
/// Or a recipe with values for its parameters. As a script for k6, a file for Locust, a program with Goose, a script of curl calls, a Postman collection, or as
/// YAML or JSON. What that form cannot say is listed. `${env:NAME}` is read by whoever runs the export; rows of
/// data files are not handed out here.
#[utoipa::path(tag = "convert", request_body = ExportRequest,
    responses((status = OK, description = "The files, and what could not be carried over", body = ExportAnswer)))]
#[post("/export")]
async fn export_loadtest(
    principal: Authorized<MaidRead>,
    (runs, recipes, conversions): (Data<Runs>, Data<Recipes>, Data<Conversions>),
    body: Json<ExportRequest>,
) -> Result<HttpResponse, Problem> {
    let (source, form) = body.into_inner().into_source()?;
    let form: Form = form.parse()?;
    let text = match source {
        Source::Document(text) => text,
        // Its secrets stay here: whoever runs the export gives them.
        Source::Recipe(recipe) => recipes.prepare(&principal, &recipe).await?.document,
    };
    let given = Given {
        folder: runs.config().server.files_dir.clone(),
        files: FileAccess::Inside,
        env: BTreeMap::new(),
        rows: false,
        stem: None,
    };
    let exported = conversions
        .run(move || {
            let document = parse::parse(&text, "loadtest").map_err(ExportError::from)?;
            export(document, form, given)
        })
        .await??;
    Ok(HttpResponse::Ok().json(ExportAnswer::from(exported)))
}
