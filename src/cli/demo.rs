//! `maid demo`: the demo shop and a first load test against it.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::mpsc,
};

use clap::Args;
use console::Style;

use super::{
    document, engine_link::Wishes, error::CliError, exit::Exit, results::ResultFlags, run::TestFlags,
    session::Session, what::What,
};
use crate::{demo::Shop, engine::outcome::Outcome, reports};

/// Port that the shop likes best.
const PORT: u16 = 43180;

/// Start the built-in demo shop and run the quickstart test against it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid demo                     takes about 12 seconds
  maid demo --keep              and keeps the shop up, to aim tests of your own at it

The shop listens on 127.0.0.1 alone. Nothing leaves this machine.")]
pub(super) struct Demo {
    /// Port of the shop; 0 takes a free one [default: 43180, or a free one when that is taken]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Keep the shop up after the run, until ^C
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    results: ResultFlags,
}

impl Demo {
    pub(super) fn execute(self, session: &Session<'_>) -> Result<Exit, CliError> {
        self.results.check()?;
        let shop = self.open()?;
        let screen = session.screen;
        screen.note(&format!("the demo shop listens on {}", shop.url()));
        let flags = TestFlags { host: vec![shop.url()], ..TestFlags::default() };
        let test = document::valid(&What::Recipe("quickstart".to_owned()), &flags, session.config)?;
        let outcome = session.run(test, Wishes::default())?;
        let delivered = self.results.deliver(&outcome, &session.config.reports, screen);
        let page = delivered.kept.as_ref().map(|kept| kept.with_extension("html"));
        if let Some(page) = &page {
            reports::write(&outcome, page)?;
        }
        screen.note(&next(session, &outcome, page.as_ref(), &shop, self.keep));
        let exit = delivered.conclude(&outcome, screen);
        if self.keep && exit != Exit::Stopped {
            stay(session, &shop);
        }
        shop.stop();
        Ok(exit)
    }

    /// The shop on the asked port; without one asked for, a taken port is no reason to give up.
    fn open(&self) -> Result<Shop, CliError> {
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port.unwrap_or(PORT)));
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Shop::start(addr)
            .or_else(|error| match error.kind() {
                io::ErrorKind::AddrInUse if self.port.is_none() => Shop::start(anywhere),
                _ => Err(error),
            })
            .map_err(|error| CliError::Shop { addr: addr.to_string(), error })
    }
}

/// Where things lie and what to type next.
fn next(session: &Session<'_>, outcome: &Outcome, page: Option<&PathBuf>, shop: &Shop, keep: bool) -> String {
    let title = |text: &str| session.screen.styled(Style::new().bold(), text);
    let mut lines = Vec::new();
    if let Some(page) = page {
        let page = page.canonicalize().unwrap_or_else(|_| page.clone());
        lines.push(format!("report   file://{}", page.display()));
        lines.push(String::new());
        lines.push(title("Compare the next run with this one"));
        let (folder, id) = (session.config.reports.dir.display(), &outcome.summary.run_id);
        lines.push(format!(
            "  maid compare {folder}/{id}.json {folder}/NEXT_RUN_ID.json --max-regression 10%"
        ));
    }
    lines.push(title("Test a service of your own"));
    lines.push("  maid run http://127.0.0.1:8080/ -u 50 -t 30s -o report.html".to_owned());
    if keep {
        lines.push(title("The shop stays up until ^C"));
        lines.push(format!("  maid run recipe:quickstart -H {} -u 100 -t 30s", shop.url()));
    } else {
        lines.push(title("Keep the shop up and aim tests of your own at it"));
        lines.push("  maid demo --keep".to_owned());
    }
    lines.join("\n")
}

fn stay(session: &Session<'_>, shop: &Shop) {
    let (sender, interrupted) = mpsc::sync_channel(1);
    session.interrupt.arm(move || {
        sender.send(()).ok();
    });
    if !session.interrupt.came() {
        // An error means that the other end is gone, which is the same news.
        interrupted.recv().ok();
    }
    session.screen.note(&format!("the shop closes; it served {} requests", shop.requests().total));
}
