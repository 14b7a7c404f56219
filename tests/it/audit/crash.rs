//! A server that is killed while it writes leaves a sound log, with all in it that was answered.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use serde_json::{Value, json};

use crate::{
    server::on_each_database,
    support::server::{answer, wait_for},
};

/// Times that a server is killed, on each of the databases.
const CRASHES: u32 = 3;

#[test]
fn a_kill_in_mid_write_leaves_a_sound_chain_with_all_that_was_answered() {
    on_each_database(|home| {
        let mut answered = 0;
        for round in 1..=CRASHES {
            let maid = home.start().start();
            let (url, http) = (format!("{}/api/maid/config", maid.url), maid.http.clone());
            let done = AtomicU32::new(0);
            thread::scope(|scope| {
                for writer in 0..3 {
                    let (url, http, done) = (&url, &http, &done);
                    scope.spawn(move || {
                        for users in 1..10_000 {
                            let body = json!({"load": {"max_users": users * 3 + writer}});
                            match http.put(url).json(&body).send() {
                                Ok(answer) if answer.status() == 200 => done.fetch_add(1, Ordering::SeqCst),
                                _ => break,
                            };
                        }
                    });
                }
                wait_for("changes are made", || (done.load(Ordering::SeqCst) >= 5 * round).then_some(()));
                maid.kill();
            });
            answered += u64::from(done.load(Ordering::SeqCst));
            let maid = home.start().start();
            let (_, verdict) = answer(maid.get("/audit/verify"));
            assert_eq!(verdict["sound"], true, "{verdict}");
            let entries = verdict["entries"].as_u64().expect("a number");
            assert!(entries >= answered, "{answered} were answered: {verdict}");
            let (_, last) = answer(maid.get("/audit?limit=1"));
            let last: &Value = &last["items"][0];
            assert_eq!(last["action"], "config.change", "{last}");
        }
    });
}
