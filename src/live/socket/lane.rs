//! The last messages of one topic, and the places of sockets among them.

use std::{cell::OnceCell, collections::VecDeque, sync::Arc};

use actix_web::web::Bytes;

use super::frame::{Opcode, encode};
use crate::bus::{Event, LogLevel, Message, Received, Topic};

const LEVELS: usize = LogLevel::ALL.len();

/// The last messages of one topic.
#[derive(Debug)]
pub(super) struct Lane {
    ring: VecDeque<Entry>,
    room: usize,
    /// Number of the last message.
    last: u64,
    /// For each level, messages so far that matter at least as much.
    total: [u64; LEVELS],
    /// Messages that the lane itself missed since the last one.
    lost: u64,
}

#[derive(Debug)]
struct Entry {
    message: Arc<Message>,
    level: LogLevel,
    /// [`Lane::total`] before it.
    before: [u64; LEVELS],
    frame: OnceCell<Bytes>,
}

/// How far a socket is in a lane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Number of the last message that the client knows.
    seq: u64,
    /// [`Lane::total`] there; unknown at first.
    seen: Option<u64>,
}

/// What comes next for a socket.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A message, as it is sent.
    Frame(Bytes),
    /// So many messages are not kept any longer.
    Missed(u64),
}

impl Place {
    /// After the message `seq`.
    pub(super) const fn after(seq: u64) -> Self {
        Self { seq, seen: None }
    }
}

impl Lane {
    /// The lane of `topic`, whose last message was `last`.
    pub(super) fn new(topic: Topic, last: u64) -> Self {
        Self { ring: VecDeque::new(), room: topic.ring(), last, total: [0; LEVELS], lost: 0 }
    }

    /// Takes what the bus brought, and says how much it matters.
    pub(super) fn push(&mut self, received: Received) -> Option<LogLevel> {
        let message = match received {
            Received::Message(message) => message,
            Received::Missed(missed) => {
                self.lost += missed;
                return None;
            }
        };
        // Nobody knows the levels of what was lost: it counts for all.
        let lost = std::mem::take(&mut self.lost);
        self.total.iter_mut().for_each(|total| *total += lost);
        let level = match &message.event {
            Event::Log(line) => line.level,
            _ => LogLevel::Error,
        };
        if self.ring.len() == self.room {
            self.ring.pop_front();
        }
        self.last = message.seq;
        let before = self.total;
        self.total[..=level as usize].iter_mut().for_each(|total| *total += 1);
        self.ring.push_back(Entry { message, level, before, frame: OnceCell::new() });
        Some(level)
    }

    /// What comes next for a socket of `tenant` at `place` that wants `level` and above; moves it there.
    pub(super) fn next(&self, place: &mut Place, level: LogLevel, tenant: &str) -> Option<Next> {
        let from = self.ring.partition_point(|entry| entry.message.seq <= place.seq);
        let first = self.ring.get(from)?;
        let missed = match place.seen {
            Some(seen) => first.before[level as usize] - seen,
            None => first.message.seq - 1 - place.seq,
        };
        if missed > 0 {
            *place = Place { seq: first.message.seq - 1, seen: Some(first.before[level as usize]) };
            return Some(Next::Missed(missed));
        }
        let wanted = |entry: &&Entry| entry.level >= level && entry.message.is_for(tenant);
        let Some(entry) = self.ring.range(from..).find(wanted) else {
            *place = Place { seq: self.last, seen: Some(self.total[level as usize]) };
            return None;
        };
        *place = Place { seq: entry.message.seq, seen: Some(entry.before[level as usize] + 1) };
        Some(Next::Frame(entry.frame()))
    }

    /// Whether all that came after the message `seq` is still here.
    pub(super) fn holds_all_after(&self, seq: u64) -> bool {
        match self.ring.front() {
            Some(oldest) => oldest.message.seq <= seq + 1,
            None => self.last <= seq,
        }
    }
}

