//! `maid completions`: a script that completes MAID's commands in a shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, error::CliError, exit::Exit, screen::Screen};

/// Print a completion script for a shell.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid completions bash > ~/.local/share/bash-completion/completions/maid
  maid completions zsh > ~/.zfunc/_maid
  maid completions fish > ~/.config/fish/completions/maid.fish")]
pub(super) struct Completions {
    /// Shell that the script is for
    shell: Shell,
}

impl Completions {
    pub(super) fn execute(&self, screen: &Screen) -> Result<Exit, CliError> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "maid", &mut script);
        screen.result(&String::from_utf8_lossy(&script))?;
        Ok(Exit::Passed)
    }
}
