//! The recipes of the binary, run for real against the demo shop, and the command line that shows them.

mod command_line;
mod described;
mod documented;
mod runs;
