//! A server that asks who comes, people who come, a shop, and links.

use jiff::{Timestamp, ToSpan};
use maid::{db::Kind, demo::Shop};
use serde_json::{Value, json};

use crate::{
    server::{Home, answer, block_on, shop},
    support::{
        databases::TestDatabase,
        people::{admin, asking, delete, user},
        server::{Maid, loadtest, wait_for},
    },
};

/// Where a story takes place.
pub struct Place {
    pub maid: Maid,
    pub home: Home,
    pub shop: Shop,
    /// The admin's access token.
    pub admin: String,
}

/// A link.
pub struct Link {
    pub id: String,
    /// By its id alone.
    pub short: String,
    /// With what it leads to in it.
    pub whole: String,
}

impl Place {
    /// With the admin, the editor edna, the operator oskar and the viewer vera.
    pub fn new() -> Self {
        Self::on(TestDatabase::sqlite())
    }

    /// One on each database there is, with what its story is told of that: pictures lie apart.
    pub fn each() -> impl Iterator<Item = (Self, &'static str)> {
        let databases = block_on(TestDatabase::each());
        databases.into_iter().map(|database| {
            let way = match database.kind() {
                Kind::Sqlite => "sqlite",
                Kind::Postgres => "postgres",
            };
            (Self::on(database), way)
        })
    }

    fn on(database: TestDatabase) -> Self {
        let home = Home { folder: tempfile::tempdir().expect("a temporary folder"), database };
        let maid = asking(&home).start();
        let place = Self::of(home, maid, shop());
        user(&place.maid, &place.admin, "edna", "editor");
        user(&place.maid, &place.admin, "oskar", "operator");
        user(&place.maid, &place.admin, "vera", "viewer");
        place
    }

    /// At a server that is there.
    pub fn of(home: Home, maid: Maid, shop: Shop) -> Self {
        let admin = admin(&maid);
        Self { maid, home, shop, admin }
    }

    /// Makes a link as the admin.
    pub fn link(&self, new: &Value) -> Link {
        let (status, made) = answer(self.maid.post("/deeplinks", new).bearer_auth(&self.admin));
        assert_eq!(status, 201, "{made}");
        let text = |name: &str| made[name].as_str().expect(name).to_owned();
        Link { id: text("id"), short: text("short_url"), whole: text("url") }
    }

    /// Makes a link and waits until it has ended.
    pub fn expired(&self, new: &Value) -> Link {
        let mut new = new.clone();
        new["expires_at"] = json!(Timestamp::now() + 1.second());
        let link = self.link(&new);
        wait_for("the link has ended", || (self.looked(&link) == 410).then_some(()));
        link
    }

    /// Revokes a link.
    pub fn revoke(&self, id: &str) {
        let (status, body) = answer(delete(&self.maid, &format!("/deeplinks/{id}")).bearer_auth(&self.admin));
        assert_eq!(status, 204, "{body}");
    }

    /// Starts a run from a link and waits for its end.
    pub fn used(&self, link: &Link) {
        self.ran(&json!({"deeplink": link.short}));
    }

    /// Starts a run, waits for its end, and answers its id.
    pub fn ran(&self, wanted: &Value) -> String {
        let (status, run) = answer(self.maid.post("/run", wanted).bearer_auth(&self.admin));
        assert_eq!(status, 202, "{run}");
        let id = run["run_id"].as_str().expect("an id").to_owned();
        wait_for("the run is over", || {
            let (_, run) = answer(self.maid.get(&format!("/runs/{id}")).bearer_auth(&self.admin));
            (run["status"] == "completed").then_some(())
        });
        id
    }

    /// The status with which a link is opened.
    fn looked(&self, link: &Link) -> u16 {
        let query = link.short.split_once('?').expect("a query").1;
        answer(self.maid.get(&format!("/deeplinks/open?{query}")).bearer_auth(&self.admin)).0
    }

    /// Stores a recipe with a parameter of each kind, and answers its id.
    pub fn recipe(&self) -> String {
        let (status, made) = answer(self.maid.post("/recipes", &recipe()).bearer_auth(&self.admin));
        assert_eq!(status, 201, "{made}");
        made["id"].as_str().expect("an id").to_owned()
    }
}

/// A test of the shop that passes.
pub fn front(shop: &Shop, run_time: &str) -> Value {
    let mut test = loadtest(&shop.url(), 2, run_time);
    test["name"] = json!("Shop front");
    test["thresholds"] = json!(["p95 < 10s", "error_rate < 1%"]);
    test
}

fn recipe() -> Value {
    json!({
        "title": "A search",
        "summary": "Somebody looks for something.",
        "category": "web",
        "parameters": [
            {"name": "host", "type": "string", "help": "Where the shop is.", "required": true,
                "example": "http://127.0.0.1:43180"},
            {"name": "users", "type": "integer", "help": "How many at once.", "default": 1, "min": 1, "max": 50},
            {"name": "run_time", "type": "duration", "help": "How long.", "default": "2s", "max": "1m"},
            {"name": "rate", "type": "number", "help": "How many come each second.", "default": 50, "min": 1, "max": 100,
                "unit": "users/s"},
            {"name": "word", "type": "choice", "help": "What for.", "required": true, "example": "lamp",
                "choices": ["lamp", "tent", "mug"]},
            {"name": "warm", "type": "boolean", "help": "Whether the caches are warm.", "default": true},
            {"name": "pass", "type": "secret", "help": "What the shop wants to see.", "required": true,
                "example": "any"}
        ],
        "best_practices": ["Warm it up.", "Look at the shop's own figures as well."],
        "good_result": ["No error."],
        "loadtest": {
            "version": 1,
            "name": "A search",
            "target": {"hosts": ["${param:host}"]},
            "load": {"users": "${param:users}", "run_time": "${param:run_time}", "hatch_rate": "${param:rate}"},
            "scenarios": [{"name": "search", "transactions": [{"name": "search", "requests": [
                {"name": "search", "path": "/search", "query": {"q": "${param:word}", "warm": "${param:warm}"},
                    "headers": {"X-Pass": "${param:pass}"}}
            ]}]}]
        }
    })
}
