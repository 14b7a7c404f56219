//! One run from its start to its outcome, with the live display and ^C.

use console::Style;

use super::{
    engine_link::{self, Wishes},
    error::CliError,
    interrupt::Interrupt,
    live::Display,
    muted::Muted,
    screen::Screen,
};
use crate::{config::Config, engine::outcome::Outcome, loadtest::valid::ValidLoadTest};

/// What every subcommand works with.
pub(super) struct Session<'a> {
    pub(super) screen: &'a Screen,
    pub(super) config: &'a Config,
    pub(super) interrupt: &'a Interrupt,
}

impl Session<'_> {
    /// Runs `test` and shows it meanwhile.
    pub(super) fn run(&self, test: ValidLoadTest, wishes: Wishes) -> Result<Outcome, CliError> {
        let muted = Muted::new()?;
        let run = engine_link::begin(test, self.config, wishes)?;
        let handle = run.handle();
        let screen = self.screen.clone();
        let grace = self.config.load.stop_grace;
        self.interrupt.arm(move || {
            screen.say(&format!(
                "stopping: requests under way get {grace}, then the results follow; ^C again ends at once"
            ));
            handle.stop("stopped by a signal");
        });
        let display = Display::follow(self.screen, run.snapshots());
        let outcome = run.wait();
        drop((display, muted));
        let outcome = outcome?;
        for warning in &outcome.warnings {
            self.screen
                .say(&format!("{} {warning}", self.screen.styled(Style::new().yellow().bold(), "warning:")));
        }
        Ok(outcome)
    }
}
