//! A row for each table that a step of the migration makes.

use maid::db::{Db, Kind};
use sea_orm::{
    ConnectionTrait, Value,
    sea_query::{Alias, Expr, Query},
};

use super::{INSTANCE, id, migrations::TABLES};

/// Writes a row into the table that `step` has made. A new step adds its own here, also one that
/// changes a table: then with what was in it before.
#[expect(clippy::too_many_lines, reason = "rows of every table, one after the other")]
pub async fn fill(db: &Db, step: &str) {
    let now: Value = "2026-03-01T12:00:00Z".parse::<sea_orm::prelude::DateTimeUtc>().expect("a time").into();
    let run: Value = id(1).into();
    let text = |text: &str| Value::from(text);
    let (table, row): (&str, Vec<(&str, Value)>) = match step {
        "m20261121_000001_runs" => (
            TABLES[0],
            vec![
                ("id", run),
                ("owner", text("ada")),
                ("name", text("Shop checkout")),
                ("name_folded", text("shop checkout")),
                ("status", text("completed")),
                ("instance_id", INSTANCE.into()),
                ("total_requests", 12_i64.into()),
                ("created_at", now.clone()),
                ("updated_at", now),
                ("config_json", text(r#"{"name":"Shop checkout"}"#)),
            ],
        ),
        "m20261121_000002_run_outcomes" => (
            TABLES[1],
            vec![
                ("run_id", run),
                ("format", 1.into()),
                ("encoding", text("json+zstd")),
                ("at", now),
                ("body", vec![1_u8, 2, 3].into()),
            ],
        ),
        "m20261121_000003_run_logs" => (
            TABLES[2],
            vec![
                ("run_id", run),
                ("seq", 1_i64.into()),
                ("at", now),
                ("level", text("info")),
                ("message", text("started")),
            ],
        ),
        "m20261121_000004_config_changes" => (
            TABLES[3],
            vec![
                ("id", run),
                ("actor", text("ada")),
                ("actor_kind", text("user")),
                ("at", now),
                ("applied_json", text("[]")),
                ("restart_json", text("[]")),
                ("before_json", text("{}")),
                ("after_json", text("{}")),
            ],
        ),
        "m20261121_000005_idempotency_keys" => (
            TABLES[4],
            vec![
                ("principal", text("user:ada")),
                ("key", text("k")),
                ("request_hash", text("h")),
                ("resource_id", run),
                ("state", text("pending")),
                ("created_at", now.clone()),
                ("expires_at", now),
            ],
        ),
        // It adds columns to rows that are there, which the step before has filled.
        "m20261121_000006_idempotency_more" => return,
        "m20261121_000007_identity" => {
            for (table, row) in identities(&now) {
                insert(db, table, row).await;
            }
            (TABLES[10], vec![("name", text("latest_us")), ("value", 1_i64.into())])
        }
        "m20261121_000008_audit" => {
            let head = vec![
                ("name", text("last")),
                ("seq", 1_i64.into()),
                ("seal", vec![1_u8].into()),
                ("mac", vec![2_u8].into()),
            ];
            insert(db, TABLES[12], head).await;
            let entry = vec![
                ("seq", 1_i64.into()),
                ("at", now),
                ("actor", text("ada")),
                ("actor_kind", text("user")),
                ("action", text("test.start")),
                ("outcome", text("done")),
                ("mac", vec![1_u8].into()),
            ];
            (TABLES[11], entry)
        }
        "m20261121_000009_recipes" => {
            for (table, row) in recipes(&now) {
                insert(db, table, row).await;
            }
            let word: Value = b"checkout".to_vec().into();
            (
                "maid_words",
                vec![("kind", text("recipe")), ("word", word), ("item_id", run), ("weight", 10_i64.into())],
            )
        }
        "m20261121_000010_prompts" => {
            let mut rows = prompts(&now);
            let last = rows.pop().expect("there are some");
            for (table, row) in rows {
                insert(db, table, row).await;
            }
            last
        }
        "m20261121_000014_ai_usage" => (
            "maid_ai_usage",
            vec![
                ("day", 20_513_i64.into()),
                ("principal", text("ada")),
                ("model", text("smollm2-135m-instruct")),
                ("requests", 2_i64.into()),
                ("prompt_tokens", 31_i64.into()),
                ("answer_tokens", 12_i64.into()),
                ("busy_ms", 420_i64.into()),
            ],
        ),
        "m20261121_000011_deeplinks" => {
            let mut rows = deeplinks(&now);
            let last = rows.pop().expect("there are some");
            for (table, row) in rows {
                insert(db, table, row).await;
            }
            last
        }
        "m20261121_000013_documents" => {
            insert(db, "maid_documents", document(&now)).await;
            // Each database has words of its own.
            let words = match db.kind() {
                Kind::Sqlite => "INSERT INTO maid_document_words (rowid, title, body) VALUES (1, 'shop', '')",
                Kind::Postgres => "INSERT INTO maid_document_words VALUES (1, 'shop')",
            };
            db.connection().execute_unprepared(words).await.expect(words);
            return;
        }
        // They add columns to rows that are there, which steps before have filled.
        "m20261121_000012_run_analysis"
        | "m20261122_000015_ai_cost"
        | "m20261123_000016_recipe_texts"
        | "m20261123_000017_run_thresholds" => return,
        step => panic!("the step {step} has no rows in this test: add some"),
    };
    insert(db, table, row).await;
}

/// A recipe with a version.
fn recipes(now: &Value) -> Vec<(&'static str, Vec<(&'static str, Value)>)> {
    let text = |text: &str| Value::from(text);
    let recipe = vec![
        ("id", id(1).into()),
        ("owner", text("ada")),
        ("title", text("Checkout")),
        ("category", text("web")),
        ("version", 1_i64.into()),
        ("created_at", now.clone()),
        ("updated_at", now.clone()),
        ("tags_json", text("[]")),
        ("summary", text("Somebody buys.")),
        ("body", text("{}")),
    ];
    let version = vec![
        ("recipe_id", id(1).into()),
        ("version", 1_i64.into()),
        ("author", text("ada")),
        ("created_at", now.clone()),
        ("body", text("{}")),
    ];
    vec![("maid_recipes", recipe), ("maid_recipe_versions", version)]
}

/// A prompt with a version, a mark and a use.
fn prompts(now: &Value) -> Vec<(&'static str, Vec<(&'static str, Value)>)> {
    let text = |text: &str| Value::from(text);
    let prompt = vec![
        ("id", id(1).into()),
        ("owner", text("ada")),
        ("title", text("Nightly check")),
        ("category", text("describe")),
        ("visibility", text("private")),
        ("version", 1_i64.into()),
        ("created_at", now.clone()),
        ("updated_at", now.clone()),
        ("tags_json", text("[]")),
        ("description", text("What we ask for each night.")),
        ("body", text("{}")),
    ];
    let version = vec![
        ("prompt_id", id(1).into()),
        ("version", 1_i64.into()),
        ("author", text("ada")),
        ("created_at", now.clone()),
        ("body", text("{}")),
    ];
    let mark = vec![("user_id", text("ada")), ("prompt_id", id(1).into()), ("created_at", now.clone())];
    let of_use = vec![
        ("id", id(2).into()),
        ("prompt_id", id(1).into()),
        ("version", 1_i64.into()),
        ("user_id", text("ada")),
        ("at", now.clone()),
        ("day", 20_513_i64.into()),
    ];
    vec![
        ("maid_prompts", prompt),
        ("maid_prompt_versions", version),
        ("maid_prompt_favourites", mark),
        ("maid_prompt_uses", of_use),
    ]
}

