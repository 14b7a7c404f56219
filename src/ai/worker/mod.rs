//! A thread that works for whoever asks.
//!
//! It begins with the first work, takes one piece after another from a bounded queue, and ends when nobody has asked for a
//! while, or when it cannot go on. Whoever hands work over has it taken by that thread or by the next one: the queue is only
//! given up while nobody can hand anything over.

use std::{
    fmt, io,
    sync::{
        Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::Duration,
};

use super::give_way;

/// A thread that is there while there is work for it.
pub struct Worker<W> {
    name: &'static str,
    room: usize,
    idle: Duration,
    /// Where it takes its work from; None while there is no thread.
    queue: Mutex<Option<SyncSender<W>>>,
}

/// Why work was not taken.
#[derive(Debug)]
pub enum Refused {
    /// Too much waits.
    Full,
    /// There can be no thread.
    NoThread(io::Error),
}

impl<W> fmt::Debug for Worker<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("name", &self.name)
            .field("works", &self.works())
            .finish_non_exhaustive()
    }
}

impl<W> Worker<W> {
    /// A thread of this name, for which `room` pieces may wait, and which ends when none has come for `idle`; with an
    /// `idle` of 0 it stays. Nothing begins yet.
    #[must_use]
    pub const fn new(name: &'static str, room: usize, idle: Duration) -> Self {
        Self { name, room, idle, queue: Mutex::new(None) }
    }

    /// Whether the thread is there.
    #[must_use]
    pub fn works(&self) -> bool {
        self.queue().is_some()
    }

    fn queue(&self) -> MutexGuard<'_, Option<SyncSender<W>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next piece, for the thread; None where none has come for a while, and the thread is to end. `at_end` is called then,
    /// before any other thread can begin.
    pub fn next(&self, from: &Receiver<W>, at_end: impl FnOnce()) -> Option<W> {
        if self.idle.is_zero() {
            return from.recv().ok();
        }
        match from.recv_timeout(self.idle) {
            Ok(work) => Some(work),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                let mut queue = self.queue();
                let last = from.try_recv().ok();
                if last.is_none() {
                    at_end();
                    *queue = None;
                }
                last
            }
        }
    }

    /// What waits, for the thread when it cannot go on: whoever comes then begins another one. `at_end` is called before any
    /// other thread can begin.
    pub fn end(&self, from: &Receiver<W>, at_end: impl FnOnce()) -> Vec<W> {
        let mut queue = self.queue();
        at_end();
        *queue = None;
        from.try_iter().collect()
    }
}

impl<W: Send + 'static> Worker<W> {
    /// Hands work to the thread. Where there is none, one begins and does `serve`.
    ///
    /// # Errors
    /// Too much waits, or there can be no thread.
    pub fn hand_over(
        &self,
        work: W,
        serve: impl FnOnce(&Receiver<W>) + Send + 'static,
    ) -> Result<(), Refused> {
        let mut queue = self.queue();
        let work = match &*queue {
            None => work,
            Some(running) => match running.try_send(work) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(_)) => return Err(Refused::Full),
                // The thread broke.
                Err(TrySendError::Disconnected(work)) => work,
            },
        };
        let (to, from) = sync_channel(self.room);
        to.try_send(work).map_err(|_| Refused::Full)?;
        let begun = thread::Builder::new().name(self.name.to_owned()).spawn(move || {
            // Threads of the libraries begin in here and give way as this one does.
            give_way::this_thread();
            give_way::pool();
            serve(&from);
        });
        begun.map_err(Refused::NoThread)?;
        *queue = Some(to);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use super::*;

    /// Doubles numbers, breaks at 0, and says when it ends.
    struct Doubles {
        worker: Worker<(u32, mpsc::SyncSender<u32>)>,
        ended: mpsc::SyncSender<&'static str>,
    }

    impl Doubles {
        fn new(idle: Duration) -> (Arc<Self>, mpsc::Receiver<&'static str>) {
            // Room for each end that the tests bring about.
            let (ended, ends) = mpsc::sync_channel(100);
            (Arc::new(Self { worker: Worker::new("doubles", 2, idle), ended }), ends)
        }

        fn ask(self: &Arc<Self>, number: u32) -> Result<mpsc::Receiver<u32>, Refused> {
            let (done, doubled) = mpsc::sync_channel(1);
            let own = Arc::clone(self);
            self.worker.hand_over((number, done), move |from| own.serve(from)).map(|()| doubled)
        }

        fn ends(&self, how: &'static str) {
            self.ended.send(how).ok();
        }

        fn serve(&self, from: &Receiver<(u32, mpsc::SyncSender<u32>)>) {
            while let Some((number, done)) = self.worker.next(from, || self.ends("idle")) {
                if number == 0 {
                    let left = self.worker.end(from, || self.ends("broke"));
                    for (_, done) in left {
                        done.send(0).ok();
                    }
                    return;
                }
                done.send(number * 2).ok();
            }
        }
    }

    #[test]
    fn it_is_there_while_there_is_work() {
        let (doubles, ends) = Doubles::new(Duration::from_millis(1));
        assert!(!doubles.worker.works());
        for number in 1..50 {
            let doubled = doubles.ask(number).expect("there is room").recv();
            assert_eq!(doubled, Ok(number * 2), "however often the thread has ended in between");
        }
        assert_eq!(ends.recv(), Ok("idle"));
        assert!(doubles.ask(7).expect("another begins").recv().is_ok());
    }

    #[test]
    fn when_it_breaks_nobody_waits_in_vain_and_another_begins() {
        let (doubles, ends) = Doubles::new(Duration::ZERO);
        assert_eq!(doubles.ask(4).expect("there is room").recv(), Ok(8));
        let broke = doubles.ask(0).expect("there is room");
        assert!(broke.recv().is_err(), "its end of the line is gone");
        assert_eq!(ends.recv(), Ok("broke"));
        assert_eq!(doubles.ask(5).expect("another begins").recv(), Ok(10));
    }

    #[test]
    fn what_has_no_room_is_refused() {
        let worker = Arc::new(Worker::new("stands", 2, Duration::ZERO));
        let (go, wait) = mpsc::sync_channel::<()>(1);
        let (taken, first) = mpsc::sync_channel(1);
        worker
            .hand_over(0, move |from| {
                taken.send(from.recv()).ok();
                wait.recv().ok();
            })
            .expect("there is room");
        assert_eq!(first.recv(), Ok(Ok(0)), "the first is worked at");
        for number in 1..=2 {
            worker.hand_over(number, |_| unreachable!("there is a thread")).expect("two may wait");
        }
        let refused = worker.hand_over(3, |_| unreachable!("there is a thread"));
        assert!(matches!(refused, Err(Refused::Full)), "{refused:?}");
        drop(go);
    }
}
