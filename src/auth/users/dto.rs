//! Users on the wire.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    name,
    record::{UserRow, UserStatus},
};
use crate::{
    auth::role::Role,
    http::{Code, FieldError, Limit, Problem},
    loadtest::secret::Secret,
};

/// Most names that are asked for at once.
pub const MOST_NAMES: usize = 100;

/// Which users are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct UsersQuery {
    /// Most users of the page.
    #[param(inline)]
    pub limit: Limit,
    /// `next_cursor` of the page before.
    #[param(min_length = 1, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Only those with this in their name, upper and lower case alike.
    #[param(example = "alice", max_length = 64)]
    pub name: Option<String>,
}

/// A user who is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Name to sign in with.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$", example = "alice")]
    pub username: String,
    /// What the user is.
    pub role: Role,
    /// Where the user can be reached.
    #[schema(max_length = 254, example = "alice@example.com")]
    pub email: Option<String>,
    /// Without a password the answer has an invitation, with which the user chooses one.
    #[schema(value_type = Option<String>, write_only, max_length = 256)]
    pub password: Option<Secret>,
}

/// What is to be another about a user. What is missing stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// What the user is.
    pub role: Option<Role>,
    /// Whether the user may come in: `active` or `disabled`.
    pub status: Option<UserStatus>,
    /// Where the user can be reached; empty removes it.
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// A new password. All sessions of the user end.
    #[schema(value_type = Option<String>, write_only, max_length = 256)]
    pub password: Option<Secret>,
}

/// A user.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserView {
    /// Id.
    pub id: Uuid,
    /// Name to sign in with.
    #[schema(example = "alice")]
    pub username: String,
    /// The tenant that the user belongs to.
    #[schema(example = "default")]
    pub tenant_id: String,
    /// What the user is.
    pub role: Role,
    /// Whether the user may come in.
    pub status: UserStatus,
    /// Where the user can be reached.
    pub email: Option<String>,
    /// Who vouches for the user, where it is not a password.
    pub provider: Option<String>,
    /// When the user was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When the user was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// When the user last signed in.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_login_at: Option<Timestamp>,
}

impl From<UserRow> for UserView {
    fn from(user: UserRow) -> Self {
        Self {
            id: user.id,
            username: user.username,
            tenant_id: user.tenant_id,
            role: user.role,
            status: user.status,
            email: user.email,
            provider: user.oidc.map(|(issuer, _)| issuer),
            created_at: user.created_at,
            updated_at: user.updated_at,
            last_login_at: user.last_login_at,
        }
    }
}

/// A user who was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeUser {
    /// The user.
    #[serde(flatten)]
    pub user: UserView,
    /// Shown once: the user registers with it. None where a password was given.
    #[schema(example = "maid_invite_0000000000000000000000_00000000000000000000000000000000000000")]
    pub invitation: Option<String>,
}

/// Somebody who registers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Registering {
    /// Name to sign in with; with an invitation, the name that it was made for.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$", example = "alice")]
    pub username: String,
    /// The password.
    #[schema(value_type = String, write_only, max_length = 256)]
    pub password: Secret,
    /// The invitation, where one is needed.
    #[schema(value_type = Option<String>, write_only, max_length = 200)]
    pub invitation: Option<Secret>,
}

/// Somebody who changes their own password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password as it is.
    #[schema(value_type = String, write_only, max_length = 256)]
    pub current: Secret,
    /// The password as it is to be.
    #[schema(value_type = String, write_only, max_length = 256)]
    pub new: Secret,
}

/// Whose names are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NamesQuery {
    /// Ids of users, with commas between them; at most 100.
    #[param(
        pattern = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(,[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){0,99}$",
        example = "01980000-0000-7000-8000-000000000001"
    )]
    pub ids: String,
}

impl UsersQuery {
    /// That nobody is looked for whose name is longer than names are.
    ///
    /// # Errors
    /// The name is too long.
    pub fn checked(self) -> Result<Self, Problem> {
        if self.name.as_ref().is_none_or(|name| name.chars().count() <= name::LONGEST) {
            return Ok(self);
        }
        let message = format!("must be {} characters at most, as names are", name::LONGEST);
        let place = FieldError { path: "name".to_owned(), message };
        Err(Problem::new(Code::BadQuery, format!("name {}", place.message)).with_errors([place]))
    }
}

impl NamesQuery {
    /// The ids, each once.
    ///
    /// # Errors
    /// One of them is none, or there are too many.
    pub fn ids(&self) -> Result<BTreeSet<Uuid>, Problem> {
        let wrong = |message: String| {
            Problem::new(Code::BadQuery, format!("ids {message}"))
                .with_errors([FieldError { path: "ids".to_owned(), message }])
        };
        // What is too much is not even read.
        let ids: Vec<_> = self.ids.splitn(MOST_NAMES + 1, ',').collect();
        if ids.len() > MOST_NAMES {
            return Err(wrong(format!("must be at most {MOST_NAMES}: ask for the others by themselves")));
        }
        let read = |id: &str| Uuid::parse_str(id).ok().filter(|read| read.to_string() == id);
        ids.into_iter()
            .map(|id| read(id).ok_or_else(|| wrong(format!("has `{id}`, which is no id of a user"))))
            .collect()
    }
}

/// Who a user is, as everybody of their tenant may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserName {
    /// Id.
    pub id: Uuid,
    /// Name to sign in with.
    #[schema(example = "alice")]
    pub username: String,
}

/// Names of users.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserNames {
    /// Those of the users who are asked for and are there, in no order that matters.
    pub items: Vec<UserName>,
}

impl From<Vec<(Uuid, String)>> for UserNames {
    fn from(names: Vec<(Uuid, String)>) -> Self {
        Self { items: names.into_iter().map(|(id, username)| UserName { id, username }).collect() }
    }
}
