//! Who is let in, and who is not: people, sessions, API keys, on both databases.

mod command_line;
mod keys;
mod matrix;
mod people;
mod providers;
mod sessions;
mod sockets;
mod tenants;

use crate::support::{
    people::{
        PASSWORD, admin, asking, audited, command, delete, key, login, patch, token, until_audited, user,
    },
    server::answer,
};