/// A preset, and a link with what happened to it.
fn deeplinks(now: &Value) -> Vec<(&'static str, Vec<(&'static str, Value)>)> {
    let text = |text: &str| Value::from(text);
    let preset = vec![
        ("name", text("nightly")),
        ("owner", text("ada")),
        ("kind", text("recipe")),
        ("version", 1_i64.into()),
        ("created_at", now.clone()),
        ("updated_at", now.clone()),
        ("description", text("Each night.")),
        ("body", text("{}")),
    ];
    let link = vec![
        ("id", text("k3Jd92LmQx0a")),
        ("owner", text("ada")),
        ("title", text("Nightly")),
        ("kind", text("preset")),
        ("created_at", now.clone()),
        ("expires_at", now.clone()),
        ("body", text("{}")),
    ];
    let event = vec![
        ("deeplink_id", text("k3Jd92LmQx0a")),
        ("day", 20_513_i64.into()),
        ("kind", text("open")),
        ("visitor", vec![1_u8; 16].into()),
        ("times", 3_i64.into()),
        ("last_at", now.clone()),
    ];
    vec![("maid_presets", preset), ("maid_deeplinks", link), ("maid_deeplink_events", event)]
}

/// What is searched of a run.
fn document(now: &Value) -> Vec<(&'static str, Value)> {
    vec![
        ("id", 1_i64.into()),
        ("kind", Value::from("run")),
        ("ref_id", id(1).to_string().into()),
        ("run_id", id(1).into()),
        ("updated_at", now.clone()),
        ("hash", vec![1_u8].into()),
        ("title", Value::from("Shop checkout")),
        ("body", Value::from("")),
    ]
}

/// A user with all that belongs to one.
fn identities(now: &Value) -> Vec<(&'static str, Vec<(&'static str, Value)>)> {
    let text = |text: &str| Value::from(text);
    let (user, session): (Value, Value) = (id(1).into(), id(2).into());
    let of_user = vec![
        ("id", user.clone()),
        ("username", text("Ada")),
        ("name_key", text("ada")),
        ("role", text("admin")),
        ("status", text("active")),
        ("created_at", now.clone()),
        ("updated_at", now.clone()),
    ];
    let of_session = vec![
        ("id", session.clone()),
        ("user_id", user.clone()),
        ("kind", text("program")),
        ("created_at", now.clone()),
        ("expires_at", now.clone()),
    ];
    let of_token = vec![
        ("id", id(3).into()),
        ("session_id", session),
        ("hash", vec![1_u8].into()),
        ("created_at", now.clone()),
        ("expires_at", now.clone()),
    ];
    let of_key = vec![
        ("id", id(4).into()),
        ("owner_id", user),
        ("name", text("nightly")),
        ("hash", vec![1_u8].into()),
        ("scopes_json", text("[]")),
        ("metadata_json", text("{}")),
        ("created_at", now.clone()),
    ];
    let of_signing_key = vec![
        ("kid", text("k")),
        ("public_key", vec![1_u8].into()),
        ("sealed_seed", vec![1_u8].into()),
        ("created_at", now.clone()),
        ("retires_at", now.clone()),
        ("expires_at", now.clone()),
    ];
    [of_user, of_session, of_token, of_key, of_signing_key]
        .into_iter()
        .zip(5..)
        .map(|(row, table)| (TABLES[table], row))
        .collect()
}

async fn insert(db: &Db, table: &str, row: Vec<(&str, Value)>) {
    let insert = Query::insert()
        .into_table(Alias::new(table))
        .columns(row.iter().map(|(column, _)| Alias::new(*column)))
        .values_panic(row.into_iter().map(|(_, value)| Expr::val(value)))
        .take();
    db.connection().execute(&insert).await.expect(table);
}
