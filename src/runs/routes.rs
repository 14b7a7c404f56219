//! `/api/maid`: runs, the history, reports.

use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::{StatusCode, header},
    post, put,
    web::Data,
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    dry_run::DryRunRequest,
    dto::{
        CompareParams, HistoryItem, HistoryParams, Killed, LogItem, LogParams, RunDetail, Started,
        StopRequest, Stopped, ValidateRequest, Validated,
    },
    error::RunError,
    record::RunStatus,
    service::{Runs, Side, document_of},
    start::StartRequest,
};
use crate::{
    auth::{Authorized, MaidRead, MaidWrite, Principal},
    bus::{LogLevel, MetricsEvent, StatusEvent},
    http::{
        Code, Json, List, NoBody, OptionalJson, Page, Path, Problem, Query,
        idempotency::{IdempotencyKey, Once, StoredAnswer},
        schema::{ComparisonSchema, DryRunSchema, OutcomeSchema},
        trace::trace_of,
    },
    reports::{self, Format},
};

/// What a browser lets a report do besides what the page itself states: nothing with this origin.
const PAGE_POLICY: &str = "frame-ancestors 'none'; sandbox allow-scripts";

/// The routes of this module, below `/api/maid`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(start)
        .service(dry_run)
        .service(stop)
        .service(status)
        .service(history)
        .service(killswitch)
        .service(compare)
        .service(detail)
        .service(remove)
        .service(metrics)
        .service(report)
        .service(logs)
        .service(mark)
        .service(unmark)
        .service(validate);
}

/// Start a run
///
/// Answers as soon as the engine has the run. Everything that can be refused before the first packet
/// is refused here: the document, the target policy, limits, names that do not resolve. While a run is
/// active, it is queued where `queue` says so, and else refused with the active run's id.
#[utoipa::path(tag = "runs", params(IdempotencyKey), request_body = StartRequest, responses((status = 202, body = Started)))]
#[post("/run")]
async fn start(
    principal: Authorized<MaidWrite>,
    runs: Data<Runs>,
    request: HttpRequest,
    once: Once,
    body: Json<StartRequest>,
) -> Result<HttpResponse, Problem> {
    let (trace, wanted, runs) = (trace_of(&request), body.into_inner(), runs.get_ref().clone());
    once.answer(principal.into_principal(), move |principal, id| async move {
        let began = runs.start(&principal, wanted.into_wanted(id, trace)?).await?;
        started(id, began.into())
    })
    .await
}

/// The answer to a start, the same whenever it is given.
pub fn started(id: Uuid, as_what: RunStatus) -> Result<StoredAnswer, Problem> {
    let answer = StoredAnswer::json(StatusCode::ACCEPTED, &Started { run_id: id, status: as_what })?;
    Ok(answer.at(format!("/api/maid/runs/{id}")))
}

/// Stop a run
///
/// Ends the active run in good order: nothing new is sent, requests under way are given
/// `load.stop_grace`, and the results are stored. A queued run leaves the queue.
#[utoipa::path(tag = "runs", params(IdempotencyKey), request_body = Option<StopRequest>, responses((status = 202, body = Stopped)))]
#[post("/stop")]
async fn stop(
    principal: Authorized<MaidWrite>,
    runs: Data<Runs>,
    once: Once,
    body: OptionalJson<StopRequest>,
) -> Result<HttpResponse, Problem> {
    let StopRequest { run_id, kill } = body.0.unwrap_or_default();
    let runs = runs.get_ref().clone();
    // Sent again after a lost answer, it must not stop the run that came next.
    once.answer_at_once(principal.into_principal(), move |principal, _| async move {
        let run_id = runs.stop(&principal, run_id, kill).await?;
        StoredAnswer::json(StatusCode::ACCEPTED, &Stopped { run_id })
    })
    .await
}

/// A dry run
///
/// One pass through the test by one user of each scenario, one request after another: what sets a user up, each
/// transaction once, what tears it down. Answers each request as it was sent, its answer, what was taken from it and
/// what was checked, secrets masked. At most 200 requests in 30 seconds; nothing is measured or stored, and it goes
/// beside an active run. It ends early where whoever asked has gone, and with the killswitch.
#[utoipa::path(tag = "runs", request_body = DryRunRequest,
    responses((status = 200, description = "What was sent and answered", body = DryRunSchema)))]
#[post("/dry-run")]
async fn dry_run(
    principal: Authorized<MaidWrite>,
    runs: Data<Runs>,
    body: Json<DryRunRequest>,
) -> Result<HttpResponse, Problem> {
    let walked = runs.dry_run(&principal, body.into_inner().into_asked()?).await?;
    Ok(HttpResponse::Ok().json(walked))
}

