//! `maid demo`: the demo shop, a server, and a first load test of the one by the other.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use clap::Args;
use console::Style;

use super::{
    document::{self, Written},
    error::CliError,
    exit::Exit,
    muted::Muted,
    remote::{self, Order, ServerUrl},
    results::ResultFlags,
    run::TestFlags,
    serve::{asked_to_end, greeting, runtime, setting},
    session::Session,
    what::What,
};
use crate::{
    app::{Server, Start, StartError},
    auth::{AuthError, DEFAULT_TENANT, sessions::Tokens},
    config::{Flags, Layered},
    demo::{Failing, PORT, Shop, Slow, Trouble},
    engine::outcome::Outcome,
    loadtest::secret::Secret,
    reports,
};

/// Start the built-in demo shop and a server, and run the quickstart test against the shop.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid demo                     the test takes about 12 seconds; then shop and server stay, until ^C
  maid demo --once              ends after the test
  maid demo --slow 'GET /products=400ms'   something for the analyst to find

Shop and server listen on 127.0.0.1 alone. Nothing leaves this machine.")]
pub(super) struct Demo {
    /// Port of the shop; 0 takes a free one [default: 43180, or a free one when that is taken]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Port of the server; 0 takes a free one [default: server.port, or a free one when that is taken]
    #[arg(long, value_name = "PORT")]
    server_port: Option<u16>,
    /// Make an operation of the shop slow, to see it found, such as 'GET /search=400ms'; repeatable
    #[arg(long, value_name = "OPERATION=TIME")]
    slow: Vec<Slow>,
    /// Let an operation of the shop fail, such as 'POST /checkout=20%'; repeatable
    #[arg(long, value_name = "OPERATION=SHARE")]
    failing: Vec<Failing>,
    /// End after the test
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    results: ResultFlags,
}

impl Demo {
    pub(super) fn execute(self, session: &Session<'_>, start: Start) -> Result<Exit, CliError> {
        self.results.check()?;
        let shop = self.open()?;
        let screen = session.screen;
        let runtime = runtime()?;
        let muted = Muted::new()?;
        let mut server = runtime.block_on(self.serve(start))?;
        server.state().recipes.shop().is_at(shop.url());
        screen.note(&format!("the demo shop listens on {}\n{}", shop.url(), greeting(&server)));
        let credential = runtime.block_on(signed_in(&server))?;
        let outcome = quickstart(session, &shop, &server, credential)?;
        // Results go to stdout.
        drop(muted);
        let delivered = self.results.deliver(&outcome, &session.config.reports, screen);
        let page = delivered.kept.as_ref().map(|kept| kept.with_extension("html"));
        if let Some(page) = &page {
            reports::write(&outcome, page)?;
        }
        screen.note(&next(session, page.as_ref(), &shop, &server, self.once));
        let exit = delivered.conclude(&outcome, screen);
        if self.once || exit == Exit::Stopped {
            runtime.block_on(server.stop());
        } else {
            let muted = Muted::new()?;
            let asked = asked_to_end(session.interrupt, screen);
            runtime.block_on(async {
                tokio::select! {
                    () = asked.notified() => {}
                    ending = server.ended() => screen.say(&ending.to_string()),
                }
                server.stop().await;
            });
            drop(muted);
            screen.note(&format!("the shop closes; it served {} requests", shop.requests().total));
        }
        shop.stop();
        Ok(exit)
    }

    /// The shop on the asked port; without one asked for, a taken port is no reason to give up.
    fn open(&self) -> Result<Shop, CliError> {
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port.unwrap_or(PORT)));
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let open = |addr| Shop::in_trouble(addr, Trouble::new(self.slow.clone(), self.failing.clone()));
        open(addr)
            .or_else(|error| match error.kind() {
                io::ErrorKind::AddrInUse if self.port.is_none() => open(anywhere),
                _ => Err(error),
            })
            .map_err(|error| CliError::Shop { addr: addr.to_string(), error })
    }

    /// What its flags say about the configuration: the server listens on loopback alone.
    pub(super) fn flags(&self) -> Flags {
        let host = setting("maid demo", "server.host", Ipv4Addr::LOCALHOST.to_string());
        let port = self.server_port.map(|port| setting("--server-port", "server.port", port));
        Flags { settings: [host].into_iter().chain(port).collect(), ..Flags::default() }
    }

    /// The server on the asked port; without one asked for, a taken port is no reason to give up.
    async fn serve(&self, start: Start) -> Result<Server, CliError> {
        let mut anywhere = start.sources.clone();
        let tracing = start.tracing.clone();
        match Server::start(start).await {
            Err(StartError::Listen { cause, .. })
                if cause.kind() == io::ErrorKind::AddrInUse && self.server_port.is_none() =>
            {
                anywhere.flags.settings.push(setting("maid demo", "server.port", 0));
                let layered = Layered::read(&anywhere)?;
                Ok(Server::start(Start { layered, sources: anywhere, tracing }).await?)
            }
            started => Ok(started?),
        }
    }
}

/// An access token for the demo's own run, where the server asks whoever comes who they are: whoever has
/// started the server may do with it what they like.
async fn signed_in(server: &Server) -> Result<Option<Secret>, CliError> {
    let auth = &server.state().auth;
    if !auth.required() {
        return Ok(None);
    }
    let admin = auth.users.named(DEFAULT_TENANT, &"admin".parse().map_err(AuthError::from)?).await?;
    Ok(match auth.sessions.begin(admin, false, None).await?.tokens {
        Tokens::Bearer { access, .. } => Some(Secret::new(access)),
        Tokens::Cookie { .. } => None,
    })
}

/// Runs the quickstart on the server, as any client would.
fn quickstart(
    session: &Session<'_>,
    shop: &Shop,
    server: &Server,
    credential: Option<Secret>,
) -> Result<Outcome, CliError> {
    let flags = TestFlags { host: vec![shop.url()], ..TestFlags::default() };
    let Written { document, env, .. } =
        document::written(&What::Recipe("quickstart".to_owned()), &flags, session.config)?;
    let order = Order { ca_file: None, credential, document, env, notes: None, queue: false };
    let url: ServerUrl = server.url().parse().map_err(remote::RemoteError::Address)?;
    remote::run(session, &url, order)
}

/// Where things lie and what to type next.
fn next(session: &Session<'_>, page: Option<&PathBuf>, shop: &Shop, server: &Server, once: bool) -> String {
    let title = |text: &str| session.screen.styled(Style::new().bold(), text);
    let mut lines = Vec::new();
    if let Some(page) = page {
        let page = page.canonicalize().unwrap_or_else(|_| page.clone());
        lines.push(format!("report   file://{}", page.display()));
        lines.push(String::new());
    }
    lines.push(title("Test a service of your own"));
    lines.push("  maid run http://127.0.0.1:8080/ -u 50 -t 30s -o report.html".to_owned());
    lines.push(title("Take a test that is there already"));
    lines.push("  maid recipes".to_owned());
    lines.push(title("See what has run"));
    lines.push("  maid history".to_owned());
    if once {
        lines.push(title("Keep the shop and the server up, to aim tests of your own at them"));
        lines.push("  maid demo".to_owned());
    } else {
        lines.push(title("Shop and server stay up until ^C"));
        let (shop, server) = (shop.url(), server.url());
        lines.push(format!("  maid run recipe:quickstart -H {shop} -u 100 -t 30s --server {server}"));
        lines.push(format!("  {server}/plugins/maid"));
        lines.push(format!("  {server}/api/docs"));
    }
    lines.join("\n")
}
