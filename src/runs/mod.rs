//! A run's life as it is stored: from the moment it is asked for to the day it is trimmed.

pub mod history;
pub mod log;
pub mod record;
pub mod store;
