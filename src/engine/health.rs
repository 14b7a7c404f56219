//! What the generator itself goes through: CPU, memory, open files.
//!
//! CPU is that of the engine's own threads where the system tells it per thread (Linux), so that a
//! demo shop or a server in the same process does not count; elsewhere that of the process.

use std::{
    fs,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage, setrlimit};

/// Share of the cores above which the generator counts as the bottleneck.
pub const BUSY: f64 = 0.90;

/// How often open files are counted; the count itself costs time with many files.
const FILES_EVERY: Duration = Duration::from_secs(2);

/// The threads of one engine, and the CPU time of those that have ended.
#[derive(Debug)]
pub struct Threads {
    accounts: Mutex<Accounts>,
    /// Whether the system says what each thread uses.
    are_told: bool,
}

impl Default for Threads {
    fn default() -> Self {
        #[cfg(target_os = "linux")]
        let are_told = thread_nanos(nix::unistd::gettid().as_raw()).is_some();
        #[cfg(not(target_os = "linux"))]
        let are_told = false;
        Self { accounts: Mutex::default(), are_told }
    }
}

#[derive(Debug, Default)]
struct Accounts {
    /// Thread and nanoseconds at the last look.
    running: Vec<(i32, u64)>,
    ended_nanos: u64,
}

impl Threads {
    /// Adds the calling thread.
    pub fn add_current(&self) {
        #[cfg(target_os = "linux")]
        {
            let id = nix::unistd::gettid().as_raw();
            if thread_nanos(id).is_some() {
                self.accounts.lock().unwrap_or_else(PoisonError::into_inner).running.push((id, 0));
            }
        }
    }

    /// CPU time that the threads have used.
    #[must_use]
    pub fn cpu(&self) -> Duration {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let Accounts { running, ended_nanos } = &mut *accounts;
        running.retain_mut(|(id, nanos)| match thread_nanos(*id) {
            Some(now) => {
                *nanos = now;
                true
            }
            None => {
                *ended_nanos += *nanos;
                false
            }
        });
        let nanos = running.iter().map(|(_, nanos)| nanos).sum::<u64>() + *ended_nanos;
        drop(accounts);
        // One or the other for all of a run: threads that have not begun yet have used nothing.
        if self.are_told { Duration::from_nanos(nanos) } else { process_cpu() }
    }
}

/// Time on a CPU in nanoseconds: the first field of the kernel's scheduler statistics.
fn thread_nanos(id: i32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/self/task/{id}/schedstat")).ok()?;
    text.split_whitespace().next()?.parse().ok()
}

fn process_cpu() -> Duration {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else { return Duration::ZERO };
    let span = |t: nix::sys::time::TimeVal| {
        Duration::from_secs(t.tv_sec().try_into().unwrap_or(0))
            + Duration::from_micros(t.tv_usec().try_into().unwrap_or(0))
    };
    span(usage.user_time()) + span(usage.system_time())
}

/// Resident memory in bytes; 0 where the system does not say.
#[must_use]
pub fn resident_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}

fn open_files() -> u64 {
    fs::read_dir("/proc/self/fd").map_or(0, |entries| entries.count() as u64)
}

/// Raises the limit of open files as far as the system lets this process, and tells it.
#[must_use]
pub fn raise_file_limit() -> u64 {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return 0 };
    if soft < hard && setrlimit(Resource::RLIMIT_NOFILE, hard, hard).is_ok() { hard } else { soft }
}

/// Cores that this process may use.
#[must_use]
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Measurements over a run.
#[derive(Debug)]
pub struct Health {
    started: (Instant, Duration),
    last: (Instant, Duration),
    files_at: Instant,
    /// CPU since the last look, in percent of one core.
    pub cpu_percent: f64,
    /// Most resident memory, bytes.
    pub peak_rss: u64,
    /// Most open files.
    pub peak_files: u64,
}

impl Health {
    /// Starts measuring.
    #[must_use]
    pub fn start(threads: &Threads) -> Self {
        let now = (Instant::now(), threads.cpu());
        Self {
            started: now,
            last: now,
            files_at: now.0,
            cpu_percent: 0.0,
            peak_rss: resident_bytes(),
            peak_files: open_files(),
        }
    }

    /// Takes a look; several times a second is fine.
    pub fn look(&mut self, threads: &Threads) {
        let now = (Instant::now(), threads.cpu());
        self.cpu_percent = percent(self.last, now);
        self.last = now;
        self.peak_rss = self.peak_rss.max(resident_bytes());
        if now.0 - self.files_at >= FILES_EVERY {
            self.files_at = now.0;
            self.peak_files = self.peak_files.max(open_files());
        }
    }

    /// CPU time and its share of one core in percent, since the start.
    #[must_use]
    pub fn overall(&self, threads: &Threads) -> (Duration, f64) {
        let now = (Instant::now(), threads.cpu());
        (now.1.saturating_sub(self.started.1), percent(self.started, now))
    }
}

fn percent(from: (Instant, Duration), to: (Instant, Duration)) -> f64 {
    let wall = (to.0 - from.0).as_secs_f64();
    if wall > 0.0 { to.1.saturating_sub(from.1).as_secs_f64() / wall * 100.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_has_ended_still_counts() {
        let threads = std::sync::Arc::new(Threads::default());
        threads.add_current();
        let (theirs, (told, heard)) = (std::sync::Arc::clone(&threads), std::sync::mpsc::sync_channel(0));
        let worker = std::thread::spawn(move || {
            theirs.add_current();
            while theirs.cpu() < Duration::from_millis(20) {}
            // The last look while it runs is taken from outside.
            told.send(()).expect("the test waits");
            told.send(()).expect("the test waits");
        });
        heard.recv().expect("it works");
        let while_running = threads.cpu();
        heard.recv().expect("it works");
        worker.join().expect("it ends");
        assert!(threads.cpu() >= while_running, "{:?} < {while_running:?}", threads.cpu());
    }

    #[test]
    fn what_the_process_used_before_is_not_taken_off() {
        let burn = |of: Duration| {
            let until = process_cpu() + of;
            while process_cpu() < until {}
        };
        std::thread::spawn(move || burn(Duration::from_millis(60))).join().expect("it ends");
        let (threads, began) = (Threads::default(), Instant::now());
        let health = Health::start(&threads);
        std::thread::scope(|all| {
            all.spawn(|| {
                threads.add_current();
                while threads.cpu() < Duration::from_millis(20) && began.elapsed() < Duration::from_secs(10) {
                }
            });
        });
        let (used, percent) = health.overall(&threads);
        assert!(used >= Duration::from_millis(20) && percent > 0.0, "{used:?}, {percent} %");
    }

    #[test]
    fn a_busy_thread_is_seen_busy() {
        let threads = Threads::default();
        threads.add_current();
        let mut health = Health::start(&threads);
        let until = Instant::now() + Duration::from_millis(60);
        while Instant::now() < until {
            std::hint::black_box(resident_bytes());
        }
        health.look(&threads);
        assert!(health.cpu_percent > 0.0, "{}", health.cpu_percent);
        assert!(health.peak_rss > 1_000_000);
        assert!(raise_file_limit() >= 256);
    }
}
