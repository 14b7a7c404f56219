//! How a handler takes part: it names [`Once`] among its arguments, and does its work through it.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, dev::Payload, web::Data};
use ring::digest::{Context, SHA256};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Idempotency, KEY, LONGEST_KEY, Repeatable, StoredAnswer, Unsure};
use crate::{
    auth::Principal,
    http::{
        Code, Digest, Problem,
        extract::{BodyDigest, header_text},
    },
};

/// The header of a request that may be repeated, for a route's documentation.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it stands in the document alone; `Once` reads it")]
pub struct IdempotencyKey {
    /// Names this request, so that it can be sent again without doing anything twice.
    #[param(
        rename = "Idempotency-Key",
        min_length = 1,
        max_length = 255,
        pattern = "^[!-~]+$",
        example = "deploy-1842"
    )]
    idempotency_key: Option<String>,
}

/// Does a handler's work once, however often the request is sent.
#[derive(Debug)]
pub struct Once {
    idempotency: Data<Idempotency>,
    request: HttpRequest,
    key: Option<String>,
}

impl FromRequest for Once {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl Once {
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let key = header_text(request.headers(), KEY)?.map(str::trim);
        let sane = |key: &str| {
            (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| (0x21..=0x7e).contains(&byte))
        };
        if key.is_some_and(|key| !sane(key)) {
            let detail =
                format!("Idempotency-Key must be 1 to {LONGEST_KEY} visible ASCII characters without blanks");
            return Err(Problem::new(Code::BadHeader, detail));
        }
        let Some(idempotency) = request.app_data::<Data<Idempotency>>() else {
            return Err(Problem::internal(&Unmounted));
        };
        Ok(Self { idempotency: idempotency.clone(), key: key.map(str::to_owned), request: request.clone() })
    }

    /// Does `work` for `principal`, which is given them and the id of what it makes, unless the same
    /// request was answered before; then that answer is given again. The work goes on when the client
    /// hangs up.
    ///
    /// # Errors
    /// What `work` refuses, and what is wrong with the key.
    pub async fn answer<W, F>(self, principal: Principal, work: W) -> Result<HttpResponse, Problem>
    where
        W: FnOnce(Principal, Uuid) -> F + Send + 'static,
        F: Future<Output = Result<StoredAnswer, Problem>> + Send + 'static,
    {
        self.answer_when(Unsure::Refuse, principal, work).await
    }

    /// The same for what must not wait: it is done, and its key not remembered, where the database
    /// does not answer.
    ///
    /// # Errors
    /// What `work` refuses, and what is wrong with the key.
    pub async fn answer_at_once<W, F>(self, principal: Principal, work: W) -> Result<HttpResponse, Problem>
    where
        W: FnOnce(Principal, Uuid) -> F + Send + 'static,
        F: Future<Output = Result<StoredAnswer, Problem>> + Send + 'static,
    {
        self.answer_when(Unsure::Do, principal, work).await
    }

    async fn answer_when<W, F>(
        self,
        unsure: Unsure,
        principal: Principal,
        work: W,
    ) -> Result<HttpResponse, Problem>
    where
        W: FnOnce(Principal, Uuid) -> F + Send + 'static,
        F: Future<Output = Result<StoredAnswer, Problem>> + Send + 'static,
    {
        let asking = principal.clone();
        let work = move |id| work(asking, id);
        let Some(key) = self.key.clone() else {
            return Ok(self.idempotency.unkeyed(work).await?.into_response(false));
        };
        let request = Repeatable { key, fingerprint: self.fingerprint() };
        let (answer, replayed) = self.idempotency.once(&principal, request, unsure, work).await?;
        Ok(answer.into_response(replayed))
    }

    /// What is asked for: method, path with query, and body, which a body's extractor has read.
    fn fingerprint(&self) -> String {
        let mut context = Context::new(&SHA256);
        for part in [self.request.method().as_str(), self.request.path(), self.request.query_string()] {
            context.update(part.as_bytes());
            context.update(b"\n");
        }
        if let Some(body) = self.request.extensions().get::<BodyDigest>() {
            context.update(body.0.as_bytes());
        }
        Digest::finish(context).hex()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the application was put together without a store for repeated requests")]
struct Unmounted;
