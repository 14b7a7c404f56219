//! `maid serve`: the server.

use std::net::IpAddr;

use clap::Args;
use serde_json::Value;
use tokio::{runtime, sync::Notify};

use super::{error::CliError, exit::Exit, interrupt::Interrupt, muted::Muted, screen::Screen};
use crate::{
    app::{Server, Start},
    config::{FlagSetting, Flags},
    memory,
};

/// Serve the HTTP API, and run what it is asked to.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid serve                                          on http://127.0.0.1:43121, with SQLite in ./data
  maid serve --port 8080
  MAID__DATABASE__URL=postgres://maid:...@db/maid maid serve

The first start makes the user `admin` and shows the password once, unless MAID__AUTH__ADMIN_PASSWORD
gives one. MAID__AUTH__REQUIRED=false asks nobody who they are, and then listens on this machine alone.
The first ^C ends a run in good order, stores it, and ends; the second ends at once.")]
pub(super) struct Serve {
    /// Address to listen on [default: server.host, 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    pub(super) host: Option<IpAddr>,
    /// Port to listen on; 0 takes a free one [default: server.port, 43121]
    #[arg(short, long, value_name = "PORT")]
    pub(super) port: Option<u16>,
}

impl Serve {
    /// What its flags say about the configuration.
    pub(super) fn flags(&self) -> Flags {
        let host = self.host.map(|host| setting("--host", "server.host", host.to_string()));
        let port = self.port.map(|port| setting("--port", "server.port", port));
        Flags { settings: host.into_iter().chain(port).collect(), ..Flags::default() }
    }

    pub(super) fn execute(
        &self,
        start: Start,
        screen: &Screen,
        interrupt: &Interrupt,
    ) -> Result<Exit, CliError> {
        let screen = &screen.beside(start.layered.config().telemetry.log_format);
        memory::keep_together();
        let muted = Muted::new()?;
        let runtime = runtime()?;
        let ended = runtime.block_on(async {
            let mut server = Server::start(start).await?;
            screen.note(&greeting(&server));
            let asked = asked_to_end(interrupt, screen);
            tokio::select! {
                () = asked.notified() => {
                    server.stop().await;
                    Ok(())
                }
                ending = server.ended() => {
                    server.stop().await;
                    Err(CliError::Ended(ending))
                }
            }
        });
        drop(muted);
        ended.map(|()| Exit::Passed)
    }
}

/// A runtime for a server: requests are served by threads of their own.
pub(super) fn runtime() -> Result<runtime::Runtime, CliError> {
    Ok(runtime::Builder::new_multi_thread().worker_threads(2).thread_name("maid").enable_all().build()?)
}

/// Told at the first ^C or SIGTERM.
pub(super) fn asked_to_end(interrupt: &Interrupt, screen: &Screen) -> std::sync::Arc<Notify> {
    let asked = std::sync::Arc::new(Notify::new());
    let (told, screen) = (std::sync::Arc::clone(&asked), screen.clone());
    interrupt.arm(move || {
        screen.note("ending: the active run is stored first; ^C again ends at once");
        told.notify_one();
    });
    asked
}

/// Where the server is and what to try.
pub(super) fn greeting(server: &Server) -> String {
    let url = server.url();
    let admin = server.first_admin().map_or_else(String::new, |password| {
        format!(
            "\n  sign in    admin, password {}   shown this once: change it, or keep it",
            password.expose()
        )
    });
    format!(
        "MAID {} serves {url}{admin}\n  UI         {url}/plugins/maid\n  API        {url}/api/docs\n  \
         health     {url}/readyz\n  try        maid run http://127.0.0.1:8080/ -u 10 -t 10s --server {url}",
        env!("CARGO_PKG_VERSION")
    )
}

/// What a flag says about the configuration.
pub(super) fn setting(flag: &'static str, key: &'static str, value: impl Into<Value>) -> FlagSetting {
    FlagSetting { flag, key, value: value.into() }
}
