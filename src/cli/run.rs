//! `maid run`: a load test without a server.

use std::path::PathBuf;

use clap::{Args, builder::NonEmptyStringValueParser};
use console::Style;

use super::{
    document,
    engine_link::Wishes,
    error::CliError,
    exit::Exit,
    flags::{Assignment, notes, rate, stage},
    linked::{Linked, LinkedError},
    logs::LogFlags,
    remote::{self, Order, ServerUrl},
    results::ResultFlags,
    session::Session,
    stored,
    what::What,
};
use crate::loadtest::{span::Span, types::Stage};

/// Run a load test and report on it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid run shop.yaml                                   as the file says
  maid run shop.yaml -u 200 -t 5m -o report.html       more users, for longer, with a report
  maid run http://127.0.0.1:8080/ -u 50 -t 30s         one URL, no file
  maid run shop.yaml -s 30s:100 -s 2m:100 -s 30s:0     up, hold, down
  maid run shop.yaml --arrival-rate 500 -t 1m          500 requests per second (open model)
  maid run shop.yaml --dry-run                         one pass, to see whether it is right
  maid run shop.yaml --threshold 'p95<500ms'           exit code 99 when it is slower
  maid run shop.yaml -H https://staging.example.com --allow-target staging.example.com
  maid run shop.yaml --summary json | jq .rps          for scripts
  maid run shop.yaml --server http://127.0.0.1:43121   on a server, shown here; --dry-run as well
  maid run recipe:smoke -H http://127.0.0.1:8080 -p path=/  a recipe; `maid recipes` lists them
  maid run 'maid://maid.example.com/maid/run?link=k3Jd92LmQx0a'  what somebody has shared; asks first
  maid run recipe:0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a  one of your own, from the database

Without --allow-target or load.targets.allow, only loopback is sent load.

Exit codes: 0 passed, 99 a threshold failed, 104 bad configuration or document, 105 stopped by a
signal, 106 target refused by the policy, 1 anything else.")]
pub(super) struct Run {
    /// LoadTest or recipe file (YAML or JSON), recipe:ID, a deeplink, a URL, or - for stdin
    #[arg(value_name = "WHAT")]
    what: What,
    #[command(flatten)]
    pub(super) test: TestFlags,
    /// Send load to this host, pattern (*.example.com) or network (10.0.0.0/8) as well; repeatable
    #[arg(long, value_name = "HOST", help_heading = "Target", value_parser = NonEmptyStringValueParser::new())]
    pub(super) allow_target: Vec<String>,
    /// Run only this scenario, or those that a pattern such as 'anon*' names; repeatable
    #[arg(long, value_name = "NAME", help_heading = "Load")]
    scenario: Vec<String>,
    /// Send one pass by one user of each scenario, and show each request, its answer, what was taken from it and
    /// what was checked; nothing is measured or kept. Ends with 1 when a request failed, or not all were sent
    #[arg(long, conflicts_with_all = ["notes", "queue", "out", "request_log", "transaction_log", "scenario_log",
        "error_log", "debug_log"], help_heading = "Load")]
    dry_run: bool,
    /// What to write down about this run; reports and comparisons show it (10,000 characters)
    #[arg(long, value_name = "TEXT", value_parser = notes, help_heading = "Results")]
    notes: Option<String>,
    /// Run it on this MAID server instead of here, such as http://127.0.0.1:43121; the variable
    /// MAID_API_KEY holds an API key for it
    #[arg(long, value_name = "URL", help_heading = "Server",
        conflicts_with_all = ["scenario", "request_log", "transaction_log", "scenario_log", "error_log", "debug_log", "allow_target"])]
    server: Option<ServerUrl>,
    /// Wait for its turn where the server has an active run
    #[arg(long, requires = "server", help_heading = "Server")]
    queue: bool,
    /// Run what a deeplink leads to without asking first
    #[arg(short, long, help_heading = "Server")]
    yes: bool,
    #[command(flatten)]
    results: ResultFlags,
    #[command(flatten)]
    logs: LogFlags,
}

