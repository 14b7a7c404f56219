//! When requests may be sent: the open model's slots, the rate limit, and the precise timer that
//! both wait on.

mod arrival;
mod limit;
mod schedule;
mod timer;

pub use self::{
    arrival::{Seat, Slot, Slots},
    limit::RateLimit,
    schedule::Schedule,
    timer::{Alarm, Timer},
};
