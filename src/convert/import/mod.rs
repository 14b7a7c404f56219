//! From what other tools write to a LoadTest.
