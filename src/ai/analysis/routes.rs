//! The route that analyses a run.

use actix_web::{HttpResponse, post, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    dto::{AnalysisAnswer, AnalysisRequest},
    service::{Analyst, Wish},
};
use crate::{
    analyst::Language,
    auth::{Authorized, MaidRead},
    http::{Code, FieldError, Json, Problem},
    runs::Runs,
};

/// Registers the route.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(analyse);
}

/// Say what a run shows
///
/// Of a run of the history, compared with earlier runs of the same test, or of a JSON report that is sent. What is
/// found and every figure of it is worked out, by rules that `docs/analyst.md` describes. A model only words it, and
/// where one of its figures or names is not among the findings, the text is the plain one and `degraded` says why.
#[utoipa::path(tag = "analysis", request_body = AnalysisRequest, responses((status = OK, body = AnalysisAnswer)))]
#[post("/v1/analysis")]
async fn analyse(
    principal: Authorized<MaidRead>,
    runs: Data<Runs>,
    analyst: Data<Analyst>,
    body: Json<AnalysisRequest>,
) -> Result<HttpResponse, Problem> {
    let AnalysisRequest { run_id, outcome, lang, words } = body.into_inner();
    let wish = Wish { language: language(lang.as_deref())?, words };
    let answer: AnalysisAnswer = match (run_id, outcome) {
        (Some(id), None) => analyst.of_run(&runs, &principal, id, wish).await?,
        (None, Some(report)) => {
            let report: Box<str> = report.get().into();
            analyst
                .of_report(&principal, report, wish)
                .await
                .map_err(|wrong| refused("outcome", format!("this is no JSON report of a run: {wrong}")))?
        }
        _ => return Err(refused("run_id", "give exactly one of run_id and outcome".to_owned())),
    };
    Ok(HttpResponse::Ok().json(answer))
}

fn language(tag: Option<&str>) -> Result<Language, Problem> {
    let known = tag.map_or(Some(Language::English), Language::of);
    known.ok_or_else(|| refused("lang", "it is worded in en or de".to_owned()))
}

fn refused(path: &str, message: String) -> Problem {
    let error = FieldError { path: path.to_owned(), message };
    Problem::new(Code::InvalidBody, format!("{}: {}", error.path, error.message)).with_errors([error])
}
