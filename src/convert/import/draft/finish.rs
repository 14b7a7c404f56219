//! The last step of every importer: a LoadTest that can be run.

use std::collections::{BTreeMap, HashSet};

use url::Url;

use super::{Draft, plain, short};
use crate::{
    convert::{
        import::{Imported, Options, dto::Variable, error::ImportError},
        yaml,
    },
    loadtest::{
        parse::{MAX_DOCUMENT, MAX_NODES},
        place::Path,
        secret::Secret,
        types::{Load, LoadTest, Request, Scenario, Target},
    },
};

/// Most distinct names of requests that a test may have.
const MAX_REQUEST_NAMES: usize = 1000;

impl Draft {
    /// The test, validated.
    ///
    /// # Errors
    /// That nothing is left to send, that no host is known, or that it is more than a test may hold.
    pub(in crate::convert::import) fn finish(mut self, options: &Options) -> Result<Imported, ImportError> {
        self.scenarios.retain(|scenario| !scenario.transactions.is_empty());
        if self.scenarios.iter().flat_map(requests).next().is_none() {
            return Err(self.nothing_left());
        }
        let hosts = self.target_hosts(options)?;
        self.check_names()?;
        let loadtest = self.loadtest(hosts, options);
        let name = format!("what was made of {}", self.source);
        self.check_size(&loadtest)?;
        // One that can stand anywhere, also as a path.
        let stand_in = |name: &String| match self.base_urls.contains(&format!("${{env:{name}}}")) {
            true => Secret::new("http://127.0.0.1"),
            false => Secret::new("/value"),
        };
        let env = self.env.keys().map(|name| (name.clone(), stand_in(name))).collect::<BTreeMap<_, _>>();
        let loadtest = self.sound(loadtest, &name, &env)?;
        let env = self.env.into_iter().map(|(name, what)| Variable { name, what }).collect();
        Ok(Imported {
            left_out: self.left_out,
            left_out_more: self.left_out_more,
            made: self.made,
            env,
            found: self.found,
            requests: loadtest.scenarios.iter().flat_map(requests).count(),
            loadtest,
        })
    }

    /// That nothing is left to send, and why.
    pub(super) fn nothing_left(&self) -> ImportError {
        let reasons: Vec<String> = self.left_out.iter().take(5).map(ToString::to_string).collect();
        let why = if reasons.is_empty() { String::new() } else { format!("; {}", reasons.join("; ")) };
        self.refuse(format!("holds nothing that can be sent{why}"))
    }

    /// The hosts that are asked for, or the document's own.
    fn target_hosts(&self, options: &Options) -> Result<Vec<String>, ImportError> {
        let hosts = if options.hosts.is_empty() { &self.hosts } else { &options.hosts };
        if hosts.is_empty() {
            let message = "names no host to send to: give one with --host (`options.hosts`), such as \
                           http://127.0.0.1:8080";
            return Err(self.refuse_host(message));
        }
        for host in hosts {
            // Those that the environment gives are checked when the test is started.
            let given = self.base_urls.iter().any(|template| host.starts_with(template.as_str()))
                || (host.starts_with("http://") || host.starts_with("https://")) && host.contains("${env:");
            let fits = given || Url::parse(host).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
            if !fits {
                let message =
                    format!("`{host}` is no base URL: give one such as http://127.0.0.1:8080 with --host");
                return Err(self.refuse_host(message));
            }
        }
        Ok(hosts.clone())
    }

    /// What is wrong with the hosts is put right where they are given.
    fn refuse_host(&self, message: impl Into<String>) -> ImportError {
        ImportError::given(&self.source, &Path::root().key("options").key("hosts"), "--host", message)
    }

    fn check_names(&self) -> Result<(), ImportError> {
        let names: HashSet<_> = self.scenarios.iter().flat_map(requests).map(Request::label).collect();
        if names.len() > MAX_REQUEST_NAMES {
            return Err(self.refuse(format!(
                "makes {} different requests, and {MAX_REQUEST_NAMES} is the most that a test measures: choose some \
                 of them (for OpenAPI with --tag or --operation), or split the document",
                names.len()
            )));
        }
        Ok(())
    }

    fn loadtest(&mut self, hosts: Vec<String>, options: &Options) -> LoadTest {
        let mut target = Target::of(hosts);
        target.tls.verify = !self.insecure;
        target.compression = self.compression;
        target.http_version = self.http_version;
        target.redirects = self.redirects.unwrap_or(target.redirects);
        target.cookies = self.cookies;
        target.headers = std::mem::take(&mut self.headers);
        LoadTest {
            version: 1,
            name: short(options.name.as_deref().unwrap_or(&self.name)),
            description: self.description.take().map(|text| plain(&text)),
            target,
            load: self.asked_for(options),
            scheduler: self.scheduler,
            rate_limit: self.rate_limit,
            variables: std::mem::take(&mut self.variables),
            data: Vec::new(),
            scenarios: std::mem::take(&mut self.scenarios),
            thresholds: std::mem::take(&mut self.thresholds),
            abort_on_threshold: self.abort,
        }
    }

    /// The load of whoever imports, else that of the document, else a small one.
    fn asked_for(&mut self, options: &Options) -> Load {
        let (users, run_time) = (options.users, options.run_time);
        match self.load.take() {
            Some(load) if users.is_none() && run_time.is_none() => load,
            Some(load) if load.users.is_some() && load.iterations.is_none() => {
                Load { users: users.or(load.users), run_time: run_time.or(load.run_time), ..load }
            }
            written => {
                if written.is_some() {
                    self.leave_out(
                        "load",
                        "the users and the time that you give stand instead of what the document says",
                    );
                }
                let users = Some(users.unwrap_or(Options::USERS));
                Load { users, run_time: Some(run_time.unwrap_or(Options::RUN_TIME)), ..Load::default() }
            }
        }
    }

    /// What was made must be read again by whoever runs it.
    fn check_size(&self, loadtest: &LoadTest) -> Result<(), ImportError> {
        let value = yaml::brief(loadtest);
        let (nodes, bytes) = size(&value);
        if nodes > MAX_NODES || bytes > MAX_DOCUMENT {
            return Err(self.refuse(format!(
                "makes a test of {nodes} values and {} MB, and {MAX_NODES} values and {} MB are the most: choose \
                 fewer requests, or shorten their bodies",
                bytes / 1_000_000,
                MAX_DOCUMENT / 1_000_000
            )));
        }
        Ok(())
    }
}

/// Values and bytes of a document, its indentation included.
fn size(value: &serde_json::Value) -> (usize, usize) {
    use serde_json::Value;
    /// What one value adds beside its own text.
    const AROUND: usize = 24;
    match value {
        Value::String(text) => (1, text.len() + text.len() / 8 + AROUND),
        Value::Array(list) => list.iter().map(size).fold((1, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1)),
        Value::Object(map) => map.iter().fold((1, 0), |sum, (key, value)| {
            let of = size(value);
            (sum.0 + of.0 + 1, sum.1 + of.1 + key.len() + AROUND)
        }),
        _ => (1, AROUND),
    }
}

/// All requests of a scenario.
fn requests(scenario: &Scenario) -> impl Iterator<Item = &Request> {
    let parts = [&scenario.on_start, &scenario.transactions, &scenario.on_stop];
    parts.into_iter().flatten().flat_map(|transaction| &transaction.requests)
}
