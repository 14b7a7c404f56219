//! The server as its users meet it: the real binary, over HTTP, on both databases.

mod command_line;
mod crash;
mod dry_run;
mod faults;
mod history;
mod lifecycle;
mod obstacles;
mod repeated;
mod reports;
mod shutdown;

use std::net::{Ipv4Addr, SocketAddr};

use maid::demo::Shop;

pub use crate::support::server::{Maid, Start, answer, loadtest, wait_for};
use crate::support::{cluster::Cluster, databases::TestDatabase};

/// A shop to send load to.
pub fn shop() -> Shop {
    Shop::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a free port")
}

/// A server in a folder of its own, on each database there is.
pub fn on_each_database(test: impl Fn(&Home)) {
    for database in block_on(TestDatabase::each()) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        test(&Home { folder, database });
    }
}

/// A server in a folder of its own, for what has nothing to do with databases.
pub fn on_one_database(test: impl Fn(&Home)) {
    let database = block_on(TestDatabase::each()).into_iter().next().expect("there is SQLite");
    let folder = tempfile::tempdir().expect("a temporary folder");
    test(&Home { folder, database });
}

/// Does `work` on a runtime of its own.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

/// Where a server lives, across its restarts.
pub struct Home {
    pub folder: tempfile::TempDir,
    pub database: TestDatabase,
}

impl Home {
    /// What a process of MAID finds in its environment here.
    pub fn environment(&self) -> [(&'static str, String); 1] {
        [("MAID__DATABASE__URL", self.database.url())]
    }

    /// How a server is started here.
    pub fn start(&self) -> Start {
        Start::in_folder(self.folder.path()).with("MAID__DATABASE__URL", self.database.url())
    }
}
