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

use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::watch;

use super::screen::Screen;
use crate::engine::live::Snapshot;

/// Between looks at the newest snapshot.
const REDRAW: Duration = Duration::from_millis(250);
/// Between lines where there is no terminal.
const LINE: Duration = Duration::from_secs(5);
/// Steps of the bar.
const STEPS: u64 = 1000;

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
    let bar = screen.bars().add(ProgressBar::new(STEPS));
    let template =
        if screen.colour_err { "{bar:50.cyan/dim} {prefix}\n{msg}" } else { "{bar:50} {prefix}\n{msg}" };
    let style = ProgressStyle::with_template(template).expect("the template is constant and right");
    bar.set_style(style.progress_chars("━━─"));
    loop {
        let snapshot = Arc::clone(&snapshots.borrow());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to STEPS")]
        let position = (snapshot.progress.unwrap_or(0.0).clamp(0.0, 1.0) * STEPS as f64) as u64;
        bar.set_position(position);
        bar.set_prefix(words::clock(&snapshot));
        bar.set_message(words::block(&snapshot));
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
