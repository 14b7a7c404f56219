//! The HTML report: one page that needs no other file and no other host.
//!
//! Names and messages in it come from documents and from servers. The template escapes them, and
//! the page's own policy lets nothing in but the one script and the one style sheet whose hashes it states.

mod filters;
mod styles;
mod view;

use std::borrow::Cow;

use askama::Template;

use super::{Format, ReportError, headline::Headline};
use crate::{
    analyst,
    engine::outcome::{Analysis, Outcome},
};
use view::{Chart, Kpi};

const STYLE: &str = include_str!("../../../templates/report/style.css");
const SCRIPT: &str = include_str!("../../../templates/report/script.js");
/// SHA-256 of [`SCRIPT`] as a policy states it; a test tells the new one after a change.
const SCRIPT_HASH: &str = "sha256-QVsDLUk2xrB9+kovD1ryh76R0GlFLb1o9IKMIlHivE0=";

/// Everything that the page shows.
#[derive(Template)]
#[template(path = "report/page.html")]
struct Page<'a> {
    outcome: &'a Outcome,
    headline: Headline,
    found: Cow<'a, Analysis>,
    tone: &'static str,
    warning: Option<String>,
    kpis: Vec<Kpi>,
    charts: Vec<Chart>,
    config: String,
    style: &'static str,
    script: &'static str,
    script_hash: &'static str,
}

/// The policy that a page states; none where it is no page of ours.
pub fn policy(page: &[u8]) -> Option<&str> {
    const STATED: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"";
    let head = page.get(..2048.min(page.len()))?;
    // What is cut in the middle of a character is far behind the policy.
    let head = head.utf8_chunks().next()?.valid();
    let (_, stated) = head.split_once(STATED)?;
    stated.split_once('"').map(|(policy, _)| policy)
}

/// The HTML report.
pub fn render(outcome: &Outcome) -> Result<Vec<u8>, ReportError> {
    let page = Page {
        outcome,
        headline: super::headline::of(outcome),
        found: analyst::of(outcome),
        tone: view::tone(outcome),
        warning: super::headline::limited(&outcome.summary.generator),
        kpis: view::kpis(outcome),
        charts: view::charts(outcome)?,
        config: view::pretty(&outcome.config),
        style: STYLE,
        script: SCRIPT,
        script_hash: SCRIPT_HASH,
    };
    page.render()
        .map(|page| styles::lifted(&page).into_bytes())
        .map_err(|error| ReportError::Render { format: Format::Html, cause: error.to_string() })
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_STANDARD};

    use super::*;

    #[test]
    fn the_policy_states_the_hash_of_the_script() {
        let suite = rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
        let sha256 = suite.tls13().expect("a TLS 1.3 suite").common.hash_provider;
        let hash = BASE64_STANDARD.encode(sha256.hash(SCRIPT.as_bytes()).as_ref());
        assert_eq!(SCRIPT_HASH, format!("sha256-{hash}"));
    }
}
