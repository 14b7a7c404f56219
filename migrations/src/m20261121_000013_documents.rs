//! What is searched: `maid_documents`, and `maid_document_words`, which each database indexes in its own way.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::{bytes, index, tenant_id, text, text_null, time, time_null, uuid_null};

/// The words of a document on SQLite: an index without the texts, which the document has. A document that
/// goes, also with the run or recipe that it is of, takes its words along.
const ON_SQLITE: [&str; 2] = [
    "CREATE VIRTUAL TABLE maid_document_words USING fts5(title, body, content='', contentless_delete=1, \
     tokenize='ascii', prefix='2 3')",
    "CREATE TRIGGER maid_documents_gone AFTER DELETE ON maid_documents BEGIN \
     DELETE FROM maid_document_words WHERE rowid = OLD.id; END",
];

/// The same on Postgres.
const ON_POSTGRES: [&str; 2] = [
    "CREATE TABLE maid_document_words (document_id bigint PRIMARY KEY REFERENCES maid_documents (id) \
     ON DELETE CASCADE, terms tsvector NOT NULL)",
    "CREATE INDEX maid_document_words_by_term ON maid_document_words USING gin (terms)",
];

/// The tables of the search.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(documents()).await?;
        let mut once = index(
            "maid_documents_by_what",
            Documents::Table,
            [Documents::TenantId, Documents::Kind, Documents::RefId],
        );
        for index in [
            once.unique().take(),
            index("maid_documents_by_tenant", Documents::Table, [Documents::TenantId, Documents::Id]),
            index("maid_documents_by_place", Documents::Table, [Documents::TenantId, Documents::Place]),
            index("maid_documents_of_run", Documents::Table, [Documents::RunId]),
            index("maid_documents_of_recipe", Documents::Table, [Documents::RecipeId]),
            index("maid_documents_of_prompt", Documents::Table, [Documents::PromptId]),
        ] {
            manager.create_index(index).await?;
        }
        let words = match manager.get_database_backend() {
            DbBackend::Sqlite => ON_SQLITE,
            _ => ON_POSTGRES,
        };
        for statement in words {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Alias::new("maid_document_words")).take()).await?;
        manager.drop_table(Table::drop().table(Documents::Table).take()).await
    }
}

fn documents() -> TableCreateStatement {
    let belongs = |column, table: &'static str| {
        ForeignKey::create()
            .from(Documents::Table, column)
            .to(Alias::new(table), Alias::new("id"))
            .on_delete(ForeignKeyAction::Cascade)
            .take()
    };
    Table::create()
        .table(Documents::Table)
        .col(ColumnDef::new(Documents::Id).big_integer().not_null().auto_increment().primary_key())
        // Empty for what MAID itself comes with, which every tenant finds.
        .col(tenant_id(Documents::TenantId))
        .col(text(Documents::Kind))
        .col(text(Documents::RefId))
        // What it is of, and goes with.
        .col(uuid_null(Documents::RunId))
        .col(uuid_null(Documents::RecipeId))
        .col(uuid_null(Documents::PromptId))
        // The origin of the target of a run.
        .col(text_null(Documents::Place))
        .col(time_null(Documents::At))
        // When what it is of was changed last, as far as this knows.
        .col(time_null(Documents::SourceAt))
        .col(time(Documents::UpdatedAt))
        .col(bytes(Documents::Hash))
        // The model that made the vector; none without one.
        .col(text_null(Documents::Model))
        .col(text(Documents::Title))
        // f32 in little-endian order, of length 1.
        .col(ColumnDef::new(Documents::Vector).binary().null())
        .col(text(Documents::Body))
        .foreign_key(&mut belongs(Documents::RunId, "maid_runs"))
        .foreign_key(&mut belongs(Documents::RecipeId, "maid_recipes"))
        .foreign_key(&mut belongs(Documents::PromptId, "maid_prompts"))
        .take()
}

#[derive(Clone, Copy, DeriveIden)]
enum Documents {
    #[sea_orm(iden = "maid_documents")]
    Table,
    Id,
    TenantId,
    Kind,
    RefId,
    RunId,
    RecipeId,
    PromptId,
    Place,
    At,
    SourceAt,
    UpdatedAt,
    Hash,
    Model,
    Title,
    Vector,
    Body,
}
