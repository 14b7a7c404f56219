//! Exit codes, a contract with scripts and CI systems.

use std::process::ExitCode;

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All is well.
    Passed = 0,
    /// Anything that has no code of its own.
    Other = 1,
    /// A threshold failed, or `compare` found a regression.
    ThresholdFailed = 99,
    /// Bad configuration, document or flag.
    BadInput = 104,
    /// Stopped by a signal.
    Stopped = 105,
    /// The policy refuses the target.
    TargetRefused = 106,
}

impl Exit {
    /// The number that the shell sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
