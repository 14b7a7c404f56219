//! Runs whose cause is known: users at a queue with so many servers, whose requests go through the real
//! recorder and the real assembly, so that what comes out is an outcome like any other.

use std::{cmp::Reverse, collections::BinaryHeap, fmt::Write, sync::Arc, time::Duration};

use fastrand::Rng;
use maid::{
    engine::{
        Replayed, Setting,
        live::Phase,
        outcome::Outcome,
        replay,
        transport::{FailureKind, Timings},
    },
    loadtest::{
        parse::parse,
        valid::{Context, ValidLoadTest},
    },
};

use crate::engine::settings;

/// One request that users send.
#[derive(Clone)]
pub struct Request {
    pub name: &'static str,
    /// Time that a server works on it in the middle, ms.
    pub service_ms: f64,
    /// Deviation of the logarithm of that.
    pub sigma: f64,
    pub weight: u32,
}

pub fn request(name: &'static str, service_ms: f64, weight: u32) -> Request {
    Request { name, service_ms, sigma: 0.3, weight }
}

/// What is known when a request is carried out.
pub struct Moment {
    /// Seconds since the start.
    pub at: f64,
    pub request: usize,
    pub host: usize,
}

/// What an effect does to a request.
#[derive(Clone, Default)]
pub struct Effect {
    /// How many times as long it is worked on.
    pub times: Option<f64>,
    /// Milliseconds more, outside of the queue.
    pub wait_ms: f64,
    pub connect_ms: f64,
    pub tls_ms: f64,
    pub dns_ms: f64,
    pub receive_ms: f64,
    /// How it fails.
    pub failure: Option<Failure>,
}

#[derive(Clone)]
pub enum Failure {
    /// At once, with this status.
    Status(u16),
    /// After so many milliseconds without an answer.
    Timeout(f64),
    /// At once, without a connection.
    Refused,
}

type Effects = Box<dyn Fn(&Moment, &mut Rng) -> Effect + Send + Sync>;

/// A target and its load.
pub struct Sim {
    pub seed: u64,
    pub seconds: u32,
    /// Users at each second; for the open model, most users.
    pub users: Box<dyn Fn(f64) -> u32 + Send + Sync>,
    /// The `load` of the document, as one line of YAML.
    pub load: String,
    /// Requests per second at each second, where the model is open.
    pub arrival: Option<Box<dyn Fn(f64) -> f64 + Send + Sync>>,
    pub phases: Vec<(Phase, u32)>,
    pub think_ms: f64,
    /// Requests that the target works on at once.
    pub servers: usize,
    pub hosts: usize,
    pub requests: Vec<Request>,
    pub effects: Effects,
    /// Times in which no server works: beginning and length, in seconds.
    pub standstills: Vec<(f64, f64)>,
    pub thresholds: Vec<String>,
    pub cpu_percent: f64,
    pub lag_us: u32,
}

impl Sim {
    /// A healthy shop under a steady load.
    pub fn steady(seed: u64, users: u32, seconds: u32) -> Self {
        Self {
            seed,
            seconds,
            users: Box::new(move |_| users),
            load: format!("{{ users: {users}, run_time: {seconds}s }}"),
            arrival: None,
            phases: vec![(Phase::Increase, 0), (Phase::Maintain, 1)],
            think_ms: 100.0,
            servers: 64,
            hosts: 1,
            requests: vec![
                request("GET /products", 20.0, 5),
                request("GET /search", 30.0, 3),
                request("POST /cart", 25.0, 2),
            ],
            effects: Box::new(|_, _| Effect::default()),
            standstills: Vec::new(),
            thresholds: Vec::new(),
            cpu_percent: 20.0,
            lag_us: 80,
        }
    }

    /// The same with users that grow from one to `users`.
    pub fn ramp(seed: u64, users: u32, seconds: u32) -> Self {
        let up = seconds * 3 / 4;
        Self {
            users: Box::new(move |at| {
                ((at / f64::from(up)).min(1.0) * f64::from(users)).ceil().max(1.0) as u32
            }),
            load: format!(
                "{{ stages: [{{ duration: {up}s, target: {users} }}, {{ duration: {}s, target: {users} }}] }}",
                seconds - up
            ),
            phases: vec![(Phase::Increase, 0), (Phase::Maintain, up)],
            ..Self::steady(seed, users, seconds)
        }
    }

