//! The section `server`: where MAID listens and what a connection may ask of it.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tls::Tls;
use crate::loadtest::span::Span;

/// Where MAID listens and what a connection may ask of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address that MAID listens on; only loopback where `auth.required` is false.
    pub host: IpAddr,
    /// Port that MAID listens on; 0 takes a free one.
    pub port: u16,
    /// URL under which people reach MAID, such as `https://maid.example.com`; sign-in by `auth.oidc` leads back to it.
    #[schemars(length(min = 1, max = 500), example = "https://maid.example.com")]
    pub public_url: Option<String>,
    /// Threads that serve HTTP; 0 means one for each core, at most four.
    #[schemars(range(max = 256))]
    pub workers: u16,
    /// Folder that belongs to this server alone: its database by default, what could not be stored
    /// yet, its lock.
    #[schemars(length(min = 1))]
    pub data_dir: PathBuf,
    /// Folder that files named by a LoadTest are read from when the test comes over the API.
    #[schemars(length(min = 1))]
    pub files_dir: PathBuf,
    /// Largest body of a request, in bytes.
    #[schemars(range(min = 1024, max = 1_073_741_824))]
    pub max_body: usize,
    /// Most connections at once.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_connections: usize,
    /// Most WebSockets at once.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_websockets: usize,
    /// How long a client may take to send the head of a request.
    pub client_timeout: Span,
    /// Addresses and networks of proxies that are believed when they say whom they speak for, by
    /// `X-Forwarded-For` or `Forwarded`, and whether by https, by `X-Forwarded-Proto`.
    #[schemars(length(max = 100), inner(length(min = 1, max = 100)),
        example = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"])]
    pub trusted_proxies: Vec<String>,
    /// How long a run may take to end when the server is told to.
    pub shutdown_grace: Span,
    /// The certificate that MAID serves with. Without one it speaks plain HTTP.
    pub tls: Tls,
    /// Origins whose pages may read answers, written as browsers do: scheme, host and any port. None
    /// may by default; credentials that browsers add by themselves are never taken.
    #[schemars(length(max = 100), inner(length(min = 1, max = 300)), example = ["https://shop.example.com"])]
    pub cors_origins: Vec<String>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 43121,
            public_url: None,
            workers: 0,
            data_dir: PathBuf::from("data"),
            files_dir: PathBuf::from("data/files"),
            max_body: 10 << 20,
            max_connections: 10_000,
            max_websockets: 5_000,
            client_timeout: Span::from_secs(10),
            trusted_proxies: Vec::new(),
            shutdown_grace: Span::from_secs(30),
            tls: Tls::default(),
            cors_origins: Vec::new(),
        }
    }
}
