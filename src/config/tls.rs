//! The section `server.tls`: the certificate that MAID serves with.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::loadtest::span::Span;

/// The certificate that MAID serves with. Without one it speaks plain HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Tls {
    /// PEM file with the certificate and those between it and the authority; read again when it changes.
    #[schemars(length(min = 1), example = "/etc/maid/tls.crt")]
    pub cert_file: Option<PathBuf>,
    /// PEM file with the certificate's private key, which others must not be able to read; read again
    /// when it changes.
    #[schemars(length(min = 1), example = "/etc/maid/tls.key")]
    pub key_file: Option<PathBuf>,
    /// How long browsers are told to come back by HTTPS alone; 0s does not tell them. Never said over
    /// plain HTTP.
    pub hsts: Span,
}

impl Default for Tls {
    fn default() -> Self {
        // Renewed by every answer, so that a month is as good as a year, and a mistake is over sooner.
        Self { cert_file: None, key_file: None, hsts: Span::from_secs(30 * 24 * 3600) }
    }
}