/// The killswitch
///
/// Ends the active run at once and empties the queue.
#[utoipa::path(tag = "runs", params(IdempotencyKey), responses((status = 200, body = Killed)))]
#[post("/kill")]
async fn killswitch(
    principal: Authorized<MaidWrite>,
    runs: Data<Runs>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let runs = runs.get_ref().clone();
    once.answer_at_once(principal.into_principal(), move |principal, _| async move {
        let (run_id, cancelled) = runs.kill(&principal).await?;
        StoredAnswer::json(StatusCode::OK, &Killed { run_id, cancelled })
    })
    .await
}

/// What runs now
///
/// The state of the active run, else of the last one.
#[utoipa::path(tag = "runs", responses((status = 200, body = StatusEvent)))]
#[get("/status")]
async fn status(principal: Authorized<MaidRead>, runs: Data<Runs>) -> HttpResponse {
    HttpResponse::Ok().json(runs.status(&principal))
}

/// The history
///
/// Runs, newest first unless `sort` says otherwise.
#[utoipa::path(tag = "runs", params(HistoryParams), responses((status = 200, body = Page<HistoryItem>)))]
#[get("/history")]
async fn history(
    principal: Authorized<MaidRead>,
    runs: Data<Runs>,
    params: Query<HistoryParams>,
) -> Result<HttpResponse, Problem> {
    let listing = params.into_inner().listing()?;
    let found = runs.history(&principal, listing.query()).await?;
    Ok(HttpResponse::Ok().json(listing.page(found).map(HistoryItem::from)))
}

/// One run
///
/// The summary of the command line, with the LoadTest as it runs under `config`.
#[utoipa::path(tag = "runs", params(("id" = Uuid, Path, description = "Id of the run")),
    responses((status = 200, body = RunDetail)))]
#[get("/runs/{id}")]
async fn detail(
    principal: Authorized<MaidRead>,
    runs: Data<Runs>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let run = runs.get(&principal, *id).await?;
    let analysis = match runs.analysis(&principal, &run).await {
        Ok(analysis) => Some(analysis),
        // What goes on, or left nothing behind, has nothing to be found in.
        Err(RunError::Unfinished(_) | RunError::NoResults(_)) => None,
        Err(error) => return Err(error.into()),
    };
    Ok(HttpResponse::Ok().json(RunDetail::new(run, analysis)))
}

/// Delete a run
///
/// With its results, its reports and its log. A run that is queued or active is refused: stop it first.
#[utoipa::path(tag = "runs", params(("id" = Uuid, Path, description = "Id of the run"), IdempotencyKey),
    responses((status = 204, description = "It is gone")))]
#[delete("/runs/{id}")]
async fn remove(
    principal: Authorized<MaidWrite>,
    runs: Data<Runs>,
    id: Path<Uuid>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let (runs, id) = (runs.get_ref().clone(), *id);
    once.answer(principal.into_principal(), move |principal, _| async move {
        runs.delete(&principal, id).await?;
        Ok(StoredAnswer::empty(StatusCode::NO_CONTENT))
    })
    .await
}

/// An active run as it is now
///
/// All that `maid:metrics` tells, with the series so far, for whoever cannot follow it over the WebSocket.
#[utoipa::path(tag = "runs", operation_id = "metrics_of_run", params(("id" = Uuid, Path, description = "Id of the run")),
    responses((status = 200, body = MetricsEvent),
        (status = 409, description = "`no_run_active`: it is not active, or on another server")))]
#[get("/runs/{id}/metrics")]
async fn metrics(
    principal: Authorized<MaidRead>,
    runs: Data<Runs>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(runs.metrics(&principal, *id).await?))
}

/// A report of a run
///
/// `json` is the whole result with its series and histograms, `csv` a row a request name, `html` a page
/// with charts, `md` Markdown, `xml` JUnit.
#[utoipa::path(tag = "runs",
    params(("id" = Uuid, Path, description = "Id of the run"),
        ("format" = String, Path, description = "json, csv, html, md or xml", example = "html")),
    responses((status = 200, description = "The report", content(
        (OutcomeSchema = "application/json"), (String = "text/csv"), (String = "text/html"),
        (String = "text/markdown"), (String = "application/xml")))))]
#[get("/runs/{id}/report.{format}")]
async fn report(
    principal: Authorized<MaidRead>,
    runs: Data<Runs>,
    path: Path<(Uuid, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, extension) = path.into_inner();
    let format = Format::of(&extension).ok_or_else(|| {
        Problem::new(Code::NoRoute, "the forms of a report are json, csv, html, md and xml")
    })?;
    let body = runs.report(&principal, id, format).await?;
    let mut response = HttpResponse::Ok();
    if format == Format::Html {
        let stated = reports::page_policy(&body).unwrap_or("default-src 'none'");
        response.insert_header((header::CONTENT_SECURITY_POLICY, format!("{stated}; {PAGE_POLICY}")));
    }
    Ok(response
        .content_type(format.media_type())
        .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"maid-{id}.{extension}\"")))
        .body(body))
}

