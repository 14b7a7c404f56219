//! Where MAID meets the network: its certificate, and what answers tell browsers.

mod certificates;
mod headers;
mod secure;
mod tls;
