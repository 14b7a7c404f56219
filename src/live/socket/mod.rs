//! WebSockets, made for many watchers of the same thing.
//!
//! Waking and writing is what a message costs, so there is as little of both as can be:
//!
//! - A socket is the body of its HTTP response, and nothing more: no task, channel or timer of its
//!   own. The server polls it when the connection may be written to, and it decodes what the client
//!   said in the same breath.
//! - Each worker thread has one [`Hub`]. It listens to the bus for all sockets of its thread, keeps the
//!   last messages of each topic, encoded once, and wakes the sockets that want one of them. Messages
//!   that come close together are sent by one write.
//! - A socket holds no messages, only its place in each topic. Whoever is so slow that its place is no
//!   longer kept goes on with what is, and is told how many messages that skipped.
//!
//! What waits for a client is therefore bounded: the server's write buffer (polled for more only below
//! 32 KiB), at most [`stream::CHUNK`] on top, answers to one message of the client (the next one is
//! read after they are sent), answers to calls that are under way, and what the kernel holds, which
//! [`bound_waiting`] bounds in size and time.

mod call;
mod frame;
mod handshake;
mod hub;
mod inbound;
mod lane;
mod peer;
mod stream;

use std::{io, os::fd::AsFd, time::Duration};

use socket2::SockRef;

pub(super) use self::{
    handshake::{handshake, switch},
    hub::Hub,
};

/// Bytes that the kernel takes for a connection before they can be sent.
const UNSENT: u32 = 128 << 10;

/// Bounds what waits in the kernel for clients that do not read: in size, and by cutting a
/// connection whose client took not one byte for `stalled_for`. Connections inherit it from `listener`.
///
/// # Errors
/// When the system does not know these options.
pub fn bound_waiting(listener: &impl AsFd, stalled_for: Duration) -> io::Result<()> {
    let socket = SockRef::from(listener);
    socket.set_tcp_user_timeout(Some(stalled_for))?;
    socket.set_tcp_notsent_lowat(UNSENT)
}