/// Lines of a run's log
///
/// Oldest first. A line is here within a second of being written, and on the topic `logs` at once.
#[utoipa::path(tag = "runs", params(("id" = Uuid, Path, description = "Id of the run"), LogParams),
    responses((status = 200, body = Page<LogItem>)))]
#[get("/runs/{id}/logs")]
async fn logs(
    principal: Authorized<MaidRead>,
    runs: Data<Runs>,
    id: Path<Uuid>,
    params: Query<LogParams>,
) -> Result<HttpResponse, Problem> {
    let level = params.level.unwrap_or(LogLevel::Debug);
    let list = List::new("logs", &"seq", &(*id, level));
    let after = params.cursor.as_deref().map(|cursor| list.position(cursor)).transpose()?;
    let lines = runs.logs(&principal, *id, level, (after, params.limit.get() + 1)).await?;
    Ok(HttpResponse::Ok().json(Page::of(lines, params.limit, &list, |last| last.seq).map(LogItem::from)))
}

/// Compare two runs
///
/// What changed from `a` to `b`, and what of it is beyond noise.
#[utoipa::path(tag = "runs", params(CompareParams),
    responses((status = 200, description = "The comparison, as `maid compare --summary json` prints it",
        body = ComparisonSchema)))]
#[get("/runs/compare")]
async fn compare(
    principal: Authorized<MaidRead>,
    runs: Data<Runs>,
    params: Query<CompareParams>,
) -> Result<HttpResponse, Problem> {
    let a = match params.a.as_str() {
        "baseline" => Side::Baseline,
        id => Side::Run(
            id.parse().map_err(|_| Problem::new(Code::BadId, "a: give the id of a run, or `baseline`"))?,
        ),
    };
    if params.max_regression.is_some_and(|max| !(0.0..=100.0).contains(&max)) {
        return Err(Problem::new(Code::BadQuery, "max_regression: must be 0 to 100, such as 0.1 for 10 %"));
    }
    let comparison = runs.compare(&principal, a, params.b, params.max_regression).await?;
    Ok(HttpResponse::Ok().json(comparison))
}

/// Make a run the baseline of its test
///
/// Later runs are compared with it by `a=baseline`, and it is never trimmed. A test has one baseline:
/// the run that was it before is it no longer.
#[utoipa::path(tag = "runs", params(("id" = Uuid, Path, description = "Id of the run"), IdempotencyKey),
    responses((status = 204, description = "It is the baseline")))]
#[put("/runs/{id}/baseline")]
async fn mark(
    principal: Authorized<MaidWrite>,
    runs: Data<Runs>,
    id: Path<Uuid>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    set_baseline(principal.into_principal(), &runs, *id, true, once).await
}

/// Make a run no longer the baseline of its test
#[utoipa::path(tag = "runs", params(("id" = Uuid, Path, description = "Id of the run"), IdempotencyKey),
    responses((status = 204, description = "It is not the baseline")))]
#[delete("/runs/{id}/baseline")]
async fn unmark(
    principal: Authorized<MaidWrite>,
    runs: Data<Runs>,
    id: Path<Uuid>,
    _: NoBody,
    once: Once,
) -> Result<HttpResponse, Problem> {
    set_baseline(principal.into_principal(), &runs, *id, false, once).await
}

async fn set_baseline(
    principal: Principal,
    runs: &Runs,
    id: Uuid,
    baseline: bool,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let runs = runs.clone();
    once.answer(principal, move |principal, _| async move {
        runs.set_baseline(&principal, id, baseline).await?;
        Ok(StoredAnswer::empty(StatusCode::NO_CONTENT))
    })
    .await
}

/// Check a LoadTest
///
/// All problems at once, each with its place, and what would keep it from being started; nothing is sent.
#[utoipa::path(tag = "runs", request_body = ValidateRequest, responses((status = 200, body = Validated)))]
#[post("/validate")]
async fn validate(
    principal: Authorized<MaidRead>,
    runs: Data<Runs>,
    body: Json<ValidateRequest>,
) -> Result<HttpResponse, Problem> {
    let ValidateRequest { loadtest, env } = body.into_inner();
    let answer = match runs.validate(&principal.into_principal(), &document_of(&loadtest), env).await {
        Ok((test, obstacles)) => {
            let obstacles = obstacles.into_iter().map(Into::into).collect();
            Validated { valid: true, errors: Vec::new(), obstacles, config: Some(test.frozen()) }
        }
        Err(error) => Validated::refused(error)?,
    };
    Ok(HttpResponse::Ok().json(answer))
}

impl Validated {
    /// What is wrong with a document; any other error stays one.
    fn refused(error: RunError) -> Result<Self, Problem> {
        match super::service::problems(&error) {
            Some(problems) => Ok(Self {
                valid: false,
                errors: problems.list().iter().map(Into::into).collect(),
                obstacles: Vec::new(),
                config: None,
            }),
            None => Err(error.into()),
        }
    }
}
