//! The section `auth`: who is let in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::oidc::OidcProvider;

/// Who is let in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Auth {
    /// OpenID providers that people sign in with; needs `server.public_url`. Never set over the API, because
    /// they hold secrets.
    #[schemars(length(max = 16))]
    pub oidc: Vec<OidcProvider>,
}
