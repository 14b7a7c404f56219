//! The routes of the audit log, below `/api/maid`.

use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Bytes, Data},
};
use futures_util::stream;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    dto::{AuditEntry, AuditParams},
    service::Audit,
    verify::Verdict,
};
use crate::{
    auth::{Authorized, MaidAdmin},
    http::{Problem, extract::Query, page::Page},
};

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(export).service(verify);
}

/// Who did what
///
/// The newest first.
#[utoipa::path(
    tag = "audit",
    params(AuditParams),
    responses((status = OK, description = "Entries", body = Page<AuditEntry>))
)]
#[get("/audit")]
async fn list(
    principal: Authorized<MaidAdmin>,
    audit: Data<Audit>,
    params: Query<AuditParams>,
) -> Result<HttpResponse, Problem> {
    let filters = params.filters();
    let list = Audit::listed(&principal, &filters);
    let before = params.cursor.as_deref().map(|cursor| list.position(cursor)).transpose()?;
    let page = audit.list(&principal, &filters, params.limit, before).await?;
    Ok(HttpResponse::Ok().json(page.map(AuditEntry::from)))
}

/// All entries with their seals
///
/// JSON lines, the oldest entry first: a first line with the sealed ends of the log, a line for each
/// entry, and a last line with `"end": true`, without which something is missing. Whoever has the key
/// can check each entry against the seal before it. That the log was exported is in the log.
#[utoipa::path(
    tag = "audit",
    responses((status = OK, description = "Entries", body = String, content_type = "application/jsonl"))
)]
#[get("/audit/export")]
async fn export(principal: Authorized<MaidAdmin>, audit: Data<Audit>) -> Result<HttpResponse, Problem> {
    let export = audit.export(&principal).await?;
    let lines = stream::try_unfold(export, |mut export| async move {
        let lines = export.next().await.map_err(Problem::from)?;
        Ok::<_, Problem>(lines.map(|lines| (Bytes::from(lines), export)))
    });
    Ok(HttpResponse::Ok()
        .content_type("application/jsonl")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"maid-audit.jsonl\""))
        .streaming(Box::pin(lines)))
}

/// Check the log
///
/// Follows the chain of all entries from the first to the last, and names the first place that is
/// broken. It reads the whole log; one check at a time.
#[utoipa::path(
    tag = "audit",
    responses((status = OK, description = "What was found, whether sound or not", body = Verdict))
)]
#[get("/audit/verify")]
async fn verify(principal: Authorized<MaidAdmin>, audit: Data<Audit>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(audit.verify(Some(&principal.tenant_id)).await?))
}
