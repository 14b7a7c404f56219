//! How a server ends.

use serde_json::json;

use super::{loadtest, on_each_database, shop};

#[test]
fn a_server_that_is_told_to_end_stores_the_active_run() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let id = maid.run(&loadtest(&shop.url(), 2, "10m"));
        maid.until_busy(&id);
        assert_eq!(maid.terminate(), Some(0));
        let sent = shop.requests().total;
        let maid = home.start().start();
        let run = maid.detail(&id);
        assert_eq!(run["status"], "stopped", "{run}");
        assert_eq!(run["requests"].as_u64().zip(run["interrupted"].as_u64()).map(|(a, b)| a + b), Some(sent));
        assert_eq!(run["ended_because"], json!("the server shut down"));
    });
}

#[test]
fn a_run_that_ends_in_time_is_left_to_its_end() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let id = maid.run(&loadtest(&shop.url(), 1, "3s"));
        super::wait_for("half of it is over", || {
            let (_, status) = super::answer(maid.get("/status"));
            (status["progress"].as_f64() > Some(0.4)).then_some(())
        });
        assert_eq!(maid.terminate(), Some(0));
        let maid = home.start().start();
        assert_eq!(maid.detail(&id)["status"], "completed");
    });
}

#[test]
fn two_servers_never_share_a_folder_or_a_port() {
    on_each_database(|home| {
        let maid = home.start().start();
        let said = home.start().attempt().expect_err("the folder is taken");
        assert!(said.contains("instance.lock") || said.contains("another MAID"), "{said}");
        let other = tempfile::tempdir().expect("a folder");
        let said =
            super::Start::in_folder(other.path()).port(maid.port()).attempt().expect_err("the port is taken");
        assert!(said.contains("--port"), "{said}");
    });
}
