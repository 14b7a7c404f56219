//! What helps to find, read and understand load tests.

mod pictures;
mod search;