impl Entry {
    fn frame(&self) -> Bytes {
        self.frame.get_or_init(|| encode(Opcode::Text, self.message.text().as_bytes())).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::{Bus, LogEvent};

    /// A lane of log lines, and the means to write them.
    struct Logs {
        bus: Bus,
        subscription: crate::bus::Subscription,
        lane: Lane,
    }

    impl Logs {
        fn new() -> Self {
            let bus = Bus::default();
            let subscription = bus.subscribe(Topic::Logs);
            Self { lane: Lane::new(Topic::Logs, subscription.after()), bus, subscription }
        }

        fn write(&mut self, level: LogLevel, lines: u64) {
            for _ in 0..lines {
                self.publish(level);
                self.drain();
            }
        }

        fn publish(&self, level: LogLevel) {
            self.bus.publish(None, Event::Log(LogEvent { level, message: String::new() }));
        }

        fn drain(&mut self) {
            while let Some(received) = self.subscription.try_next() {
                self.lane.push(received);
            }
        }

        /// Messages that were missed, and messages that came.
        fn read(&self, place: &mut Place, level: LogLevel) -> (u64, u64) {
            let (mut missed, mut came) = (0, 0);
            while let Some(next) = self.lane.next(place, level, "default") {
                match next {
                    Next::Missed(many) => missed += many,
                    Next::Frame(_) => came += 1,
                }
            }
            (missed, came)
        }
    }

    #[test]
    fn who_keeps_up_gets_all_and_who_does_not_learns_how_many_are_gone() {
        let mut logs = Logs::new();
        let (mut fast, mut slow) = (Place::after(0), Place::after(0));
        let ring = Topic::Logs.ring() as u64;
        logs.write(LogLevel::Info, 10);
        assert_eq!(logs.read(&mut fast, LogLevel::Info), (0, 10));
        assert_eq!(logs.read(&mut slow, LogLevel::Info), (0, 10));
        logs.write(LogLevel::Info, ring);
        assert_eq!(logs.read(&mut fast, LogLevel::Info), (0, ring));
        logs.write(LogLevel::Info, 7);
        assert_eq!(logs.read(&mut fast, LogLevel::Info), (0, 7));
        assert_eq!(logs.read(&mut slow, LogLevel::Info), (7, ring));
        assert_eq!(logs.read(&mut slow, LogLevel::Info), (0, 0));
    }

    #[test]
    fn only_what_was_wanted_counts_as_missed() {
        let mut logs = Logs::new();
        let mut place = Place::after(0);
        logs.write(LogLevel::Error, 3);
        assert_eq!(logs.read(&mut place, LogLevel::Error), (0, 3));
        logs.write(LogLevel::Error, 2);
        logs.write(LogLevel::Debug, Topic::Logs.ring() as u64);
        assert_eq!(logs.read(&mut place, LogLevel::Error), (2, 0));
        logs.write(LogLevel::Debug, Topic::Logs.ring() as u64);
        logs.write(LogLevel::Error, 1);
        assert_eq!(logs.read(&mut place, LogLevel::Error), (0, 1));
    }

    #[test]
    fn what_the_lane_itself_missed_is_told() {
        let mut logs = Logs::new();
        let mut place = Place::after(0);
        logs.write(LogLevel::Info, 1);
        assert_eq!(logs.read(&mut place, LogLevel::Info), (0, 1));
        let ring = Topic::Logs.ring() as u64;
        (0..ring + 5).for_each(|_| logs.publish(LogLevel::Info));
        logs.drain();
        assert_eq!(logs.read(&mut place, LogLevel::Info), (5, ring));
    }

    #[test]
    fn a_joiner_with_the_state_gets_what_came_after_it() {
        let mut logs = Logs::new();
        logs.write(LogLevel::Info, 5);
        let mut ahead = Place::after(7);
        assert_eq!(logs.read(&mut ahead, LogLevel::Info), (0, 0));
        logs.write(LogLevel::Info, 4);
        assert_eq!(logs.read(&mut ahead, LogLevel::Info), (0, 2), "8 and 9");
        let mut behind = Place::after(3);
        assert!(logs.lane.holds_all_after(3) && logs.lane.holds_all_after(0));
        assert_eq!(logs.read(&mut behind, LogLevel::Info), (0, 6));
        logs.write(LogLevel::Info, Topic::Logs.ring() as u64);
        assert!(!logs.lane.holds_all_after(3));
        assert_eq!(logs.read(&mut Place::after(3), LogLevel::Info), (6, Topic::Logs.ring() as u64));
    }
}
