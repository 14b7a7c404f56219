//! The live stream: one WebSocket on which watchers follow a run and call what MAID can do.
//!
//! A slow watcher costs a bounded buffer and holds up nobody; how that is done is told in `socket`.
//! The protocol is in `docs/live.md`.

mod dto;
mod error;
mod routes;
mod service;
mod socket;

pub use self::{
    dto::{
        ClientMessage, Conversation, LiveData, LiveMessage, LiveReply, Missed, ServerMessage, Subscribed, Tag,
    },
    routes::routes,
    service::{Live, Present, Stats, Timing},
    socket::bound_waiting,
};
