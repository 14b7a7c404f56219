//! What a provider says about a person.

use serde_json::{Map, Value};

use crate::{auth::Role, config::OidcProvider};

/// Longest name and address that are taken over, in characters.
const LONGEST: usize = 200;

/// Longest id of a person, as the standard has it.
const LONGEST_SUBJECT: usize = 255;

/// The claims of a token that was verified.
#[derive(Clone, Debug)]
pub struct Claims(Map<String, Value>);

impl Claims {
    pub const fn new(claims: Map<String, Value>) -> Self {
        Self(claims)
    }

    /// Who it is, as the provider counts: the same for ever, and nobody else's.
    pub fn subject(&self) -> Option<&str> {
        self.text("sub").filter(|subject| subject.len() <= LONGEST_SUBJECT && subject.is_ascii())
    }

    /// Their address, if it could be one.
    pub fn email(&self) -> Option<&str> {
        let plain = |email: &&str| {
            email.chars().count() <= LONGEST && !email.contains(|c: char| c.is_control() || c.is_whitespace())
        };
        self.text("email").filter(|email| email.contains('@')).filter(plain)
    }

    /// Whether the provider has made sure that the address is theirs.
    pub fn is_email_verified(&self) -> bool {
        self.0.get("email_verified").is_some_and(|verified| *verified == true)
    }

    /// What people call them.
    pub fn name(&self) -> Option<String> {
        let found = ["name", "preferred_username"].into_iter().find_map(|claim| self.text(claim));
        let named = found.or_else(|| self.email()).or_else(|| self.subject())?;
        let name: String = named.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        (!name.trim().is_empty()).then(|| name.trim().to_owned())
    }

    /// Whether their verified address is in a domain that is let in.
    pub fn is_of_allowed_domain(&self, config: &OidcProvider) -> bool {
        let domains = &config.allowed_email_domains;
        let own = self.email().and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain);
        let within = |domain: &str| domains.iter().any(|allowed| allowed.eq_ignore_ascii_case(domain));
        domains.is_empty() || (self.is_email_verified() && own.is_some_and(within))
    }

    /// What they may do: the highest role that a value of the claim gives.
    pub fn role(&self, config: &OidcProvider) -> Option<Role> {
        let claim = config.role_claim.as_deref().and_then(|path| self.at(path));
        let values = match claim {
            Some(Value::Array(values)) => values.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => &[],
        };
        let given = values.iter().filter_map(Value::as_str).filter_map(|value| config.roles.get(value));
        given.max().copied().or(config.default_role)
    }

    /// The claim of this name, or the one that a path of names leads to: names may hold dots themselves.
    fn at(&self, path: &str) -> Option<&Value> {
        self.0.get(path).or_else(|| {
            let mut steps = path.split('.');
            let first = self.0.get(steps.next()?)?;
            steps.try_fold(first, |value, step| value.get(step))
        })
    }

    fn text(&self, claim: &str) -> Option<&str> {
        self.0.get(claim).and_then(Value::as_str).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(claims: Value) -> Claims {
        Claims(claims.as_object().expect("an object").clone())
    }

    fn config(further: &Value) -> OidcProvider {
        let mut config = json!({"id": "a", "name": "A", "issuer": "https://a.test", "client_id": "maid"});
        for (key, value) in further.as_object().expect("an object") {
            config[key] = value.clone();
        }
        serde_json::from_value(config).expect("a provider")
    }

    #[test]
    fn the_highest_role_counts() {
        let roles = json!({"role_claim": "groups", "roles": {"staff": "viewer", "leads": "editor", "ops": "operator"}});
        let role = |groups: Value| claims(json!({"groups": groups})).role(&config(&roles));
        assert_eq!(role(json!(["ops", "leads", "staff"])), Some(Role::Editor));
        assert_eq!(role(json!("staff")), Some(Role::Viewer));
        for nothing in
            [json!([]), json!(["Staff"]), json!("staff leads"), json!(7), json!([["staff"]]), Value::Null]
        {
            assert_eq!(role(nothing.clone()), None, "{nothing}");
        }
    }

    #[test]
    fn a_claim_is_found_by_name_and_by_path() {
        let person = claims(json!({
            "realm_access": {"roles": ["boss"]},
            "https://maid.example.com/roles": ["boss"],
            "resource_access": {"maid": {"roles": ["boss"]}},
        }));
        for path in ["realm_access.roles", "https://maid.example.com/roles", "resource_access.maid.roles"] {
            let config = config(&json!({"role_claim": path, "roles": {"boss": "admin"}}));
            assert_eq!(person.role(&config), Some(Role::Admin), "{path}");
        }
        for path in ["realm_access", "realm_access.roles.0", "realm_access..roles", ".", "nothing"] {
            let config = config(&json!({"role_claim": path, "roles": {"boss": "admin"}}));
            assert_eq!(person.role(&config), None, "{path}");
        }
    }

    #[test]
    fn whoever_has_no_role_has_that_of_everybody() {
        let everybody =
            config(&json!({"role_claim": "groups", "roles": {"a": "admin"}, "default_role": "viewer"}));
        assert_eq!(claims(json!({"groups": ["b"]})).role(&everybody), Some(Role::Viewer));
        assert_eq!(claims(json!({"groups": ["a"]})).role(&everybody), Some(Role::Admin));
        assert_eq!(claims(json!({})).role(&config(&json!({}))), None);
    }

    #[test]
    fn only_verified_addresses_of_the_domains_are_let_in() {
        let company = config(&json!({"allowed_email_domains": ["example.com"]}));
        let allowed = |email: &str, verified: Value| {
            claims(json!({"email": email, "email_verified": verified})).is_of_allowed_domain(&company)
        };
        assert!(allowed("ada@example.com", json!(true)) && allowed("ada@EXAMPLE.com", json!(true)));
        for (email, verified) in [
            ("ada@example.com", json!(false)),
            ("ada@example.com", json!("true")),
            ("ada@example.com", Value::Null),
            ("ada@sub.example.com", json!(true)),
            ("ada@notexample.com", json!(true)),
            ("ada@example.com@evil.test", json!(true)),
            ("example.com", json!(true)),
        ] {
            assert!(!allowed(email, verified.clone()), "{email} {verified}");
        }
        assert!(claims(json!({})).is_of_allowed_domain(&config(&json!({}))));
    }

    #[test]
    fn names_are_fit_to_be_shown() {
        let name = |person: Value| claims(person).name();
        assert_eq!(name(json!({"sub": "7", "name": " Ada\u{0}\n "})).as_deref(), Some("Ada"));
        assert_eq!(name(json!({"sub": "7", "preferred_username": "ada"})).as_deref(), Some("ada"));
        assert_eq!(name(json!({"sub": "7", "name": ""})).as_deref(), Some("7"));
        assert_eq!(name(json!({"sub": "7", "name": "x".repeat(999)})).map(|name| name.len()), Some(LONGEST));
        assert_eq!(claims(json!({"sub": "x".repeat(256)})).subject(), None);
    }
}
