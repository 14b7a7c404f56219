//! The prompt library: `maid_prompts`, `maid_prompt_versions`, `maid_prompt_favourites`, and
//! `maid_prompt_uses`.

use sea_orm_migration::prelude::*;

use crate::columns::{count, index, tenant_id, text, time, uuid};

/// The tables of prompts.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [prompts(), versions(), favourites(), uses()] {
            manager.create_table(table).await?;
        }
        let by_prompt = [Uses::TenantId, Uses::PromptId, Uses::Day];
        for index in [
            index("maid_prompts_by_tenant", Prompts::Table, [Prompts::TenantId, Prompts::Id]),
            index("maid_prompt_favourites_by_prompt", Favourites::Table, [Favourites::PromptId]),
            index("maid_prompt_uses_by_prompt", Uses::Table, by_prompt),
            index("maid_prompt_uses_by_day", Uses::Table, [Uses::Day]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Uses::Table).take()).await?;
        manager.drop_table(Table::drop().table(Favourites::Table).take()).await?;
        manager.drop_table(Table::drop().table(Versions::Table).take()).await?;
        manager.drop_table(Table::drop().table(Prompts::Table).take()).await
    }
}

fn prompts() -> TableCreateStatement {
    Table::create()
        .table(Prompts::Table)
        .col(uuid(Prompts::Id).primary_key())
        .col(tenant_id(Prompts::TenantId))
        .col(text(Prompts::Owner))
        .col(text(Prompts::Title))
        .col(text(Prompts::Category))
        .col(text(Prompts::Visibility))
        // The one that it was made from, and which version of it; a built-in one has an id as well.
        .col(ColumnDef::new(Prompts::ForkedFrom).uuid().null())
        .col(ColumnDef::new(Prompts::ForkedVersion).big_integer().null())
        .col(count(Prompts::Version))
        // Keyed hash of the link that shows it to whoever has that.
        .col(ColumnDef::new(Prompts::LinkHash).binary().null())
        .col(time(Prompts::CreatedAt))
        .col(time(Prompts::UpdatedAt))
        .col(text(Prompts::TagsJson))
        .col(text(Prompts::Description))
        .col(text(Prompts::Body))
        .take()
}

fn versions() -> TableCreateStatement {
    Table::create()
        .table(Versions::Table)
        .col(uuid(Versions::PromptId))
        .col(count(Versions::Version))
        .col(tenant_id(Versions::TenantId))
        .col(text(Versions::Author))
        .col(time(Versions::CreatedAt))
        .col(ColumnDef::new(Versions::RestoredFrom).big_integer().null())
        .col(text(Versions::Body))
        .primary_key(Index::create().col(Versions::PromptId).col(Versions::Version))
        .foreign_key(
            ForeignKey::create()
                .from(Versions::Table, Versions::PromptId)
                .to(Prompts::Table, Prompts::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

/// A built-in prompt has no row, so nothing refers to one.
fn favourites() -> TableCreateStatement {
    Table::create()
        .table(Favourites::Table)
        .col(tenant_id(Favourites::TenantId))
        .col(text(Favourites::UserId))
        .col(uuid(Favourites::PromptId))
        .col(time(Favourites::CreatedAt))
        .primary_key(
            Index::create().col(Favourites::TenantId).col(Favourites::UserId).col(Favourites::PromptId),
        )
        .take()
}

fn uses() -> TableCreateStatement {
    Table::create()
        .table(Uses::Table)
        .col(uuid(Uses::Id).primary_key())
        .col(tenant_id(Uses::TenantId))
        .col(uuid(Uses::PromptId))
        .col(count(Uses::Version))
        .col(text(Uses::UserId))
        .col(time(Uses::At))
        // Days since 1970: databases cut times into days each in its own way.
        .col(count(Uses::Day))
        // The run of the test that was made from it.
        .col(ColumnDef::new(Uses::RunId).uuid().null())
        .take()
}

#[derive(Clone, Copy, DeriveIden)]
enum Prompts {
    #[sea_orm(iden = "maid_prompts")]
    Table,
    Id,
    TenantId,
    Owner,
    Title,
    Category,
    Visibility,
    ForkedFrom,
    ForkedVersion,
    Version,
    LinkHash,
    CreatedAt,
    UpdatedAt,
    TagsJson,
    Description,
    Body,
}

#[derive(Clone, Copy, DeriveIden)]
enum Versions {
    #[sea_orm(iden = "maid_prompt_versions")]
    Table,
    PromptId,
    Version,
    TenantId,
    Author,
    CreatedAt,
    RestoredFrom,
    Body,
}

#[derive(Clone, Copy, DeriveIden)]
enum Favourites {
    #[sea_orm(iden = "maid_prompt_favourites")]
    Table,
    TenantId,
    UserId,
    PromptId,
    CreatedAt,
}

#[derive(Clone, Copy, DeriveIden)]
enum Uses {
    #[sea_orm(iden = "maid_prompt_uses")]
    Table,
    Id,
    TenantId,
    PromptId,
    Version,
    UserId,
    At,
    Day,
    RunId,
}
