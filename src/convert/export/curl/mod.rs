//! Comes next.

use super::{Exported, program::Program};

pub(super) fn write(program: Program<'_>, _stem: &str) -> Exported {
    Exported { files: Vec::new(), left_out: program.left_out }
}
