//! Keeps stdout for results while a run goes on: the scheduler prints lines of its own there.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    os::fd::OwnedFd,
};

use nix::unistd::{dup, dup2_stdout};

/// While this lives, whatever is printed to stdout is dropped.
#[derive(Debug)]
pub(super) struct Muted {
    stdout: OwnedFd,
}

impl Muted {
    /// Turns stdout off.
    ///
    /// # Errors
    /// When the process has no file descriptor left.
    pub(super) fn new() -> io::Result<Self> {
        io::stdout().flush()?;
        let stdout = dup(io::stdout())?;
        dup2_stdout(OpenOptions::new().write(true).open("/dev/null")?)?;
        Ok(Self { stdout })
    }
}

impl Drop for Muted {
    fn drop(&mut self) {
        // What is buffered was meant to be dropped; it must not come out later.
        let _ = io::stdout().flush();
        if let Err(error) = dup2_stdout(&self.stdout) {
            tracing::error!(%error, "stdout cannot be turned on again");
        }
    }
}
