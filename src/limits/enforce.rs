//! The middleware that lets requests through by their limits.

use actix_web::{
    Error, HttpMessage,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web::Data,
};

use super::service::{Allowance, Limits, Who};
use crate::{
    auth::{Auth, Principal},
    http::ClientAddress,
};

/// Routes that whatever watches over the process must always get an answer from.
const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// Where the files of the UI are: the same for everybody, handed out of memory, and kept by browsers. A page is made
/// of dozens of them, so that a second visitor of the same address would be left without a page.
const FILES: &str = "/plugins/maid/assets/";

/// Whether a path is that of a probe, which is never limited.
#[must_use]
pub fn is_probe(path: &str) -> bool {
    PROBES.contains(&path)
}

/// Counts a request and refuses it where it is one too many, for `actix_web::middleware::from_fn`.
/// Goes behind whatever finds out who asks and leaves the [`Principal`] in the request's extensions,
/// and takes the [`Limits`] from the app's data; without them nothing is limited.
///
/// # Errors
/// Those of the route.
pub async fn enforce<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let allowance = match request.app_data::<Data<Limits>>() {
        Some(limits) => limits.check(who(&request)),
        None => Ok(Allowance::Unlimited),
    };
    let standing = match allowance {
        Ok(Allowance::Unlimited) => None,
        Ok(Allowance::Within(standing)) => Some(standing),
        Err(refused) => return Ok(request.into_response(refused.response()).map_into_right_body()),
    };
    let mut response = next.call(request).await?;
    if let Some(standing) = standing {
        standing.write(response.headers_mut());
    }
    Ok(response.map_into_left_body())
}

/// Who a request is counted to.
fn who(request: &ServiceRequest) -> Who {
    if is_probe(request.path()) || request.path().starts_with(FILES) {
        return Who::Exempt;
    }
    let address = ClientAddress::of(request.request());
    let extensions = request.extensions();
    let Some(principal) = extensions.get::<Principal>() else {
        // Where nobody is asked who they are, whoever connects from this machine may do everything.
        let asked = request.app_data::<Data<Auth>>().is_some_and(|auth| auth.required());
        let is_here = !asked && address.ip.is_loopback() && !address.proxied;
        return if is_here { Who::Exempt } else { Who::Address(address.ip) };
    };
    Who::of(principal, address.ip)
}
