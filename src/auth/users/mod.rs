//! Users: made by an admin, by an invitation, or by themselves; changed, disabled, given a role.

mod dto;
mod name;
mod record;
mod routes;
mod service;
mod store;

pub(super) use self::store::Store as UserStore;
pub use self::{
    dto::{NewUser, PasswordChange, Registering, UserChange, UserView},
    name::{NoName, Username, is_tenant, qualified},
    record::{UserRow, UserStatus},
    routes::routes,
    service::{FirstAdmin, Made, Users},
};
