//! The live display: a bar that redraws 4 times a second on a terminal, a line every 5 s elsewhere.

mod words;

use std::{
    sync::{
        Arc,
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use console::Style;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::watch;

use super::screen::Screen;
use crate::engine::live::Snapshot;

/// Between looks at the newest snapshot.
const REDRAW: Duration = Duration::from_millis(250);
/// Between lines where there is no terminal.
const LINE: Duration = Duration::from_secs(5);

type Snapshots = watch::Receiver<Arc<Snapshot>>;

/// A display that follows a run until it is dropped.
pub(super) struct Display {
    over: Option<mpsc::SyncSender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Display {
    /// Follows `snapshots` on `screen`; where nothing can be shown the run goes on without.
    pub(super) fn follow(screen: &Screen, snapshots: Snapshots) -> Self {
        let (over, ended) = mpsc::sync_channel(1);
        let screen = screen.clone();
        let draw = move || match screen.live {
            true => bar(&screen, &snapshots, &ended),
            false => lines(&screen, &snapshots, &ended),
        };
        let thread = thread::Builder::new().name("display".to_owned()).spawn(draw).ok();
        Self { over: Some(over), thread }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.over.take();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn going_on(ended: &mpsc::Receiver<()>, wait: Duration) -> bool {
    ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout)
}

fn bar(screen: &Screen, snapshots: &Snapshots, ended: &mpsc::Receiver<()>) {
    let bar = screen.bars().add(ProgressBar::new(1));
    bar.set_style(ProgressStyle::with_template("{msg}").expect("the template is constant and right"));
    loop {
        // Everything is one message, because each part that is set is drawn.
        let snapshot = Arc::clone(&snapshots.borrow());
        // A terminal may be resized; its last column stays free, where some wrap already.
        let width = screen.width_err().saturating_sub(1);
        let (done, left, clock) = words::head(&snapshot, width);
        let done = screen.styled(Style::new().cyan(), &done);
        let left = screen.styled(Style::new().dim(), &left);
        bar.set_message(format!("{done}{left}{clock}\n{}", words::block(&snapshot, width)));
        if !going_on(ended, REDRAW) {
            break;
        }
    }
    bar.finish_and_clear();
    screen.bars().remove(&bar);
}

fn lines(screen: &Screen, snapshots: &Snapshots, ended: &mpsc::Receiver<()>) {
    let mut next = Instant::now() + LINE;
    while going_on(ended, next.saturating_duration_since(Instant::now())) {
        screen.note(&words::line(&snapshots.borrow()));
        next += LINE;
    }
}
