//! The WebSocket as its clients see it, the good, the slow and the bad ones.

mod calls;
mod client;
mod endings;
mod garbage;
mod many;
mod server;
mod slow;
mod topics;

use self::{
    client::{Client, Raw},
    server::Server,
};
