//! Parses the command line and calls the library; nothing else.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use maid::cli::{self, Exit, Interrupt};

fn main() -> ExitCode {
    if let Some(missing) = cli::cpu::missing() {
        return refuse(missing);
    }
    match Interrupt::install() {
        Ok(interrupt) => cli::main(std::env::args_os(), &interrupt).into(),
        Err(error) => {
            // There is nowhere left to tell that stderr is closed.
            writeln!(io::stderr(), "error: signals cannot be taken over: {error}").ok();
            Exit::Other.into()
        }
    }
}

/// Writes constant bytes alone: formatting is compiled to instructions that such a CPU lacks.
#[inline(never)]
fn refuse(missing: &'static str) -> ExitCode {
    for part in [
        "error: this CPU lacks ",
        missing,
        ", which this build of MAID needs (x86-64-v3: Intel Haswell, AMD Zen, or later)\n\
         build MAID on this machine: RUSTFLAGS='-C target-cpu=native' cargo build --release\n",
    ] {
        io::stderr().write_all(part.as_bytes()).ok();
    }
    ExitCode::FAILURE
}
