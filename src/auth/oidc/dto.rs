//! What goes over the wire about signing in with a provider.

use serde::{Deserialize, Serialize};
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};

use crate::http::{Code, FieldError, Problem};

/// Longest value that a provider may send back, in bytes.
const LONGEST_VALUE: usize = 4096;

/// The providers that people can sign in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignInProviders {
    /// In the order of the configuration.
    pub providers: Vec<ListedProvider>,
}

/// A provider that people can sign in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListedProvider {
    /// Its short name, for `/auth/oidc/{provider}/login`.
    #[schema(example = "keycloak")]
    pub id: String,
    /// What people read on the button.
    #[schema(example = "Company account")]
    pub name: String,
}

/// What a sign-in is asked with.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LoginQuery {
    /// Where to go afterwards: a path of this server, such as `/runs`; the first page without it.
    pub(super) return_to: Option<String>,
}

/// What a provider sends people back with.
#[derive(Clone, Debug, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Returned {
    /// What the tokens are had for.
    pub code: Option<String>,
    /// What the sign-in was begun with.
    pub state: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
    /// Why there is no code, for people.
    pub error_description: Option<String>,
    /// Who answers (RFC 9207).
    pub iss: Option<String>,
}

impl Returned {
    /// Reads the query of a callback. Providers add parameters of their own, which mean nothing here; one that
    /// means something is there once.
    pub(super) fn read(query: &str) -> Result<Self, Problem> {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "code" => &mut read.code,
                "state" => &mut read.state,
                "error" => &mut read.error,
                "error_description" => &mut read.error_description,
                "iss" => &mut read.iss,
                _ => continue,
            };
            if place.is_some() {
                return Err(refused(&name, "is there twice"));
            }
            if value.len() > LONGEST_VALUE {
                return Err(refused(&name, "is too long"));
            }
            *place = Some(value.into_owned());
        }
        Ok(read)
    }
}

fn refused(name: &str, message: &str) -> Problem {
    let problem = Problem::new(Code::BadQuery, format!("{name}: {message}; sign in again from the start"));
    problem.with_errors([FieldError { path: name.to_owned(), message: message.to_owned() }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_provider_adds_is_left_alone() {
        let read = Returned::read("code=a%2Bb&state=s&session_state=x&hd=example.com").expect("it is right");
        let right = Returned { code: Some("a+b".into()), state: Some("s".into()), ..Returned::default() };
        assert_eq!(read, right);
    }

    #[test]
    fn what_means_something_is_there_once_and_short() {
        let long = format!("code={}", "a".repeat(LONGEST_VALUE + 1));
        for wrong in ["code=a&code=b", "state=a&code=x&state=a", &long] {
            assert_eq!(Returned::read(wrong).expect_err("it is wrong").code, Code::BadQuery);
        }
    }
}
