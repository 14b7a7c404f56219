//! The tables are brought up to date whole or not at all, and no row is lost on the way.

use std::thread;

use maid::{
    db::{Db, DbError},
    runs::store::Store,
};
use maid_migrations::{MigrationName, MigrationTrait, Migrator, MigratorTrait, SchemaManager};
use sea_orm::{
    ConnectionTrait, DbErr,
    prelude::async_trait::async_trait,
    sea_query::{Alias, Expr, Query, Table},
};
use tokio::sync::oneshot;

use super::{TENANT, id, steps::fill};
use crate::support::databases::TestDatabase;

/// The tables, in the order in which the steps make them.
pub const TABLES: [&str; 26] = [
    "maid_runs",
    "maid_run_outcomes",
    "maid_run_logs",
    "maid_config_changes",
    "maid_idempotency_keys",
    "maid_users",
    "maid_sessions",
    "maid_refresh_tokens",
    "maid_api_keys",
    "maid_signing_keys",
    "maid_auth_state",
    "maid_audit",
    "maid_audit_heads",
    "maid_recipes",
    "maid_recipe_versions",
    "maid_words",
    "maid_prompts",
    "maid_prompt_versions",
    "maid_prompt_favourites",
    "maid_prompt_uses",
    "maid_deeplinks",
    "maid_presets",
    "maid_deeplink_events",
    "maid_documents",
    "maid_document_words",
    "maid_ai_usage",
];

/// How many steps there are.
const STEPS: usize = 17;

#[tokio::test]
async fn rows_survive_every_step_to_the_newest() {
    for database in TestDatabase::each().await {
        let db = database.open().await;
        for step in Migrator::migrations() {
            Migrator::up(db.connection(), Some(1))
                .await
                .unwrap_or_else(|error| panic!("{}: {error}", step.name()));
            fill(&db, step.name()).await;
        }
        assert_eq!(db.migrate().await.expect("nothing is left to do"), Vec::<String>::new());
        for table in TABLES {
            assert_eq!(rows(&db, table).await, 1, "{table} on {:?}", database.kind());
        }
        let run =
            Store::new(db.clone()).get(TENANT, id(1)).await.expect("it reads").expect("the run is there");
        assert_eq!((run.row.name.as_str(), run.row.requests), ("Shop checkout", 12));
        assert_eq!(
            run.config,
            serde_json::json!({"name": "Shop checkout"}),
            "columns that moved kept theirs"
        );

        Migrator::down(db.connection(), None).await.expect("every step can be taken back");
        assert!(tables(&db).await.is_empty(), "{:?}", tables(&db).await);
        assert_eq!(db.migrate().await.expect("and made again").len(), STEPS);
    }
}

#[tokio::test]
async fn long_columns_of_a_run_keep_their_texts_when_they_move() {
    const LONG: [&str; 4] = ["config_json", "allowance_json", "metrics_json", "analysis_json"];
    const MOVE: &str = "m20261123_000017_run_thresholds";
    for database in TestDatabase::each().await {
        let db = database.open().await;
        for step in Migrator::migrations() {
            if step.name() == MOVE {
                let mut texts = Query::update().table(Alias::new("maid_runs")).take();
                for column in LONG {
                    texts.value(Alias::new(column), format!("text of {column}"));
                }
                db.connection().execute(&texts).await.expect("the run has them");
            }
            Migrator::up(db.connection(), Some(1)).await.expect("it is made");
            if step.name() == Migrator::migrations()[0].name() {
                fill(&db, step.name()).await;
            }
        }
        let mut select = Query::select().from(Alias::new("maid_runs")).take();
        select.columns(LONG.map(Alias::new));
        let row = db.connection().query_one(&select).await.expect("it reads").expect("the run");
        for column in LONG {
            let text: String = row.try_get("", column).expect("a text");
            assert_eq!(text, format!("text of {column}"), "{:?}", database.kind());
        }
    }
}

#[tokio::test]
async fn what_lists_read_of_a_run_stands_before_the_long_columns() {
    let database = TestDatabase::sqlite();
    let db = database.open().await;
    db.migrate().await.expect("it is migrated");
    let columns = db.connection().query_all_raw(sea_orm::Statement::from_string(
        sea_orm::DbBackend::Sqlite,
        "SELECT name FROM pragma_table_info('maid_runs') ORDER BY cid",
    ));
    let columns: Vec<String> =
        columns.await.expect("columns").iter().map(|row| row.try_get("", "name").expect("a name")).collect();
    let long = ["config_json", "allowance_json", "metrics_json", "analysis_json"];
    assert!(columns.ends_with(&long.map(str::to_owned)), "{columns:?}");
}

