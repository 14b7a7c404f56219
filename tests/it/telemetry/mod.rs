//! What MAID says about itself: logs, traces, metrics, health.

mod traces;
mod watched;
