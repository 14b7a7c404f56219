//! What is left after the server was killed in mid-run.

use std::{
    fs::File,
    io::Write,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{answer, loadtest, on_each_database, shop};

/// Times that a server is killed, on each of the two databases.
const CRASHES: u32 = 10;
/// Longest that a run may go on before the server is killed.
const LATEST: Duration = Duration::from_millis(6_000);

/// `kill -9` at random moments: no run stays `running`, nothing stored before is lost, and what was
/// recorded up to 2 seconds before is there.
#[test]
fn no_crash_loses_what_was_stored() {
    on_each_database(|home| {
        let shop = shop();
        let mut known: Vec<(String, u64)> = Vec::new();
        let mut random = fastrand::Rng::with_seed(7);
        let mut disk = File::create(home.folder.path().join("disk")).expect("a file");
        for _ in 0..CRASHES {
            let maid = home.start().start();
            for (id, requests) in &known {
                let run = maid.detail(id);
                assert_eq!(run["status"], "failed", "{run}");
                assert!(run["requests"].as_u64() >= Some(*requests), "it lost what was stored: {run}");
            }
            let id = maid.run(&loadtest(&shop.url(), 2, "10m"));
            let wait = Duration::from_millis(random.u64(0..LATEST.as_millis() as u64));
            let since = Instant::now();
            let (mut seen, mut slowest) = (Vec::new(), Duration::ZERO);
            while since.elapsed() < wait {
                let began = Instant::now();
                let (_, status) = answer(maid.get("/status"));
                seen.push((since.elapsed(), status["requests"].as_u64().unwrap_or_default()));
                disk.write_all(b".").and_then(|()| disk.sync_all()).expect("a disk that takes a byte");
                slowest = slowest.max(began.elapsed());
                thread::park_timeout(Duration::from_millis(20));
            }
            let ended = since.elapsed();
            maid.kill();
            // A disk that stands still keeps nothing in time: a checkpoint waits for it twice, this test once.
            let late = Duration::from_secs(2) + 2 * slowest;
            let least = seen.iter().rfind(|(at, _)| *at + late < ended);
            known.push((id, least.map_or(0, |(_, requests)| *requests)));
        }
        assert!(known.iter().any(|(_, requests)| *requests > 0), "no run got anywhere: {known:?}");
        let maid = home.start().start();
        let (_, history) = answer(maid.get("/history?limit=200"));
        let items = history["items"].as_array().expect("a list");
        assert_eq!(items.len(), known.len());
        assert!(items.iter().all(|run| run["status"] == "failed"), "{history}");
        // What was recorded makes a report like any other.
        let whole = items.iter().find(|run| run["requests"].as_u64() > Some(0)).expect("one got somewhere");
        let id = whole["run_id"].as_str().expect("an id");
        let (status, report) = answer(maid.get(&format!("/runs/{id}/report.json")));
        assert_eq!((status, &report["status"]), (200, &json!("failed")));
        assert_eq!(report["requests"], whole["requests"]);
        assert!(report["ended_because"].as_str().is_some_and(|why| why.contains("server ended")), "{report}");
    });
}
