//! The transport against servers that behave in every way a server can.

mod answers;
mod broken;
mod client;
mod cookies;
mod http2;
mod lifecycle;
mod policy;
mod redirects;
mod reference;
mod stop;
mod tls;