    /// The same with requests that come at a rate, however slow the answers are.
    pub fn open(seed: u64, from: f64, to: f64, most: u32, seconds: u32) -> Self {
        let phase = if from == to { Phase::Maintain } else { Phase::Increase };
        Self {
            arrival: Some(Box::new(move |at| from + (to - from) * at / f64::from(seconds))),
            load: format!(
                "{{ arrival: {{ rate: {from}, max_users: {most}, stages: [{{ duration: {seconds}s, target: {to} }}] }} }}"
            ),
            phases: vec![(phase, 0)],
            ..Self::steady(seed, most, seconds)
        }
    }

    fn document(&self) -> ValidLoadTest {
        let hosts: Vec<String> =
            (0..self.hosts).map(|host| format!("http://127.0.0.1:{}", 8080 + host)).collect();
        let mut text = format!("version: 1\nname: simulated\ntarget: {{ hosts: [{}] }}\n", hosts.join(", "));
        let _ = writeln!(text, "load: {}\nscenarios:\n  - name: visitors\n    transactions:", self.load);
        for request in &self.requests {
            let (method, path) = request.name.split_once(' ').expect("method and path");
            let _ = writeln!(
                text,
                "      - {{ name: \"{0}\", requests: [{{ name: \"{0}\", method: {method}, path: \"{path}\" }}] }}",
                request.name
            );
        }
        if !self.thresholds.is_empty() {
            let _ = writeln!(text, "thresholds: {:?}", self.thresholds);
        }
        let document = parse(&text, "simulated.yaml").unwrap_or_else(|problems| panic!("{problems}\n{text}"));
        document.validate(&Context::new(".")).unwrap_or_else(|problems| panic!("{problems}\n{text}"))
    }

    /// Carries it out.
    pub fn run(self) -> Outcome {
        let test = Arc::new(self.document());
        let mut rng = Rng::with_seed(self.seed);
        let (mut requests, slots) = self.requests(&mut rng);
        requests.sort_by_key(|request| request.at);
        let mut users: Vec<u32> = (1..=self.seconds).map(|second| (self.users)(f64::from(second))).collect();
        if self.arrival.is_some() {
            users = vec![*users.last().expect("a second"); users.len()];
        }
        let setting = Setting {
            settings: settings(),
            length: Duration::from_secs(self.seconds.into()),
            users,
            phases: self
                .phases
                .iter()
                .map(|(phase, at)| (*phase, Duration::from_secs((*at).into())))
                .collect(),
            cpu_percent: self.cpu_percent,
            lags_us: (0..500).map(|_| (f64::from(self.lag_us) * (0.5 + rng.f64())) as u32).collect(),
            slots,
        };
        replay(test, setting, requests).expect("an outcome")
    }

    /// Users at the queue; the earliest goes first.
    fn requests(&self, rng: &mut Rng) -> (Vec<Replayed>, Option<(u64, u64)>) {
        let mut free: Vec<BinaryHeap<Reverse<u64>>> =
            (0..self.hosts).map(|_| (0..self.servers).map(|_| Reverse(0)).collect()).collect();
        let end = u64::from(self.seconds) * 1_000_000;
        let mut done = Vec::new();
        let Some(rate) = &self.arrival else {
            let most = (0..=self.seconds).map(|second| (self.users)(f64::from(second))).max().unwrap_or(1);
            let mut ready: BinaryHeap<Reverse<(u64, u32)>> =
                (0..most).map(|user| Reverse((self.starts(user), user))).collect();
            while let Some(Reverse((at, user))) = ready.pop() {
                if at >= end {
                    break;
                }
                let (request, finish) = self.one(at, user, &mut free, rng);
                if finish < end {
                    done.push(request);
                }
                let pause = (self.think_ms * (0.5 + rng.f64()) * 1000.0) as u64;
                ready.push(Reverse((finish + pause, user)));
            }
            return (done, None);
        };
        let most = (self.users)(0.0) as usize;
        let mut busy: BinaryHeap<Reverse<(u64, u32)>> = BinaryHeap::new();
        let mut idle: Vec<u32> = (0..most as u32).rev().collect();
        let (mut at, mut due, mut sent) = (0.0_f64, 0, 0);
        while at < end as f64 {
            while busy.peek().is_some_and(|Reverse((until, _))| *until as f64 <= at) {
                idle.extend(busy.pop().map(|Reverse((_, user))| user));
            }
            due += 1;
            if let Some(user) = idle.pop() {
                let (request, finish) = self.one(at as u64, user, &mut free, rng);
                if finish < end {
                    done.push(request);
                    sent += 1;
                }
                busy.push(Reverse((finish, user)));
            }
            at += -(1.0 - rng.f64()).ln() / rate(at / 1e6).max(0.1) * 1e6;
        }
        (done, Some((due, sent)))
    }

