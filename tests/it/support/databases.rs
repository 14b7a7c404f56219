//! Databases for tests: a fresh one of each kind, gone at the end.
//!
//! SQLite is a file in a temporary folder. Postgres is there when `MAID_TEST_POSTGRES` names a
//! server, as `make test` sees to; each test gets a database of its own on it.

use std::{path::Path, thread};

use maid::{
    config::{Database, Hidden},
    db::{Db, Kind},
    loadtest::span::Span,
    runs::store::Store,
};
use sea_orm::sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;
use url::Url;
use uuid::Uuid;

/// Variable that names a Postgres server.
const SERVER: &str = "MAID_TEST_POSTGRES";

/// A database that nobody else uses.
pub struct TestDatabase {
    /// How MAID is told to find it.
    pub config: Database,
    /// Data folder of the server, and of the SQLite file.
    pub folder: TempDir,
    /// The Postgres server, and the name of the database on it.
    server: Option<(Url, String)>,
}

impl TestDatabase {
    /// A fresh, empty one of each kind.
    pub async fn each() -> Vec<Self> {
        let mut databases = vec![Self::sqlite()];
        databases.extend(Self::postgres().await);
        databases
    }

    /// A fresh SQLite file.
    pub fn sqlite() -> Self {
        Self { config: config(""), folder: tempfile::tempdir().expect("a folder"), server: None }
    }

    /// A fresh Postgres database, where there is a server.
    pub async fn postgres() -> Option<Self> {
        let server: Url = std::env::var(SERVER).ok()?.parse().expect("MAID_TEST_POSTGRES is a URL");
        let name = format!("maid_test_{}", Uuid::now_v7().simple());
        tell(&server, &[format!("CREATE DATABASE {name}")]).await;
        let mut url = server.clone();
        url.set_path(&name);
        let folder = tempfile::tempdir().expect("a folder");
        Some(Self { config: config(url.as_str()), folder, server: Some((server, name)) })
    }

    /// Which of the two it is.
    pub fn kind(&self) -> Kind {
        if self.server.is_some() { Kind::Postgres } else { Kind::Sqlite }
    }

    /// The SQLite file.
    pub fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("maid.db")
    }

    /// Data folder of the server.
    pub fn data_dir(&self) -> &Path {
        self.folder.path()
    }

    /// Its URL, by which another process finds it as well.
    pub fn url(&self) -> String {
        match self.config.url.expose() {
            Some(url) => url.to_owned(),
            None => format!("sqlite://{}", self.file().display()),
        }
    }

    /// Opens it, as it is.
    pub async fn open(&self) -> Db {
        Db::connect(&self.config, self.data_dir()).await.expect("the database opens")
    }

    /// Opens it, with all tables.
    pub async fn ready(&self) -> Db {
        let db = self.open().await;
        db.migrate().await.expect("the tables are made");
        db
    }

    /// The store of runs in it.
    pub async fn store(&self) -> Store {
        Store::new(self.ready().await)
    }

    /// Makes Postgres drop all connections and take no new ones, as if it was down; for this
    /// database alone.
    pub async fn go_down(&self) {
        let (server, name) = self.server.as_ref().expect("only Postgres goes down");
        tell(server, &[format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"), dismissal(name)]).await;
    }

    /// Ends an outage.
    pub async fn come_back(&self) {
        let (server, name) = self.server.as_ref().expect("only Postgres comes back");
        tell(server, &[format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")]).await;
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some((server, name)) = self.server.take() else { return };
        // The runtime of the test may be at its end, so this has one of its own.
        let dropped = thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(tell(&server, &[format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")]));
        });
        let _ = dropped.join();
    }
}

fn config(url: &str) -> Database {
    Database {
        url: Hidden::new(url),
        max_connections: 5,
        acquire_timeout: Span::from_secs(10),
        busy_timeout: Span::from_secs(10),
    }
}

fn dismissal(name: &str) -> String {
    format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
}

async fn tell(server: &Url, statements: &[String]) {
    let mut connection = PgConnection::connect(server.as_str()).await.expect("the server is there");
    for statement in statements {
        connection.execute(AssertSqlSafe(statement.as_str())).await.expect(statement);
    }
    connection.close().await.expect("the connection closes");
}