/// Flags that change the document.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct TestFlags {
    /// Base URL to send load to instead of the document's; repeatable, users are spread over them
    #[arg(short = 'H', long, value_name = "URL", help_heading = "Target")]
    pub(super) host: Vec<String>,
    /// Users at once
    #[arg(short, long, value_name = "N", help_heading = "Load")]
    pub(super) users: Option<u32>,
    /// Users started per second
    #[arg(short = 'r', long, value_name = "N", value_parser = rate, help_heading = "Load")]
    pub(super) hatch_rate: Option<f64>,
    /// How long to run once all users run, such as 30s or 5m
    #[arg(short = 't', long, value_name = "TIME", help_heading = "Load")]
    pub(super) run_time: Option<Span>,
    /// Passes of each user through its scenario, instead of a time
    #[arg(short, long, value_name = "N", help_heading = "Load")]
    pub(super) iterations: Option<u32>,
    /// Move to this many users in this time, such as 10s:100; repeatable, in order
    #[arg(short, long, value_name = "TIME:USERS", value_parser = stage, help_heading = "Load")]
    pub(super) stage: Vec<Stage>,
    /// Requests per second, sent however slow the answers are (open model)
    #[arg(long, value_name = "RPS", value_parser = rate, help_heading = "Load")]
    pub(super) arrival_rate: Option<f64>,
    /// Most requests per second over all users; 0 means no limit
    #[arg(long, value_name = "RPS", value_parser = rate, help_heading = "Load")]
    pub(super) rate_limit: Option<f64>,
    /// Pass or fail rule instead of the document's, such as 'p95<500ms'; repeatable
    #[arg(long, value_name = "RULE", help_heading = "Load")]
    pub(super) threshold: Vec<String>,
    /// Value that the document may read as ${env:NAME}; repeatable
    #[arg(short = 'e', long = "env", value_name = "NAME=VALUE", help_heading = "Target")]
    pub(super) env: Vec<Assignment>,
    #[command(flatten)]
    pub(super) link: LinkFlags,
    /// Value of a parameter of the recipe; `maid recipes ID` tells them; repeatable
    #[arg(short, long, value_name = "NAME=VALUE", help_heading = "Target")]
    pub(super) param: Vec<Assignment>,
}

/// Flags for servers that are asked: the one of a deeplink, or of `--server`.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct LinkFlags {
    /// Trust a server whose certificate is from the authority in this PEM file as well
    #[arg(long, value_name = "FILE", help_heading = "Server")]
    pub(super) ca_file: Option<PathBuf>,
    /// Take what a deeplink itself holds, without asking its server: then nobody checks whether it was changed or
    /// revoked
    #[arg(long, help_heading = "Server")]
    pub(super) offline: bool,
}

impl LinkFlags {
    /// That none of them is given: what is no deeplink asks no server.
    pub(super) const fn unused(&self) -> Result<(), LinkedError> {
        match self {
            Self { ca_file: Some(_), .. } => Err(LinkedError::OnlyLinks("--ca-file")),
            Self { offline: true, .. } => Err(LinkedError::OnlyLinks("--offline")),
            Self { ca_file: None, offline: false } => Ok(()),
        }
    }
}

impl Run {
    pub(super) fn execute(self, session: &Session<'_>) -> Result<Exit, CliError> {
        self.results.check()?;
        if let Some(server) = self.server.clone() {
            return self.on_server(&server, session);
        }
        let written = document::written(&self.what, &self.test, session.config)?;
        let (test, link) = document::checked(written, &self.what, session.config)?;
        if let Some(link) = link {
            self.follow(&link, &document::described(&test), session)?;
        }
        let scenarios = document::scenarios(&test, &self.scenario)?;
        if self.dry_run {
            let wishes = Wishes { scenarios, ..Wishes::default() };
            return session.dry_run(&test, wishes, self.results.summary);
        }
        let logs = self.logs.paths(&self.what, &test, &self.results.out);
        let outcome =
            session.run(test, Wishes { scenarios, logs, notes: self.notes, ..Wishes::default() })?;
        let outcome = match session.config.history.command_line {
            true => stored::keep(session.config, &outcome, self.what.recipe()).unwrap_or_else(|error| {
                let warning = session.screen.styled(Style::new().yellow().bold(), "warning:");
                session.screen.say(&format!("{warning} the run is not in the history: {error}"));
                stored::alone(outcome)
            }),
            false => stored::alone(outcome),
        };
        let delivered = self.results.deliver(&outcome, &session.config.reports, session.screen);
        Ok(delivered.conclude(&outcome, session.screen))
    }

    /// Asks before what a link leads to is run. A dry run of it is none that the link counts.
    fn follow(&self, link: &Linked, described: &str, session: &Session<'_>) -> Result<(), CliError> {
        link.confirm(described, self.yes, session.screen)?;
        if self.dry_run { Ok(()) } else { link.redeem() }
    }

    /// The server checks the document: it has the files, the environment and the policy that count.
    fn on_server(mut self, server: &ServerUrl, session: &Session<'_>) -> Result<Exit, CliError> {
        let ca_file = match &self.what {
            What::Deeplink(_) => self.test.link.ca_file.clone(),
            _ => self.test.link.ca_file.take(),
        };
        let written = document::written(&self.what, &self.test, session.config)?;
        if let Some(link) = &written.link {
            self.follow(link, &format!("what it leads to runs on {server}"), session)?;
        }
        let order = Order {
            ca_file,
            credential: remote::api_key(),
            document: written.document,
            env: written.env,
            notes: self.notes,
            queue: self.queue,
        };
        if self.dry_run {
            return session.dry_run_on(server, &order, self.results.summary);
        }
        let outcome = remote::run(session, server, order)?;
        let delivered = self.results.deliver(&outcome, &session.config.reports, session.screen);
        Ok(delivered.conclude(&outcome, session.screen))
    }
}
