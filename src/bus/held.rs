//! What the bus keeps of a topic for whoever comes later.

use std::{collections::VecDeque, sync::Arc};

use uuid::Uuid;

use super::{Event, LogLevel, Message};

/// What is kept of one topic.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// Number of the last message.
    pub(super) seq: u64,
    /// The last message.
    pub(super) newest: Option<Arc<Message>>,
    /// The last log lines; empty for other topics.
    pub(super) lines: Lines,
}

impl Held {
    pub(super) fn keep(&mut self, message: &Arc<Message>) {
        self.seq = message.seq;
        self.newest = Some(Arc::clone(message));
        if let Event::Log(line) = &message.event {
            self.lines.keep(line.level, message);
        }
    }
}

/// The last lines of one run, apart by level, so that many unimportant ones push out no important one.
#[derive(Debug, Default)]
pub(super) struct Lines {
    run_id: Option<Uuid>,
    by_level: [VecDeque<Arc<Message>>; LogLevel::ALL.len()],
}

impl Lines {
    /// Lines kept of each level.
    pub(super) const KEPT: usize = 200;

    fn keep(&mut self, level: LogLevel, message: &Arc<Message>) {
        if message.run_id.is_some() && message.run_id != self.run_id {
            self.run_id = message.run_id;
            self.by_level = Default::default();
        }
        let lines = &mut self.by_level[level as usize];
        if lines.len() == Self::KEPT {
            lines.pop_front();
        }
        lines.push_back(Arc::clone(message));
    }

    /// The last lines that matter at least as much as `level`, at most `at_most`, oldest first.
    pub(super) fn last(&self, level: LogLevel, at_most: usize) -> Vec<Arc<Message>> {
        let mut lines: Vec<_> = self.by_level[level as usize..].iter().flatten().cloned().collect();
        lines.sort_unstable_by_key(|line| line.seq);
        lines.drain(..lines.len().saturating_sub(at_most));
        lines
    }
}
