//! What writes tests of words.

mod generator;
