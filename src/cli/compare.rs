//! stub
use super::{error::CliError, exit::Exit, screen::Screen};
use clap::Args;
/// stub
#[derive(Args, Debug)]
pub(super) struct Compare {}
impl Compare {
    pub(super) fn execute(&self, _: &Screen) -> Result<Exit, CliError> {
        Ok(Exit::Passed)
    }
}