    /// When a user begins: as soon as there are as many.
    fn starts(&self, user: u32) -> u64 {
        let wanted = user + 1;
        let steps = self.seconds * 10;
        let at = (0..steps).find(|step| (self.users)(f64::from(*step) / 10.0) >= wanted).unwrap_or(steps);
        u64::from(at) * 100_000 + u64::from(user % 10) * 9_000
    }

    fn one(
        &self,
        at: u64,
        user: u32,
        free: &mut [BinaryHeap<Reverse<u64>>],
        rng: &mut Rng,
    ) -> (Replayed, u64) {
        let total: u32 = self.requests.iter().map(|request| request.weight).sum();
        let mut pick = rng.u32(0..total);
        let place = self.requests.iter().position(|request| match pick.checked_sub(request.weight) {
            Some(rest) => {
                pick = rest;
                false
            }
            None => true,
        });
        let place = place.expect("a weight is picked");
        let request = &self.requests[place];
        let host = user as usize % self.hosts;
        let effect = (self.effects)(&Moment { at: at as f64 / 1e6, request: place, host }, rng);
        let us = |ms: f64| (ms * 1000.0) as u64;
        let mut around = [us(effect.dns_ms), us(effect.connect_ms), us(effect.tls_ms)];
        let mut receive = us(effect.receive_ms) + 50 + rng.u64(0..100);
        let (mut wait, mut status, mut failure) = (0, 200, None);
        match effect.failure {
            Some(Failure::Refused) => {
                (around, receive, status) = ([0, 200, 0], 0, 0);
                failure = Some((FailureKind::Connect, "connection refused"));
            }
            Some(Failure::Timeout(ms)) => {
                (wait, receive, status) = (us(ms), 0, 0);
                failure = Some((FailureKind::Timeout, "no answer in time"));
            }
            Some(Failure::Status(code)) => {
                (wait, status) = (500 + rng.u64(0..1500), code);
                failure = Some((FailureKind::Status, "status is refused"));
            }
            None => {
                let normal = (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0;
                let work =
                    us(request.service_ms * (request.sigma * normal).exp() * effect.times.unwrap_or(1.0));
                let Reverse(from) = free[host].pop().expect("servers");
                let start = self.working(from.max(at + around.iter().sum::<u64>()));
                free[host].push(Reverse(start + work));
                wait = start + work - at - around.iter().sum::<u64>() + us(effect.wait_ms);
            }
        }
        let timings = timings(around, wait, receive, status);
        let at = Duration::from_micros(at + u64::from(timings.total));
        let failure = failure.map(|(kind, message)| (kind, Arc::from(message)));
        (Replayed { at, user, request: place as u32, status, timings, failure }, at.as_micros() as u64)
    }

    /// The first moment from `at` on at which servers work.
    fn working(&self, at: u64) -> u64 {
        let within = self
            .standstills
            .iter()
            .find(|(from, length)| (*from * 1e6) as u64 <= at && at < ((from + length) * 1e6) as u64);
        within.map_or(at, |(from, length)| ((from + length) * 1e6) as u64)
    }
}

fn timings([dns, connect, tls]: [u64; 3], wait: u64, receive: u64, status: u16) -> Timings {
    let part = |us: u64| u32::try_from(us).unwrap_or(u32::MAX);
    Timings {
        blocked: 0,
        dns: part(dns),
        connect: part(connect),
        tls: part(tls),
        send: if status == 0 { 0 } else { 10 },
        wait: part(wait),
        receive: part(receive),
        total: part(dns + connect + tls + wait + receive),
    }
}
