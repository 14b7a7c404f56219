//! What writes tests, words findings and speaks with a model. Everything in here works without one, and says so.

pub mod generator;
