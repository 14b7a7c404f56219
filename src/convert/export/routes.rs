//! `POST /api/maid/export`.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse, post,
    web::{self, Data},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    ExportError, Form, Given,
    dto::{ExportAnswer, ExportRequest},
    export,
};
use crate::{
    auth::{Authorized, MaidRead},
    http::{Json, Problem},
    loadtest::{parse, valid::FileAccess},
    runs::{Runs, document_of},
};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(export_loadtest);
}

/// Export a LoadTest
///
/// As a script for k6, a file for Locust, a program with Goose, a script of curl calls, a Postman collection, or as
/// YAML or JSON. What that form cannot say is listed. `${env:NAME}` is read by whoever runs the export; rows of
/// data files are not handed out here.
#[utoipa::path(tag = "convert", request_body = ExportRequest,
    responses((status = OK, description = "The files, and what could not be carried over", body = ExportAnswer)))]
#[post("/export")]
async fn export_loadtest(
    _principal: Authorized<MaidRead>,
    runs: Data<Runs>,
    body: Json<ExportRequest>,
) -> Result<HttpResponse, Problem> {
    let ExportRequest { loadtest, format } = body.into_inner();
    let form: Form = format.parse().map_err(Problem::from)?;
    let given = Given {
        folder: runs.config().server.files_dir.clone(),
        files: FileAccess::Inside,
        env: BTreeMap::new(),
        rows: false,
        stem: None,
    };
    let text = document_of(&loadtest);
    let exported = web::block(move || {
        let document = parse::parse(&text, "loadtest")?;
        export(document, form, given)
    })
    .await
    .map_err(|error| Problem::from(ExportError::Broken(error.to_string())))??;
    Ok(HttpResponse::Ok().json(ExportAnswer::from(exported)))
}
