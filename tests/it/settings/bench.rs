//! A server with settings and operations alone, over a fresh database and a folder of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use maid::{
    app::mount::MODULES,
    audit::{Audit, AuditKey},
    bus::Bus,
    config::{Layered, Sources},
    db::Db,
    http::idempotency::Idempotency,
    live::Stats,
    settings::Settings,
    telemetry::{Health, Metrics},
};
use serde_json::Value;

use crate::http::{Answer, Site};

/// A server whose configuration lies in a folder of its own.
pub struct Bench {
    pub site: Site,
    pub settings: Settings,
    pub db: Db,
    folder: tempfile::TempDir,
    // Connections work as long as the runtime that made them.
    pub runtime: tokio::runtime::Runtime,
}

impl Bench {
    /// With this main file, runtime file and environment.
    pub fn start(main: &str, runtime: Option<&str>, environment: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("config.json"), main).expect("a file");
        if let Some(runtime) = runtime {
            fs::write(folder.path().join("config.runtime.json"), runtime).expect("a file");
        }
        let environment = environment.iter().map(|(name, value)| (name.into(), value.into()));
        let sources = Sources {
            file: Some(folder.path().join("config.json")),
            environment: environment.collect(),
            ..Sources::default()
        };
        let layered = Layered::read(&sources).expect("it is right");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let db = runtime.block_on(async {
            let db = Db::connect(&layered.config().database, folder.path()).await.expect("it opens");
            db.migrate().await.expect("it is brought up to date");
            db
        });
        let audit = Audit::start(db.clone(), AuditKey::new([7; 32], folder.path()), runtime.handle());
        let settings = Settings::new(sources, layered, (db.clone(), audit.clone()), runtime.handle().clone());
        let metrics = Metrics::new(&Bus::default(), &db, Stats::default);
        let health =
            Health::builder().database(&db).writable(folder.path().to_owned()).engine(|| true).build();
        let shared = (settings.clone(), audit);
        let idempotency = Idempotency::new(
            db.clone(),
            Duration::from_secs(3600),
            uuid::Uuid::now_v7(),
            runtime.handle().clone(),
        );
        let site = Site::of(MODULES, maid::config::Server::default(), move |config| {
            config
                .app_data(actix_web::web::Data::new(shared.0.clone()))
                .app_data(actix_web::web::Data::new(shared.1.clone()))
                .app_data(actix_web::web::Data::new(idempotency.clone()))
                .app_data(actix_web::web::Data::new(metrics.clone()))
                .app_data(actix_web::web::Data::new(health.clone()));
        });
        Self { site, settings, db, folder, runtime }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn runtime_file(&self) -> PathBuf {
        self.folder().join("config.runtime.json")
    }

    /// What the runtime file holds.
    pub fn in_file(&self) -> Value {
        let text = fs::read_to_string(self.runtime_file()).expect("a file");
        serde_json::from_str(&text).expect("JSON")
    }

    pub fn get(&self, path: &str) -> Answer {
        self.site.ask("GET", path)
    }

    pub fn put(&self, body: &Value, headers: &str) -> Answer {
        self.put_text(&body.to_string(), headers)
    }

    /// The same with a body that is no value.
    pub fn put_text(&self, body: &str, headers: &str) -> Answer {
        let head = format!(
            "PUT /api/maid/config HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n{headers}\r\n",
            self.site.address,
            body.len()
        );
        self.site.send(&[head.as_bytes(), body.as_bytes()].concat())
    }

    /// The tag of what holds now.
    pub fn tag(&self) -> String {
        let answer = self.get("/api/maid/config");
        answer.header("etag").expect("it has a tag").to_owned()
    }

    /// `text` with this bench's folder as `DIR`.
    pub fn plain(&self, text: &str) -> String {
        text.replace(&self.folder().display().to_string(), "DIR")
    }
}
