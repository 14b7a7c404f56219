//! From a LoadTest to what other tools run.
