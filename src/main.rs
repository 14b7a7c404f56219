//! Parses the command line and calls the library; nothing else.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use maid::cli::{self, Exit, Interrupt};

fn main() -> ExitCode {
    if let Some(missing) = cli::cpu::missing() {
        return end(&format!(
            "this CPU lacks {missing}, which this build of MAID needs (x86-64-v3: Intel Haswell, AMD Zen or later)\n\
             build it for this machine: RUSTFLAGS='-C target-cpu=native' cargo build --release"
        ));
    }
    match Interrupt::install() {
        Ok(interrupt) => cli::main(std::env::args_os(), &interrupt).into(),
        Err(error) => end(&format!("signals cannot be taken over: {error}\nstart MAID as its own process")),
    }
}

fn end(message: &str) -> ExitCode {
    // There is nowhere left to tell that stderr is closed.
    writeln!(io::stderr(), "error: {message}").ok();
    Exit::Other.into()
}
