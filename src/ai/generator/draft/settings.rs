//! Think times, timeouts, redirects, the version of HTTP, and credentials.

use super::Draft;
use crate::{
    ai::generator::reader::{Credentials, Reading},
    loadtest::{
        span::Span,
        types::{Auth, Basic, ThinkTime},
    },
};

/// Takes over what the text says of these.
pub(in crate::ai::generator) fn apply(draft: &mut Draft, reading: &Reading) {
    if let Some(think) = &reading.think {
        let (min, max) = (Span::from_millis(think.value.0), Span::from_millis(think.value.1));
        for scenario in 0..draft.loadtest.scenarios.len() {
            draft.loadtest.scenarios[scenario].think_time = Some(ThinkTime { min, max });
            draft.said(format!("/scenarios/{scenario}/think_time"), &think.span);
        }
    }
    if let Some(timeout) = &reading.timeout {
        draft.loadtest.target.timeout = Span::from_millis(timeout.value.max(1));
        draft.said("/target/timeout", &timeout.span);
    }
    if let Some(redirects) = &reading.redirects {
        draft.loadtest.target.redirects = redirects.value;
        draft.said("/target/redirects", &redirects.span);
    }
    if let Some(http) = &reading.http {
        draft.loadtest.target.http_version = http.value;
        draft.said("/target/http_version", &http.span);
    }
    credentials(draft, reading);
}

/// Gives credentials to every request that the text names; a recipe has its own.
fn credentials(draft: &mut Draft, reading: &Reading) {
    let Some(credentials) = &reading.credentials else { return };
    let auth = match &credentials.value {
        Credentials::Bearer(token) => Auth { bearer: Some(token.clone()), basic: None },
        Credentials::Basic(username, password) => {
            let basic = Basic { username: username.clone(), password: password.clone() };
            Auth { bearer: None, basic: Some(basic) }
        }
    };
    let mut places = Vec::new();
    for (s, scenario) in draft.loadtest.scenarios.iter_mut().enumerate() {
        for (t, transaction) in scenario.transactions.iter_mut().enumerate() {
            for (r, request) in transaction.requests.iter_mut().enumerate() {
                // Who a recipe signs in as is a parameter, unless nobody is to get in as them.
                let asked =
                    |auth: &Auth| auth.basic.as_ref().is_some_and(|one| one.username.starts_with("{{"));
                if request.auth.as_ref().is_none_or(|known| auth.basic.is_some() && asked(known)) {
                    request.auth = Some(auth.clone());
                    places.push(format!("/scenarios/{s}/transactions/{t}/requests/{r}/auth"));
                }
            }
        }
    }
    for place in places {
        draft.said(place, &credentials.span);
    }
}
