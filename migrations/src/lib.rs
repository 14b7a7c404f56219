//! The database of MAID, step by step, for SQLite and Postgres from one definition.
//!
//! A migration that has been released is never changed; the next one goes on from it.
