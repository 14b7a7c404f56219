//! stub
use clap::Args;
use super::{error::CliError, exit::Exit, screen::Screen};
/// stub
#[derive(Args, Debug)]
pub(super) struct Compare {}
impl Compare { pub(super) fn execute(&self, _: &Screen) -> Result<Exit, CliError> { Ok(Exit::Passed) } }
