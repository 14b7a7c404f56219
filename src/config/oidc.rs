//! An entry of `auth.oidc`: a provider that people sign in with.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    path::PathBuf,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::{auth::Role, loadtest::secret::Secret};

/// An OpenID provider that people sign in with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OidcProvider {
    /// Short name in URLs: small letters, digits and `-`.
    #[schemars(length(max = 40), regex(pattern = "^[a-z0-9][a-z0-9-]*$"), example = &"keycloak")]
    pub id: String,
    /// What people read on the button.
    #[schemars(length(min = 1, max = 100), example = "Company account")]
    pub name: String,
    /// The provider, exactly as it names itself; `https`, except on loopback.
    #[schemars(length(min = 1, max = 500), example = "https://id.example.com/realms/company")]
    pub issuer: String,
    /// Id under which the provider knows MAID.
    #[schemars(length(min = 1, max = 500), example = &"maid")]
    pub client_id: String,
    /// Secret that the provider has given to MAID; none for a public client. Never shown.
    #[serde(default)]
    #[schemars(with = "Option<ClientSecret>")]
    pub client_secret: Option<Secret>,
    /// What is asked of the provider.
    #[serde(default = "standard_scopes")]
    #[schemars(length(max = 50), inner(length(min = 1, max = 200), regex(pattern = "^[!#-\\[\\]-~]+$")))]
    pub scopes: Vec<String>,
    /// Claim of the id token that roles are taken from: a name, or a path such as `realm_access.roles`.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200), example = &"groups")]
    pub role_claim: Option<String>,
    /// Which value of that claim gives which role; of several the highest counts.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 200))]
    pub roles: BTreeMap<String, Role>,
    /// Role of whoever has none by `roles`; without it they are refused.
    #[serde(default)]
    pub default_role: Option<Role>,
    /// Tenant of whoever signs in here.
    #[serde(default = "standard_tenant")]
    #[schemars(length(min = 1, max = 100))]
    pub tenant: String,
    /// PEM file with further certificate authorities that the provider's certificate may come from.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub ca_file: Option<PathBuf>,
    /// Only whoever has a verified address in one of these domains is let in; empty is everybody.
    #[serde(default)]
    #[schemars(length(max = 100), inner(length(min = 1, max = 253)))]
    pub allowed_email_domains: Vec<String>,
}

/// The schema of a client's secret.
#[derive(JsonSchema)]
#[schemars(inline)]
struct ClientSecret(
    #[expect(dead_code, reason = "only its schema is used")]
    #[schemars(length(min = 1, max = 4096), extend("writeOnly" = true))]
    String,
);

fn standard_scopes() -> Vec<String> {
    ["openid", "profile", "email"].map(str::to_owned).to_vec()
}

fn standard_tenant() -> String {
    "default".to_owned()
}

/// Why `providers` cannot be used.
pub(super) fn refused_providers(providers: &[OidcProvider]) -> Option<String> {
    let mut ids = BTreeSet::new();
    providers.iter().find_map(|provider| {
        let id = &provider.id;
        if !ids.insert(id) {
            return Some(format!("`{id}` is the id of two providers; each needs its own"));
        }
        refused_issuer(&provider.issuer).map(|why| format!("the issuer of `{id}` {why}"))
    })
}

/// Why people cannot sign in by `providers` at a MAID that they reach under `public_url`.
pub(super) fn refused_public_url(public_url: Option<&str>, providers: &[OidcProvider]) -> Option<String> {
    let Some(text) = public_url else {
        let needed = "is needed by auth.oidc: set it to the URL under which people reach MAID, such as \
                      https://maid.example.com";
        return (!providers.is_empty()).then(|| needed.to_owned());
    };
    let url = match plain_url(text) {
        Ok(url) => url,
        Err(why) => return Some(why.to_owned()),
    };
    let open = !providers.is_empty() && !is_private(&url);
    open.then(|| {
        "must begin with https:// where people sign in with auth.oidc, except on loopback".to_owned()
    })
}

fn refused_issuer(text: &str) -> Option<&'static str> {
    match plain_url(text) {
        Err(why) => Some(why),
        Ok(url) if !is_private(&url) => Some("must begin with https://, except on loopback"),
        Ok(_) => None,
    }
}

/// A URL of a service, without anything that would be sent along unseen.
pub(crate) fn plain_url(text: &str) -> Result<Url, &'static str> {
    let url: Url = text.parse().map_err(|_| "is not a URL; write one such as https://id.example.com")?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err("must be an http:// or https:// URL");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must hold no user or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must end with a path: no `?` and no `#`");
    }
    Ok(url)
}

/// Whether nobody can listen on the way to `url`.
fn is_private(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

/// Whether `url` leads to this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => ip.to_canonical().is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn provider(id: &str, issuer: &str) -> OidcProvider {
        serde_json::from_value(json!({"id": id, "name": "A", "issuer": issuer, "client_id": "maid"}))
            .expect("the rest has defaults")
    }

    #[test]
    fn issuers_are_reached_in_private() {
        for right in
            ["https://id.example.com/realms/a", "http://127.0.0.1:8080", "http://localhost", "http://[::1]/"]
        {
            assert_eq!(refused_providers(&[provider("a", right)]), None, "{right}");
        }
        for wrong in [
            "http://id.example.com",
            "id.example.com",
            "https://u:p@h",
            "https://h/?a=1",
            "https://h/#a",
            "ldap://h",
        ] {
            let told = refused_providers(&[provider("a", wrong)]).expect(wrong);
            assert!(told.starts_with("the issuer of `a` "), "{told}");
        }
    }

    #[test]
    fn a_secret_is_shown_in_no_form() {
        let config =
            OidcProvider { client_secret: Some(Secret::new("hunter2")), ..provider("a", "https://x.test") };
        let shown = format!("{config:?} {}", serde_json::to_string(&config).expect("JSON"));
        assert!(!shown.contains("hunter2") && shown.contains(r#""client_secret":"***""#), "{shown}");
    }

    #[test]
    fn ids_are_of_one_provider_each() {
        let same = [provider("a", "https://x.test"), provider("a", "https://y.test")];
        assert!(refused_providers(&same).is_some_and(|told| told.contains("two providers")));
        assert_eq!(
            refused_providers(&[provider("a", "https://x.test"), provider("b", "https://x.test")]),
            None
        );
    }

    #[test]
    fn providers_need_to_know_where_people_come_back_to() {
        let providers = [provider("a", "https://x.test")];
        assert_eq!(refused_public_url(None, &[]), None);
        assert_eq!(refused_public_url(Some("http://maid.example.com"), &[]), None);
        assert!(refused_public_url(Some("maid.example.com"), &[]).is_some());
        assert!(
            refused_public_url(None, &providers).is_some_and(|told| told.contains("is needed by auth.oidc"))
        );
        assert!(refused_public_url(Some("http://maid.example.com"), &providers).is_some());
        for right in ["https://maid.example.com/maid/", "http://127.0.0.1:43121"] {
            assert_eq!(refused_public_url(Some(right), &providers), None, "{right}");
        }
    }

    #[test]
    fn a_higher_role_is_more() {
        assert!(Role::Viewer < Role::Operator && Role::Operator < Role::Editor && Role::Editor < Role::Admin);
    }
}
