//! What MAID says about itself: logs, traces, metrics, health.

mod collector;
mod served;
mod traces;
mod watched;