#[tokio::test]
async fn steps_are_told_without_changing_anything() {
    for database in TestDatabase::each().await {
        let db = database.open().await;
        let steps = db.steps().await.expect("an empty database answers");
        assert_eq!(steps.len(), STEPS);
        assert!(steps.iter().all(|step| !step.applied), "{steps:?}");
        let manager = SchemaManager::new(db.connection());
        assert!(!manager.has_table("seaql_migrations").await.expect("it answers"), "looking makes no table");
        let made = db.migrate().await.expect("it is brought up to date");
        let steps = db.steps().await.expect("it answers");
        assert!(steps.iter().all(|step| step.applied), "{steps:?}");
        assert_eq!(made, steps.into_iter().map(|step| step.name).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_step_that_fails_half_way_leaves_nothing() {
    for database in TestDatabase::each().await {
        let db = database.open().await;
        let error = db.migrate_by::<WithBroken>().await.expect_err("the last step fails").to_string();
        assert!(error.contains("could not be brought up to date, and are as they were"), "{error}");
        assert!(tables(&db).await.is_empty(), "{:?}", tables(&db).await);
        db.migrate().await.expect("the good steps work");

        // The same with a database that is in use.
        fill(&db, Migrator::migrations()[0].name()).await;
        db.migrate_by::<WithBroken>().await.expect_err("the last step fails");
        assert_eq!(tables(&db).await, TABLES);
        assert_eq!(rows(&db, "maid_runs").await, 1);
        db.migrate().await.expect("nothing is left to do");
    }
}

#[tokio::test]
async fn a_start_that_is_given_up_half_way_leaves_nothing() {
    for database in TestDatabase::each().await {
        let db = database.open().await;
        let (reached, half_way) = oneshot::channel();
        let reached = std::cell::RefCell::new(Some(reached));
        let stuck = REACHED.scope(reached, db.migrate_by::<WithStuck>());
        tokio::select! {
            answer = stuck => panic!("the last step never ends, but: {answer:?}"),
            reached = half_way => reached.expect("the table was made"),
        }
        // A connection of its own, as the next start has one.
        let db = database.open().await;
        assert_eq!(db.migrate().await.expect("the good steps work").len(), STEPS);
        assert_eq!(tables(&db).await, TABLES);
    }
}

#[tokio::test]
async fn several_that_start_at_once_take_turns() {
    for database in TestDatabase::each().await {
        let start = || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async { database.open().await.migrate().await })
        };
        let done: Vec<_> = thread::scope(|scope| {
            let starts: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
            starts.into_iter().map(|start| start.join().expect("no panic").expect("it starts")).collect()
        });
        let steps: usize = done.iter().map(Vec::len).sum();
        assert_eq!(steps, STEPS, "each step was made once: {done:?}");
        assert_eq!(tables(&database.open().await).await, TABLES);
    }
}

#[tokio::test]
async fn a_database_of_a_later_version_is_left_alone() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        later(&db).await;
        let error = db.migrate().await.expect_err("it is newer");
        assert!(matches!(&error, DbError::Newer { step, .. } if step == "m29990101_000001_later"), "{error}");
        assert!(error.to_string().contains("start that version, or restore a backup of this one"), "{error}");
        db.steps().await.expect_err("and it is not described either");
    }
}

/// Makes `db` look as if a later version had changed it.
pub async fn later(db: &Db) {
    let later = Query::insert()
        .into_table(Alias::new("seaql_migrations"))
        .columns(["version", "applied_at"].map(Alias::new))
        .values_panic([Expr::val("m29990101_000001_later"), Expr::val(1_i64)])
        .take();
    db.connection().execute(&later).await.expect("a row");
}

async fn rows(db: &Db, table: &str) -> i64 {
    let count = Query::select().expr(Expr::cust("count(*)")).from(Alias::new(table)).take();
    let row = db.connection().query_one(&count).await.expect(table).expect("a count");
    row.try_get_by_index(0).expect("a number")
}

/// Tables of ours that are there, and those of the steps that fail.
async fn tables(db: &Db) -> Vec<&'static str> {
    let manager = SchemaManager::new(db.connection());
    let mut there = Vec::new();
    for table in TABLES.into_iter().chain(["half_way"]) {
        if manager.has_table(table).await.expect("it answers") {
            there.push(table);
        }
    }
    there
}

async fn make_half(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut id = sea_orm::sea_query::ColumnDef::new(Alias::new("id"));
    manager.create_table(Table::create().table(Alias::new("half_way")).col(id.integer()).take()).await
}

/// The steps, and one that fails half-way.
struct WithBroken;

#[async_trait]
impl MigratorTrait for WithBroken {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut steps = Migrator::migrations();
        steps.push(Box::new(Broken));
        steps
    }
}

struct Broken;

impl MigrationName for Broken {
    fn name(&self) -> &str {
        "m29990101_000002_broken"
    }
}

#[async_trait]
impl MigrationTrait for Broken {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        make_half(manager).await?;
        Err(DbErr::Migration("the power went".into()))
    }
}

tokio::task_local! {
    /// Told when a stuck step has come half-way.
    static REACHED: std::cell::RefCell<Option<oneshot::Sender<()>>>;
}

/// The steps, and one that never comes to its end.
struct WithStuck;

#[async_trait]
impl MigratorTrait for WithStuck {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut steps = Migrator::migrations();
        steps.push(Box::new(Stuck));
        steps
    }
}

struct Stuck;

impl MigrationName for Stuck {
    fn name(&self) -> &str {
        "m29990101_000003_stuck"
    }
}

#[async_trait]
impl MigrationTrait for Stuck {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        make_half(manager).await?;
        let reached = REACHED.with(|reached| reached.borrow_mut().take());
        reached.expect("reached once").send(()).expect("somebody waits");
        std::future::pending().await
    }
}
